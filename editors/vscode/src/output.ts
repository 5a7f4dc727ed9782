// Documents that the server asks to be shown: logs, which still grow, go to an output channel; Markdown is shown as it is
// meant to be read; anything else is opened.
import { open, type FileHandle } from 'node:fs/promises';
import * as vscode from 'vscode';

/** How often a growing file is looked at, in milliseconds. */
const INTERVAL = 300;

export class Output implements vscode.Disposable {
    private readonly channel = vscode.window.createOutputChannel('Dockwright Build', 'log');
    private stopFollowing = () => {};

    dispose(): void {
        this.stopFollowing();
        this.channel.dispose();
    }

    /** Whether it was shown; what it is not for is left to the editor. */
    async show(uri: vscode.Uri): Promise<boolean> {
        if (uri.scheme !== 'file') {
            return false;
        }
        if (uri.path.endsWith('.log')) {
            await this.follow(uri.fsPath);
            return true;
        }
        if (uri.path.endsWith('.md')) {
            await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
            return true;
        }
        return false;
    }

    private async follow(path: string): Promise<void> {
        this.stopFollowing();
        this.channel.clear();
        this.channel.show(true);
        const file = await open(path, 'r');
        let isOver = false;
        this.stopFollowing = () => {
            isOver = true;
        };
        void this.copy(file, () => isOver);
    }

    private async copy(file: FileHandle, isOver: () => boolean): Promise<void> {
        const decoder = new TextDecoder();
        const buffer = new Uint8Array(65536);
        try {
            while (!isOver()) {
                const { bytesRead } = await file.read(buffer, 0, buffer.length);
                if (bytesRead > 0) {
                    this.channel.append(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
                } else {
                    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
                }
            }
        } finally {
            await file.close();
        }
    }
}
