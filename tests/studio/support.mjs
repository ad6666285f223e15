// SPDX-License-Identifier: GPL-3.0-or-later
// support.mjs -- what the tests of the trial and tissue pages share beside tap.mjs.
import { readFileSync } from 'node:fs';
import { need, ok, saved, withPage } from './tap.mjs';

/** A sentence that holds or not, and what was seen when it does not. */
export const check = (sentence, holds, saw) =>
  ok(sentence, () => {
    if (!holds) throw new Error('saw ' + JSON.stringify(saw));
  });
export const near = (a, b, by = 1e-9) => Math.abs(a - b) <= by;

export const withStudio = (tests) =>
  withPage(async ({ page, server, heard, api, context }) => {
    await tests({
      page, context, url: server.url, json: api,
      bytes: async (path) => (await fetch(`${server.url}/api/v1/${path}`)).arrayBuffer(),
    });
    await check('nothing is said on the console', heard.errors.length === 0, heard.errors);
    await check('no request leaves the host', heard.elsewhere.length === 0, heard.elsewhere);
  });

/** The last done run of a kind; makes one when there is none. */
export async function doneRun({ json }, kind, request) {
  const known = (await json('runs')).find((r) => r.kind === kind && r.state === 'done');
  if (known) return known.id;
  const made = await json('runs', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request),
  });
  for (let i = 0; i < 900; i++) {
    const run = await json(`runs/${made.id}`);
    if (run.state === 'done') return made.id;
    if (['failed', 'cancelled', 'lost'].includes(run.state)) throw new Error(`the run is ${run.state}: ${run.log_tail}`);
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the run did not end');
}

/** Serious and critical faults that axe-core finds. */
export async function faults(page) {
  await page.evaluate(readFileSync(need.resolve('axe-core'), 'utf8'));
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`);
}

/** Chooses a line of a figure's menu and gives the file that comes. */
export async function exported(page, figure, label) {
  await page.locator(`#figure-${figure} summary`).first().click();
  return saved(page, () => page.locator(`#figure-${figure} .menu button`, { hasText: new RegExp(`^${label}$`) }).click());
}
