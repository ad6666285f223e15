// SPDX-License-Identifier: GPL-3.0-or-later
// pictures.mjs BUILD [FOLDER] -- the pictures of the page in docs/: each page at 1440 and at 390 pixels, and one in the dark.
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
    await page.waitForFunction(() => !document.querySelector('.wait, [aria-busy=true]'), null, { timeout: 60000 });
    await page.waitForTimeout(400);
  };
  // Two runs, so that the list of runs has something to show.
  const { examples } = await api('catalog');
  for (const id of ['01-melanoma-pembrolizumab', '14-car-t']) {
    const e = examples.find((x) => x.id === id);
    if (e) await api('runs', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ kind: e.kind, example: e.id, title: e.title }) });
  }
  for (let i = 0; i < 600 && (await api('runs')).some((r) => r.state === 'running' || r.state === 'queued'); i++) await new Promise((r) => setTimeout(r, 100));
  for (const width of [1440, 390])
    for (const [name, hash, height] of VIEWS) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : height });
      await open('/runs');
      await open(hash);
      await still();
      await page.screenshot({ path: join(folder, `studio-${name}${width === 390 ? '-phone' : ''}.png`) });
    }
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1440, height: 1180 });
  await open(VIEWS[0][1]);
  await still();
  await page.screenshot({ path: join(folder, 'studio-patient-dark.png') });
});
