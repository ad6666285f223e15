// SPDX-License-Identifier: GPL-3.0-or-later
// tap.mjs -- tests of the page in TAP: starts `coley studio` on a free port and a browser, watches what the page says
// and asks.   node test.mjs BUILD-FOLDER   (see run.sh) COLEY_STUDIO_URL tests a server that runs already.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const build = resolve(process.argv[2] ?? 'build');
const modules = process.env.COLEY_STUDIO_MODULES ?? join(build, 'studio', 'page', 'node_modules');
export const need = createRequire(join(modules, 'x.js'));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function skip(why) {
  console.log(`1..0 # SKIP ${why}`);
  process.exit(0);
}
export const chromium = process.env.COLEY_CHROMIUM ?? BROWSERS.find(existsSync);

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(url, child) {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error('coley studio ended with ' + child.exitCode);
    try {
      if ((await fetch(url + '/api/v1/about')).ok) return;
    } catch {
      /* not yet */
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error('coley studio does not answer');
}

export async function startServer() {
  if (process.env.COLEY_STUDIO_URL) return { url: process.env.COLEY_STUDIO_URL, stop: () => {} };
  const project = mkdtempSync(join(tmpdir(), 'coley-studio-'));
  const port = await freePort();
  const child = spawn(join(build, 'coley'), ['studio', '--port', String(port), '--project', project], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = () =>
    new Promise((done) => {
      const end = () => {
        rmSync(project, { recursive: true, force: true });
        done();
      };
      if (child.exitCode !== null) return end();
      child.on('exit', end);
      child.kill('SIGTERM');
    });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop, project, pid: child.pid };
}

let count = 0;
let failed = 0;
/** One sentence about the page, and what shows it. */
export async function ok(sentence, check) {
  count++;
  try {
    await check();
    console.log(`ok ${count} - ${sentence}`);
  } catch (error) {
    failed++;
    for (const line of String(error.stack ?? error)
      .split('\n')
      .slice(0, 12))
      console.log('# ' + line);
    console.log(`not ok ${count} - ${sentence}`);
  }
}
export function equal(a, b, what = '') {
  if (a !== b) throw new Error(`${what} ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);
}
export function yes(value, what) {
  if (!value) throw new Error(what);
}

/** Runs the tests with a page that keeps each error of the console and each request to another host. */
export async function withPage(tests, options = {}) {
  if (!chromium) skip('no Chromium is installed');
  if (!existsSync(join(modules, 'playwright-core'))) skip('playwright-core is not installed in ' + modules);
  const { chromium: engine } = need('playwright-core');
  const server = await startServer();
  const browser = await engine.launch({
    executablePath: chromium,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    const heard = { errors: [], elsewhere: [] };
    page.on('console', (m) => m.type() === 'error' && heard.errors.push(`${m.text()} ${m.location().url}`));
    page.on('pageerror', (e) => heard.errors.push(String(e)));
    page.on('request', (r) => {
      const u = r.url();
      if (!u.startsWith(server.url) && !/^(data|blob|about):/.test(u)) heard.elsewhere.push(u);
    });
    const api = async (path, init) => {
      const response = await fetch(server.url + '/api/v1/' + path, init);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    const open = async (hash) => {
      await page.goto(server.url + '/#' + hash);
    };
    await tests({ page, context, browser, server, heard, api, open });
  } finally {
    await browser.close();
    await server.stop();
  }
  console.log(`1..${count}`);
  process.exitCode = failed ? 1 : 0;
}

/** What a click lets the page save. */
export async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  const stream = await download.createReadStream();
  const parts = [];
  for await (const part of stream) parts.push(part);
  return { name: download.suggestedFilename(), data: Buffer.concat(parts) };
}
