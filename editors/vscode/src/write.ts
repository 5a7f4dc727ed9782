// "Write a Dockerfile for This Project": the program looks at the folder and says what to write (`dockwright init`); the
// files are made here, as one change that can be undone. What exists and says something is never replaced.
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

import type { Server } from './server';

/** What `dockwright init --dry-run --json` prints. */
interface Start {
    title: string;
    files: { content: string }[];
    notes: string[];
}

interface Refused {
    /** Why nothing is written, without what only helps on a command line. */
    reason: string;
    /** Whether it would go on with the kind of the project. */
    needsKind: boolean;
}

interface Asked {
    folder?: vscode.Uri;
    /** With a comment at every step; left out: the user is asked. */
    explain?: boolean;
}

/** Names of files that a build would take. */
const NAMES = ['Dockerfile', 'Containerfile', 'dockerfile'];
const KINDS = [
    ['static', 'Static web site', 'HTML, CSS and pictures'],
    ['node', 'Node.js', 'npm, pnpm or yarn'],
    ['python', 'Python', 'pip, Poetry or uv'],
    ['go', 'Go', ''],
    ['rust', 'Rust', ''],
    ['java', 'Java', 'Maven or Gradle'],
    ['dotnet', '.NET', ''],
    ['php', 'PHP', ''],
    ['ruby', 'Ruby', ''],
    ['cmake', 'C or C++', 'CMake'],
] as const;

export async function writeDockerfile(server: Server, given: unknown): Promise<void> {
    const asked = asRequest(given);
    const folder = asked.folder ?? (await chooseFolder());
    if (!folder || (await showExisting(folder))) {
        return;
    }
    const explain = asked.explain ?? (await askExplain());
    const start = explain === undefined ? undefined : await plan(server, folder, explain);
    if (start) {
        await write(folder, start);
    }
}

/** From the explorer: the folder; from the walkthrough: an object; from the palette: nothing. */
function asRequest(given: unknown): Asked {
    if (given instanceof vscode.Uri) {
        return { folder: given };
    }
    const explain = (given as Asked | undefined)?.explain;
    return typeof explain === 'boolean' ? { explain } : {};
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length > 1) {
        return (await vscode.window.showWorkspaceFolderPick({ placeHolder: 'For which folder?' }))?.uri;
    }
    if (folders.length === 0) {
        const open = 'Open a Folder…';
        const text = 'A Dockerfile stands in the folder of a project: open one first. It may be empty.';
        if ((await vscode.window.showInformationMessage(text, open)) === open) {
            await vscode.commands.executeCommand('vscode.openFolder');
        }
    }
    return folders[0]?.uri;
}

/** Whether there is a Dockerfile that says something; it is opened then. */
async function showExisting(folder: vscode.Uri): Promise<boolean> {
    for (const name of NAMES) {
        const uri = vscode.Uri.joinPath(folder, name);
        const text = await textOf(uri);
        if (text !== undefined && text.trim() !== '') {
            await vscode.window.showTextDocument(uri);
            void vscode.window.showInformationMessage(`There is a ${name} already, and it stays as it is.`);
            return true;
        }
    }
    return false;
}

/** As the editor has it, else as the disk has it; `undefined` if there is none. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
    try {
        await vscode.workspace.fs.stat(uri);
        return (await vscode.workspace.openTextDocument(uri)).getText();
    } catch {
        return undefined;
    }
}

async function askExplain(): Promise<boolean | undefined> {
    const entries = [
        { label: '$(file-code) The Dockerfile alone', explain: false },
        { label: '$(mortar-board) With a comment at every step', description: 'to learn from', explain: true },
    ];
    return (await vscode.window.showQuickPick(entries, { placeHolder: 'How shall it be written?' }))?.explain;
}

async function plan(server: Server, folder: vscode.Uri, explain: boolean): Promise<Start | undefined> {
    const found = await ask(server, folder, explain);
    if (!('reason' in found)) {
        return found;
    }
    if (!found.needsKind) {
        throw new Error(`nothing is written: ${found.reason}`);
    }
    const entries = KINDS.map(([stack, label, description]) => ({ stack, label, description }));
    const placeHolder = `${found.reason[0]?.toUpperCase()}${found.reason.slice(1)}. What shall it be?`;
    const choice = await vscode.window.showQuickPick(entries, { placeHolder, matchOnDescription: true });
    const again = choice && (await ask(server, folder, explain, choice.stack));
    if (again && 'reason' in again) {
        throw new Error(`nothing is written: ${again.reason}`);
    }
    return again;
}

function ask(server: Server, folder: vscode.Uri, explain: boolean, stack?: string): Promise<Start | Refused> {
    const program = server.program;
    if (!program) {
        throw new Error('the server is not running; "Dockwright: Restart Server" starts it');
    }
    if (folder.scheme !== 'file') {
        throw new Error('only a folder on this machine can be looked at');
    }
    const words = ['init', '--dry-run', '--json', ...(explain ? ['--explain'] : []), ...(stack ? ['--stack', stack] : [])];
    return new Promise((resolve, reject) => {
        execFile(program, [...words, '--', folder.fsPath], { timeout: 20_000, maxBuffer: 1 << 24 }, (error, output, problem) => {
            if (!error) {
                resolve(JSON.parse(output) as Start);
            } else if (problem.includes('nothing is written: ')) {
                resolve(refused(problem));
            } else {
                reject(new Error(problem.trim() || error.message));
            }
        });
    });
}

function refused(problem: string): Refused {
    const sentence = problem.slice(problem.indexOf('nothing is written: ')).replace('nothing is written: ', '').trim();
    const advice = /: (say|name) (with|the kind with) `--stack`.*$/s;
    return { reason: sentence.replace(advice, '').replaceAll('`', ''), needsKind: advice.test(sentence) };
}

async function write(folder: vscode.Uri, start: Start): Promise<void> {
    const [dockerfile, ignoreFile] = start.files;
    const uri = vscode.Uri.joinPath(folder, await nameIn(folder));
    const change = new vscode.WorkspaceEdit();
    await add(change, uri, dockerfile?.content ?? '');
    await add(change, vscode.Uri.joinPath(folder, '.dockerignore'), ignoreFile?.content ?? '');
    if (!(await vscode.workspace.applyEdit(change))) {
        throw new Error(`${vscode.workspace.asRelativePath(uri)} cannot be written`);
    }
    await (await vscode.workspace.openTextDocument(uri)).save();
    await vscode.window.showTextDocument(uri, { preview: false });
    void tell(start, uri);
}

/** An empty file that is there is filled. */
async function nameIn(folder: vscode.Uri): Promise<string> {
    for (const name of NAMES) {
        if ((await textOf(vscode.Uri.joinPath(folder, name))) !== undefined) {
            return name;
        }
    }
    return 'Dockerfile';
}

/** A new file, or the text of one that is blank; what says something stays. */
async function add(change: vscode.WorkspaceEdit, uri: vscode.Uri, text: string): Promise<void> {
    const present = await textOf(uri);
    if (present === undefined) {
        change.createFile(uri, { contents: new TextEncoder().encode(text) });
    } else if (present.trim() === '') {
        change.replace(uri, new vscode.Range(0, 0, present.split('\n').length, 0), text);
    }
}

async function tell(start: Start, uri: vscode.Uri): Promise<void> {
    const run = 'Build and Run';
    const notes = start.notes.map((it) => ` Note: ${it.replaceAll('`', '')}.`).join('');
    const actions = vscode.workspace.isTrusted ? [run] : [];
    const choice = await vscode.window.showInformationMessage(`Written for ${start.title}.${notes}`, ...actions);
    if (choice === run) {
        await vscode.commands.executeCommand('dockwright.buildAndRun', uri);
    }
}
