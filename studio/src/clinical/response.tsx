// SPDX-License-Identifier: GPL-3.0-or-later
// Response of each arm with its exact interval, and published figures beside the simulated ones.
import { scaleLinear, scaleLog } from 'd3-scale';
import type { JSX } from 'preact';
import {
  armColour,
  BEST,
  BEST_WORDS,
  bestColour,
  clipText,
  type Ink,
  type Legend,
  LegendBlock,
  legendRows,
  Line,
  number,
  percent,
  Sheet,
  T,
  textWidth,
} from './draw';
import type { Table } from '../chart/export';
import type { Person, Published, Share } from './types';

export interface ArmResponse {
  arm: string;
  n: number;
  response: Share;
  counts: Record<string, number>;
  published?: { value: number; low?: number; high?: number };
}

export function armResponses(
  people: Person[],
  arms: { name: string; people: number; response: Share }[],
  published: Published[],
): ArmResponse[] {
  return arms.map((a) => {
    const told = published.find((p) => p.arm === a.name && p.measure === 'orr');
    const counts: Record<string, number> = {};
    for (const p of people) if (p.arm === a.name) counts[p.best] = (counts[p.best] ?? 0) + 1;
    return {
      arm: a.name,
      n: a.people,
      response: a.response,
      counts,
      published: told ? { value: told.published, low: told.inside_from, high: told.inside_to } : undefined,
    };
  });
}

export function responseTable(rows: ArmResponse[]): Table {
  return {
    head: ['arm', 'people', ...BEST, 'response', 'low 95 %', 'high 95 %', 'published'],
    rows: rows.map((r) => [
      r.arm,
      r.n,
      ...BEST.map((b) => r.counts[b] ?? 0),
      r.response.value,
      r.response.low,
      r.response.high,
      r.published?.value ?? null,
    ]),
  };
}

/** A bar of best responses for each arm, and under it the share that responded with its exact interval. */
export function Response(p: { rows: ArmResponse[]; order: string[]; width: number; ink: Ink }): JSX.Element {
  const { rows, width, ink } = p;
  const kinds = BEST.filter((b) => rows.some((r) => r.counts[b]));
  const legend: Legend[] = [
    ...kinds.map((b) => ({ name: BEST_WORDS[b], colour: bestColour(b) })),
    { name: 'response, exact 95 % interval', colour: ink.ink, shape: 'dot' },
    ...(rows.some((r) => r.published) ? [{ name: 'published', colour: ink.ink, shape: 'diamond' } as Legend] : []),
  ];
  const keys = legendRows(legend, width);
  const top = keys.height + 10,
    lane = 84,
    left = 2,
    right = width - 2;
  const x = scaleLinear([0, 1], [left, right]);
  const base = top + rows.length * lane;
  return (
    <Sheet
      width={width}
      height={base + 26}
      ink={ink}
      label={rows
        .map(
          (r) =>
            `${r.arm}: response ` +
            `${percent(r.response.value, 1)}, ${percent(r.response.low, 1)} to ${percent(r.response.high, 1)}`,
        )
        .join('; ')}
    >
      <LegendBlock items={legend} x={0} y={0} width={width} ink={ink} />
      {[0, 0.25, 0.5, 0.75, 1].map((t) => (
        <g key={t}>
          <Line x1={x(t)} x2={x(t)} y1={top} y2={base} colour={ink.grid} />
          <T x={x(t)} y={base + 16} anchor={t === 0 ? 'start' : t === 1 ? 'end' : 'middle'} ink={ink} soft>
            {percent(t)}
          </T>
        </g>
      ))}
      {rows.map((r, i) => {
        const y = top + i * lane;
        let from = 0;
        const colour = armColour(r.arm, p.order, ink);
        const far = `${percent(r.response.value, 1)} (${percent(r.response.low, 1)} to ${percent(r.response.high, 1)})`;
        return (
          <g key={r.arm} class="arm-response" data-arm={r.arm}>
            <T x={0} y={y + 16} ink={ink} fill={colour} bold>
              {clipText(r.arm, width - 220, 12)}
            </T>
            <T x={width} y={y + 16} anchor="end" ink={ink}>
              {far}
            </T>
            {BEST.map((b) => {
              const share = (r.counts[b] ?? 0) / Math.max(1, r.n),
                at = from;
              from += share;
              return share > 0 ? (
                <g key={b}>
                  <rect
                    x={x(at)}
                    y={y + 24}
                    width={Math.max(0, x(at + share) - x(at) - 1)}
                    height={24}
                    fill={bestColour(b)}
                  />
                  {x(share) - left > 26 ? (
                    <T x={x(at + share / 2)} y={y + 40.5} anchor="middle" ink={ink} fill={labelInk(b, ink)} size={12}>
                      {r.counts[b]}
                    </T>
                  ) : null}
                </g>
              ) : null;
            })}
            <Line x1={x(r.response.low)} x2={x(r.response.high)} y1={y + 58} y2={y + 58} colour={ink.ink} wide={1.6} />
            <circle cx={x(r.response.value)} cy={y + 58} r={4.5} fill={ink.ink} />
            {r.published ? (
              <g>
                {r.published.low !== undefined && r.published.high !== undefined ? (
                  <Line
                    x1={x(r.published.low)}
                    x2={x(r.published.high)}
                    y1={y + 71}
                    y2={y + 71}
                    colour={ink.soft}
                    wide={1.2}
                  />
                ) : null}
                <path
                  d={`M${x(r.published.value)} ${y + 66}l5 5l-5 5l-5 -5z`}
                  fill={ink.paper}
                  stroke={ink.ink}
                  stroke-width={1.4}
                />
              </g>
            ) : null}
          </g>
        );
      })}
    </Sheet>
  );
}

/** Black or white, whichever can be read on the colour of a best response. */
function labelInk(best: string, ink: Ink): string {
  if (ink.dark) return best === 'PR' || best === 'NE' ? '#0d1013' : '#0d1013';
  return best === 'CR' ? '#ffffff' : '#111417';
}

const MEASURES: Record<string, string> = {
  orr: 'response',
  cr: 'complete response',
  pfs_median: 'median progression-free survival',
  pfs_at: 'progression-free',
  os_median: 'median survival',
  os_at: 'alive',
  hr_pfs: 'hazard ratio, progression',
  hr_os: 'hazard ratio, death',
  ae_3_4: 'side effects of grade 3 or 4',
  ae_any: 'side effects of any grade',
};
type Kind = 'share' | 'months' | 'ratio';
export const measureKind = (m: string): Kind =>
  m.startsWith('hr_') ? 'ratio' : m.endsWith('_median') ? 'months' : 'share';

export function measureWords(p: Published): string {
  return `${MEASURES[p.measure] ?? p.measure}${p.month ? ` at ${number(p.month, 0)} months` : ''}`;
}

export function publishedTable(rows: Published[]): Table {
  return {
    head: [
      'arm',
      'measure',
      'month',
      'simulated',
      'low 95 %',
      'high 95 %',
      'published',
      'inside from',
      'inside to',
      'verdict',
      'source',
    ],
    rows: rows.map((p) => [
      p.arm,
      measureWords(p),
      p.month ?? null,
      p.coley,
      p.coley_low,
      p.coley_high,
      p.published,
      p.inside_from ?? null,
      p.inside_to ?? null,
      p.verdict ?? '',
      p.source ?? '',
    ]),
  };
}

/** Numbers at the ends of an axis that fills the sheet stay on it. */
const tickAnchor = (x: number, left: number, right: number): 'start' | 'middle' | 'end' =>
  x < left + 8 && left < 20 ? 'start' : x > right - 8 ? 'end' : 'middle';

const show = (kind: Kind, v: number | null): string =>
  v === null ? 'not reached' : kind === 'share' ? percent(v, 0) : kind === 'months' ? number(v, 1) : number(v, 2);

/** Full dot: simulated, with its interval. Hollow diamond: published, with the range that counts as inside. */
export function PublishedBeside(p: { rows: Published[]; order: string[]; width: number; ink: Ink }): JSX.Element {
  const { width, ink } = p;
  const narrow = width < 640;
  const legend: Legend[] = [
    { name: 'simulated, 95 % interval', colour: ink.ink, shape: 'dot' },
    { name: 'published, and what counts as inside', colour: ink.ink, shape: 'diamond' },
  ];
  const keys = legendRows(legend, width);
  const names = narrow ? 0 : Math.min(330, width * 0.36),
    numbers = narrow ? 0 : 170;
  const left = names + 8,
    right = width - numbers - 8;
  const kinds = (['share', 'months', 'ratio'] as Kind[]).filter((k) =>
    p.rows.some((r) => measureKind(r.measure) === k),
  );
  let y = keys.height + 12;
  const parts = kinds.map((kind) => {
    const rows = p.rows.filter((r) => measureKind(r.measure) === kind);
    const lane = narrow ? 52 : 34,
      from = y;
    y += rows.length * lane + 44;
    return { kind, rows, from, lane };
  });
  return (
    <Sheet
      width={width}
      height={y}
      ink={ink}
      label={
        'Published beside simulated: ' +
        p.rows
          .map(
            (r) =>
              `${r.arm}, ${measureWords(r)}: simulated ${show(measureKind(r.measure), r.coley)}, published ` +
              show(measureKind(r.measure), r.published),
          )
          .join('; ')
      }
    >
      <LegendBlock items={legend} x={0} y={0} width={width} ink={ink} />
      {parts.map(({ kind, rows, from, lane }) => {
        const values = rows
          .flatMap((r) => [r.coley, r.coley_low, r.coley_high, r.published, r.inside_from, r.inside_to])
          .filter((v): v is number => typeof v === 'number' && isFinite(v));
        const scale =
          kind === 'ratio'
            ? scaleLog([Math.min(0.4, ...values.filter((v) => v > 0)), Math.max(2, ...values)], [left, right]).clamp(
                true,
              )
            : scaleLinear([0, kind === 'share' ? 1 : Math.max(6, ...values) * 1.05], [left, right]).clamp(true);
        const ticks =
          kind === 'ratio'
            ? [0.1, 0.2, 0.5, 1, 2, 5].filter((t) => t >= scale.domain()[0] && t <= scale.domain()[1])
            : scale.ticks(narrow ? 4 : 5);
        const base = from + rows.length * lane;
        return (
          <g key={kind}>
            {ticks.map((t) => (
              <g key={t}>
                <Line
                  x1={scale(t)}
                  x2={scale(t)}
                  y1={from}
                  y2={base}
                  colour={t === 1 && kind === 'ratio' ? ink.rule : ink.grid}
                />
                <T x={scale(t)} y={base + 16} anchor={tickAnchor(scale(t), left, right)} ink={ink} soft>
                  {kind === 'share' ? percent(t) : String(t)}
                </T>
              </g>
            ))}
            <Line x1={left} x2={right} y1={base} y2={base} colour={ink.rule} />
            <T
              x={narrow ? 0 : right + 8 + numbers}
              y={base + 16}
              anchor={narrow ? 'start' : 'end'}
              size={11.5}
              ink={ink}
              soft
            >
              {kind === 'share'
                ? narrow
                  ? ''
                  : 'share of people'
                : kind === 'months'
                  ? narrow
                    ? ''
                    : 'months'
                  : narrow
                    ? ''
                    : 'ratio'}
            </T>
            {rows.map((r, i) => {
              const mid = from + i * lane + (narrow ? 32 : lane / 2);
              const colour = armColour(r.arm, p.order, ink);
              const words = `${show(kind, r.coley)} · ${show(kind, r.published)}`;
              const room = narrow ? width - textWidth(words, 12) - 12 : names;
              return (
                <g key={i} class="published-row">
                  {narrow ? (
                    <g>
                      <T x={0} y={mid - 13} ink={ink}>
                        {clipText(`${measureWords(r)}, ${r.arm}`, room, 12)}
                      </T>
                      <T x={width} y={mid - 13} anchor="end" ink={ink}>
                        {words}
                      </T>
                    </g>
                  ) : (
                    <g>
                      <T x={0} y={mid - 2} ink={ink}>
                        {clipText(measureWords(r), room, 12)}
                      </T>
                      <T x={0} y={mid + 12} size={11.5} ink={ink} fill={colour}>
                        {clipText(r.arm + (r.to ? ` against ${r.to}` : ''), room, 11.5)}
                      </T>
                      <T x={width} y={mid + 4} anchor="end" ink={ink}>
                        {words}
                      </T>
                    </g>
                  )}
                  {r.coley_low !== null && r.coley !== null ? (
                    <Line
                      x1={scale(r.coley_low)}
                      y1={mid - 4}
                      y2={mid - 4}
                      x2={scale(r.coley_high ?? scale.domain()[1])}
                      colour={colour}
                      wide={1.8}
                    />
                  ) : null}
                  {r.coley !== null ? <circle cx={scale(r.coley)} cy={mid - 4} r={4.5} fill={colour} /> : null}
                  {r.inside_from !== undefined && r.inside_to !== undefined ? (
                    <Line
                      x1={scale(r.inside_from)}
                      x2={scale(r.inside_to)}
                      y1={mid + 7}
                      y2={mid + 7}
                      colour={ink.soft}
                      wide={1.2}
                    />
                  ) : null}
                  <path
                    d={`M${scale(r.published)} ${mid + 2}l5 5l-5 5l-5 -5z`}
                    fill={ink.paper}
                    stroke={ink.ink}
                    stroke-width={1.4}
                  />
                </g>
              );
            })}
          </g>
        );
      })}
    </Sheet>
  );
}
