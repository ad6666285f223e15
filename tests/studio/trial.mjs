// SPDX-License-Identifier: GPL-3.0-or-later
// trial.mjs BUILD -- the trial page: its numbers are those of the API, bars open people, exports say that they are
// simulated.
import { check, doneRun, exported, faults, near, withStudio } from './support.mjs';

const TRIAL = `title: "A small trial"
cancer: nsclc
control: chemotherapy
accrual: 6
follow_up: 12
landmarks: [6, 12]
eligibility: ["age >= 18", "ecog <= 1"]
scenario:
  patient: {weight: 70 kg, height: 170 cm}
  lesions:
    - {site: lung, diameter: 40 mm, infiltration: inflamed}
  scans: {every: 9 week}
arms:
  - name: pembrolizumab
    n: 12
    regimen: pembrolizumab-200-q3w
    policy: standard
    published:
      - {measure: orr, value: 0.448, low: 0.368, high: 0.53, source: "Reck 2016", confidence: high}
  - {name: chemotherapy, n: 12, regimen: [{dose: carboplatin-auc5-q3w}, {dose: pemetrexed-500-q3w}]}
`;

const at = (curve, t) => {
  let i = -1;
  curve.t.forEach((x, k) => {
    if (x <= t) i = k;
  });
  return i < 0 ? 1 : curve.s[i];
};

await withStudio(async (studio) => {
  const { page, url, json } = studio;
  const id = await doneRun(studio, 'trial', { kind: 'trial', yaml: TRIAL });
  page.setDefaultTimeout(90000);
  const trial = await json(`runs/${id}/result`);
  await page.goto(`${url}/#/trial?run=${id}`);
  await page.waitForSelector('#figure-waterfall svg');

  const measured = trial.people.filter((p) => p.best_change_pct !== null);
  check('a bar for each person with a second scan', (await page.locator('#figure-waterfall [data-person]').count()) === measured.length,
    [await page.locator('#figure-waterfall [data-person]').count(), measured.length]);
  for (const arm of trial.summary.arms) {
    const shown = Number(await page.locator(`.glance tr[data-arm="${arm.name}"] [data-value]`).getAttribute('data-value'));
    check(`response of ${arm.name} is the API's`, near(shown, arm.response.value), [shown, arm.response.value]);
    const words = await page.locator(`#figure-response [data-arm="${arm.name}"] text`).nth(1).textContent();
    const wanted = [arm.response.value, arm.response.low, arm.response.high].map((v) => (100 * v).toFixed(1));
    check(`exact interval of ${arm.name} is the API's`, wanted.every((w) => words.includes(w)), [words, wanted]);
  }

  for (const end of ['pfs', 'os']) {
    const figure = page.locator(`#figure-km-${end}`);
    for (const [arm, curve] of Object.entries(trial.km[end])) {
      const shown = (await figure.locator(`.at-risk[data-arm="${arm}"] text`).allTextContents()).slice(1).map(Number);
      check(`${end} of ${arm}: number at risk starts with all`, shown[0] === curve.at_risk[0] && shown[0] ===
        trial.people.filter((p) => p.arm === arm).length, [shown, curve.at_risk]);
      check(`${end} of ${arm}: each number at risk is one of the API's, in order`, shown.every((n, i) => curve.at_risk.includes(n) &&
        (i === 0 || n <= shown[i - 1])), [shown, curve.at_risk]);
      const ticks = Number(await figure.locator(`.curve[data-arm="${arm}"] .censored`).getAttribute('data-count'));
      check(`${end} of ${arm}: a tick for each censored person`, ticks === curve.censor_t.length, [ticks, curve.censor_t.length]);
    }
    await figure.locator('svg[data-chart]').focus();
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
    const note = (await figure.locator('[data-screen] text').allTextContents()).join(' | ');
    for (const [arm, curve] of Object.entries(trial.km[end])) {
      const wanted = `${arm}: ${(100 * at(curve, 6)).toFixed(0)} %`;
      check(`${end}: reading month 6 by keys gives the API's share`, note.includes(wanted) && note.includes('month 6.0'), [note, wanted]);
    }
    await page.keyboard.press('Escape');
  }

  const first = trial.summary.arms.find((a) => a.name !== trial.summary.control);
  check('the first row of the forest is the ratio of the whole trial', Math.abs(trial.forest[0].hr - first.PFS.hazard_ratio.value) < 1e-6 &&
    trial.forest[0].n === trial.people.length, [trial.forest[0], first.PFS.hazard_ratio]);
  const rows = await page.locator('#figure-forest .forest-row').allTextContents();
  check('each row of the forest shows the ratio of the API', rows.length === trial.forest.length && trial.forest.every((r, i) =>
    rows[i].includes(r.label.slice(0, 10)) && (r.hr === null || rows[i].includes(r.hr.toFixed(2)))), [rows, trial.forest]);

  const csv = await exported(page, 'km-os', 'CSV');
  const lines = csv.data.toString().trim().split('\n');
  const steps = Object.values(trial.km.os).reduce((n, c) => n + c.t.length, 0);
  check('the CSV of survival has each step, and says that it is simulated', lines.length === steps + 2 &&
    lines[0].includes('Simulated. Coley'), [lines.length, steps, lines[0]]);
  for (const figure of ['consort', 'response', 'waterfall', 'spider', 'km-pfs', 'km-os', 'swimmer', 'published', 'incidence', 'forest']) {
    if (!(await page.locator(`#figure-${figure}`).count())) continue;
    const svg = (await exported(page, figure, 'SVG')).data.toString();
    check(`the SVG of ${figure} says that it is simulated`, svg.includes('Simulated. Coley') && svg.includes('<svg'), svg.length);
    check(`the SVG of ${figure} holds no script and no link`, !/<script|href=|url\(http/.test(svg));
  }
  const png = (await exported(page, 'waterfall', 'PNG')).data;
  check('the PNG of the waterfall is a PNG of twice the size', png.readUInt32BE(0) === 0x89504e47 && png.readUInt32BE(16) > 1100,
    png.readUInt32BE(16));

  const bar = page.locator('#figure-waterfall [data-person]').first();
  const who = await bar.getAttribute('data-person');
  await bar.click({ force: true, position: { x: 2, y: 60 } });
  await page.waitForSelector('.person-panel');
  check('a bar opens that person', (await page.locator('.person-panel h2').textContent()) === `Person ${who}`, who);
  check('the address names that person', page.url().includes(`person=${who}`), page.url());
  const person = trial.people.find((p) => String(p.id) === who);
  const facts = await page.locator('.person-panel').textContent();
  check('the panel tells the arm and the days of that person', facts.includes(person.arm) && facts.includes(`day ${Math.round(person.os_day)}`), facts);
  await page.keyboard.press('Escape');
  check('Escape closes the person', (await page.locator('.person-panel').count()) === 0);

  const chart = page.locator('#figure-waterfall svg[data-chart]').first();
  await chart.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  const second = await page.locator('#figure-waterfall svg[data-chart]').first().locator('[data-person]').nth(1).getAttribute('data-person');
  check('keys reach a bar and open it', (await page.locator('.person-panel h2').textContent()) === `Person ${second}`, second);
  await page.keyboard.press('Escape');

  const serious = await faults(page);
  check('axe finds no serious fault', serious.length === 0, serious);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check('nothing spills over the side of a phone', spill <= 0, spill);
});
