// SPDX-License-Identifier: GPL-3.0-or-later
// Every page: loads, keeps to its host, can be used without a mouse and by those who do not see it, fits a phone.
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, equal, need, ok, withPage, yes } from './tap.mjs';

const PAGES = ['/patient', '/patient?view=handshake', '/tissue', '/trial', '/explain', '/runs'];
const settled = (page) =>
  page.waitForFunction(() => !document.querySelector('.wait') && document.querySelector('h1'), null, {
    timeout: 30000,
  });

await withPage(async ({ page, open, heard, server, browser }) => {
  for (const hash of PAGES)
    await ok(`${hash} loads with no error in the console and no request to another host`, async () => {
      heard.errors.length = heard.elsewhere.length = 0;
      await open(hash);
      await settled(page).catch(() => {});
      yes(await page.locator('h1').count(), 'the page has no heading');
      equal(heard.errors.join('\n'), '', 'console:');
      equal(heard.elsewhere.join('\n'), '', 'requests:');
    });

  await ok('the answer with the page forbids everything that the page does not need', async () => {
    const answer = await fetch(server.url + '/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    yes(/default-src 'none'|default-src 'self'/.test(policy), 'policy: ' + policy);
    yes(!/unsafe-inline|unsafe-eval/.test(policy), 'policy: ' + policy);
  });

  const axe = readFileSync(join(need.resolve('axe-core')), 'utf8');
  for (const theme of ['light', 'dark'])
    for (const hash of PAGES)
      await ok(`axe-core finds no serious fault in ${hash}, ${theme}`, async () => {
        const context = await browser.newContext({
          viewport: { width: 1280, height: 900 },
          colorScheme: theme,
          reducedMotion: 'reduce',
          bypassCSP: true,
        });
        const p = await context.newPage();
        try {
          await p.goto(server.url + '/#' + hash);
          await settled(p).catch(() => {});
          await p.evaluate(axe);
          const found = await p.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
          const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
          equal(
            bad
              .map(
                (v) =>
                  `${v.id}: ${v.nodes
                    .slice(0, 3)
                    .map((n) => n.target + ' ' + n.failureSummary)
                    .join(' | ')}`,
              )
              .join('\n'),
            '',
          );
        } finally {
          await context.close();
        }
      });

  await ok('no page is wider than a phone of 390 pixels', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const hash of PAGES) {
      await open(hash);
      await settled(page).catch(() => {});
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      yes(wide <= 390, `${hash} is ${wide} pixels wide`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await ok('the pages can be reached by keyboard alone', async () => {
    await open('/runs');
    await page.locator('.wordmark').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.startsWith('#/tissue'));
  });

  await ok('dark and light can be chosen, and the choice stays', async () => {
    await open('/runs');
    const before = await page.evaluate(() => document.documentElement.dataset.theme);
    await page.locator('.theme').click();
    const after = await page.evaluate(() => document.documentElement.dataset.theme);
    yes(before !== after, 'the theme did not change');
    await page.reload();
    equal(await page.evaluate(() => document.documentElement.dataset.theme), after);
    await page.locator('.theme').click();
  });

  const gz = join(build, 'studio', 'index.html.gz');
  if (existsSync(gz))
    await ok('the page is under 150 kB when compressed', async () =>
      yes(readFileSync(gz).length < 150000, readFileSync(gz).length + ' bytes'),
    );
});
