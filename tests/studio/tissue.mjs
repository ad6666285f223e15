// SPDX-License-Identifier: GPL-3.0-or-later
// tissue.mjs BUILD -- the tissue page: pixels, counts and numbers are those of the API; what is saved is what is on
// the screen.
import { check, doneRun, exported, faults, withStudio } from './support.mjs';
import { saved } from './tap.mjs';

const canvas = (page, script, arg) => page.evaluate(`(async (arg) => { const node = document.querySelector('.tissue-canvas');
  const see = node.coley; ${script} })(${JSON.stringify(arg ?? null)})`);

/** Pixels of the picture within some levels of a colour, by drawing now and reading the canvas. */
const like = (page, colour) => canvas(page, `
  const bitmap = await createImageBitmap(await see.png());
  const flat = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  flat.drawImage(bitmap, 0, 0);
  const p = flat.getImageData(0, 0, bitmap.width, Math.round(arg.part * bitmap.height)).data;
  let n = 0;
  for (let i = 0; i < p.length; i += 4)
    if (Math.abs(p[i] - arg.c[0]) + Math.abs(p[i + 1] - arg.c[1]) + Math.abs(p[i + 2] - arg.c[2]) < 40) n++;
  return n;`, { c: colour, part: 0.8 });

const swatch = (page, type) => page.locator(`.tissue-legend [data-type="${type}"] .dot`)
  .evaluate((node) => getComputedStyle(node).backgroundColor.match(/\d+/g).slice(0, 3).map(Number));

await withStudio(async (studio) => {
  const { page, url, json } = studio;
  const id = await doneRun(studio, 'tissue', { kind: 'tissue', tissue_model: 'tissue/anti_pd1' });
  page.setDefaultTimeout(90000);
  const meta = await json(`runs/${id}/result`);
  const bytes = (path) => studio.bytes(`runs/${id}/frames/${path}`);
  const n = meta.frames[Math.min(3, meta.frames.length - 1)].n;
  const words = new Uint16Array(await bytes(`${n}/cells`));
  const ids = new Uint32Array(await bytes(`${n}/attribute/ids`));
  const cells = words.length / 4;
  check('eight bytes a cell', ids.length === cells, [ids.length, cells]);
  await page.goto(`${url}/#/tissue?run=${id}&frame=${n}`);
  await page.waitForFunction((c) => document.querySelector('.tissue-legend [data-shown]')?.dataset.shown === String(c), cells);

  const per = meta.types.map((t) => ids.reduce((sum, _, i) => sum + ((words[4 * i + 3] & 255) === t.id ? 1 : 0), 0));
  for (const t of meta.types) {
    const shown = await page.locator(`.tissue-legend [data-type="${t.name}"] b`).textContent();
    check(`the legend counts ${t.name} as the API does`, Number(shown.replaceAll(',', '')) === per[t.id], [shown, per[t.id]]);
  }

  // Cells that stand apart from all others, so that nothing hides them.
  const um = (i) => [0, 1, 2].map((k) => meta.domain[k] + ((meta.domain[k + 3] - meta.domain[k]) * words[4 * i + k]) / 65535);
  const places = Array.from(ids, (_, i) => um(i));
  const alone = [...ids.keys()].filter((i) => words[4 * i + 3] >> 8 === 0 && places.every((p, j) => j === i ||
    Math.hypot(p[0] - places[i][0], p[1] - places[i][1]) > 26)).slice(0, 6);
  check('there are cells that stand apart', alone.length > 2, alone.length);
  for (const i of alone) {
    const [x, y] = await canvas(page, 'return see.project(arg);', places[i]);
    await page.locator('.tissue-canvas').click({ position: { x, y } });
    await page.waitForFunction((cell) => location.hash.includes(`cell=${cell}`), ids[i], { timeout: 5000 }).catch(() => {});
    const picked = new URLSearchParams(page.url().split('?')[1]).get('cell');
    check(`a click at the place of cell ${ids[i]} picks it`, Number(picked) === ids[i], picked);
  }
  const last = ids[alone[alone.length - 1]];
  const told = await json(`runs/${id}/frames/${n}/cell/${last}`);
  await page
    .waitForFunction((cell) => document.querySelector('.cell-panel')?.textContent.includes(String(cell)), last, { timeout: 15000 })
    .catch(() => {});
  await page.waitForFunction((n) => document.querySelectorAll('.cell-rules li').length === n, told.rules.length, { timeout: 15000 }).catch(() => {});
  const panel = await page.locator('.cell-panel').textContent();
  check('the panel names the type of the cell', panel.includes(told.type) && panel.includes(String(last)), panel.slice(0, 90));
  check('the panel lists each rule that acts on the cell', (await page.locator('.cell-rules li').count()) === told.rules.length,
    told.rules.length);
  const responses = await page.locator('.cell-rules li').evaluateAll((list) => list.map((l) => Number(l.dataset.response)));
  check('responses are those of the API', told.rules.every((r, i) => Math.abs(responses[i] - r.response) < 1e-9), [responses, told.rules]);
  const [ex, ey] = await canvas(page, 'return [2, 2];');
  await page.locator('.tissue-canvas').click({ position: { x: ex, y: ey } });
  await page.waitForFunction(() => !location.hash.includes('cell='));
  check('a click beside all cells lets go', (await page.locator('.cell-panel').count()) === 0);

  // A type is hidden: its pixels, its counts, its cells for the mouse.
  const type = meta.types.reduce((a, b) => (per[b.id] > per[a.id] ? b : a));
  const colour = await swatch(page, type.name);
  await page.locator('.check', { hasText: 'Names in the picture' }).locator('input').uncheck();
  const before = await like(page, colour);
  await page.locator(`.tissue-legend [data-type="${type.name}"]`).click();
  await page.waitForFunction(() => location.hash.includes('hide='));
  const after = await like(page, colour);
  check(`hiding ${type.name} takes its pixels away`, before > 500 && after < before * 0.05, [before, after]);
  const shown = Number(await page.locator('.tissue-legend [data-shown]').getAttribute('data-shown'));
  check('the count of what is shown falls by that type', shown === cells - per[type.id], [shown, cells, per[type.id]]);
  const own = [...ids.keys()].find((i) => (words[4 * i + 3] & 255) === type.id);
  const under = await canvas(page, 'return see.pick(...see.project(arg));', places[own]);
  check('what is hidden can not be picked', under < 0 || (words[4 * under + 3] & 255) !== type.id, under);
  await page.locator('.tissue-legend .quiet').click();
  check('it comes back with the same colour', (await swatch(page, type.name)).join() === colour.join());

  // Colour by what cells carry, a field below, a cut.
  if (meta.fields.length) {
    const ramp = await like(page, [255, 255, 255]);
    await page.locator('.tissue-looks select').nth(1).selectOption(meta.fields[0].name);
    await page.waitForTimeout(600);
    await page.goto(page.url().replace(/frame=\d+/, `frame=${meta.frames[meta.frames.length - 1].n}`));
    await page.waitForTimeout(600);
    check('a field covers the paper', (await like(page, [255, 255, 255])) < ramp * 0.9, ramp);
    await page.locator('.tissue-looks select').nth(1).selectOption('');
  }
  await page.locator('.tissue-looks select').nth(2).selectOption('x');
  await page.waitForTimeout(300);
  const kept = await canvas(page, `const out = []; for (const p of arg) out.push(see.pick(...see.project(p))); return out;`,
    places.filter((p) => p[0] > (meta.domain[0] + meta.domain[3]) / 2 + 15).slice(0, 12));
  check('behind the cut there is nothing to pick', kept.every((k) => k < 0), kept);
  await page.locator('.tissue-looks select').nth(2).selectOption('');

  // What is saved is what is on the screen.
  const png = await exported(page, 'tissue', 'PNG');
  const same = await canvas(page, `
    const saved = await createImageBitmap(new Blob([Uint8Array.from(atob(arg), (c) => c.charCodeAt(0))], { type: 'image/png' }));
    see.draw();
    const pixels = (what) => { const c = new OffscreenCanvas(what.width, what.height).getContext('2d'); c.drawImage(what, 0, 0);
      return c.getImageData(0, 0, what.width, what.height).data; };
    const a = pixels(node), b = pixels(saved);
    let differ = 0;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) differ++;
    return [a.length, b.length, differ];`, png.data.toString('base64'));
  check('the PNG is the canvas, pixel for pixel', same[0] === same[1] && same[2] === 0, same);
  if (await page.locator('#figure-tissue .menu button', { hasText: 'Film' }).count()) {
    await page.locator('.speed select').selectOption('20');
    await page.locator('#figure-tissue summary').first().click();
    const film = await saved(page, async () => {
      await page.locator('#figure-tissue .menu button', { hasText: 'Film (WebM)' }).click();
      await page.locator('.tissue-page [role=status]', { hasText: /moment [3-9] of/ }).waitFor();
      await page.locator('#figure-tissue summary').first().click();
      await page.locator('#figure-tissue .menu button', { hasText: 'Stop the film' }).click();
    });
    check('a film is WebM', film.data.readUInt32BE(0) === 0x1a45dfa3 && film.data.length > 2000, film.data.length);
    await page.waitForTimeout(500);
    const seen = await canvas(page, `
      const video = document.createElement('video');
      video.muted = true;
      video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(arg), (c) => c.charCodeAt(0))], { type: 'video/webm' }));
      await new Promise((done, fail) => { video.onloadeddata = done; video.onerror = () => fail(new Error('no film')); });
      await new Promise((done) => { video.onseeked = done; video.currentTime = 1e6; });
      see.draw();
      const pixels = (what, w, h) => { const c = new OffscreenCanvas(w, h).getContext('2d'); c.drawImage(what, 0, 0, w, h);
        return c.getImageData(0, 0, w, h).data; };
      const w = video.videoWidth, h = video.videoHeight, a = pixels(node, w, h), b = pixels(video, w, h);
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
      return { w, h, width: node.width, height: node.height, differ: sum / a.length };`, film.data.toString('base64'));
    check('the film has the size of the canvas', Math.abs(seen.w - seen.width) <= 1 && Math.abs(seen.h - seen.height) <= 1, seen);
    check('its last picture is the canvas, but for what the film format loses', seen.differ < 4, seen);
  }

  // Keys, the table, moments.
  await page.goto(`${url}/#/tissue?run=${id}&frame=${n}`);
  await page.reload();
  await page.waitForFunction((c) => document.querySelector('.tissue-legend [data-shown]')?.dataset.shown === String(c), cells);
  await page.locator('.tissue-canvas').focus();
  const still = await canvas(page, 'see.draw(); return see.project([0, 0, 0]);');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(100);
  const moved = await canvas(page, 'return see.project([0, 0, 0]);');
  check('arrows move the picture', Math.abs(moved[0] - still[0]) > 10, [still, moved]);
  await page.keyboard.press('0');
  await page.keyboard.press(',');
  await page.waitForFunction((c) => document.querySelector('.tissue-legend [data-shown]')?.dataset.shown === String(c),
    meta.frames[meta.frames.findIndex((f) => f.n === n) - 1].cells, { timeout: 5000 }).catch(() => {});
  const back = Number(await page.locator('.tissue-legend [data-shown]').getAttribute('data-shown'));
  check('comma goes to the moment before', back === meta.frames[meta.frames.findIndex((f) => f.n === n) - 1].cells, back);
  const csv = (await exported(page, 'tissue', 'CSV')).data.toString().trim().split('\n');
  check('the table has a row for each cell', csv.length === back + 2 && csv[0].includes('Simulated'), [csv.length, back]);
  const serious = await faults(page);
  check('axe finds no serious fault', serious.length === 0, serious);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check('nothing spills over the side of a phone', spill <= 0, spill);
});
