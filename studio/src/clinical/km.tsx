// SPDX-License-Identifier: GPL-3.0-or-later
// Kaplan-Meier: curves with 95 % bands, ticks where people were lost to sight, medians, and the number at risk below.
import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  armColour,
  AxisX,
  AxisY,
  before,
  type Ink,
  interval,
  type Legend,
  LegendBlock,
  legendRows,
  Line,
  Note,
  number,
  percent,
  Sheet,
  T,
  textWidth,
  timeTicks,
} from './draw';
import type { Table } from '../chart/export';
import type { Endpoint, KmArm } from './types';

interface Props {
  arms: Record<string, KmArm>;
  order: string[];
  summary?: Record<string, Endpoint | undefined>;
  width: number;
  ink: Ink;
  what: string;
}

/** The share that the curve stands at, at a moment: the step at or before it. */
export function kmAt(arm: KmArm, t: number): { s: number; low: number | null; high: number | null } {
  const i = before(arm.t, t);
  return i < 0 ? { s: 1, low: 1, high: 1 } : { s: arm.s[i], low: arm.low[i], high: arm.high[i] };
}

export function kmTable(arms: Record<string, KmArm>): Table {
  const rows: (string | number | null)[][] = [];
  for (const [name, arm] of Object.entries(arms))
    arm.t.forEach((t, i) => rows.push([name, t, arm.s[i], arm.low[i], arm.high[i]]));
  return { head: ['arm', 'month', 'share', 'low 95 %', 'high 95 %'], rows };
}

type Scale = (x: number) => number;

function steps(t: number[], v: (number | null)[], x: Scale, y: Scale, end: number): string {
  let path = `M${x(0).toFixed(2)} ${y(1).toFixed(2)}`;
  t.forEach((at, i) => {
    const now = v[i];
    if (now === null) return;
    path += `H${x(at).toFixed(2)}V${y(now).toFixed(2)}`;
  });
  return path + `H${x(end).toFixed(2)}`;
}

function band(arm: KmArm, x: Scale, y: Scale, end: number): string {
  const up: string[] = [`M${x(0)} ${y(1)}`];
  const down: [number, number][] = [[0, 1]];
  let last = 1;
  arm.t.forEach((t, i) => {
    const high = arm.high[i],
      low = arm.low[i];
    if (high === null || low === null) return;
    up.push(`H${x(t).toFixed(2)}V${y(high).toFixed(2)}`);
    down.push([t, last], [t, low]);
    last = low;
  });
  up.push(`H${x(end).toFixed(2)}`);
  down.push([end, last]);
  return (
    up.join('') +
    down
      .reverse()
      .map(([t, v]) => `L${x(t).toFixed(2)} ${y(v).toFixed(2)}`)
      .join('') +
    'Z'
  );
}

function lastTime(arm: KmArm): number {
  return Math.max(0, arm.t[arm.t.length - 1] ?? 0, arm.censor_t[arm.censor_t.length - 1] ?? 0);
}

function AtRisk(p: Props & { x: Scale; y: number; left: number; inline: boolean; ticks: number[] }): JSX.Element {
  const rows = p.inline ? 17 : 33;
  return (
    <g>
      <T x={p.inline ? 0 : p.left} y={p.y} size={11.5} ink={p.ink} soft>
        number at risk
      </T>
      {p.order.map((name, r) => {
        const arm = p.arms[name];
        const y = p.y + 18 + r * rows;
        const colour = armColour(name, p.order, p.ink);
        return (
          <g key={name} class="at-risk" data-arm={name}>
            <T x={p.inline ? 0 : p.left} y={y} size={12} ink={p.ink} fill={colour} bold>
              {name}
            </T>
            {arm.at_risk_t.map((t, i) =>
              p.ticks.includes(t) ? (
                <T
                  key={t}
                  x={p.x(t)}
                  y={p.inline ? y : y + 15}
                  anchor={i === 0 && !p.inline ? 'start' : 'middle'}
                  ink={p.ink}
                >
                  {arm.at_risk[i]}
                </T>
              ) : null,
            )}
          </g>
        );
      })}
    </g>
  );
}

/** Ticks of the axis are moments at which the number at risk is known, thinned to the room. */
function riskTicks(arms: KmArm[], most: number, room: number): number[] {
  const known = arms[0]?.at_risk_t ?? [];
  const wanted = Math.max(2, Math.floor(room / 50));
  const nice = timeTicks(most, room);
  if (nice.every((t) => known.includes(t))) return nice;
  const stride = Math.max(1, Math.ceil(known.length / wanted));
  return known.filter((_, i) => i % stride === 0);
}

export function KaplanMeier(p: Props): JSX.Element {
  const { width, ink } = p;
  const order = p.order.filter((name) => p.arms[name]);
  const arms = order.map((name) => p.arms[name]);
  const [cursor, setCursor] = useState<number | null>(null);
  const legend: Legend[] = order.map((name) => {
    const m = p.summary?.[name]?.median_months;
    return {
      name,
      colour: armColour(name, order, ink),
      shape: 'line',
      note: m ? `median ${interval(m.value, m.low, m.high)}${m.value === null ? '' : ' months'}` : undefined,
    };
  });
  const keys = legendRows(legend, width);
  const longest = Math.max(0, ...order.map((n) => textWidth(n, 12.5)));
  const inline = longest < width * 0.22 && width > 560;
  const left = inline ? Math.max(46, longest + 26) : 46,
    right = width - 14,
    top = keys.height + 12;
  const base = top + (width < 560 ? 230 : 300);
  const height = base + 52 + order.length * (inline ? 17 : 33) + 12;
  const most = Math.max(1, ...arms.map(lastTime), ...arms.map((a) => a.at_risk_t[a.at_risk_t.length - 1] ?? 0));
  const x = scaleLinear([0, most], [left, right]);
  const y = scaleLinear([1, 0], [top, base]);
  const ticks = riskTicks(arms, most, right - left);
  const hr = order.map((n) => ({ n, h: p.summary?.[n]?.hazard_ratio, l: p.summary?.[n]?.logrank_p })).find((e) => e.h);
  // Words stand where the curves are not.
  const low = Math.min(1, ...arms.map((a) => a.s[a.s.length - 1] ?? 1));
  const words =
    low > 0.5
      ? { x: left + 10, y: base - 28, anchor: 'start' as const }
      : { x: right - 2, y: top + 14, anchor: 'end' as const };
  const move: (e: PointerEvent) => void = (e) => {
    const box = (e.currentTarget as Element).getBoundingClientRect();
    const at = x.invert(((e.clientX - box.left) * width) / box.width);
    setCursor(at >= 0 && at <= most ? at : null);
  };
  const keysMove: (e: KeyboardEvent) => void = (e) => {
    const step = e.shiftKey ? 6 : 1;
    if (e.key === 'ArrowRight') setCursor(Math.min(most, (cursor ?? -step) + step));
    else if (e.key === 'ArrowLeft') setCursor(Math.max(0, (cursor ?? step) - step));
    else if (e.key === 'Escape') setCursor(null);
    else return;
    e.preventDefault();
  };
  const read =
    cursor === null
      ? []
      : order.map((name) => {
          const at = kmAt(p.arms[name], cursor);
          return `${name}: ${percent(at.s)}  (${percent(at.low)} to ${percent(at.high)})`;
        });
  return (
    <Sheet
      width={width}
      height={height}
      ink={ink}
      onPointerMove={move}
      onPointerLeave={() => setCursor(null)}
      onKeyDown={keysMove}
      label={`${p.what}, Kaplan-Meier: ${order
        .map((n) => `${n} ${number(100 * kmAt(p.arms[n], 12).s, 0)} percent at 12 ` + 'months')
        .join(', ')}. Left and right read the curves month by month.`}
    >
      <LegendBlock items={legend} x={0} y={0} width={width} ink={ink} />
      <AxisY at={y} ticks={[1, 0.75, 0.5, 0.25, 0]} x={left} to={right} ink={ink} show={(t) => percent(t)} />
      {order.map((name, i) => (
        <path
          key={name}
          d={band(arms[i], x, y, lastTime(arms[i]))}
          stroke="none"
          fill={armColour(name, order, ink)}
          fill-opacity={ink.dark ? 0.16 : 0.11}
        />
      ))}
      {order.map((name, i) => {
        const m = p.summary?.[name]?.median_months.value;
        return m === null || m === undefined ? null : (
          <path
            key={name}
            fill="none"
            stroke={armColour(name, order, ink)}
            stroke-dasharray="3 3"
            d={`M${left} ${y(0.5)}H${x(m)}V${base}`}
          />
        );
      })}
      {order.map((name, i) => (
        <g key={name} class="curve" data-arm={name}>
          <path
            d={steps(arms[i].t, arms[i].s, x, y, lastTime(arms[i]))}
            fill="none"
            stroke-width={2}
            stroke={armColour(name, order, ink)}
            stroke-linejoin="round"
          />
          <path
            class="censored"
            fill="none"
            stroke={armColour(name, order, ink)}
            stroke-width={1.2}
            data-count={arms[i].censor_t.length}
            d={arms[i].censor_t.map((t) => `M${x(t).toFixed(2)} ${(y(kmAt(arms[i], t).s) - 4).toFixed(2)}v8`).join('')}
          />
        </g>
      ))}
      <AxisX at={x} ticks={ticks} y={base} from={left} to={right} ink={ink} />
      <T x={right} y={base + 34} anchor="end" size={11.5} ink={ink} soft>
        {width < 560 ? 'months' : 'months since the first dose'}
      </T>
      {hr?.h ? (
        <g>
          <T x={words.x} y={words.y} anchor={words.anchor} ink={ink}>
            {`hazard ratio ${interval(hr.h.value, hr.h.low, hr.h.high, 2)}`}
          </T>
          {hr.l !== undefined ? (
            <T x={words.x} y={words.y + 16} anchor={words.anchor} ink={ink} soft>
              {`log-rank p ${hr.l < 0.001 ? '< 0.001' : '= ' + number(hr.l, 3)}`}
            </T>
          ) : null}
        </g>
      ) : null}
      <AtRisk {...p} order={order} x={x} y={base + 36} left={left} inline={inline} ticks={ticks} />
      {cursor !== null ? (
        <g pointer-events="none">
          <Line x1={x(cursor)} x2={x(cursor)} y1={top} y2={base} colour={ink.ink} wide={0.8} />
          {order.map((name, i) => (
            <circle
              key={name}
              cx={x(cursor)}
              cy={y(kmAt(arms[i], cursor).s)}
              r={3.5}
              fill={ink.paper}
              stroke={armColour(name, order, ink)}
              stroke-width={2}
            />
          ))}
          <Note x={x(cursor)} y={top + 90} width={width} ink={ink} lines={[`month ${number(cursor, 1)}`, ...read]} />
        </g>
      ) : null}
    </Sheet>
  );
}
