// SPDX-License-Identifier: GPL-3.0-or-later
// support.mjs -- what tests of the page share: a server of its own, a browser, and checks that say what they saw.
// COLEY_STUDIO_URL tests a server that runs already.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [build = 'build'] = process.argv.slice(2);
const modules = resolve(process.env.COLEY_STUDIO_MODULES ?? join(build, 'studio', 'node_modules'));
const require = createRequire(join(modules, '..', 'x.js'));
const CHROMIUM = process.env.COLEY_CHROMIUM ?? '/usr/bin/chromium';

/** Leaves with a line that says which test did not run, and why. */
export function skip(name, why) {
  console.log(`SKIP ${name}: ${why}`);
  process.exit(0);
}

let failures = 0;
let passed = 0;
export function check(what, ok, saw) {
  if (ok) passed++;
  else {
    failures++;
    console.error(`FAILED: ${what}${saw === undefined ? '' : `; saw ${JSON.stringify(saw)}`}`);
  }
}
export const near = (a, b, by = 1e-9) => Math.abs(a - b) <= by;

async function server() {
  if (process.env.COLEY_STUDIO_URL) return { url: process.env.COLEY_STUDIO_URL.replace(/\/$/, ''), stop: () => {} };
  const project = mkdtempSync(join(tmpdir(), 'coley-studio-'));
  const child = spawn(join(build, 'coley'), ['studio', '--port', '0', '--no-browser', '--project', project], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const url = await new Promise((found, fail) => {
    const hear = (data) => {
      said += data;
      const m = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (m) found(m[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => fail(new Error(`coley studio ended with ${code}: ${said}`)));
    setTimeout(() => fail(new Error(`coley studio printed no address: ${said}`)), 20000).unref();
  });
  return {
    url,
    stop: () => {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      rmSync(project, { recursive: true, force: true });
    },
  };
}

/** Runs a test with a page whose complaints and requests are watched. */
export async function withStudio(name, body, size = { width: 1440, height: 900 }) {
  if (!existsSync(CHROMIUM)) skip(name, `no browser at ${CHROMIUM}`);
  if (!existsSync(join(modules, 'playwright-core'))) skip(name, 'playwright-core is not in ' + modules);
  if (!process.env.COLEY_STUDIO_URL && !existsSync(join(build, 'coley'))) skip(name, `no ${join(build, 'coley')}`);
  const { chromium } = require('playwright-core');
  const studio = await server();
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  const complaints = [];
  const strangers = [];
  try {
    const context = await browser.newContext({ viewport: size, acceptDownloads: true, colorScheme: 'light' });
    const page = await context.newPage();
    page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
    page.on('pageerror', (e) => complaints.push(e.message));
    page.on('request', (r) => {
      const to = new URL(r.url());
      if (!['data:', 'blob:'].includes(to.protocol) && to.origin !== new URL(studio.url).origin) strangers.push(r.url());
    });
    const api = async (path, init) => {
      const answer = await fetch(`${studio.url}/api/v1/${path}`, init);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer;
    };
    await body({ page, url: studio.url, api, json: async (path, init) => (await api(path, init)).json() });
    check('no complaint on the console', complaints.length === 0, complaints);
    check('no request leaves the host', strangers.length === 0, strangers);
  } finally {
    await browser.close();
    studio.stop();
  }
  console.log(`${name}: ${passed} checks passed, ${failures} failed`);
  process.exitCode = failures ? 1 : 0;
}

/** The last done run of a kind; makes one when there is none. */
export async function doneRun({ json }, kind, request) {
  const known = (await json('runs')).find((r) => r.kind === kind && r.state === 'done');
  if (known) return known.id;
  const made = await json('runs', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request),
  });
  for (let i = 0; i < 600; i++) {
    const run = await json(`runs/${made.id}`);
    if (run.state === 'done') return made.id;
    if (['failed', 'cancelled', 'lost'].includes(run.state)) throw new Error(`run is ${run.state}: ${run.log_tail}`);
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the run did not end');
}

/** Serious and critical faults that axe-core finds. */
export async function faults(page) {
  await page.addScriptTag({ path: join(modules, 'axe-core', 'axe.min.js') }).catch(async () => {
    // A strict policy refuses added scripts: evaluate it through the debugger instead.
    const { readFileSync } = await import('node:fs');
    await page.evaluate(readFileSync(join(modules, 'axe-core', 'axe.min.js'), 'utf8'));
  });
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`);
}

/** Chooses a line of a figure's menu and gives the file that comes. */
export async function exported(page, figure, label) {
  await page.locator(`#figure-${figure} summary`).first().click();
  const waiting = page.waitForEvent('download', { timeout: 60000 });
  await page.locator(`#figure-${figure} .menu button`, { hasText: new RegExp(`^${label}$`) }).click();
  const download = await waiting;
  const { readFileSync } = await import('node:fs');
  return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
}
