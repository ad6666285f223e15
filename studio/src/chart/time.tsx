// SPDX-License-Identifier: GPL-3.0-or-later
// time.tsx -- lines over days: bands, marks, a cursor that all charts of the page share, a legend that reads the
// values off and turns lines on and off. SVG, so that what is saved is what is seen.
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { plain } from '../ui/figure';
import { AxisX, AxisY } from './axis';
import { cursor, dayTicks, nearest, span } from './cursor';
import { useWidth } from './size';

type Values = (number | null)[];
export interface Line {
  id: string;
  label: string;
  colour: string;
  day: number[];
  value: Values;
  low?: Values;
  high?: Values;
  dash?: string;
  width?: number;
  /** Drawn pale and left out of the legend. */
  faint?: boolean;
  step?: boolean;
}
export interface Mark {
  day: number;
  value: number;
  colour: string;
  label: string;
  hollow?: boolean;
}
export interface Context {
  x: (day: number) => number;
  y: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  days: [number, number];
  range: [number, number];
}
export interface TimeProps {
  label: string;
  lines: Line[];
  unit: string;
  days: [number, number];
  log?: boolean;
  /** How many powers of ten below the largest are worth paper. */
  decades?: number;
  range?: [number, number];
  height?: number;
  marks?: Mark[];
  format?: (value: number) => string;
  under?: (c: Context) => ComponentChildren;
  over?: (c: Context) => ComponentChildren;
  legend?: boolean;
  xAxis?: boolean;
}

export const LEFT = 52;
export const RIGHT = 14;
const MOST_BANDS = 2;

/** The values at most twice as many as there are pixels: the lowest and highest of each column stay. */
function thin(day: number[], width: number, from: number, to: number): number[] {
  const keep: number[] = [];
  const first = Math.max(0, nearest(day, from) - 1);
  const last = Math.min(day.length - 1, nearest(day, to) + 1);
  const step = Math.max(1, Math.floor((last - first) / (2 * width)));
  for (let i = first; i <= last; i += step) keep.push(i);
  if (keep[keep.length - 1] !== last) keep.push(last);
  return keep;
}

export function extent(lines: Line[], log: boolean, decades = 4): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const l of lines)
    for (const list of [l.value, l.low, l.high])
      for (const v of list ?? [])
        if (v !== null && Number.isFinite(v) && (!log || v > 0)) {
          if (v < low) low = v;
          if (v > high) high = v;
        }
  if (!Number.isFinite(low)) return log ? [0.1, 1] : [0, 1];
  if (log) {
    low = Math.max(low, high * 10 ** -decades);
    if (high / low < 10) low = high / 10;
    return [low / 1.2, high * 1.2];
  }
  if (low > 0 && low < high * 0.6) low = 0;
  const pad = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low < 0 ? low - pad : Math.max(0, low - (low === 0 ? 0 : pad)), high + pad];
}

export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((to - from) / 4));
  for (let p = from; p <= to; p += step) ticks.push(10 ** p);
  if (ticks.length < 2) return [low, high].map((v) => Number(v.toPrecision(1)));
  return ticks;
}

export function TimeChart(props: TimeProps) {
  const { ref, width } = useWidth();
  const [hidden, setHidden] = useState<Record<string, boolean>>({});
  const [touched, setTouched] = useState<string | null>(null);
  const height = props.height ?? 190;
  const log = !!props.log;
  const [from, to] = span.value ?? props.days;
  const xAxis = props.xAxis !== false;
  const top = 24;
  const bottom = height - (xAxis ? 22 : 8);
  const right = width - RIGHT;
  const seen = props.lines.filter((l) => !hidden[l.id]);
  const range = props.range ?? extent(seen, log, props.decades);
  const x = scaleLinear([from, to], [LEFT, right]);
  const y = (log ? scaleLog : scaleLinear)(range, [bottom, top]);
  const clip = 'clip-' + props.label.replace(/\W/g, '');
  const at = (v: number | null | undefined) => y(Math.max(log ? range[0] : -Infinity, v ?? NaN));
  const paths = useMemo(
    () =>
      seen.map((l) => {
        const keep = thin(l.day, width, from, to);
        const ok = (i: number, list?: Values) => {
          const v = (list ?? l.value)[i];
          return v !== null && v !== undefined && Number.isFinite(v);
        };
        const band =
          l.low && l.high
            ? area<number>()
                .defined((i) => ok(i, l.low) && ok(i, l.high))
                .x((i) => x(l.day[i]!))
                .y0((i) => at(l.low![i]))
                .y1((i) => at(l.high![i]))(keep)
            : null;
        return {
          l,
          band,
          d: line<number>()
            .defined((i) => ok(i))
            .x((i) => x(l.day[i]!))
            .y((i) => at(l.value[i]))(keep),
        };
      }),
    [props.lines, hidden, width, from, to, range[0], range[1], log, height],
  );
  const context: Context = { x, y, left: LEFT, right, top, bottom, days: [from, to], range };
  const yTicks = log ? logTicks(...range) : y.ticks(height > 220 ? 6 : 4);
  const format = props.format ?? ((v: number) => plain(v, 2));
  const named = props.lines.filter((l) => !l.faint);
  const first = named[0];
  // More bands than a few hide one another: then one is drawn for the line whose name is touched.
  const few = named.filter((l) => l.low).length <= MOST_BANDS;
  const move = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    cursor.value = Math.min(to, Math.max(from, x.invert(event.clientX - box.left + LEFT)));
  };
  return (
    <div class="time" ref={ref}>
      {props.legend !== false && (
        <Legend
          lines={named}
          format={format}
          unit={props.unit}
          hidden={hidden}
          toggle={(id) => setHidden({ ...hidden, [id]: !hidden[id] })}
          touch={setTouched}
        />
      )}
      <div class="time-plot">
        <svg data-chart width={width} height={height} role="img" aria-label={props.label}>
          <clipPath id={clip}>
            <rect x={LEFT - 5} y={top - 4} width={Math.max(0, right - LEFT + 10)} height={bottom - top + 5} />
          </clipPath>
          <AxisY scale={y} at={LEFT} from={LEFT} to={right} ticks={yTicks} format={format} label={props.unit} />
          {xAxis && <AxisX scale={x} at={bottom} from={LEFT} to={right} ticks={dayTicks(from, to, width / 70)} />}
          <g clip-path={`url(#${clip})`}>
            {props.under?.(context)}
            {paths.map(
              ({ l, band }) =>
                band &&
                (few || touched === l.id) && (
                  <path key={l.id} d={band} fill={l.colour} fill-opacity={l.colour.startsWith('var') ? 0.1 : 0.15} />
                ),
            )}
            {paths.map(({ l, d }) => (
              <path
                key={l.id}
                d={d ?? ''}
                fill="none"
                stroke={l.colour}
                stroke-width={l.width ?? (l.faint ? 1 : 1.8)}
                stroke-opacity={l.faint ? 0.22 : touched && touched !== l.id ? 0.3 : 1}
                stroke-dasharray={l.dash}
                stroke-linejoin="round"
              />
            ))}
            {(props.marks ?? []).map((m) => (
              <circle
                key={m.label + m.day}
                cx={x(m.day)}
                cy={at(m.value)}
                r={3.6}
                fill={m.hollow ? 'var(--paper)' : m.colour}
                stroke={m.hollow ? m.colour : 'var(--paper)'}
                stroke-width={m.hollow ? 1.6 : 1}
              >
                <title>{m.label}</title>
              </circle>
            ))}
            {props.over?.(context)}
          </g>
          <CursorLine x={x} top={top} bottom={bottom} />
        </svg>
        <Glass
          label={props.label}
          left={LEFT}
          width={Math.max(1, right - LEFT)}
          height={height}
          days={[from, to]}
          move={move}
          read={(day) =>
            first
              ? named
                  .slice(0, 4)
                  .map((l) => `${l.label} ${format(l.value[nearest(l.day, day)] ?? NaN)}`)
                  .join(', ')
              : ''
          }
        />
      </div>
    </div>
  );
}

/** A line at the cursor's day. It alone is drawn again when the pointer moves. */
export function CursorLine({ x, top, bottom }: { x: (day: number) => number; top: number; bottom: number }) {
  const day = cursor.value;
  if (day === null) return null;
  return (
    <g data-screen class="cursor">
      <line x1={x(day)} x2={x(day)} y1={top - 8} y2={bottom} />
      <text x={x(day)} y={top - 6} text-anchor="middle">
        {Math.round(day)}
      </text>
    </g>
  );
}

/** What takes pointer and keys: arrows go by a day, with shift by a week. */
export function Glass(props: {
  label: string;
  left: number;
  width: number;
  height: number;
  days: [number, number];
  move: (event: PointerEvent) => void;
  read: (day: number) => string;
}) {
  const [from, to] = props.days;
  const key = (event: KeyboardEvent) => {
    const now = cursor.peek() ?? from;
    const by = event.shiftKey ? 7 : 1;
    const next =
      event.key === 'ArrowRight' || event.key === 'ArrowUp'
        ? now + by
        : event.key === 'ArrowLeft' || event.key === 'ArrowDown'
          ? now - by
          : event.key === 'PageUp'
            ? now + 28
            : event.key === 'PageDown'
              ? now - 28
              : event.key === 'Home'
                ? from
                : event.key === 'End'
                  ? to
                  : null;
    if (event.key === 'Escape') cursor.value = null;
    if (next === null) return;
    event.preventDefault();
    cursor.value = Math.round(Math.min(to, Math.max(from, next)));
  };
  return <GlassPane {...props} onKey={key} />;
}
function GlassPane(props: {
  label: string;
  left: number;
  width: number;
  height: number;
  days: [number, number];
  move: (event: PointerEvent) => void;
  read: (day: number) => string;
  onKey: (event: KeyboardEvent) => void;
}) {
  const day = cursor.value;
  const [from, to] = props.days;
  return (
    <div
      class="glass"
      style={{ left: props.left + 'px', width: props.width + 'px', height: props.height + 'px' }}
      role="slider"
      tabIndex={0}
      aria-label={'Day read off in: ' + props.label}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={Math.round(day ?? from)}
      aria-valuetext={`Day ${Math.round(day ?? from)}: ${props.read(day ?? from)}`}
      onPointerMove={props.move}
      onPointerDown={props.move}
      onPointerLeave={() => (cursor.value = null)}
      onKeyDown={props.onKey}
    />
  );
}

function Legend(props: {
  lines: Line[];
  unit: string;
  format: (v: number) => string;
  hidden: Record<string, boolean>;
  toggle: (id: string) => void;
  touch: (id: string | null) => void;
}) {
  const day = cursor.value;
  return (
    <ul class="legend">
      {props.lines.map((l) => {
        const value = day === null ? null : l.value[nearest(l.day, day)];
        return (
          <li key={l.id}>
            <button
              type="button"
              aria-pressed={!props.hidden[l.id]}
              class={props.hidden[l.id] ? 'off' : ''}
              data-legend={props.hidden[l.id] ? undefined : l.colour}
              data-words={l.label}
              onClick={() => props.toggle(l.id)}
              onPointerEnter={() => props.touch(l.id)}
              onPointerLeave={() => props.touch(null)}
              onFocus={() => props.touch(l.id)}
              onBlur={() => props.touch(null)}
            >
              <svg width="18" height="8" aria-hidden="true">
                <line x1="0" x2="18" y1="4" y2="4" stroke={l.colour} stroke-width="2.4" stroke-dasharray={l.dash} />
              </svg>
              {l.label}
              <span class="value">{value === null || value === undefined ? '' : ' ' + props.format(value)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
