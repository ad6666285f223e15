// SPDX-License-Identifier: GPL-3.0-or-later
// axis.tsx -- axes as thin as a journal draws them.

export interface Ticks {
  (value: number): number;
  ticks?: (count?: number) => number[];
}
export interface AxisProps {
  scale: Ticks;
  at: number;
  from: number;
  to: number;
  ticks: number[];
  format?: (value: number) => string;
  label?: string;
}

export function AxisX({ scale, at, from, to, ticks, format = String, label }: AxisProps) {
  return (
    <g class="axis">
      <line x1={from} x2={to} y1={at} y2={at} />
      {ticks.map((t) => (
        <g key={t} transform={`translate(${scale(t)},${at})`}>
          <line y2={4} />
          <text y={16} text-anchor="middle">
            {format(t)}
          </text>
        </g>
      ))}
      {label && (
        <text x={to} y={at + 30} text-anchor="end">
          {label}
        </text>
      )}
    </g>
  );
}

export function AxisY({ scale, at, from, to, ticks, format = String, label }: AxisProps) {
  return (
    <>
      <g class="grid">
        {ticks.map((t) => (
          <line key={t} x1={from} x2={to} y1={scale(t)} y2={scale(t)} />
        ))}
      </g>
      <g class="axis">
        {ticks.map((t) => (
          <text key={t} x={at - 8} y={scale(t)} dy="0.32em" text-anchor="end">
            {format(t)}
          </text>
        ))}
        {label && (
          <text x={0} y={10} text-anchor="start">
            {label}
          </text>
        )}
      </g>
    </>
  );
}
