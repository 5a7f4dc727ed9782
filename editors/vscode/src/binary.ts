// Where the server's program is: the setting, the package of the extension, PATH, the PATH of a login shell (an editor
// started from a menu does not have it), and the folders that installers use.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';

export interface Found {
    program: string;
    /** The PATH to give to the server, so that it finds `docker` where the user's shell does. */
    searchPath: string;
}

export interface NotFound {
    /** The places that were looked at, for people. */
    places: string[];
}

const NAME = process.platform === 'win32' ? 'dockwright.exe' : 'dockwright';

export async function findBinary(setting: string, extensionFolder: string): Promise<Found | NotFound> {
    const own = process.env.PATH ?? '';
    if (setting !== '') {
        const program = withHome(setting);
        if (!path.isAbsolute(program)) {
            return { places: [`the setting dockwright.server.path: ${setting} (write the whole path)`] };
        }
        return (await isProgram(program))
            ? { program, searchPath: own }
            : { places: [`the setting dockwright.server.path: ${setting}`] };
    }
    const bundled = path.join(extensionFolder, 'server', NAME);
    if (await isBundled(bundled)) {
        return { program: bundled, searchPath: own };
    }
    const onPath = await firstIn(own);
    if (onPath) {
        return { program: onPath, searchPath: own };
    }
    const login = await loginPath();
    const known = [path.join(homedir(), '.cargo', 'bin'), path.join(homedir(), '.local', 'bin')];
    known.push('/usr/local/bin', '/opt/homebrew/bin');
    // The login shell's order first: its `docker` is the one that the user has in a terminal.
    const wide = [login, own, ...known].filter((it) => it !== '').join(path.delimiter);
    const program = await firstIn(wide);
    return program
        ? { program, searchPath: wide }
        : { places: ['the folder `server` of the extension', 'PATH, also that of a login shell', known[0]!] };
}

function withHome(setting: string): string {
    return setting.startsWith('~/') ? path.join(homedir(), setting.slice(2)) : setting;
}

/** Empty and relative entries of PATH would mean a folder of somebody else's project. */
async function firstIn(searchPath: string): Promise<string | undefined> {
    for (const folder of searchPath.split(path.delimiter)) {
        const program = path.join(folder, NAME);
        if (path.isAbsolute(folder) && (await isProgram(program))) {
            return program;
        }
    }
    return undefined;
}

async function isProgram(file: string): Promise<boolean> {
    try {
        await access(file, constants.X_OK);
        return (await stat(file)).isFile();
    } catch {
        return false;
    }
}

/** An unpacked package may have lost the permission to execute. */
async function isBundled(file: string): Promise<boolean> {
    try {
        if (!(await stat(file)).isFile()) {
            return false;
        }
        await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
        return true;
    } catch {
        return false;
    }
}

/** The PATH that a login shell sets up, or `''`. What the shell's start files print beside it is cut away. */
function loginPath(): Promise<string> {
    const shell = process.env.SHELL;
    if (process.platform === 'win32' || !shell || !path.isAbsolute(shell)) {
        return Promise.resolve('');
    }
    const mark = '--dockwright--';
    const script = `printf '%s%s%s' '${mark}' "$PATH" '${mark}'`;
    return new Promise((resolve) => {
        const options = { cwd: homedir(), timeout: 5000, env: { ...process.env, TERM: 'dumb' } };
        const child = execFile(shell, ['-l', '-c', script], options, (_error, output) => {
            resolve(output.split(mark)[1] ?? '');
        });
        child.stdin?.end();
    });
}
