// SPDX-License-Identifier: GPL-3.0-or-later
// spider.tsx -- how large the tumours are: against the start, with the bounds of RECIST, the scans, the virtual
// people, and below them what both rules said and what was given.
import { useState } from 'preact/hooks';
import type { PatientResult, Scan } from '../api/types';
import { colourOf, OKABE, SERIES } from '../chart/colours';
import { Lanes, type Lane } from '../chart/lanes';
import { TimeChart, type Context, type Line, type Mark } from '../chart/time';
import { Figure, plain } from '../ui/figure';
import { Segments } from '../ui/slider';
import { find, lesions, symbol } from './pick';

type Mode = 'percent' | 'mm';
const VERDICT: Record<string, string> = {
  CR: 'complete response',
  PR: 'partial response',
  SD: 'stable disease',
  PD: 'progressive disease',
  NE: 'not evaluable',
  iCR: 'complete response',
  iPR: 'partial response',
  iSD: 'stable disease',
  iUPD: 'progression, not confirmed yet',
  iCPD: 'progression, confirmed',
};
export const verdict = (code: unknown) => (typeof code === 'string' ? (VERDICT[code] ?? code) : '–');

/** Above which change from the start a scan would be progression: 20 % and 5 mm over the smallest sum so far. */
export function bound(scans: Scan[]): { day: number; change: number }[] {
  const start = scans[0]?.sum_mm;
  if (!start) return [];
  let smallest = Infinity;
  return scans.map((s) => {
    if (s.sum_mm !== null && s.sum_mm !== undefined) smallest = Math.min(smallest, s.sum_mm);
    return { day: s.day, change: 100 * (Math.max(1.2 * smallest, smallest + 5) / start - 1) };
  });
}

export function spiderLines(result: PatientResult, mode: Mode): { lines: Line[]; faint: Line[] } {
  const sum = find(result, 'SOD');
  const of = (value: number[] | undefined, base: number) =>
    value?.map((v) => (mode === 'mm' ? v : base > 0 ? 100 * (v / base - 1) : NaN));
  const lines: Line[] = [];
  if (sum) {
    const base = sum.value[0] ?? 1;
    lines.push({
      id: 'SOD',
      label: 'Sum',
      colour: 'var(--ink)',
      day: result.day,
      width: 2.4,
      value: of(sum.value, base)!,
      low: of(sum.low90, base),
      high: of(sum.high90, base),
    });
  }
  result.quantities
    .filter((q) => symbol(q.id) === 'diameter')
    .forEach((q, i) =>
      lines.push({
        id: q.id,
        label: q.label,
        colour: SERIES[i % SERIES.length]!,
        day: result.day,
        width: 1.4,
        value: of(q.value, q.value[0] ?? 1)!,
      }),
    );
  const base = sum?.value[0] ?? 1;
  const faint = (result.spider ?? []).map((c) => ({
    id: 'twin-' + c.id,
    label: 'Virtual person ' + c.id,
    colour: 'var(--muted)',
    day: c.day,
    value: mode === 'mm' ? c.change_pct.map((v) => (v === null ? null : base * (1 + v / 100))) : c.change_pct,
    faint: true,
  }));
  return { lines, faint };
}

export function Spider({
  result,
  a,
  days,
}: {
  result: PatientResult;
  a: PatientResult | null;
  days: [number, number];
}) {
  const [mode, setMode] = useState<Mode>('percent');
  const [people, setPeople] = useState(true);
  const { lines, faint } = spiderLines(result, mode);
  const before = a
    ? spiderLines(a, mode)
        .lines.slice(0, 1)
        .map((l) => ({ ...l, id: 'A', label: 'Sum, A', dash: '2 3', low: undefined, high: undefined }))
    : [];
  const start = result.scans[0]?.sum_mm ?? 0;
  const marks: Mark[] = result.scans
    .filter((s) => s.sum_mm !== null && s.sum_mm !== undefined)
    .map((s) => ({
      day: s.day,
      value: mode === 'mm' ? s.sum_mm! : (s.change_pct ?? 0),
      colour: s.recist ? colourOf(s.recist) : 'var(--ink)',
      label: `Day ${plain(s.day)}: ${plain(s.sum_mm)} mm` + (s.recist ? `, ${s.recist}` : ''),
    }));
  const bounds = bound(result.scans);
  const percent = (c: number) => (mode === 'mm' ? start * (1 + c / 100) : c);
  // The sum is always seen whole; bands, other lesions and other people are cut off at twice the start.
  const sums = (lines[0]?.value ?? []).filter((v): v is number => v !== null);
  const others = [...lines.slice(1).flatMap((l) => l.value), ...(lines[0]?.high ?? [])].filter(
    (v): v is number => v !== null,
  );
  const cut = mode === 'mm' ? start * 2 : 100;
  const high = Math.max(
    mode === 'mm' ? start * 1.3 : 40,
    Math.max(...sums, 0) * 1.08,
    Math.min(cut, Math.max(...others, 0)),
  );
  const range: [number, number] = mode === 'mm' ? [0, high] : [-104, high];
  const under = (c: Context) => (
    <g class="recist">
      <rect
        x={c.left}
        width={Math.max(0, c.right - c.left)}
        y={c.y(percent(-30))}
        height={Math.max(0, c.bottom - c.y(percent(-30)))}
        fill={OKABE.green}
        fill-opacity={0.07}
      />
      <line
        x1={c.left}
        x2={c.right}
        y1={c.y(percent(-30))}
        y2={c.y(percent(-30))}
        stroke={OKABE.green}
        stroke-dasharray="5 3"
      />
      {mode === 'percent' && (
        <line x1={c.left} x2={c.right} y1={c.y(0)} y2={c.y(0)} stroke="var(--muted)" stroke-width={0.8} />
      )}
      <path d={stairs(c, bounds, percent)} fill="none" stroke={OKABE.red} stroke-dasharray="5 3" />
    </g>
  );
  const over = (c: Context) => {
    const first = bounds[0];
    const wide = c.right - c.left > 480;
    return (
      <g class="note-text">
        <text x={c.right - 4} y={c.y(percent(-30)) - 5} text-anchor="end" fill="var(--good)">
          {wide ? '−30 %: partial response below' : '−30 %: response'}
        </text>
        {first && (
          <text x={c.left + 6} y={c.y(percent(first.change)) - 5} fill="var(--bad)">
            {wide ? '+20 % and 5 mm on the smallest: progression above' : '+20 %: progression'}
          </text>
        )}
      </g>
    );
  };
  const shown = [...(people ? faint : []), ...lines, ...before];
  return (
    <Figure
      id="spider"
      title="Tumours"
      caption={
        <>
          {mode === 'percent' ? 'Change of the diameters since the start. ' : 'Diameters. '}
          Thick: the sum; band: 90 % of virtual people. Dots: what the scans measured, coloured by RECIST.
        </>
      }
      table={() => scanTable(result)}
      command={result.command}
    >
      <div class="figure-tools">
        <Segments
          label="Scale of the tumours"
          value={mode}
          onChange={setMode}
          choices={[
            { value: 'percent', label: '% of start' },
            { value: 'mm', label: 'mm' },
          ]}
        />
        {faint.length > 0 && (
          <label class="tick">
            <input type="checkbox" checked={people} onChange={(e) => setPeople(e.currentTarget.checked)} /> virtual
            people
          </label>
        )}
      </div>
      <TimeChart
        label="Tumours"
        lines={shown}
        unit={mode === 'mm' ? 'mm' : '%'}
        days={days}
        range={range}
        height={330}
        marks={marks}
        under={under}
        over={over}
        xAxis={false}
        format={(v) => (mode === 'percent' && v > 0 ? '+' : '') + plain(Math.abs(v) < 0.05 ? 0 : v, 2)}
      />
      <Lanes label="Verdicts and doses" days={days} lanes={[...verdicts(result, days[1]), ...doseLanes(result)]} />
    </Figure>
  );
}

function stairs(c: Context, bounds: { day: number; change: number }[], percent: (v: number) => number): string {
  let d = '';
  bounds.forEach((b, i) => {
    const next = bounds[i + 1]?.day ?? c.days[1];
    const y = c.y(percent(b.change));
    d += `${i ? 'L' : 'M'}${c.x(b.day)},${y}L${c.x(next)},${y}`;
  });
  return d;
}

const INK: Record<string, string> = { SD: '#fff', PR: '#00263d', iPR: '#00263d', iUPD: '#3a2600', PD: '#fff' };

function verdicts(result: PatientResult, end: number): Lane[] {
  const called = result.scans.filter((s) => s.recist || s.irecist);
  const lane = (id: string, label: string, of: (s: Scan) => string | null): Lane => ({
    id,
    label,
    pieces: called.flatMap((s, i) => {
      const code = of(s);
      if (!code) return [];
      return [
        {
          from: s.day,
          to: called[i + 1]?.day ?? Math.max(end, s.day),
          colour: colourOf(code),
          label: `${code}, ${verdict(code)}. ${s.why ?? ''}`,
          short: code,
          hatched: code === 'iUPD',
          ink: INK[code],
        },
      ];
    }),
  });
  return [lane('recist', 'RECIST 1.1', (s) => s.recist), lane('irecist', 'iRECIST', (s) => s.irecist)];
}

export function doseLanes(result: PatientResult): Lane[] {
  const drugs = [...new Set(result.doses.map((d) => d.drug))];
  return drugs.map((drug, i) => {
    const mine = result.doses.filter((d) => d.drug === drug);
    const amounts = [...new Set(mine.map((d) => plain(d.amount)))];
    const head = mine[0]!;
    return {
      id: 'dose-' + drug,
      label: `${drug}, ${amounts.length === 1 ? amounts[0] : plain(head.amount) + ' to ' + plain(mine[mine.length - 1]!.amount)} ${head.unit} × ${mine.length}`,
      pieces: mine
        .filter((d) => d.duration_day > 1)
        .map((d) => ({
          from: d.day,
          to: d.day + d.duration_day,
          colour: SERIES[i % SERIES.length]!,
          label: `${plain(d.amount)} ${d.unit}`,
          opacity: 0.4,
        })),
      ticks: mine.map((d) => ({
        day: d.day,
        label: `Day ${plain(d.day)}: ${plain(d.amount)} ${d.unit}`,
        colour: SERIES[i % SERIES.length]!,
      })),
    };
  });
}

function scanTable(result: PatientResult) {
  const names = lesions(result);
  return {
    head: ['day', ...names.map((l) => l.label + ' [mm]'), 'sum [mm]', 'change [%]', 'RECIST', 'iRECIST', 'why'],
    rows: result.scans.map((s) => [
      s.day,
      ...names.map((l) => {
        const of = s.lesions.find((x) => x.id === l.id);
        return of ? (of.mm ?? of.finding ?? null) : null;
      }),
      s.sum_mm,
      s.change_pct,
      s.recist,
      s.irecist,
      s.why ?? '',
    ]),
  };
}
