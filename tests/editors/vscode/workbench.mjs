// VS Code in a browser: starts code-server with a home of its own, opens a page on it, and finds things in the workbench.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';

const BROWSER_FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

const SETTINGS = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'window.commandCenter': false,
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'extensions.ignoreRecommendations': true,
    'files.autoSave': 'off',
    'files.simpleDialog.enable': true,
    'editor.minimap.enabled': false,
    'editor.hover.delay': 100,
    'git.enabled': false,
    // Drawn as text, the terminal can be read.
    'terminal.integrated.gpuAcceleration': 'off',
    'terminal.integrated.enablePersistentSessions': false,
};

/** How long anything may take (ms), on a machine that does much else. */
export const LIMIT = 60_000;

export class CodeServer {
    constructor(tools, home) {
        this.tools = tools;
        this.home = home;
        this.data = join(home, 'data');
        this.program = join(tools, 'node_modules/code-server/out/node/entry.js');
    }

    environment(extra = {}) {
        return { ...process.env, HOME: this.home, EXTENSIONS_GALLERY: '{}', SHELL: '/bin/sh', ...extra };
    }

    arguments() {
        return [this.program, '--user-data-dir', this.data, '--extensions-dir', join(this.home, 'extensions')];
    }

    settings(more) {
        mkdirSync(join(this.data, 'User'), { recursive: true });
        writeFileSync(join(this.data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...more }, null, 2));
    }

    install(vsix) {
        const args = [...this.arguments(), '--install-extension', vsix];
        const done = spawnSync(process.execPath, args, { env: this.environment(), encoding: 'utf8', timeout: 2 * LIMIT });
        if (done.status !== 0) {
            throw new Error(`cannot install ${vsix}: ${done.stdout}${done.stderr}`);
        }
    }

    async start(extra) {
        this.port = await freePort();
        const args = [...this.arguments(), '--auth', 'none', '--bind-addr', `127.0.0.1:${this.port}`];
        args.push('--disable-telemetry', '--disable-update-check', '--disable-workspace-trust');
        this.output = '';
        this.process = spawn(process.execPath, args, { env: this.environment(extra), stdio: ['ignore', 'pipe', 'pipe'] });
        this.process.stdout.on('data', (it) => (this.output += it));
        this.process.stderr.on('data', (it) => (this.output += it));
        await until(() => this.output.includes('HTTP server listening'), 2 * LIMIT, () => this.output);
    }

    stop() {
        this.process?.kill();
    }

    /** Everything that VS Code wrote to its logs. */
    logs() {
        return files(this.data).filter((it) => it.endsWith('.log')).map((it) => [it, readFileSync(it, 'utf8')]);
    }

    url(folder, file) {
        const payload = file ? [['openFile', `vscode-remote://127.0.0.1:${this.port}${file}`]] : [];
        const query = `folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
        return `http://127.0.0.1:${this.port}/?${query}`;
    }
}

export async function browser(tools) {
    const require = createRequire(join(tools, 'package.json'));
    const { chromium } = require('playwright-core');
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    return chromium.launch({ executablePath, args: BROWSER_FLAGS });
}

/** A page on the workbench with the ways of a user. */
export class Workbench {
    constructor(page) {
        this.page = page;
        this.errors = [];
        page.on('console', (it) => it.type() === 'error' && this.errors.push(it.text()));
        page.on('pageerror', (it) => this.errors.push(String(it.stack ?? it)));
    }

    /** Writes into the line that `key` opens; again where it was closed meanwhile by what else happens on the page. */
    async ask(key, text) {
        const input = this.page.locator('.quick-input-widget input').first();
        for (let i = 0; ; i++) {
            await this.page.keyboard.press(key);
            const isFilled = await input.fill(text, { timeout: LIMIT / 6 }).then(() => true, () => false);
            if (isFilled) {
                return input;
            }
            if (i === 5) {
                throw new Error(`${key} opens no line to write into`);
            }
            await this.page.keyboard.press('Escape');
        }
    }

    /** The list does not grow while it is open: what an extension brings may come a moment later. */
    async command(title) {
        const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
        for (let i = 0; ; i++) {
            const input = await this.ask('F1', `>${title}`);
            const isThere = await row.waitFor({ timeout: LIMIT / 6 }).then(() => true, () => false);
            if (isThere) {
                await this.page.keyboard.press('Enter');
                await input.waitFor({ state: 'hidden', timeout: LIMIT / 6 }).catch(() => {});
                return;
            }
            if (i === 5) {
                throw new Error(`no command "${title}"`);
            }
            await this.page.keyboard.press('Escape');
        }
    }

    /** Another folder. */
    async visit(url) {
        await this.page.goto(url, { waitUntil: 'commit', timeout: 2 * LIMIT });
        await this.page.locator('.statusbar-item').first().waitFor({ timeout: 2 * LIMIT });
    }

    /** Chooses an entry of the list that is open. */
    async pick(text) {
        await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click({ timeout: LIMIT });
    }

    async open(name) {
        await this.ask('Control+P', name);
        await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor({ timeout: LIMIT });
        await this.page.keyboard.press('Enter');
        await this.page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: LIMIT });
    }

    async goto(line, column = 1) {
        const input = await this.ask('Control+G', `:${line}:${column}`);
        await this.page.keyboard.press('Enter');
        await input.waitFor({ state: 'hidden', timeout: LIMIT });
    }

    async type(text) {
        await this.page.keyboard.type(text, { delay: 25 });
    }

    async save() {
        await this.page.keyboard.press('Control+S');
    }

    squiggle() {
        return this.page.locator('.view-overlays .cdr[class*=squiggly-]');
    }

    /** The text of all that matches, once there is something that `wanted` accepts. */
    async texts(selector, wanted = (it) => it.length > 0, limit = LIMIT) {
        let seen = [];
        const look = async () => {
            // The editor and the terminal draw blanks that do not break.
            seen = (await this.page.locator(selector).allInnerTexts()).map((it) => it.replaceAll('\u00a0', ' '));
            return wanted(seen);
        };
        await until(look, limit).catch(() => {});
        return seen;
    }
}

/** What a server says it can do. */
export function capabilitiesOf(binary) {
    const params = { processId: null, rootUri: null, capabilities: {} };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    const server = spawn(binary, ['lsp'], { stdio: ['pipe', 'pipe', 'ignore'] });
    return new Promise((resolve, reject) => {
        let text = '';
        server.stdout.on('data', (it) => (text += it));
        server.on('error', reject);
        // The end of its input ends the server, after it has answered.
        server.on('close', () => resolve(JSON.parse(text.slice(text.indexOf('{'))).result.capabilities));
        server.stdin.end(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
}

export async function until(test, limit = LIMIT, say = () => '') {
    const end = Date.now() + limit;
    while (Date.now() < end) {
        if (await test()) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`waited ${limit} ms for nothing ${say()}`);
}

function files(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((it) => {
        const path = join(folder, it.name);
        return it.isDirectory() ? files(path) : [path];
    });
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.on('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}
