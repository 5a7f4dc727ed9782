// The life of the server's process: found, started, started again after a crash, and told of settings and trust.
import * as vscode from 'vscode';
import {
    CloseAction,
    DidChangeConfigurationNotification,
    DocumentDiagnosticRequest,
    ErrorAction,
    ExecuteCommandRequest,
    LanguageClient,
    RevealOutputChannelOn,
    State,
    type CloseHandlerResult,
    type LanguageClientOptions,
    type LSPAny,
    type ServerOptions,
} from 'vscode-languageclient/node';

import { findBinary, type Found } from './binary';
import type { Duplicates } from './duplicates';
import type { Output } from './output';
import { legacySettings, Settings } from './settings';
import type { StatusBar } from './statusBar';
import type { Terminals } from './terminals';

/** So many ends within so much time are no accident. */
const MOST_RESTARTS = 5;
const RESTART_WINDOW = 3 * 60_000;
export const RUN_IN_TERMINAL = 'dockwright.client.runInTerminal';

export class Server {
    readonly log: vscode.LogOutputChannel;
    private readonly settings: Settings;
    private client: LanguageClient | undefined;
    private found: Found | undefined;
    private ends: number[] = [];
    private readonly passedOn = new Set<string>();

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly status: StatusBar,
        readonly terminals: Terminals,
        private readonly duplicates: Duplicates,
        private readonly output: Output,
    ) {
        this.log = vscode.window.createOutputChannel('Dockwright', { log: true });
        this.settings = new Settings(context.extension.packageJSON);
        context.subscriptions.push(this.log, duplicates.onDidChange((uri) => this.pullAgain(uri)));
    }

    async start(): Promise<void> {
        this.status.setState('starting');
        const setting = vscode.workspace.getConfiguration('dockwright').get<string>('server.path', '');
        const found = await findBinary(setting.trim(), this.context.extensionPath);
        if ('places' in found) {
            this.found = undefined;
            this.status.setState('missing', found.places.join('; '));
            this.log.error(`the program was not found; looked at: ${found.places.join('; ')}`);
            void this.sayMissing(found.places);
            return;
        }
        this.found = found;
        this.terminals.searchPath = found.searchPath;
        this.log.info(`starting ${found.program}`);
        await this.startClient(found);
    }

    async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        if (client) {
            await client.dispose(2000).catch((error: unknown) => this.log.warn(String(error)));
        }
    }

    async restart(): Promise<void> {
        this.ends = [];
        await this.stop();
        await this.start();
    }

    /** The program, when it was found. */
    get program(): string | undefined {
        return this.found?.program;
    }

    /** Whether the running server knows the command. */
    can(command: string): boolean {
        const provider = this.client?.initializeResult?.capabilities.executeCommandProvider;
        return provider?.commands.includes(command) ?? false;
    }

    get isRunning(): boolean {
        return this.client?.state === State.Running;
    }

    /** The request by its type: by its name alone, the client would send the parameters as a list. */
    async execute<T>(command: string, args: unknown[]): Promise<T> {
        if (!this.client) {
            throw new Error('the server is not running');
        }
        return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args as LSPAny[] })) as T;
    }

    onSettings(event: vscode.ConfigurationChangeEvent): void {
        if (event.affectsConfiguration('dockwright.server.path')) {
            void this.restart();
            return;
        }
        if (event.affectsConfiguration('dockwright') || event.affectsConfiguration('docker.languageserver')) {
            this.tellSettings();
        }
        if (event.affectsConfiguration('dockwright.duplicates')) {
            vscode.workspace.textDocuments.forEach((it) => this.pullAgain(it.uri));
        }
    }

    onTrust(): void {
        this.tellSettings();
    }

    /** Without values: the server asks for what it needs, and our answer is [`Settings.own`]. */
    private tellSettings(): void {
        if (this.isRunning) {
            const sent = this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
            void this.quietly(Promise.resolve(sent));
        }
    }

    private async startClient(found: Found): Promise<void> {
        const run = { command: found.program, args: ['lsp'], options: { env: { ...process.env, PATH: found.searchPath } } };
        const server: ServerOptions = { run, debug: run };
        const client = new LanguageClient('dockwright', 'Dockwright', server, this.options());
        this.client = client;
        keepCommandsToOurselves(client);
        client.onDidChangeState((event) => this.stateChanged(client, event.newState));
        try {
            await client.start();
        } catch (error) {
            this.status.setState('stopped', String(error));
            this.log.error(`the server did not start: ${error}`);
        }
    }

    private options(): LanguageClientOptions {
        return {
            documentSelector: [
                { language: 'dockerfile' },
                { language: 'containerfile' },
                { scheme: 'file', pattern: '**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}' },
            ],
            outputChannel: this.log,
            initializationOptions: {
                ...this.settings.own(),
                client: { commands: [RUN_IN_TERMINAL] },
            },
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => this.closed(),
            },
            // What the user has to know we say ourselves.
            revealOutputChannelOn: RevealOutputChannelOn.Never,
            diagnosticCollectionName: 'dockwright',
            diagnosticPullOptions: { onChange: true, onSave: true },
            middleware: {
                // A server that just ended takes nothing; the one that follows gets the whole texts.
                didOpen: (document, next) => this.quietly(next(document)),
                didChange: (event, next) => this.quietly(next(event)),
                didSave: (document, next) => this.quietly(next(document)),
                didClose: (document, next) => this.quietly(next(document)),
                workspace: {
                    configuration: (params) => params.items.map((it) => this.section(it.section, it.scopeUri)),
                    didChangeConfiguration: async () => this.tellSettings(),
                },
                window: {
                    showDocument: async (params, token, next) =>
                        (await this.output.show(vscode.Uri.parse(params.uri))) ? { success: true } : next(params, token),
                },
                handleDiagnostics: (uri, findings, next) => next(uri, this.duplicates.visible(uri, findings)),
                // Always a whole report: what is left out depends on others, too.
                provideDiagnostics: async (document, _previous, token, next) => {
                    const report = await next(document, undefined, token);
                    const uri = document instanceof vscode.Uri ? document : document.uri;
                    if (report && 'items' in report) {
                        report.items = this.duplicates.visible(uri, report.items);
                    }
                    return report;
                },
            },
        };
    }

    private async quietly(sent: Promise<void>): Promise<void> {
        await sent.catch((error: unknown) => this.log.warn(`not sent: ${error}`));
    }

    private section(section: string | undefined, scope: string | undefined): unknown {
        const uri = scope ? vscode.Uri.parse(scope) : undefined;
        if (section === 'dockwright') {
            return this.settings.own(uri);
        }
        if (section === 'docker.languageserver') {
            return legacySettings(uri);
        }
        return vscode.workspace.getConfiguration(section, uri);
    }

    private stateChanged(client: LanguageClient, state: State): void {
        if (client !== this.client) {
            return;
        }
        if (state === State.Starting) {
            this.status.setState('starting');
        } else if (state === State.Running) {
            const version = client.initializeResult?.serverInfo?.version ?? '';
            this.status.setState('ready', `${this.program ?? ''} ${version}`);
            this.passOnOtherCommands();
        } else {
            this.status.setState('stopped');
        }
    }

    /** Commands of a newer server, which its lenses and actions may name. */
    private passOnOtherCommands(): void {
        const commands = this.client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
        void vscode.commands.getCommands(true).then((known) => {
            for (const command of commands.filter((it) => !known.includes(it) && !this.passedOn.has(it))) {
                this.passedOn.add(command);
                const run = (...args: unknown[]) => this.execute(command, args);
                this.context.subscriptions.push(vscode.commands.registerCommand(command, run));
            }
        });
    }

    private closed(): CloseHandlerResult {
        const now = Date.now();
        this.ends = [...this.ends.filter((it) => now - it < RESTART_WINDOW), now];
        if (this.ends.length <= MOST_RESTARTS) {
            this.log.warn('the server ended unexpectedly and is started again');
            return { action: CloseAction.Restart, handled: true };
        }
        this.log.error(`the server ended ${this.ends.length} times within three minutes and is left alone`);
        this.status.setState('stopped');
        void this.sayStopped();
        return { action: CloseAction.DoNotRestart, handled: true };
    }

    private pullAgain(uri: vscode.Uri): void {
        const feature = this.client?.getFeature(DocumentDiagnosticRequest.method);
        const document = vscode.workspace.textDocuments.find((it) => it.uri.toString() === uri.toString());
        if (document) {
            feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
        }
    }

    private async sayMissing(places: string[]): Promise<void> {
        const set = 'Set the Path…';
        const how = 'How to Install';
        const again = 'Try Again';
        const text = `Dockwright cannot find its program \`dockwright\`. Looked at: ${places.join('; ')}.`;
        const choice = await vscode.window.showErrorMessage(text, set, how, again);
        if (choice === set) {
            await vscode.commands.executeCommand('workbench.action.openSettings', 'dockwright.server.path');
        } else if (choice === how) {
            await vscode.commands.executeCommand('extension.open', this.context.extension.id);
        } else if (choice === again) {
            await this.restart();
        }
    }

    private async sayStopped(): Promise<void> {
        const restart = 'Restart';
        const show = 'Show Log';
        const choice = await vscode.window.showErrorMessage(
            'The Dockwright server ended again and again and is no longer started. The log may say why.',
            restart,
            show,
        );
        if (choice === restart) {
            await this.restart();
        } else if (choice === show) {
            this.log.show();
        }
    }
}

/** The client would register the server's commands under their own names, which are those of our palette. */
function keepCommandsToOurselves(client: LanguageClient): void {
    const feature = client.getFeature(ExecuteCommandRequest.method) as unknown as { initialize?: () => void; register?: () => void };
    feature.initialize = () => {};
    feature.register = () => {};
}
