// One item: what the server does, and the container that runs.
import * as vscode from 'vscode';

export type State = 'starting' | 'ready' | 'missing' | 'stopped';

const LOOKS: Record<State, { icon: string; text: string; isError: boolean }> = {
    starting: { icon: '$(loading~spin)', text: 'The server is starting.', isError: false },
    ready: { icon: '$(check)', text: 'The server is running.', isError: false },
    missing: { icon: '$(warning)', text: 'The `dockwright` program was not found.', isError: true },
    stopped: { icon: '$(error)', text: 'The server has stopped.', isError: true },
};

export class StatusBar implements vscode.Disposable {
    private readonly item = vscode.window.createStatusBarItem('dockwright', vscode.StatusBarAlignment.Left, 0);
    private readonly listener: vscode.Disposable;
    private state: State = 'starting';
    private detail = '';
    private busy = '';
    /** Names of running containers with the address of their first port. */
    private readonly containers = new Map<string, string>();

    constructor() {
        this.item.name = 'Dockwright';
        this.item.command = 'dockwright.menu';
        this.listener = vscode.window.onDidChangeActiveTextEditor(() => this.show());
        this.show();
    }

    dispose(): void {
        this.listener.dispose();
        this.item.dispose();
    }

    setState(state: State, detail = ''): void {
        this.state = state;
        this.detail = detail;
        this.show();
    }

    /** What is being done, such as `building shop`; `''` when it is over. */
    setBusy(busy: string): void {
        this.busy = busy;
        this.show();
    }

    addContainer(name: string, address: string): void {
        this.containers.set(name, address);
        this.show();
    }

    removeContainer(name: string): void {
        this.containers.delete(name);
        this.show();
    }

    /** The address of the container that was started last. */
    address(): string | undefined {
        return [...this.containers.values()].filter((it) => it !== '').at(-1);
    }

    private show(): void {
        const look = LOOKS[this.state];
        const running = [...this.containers].map(([name, address]) => (address ? `${name} on ${address}` : name));
        this.item.text = this.text(look.icon, running);
        this.item.tooltip = new vscode.MarkdownString(
            ['**Dockwright** · ' + look.text, this.detail, ...running.map((it) => `Running: ${it}`)].filter(Boolean).join('\n\n'),
        );
        this.item.backgroundColor = look.isError ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
        const isWanted = running.length > 0 || this.busy !== '' || isDockerfile(vscode.window.activeTextEditor);
        isWanted ? this.item.show() : this.item.hide();
    }

    private text(icon: string, running: string[]): string {
        if (this.busy !== '') {
            return `$(loading~spin) ${this.busy}`;
        }
        return running.length > 0 ? `$(vm-running) ${running.at(-1)}` : `${icon} Dockwright`;
    }
}

function isDockerfile(editor: vscode.TextEditor | undefined): boolean {
    return editor?.document.languageId === 'dockerfile' || /ignore$/.test(editor?.document.fileName ?? '');
}
