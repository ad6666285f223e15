// SPDX-License-Identifier: GPL-3.0-or-later
// The patient page shows what the server computed, and follows the hand.
import { equal, ok, saved, withPage, yes } from './tap.mjs';

const NUMBER = /-?\d+(\.\d+)?(e[-+]?\d+)?/i;

await withPage(async ({ page, open, heard }) => {
  let latest = null;
  page.on('response', async (r) => {
    if (r.url().endsWith('/api/v1/patient') && r.ok()) latest = await r.json().catch(() => latest);
  });
  const answer = async (deed) => {
    const [response] = await Promise.all([
      page.waitForResponse((r) => r.url().endsWith('/api/v1/patient') && r.ok(), { timeout: 60000 }),
      deed(),
    ]);
    latest = await response.json();
    await page.waitForTimeout(120);
    return latest;
  };
  const path = (figure) =>
    page
      .locator(`#figure-${figure} svg[data-chart] g[clip-path] path`)
      .evaluateAll((all) => all.map((p) => p.getAttribute('d')).join(' '));
  const menu = async (figure, item) => {
    await page.locator(`#figure-${figure} .menu summary`).click();
    return page.locator(`#figure-${figure} .menu button`, { hasText: new RegExp(`^${item}$`) });
  };

  const first = await answer(() => open('/patient?example=01-melanoma-pembrolizumab'));

  await ok('best response, smallest sum and time without progression are those of the answer', async () => {
    const text = await page.locator('.outcomes').innerText();
    yes(text.includes(first.response.best), `${first.response.best} is not in: ${text}`);
    yes(text.includes(`${Math.round(first.response.smallest_sum_mm)} mm`), text);
    yes(text.includes(`${Math.round(first.response.pfs_day)} days`), text);
  });

  await ok(
    'there are charts of tumours, drug, receptors, immune cells, cytokines, side effects and doses',
    async () => {
      for (const id of ['spider', 'drug', 'receptors', 'cells', 'signals', 'side-effects', 'healthy'])
        yes(await page.locator('#figure-' + id).count(), id + ' is missing');
      const lanes = await page.locator('#figure-spider svg text.lane').allTextContents();
      for (const lane of ['RECIST 1.1', 'iRECIST']) yes(lanes.includes(lane), lane + ' is missing');
      yes(
        lanes.some((l) => l.startsWith('pembrolizumab')),
        'no lane of doses',
      );
      equal(await page.locator('#figure-spider rect[width="2"]').count(), first.doses.length, 'doses drawn:');
    },
  );

  await ok('each scan has its dot at the height that was measured', async () => {
    const dots = await page.locator('#figure-spider circle title').allTextContents();
    const scans = first.scans.filter((s) => s.sum_mm !== null);
    equal(dots.length, scans.length);
    scans.forEach((s, i) => yes(dots[i].includes(`${Math.round(s.sum_mm)} mm`), dots[i]));
  });

  await ok('the CSV of the receptors holds the numbers of the answer to the last digit', async () => {
    const item = await menu('receptors', 'CSV');
    const { name, data } = await saved(page, () => item.click());
    equal(name, 'receptors.csv');
    const lines = data.toString('utf8').trim().split('\n');
    yes(/^# Simulated\. Coley \d/.test(lines[0]), lines[0]);
    equal(lines.length - 2, first.day.length, 'rows:');
    const q = first.quantities.find((x) => x.id === 'L1.RO_PD1');
    const column = lines[1].split(',').findIndex((h) => h.startsWith('PD-1'));
    for (const i of [1, 40, first.day.length - 1]) {
      const shown = Number(lines[i + 2].split(',')[column]);
      yes(
        Math.abs(shown - 100 * q.value[i]) < 1e-9 * Math.max(1, Math.abs(shown)),
        `row ${i}: ${shown}, ${100 * q.value[i]}`,
      );
    }
  });

  await ok('the SVG is one picture that stands alone, with its lines and the mark that it is simulated', async () => {
    const item = await menu('spider', 'SVG');
    const { data } = await saved(page, () => item.click());
    const svg = data.toString('utf8');
    yes(svg.startsWith('<?xml') && svg.includes('<svg'), svg.slice(0, 80));
    yes(/Simulated\. Coley \d+\.\d+/.test(svg), 'no mark');
    yes(!/var\(--/.test(svg), 'a colour of the page is left unresolved');
    const parsed = await page.evaluate((text) => {
      const doc = new DOMParser().parseFromString(text, 'image/svg+xml');
      return { error: doc.querySelector('parsererror')?.textContent ?? '', paths: doc.querySelectorAll('path').length };
    }, svg);
    equal(parsed.error, '');
    yes(parsed.paths >= 6, parsed.paths + ' paths');
  });

  await ok('the PNG has twice the pixels of the screen and is not blank', async () => {
    const item = await menu('drug', 'PNG');
    const { data } = await saved(page, () => item.click());
    equal(data.subarray(1, 4).toString('latin1'), 'PNG');
    const box = await page.locator('#figure-drug svg[data-chart]').first().boundingBox();
    const wide = data.readUInt32BE(16);
    yes(Math.abs(wide - 2 * (box.width + 24)) <= 2, `${wide} pixels for ${box.width}`);
    const colours = await page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        let blue = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] < 40 && data[i + 1] > 80 && data[i + 2] > 140) blue++;
        return blue;
      },
      [...data],
    );
    yes(colours > 200, colours + ' pixels of the line of the drug');
  });

  await ok('the table holds what the chart draws, and the command can be read', async () => {
    await (await menu('spider', 'Table')).click();
    const rows = await page.locator('#figure-spider .table-box tbody tr').count();
    equal(rows, first.scans.length);
    const cells = await page.locator('#figure-spider .table-box tbody tr').nth(1).innerText();
    yes(cells.includes(String(Math.round(first.scans[1].sum_mm))), cells);
    await (await menu('spider', 'Hide table')).click();
    await (await menu('spider', 'Command')).click();
    yes((await page.locator('#figure-spider .command code').innerText()).startsWith('coley '), 'no command');
  });

  await ok('the arrow keys move one day for all charts, and the names read its values', async () => {
    await page.locator('#figure-receptors .glass').focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowRight');
    const cursors = await page.locator('g.cursor text').allTextContents();
    yes(cursors.length >= 7 && cursors.every((t) => t === '42'), cursors.join(' '));
    const said = await page.locator('#figure-receptors .glass').getAttribute('aria-valuetext');
    const day = first.day.findIndex((d) => d >= 42);
    const value = 100 * first.quantities.find((q) => q.id === 'L1.RO_PD1').value[day];
    yes(
      said.startsWith('Day 42: ') && Math.abs(Number(said.split(' ').pop().match(NUMBER)[0]) - value) < 0.06 * value,
      said + ', ' + value,
    );
    await page.keyboard.press('Escape');
    equal(await page.locator('g.cursor').count(), 0);
  });

  await ok('a name in the legend takes its line away and brings it back', async () => {
    const lines = () => page.locator('#figure-spider g[clip-path] > path[stroke-width="1.4"]').count();
    const before = await lines();
    await page.locator('#figure-spider .legend button').nth(1).click();
    equal(await lines(), before - 1);
    await page.locator('#figure-spider .legend button').nth(1).click();
    equal(await lines(), before);
  });

  await ok('a dragged slider changes the curves; the number beside it follows', async () => {
    const before = await path('drug');
    const slider = page.locator('.slider', { hasText: /dose/i }).first();
    const typed = await slider.locator('input[type=text]').inputValue();
    await answer(async () => {
      await slider.locator('input[type=range]').focus();
      for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowLeft');
    });
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
    yes((await path('drug')) !== before, 'the curves of the drug are the same');
    yes((await slider.locator('input[type=text]').inputValue()) !== typed, 'the number did not follow');
  });

  await ok('a typed value is what is computed, and the reset takes it back', async () => {
    const slider = page.locator('.slider', { hasText: /TMB/ }).first();
    const before = await slider.locator('input[type=text]').inputValue();
    const changed = await answer(async () => {
      await slider.locator('input[type=text]').fill('33');
      await page.keyboard.press('Enter');
    });
    yes(/tmb:\s*33\b/.test(changed.yaml), changed.yaml);
    await answer(() => slider.locator('.reset').click());
    equal(await slider.locator('input[type=text]').inputValue(), before);
  });

  await ok('a value that can not be is said, with the range, and is not sent', async () => {
    const slider = page.locator('.slider', { hasText: /TMB/ }).first();
    await slider.locator('input[type=text]').fill('a lot');
    await page.keyboard.press('Enter');
    yes(/number/.test(await slider.locator('.wrong').innerText()), 'nothing is said');
    await slider.locator('input[type=text]').fill('-5');
    await page.keyboard.press('Enter');
    yes(/ to /.test(await slider.locator('.wrong').innerText()), 'no range is said');
  });

  await ok('A beside B says what was changed and what came of it', async () => {
    await page.reload();
    await page.waitForSelector('#figure-spider');
    await page.locator('button', { hasText: 'Keep as A' }).click();
    const drug = page.locator('.choice', { hasText: /^Drug/ }).first().locator('select');
    const slider = page.locator('.slider', { hasText: /PD-L1/ }).first();
    await answer(async () => {
      await slider.locator('input[type=text]').fill('90');
      await page.keyboard.press('Enter');
    });
    const rows = await page.locator('#figure-compare tbody tr').allInnerTexts();
    yes(
      rows.some((r) => /PD-L1/.test(r) && /90/.test(r)),
      rows.join(' / '),
    );
    yes(
      rows.some((r) => r.startsWith('Best response')),
      rows.join(' / '),
    );
    yes(await page.locator('#figure-spider path[stroke-dasharray="2 3"]').count(), 'A is not drawn');
    yes(await drug.count(), 'no choice of drug');
  });

  await ok('the address holds the lesion and the days shown', async () => {
    await open('/patient?example=01-melanoma-pembrolizumab&lesion=L3&days=84');
    await page.waitForSelector('#figure-spider');
    await page.waitForTimeout(200);
    equal(await page.locator('#lesion').inputValue(), 'L3');
    const ticks = await page.locator('#figure-drug .axis text').allTextContents();
    yes(ticks.includes('84') && !ticks.includes('168'), ticks.join(' '));
  });

  await ok('nothing of all this wrote an error to the console or asked another host', async () => {
    equal(heard.errors.join('\n'), '');
    equal(heard.elsewhere.join('\n'), '');
  });
});
