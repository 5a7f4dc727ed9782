// Runs an argument vector in the integrated terminal. The words never become text for a shell, and never pass VS Code's
// tasks, which would replace `${…}` in them.
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

import type { StatusBar } from './statusBar';

/** What the server answers to `dryRun`, and what it hands to `dockwright.client.runInTerminal`. */
export interface CommandLine {
    argv: string[];
    cwd?: string;
    /** Additions to the environment. */
    env?: Record<string, string>;
}

export class Terminals implements vscode.Disposable {
    private readonly opened = new Map<vscode.Terminal, { name: string; line: CommandLine }>();
    private readonly listeners: vscode.Disposable[];
    /** The PATH that the server has: what it names is found there. */
    searchPath: string | undefined;

    constructor(private readonly status: StatusBar) {
        this.listeners = [vscode.window.onDidCloseTerminal((it) => this.closed(it))];
    }

    dispose(): void {
        this.listeners.forEach((it) => it.dispose());
    }

    run(line: CommandLine, title?: string): vscode.Terminal {
        const name = containerName(line.argv);
        const terminal = vscode.window.createTerminal({
            name: title ?? name ?? 'Dockwright',
            iconPath: new vscode.ThemeIcon('package'),
            cwd: line.cwd,
            env: this.environment(line),
            isTransient: true,
            ...program(line.argv),
        });
        terminal.show();
        if (name) {
            this.opened.set(terminal, { name, line });
            this.status.addContainer(name, firstAddress(line.argv));
        }
        return terminal;
    }

    /** Stops the container that was started last; whether there was one. Its terminal stays, to be read. */
    async stopLast(): Promise<boolean> {
        const last = [...this.opened.keys()].at(-1);
        if (last) {
            await this.stopContainer(last);
        }
        return last !== undefined;
    }

    private environment(line: CommandLine): Record<string, string> {
        return { ...(this.searchPath ? { PATH: this.searchPath } : {}), ...line.env };
    }

    /** A container would go on without the terminal that it was started in. */
    private closed(terminal: vscode.Terminal): void {
        void this.stopContainer(terminal);
    }

    private stopContainer(terminal: vscode.Terminal): Promise<void> {
        const container = this.opened.get(terminal);
        if (!container) {
            return Promise.resolve();
        }
        const { name, line } = container;
        this.opened.delete(terminal);
        this.status.removeContainer(name);
        const options = { cwd: line.cwd, env: { ...process.env, ...this.environment(line) }, timeout: 30_000 };
        // That it had ended before is no trouble.
        return new Promise((resolve) => execFile(line.argv[0] ?? '', ['stop', name], options, () => resolve()));
    }
}

/** The shell only waits for a key at the end, so that the last lines can be read: it gets the words as parameters. */
function program(argv: string[]): { shellPath: string; shellArgs: string[] } {
    const [first = '', ...rest] = argv;
    if (process.platform === 'win32') {
        return { shellPath: first, shellArgs: rest };
    }
    const script =
        'printf "\\033[2m%s\\033[0m\\n" "$0"; "$@"; code=$?; printf "\\n\\033[2mexit code %s; press Enter to close\\033[0m\\n" "$code"; read -r _; exit 0';
    return { shellPath: '/bin/sh', shellArgs: ['-c', script, shown(argv), ...argv] };
}

/** As people would type it; only for reading. */
function shown(argv: string[]): string {
    return '$ ' + argv.map((it) => (/^[\w@%+=:,./-]+$/.test(it) ? it : `'${it.replaceAll("'", "'\\''")}'`)).join(' ');
}

function containerName(argv: string[]): string | undefined {
    if (!argv.includes('run')) {
        return undefined;
    }
    return valueOf(argv, '--name');
}

/** `http://localhost:8080` of `-p 127.0.0.1:8080:80`, or `''`. */
function firstAddress(argv: string[]): string {
    const port = (valueOf(argv, '-p') ?? valueOf(argv, '--publish'))?.split(':').at(-2);
    return port && /^\d+$/.test(port) ? `http://localhost:${port}` : '';
}

function valueOf(argv: string[], flag: string): string | undefined {
    const at = argv.indexOf(flag);
    return at >= 0 ? argv[at + 1] : argv.find((it) => it.startsWith(`${flag}=`))?.slice(flag.length + 1);
}
