// SPDX-License-Identifier: GPL-3.0-or-later
// The tours tell what the run computed, for each type of therapy, and stand still where motion is not wanted.
import { equal, ok, withPage, yes } from './tap.mjs';

const TOURS = [
  ['01-melanoma-pembrolizumab', 'checkpoint'],
  ['14-car-t', 'car-t'],
  ['15-her2-trastuzumab', 'antibody'],
  ['17-vaccine', 'vaccine'],
  ['18-cytokines', 'cytokine'],
  ['11-oncolytic-virus', 'virus'],
  ['20-coleys-toxins', 'innate'],
];

await withPage(async ({ page, open, heard }) => {
  const answer = async (hash) => {
    const [response] = await Promise.all([
      page.waitForResponse((r) => r.url().endsWith('/api/v1/patient') && r.ok(), { timeout: 60000 }),
      open(hash),
    ]);
    await page.waitForSelector('.tour-steps', { timeout: 30000 });
    return response.json();
  };
  const words = () => page.locator('.tour-steps .now p').innerText();
  const first = await answer('/patient?example=01-melanoma-pembrolizumab&view=handshake');
  const of = (id) => first.quantities.find((q) => q.id === id).value;

  await ok('the handshake tells the share of PD-1 that PD-L1 holds at the start', async () => {
    const share = Math.round(100 * of('L1.step1_handshake')[0]);
    yes((await words()).includes(`${share} of every 100`), await words());
  });

  await ok('the attack is told on the day of its peak, with the killing of that day', async () => {
    await page.locator('.tour-steps button', { hasText: 'The attack' }).click();
    const attack = of('L1.step5_attack');
    const peak = attack.indexOf(Math.max(...attack));
    const killed = Math.round(1000 * (1 - Math.exp(-attack[peak])));
    const text = await words();
    yes(text.includes(`day ${Math.round(first.day[peak])} `) && text.includes(`${killed} of every 1,000`), text);
    const crosses = await page.locator('.stage path[stroke="var(--muted)"]').count();
    yes(Math.abs(crosses - 20 * (1 - Math.exp(-attack[peak]))) <= 1, `${crosses} of 20 cells are crossed out`);
  });

  await ok('the day can be moved by hand and the words follow', async () => {
    const before = await words();
    await page.locator('.tour-day input').focus();
    await page.keyboard.press('Home');
    yes((await words()) !== before, 'the words did not follow');
    yes(/day 0 /.test(await words()), await words());
  });

  await ok('nothing moves where motion is not wanted', async () => {
    const moving = await page.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').length);
    equal(moving, 0, 'animations that run:');
  });

  for (const [example, tour] of TOURS.slice(1))
    await ok(`${example} has the tour ${tour}: five steps, each with words and a drawing`, async () => {
      await answer(`/patient?example=${example}&view=handshake&tour=${tour}`);
      equal(await page.locator('.tour').getAttribute('id'), 'figure-tour-' + tour);
      equal(await page.locator('.tour-steps li').count(), 5);
      const told = new Set();
      for (let i = 0; i < 5; i++) {
        await page.locator('.tour-steps button').nth(i).click();
        const text = await words();
        yes(text.length > 40 && !/NaN|undefined|Infinity|–/.test(text), text);
        told.add(text);
        yes(await page.locator('.stage path').count(), 'nothing is drawn');
      }
      equal(told.size, 5, 'different steps:');
    });

  await ok('nothing of all this wrote an error to the console', async () => equal(heard.errors.join('\n'), ''));
});
