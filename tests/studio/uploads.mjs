// SPDX-License-Identifier: GPL-3.0-or-later
// uploads.mjs BUILD -- files of a person: what was found in them is shown, what is wrong with them is said.
import { equal, ok, withPage, yes } from './tap.mjs';

const SCANS = `patient,day,lesion,organ,nodal,role,finding,diameter_mm
U1,0,L1,lung,no,target,measured,40
U1,0,L2,liver,no,target,measured,30
U1,63,L1,lung,no,target,measured,24
U1,63,L2,liver,no,target,measured,18
U1,126,L1,lung,no,target,measured,20
U1,126,L2,liver,no,target,measured,16
`;

await withPage(async ({ page, open, heard }) => {
  await open('/patient?example=01-melanoma-pembrolizumab');
  await page.waitForSelector('#figure-spider', { timeout: 60000 });
  await page.locator('.uploads summary').click();
  const give = async (kind, name, text) => {
    await page.locator('#upload-kind').selectOption(kind);
    const answer = page.waitForResponse((r) => r.url().includes('/api/v1/uploads'), { timeout: 60000 });
    await page.locator('.uploads input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    return answer;
  };

  await ok('scans of a person are judged, and a forecast can be made of them', async () => {
    yes((await give('lesions', 'scans.csv', SCANS)).ok(), 'the file was refused');
    await page.waitForSelector('.found pre');
    const text = await page.locator('.found pre').innerText();
    yes(/\bPR\b|partial response/.test(text), text);
    await page.locator('.found button', { hasText: 'Forecast' }).click();
    await page.waitForSelector('#start-yaml');
    const yaml = await page.locator('#start-yaml').inputValue();
    yes(/^forecast:\n {2}lesions: \//m.test(yaml) && /cancer: melanoma/.test(yaml), yaml);
  });

  await ok('a file that is none of these is refused with a reason, and nothing is kept', async () => {
    await open('/patient?example=01-melanoma-pembrolizumab');
    await page.waitForSelector('#figure-spider', { timeout: 60000 });
    await page.locator('.uploads summary').click();
    equal((await give('vcf', 'note.vcf', 'this is no table\n')).ok(), false);
    const problem = await page.locator('.uploads .problem').innerText();
    yes(problem.length > 20, problem);
    equal(await page.locator('.found').count(), 0);
  });

  await ok('nothing of all this asked another host', async () => equal(heard.elsewhere.join('\n'), ''));
});
