// The commands of the palette, the menus, and of the lenses and actions that the server sends. Those of the server take
// one argument, an object with the Dockerfile's `uri`; from the palette there is none, from a menu it is the file.
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

import { RUN_IN_TERMINAL, type Server } from './server';
import type { StatusBar } from './statusBar';
import type { CommandLine, Terminals } from './terminals';
import { writeDockerfile } from './write';

interface Request {
    uri: string;
    target?: string;
    dryRun?: boolean;
    [other: string]: unknown;
}

interface Explained {
    markdown?: string;
    /** The server has asked us to show it. */
    shown?: boolean;
}

interface Outcome {
    ok: boolean;
    exitCode?: number;
    imageId?: string;
    containerId?: string;
    durationMs?: number;
}

const IN_TERMINAL = ['dockwright.run', 'dockwright.shell'];
const BY_SERVER: Record<string, string> = {
    'dockwright.build': 'building',
    'dockwright.check': 'checking',
    'dockwright.push': 'pushing',
    'dockwright.pull': 'pulling',
    'dockwright.logs': '',
    'dockwright.remove': '',
};

export function registerCommands(server: Server, terminals: Terminals, status: StatusBar): vscode.Disposable[] {
    const commands = new Commands(server, terminals, status);
    const register = (name: string, run: (...args: unknown[]) => unknown) =>
        vscode.commands.registerCommand(name, (...args: unknown[]) => commands.guarded(() => run(...args)));
    return [
        ...Object.keys(BY_SERVER).map((name) => register(name, (...args) => commands.byServer(name, args))),
        ...IN_TERMINAL.map((name) => register(name, (...args) => commands.inTerminal(name, args))),
        register('dockwright.buildAndRun', (...args) => commands.buildAndRun(args)),
        register('dockwright.stop', (...args) => commands.stop(args)),
        register(RUN_IN_TERMINAL, (line) => terminals.run(line as CommandLine)),
        register('dockwright.copyCommand', (...args) => commands.copyCommand(args)),
        register('dockwright.builders', (...args) => commands.chooseBuilder(args)),
        register('dockwright.init', (...args) => writeDockerfile(server, args[0])),
        register('dockwright.explain', (...args) => commands.explain(args)),
        register('dockwright.fixAll', () => commands.fixAll()),
        register('dockwright.restart', () => server.restart()),
        register('dockwright.showServerLog', () => server.log.show()),
        register('dockwright.showOutput', (...args) => commands.showOutput(args)),
        register('dockwright.menu', () => commands.menu()),
    ];
}

class Commands {
    constructor(
        private readonly server: Server,
        private readonly terminals: Terminals,
        private readonly status: StatusBar,
    ) {}

    /** What goes wrong is a sentence to the user, not an entry in the developer's console. */
    async guarded(run: () => unknown): Promise<unknown> {
        try {
            return await run();
        } catch (error) {
            if (!(error instanceof vscode.CancellationError)) {
                const text = error instanceof Error ? error.message : String(error);
                this.server.log.error(text);
                void vscode.window.showErrorMessage(`Dockwright: ${text}`);
            }
            return undefined;
        }
    }

    async byServer(command: string, args: unknown[]): Promise<Outcome | undefined> {
        const request = await this.request(command, args);
        return request && this.execute<Outcome>(command, request);
    }

    /** The user talks to what runs, so it gets a terminal: the server says what to run there. */
    async inTerminal(command: string, args: unknown[]): Promise<void> {
        const request = await this.request(command, args);
        if (!request) {
            return;
        }
        const line = await this.server.execute<CommandLine>(command, [{ ...request, dryRun: true }]);
        if (Array.isArray(line?.argv) && line.argv.length > 0) {
            this.terminals.run(line);
        }
    }

    async buildAndRun(args: unknown[]): Promise<void> {
        const request = await this.request('dockwright.build', args);
        if (request && (await this.execute<Outcome>('dockwright.build', request))?.ok) {
            await this.inTerminal('dockwright.run', [request]);
        }
    }

    /** From the palette: what runs in a terminal of ours; else what the server has started. */
    async stop(args: unknown[]): Promise<void> {
        if (!isRequest(args[0]) && (await this.terminals.stopLast())) {
            return;
        }
        await this.byServer('dockwright.stop', args);
    }

    async explain(args: unknown[]): Promise<void> {
        const uri = await dockerfile(args[0]);
        if (!uri) {
            return;
        }
        if (!this.server.can('dockwright.explain')) {
            await showMarkdown(await this.explainByProgram(uri));
            return;
        }
        await vscode.workspace.openTextDocument(uri);
        const answer = await this.server.execute<Explained>('dockwright.explain', [{ uri: uri.toString() }]);
        if (answer?.markdown && !answer.shown) {
            await showMarkdown(answer.markdown);
        }
    }

    /** The server knows the command line, and we have the clipboard. */
    async copyCommand(args: unknown[]): Promise<void> {
        const request = await this.request('dockwright.copyCommand', args);
        if (!request) {
            return;
        }
        const answer = await this.server.execute<{ text?: string }>('dockwright.copyCommand', [{ ...request, dryRun: true }]);
        if (answer?.text) {
            await vscode.env.clipboard.writeText(answer.text);
            void vscode.window.setStatusBarMessage(`Copied: ${answer.text}`, 5000);
        }
    }

    async chooseBuilder(args: unknown[]): Promise<void> {
        const request = await this.request('dockwright.builders', args);
        if (request) {
            await this.server.execute('dockwright.builders', [{ pick: true, ...request }]);
        }
    }

    async showOutput(args: unknown[]): Promise<void> {
        if (!this.server.can('dockwright.showLog')) {
            this.server.log.show();
            return;
        }
        const uri = await dockerfile(args[0]);
        if (uri) {
            await this.server.execute('dockwright.showLog', [{ uri: uri.toString() }]);
        }
    }

    async fixAll(): Promise<void> {
        await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.dockwright', apply: 'first' });
    }

    async menu(): Promise<void> {
        const entries = [
            ['$(run-all) Build and Run', 'dockwright.buildAndRun'],
            ['$(package) Build Image', 'dockwright.build'],
            ['$(debug-stop) Stop Container', 'dockwright.stop'],
            ['$(book) Explain This Dockerfile', 'dockwright.explain'],
            ['$(output) Show Build Output', 'dockwright.showOutput'],
            ['$(list-unordered) Show Log', 'dockwright.showServerLog'],
            ['$(refresh) Restart Server', 'dockwright.restart'],
            ['$(new-file) Write a Dockerfile for This Project', 'dockwright.init'],
            ['$(mortar-board) Write Your First Image', 'dockwright.walkthrough'],
        ].map(([label = '', command = '']) => ({ label, command }));
        const choice = await vscode.window.showQuickPick(entries, { placeHolder: 'Dockwright' });
        if (choice) {
            await vscode.commands.executeCommand(choice.command);
        }
    }

    /** The argument for the server, or `undefined` after telling the user why there is none. */
    private async request(command: string, args: unknown[]): Promise<Request | undefined> {
        if (!vscode.workspace.isTrusted) {
            await sayUntrusted();
            return undefined;
        }
        if (!this.server.isRunning) {
            throw new Error('the server is not running; "Dockwright: Restart Server" starts it');
        }
        if (!this.server.can(command)) {
            throw new Error(`this version of the server does not know ${command}; a newer one may`);
        }
        const given = args[0];
        const request = isRequest(given) ? given : await fresh(given);
        await save(request?.uri);
        return request;
    }

    private async execute<T>(command: string, request: Request): Promise<T> {
        const doing = BY_SERVER[command];
        this.status.setBusy(doing ? `${doing} ${nameOf(request.uri)}` : '');
        try {
            return await this.server.execute<T>(command, [request]);
        } finally {
            this.status.setBusy('');
        }
    }

    private explainByProgram(uri: vscode.Uri): Promise<string> {
        const program = this.server.program;
        if (!program) {
            throw new Error('the server is not running');
        }
        return new Promise((resolve, reject) => {
            execFile(program, ['explain', '--color', 'never', uri.fsPath], { timeout: 20_000 }, (error, output, problem) => {
                error ? reject(new Error(problem.trim() || error.message)) : resolve('```text\n' + output + '\n```\n');
            });
        });
    }
}

function isRequest(value: unknown): value is Request {
    return typeof value === 'object' && value !== null && typeof (value as Request).uri === 'string';
}

async function fresh(given: unknown): Promise<Request | undefined> {
    const uri = await dockerfile(given);
    return uri && { uri: uri.toString() };
}

/** The file of a menu, else that of the editor, else the user's choice among those of the workspace. */
async function dockerfile(given: unknown): Promise<vscode.Uri | undefined> {
    if (given instanceof vscode.Uri) {
        return given;
    }
    if (isRequest(given)) {
        return vscode.Uri.parse(given.uri);
    }
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId === 'dockerfile') {
        return document.uri;
    }
    return choose();
}

async function choose(): Promise<vscode.Uri | undefined> {
    const names = '**/{[dD]ockerfile,[cC]ontainerfile,[dD]ockerfile.*,[cC]ontainerfile.*,*.dockerfile,*.containerfile}';
    const found = (await vscode.workspace.findFiles(names, '**/{node_modules,target,.git}/**', 200)).filter(
        (it) => !it.path.endsWith('ignore'),
    );
    if (found.length === 0) {
        throw new Error('there is no Dockerfile in this folder; "Dockwright: Write a Dockerfile for This Project" makes one');
    }
    if (found.length === 1) {
        return found[0];
    }
    const entries = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    entries.sort((a, b) => a.label.localeCompare(b.label));
    return (await vscode.window.showQuickPick(entries, { placeHolder: 'Which Dockerfile?' }))?.uri;
}

/** The builder reads the file, not the editor. */
async function save(uri: string | undefined): Promise<void> {
    const document = vscode.workspace.textDocuments.find((it) => it.uri.toString() === uri || it.uri.fsPath === pathOf(uri));
    if (document?.isDirty && !document.isUntitled) {
        await document.save();
    }
}

function pathOf(uri: string | undefined): string {
    return uri ? vscode.Uri.parse(uri).fsPath : '';
}

function nameOf(uri: string): string {
    return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}

async function sayUntrusted(): Promise<void> {
    const manage = 'Manage Trust…';
    const text = 'Dockwright builds and runs nothing in a folder that you do not trust: a build executes what the Dockerfile says.';
    if ((await vscode.window.showWarningMessage(text, manage)) === manage) {
        await vscode.commands.executeCommand('workbench.trust.manage');
    }
}

async function showMarkdown(text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: text });
    await vscode.commands.executeCommand('markdown.showPreviewToSide', document.uri);
}
