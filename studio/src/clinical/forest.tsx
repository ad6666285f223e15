// SPDX-License-Identifier: GPL-3.0-or-later
// Forest plot: hazard ratios of parts of the people, on a logarithmic axis, with 95 % intervals.
import { scaleLog } from 'd3-scale';
import type { JSX } from 'preact';
import { clipText, type Ink, interval, Line, Sheet, T } from './draw';
import type { Table } from '../chart/export';
import type { ForestRow } from './types';

export function forestTable(rows: ForestRow[]): Table {
  return {
    head: ['people', 'number', 'hazard ratio', 'low 95 %', 'high 95 %'],
    rows: rows.map((r) => [r.label, r.n, r.hr, r.low, r.high]),
  };
}

const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10];

export function Forest(p: { rows: ForestRow[]; width: number; ink: Ink; favours: [string, string] }): JSX.Element {
  const { rows, width, ink } = p;
  const narrow = width < 560;
  const names = narrow ? 0 : Math.min(220, width * 0.3),
    numbers = narrow ? 0 : 190;
  const lane = narrow ? 44 : 26;
  const left = names + (narrow ? 4 : 50),
    right = width - numbers - 6;
  const top = narrow ? 8 : 26,
    base = top + rows.length * lane;
  const known = rows.filter((r) => r.hr !== null && r.low !== null && r.high !== null && r.low > 0);
  const low = Math.max(0.05, Math.min(0.5, ...known.map((r) => r.low as number)));
  const high = Math.min(20, Math.max(2, ...known.map((r) => r.high as number)));
  const x = scaleLog([low, high], [left, right]).clamp(true);
  const most = Math.max(1, ...rows.map((r) => r.n));
  return (
    <Sheet
      width={width}
      height={base + 56}
      ink={ink}
      label={`Forest plot of hazard ratios: ${rows
        .map((r) => `${r.label} ${interval(r.hr, r.low, r.high, 2)}`)
        .join('; ')}`}
    >
      {narrow ? null : (
        <g>
          <T x={left - 12} y={12} anchor="end" size={11.5} ink={ink} soft>
            people
          </T>
          <T x={width} y={12} anchor="end" size={11.5} ink={ink} soft>
            hazard ratio (95 % interval)
          </T>
        </g>
      )}
      {TICKS.filter((t) => t >= low && t <= high).map((t) => (
        <g key={t}>
          <Line x1={x(t)} x2={x(t)} y1={top} y2={base} colour={ink.grid} />
          <T x={x(t)} y={base + 17} anchor="middle" ink={ink} soft>
            {t}
          </T>
        </g>
      ))}
      <Line x1={left} x2={right} y1={base} y2={base} colour={ink.rule} />
      <Line x1={x(1)} x2={x(1)} y1={top - 4} y2={base} colour={ink.ink} wide={1} />
      {rows.map((r, i) => {
        const y = top + i * lane + (narrow ? 30 : lane / 2);
        const words = r.hr === null ? 'too few events' : interval(r.hr, r.low, r.high, 2);
        const size = 4 + 6 * Math.sqrt(r.n / most);
        return (
          <g key={r.label} class="forest-row">
            {i > 0 ? <Line x1={0} x2={width} y1={top + i * lane} y2={top + i * lane} colour={ink.grid} /> : null}
            {narrow ? (
              <g>
                <T x={0} y={y - 14} ink={ink} bold={i === 0}>
                  {clipText(`${r.label} (${r.n})`, width - 150, 12)}
                </T>
                <T x={width} y={y - 14} anchor="end" ink={ink} soft={r.hr === null}>
                  {words}
                </T>
              </g>
            ) : (
              <g>
                <T x={0} y={y + 4} ink={ink} bold={i === 0}>
                  {clipText(r.label, names, 12)}
                </T>
                <T x={left - 12} y={y + 4} anchor="end" ink={ink} soft>
                  {r.n}
                </T>
                <T x={width} y={y + 4} anchor="end" ink={ink} soft={r.hr === null} bold={i === 0}>
                  {words}
                </T>
              </g>
            )}
            {r.hr !== null && r.low !== null && r.high !== null ? (
              <g>
                <Line x1={x(r.low)} x2={x(r.high)} y1={y} y2={y} colour={ink.ink} wide={1.4} />
                {i === 0 ? (
                  <path d={`M${x(r.hr)} ${y - 7}l7 7l-7 7l-7 -7z`} fill={ink.ink} />
                ) : (
                  <rect x={x(r.hr) - size / 2} y={y - size / 2} width={size} height={size} fill={ink.ink} />
                )}
              </g>
            ) : null}
          </g>
        );
      })}
      <T x={x(1) - 10} y={base + 36} anchor="end" size={11.5} ink={ink} soft>
        {'◂ ' + clipText(p.favours[0], x(1) - left - 10, 11.5)}
      </T>
      <T x={x(1) + 10} y={base + 36} size={11.5} ink={ink} soft>
        {clipText(p.favours[1], right - x(1) + numbers - 20, 11.5) + ' ▸'}
      </T>
    </Sheet>
  );
}
