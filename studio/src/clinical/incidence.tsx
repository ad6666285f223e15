// SPDX-License-Identifier: GPL-3.0-or-later
// Cumulative incidence: the share of people in whom a side effect has begun, with death as the competing end.
import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import {
  armColour,
  AxisX,
  AxisY,
  before,
  type Ink,
  type Legend,
  LegendBlock,
  legendRows,
  percent,
  Sheet,
  T,
  timeTicks,
} from './draw';
import type { Table } from '../chart/export';
import type { IncidenceCurve } from './types';

type Incidence = Record<string, Record<string, IncidenceCurve>>;

export function incidenceTable(incidence: Incidence, organs: string[]): Table {
  const rows: (string | number | null)[][] = [];
  for (const [arm, byOrgan] of Object.entries(incidence))
    for (const organ of organs) {
      const c = byOrgan[organ];
      if (c) c.t.forEach((t, i) => rows.push([arm, organ, t, c.any[i], c.grade34[i]]));
    }
  return { head: ['arm', 'organ', 'month', 'any grade', 'grade 3 or 4'], rows };
}

const last = (list: number[]): number => list[list.length - 1] ?? 0;

/** Organs by how many people any arm's last count has. */
export function organOrder(incidence: Incidence): string[] {
  const most: Record<string, number> = {};
  for (const byOrgan of Object.values(incidence))
    for (const [organ, c] of Object.entries(byOrgan)) most[organ] = Math.max(most[organ] ?? 0, last(c.any));
  return Object.keys(most)
    .filter((o) => o === 'all' || most[o] > 0)
    .sort((a, b) => (b === 'all' ? 1 : 0) - (a === 'all' ? 1 : 0) || most[b] - most[a]);
}

interface Props {
  incidence: Incidence;
  organs: string[];
  order: string[];
  width: number;
  ink: Ink;
}

/** Small pictures with the same axes, one an organ: full lines any grade, broken lines grades 3 and 4. */
export function CumulativeIncidence({ incidence, organs, order, width, ink }: Props): JSX.Element {
  const legend: Legend[] = [
    ...order.map((a): Legend => ({ name: a, colour: armColour(a, order, ink), shape: 'line' })),
    { name: 'any grade', colour: ink.soft, shape: 'line' },
    { name: 'grade 3 or 4', colour: ink.soft, shape: 'dash' },
  ];
  const keys = legendRows(legend, width);
  const columns = width > 900 ? 4 : width > 640 ? 3 : 2;
  const gap = 18,
    left = 46,
    wide = (width - left - gap * (columns - 1)) / columns;
  const top = keys.height + 14,
    lane = 152,
    plot = 96;
  const rows = Math.ceil(organs.length / columns);
  const curves = order.flatMap((a) => organs.map((o) => incidence[a]?.[o]).filter(Boolean));
  const most = Math.max(1, ...curves.map((c) => last(c.t)));
  const peak = Math.max(0.05, ...curves.map((c) => last(c.any)));
  const limit = Math.min(1, Math.ceil(peak * 10) / 10);
  const x = scaleLinear([0, most], [0, wide]);
  const y = scaleLinear([limit, 0], [0, plot]);
  const path = (t: number[], v: number[]): string =>
    'M0 ' + y(0) + t.map((at, i) => `H${x(at).toFixed(1)}V${y(v[i]).toFixed(1)}`).join('') + `H${x(most).toFixed(1)}`;
  return (
    <Sheet
      width={width}
      height={top + rows * lane + 6}
      ink={ink}
      label={
        'Cumulative incidence of side effects by ' +
        organs
          .map((o) => `${o}: ${order.map((a) => `${a} ${percent(last(incidence[a]?.[o]?.any ?? []))}`).join(', ')}`)
          .join('; ')
      }
    >
      <LegendBlock items={legend} x={0} y={0} width={width} ink={ink} />
      {organs.map((organ, k) => {
        const column = k % columns,
          row = Math.floor(k / columns);
        return (
          <g
            key={organ}
            class="organ"
            data-organ={organ}
            transform={`translate(${left + column * (wide + gap)} ${top + row * lane + 18})`}
          >
            <T x={0} y={-7} ink={ink} bold>
              {organ === 'all' ? 'any organ' : organ}
            </T>
            <AxisY
              at={y}
              ticks={[0, limit / 2, limit]}
              x={0}
              to={wide}
              ink={ink}
              show={(t) => (column === 0 ? percent(t) : '')}
            />
            <AxisX
              at={x}
              ticks={timeTicks(most, Math.min(wide, 170))}
              y={plot}
              from={0}
              to={wide}
              ink={ink}
              show={(t) => (t === 0 && column > 0 ? '0' : String(t))}
            />
            {order.map((arm) => {
              const c = incidence[arm]?.[organ];
              if (!c) return null;
              const colour = armColour(arm, order, ink);
              return (
                <g key={arm} data-arm={arm}>
                  <path d={path(c.t, c.any)} fill="none" stroke={colour} stroke-width={1.8} />
                  <path
                    d={path(c.t, c.grade34)}
                    fill="none"
                    stroke={colour}
                    stroke-width={1.4}
                    stroke-dasharray="4 3"
                  />
                </g>
              );
            })}
          </g>
        );
      })}
      <T x={width} y={top + rows * lane} anchor="end" size={11.5} ink={ink} soft>
        months since the first dose
      </T>
    </Sheet>
  );
}

/** The share at a moment, for captions and tests. */
export function incidenceAt(c: IncidenceCurve, t: number): { any: number; grade34: number } {
  const i = before(c.t, t);
  return i < 0 ? { any: 0, grade34: 0 } : { any: c.any[i], grade34: c.grade34[i] };
}
