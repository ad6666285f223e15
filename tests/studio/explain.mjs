// SPDX-License-Identifier: GPL-3.0-or-later
// The explain page tells the run's own numbers, says how hard it reads, draws shares as people, and can be printed.
import { equal, ok, saved, withPage, yes } from './tap.mjs';

await withPage(async ({ page, open, heard }) => {
  const [response] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/api/v1/patient') && r.ok(), { timeout: 60000 }),
    open('/explain?example=01-melanoma-pembrolizumab'),
  ]);
  const r = await response.json();
  await page.waitForSelector('.story p');

  await ok('each sentence of the story is on the page', async () => {
    const text = await page.locator('.explain').innerText();
    for (const s of r.story) yes(text.includes(s.text), 'missing: ' + s.text);
  });

  await ok('the reading level is stated, and is that of a school', async () => {
    const level = Number(/Kincaid (\d+(\.\d+)?)/.exec(await page.locator('.lede').innerText())?.[1]);
    yes(level > 0 && level < 9, 'level ' + level);
  });

  await ok('of 100 small people as many are dark as the share of virtual people', async () => {
    const of = (q) => r.story.find((s) => s.quantity === q).value;
    const share = Math.round((100 * of('people_respond')) / of('people'));
    equal(await page.locator('#figure-icons-1 svg[data-chart] > g').count(), 100);
    equal(await page.locator('#figure-icons-1 svg[data-chart] > g[fill="#0072b2"]').count(), share);
    equal(await page.locator('#figure-icons-1 h3').innerText(), `${share} of 100`);
  });

  await ok('the timeline begins in 1891, and there are six types, each with its tour', async () => {
    equal(await page.locator('.timeline b').first().innerText(), '1891');
    equal(await page.locator('.six-grid > div').count(), 6);
    equal(await page.locator('.six-grid a').count(), 6);
  });

  await ok('there are questions for a care team, and no advice', async () => {
    const questions = await page.locator('.questions li').allInnerTexts();
    yes(questions.length >= 4 && questions.every((q) => q.endsWith('?')), questions.join(' '));
    const text = await page.locator('.explain').innerText();
    yes(!/\byou should\b|\bwe recommend\b|\bask for this\b/i.test(text), 'it advises');
    yes(/not advice/.test(text), 'it does not say what it is not');
  });

  await ok('the print view leaves out what can only be clicked', async () => {
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.masthead', '.explain-tools', '.menu'])
      equal(await page.locator(hidden).first().isVisible(), false, hidden);
    yes(await page.locator('.story').isVisible(), 'the story is hidden');
    yes((await page.pdf({ format: 'A4' })).length > 10000, 'an empty page');
    await page.emulateMedia({ media: 'screen' });
  });

  await ok('an icon array is saved with the mark that it is simulated', async () => {
    await page.locator('#figure-icons-1 .menu summary').click();
    const { data } = await saved(page, () =>
      page.locator('#figure-icons-1 .menu button', { hasText: /^SVG$/ }).click(),
    );
    yes(data.toString().includes('Simulated. Coley'), 'no mark');
  });

  await ok('nothing of all this wrote an error to the console', async () => equal(heard.errors.join('\n'), ''));
});
