// Drives the extension in a real VS Code: node drive.mjs TOOLS VSIX BINARY WORKSPACE [PICTURES]
// Every check waits with a limit and names what it saw; the exit code is the number of failures.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { browser, capabilitiesOf, CodeServer, until, Workbench } from './workbench.mjs';

const [tools, vsix, binary, workspace, pictures] = process.argv.slice(2);
const project = join(workspace, 'shop');
const programs = join(workspace, 'bin');
const home = join(workspace, 'home');
const pidFile = join(workspace, 'pid');
const dockerfile = join(project, 'Dockerfile');

const TEXT = `ARG VERSION=3.13
FROM python:\${VERSION}-slim AS base
MAINTAINER me <me@example.com>
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir \\
-r requirements.txt

FROM base AS final
COPY --from=base /app /app
USER nobody
CMD ["python", "app.py"]
`;

let passed = 0;
let failures = 0;
function check(name, ok, seen) {
    if (ok) {
        passed += 1;
        console.log(`ok   ${name}`);
    } else {
        failures += 1;
        console.log(`FAIL ${name}: saw ${JSON.stringify(seen)?.slice(0, 1500)}`);
    }
}

/** A failing step is one failure, and the next one still gets its chance. */
async function step(name, run) {
    try {
        await run();
    } catch (error) {
        check(name, false, String(error));
        await picture('failed-' + name.replaceAll(/\W+/g, '-'), process.env.FAILURES);
    }
    for (let i = 0; i < 2; i++) {
        await page.keyboard.press('Escape');
    }
}

async function picture(name, folder = pictures, clip = undefined) {
    if (folder) {
        await page.screenshot({ path: join(folder, `${name}.png`), clip });
    }
}

function writeProject() {
    mkdirSync(project, { recursive: true });
    mkdirSync(programs, { recursive: true });
    writeFileSync(dockerfile, TEXT);
    writeFileSync(join(project, 'requirements.txt'), 'flask\n');
    writeFileSync(join(project, 'app.py'), 'print("hello")\n');
    writeFileSync(join(project, '.dockerignore'), '.git\n');
    // On the PATH of a login shell, as an installed one is; it leaves its process id, so that it can be killed.
    const program = join(programs, 'dockwright');
    writeFileSync(program, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${binary}' "$@"\n`);
    chmodSync(program, 0o755);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '.profile'), `PATH='${programs}':$PATH\nexport PATH\n`);
}

const serverId = () => Number(readFileSync(pidFile, 'utf8'));
const saved = () => readFileSync(dockerfile, 'utf8');

writeProject();
const code = new CodeServer(tools, home);
code.settings({ '[dockerfile]': { 'editor.formatOnSave': true } });
code.install(vsix);
await code.start();
const chromium = await browser(tools);
const page = await chromium.newPage({ viewport: { width: 1000, height: 580 } });
const bench = new Workbench(page);

try {
    await step('first squiggle', async () => {
        const started = Date.now();
        await page.goto(code.url(project, dockerfile));
        await page.locator('.view-lines .view-line').first().waitFor({ timeout: 60_000 });
        const shown = Date.now();
        await bench.squiggle().first().waitFor({ state: 'attached', timeout: 30_000 });
        const found = Date.now();
        console.log(`     from the page to the text ${shown - started} ms, from the text to the first squiggle ${found - shown} ms`);
        check('a finding is underlined', true);
    });

    await step('Problems', async () => {
        await bench.command('Problems: Focus on Problems View');
        const rows = await bench.texts('.markers-panel .monaco-list-row', (it) => it.some((row) => row.includes('MAINTAINER')));
        check('Problems lists it with source and rule', rows.some((it) => /MAINTAINER.*dockwright.*deprecated-maintainer/s.test(it)), rows);
        await picture('problems');
        await bench.command('View: Hide Panel');
    });

    await step('hover', async () => {
        await bench.open('Dockerfile');
        await bench.goto(4, 3);
        await bench.command('Show or Focus Hover');
        const texts = await bench.texts('.monaco-hover', (it) => it.some((text) => text.includes('WORKDIR')));
        check('hover documents the instruction', texts.some((it) => /WORKDIR/.test(it) && it.length > 80), texts);
        await picture('hover');
    });

    await step('completion', async () => {
        await bench.goto(2, 1);
        await page.keyboard.press('Control+Shift+K');
        await page.keyboard.press('Control+Shift+Enter');
        await bench.type('FROM python:3.13');
        await page.keyboard.press('Control+Space');
        const rows = await bench.texts('.suggest-widget .monaco-list-row', (it) => it.some((row) => row.includes('3.13-slim')));
        check('a tag is completed without a network', rows.some((it) => it.includes('3.13-slim')), rows);
        await picture('completion');
        await page.keyboard.press('Escape');
        await bench.command('Revert File');
        await until(() => bench.texts('.view-line', (it) => it.some((line) => line.includes('VERSION}-slim'))));
    });

    await step('quick fix', async () => {
        await bench.goto(3, 3);
        await bench.squiggle().first().waitFor({ state: 'attached' });
        await page.keyboard.press('Control+.');
        const rows = await bench.texts('.action-widget .monaco-list-row', (it) => it.some((row) => /LABEL/i.test(row)));
        check('the light bulb offers the fix', rows.some((it) => /LABEL/i.test(it)), rows);
        await picture('fix');
        await page.locator('.action-widget .monaco-list-row', { hasText: /LABEL/i }).first().click();
        await bench.texts('.view-line', (it) => it.some((line) => line.includes('LABEL')));
        await bench.save();
        await until(() => saved().includes('LABEL'), 10_000, saved).catch(() => {});
        check('the fix is applied', /^LABEL /m.test(saved()) && !/^MAINTAINER/m.test(saved()), saved());
    });

    await step('outline', async () => {
        await bench.command('Explorer: Focus on Outline View');
        // The list is short; stages are all that remains of it when it is folded.
        await bench.texts('.outline-tree .monaco-list-row', (it) => it.length > 2);
        await page.keyboard.press('Control+ArrowLeft');
        const isFolded = (it) => it.length > 0 && it.every((row) => !row.includes('WORKDIR'));
        const rows = await bench.texts('.outline-tree .monaco-list-row', isFolded);
        check('the outline is a tree of stages', isFolded(rows) && rows.some((it) => it.startsWith('final')), rows);
        await page.keyboard.press('Control+ArrowRight');
        await picture('outline');
    });

    const capabilities = await capabilitiesOf(binary);
    if (!capabilities.codeLensProvider) {
        console.log('     the server has no code lens');
    } else await step('code lens', async () => {
        await bench.open('Dockerfile');
        await bench.goto(1);
        const rows = await bench.texts('.codelens-decoration', (it) => it.some((row) => /build/i.test(row)));
        check('a lens offers to build', rows.some((it) => /build/i.test(it)), rows);
        await picture('lens');
    });

    await step('format on save', async () => {
        await bench.open('Dockerfile');
        await bench.goto(12, 1);
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        await bench.type('# end');
        await until(async () => {
            await bench.save();
            await new Promise((resolve) => setTimeout(resolve, 300));
            return /^ {4}-r requirements/m.test(saved());
        }, 10_000).catch(() => {});
        check('saving formats', /\\\n {4}-r requirements\.txt/.test(saved()), saved());
    });

    await step('the server is killed', async () => {
        await bench.open('Dockerfile');
        await bench.goto(13, 1);
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        await bench.type('RUN cd /t');
        const before = serverId();
        process.kill(before, 'SIGKILL');
        await bench.type('mp && sudo ls');
        await until(() => serverId() !== before, 15_000).catch(() => {});
        check('it is started again', serverId() !== before, before);
        await bench.command('Problems: Focus on Problems View');
        const rows = await bench.texts('.markers-panel .monaco-list-row', (it) => it.some((row) => row.includes('sudo')));
        check('and finds what was typed meanwhile', rows.some((it) => it.includes('sudo-in-run')), rows);
        check('each finding stands there once', rows.filter((it) => it.includes('sudo-in-run')).length === 1, rows);
        await bench.command('View: Hide Panel');
    });

    await step('walkthrough', async () => {
        await bench.command('View: Toggle Primary Side Bar Visibility');
        await bench.command('Dockwright: Write Your First Image');
        const rows = await bench.texts('.gettingStartedContainer .step-title', (it) => it.length >= 6);
        check('the walkthrough has its six steps', rows.length === 6, rows);
        const text = await bench.texts('.gettingStartedContainer', (it) => it.some((row) => row.includes('empty folder')));
        check('and says what to do first', text.some((it) => it.includes('Open a Folder') || it.includes('empty folder')), text);
        await until(() => page.locator('.getting-started-media webview, .getting-started-media iframe, .getting-started-media').count());
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await picture('walkthrough');
    });

    await step('first image', async () => {
        await bench.command('Dockwright: Restart Server');
        const before = serverId();
        await until(() => serverId() > 0 && bench.texts('.statusbar-item', (it) => it.some((row) => row.includes('Dockwright'))));
        check('the server restarts on command', serverId() > 0, before);
    });

    const ours = bench.errors.filter((it) => /dockwright/i.test(it) && !it.includes('net::ERR'));
    check("no errors of ours in the developer's console", ours.length === 0, ours);
    const logged = code.logs().flatMap(([, text]) => text.split('\n')).filter((it) => /\[error\].*dockwright/i.test(it));
    check("no errors of ours in the extension host's log", logged.length === 0, logged);
} finally {
    await chromium.close();
    code.stop();
}
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures);
