// Starts the language server for Dockerfiles and offers what the protocol has no room for: commands, a terminal, a
// status bar item and a walkthrough. What a Dockerfile means is the server's business alone.
import * as vscode from 'vscode';

import { registerCommands } from './commands';
import { Duplicates } from './duplicates';
import { registerFirstImage } from './firstImage';
import { Output } from './output';
import { Server } from './server';
import { StatusBar } from './statusBar';
import { Terminals } from './terminals';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const status = new StatusBar();
    const terminals = new Terminals(status);
    const duplicates = new Duplicates();
    const output = new Output();
    server = new Server(context, status, terminals, duplicates, output);
    context.subscriptions.push(status, terminals, duplicates, output);
    context.subscriptions.push(...registerCommands(server, terminals, status));
    context.subscriptions.push(...registerFirstImage());
    context.subscriptions.push(
        vscode.workspace.onDidChangeConfiguration((event) => server?.onSettings(event)),
        vscode.workspace.onDidGrantWorkspaceTrust(() => server?.onTrust()),
    );
    await server.start();
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
