// What the server is told of the settings: only what somebody set, since the defaults of this extension would hide the
// user's own `dockwright.toml`; and nothing from a workspace that could make the server start or contact something.
import * as vscode from 'vscode';

interface Manifest {
    capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
    contributes: { configuration: { properties: Record<string, unknown> }[] };
}

type Tree = { [key: string]: unknown };

/** Settings that only this extension reads. */
const LOCAL = ['dockwright.server.path', 'dockwright.duplicates', 'dockwright.trace.server'];

export class Settings {
    private readonly keys: string[];
    private readonly guarded: Set<string>;

    constructor(manifest: Manifest) {
        const all = manifest.contributes.configuration.flatMap((it) => Object.keys(it.properties));
        this.keys = all.filter((key) => !LOCAL.includes(key));
        this.guarded = new Set(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
    }

    /** The section `dockwright` for the files below `scope`. */
    own(scope?: vscode.Uri): Tree {
        const configuration = vscode.workspace.getConfiguration(undefined, scope);
        const tree: Tree = {};
        for (const key of this.keys) {
            const value = this.explicit(configuration, key);
            if (value !== undefined) {
                plant(tree, key.split('.').slice(1), value);
            }
        }
        // Whatever the settings say, what VS Code does not trust is not trusted.
        tree.trusted = vscode.workspace.isTrusted && tree.trusted !== false;
        return tree;
    }

    private explicit(configuration: vscode.WorkspaceConfiguration, key: string): unknown {
        const found = configuration.inspect(key);
        if (!found) {
            return undefined;
        }
        if (this.guarded.has(key)) {
            return found.globalValue;
        }
        if (key === 'dockwright.offline' && found.globalValue === true) {
            return true;
        }
        return isSet(found) ? configuration.get(key) : undefined;
    }
}

/** The section `docker.languageserver`, which other extensions define: again only what is set. */
export function legacySettings(scope?: vscode.Uri): Tree {
    const section = 'docker.languageserver';
    const configuration = vscode.workspace.getConfiguration(undefined, scope);
    const tree: Tree = {};
    for (const path of leaves(configuration.get(section))) {
        const key = [section, ...path].join('.');
        const found = configuration.inspect(key);
        if (found && isSet(found)) {
            plant(tree, path, configuration.get(key));
        }
    }
    return tree;
}

function isSet(found: { globalValue?: unknown; workspaceValue?: unknown; workspaceFolderValue?: unknown }): boolean {
    return [found.globalValue, found.workspaceValue, found.workspaceFolderValue].some((it) => it !== undefined);
}

function leaves(value: unknown, path: string[] = []): string[][] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return path.length > 0 ? [path] : [];
    }
    return Object.entries(value).flatMap(([key, it]) => leaves(it, [...path, key]));
}

function plant(tree: Tree, path: string[], value: unknown): void {
    const [first, ...rest] = path;
    if (first === undefined) {
        return;
    }
    if (rest.length === 0) {
        tree[first] = value;
        return;
    }
    const inner = typeof tree[first] === 'object' && tree[first] !== null ? (tree[first] as Tree) : {};
    tree[first] = inner;
    plant(inner, rest, value);
}
