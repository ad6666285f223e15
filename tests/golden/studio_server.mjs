// SPDX-License-Identifier: GPL-3.0-or-later
// studio_server.mjs BUILD -- holds the server of coley studio against what may come in from outside, without a browser.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const coley = join(process.argv[2], 'coley');
const folder = mkdtempSync(join(tmpdir(), 'coley-studio-'));
let failed = 0;
const ok = async (sentence, check) => {
  try {
    await check();
    console.log('ok - ' + sentence);
  } catch (error) {
    failed++;
    console.log('not ok - ' + sentence + '\n# ' + String(error.stack ?? error).split('\n').slice(0, 4).join('\n# '));
  }
};
const yes = (value, what = 'not so') => {
  if (!value) throw new Error(what);
};
const equal = (a, b, what = '') => yes(JSON.stringify(a) === JSON.stringify(b), `${what} ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);

async function start(more = []) {
  const project = join(folder, 'project' + Math.random().toString(36).slice(2));
  const child = spawn(coley, ['studio', '--port', '0', '--project', project, '--no-browser', ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((done, fail) => {
    let said = '';
    child.stdout.on('data', (d) => {
      said += d;
      const found = /Coley Studio: (\S+)/.exec(said);
      if (found) done(new URL(found[1]));
    });
    child.on('exit', (code) => fail(new Error('it ended with ' + code)));
  });
  child.removeAllListeners('exit');
  const stop = () => new Promise((done) => (child.on('exit', done), child.kill('SIGTERM')));
  return { child, url, project, port: Number(url.port), stop };
}

const s = await start();
const request = (path, options = {}) =>
  new Promise((done, fail) => {
    const r = http.request({ host: '127.0.0.1', port: options.port ?? s.port, path, method: options.method ?? 'GET', agent: options.agent, headers: options.headers }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
      answer.on('error', fail);
    });
    r.on('error', fail);
    r.end(options.body);
  });
const json = async (path, options) => {
  const a = await request('/api/v1/' + path, options);
  return { ...a, value: JSON.parse(a.bytes) };
};
const post = (path, body) => json(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
// Bytes as they are, and what comes back until the connection ends.
const raw = (bytes, wait = 4000) =>
  new Promise((done) => {
    let text = '';
    const socket = net.connect(s.port, '127.0.0.1', () => socket.write(bytes));
    const end = () => (socket.destroy(), done(text));
    socket.on('data', (d) => (text += d));
    socket.on('end', end).on('error', end).on('close', end);
    setTimeout(end, wait);
  });
const alive = async () => equal((await json('about')).status, 200);
const workers = () =>
  readdirSync('/proc')
    .filter((p) => /^\d+$/.test(p))
    .filter((p) => {
      try {
        return readFileSync(`/proc/${p}/cmdline`, 'utf8').includes('--worker') && Number(readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === s.child.pid;
      } catch {
        return false;
      }
    })
    .map(Number);

const scenario = `title: One tumour
cancer: melanoma
patient: {tmb: 8 1/Mb}
lesions: [{site: lung, diameter: 30 mm}]
regimen: pembrolizumab-200-q3w
scans: {every: 6 week}
run: {duration: 84 day, output_every: 7 day, population: 8, seed: 3}
`;

await ok('a thousand connections at once lose nothing and stay under 200 MB', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });
  const answers = await Promise.all(Array.from({ length: 3000 }, () => request('/api/v1/about', { agent })));
  agent.destroy();
  equal(answers.filter((a) => a.status !== 200).length, 0);
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${s.child.pid}/status`, 'utf8'))[1]);
  const watched = /[at]san/.test(process.argv[2]) ? 3 : 1; // a sanitizer's own memory
  yes(peak < watched * 200 * 1024, `${peak} kB`);
});
await ok('a name that is not of this machine is refused, so that another site cannot bring a browser here', async () => {
  for (const host of ['evil.example', 'evil.example:' + s.port, '127.0.0.1:1', 'localhost.evil.example:' + s.port, '[::2]:' + s.port])
    equal((await request('/api/v1/about', { headers: { Host: host } })).status, 403, host);
  for (const host of ['127.0.0.1:' + s.port, 'localhost:' + s.port]) equal((await request('/api/v1/about', { headers: { Host: host } })).status, 200, host);
});
await ok('a page of another site may not ask, one of this server may', async () => {
  for (const Origin of ['http://evil.example', 'null', `https://127.0.0.1:${s.port}`, 'http://127.0.0.1:1'])
    equal((await request('/api/v1/runs', { method: 'POST', headers: { Origin }, body: '{}' })).status, 403, Origin);
  equal((await request('/api/v1/about', { headers: { Origin: `http://127.0.0.1:${s.port}` } })).status, 200);
});
await ok('the page may run its own script and nothing else, and nobody may frame it', async () => {
  const a = await request('/', { headers: { 'Accept-Encoding': 'gzip' } });
  const policy = a.headers['content-security-policy'];
  yes(/default-src 'none'/.test(policy) && /script-src 'sha256-/.test(policy), policy);
  yes(!/unsafe-(inline|eval)|\*|http:|https:/.test(policy.split(';').find((p) => p.trim().startsWith('script-src'))), policy);
  yes(/frame-ancestors 'none'/.test(policy) || a.headers['x-frame-options'] === 'DENY');
  equal(a.headers['x-content-type-options'], 'nosniff');
  equal((await request('/', { headers: { 'If-None-Match': a.headers.etag } })).status, 304);
  yes(a.bytes.length < 150000, `the page is ${a.bytes.length} bytes gzipped`);
});
await ok('no path leads out of the project folder', async () => {
  for (const path of ['runs/../../etc/passwd', 'runs/%2e%2e/%2e%2e/etc/passwd', 'runs/..%2f..%2fetc%2fpasswd/files/x', 'runs/x/files/..%2f..%2f..%2fetc%2fpasswd', 'runs/%00/files/a', 'runs/.%2e/log'])
    equal((await request('/api/v1/' + path)).status, 404, path);
});
await ok('a scenario that names a file elsewhere is refused with its line', async () => {
  for (const evil of ['events: /etc/passwd', 'policy: ../../../etc/passwd', 'forecast: {lesions: ~/.ssh/id_rsa}']) {
    const a = await post('runs', { kind: 'run', yaml: scenario + evil + '\n' });
    equal([a.status, a.value.error.line], [422, 8], evil);
    const c = await post('patient', { yaml: scenario + evil + '\n' });
    equal(c.status, 422, evil);
    yes(!JSON.stringify(c.value).includes('root:'), 'it shows the file');
  }
});
await ok('a body that is too large is refused, and an upload may be larger', async () => {
  equal((await request('/api/v1/patient', { method: 'POST', body: Buffer.alloc(5 << 20, 32) })).status, 413);
  equal((await request('/api/v1/uploads?kind=lesions&name=a.csv', { method: 'POST', body: Buffer.alloc(65 << 20, 32) })).status, 413);
  await alive();
});
await ok('what is no JSON, or not the right one, is an error with words', async () => {
  for (const body of ['', '{', '[]', '{"yaml": 3}', '{"yaml": "a: [", "set": 1}', '{"yaml":"x","yaml":"y"}', '\u0000', '{"yaml":"' + '['.repeat(5000) + '"}', '['.repeat(100000)]) {
    const a = await json('patient', { method: 'POST', body });
    yes(a.status >= 400 && a.status < 500 && a.value.error.message.length > 5, `${body.slice(0, 30)}: ${a.status}`);
  }
  await alive();
});
await ok('requests that are no HTTP, or too long, end without harm', async () => {
  for (const bytes of ['\0\0\0\0', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(40000)} HTTP/1.1\r\n\r\n`, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${s.port}\r\nX: ${'b'.repeat(60000)}\r\n\r\n`, 'POST /api/v1/patient HTTP/1.1\r\nContent-Length: -5\r\n\r\n', 'POST /api/v1/patient HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'])
    yes(!/^HTTP\/1\.. 200/.test(await raw(bytes, 1500)), JSON.stringify(bytes.slice(0, 40)));
  await alive();
});
await ok('whoever sends a byte now and then does not keep others waiting', async () => {
  const slow = Array.from({ length: 200 }, () => net.connect(s.port, '127.0.0.1'));
  for (const c of slow) c.on('error', () => 0).write('POST /api/v1/patient HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n');
  const drip = setInterval(() => slow.forEach((c) => c.write('X: y\r\n')), 50);
  const began = Date.now();
  for (let i = 0; i < 20; i++) await alive();
  clearInterval(drip);
  for (const c of slow) c.destroy();
  yes(Date.now() - began < 10000, `${Date.now() - began} ms`);
});
await ok('methods that are not known are refused', async () => {
  for (const method of ['PUT', 'PATCH', 'OPTIONS']) equal((await request('/api/v1/about', { method })).status, 405, method);
});

let answer;
await ok('what the page draws of a person is what coley run writes, to the digits that it shows', async () => {
  const { writeFileSync } = await import('node:fs');
  const file = join(folder, 'scenario.yaml'), out = join(folder, 'out');
  writeFileSync(file, scenario);
  execFileSync(coley, ['run', file, '--out', out, '--progress', 'none', '--threads', '1'], { stdio: 'ignore' });
  answer = (await post('patient', { yaml: scenario })).value;
  const [head, ...rows] = readFileSync(join(out, 'trajectory.csv'), 'utf8').trim().split('\n').map((l) => l.split(','));
  const columns = new Map(head.map((h, i) => [h.replace(/ \[.*$/, '').replace(/^"/, ''), i]));
  equal(answer.day.length, rows.length);
  let compared = 0;
  for (const q of answer.quantities)
    for (const [key, suffix, digits] of [['value', '', 6], ['low90', '.low90', 5], ['high90', '.high90', 5]]) {
      const c = columns.get(q.id + suffix);
      if (c === undefined || !q[key]) continue;
      q[key].forEach((v, i) => {
        const w = Number(rows[i][c]);
        yes(Math.abs(v - w) <= 5.1 * 10 ** -digits * Math.abs(w), `${q.id}${suffix} in row ${i}: ${v} and ${w}`);
        compared++;
      });
    }
  yes(compared > 1000, `only ${compared} numbers`);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  for (const key of ['title', 'seed', 'in_plain_words', 'story']) equal(answer[key], summary[key], key);
  equal(answer.response, summary.response);
});
await ok('a control that is moved changes the course, and moved back it is the same again', async () => {
  const higher = (await post('patient', { yaml: scenario, set: { 'patient.tmb': 40 } })).value;
  const sum = (a) => a.quantities.find((q) => q.id === 'SOD').value;
  yes(JSON.stringify(sum(higher)) !== JSON.stringify(sum(answer)), 'the same course');
  equal(sum((await post('patient', { yaml: scenario, set: { 'patient.tmb': 8 } })).value), sum(answer));
});
await ok('workers that are killed are replaced, and whoever asked is told or answered', async () => {
  const before = workers();
  yes(before.length > 0, 'no workers');
  for (const pid of before) process.kill(pid, 'SIGKILL');
  const first = await post('patient', { yaml: scenario });
  yes([200, 500].includes(first.status), String(first.status));
  equal((await post('patient', { yaml: scenario })).status, 200);
  const asked = post('patient', { yaml: scenario.replace('84 day', '3650 day').replace('output_every: 7 day', 'output_every: 1 day'), twins: 256 });
  await new Promise((r) => setTimeout(r, 300));
  for (const pid of workers()) process.kill(pid, 'SIGKILL');
  const a = await asked;
  yes([200, 500].includes(a.status) && (a.status === 200 || a.value.error.message), String(a.status));
  equal((await post('patient', { yaml: scenario })).status, 200);
});

const until = async (id, states) => {
  for (let i = 0; i < 600; i++) {
    const r = (await json('runs/' + id)).value;
    if (states.includes(r.state)) return r;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('it does not end');
};
await ok('a run is listed, ends, has its files and manifest, and its result is what was drawn live', async () => {
  const { status, value } = await post('runs', { kind: 'run', yaml: scenario });
  equal(status, 201);
  const run = await until(value.id, ['done', 'failed']);
  equal(run.state, 'done', run.log_tail);
  yes(run.files.some((f) => f.name === 'trajectory.csv') && run.manifest.program === 'coley');
  const result = (await json(`runs/${value.id}/result`)).value;
  equal(result.quantities.find((q) => q.id === 'SOD').value, answer.quantities.find((q) => q.id === 'SOD').value);
  yes((await request(`/api/v1/runs/${value.id}/files/report.html`)).headers['content-security-policy'].includes('sandbox'));
  equal((await json('runs/' + value.id, { method: 'DELETE' })).status, 200);
  equal((await json('runs/' + value.id)).status, 404);
});
await ok('a lesion table that is uploaded is judged, and a wrong one is an error', async () => {
  const send = (kind, body) => json(`uploads?kind=${kind}&name=a.csv`, { method: 'POST', body });
  const good = await send('lesions', 'patient,day,diameter_mm\nA,0,40\nA,42,20\nA,84,20\n');
  yes(good.status === 200 && /PR/.test(good.value.summary), JSON.stringify(good.value));
  const bad = await send('lesions', 'patient,day,diameter_mm\nA,0,forty\n');
  yes(bad.status === 422 && /:2/.test(bad.value.error.message), JSON.stringify(bad.value));
  equal((await send('nonsense', 'x')).status, 422);
  const used = await post('runs', { kind: 'run', yaml: `cancer: nsclc\nregimen: atezolizumab-1200-q3w\nforecast: {lesions: ${good.value.path}, using_first: 2}\n` });
  equal(used.status, 201, JSON.stringify(used.value));
  await json(`runs/${used.value.id}/cancel`, { method: 'POST', body: '{}' });
  equal((await until(used.value.id, ['cancelled', 'done', 'failed'])).state, 'cancelled');
});
await ok('a run that goes wrong is told with file and line, and the server goes on', async () => {
  const { value } = await post('runs', { kind: 'run', yaml: scenario.replace('30 mm', '30 kg') });
  const run = await until(value.id, ['done', 'failed']);
  equal(run.state, 'failed');
  yes(/input\.yaml:4/.test(run.error.message), run.error.message);
  await alive();
});
await ok('a tissue is seen while it runs: frames come, a cell has eight bytes, its rules are the engine\'s', async () => {
  const { value } = await post('runs', { kind: 'tissue', tissue_model: 'tissue/anti_pd1' });
  let meta;
  for (let i = 0; i < 3000 && !(meta?.frames?.length > 1 && meta.frames[1].cells !== null); i++) {
    await new Promise((done) => setTimeout(done, 100));
    const a = await json(`runs/${value.id}/result`);
    if (a.status === 200) meta = a.value;
  }
  await json(`runs/${value.id}/cancel`, { method: 'POST', body: '{}' });
  const path = `/api/v1/runs/${value.id}/frames/1/`;
  const cells = await request(path + 'cells'), ids = await request(path + 'attribute/ids');
  equal(cells.status, 200, String(cells.bytes).slice(0, 200));
  equal(cells.bytes.length, 8 * Number(cells.headers['x-coley-cells']));
  equal(cells.bytes.length, 8 * meta.frames[1].cells);
  const live = meta.types.map((t) => 0);
  for (let i = 0; i < cells.bytes.length; i += 8) if (cells.bytes[i + 7] === 0) live[cells.bytes[i + 6]]++;
  meta.types.forEach((t, k) => equal(live[k], meta.counts.series[t.name][1], t.name));
  const field = meta.fields[0];
  equal((await request(path + 'field/' + encodeURIComponent(field.name))).bytes.length, 4 * field.nx * field.ny * field.nz);
  // PD-L1 follows IFN-gamma by a rule: what the rule gives for the cell's field is what the engine wrote into the cell.
  let seen = 0, close = 0;
  const tumour = meta.types.findIndex((t) => t.name === 'tumour');
  for (let i = 0; i < cells.bytes.length / 8 && seen < 40; i += 7) {
    if (cells.bytes[8 * i + 6] !== tumour || cells.bytes[8 * i + 7] !== 0) continue;
    const cell = (await json(`runs/${value.id}/frames/1/cell/${ids.bytes.readUInt32LE(4 * i)}`)).value;
    equal([cell.type, cell.state], ['tumour', 'live']);
    const rule = cell.rules.find((r) => /PD_L1/.test(r.behaviour));
    seen++;
    close += Math.abs(rule.behaviour_value - cell.PD_L1) < 0.02 * cell.PD_L1;
  }
  yes(seen > 10 && close > 0.9 * seen, `${close} of ${seen}`);
  equal((await request(path + 'cell/4000000000')).status, 404);
  equal((await request(path + 'attribute/nothing')).status, 422);
  equal((await until(value.id, ['cancelled', 'done'])).state.length > 3, true);
});
await ok('events of a run reach whoever listens', async () => {
  const heard = new Promise((done, fail) => {
    const r = http.get({ host: '127.0.0.1', port: s.port, path: '/api/v1/events' }, (answer) => {
      let text = '';
      answer.on('data', (d) => {
        text += d;
        if (/event: run\ndata: .*"done"/.test(text)) done(text), r.destroy();
      });
    });
    r.on('error', (e) => (e.code === 'ECONNRESET' ? 0 : fail(e)));
    setTimeout(() => fail(new Error('nothing was heard')), 60000);
  });
  await new Promise((r) => setTimeout(r, 200));
  await post('runs', { kind: 'run', yaml: scenario });
  await heard;
});
await s.stop();

await ok('an address of others has a token: nothing without it, a cookie with it', async () => {
  const t = await start(['--listen', '0.0.0.0']);
  const token = t.url.searchParams.get('token');
  yes(/^[0-9a-f]{48}$/.test(token), token);
  const at = (path, headers) => request(path, { port: t.port, headers });
  equal((await at('/api/v1/about')).status, 401);
  equal((await at('/api/v1/about', { Authorization: 'Bearer ' + '0'.repeat(48) })).status, 401);
  equal((await at('/api/v1/about', { Authorization: 'Bearer ' + token })).status, 200);
  const page = await at('/?token=' + token);
  yes(/HttpOnly/.test(page.headers['set-cookie'][0]) && /SameSite=Strict/.test(page.headers['set-cookie'][0]));
  equal((await at('/api/v1/about', { Cookie: page.headers['set-cookie'][0].split(';')[0] })).status, 200);
  await t.stop();
});
rmSync(folder, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
