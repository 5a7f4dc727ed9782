// What the buttons of the walkthrough "Write your first image" do. Nothing that exists is overwritten.
import * as vscode from 'vscode';

/** Small, ready in a second, and with one finding to mend: the shell form of `CMD`. */
const DOCKERFILE = `# The image that ours starts from: a tiny Linux with a web server in it.
FROM busybox:1.37

# Build time: make a folder, and copy our page into the image.
WORKDIR /site
COPY index.html .

# Run time: who the program is, where it listens, and what is started.
USER nobody
EXPOSE 8080
CMD httpd -f -v -p 8080
`;

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>My first image</title>
<h1>It runs!</h1>
<p>This page was copied into an image when it was built, and a container serves it now.</p>
`;

export function registerFirstImage(): vscode.Disposable[] {
    const register = vscode.commands.registerCommand;
    return [
        register('dockwright.walkthrough', () =>
            vscode.commands.executeCommand('workbench.action.openWalkthrough', 'dockwright.dockwright#firstImage', false),
        ),
        register('dockwright.first.folder', () => vscode.commands.executeCommand('vscode.openFolder')),
        register('dockwright.first.page', () => create('index.html', PAGE)),
        register('dockwright.first.dockerfile', () => create('Dockerfile', DOCKERFILE)),
        register('dockwright.first.fix', showFinding),
        register('dockwright.first.open', () => vscode.env.openExternal(vscode.Uri.parse('http://localhost:8080'))),
    ];
}

async function create(name: string, text: string): Promise<vscode.TextEditor | undefined> {
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (!folder) {
        void vscode.window.showInformationMessage('Open a folder first: the first step of the walkthrough does it.');
        return undefined;
    }
    const uri = vscode.Uri.joinPath(folder.uri, name);
    if (!(await exists(uri))) {
        await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    }
    return vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}

async function showFinding(): Promise<void> {
    const editor = await create('Dockerfile', DOCKERFILE);
    const finding = editor && (await firstFinding(editor.document.uri));
    if (!editor || !finding) {
        return;
    }
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    editor.revealRange(finding.range);
    await vscode.commands.executeCommand('editor.action.showHover');
}

/** The server may need a moment for a file that was just written. */
async function firstFinding(uri: vscode.Uri): Promise<vscode.Diagnostic | undefined> {
    for (let attempt = 0; attempt < 100; attempt++) {
        const finding = vscode.languages.getDiagnostics(uri)[0];
        if (finding) {
            return finding;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return undefined;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
    try {
        await vscode.workspace.fs.stat(uri);
        return true;
    } catch {
        return false;
    }
}
