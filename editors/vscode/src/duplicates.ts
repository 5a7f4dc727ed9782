// Another extension may report the same faults (Container Tools, Docker DX, hadolint). What it says already is left out
// of ours, so that nobody reads a sentence twice; the fixes stay, as the server offers them by place.
import * as vscode from 'vscode';

/** Sources of our own server. */
const OURS = new Set(['dockwright', 'shellcheck', 'buildkit', 'docker build']);
/** Its codes are numbers that nobody else uses: the place has to do. */
const NUMBERED = 'dockerfile-utils';

export class Duplicates implements vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    private readonly foreign = new Map<string, string>();
    private readonly listener: vscode.Disposable;
    /** Fires when the answer of `visible` for a document may have changed. */
    readonly onDidChange = this.changed.event;

    constructor() {
        this.listener = vscode.languages.onDidChangeDiagnostics((event) => event.uris.forEach((it) => this.look(it)));
    }

    dispose(): void {
        this.listener.dispose();
        this.changed.dispose();
    }

    /** Our findings without those that somebody else shows at the same place. */
    visible(uri: vscode.Uri, ours: vscode.Diagnostic[]): vscode.Diagnostic[] {
        if (vscode.workspace.getConfiguration('dockwright', uri).get('duplicates') === 'show') {
            return ours;
        }
        const theirs = foreignFindings(uri);
        return theirs.length === 0 ? ours : ours.filter((mine) => !theirs.some((it) => isSame(mine, it)));
    }

    private look(uri: vscode.Uri): void {
        const key = uri.toString();
        const theirs = foreignFindings(uri).map((it) => `${it.range.start.line} ${it.source} ${codeOf(it)}`).join('\n');
        if ((this.foreign.get(key) ?? '') !== theirs) {
            this.foreign.set(key, theirs);
            this.changed.fire(uri);
        }
    }
}

function foreignFindings(uri: vscode.Uri): vscode.Diagnostic[] {
    return vscode.languages.getDiagnostics(uri).filter((it) => !OURS.has(it.source ?? ''));
}

function isSame(mine: vscode.Diagnostic, theirs: vscode.Diagnostic): boolean {
    const overlaps = mine.range.start.line <= theirs.range.end.line && theirs.range.start.line <= mine.range.end.line;
    if (!overlaps || mine.source !== 'dockwright') {
        return false;
    }
    return theirs.source === NUMBERED ? mine.range.start.line === theirs.range.start.line : names(mine).includes(codeOf(theirs));
}

function names(finding: vscode.Diagnostic): string[] {
    const data = (finding as { data?: { aliases?: unknown } }).data;
    const aliases = Array.isArray(data?.aliases) ? data.aliases.map(String) : [];
    return [codeOf(finding), ...aliases];
}

function codeOf(finding: vscode.Diagnostic): string {
    const code = finding.code;
    return String(typeof code === 'object' ? code.value : (code ?? ''));
}
