// SPDX-License-Identifier: GPL-3.0-or-later
// Who was screened, who was turned away and by which rule, who was allocated, and how each arm ended.
import type { JSX } from 'preact';
import { armColour, clipText, type Ink, Line, Sheet, T } from './draw';
import type { Table } from '../chart/export';
import type { TrialSummary } from './types';

const DEATHS: Record<string, string> = {
  alive_or_lost: 'alive or lost to follow-up',
  tumour: 'died of the tumour',
  side_effects: 'died of side effects',
  other_causes: 'died of other causes',
};

export function consortTable(s: TrialSummary): Table {
  const rows: (string | number | null)[][] = [['screened', null, s.screened ?? null]];
  for (const r of s.eligibility ?? []) rows.push(['turned away', r.rule, r.removed]);
  rows.push(['eligible', null, s.eligible ?? null]);
  for (const a of s.arms) {
    rows.push(['allocated', a.name, a.people]);
    for (const [k, v] of Object.entries(a.deaths ?? {})) rows.push([DEATHS[k] ?? k, a.name, v]);
  }
  return { head: ['step', 'rule or arm', 'people'], rows };
}

interface BoxProps {
  x: number;
  y: number;
  width: number;
  lines: string[];
  ink: Ink;
  colour?: string;
}
const LINE = 17;
const boxHeight = (lines: number): number => lines * LINE + 13;

function Box(p: BoxProps): JSX.Element {
  return (
    <g>
      <rect
        x={p.x + 0.5}
        y={p.y + 0.5}
        width={p.width - 1}
        height={boxHeight(p.lines.length)}
        fill={p.ink.paper}
        stroke={p.colour ?? p.ink.rule}
        stroke-width={p.colour ? 1.6 : 1}
      />
      {p.lines.map((l, i) => (
        <T key={i} x={p.x + 10} y={p.y + 20 + i * LINE} ink={p.ink} bold={i === 0} soft={i > 0}>
          {clipText(l, p.width - 18, 12)}
        </T>
      ))}
    </g>
  );
}

export function Consort({ summary, width, ink }: { summary: TrialSummary; width: number; ink: Ink }): JSX.Element {
  const s = summary;
  const away = (s.screened ?? 0) - (s.eligible ?? 0);
  const screened = [`${s.screened ?? '–'} screened`];
  const removed = [
    `${away} not eligible`,
    ...(s.eligibility ?? []).filter((r) => r.removed > 0).map((r) => `${r.removed}: not ${r.rule}`),
  ];
  const arms = s.arms.map((a) => [
    `${a.people} ${a.name}`,
    ...Object.entries(a.deaths ?? {})
      .filter(([, v]) => v > 0)
      .map(([k, v]) => `${v} ${DEATHS[k] ?? k}`),
    ...(a.lost_by_the_solver ? [`${a.lost_by_the_solver} could not be computed`] : []),
  ]);
  const narrow = width < 560;
  const trunk = narrow ? 16 : width * 0.25;
  const main = narrow ? width * 0.62 : Math.min(240, width * 0.4);
  const x0 = narrow ? 0 : trunk - main / 2 + width * 0.05;
  const side = narrow ? 34 : x0 + main + 40;
  const stem = narrow ? 16 : x0 + main / 2;
  const total = s.arms.reduce((sum, a) => sum + a.people, 0);
  let y = 2;
  const y1 = y;
  y += boxHeight(1) + 14;
  const y2 = y;
  y += boxHeight(removed.length) + 14;
  const y3 = y;
  const middle = [`${s.eligible ?? total} eligible, ${total} allocated`];
  y += boxHeight(1) + 24;
  const gap = 16;
  const stack = narrow;
  const wide = stack ? width - 34 : (width - gap * (arms.length - 1)) / arms.length;
  const tall = Math.max(...arms.map((a) => boxHeight(a.length)));
  const spots = arms.map((a, i) =>
    stack
      ? { x: 34, y: y + arms.slice(0, i).reduce((sum, b) => sum + boxHeight(b.length) + 10, 0) }
      : { x: i * (wide + gap), y: y + 14 },
  );
  const height = stack ? spots[spots.length - 1].y + boxHeight(arms[arms.length - 1].length) + 4 : y + 14 + tall + 4;
  const c = ink.rule;
  return (
    <Sheet
      width={width}
      height={height}
      ink={ink}
      label={`${screened[0]}; ${removed.join(', ')}; ${middle[0]}; ` + arms.map((a) => a.join(', ')).join('; ')}
    >
      <Line
        x1={stem}
        x2={stem}
        y1={y1}
        y2={narrow ? spots[spots.length - 1].y + 20 : y3 + boxHeight(1) + 14}
        colour={c}
      />
      <Line x1={stem} x2={side} y1={y2 + 18} y2={y2 + 18} colour={c} />
      {stack ? (
        spots.map((q) => <Line key={q.y} x1={stem} x2={q.x} y1={q.y + 18} y2={q.y + 18} colour={c} />)
      ) : (
        <g>
          <Line
            x1={Math.min(stem, spots[0].x + wide / 2)}
            x2={Math.max(stem, spots[spots.length - 1].x + wide / 2)}
            y1={y3 + boxHeight(1) + 14}
            y2={y3 + boxHeight(1) + 14}
            colour={c}
          />
          {spots.map((q) => (
            <Line key={q.x} x1={q.x + wide / 2} x2={q.x + wide / 2} y1={y3 + boxHeight(1) + 14} y2={q.y} colour={c} />
          ))}
        </g>
      )}
      <Box x={x0} y={y1} width={main} lines={screened} ink={ink} />
      <Box x={side} y={y2} width={width - side} lines={removed} ink={ink} />
      <Box x={x0} y={y3} width={main} lines={middle} ink={ink} />
      {arms.map((a, i) => (
        <Box
          key={i}
          x={spots[i].x}
          y={spots[i].y}
          width={wide}
          lines={a}
          ink={ink}
          colour={armColour(
            s.arms[i].name,
            s.arms.map((b) => b.name),
            ink,
          )}
        />
      ))}
    </Sheet>
  );
}
