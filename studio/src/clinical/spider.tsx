// SPDX-License-Identifier: GPL-3.0-or-later
// Spider: a line a person, the change of the sum of diameters at each scan. Scans are joined, never carried on.
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { JSX } from 'preact';
import {
  ArmHead,
  AxisX,
  AxisY,
  BEST,
  BEST_WORDS,
  bestColour,
  type Ink,
  LegendBlock,
  legendRows,
  Line,
  Note,
  number,
  Sheet,
  timeTicks,
  usePicks,
} from './draw';
import type { Table } from '../chart/export';
import type { Person } from './types';

export const DAYS_A_MONTH = 365.25 / 12;
const CUT = 150;

export function spiderPeople(people: Person[]): Person[] {
  return people.filter((p) => p.sum.day.length > 1);
}

export function spiderTable(people: Person[]): Table {
  const rows: (string | number | null)[][] = [];
  for (const p of spiderPeople(people))
    p.sum.day.forEach((d, i) => rows.push([p.id, p.arm, p.best, d, p.sum.change_pct[i]]));
  return { head: ['person', 'arm', 'best response', 'day', 'change [%]'], rows };
}

interface Props {
  people: Person[];
  width: number;
  ink: Ink;
  arm?: string;
  colour?: string;
  onPick?: (person: Person) => void;
}

export function Spider({ people, width, ink, arm, colour, onPick }: Props): JSX.Element {
  const list = spiderPeople(people);
  const picks = usePicks(list.length, onPick ? (i) => onPick(list[i]) : undefined);
  const legend = BEST.filter((b) => list.some((p) => p.best === b)).map((b) => ({
    name: BEST_WORDS[b],
    colour: bestColour(b),
    shape: 'line' as const,
  }));
  const keys = legendRows(legend, width);
  const left = 52,
    right = width - 8,
    head = arm ? 22 : 0,
    top = head + keys.height + 12;
  const height = top + (width < 560 ? 250 : 300) + 40,
    base = height - 40;
  const most = Math.max(1, ...list.map((p) => p.sum.day[p.sum.day.length - 1])) / DAYS_A_MONTH;
  const x = scaleLinear([0, most], [left, right]);
  const y = scaleLinear([CUT, -100], [top, base]);
  const shape = line<[number, number | null]>()
    .defined((d) => d[1] !== null)
    .x((d) => x(Math.max(0, d[0] - 1) / DAYS_A_MONTH))
    .y((d) => y(Math.min(CUT, d[1] as number)));
  const chosen = list[picks.at];
  const path = (p: Person): string => shape(p.sum.day.map((d, i) => [d, p.sum.change_pct[i]])) ?? '';
  const end = chosen ? chosen.sum.day.length - 1 : 0;
  return (
    <Sheet
      width={width}
      height={height}
      ink={ink}
      picks={picks}
      onPointerLeave={() => picks.set(-1)}
      label={
        `Spider${arm ? ' of ' + arm : ''}: the change of the sum of diameters of ${list.length} people over ` +
        `${number(most, 0)} months; arrows go from person to person, Enter opens one.`
      }
    >
      <ArmHead arm={arm} n={people.length} colour={colour} ink={ink} />
      <LegendBlock items={legend} x={0} y={head} width={width} ink={ink} />
      <AxisY
        at={y}
        ticks={[150, 100, 50, 0, -50, -100]}
        x={left}
        to={right}
        ink={ink}
        show={(t) => (t > 0 ? '+' : '') + number(t, 0) + ' %'}
      />
      <AxisX
        at={x}
        ticks={timeTicks(most, right - left)}
        y={base}
        from={left}
        to={right}
        ink={ink}
        label="months since the first scan"
      />
      <Line x1={left} x2={right} y1={y(20)} y2={y(20)} colour={ink.ink} dash="3 3" wide={0.8} />
      <Line x1={left} x2={right} y1={y(-30)} y2={y(-30)} colour={ink.ink} dash="3 3" wide={0.8} />
      {list.map((p, i) => (
        <g
          key={p.id}
          data-person={p.id}
          {...picks.mark(i, `person ${p.id}, ${p.best}, ${number(p.best_change_pct, 0)} percent at best`)}
        >
          <path d={path(p)} stroke="transparent" stroke-width={9} fill="none" />
          <path
            class="leg"
            d={path(p)}
            stroke={bestColour(p.best)}
            fill="none"
            stroke-linejoin="round"
            stroke-width={1.2}
            stroke-opacity={chosen && chosen !== p ? 0.25 : 0.85}
          />
        </g>
      ))}
      {chosen ? (
        <g pointer-events="none">
          <path d={path(chosen)} stroke={bestColour(chosen.best)} stroke-width={2.6} fill="none" />
          {chosen.sum.day.map((d, i) =>
            chosen.sum.change_pct[i] === null ? null : (
              <circle
                key={d}
                r={3}
                cx={x(Math.max(0, d - 1) / DAYS_A_MONTH)}
                cy={y(Math.min(CUT, chosen.sum.change_pct[i] as number))}
                fill={ink.paper}
                stroke={bestColour(chosen.best)}
                stroke-width={1.6}
              />
            ),
          )}
          <Note
            x={x(chosen.sum.day[end] / DAYS_A_MONTH)}
            y={y(Math.min(CUT, chosen.sum.change_pct[end] ?? 0))}
            width={width}
            ink={ink}
            lines={[
              `Person ${chosen.id}`,
              `${BEST_WORDS[chosen.best] ?? chosen.best}`,
              `last ${number(chosen.sum.change_pct[end], 0)} % on day ${number(chosen.sum.day[end], 0)}`,
            ]}
          />
        </g>
      ) : null}
    </Sheet>
  );
}
