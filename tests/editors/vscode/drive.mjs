// Drives the extension in a real VS Code: node drive.mjs TOOLS VSIX BINARY WORKSPACE [PICTURES]
// Every check waits with a limit and names what it saw; the exit code is the number of failures.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { browser, capabilitiesOf, CodeServer, LIMIT, until, Workbench } from './workbench.mjs';

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

const SIZE = { width: 1000, height: 580 };
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
const page = await chromium.newPage({ viewport: SIZE });
const bench = new Workbench(page);

try {
    await step('first squiggle', async () => {
        const started = Date.now();
        await page.goto(code.url(project, dockerfile), { waitUntil: 'commit', timeout: 2 * LIMIT });
        await page.locator('.view-lines .view-line').first().waitFor({ timeout: 2 * LIMIT });
        const shown = Date.now();
        await bench.squiggle().first().waitFor({ state: 'attached', timeout: LIMIT });
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
        await bench.squiggle().first().waitFor({ state: 'attached', timeout: LIMIT });
        // A menu that opens while lenses arrive is closed again by the editor.
        const isOffered = (it) => it.some((row) => /LABEL/i.test(row));
        let rows = [];
        for (let i = 0; i < 5 && !isOffered(rows); i++) {
            await page.keyboard.press('Escape');
            await page.keyboard.press('Control+.');
            rows = await bench.texts('.action-widget .monaco-list-row', isOffered, LIMIT / 6);
        }
        check('the light bulb offers the fix', rows.some((it) => /LABEL/i.test(it)), rows);
        await picture('fix');
        await page.locator('.action-widget .monaco-list-row', { hasText: /LABEL/i }).first().click();
        await bench.texts('.view-line', (it) => it.some((line) => line.includes('LABEL')));
        await bench.save();
        await until(() => saved().includes('LABEL'), LIMIT, saved).catch(() => {});
        check('the fix is applied', /^LABEL /m.test(saved()) && !/^MAINTAINER/m.test(saved()), saved());
    });

    await step('outline', async () => {
        await bench.command('Explorer: Focus on Outline View');
        const level = (number, word) =>
            bench.texts(`.outline-tree .monaco-list-row[aria-level="${number}"]`, (it) => it.some((row) => row.startsWith(word)));
        const [stages, instructions] = [await level(1, 'base'), await level(2, 'WORKDIR')];
        const isTree = stages.some((it) => it.startsWith('base')) && instructions.some((it) => it.startsWith('WORKDIR'));
        check('the outline is a tree of stages', isTree, { stages, instructions });
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
            await new Promise((resolve) => setTimeout(resolve, 500));
            return /^ {4}-r requirements/m.test(saved());
        }, LIMIT).catch(() => {});
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
        await until(() => serverId() !== before, LIMIT).catch(() => {});
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
        // The text beside the steps needs room.
        await page.setViewportSize({ width: 1280, height: 720 });
        await page.locator('.gettingStartedContainer .step-title', { hasText: 'Write the Dockerfile' }).click();
        const media = async () => {
            for (const frame of page.frames()) {
                const text = await frame.locator('body').innerText({ timeout: 1000 }).catch(() => '');
                if (text.includes('Which line acts when?')) {
                    return true;
                }
            }
            return false;
        };
        const isShown = await until(media).then(() => true, () => false);
        check('its third step explains build time and run time', isShown, page.frames().length);
        await picture('walkthrough');
        await page.setViewportSize(SIZE);
    });

    await step('restart', async () => {
        const before = serverId();
        await bench.command('Dockwright: Restart Server');
        await until(() => serverId() !== before, LIMIT).catch(() => {});
        check('the server restarts on command', serverId() !== before, before);
    });

    const ours = bench.errors.filter((it) => /dockwright/i.test(it) && !it.includes('net::ERR'));
    check("no errors of ours in the developer's console", ours.length === 0, ours);
    const logged = code.logs().flatMap(([, text]) => text.split('\n')).filter((it) => /\[error\].*dockwright/i.test(it));
    check("no errors of ours in the extension host's log", logged.length === 0, logged);

    await step('no program', async () => {
        rmSync(join(programs, 'dockwright'));
        await bench.command('Dockwright: Restart Server');
        const texts = await bench.texts('.notification-list-item', (it) => it.some((text) => text.includes('cannot find')));
        check('a missing program is said clearly', texts.some((it) => /cannot find its program.*PATH/s.test(it)), texts);
        check('with a way out', texts.some((it) => it.includes('Set the Path')), texts);
    });
} finally {
    await chromium.close();
    code.stop();
}
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures);
