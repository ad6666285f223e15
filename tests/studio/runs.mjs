// SPDX-License-Identifier: GPL-3.0-or-later
// The runs page starts, shows, compares, stops and deletes runs; a fault in a scenario is shown where it stands.
import { equal, ok, withPage, yes } from './tap.mjs';

const FAULTY =
  'title: A fault\npatient:\n  id: F1\n  age: 610 year\ncancer: melanoma\nlesions:\n  - {site: lung, diameter: 30 mm}\nrun: {duration: 30 day, seed: 1}\n';
const SHORT = (id, tmb) =>
  `title: Short ${id}\npatient:\n  id: ${id}\n  tmb: ${tmb} 1/Mb\ncancer: melanoma\nlesions:\n  - {site: lung, diameter: 30 mm}\nregimen: pembrolizumab-200-q3w\nrun: {duration: 42 day, seed: 1}\n`;

await withPage(async ({ page, open, api, heard }) => {
  const start = async (yaml) => {
    await open('/runs');
    await page.locator('#start-kind').selectOption('run');
    await page.locator('#start-yaml').fill(yaml);
    await page.locator('button', { hasText: /^Start$/ }).click();
    await page.waitForFunction(() => /id=/.test(location.hash), null, { timeout: 10000 });
    return decodeURIComponent(/id=([^&]+)/.exec(page.url())[1]);
  };
  const ends = async (id) => {
    for (let i = 0; i < 300; i++) {
      const run = await api('runs/' + id);
      if (!['queued', 'running'].includes(run.state)) return run;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('the run does not end');
  };

  await ok('a fault is shown with its line and column, and a click puts the caret there', async () => {
    await open('/runs');
    await page.locator('#start-yaml').fill(FAULTY);
    await page.locator('button', { hasText: /^Check$/ }).click();
    const problem = page.locator('.start .problem').first();
    await problem.waitFor();
    const text = await problem.innerText();
    yes(/:4:\d+/.test(text), text);
    yes(/age/.test(text), text);
    await problem.locator('button').click();
    const at = await page.locator('#start-yaml').evaluate((a) => a.value.slice(0, a.selectionStart).split('\n').length);
    equal(at, 4, 'line of the caret:');
  });

  let a = '';
  let b = '';
  await ok('a scenario that is written here runs, and its state is the one that the server has', async () => {
    a = await start(SHORT('S1', 3));
    equal((await ends(a)).state, 'done');
    await page.waitForFunction(() => document.querySelector('.run-table .state')?.textContent === 'done', null, {
      timeout: 10000,
    });
  });

  await ok('the command, the log, the files and the manifest of a run are there', async () => {
    const run = await api('runs/' + a);
    await page.waitForSelector('.detail .command');
    equal(await page.locator('.detail .command code').innerText(), run.command);
    const names = await page.locator('.detail .files a').allTextContents();
    yes(names.includes('summary.json') && names.length === run.files.length, names.join(' '));
    yes(
      (await page.locator('.detail pre').allTextContents()).some((t) => t.includes('"seed"')),
      'no manifest',
    );
  });

  await ok('a finished run opens as a patient, with the numbers of its folder', async () => {
    const result = await api(`runs/${a}/result`);
    await page.locator('.run-table .actions a', { hasText: 'Open' }).first().click();
    await page.waitForSelector('.outcomes');
    const text = await page.locator('.outcomes').innerText();
    yes(text.includes(result.response.best), text);
    equal(await page.locator('h1').innerText(), result.title);
  });

  await ok('two runs are compared key by key', async () => {
    b = await start(SHORT('S2', 30));
    await ends(b);
    await open('/runs');
    await page.waitForSelector('.run-table tbody tr >> nth=1');
    await page.locator('.run-table tbody input[type=checkbox]').nth(0).check();
    await page.locator('.run-table tbody input[type=checkbox]').nth(1).check();
    await page.waitForSelector('.diff table');
    const rows = await page.locator('.diff tbody tr').allInnerTexts();
    yes(
      rows.some((r) => /tmb/.test(r) && /\b3\b/.test(r) && /\b30\b/.test(r)),
      rows.join(' / '),
    );
    yes(!rows.some((r) => /cancer/.test(r)), 'what is the same is shown');
  });

  await ok('a long run can be stopped', async () => {
    const id = await start(
      SHORT('S3', 5).replace('42 day', '1400 day').replace('seed: 1', 'seed: 1, population: 1000'),
    );
    const cancel = page.locator('.run-table button', { hasText: 'Cancel' }).first();
    await cancel.click({ timeout: 5000 });
    equal((await ends(id)).state, 'cancelled');
  });

  await ok('a run that is deleted is gone, after a question', async () => {
    page.once('dialog', (d) => d.accept());
    await open('/runs');
    await page.waitForSelector('.run-table tbody tr');
    const before = (await api('runs')).length;
    await page.locator('.run-table button', { hasText: 'Delete' }).first().click();
    await page.waitForFunction((n) => document.querySelectorAll('.run-table tbody tr').length === n, before - 1);
    equal((await api('runs')).length, before - 1);
  });

  await ok('nothing of all this wrote an error to the console or asked another host', async () => {
    equal(heard.errors.filter((e) => !/status of 4\d\d/.test(e)).join('\n'), '');
    equal(heard.elsewhere.join('\n'), '');
  });
});
