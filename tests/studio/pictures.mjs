// SPDX-License-Identifier: GPL-3.0-or-later
// pictures.mjs BUILD [FOLDER] -- the pictures of the page in docs/: each page at 1440 and at 390 pixels, and one in
// the dark.
import { join } from 'node:path';
import { withPage } from './tap.mjs';

const folder = process.argv[3] ?? 'docs';
const VIEWS = [
  ['patient', '/patient?example=01-melanoma-pembrolizumab', 1180],
  ['handshake', '/patient?example=01-melanoma-pembrolizumab&view=handshake&step=5', 900],
  ['explain', '/explain?example=01-melanoma-pembrolizumab', 1100],
  ['runs', '/runs', 800],
];

await withPage(async ({ page, open, api }) => {
  const still = async () => {
    await page.waitForFunction(() => !document.querySelector('.wait, [aria-busy=true]'), null, { timeout: 120000 });
    await page.waitForTimeout(600);
  };
  const post = (body) =>
    api('runs', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const ended = async (id) => {
    for (let i = 0; i < 3000; i++) {
      const run = await api('runs/' + id);
      if (run.state === 'done') return id;
      if (!['queued', 'running'].includes(run.state)) throw new Error(`${run.title} ${run.state}: ${run.log_tail}`);
      await new Promise((r) => setTimeout(r, 200));
    }
    throw new Error('a run does not end');
  };
  const { examples } = await api('catalog');
  const example = (id) => post({ kind: 'run', example: id, title: examples.find((e) => e.id === id)?.title });
  const runs = [
    await post({ kind: 'tissue', tissue_model: 'tissue/anti_pd1', options: { end: 720, save: 240 } }),
    await post({ kind: 'trial', example: '24-virtual-trial' }),
    await example('14-car-t'),
    await example('01-melanoma-pembrolizumab'),
  ];
  for (const { id } of runs) await ended(id);
  const views = [...VIEWS, ['tissue', `/tissue?run=${runs[0].id}`, 1000], ['trial', `/trial?run=${runs[1].id}`, 1400]];
  for (const width of [1440, 390])
    for (const [name, hash, height] of views) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : height });
      await open('/runs');
      await open(hash);
      await still();
      if (name === 'runs') {
        await page.locator('.run-table a').first().click();
        await page.locator('#start-example').selectOption('01-melanoma-pembrolizumab');
        await page.waitForSelector('.detail');
        await page.waitForTimeout(300);
      }
      await page.screenshot({ path: join(folder, `studio-${name}${width === 390 ? '-phone' : ''}.png`) });
    }
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1440, height: 1180 });
  await open(VIEWS[0][1]);
  await still();
  await page.screenshot({ path: join(folder, 'studio-patient-dark.png') });
});
