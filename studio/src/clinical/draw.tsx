// SPDX-License-Identifier: GPL-3.0-or-later
// What the clinical charts share: inks, axes, words for numbers, and picking one mark of many by mouse or by keys.
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { shown } from '../app/theme';
import { colourOf } from '../chart/colours';

export interface Ink {
  dark: boolean;
  paper: string;
  ink: string;
  soft: string;
  rule: string;
  grid: string;
}

export const LIGHT: Ink = {
  dark: false,
  paper: '#ffffff',
  ink: '#16181a',
  soft: '#5a5f64',
  rule: '#a9aca8',
  grid: '#e9e9e4',
};
export const DARK: Ink = {
  dark: true,
  paper: '#121416',
  ink: '#e9e9e4',
  soft: '#a3a8ad',
  rule: '#5c6268',
  grid: '#282c30',
};

/** The inks of the page as it is shown; a chart that reads them is drawn again when the page turns dark. */
export const inkNow = (): Ink => (shown.value === 'dark' ? DARK : LIGHT);

/** Okabe and Ito's colours in the order in which arms take them. */
const ARMS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];
const ARMS_DARK = ['#56B4E9', '#F08A3C', '#2FC497', '#E39BC3', '#F0B93A', '#3F8FD0'];

/** An arm's colour: the same on each chart of its trial, by its place in the trial's own list. */
export function armColour(arm: string, arms: string[], ink: Ink): string {
  const at = Math.max(0, arms.indexOf(arm));
  const list = ink.dark ? ARMS_DARK : ARMS;
  return list[at % list.length];
}

/** Best responses, from a colour that stands for gone to one that stands for growing. */
export const BEST = ['CR', 'PR', 'SD', 'PD', 'NE'];
export const BEST_WORDS: Record<string, string> = {
  CR: 'complete response',
  PR: 'partial response',
  SD: 'stable disease',
  PD: 'progression',
  NE: 'not evaluable',
};
export const bestColour = (best: string): string => colourOf(BEST.includes(best) ? best : 'NE');

export function number(x: number | null | undefined, digits = 1): string {
  if (x === null || x === undefined || !isFinite(x)) return '–';
  const text = x.toFixed(digits);
  return text.startsWith('-') ? (Number(text) === 0 ? text.slice(1) : '−' + text.slice(1)) : text;
}
export const percent = (x: number | null | undefined, digits = 0): string =>
  x === null || x === undefined || !isFinite(x) ? '–' : number(100 * x, digits) + ' %';

/** `7.6 (4.1 to 14.5)`; an end that was not reached says so. */
export function interval(value: number | null, low: number | null, high: number | null, digits = 1): string {
  if (value === null) return low === null ? 'not reached' : `not reached (from ${number(low, digits)} on)`;
  if (low === null && high === null) return number(value, digits);
  return `${number(value, digits)} (${number(low, digits)} to ${high === null ? 'not reached' : number(high, digits)})`;
}

let pen: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** How wide a text will be in the type of the page, pixels. */
export function textWidth(text: string, size: number): number {
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return text.length * size * 0.58;
  const key = size + text;
  let wide = widths.get(key);
  if (wide === undefined) {
    if (widths.size > 4000) widths.clear();
    pen.font = `${size}px ${getComputedStyle(document.documentElement).getPropertyValue('--sans') || 'sans-serif'}`;
    wide = pen.measureText(text).width;
    widths.set(key, wide);
  }
  return wide;
}

/** A text that is cut where its room ends. */
export function clipText(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  let n = text.length;
  while (n > 2 && textWidth(text.slice(0, n) + '…', size) > room) n--;
  return text.slice(0, n).trimEnd() + '…';
}

/** A sorted list of x, and where one falls in it: the last index whose x is at or before it, or -1. */
export function before(list: number[], x: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

interface TextProps {
  x: number;
  y: number;
  ink: Ink;
  children: ComponentChildren;
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
  soft?: boolean;
  bold?: boolean;
  fill?: string;
  turn?: number;
}
export function T(p: TextProps): JSX.Element {
  return (
    <text
      x={p.x}
      y={p.y}
      text-anchor={p.anchor ?? 'start'}
      style={{
        fontSize: `${p.size ?? 12}px`,
        fill: p.fill ?? (p.soft ? p.ink.soft : p.ink.ink),
        fontWeight: p.bold ? 600 : 400,
      }}
      transform={p.turn ? `rotate(${p.turn} ${p.x} ${p.y})` : undefined}
    >
      {p.children}
    </text>
  );
}

export function Line(p: {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  colour: string;
  wide?: number;
  dash?: string;
}): JSX.Element {
  return (
    <line
      x1={p.x1}
      y1={p.y1}
      x2={p.x2}
      y2={p.y2}
      stroke={p.colour}
      stroke-width={p.wide ?? 1}
      stroke-dasharray={p.dash}
    />
  );
}

type Scale = (x: number) => number;

export function AxisX(p: {
  at: Scale;
  ticks: number[];
  y: number;
  from: number;
  to: number;
  ink: Ink;
  label?: string;
  show?: (x: number) => string;
}): JSX.Element {
  return (
    <g>
      <Line x1={p.from} x2={p.to} y1={p.y} y2={p.y} colour={p.ink.rule} />
      {p.ticks.map((t) => (
        <g key={t}>
          <Line x1={p.at(t)} x2={p.at(t)} y1={p.y} y2={p.y + 5} colour={p.ink.rule} />
          <T x={p.at(t)} y={p.y + 18} anchor="middle" ink={p.ink} soft>
            {p.show ? p.show(t) : number(t, 0)}
          </T>
        </g>
      ))}
      {p.label ? (
        <T x={p.to} y={p.y + 34} anchor="end" ink={p.ink} soft>
          {p.label}
        </T>
      ) : null}
    </g>
  );
}

export function AxisY(p: {
  at: Scale;
  ticks: number[];
  x: number;
  to: number;
  ink: Ink;
  show?: (x: number) => string;
  label?: string;
  top?: number;
}): JSX.Element {
  return (
    <g>
      {p.ticks.map((t) => (
        <g key={t}>
          <Line x1={p.x} x2={p.to} y1={p.at(t)} y2={p.at(t)} colour={p.ink.grid} />
          <T x={p.x - 7} y={p.at(t) + 4} anchor="end" ink={p.ink} soft>
            {p.show ? p.show(t) : number(t, 0)}
          </T>
        </g>
      ))}
      {p.label ? (
        <T x={0} y={p.top ?? 12} ink={p.ink} soft>
          {p.label}
        </T>
      ) : null}
    </g>
  );
}

/** The months or days at which an axis of time has ticks: whole, round, and not too many for the room. */
export function timeTicks(most: number, room: number): number[] {
  const steps = [1, 2, 3, 6, 12, 24, 36, 60, 120, 240];
  const wanted = Math.max(2, Math.floor(room / 56));
  const step = steps.find((s) => most / s <= wanted) ?? 240;
  const ticks: number[] = [];
  for (let t = 0; t <= most + 1e-9; t += step) ticks.push(t);
  return ticks;
}

export interface Legend {
  name: string;
  colour: string;
  shape?: 'box' | 'line' | 'dash' | 'dot' | 'ring' | 'cross' | 'diamond' | 'arrow';
  note?: string;
}

/** Legends flow over lines as words do; the height that they take comes first. */
export function legendRows(
  items: Legend[],
  width: number,
  size = 12,
): { rows: { item: Legend; x: number }[][]; height: number } {
  const rows: { item: Legend; x: number }[][] = [[]];
  let x = 0;
  for (const item of items) {
    const wide = 22 + textWidth(item.name + (item.note ? '  ' + item.note : ''), size) + 14;
    if (x > 0 && x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows[rows.length - 1].push({ item, x });
    x += wide;
  }
  return { rows, height: items.length ? rows.length * 19 + 4 : 0 };
}

export function LegendKey(p: { shape?: Legend['shape']; x: number; y: number; colour: string; ink: Ink }): JSX.Element {
  const { x, y, colour } = p;
  switch (p.shape) {
    case 'line':
      return <Line x1={x} x2={x + 16} y1={y} y2={y} colour={colour} wide={2.2} />;
    case 'dash':
      return <Line x1={x} x2={x + 16} y1={y} y2={y} colour={colour} wide={1.6} dash="4 3" />;
    case 'dot':
      return <circle cx={x + 8} cy={y} r={4} fill={colour} />;
    case 'ring':
      return <circle cx={x + 8} cy={y} r={4} fill={p.ink.paper} stroke={colour} stroke-width={1.6} />;
    case 'cross':
      return <path d={`M${x + 4} ${y - 4}l8 8m0 -8l-8 8`} stroke={colour} stroke-width={1.8} fill="none" />;
    case 'diamond':
      return <path d={`M${x + 8} ${y - 5}l5 5l-5 5l-5 -5z`} fill={p.ink.paper} stroke={colour} stroke-width={1.6} />;
    case 'arrow':
      return <path d={`M${x + 3} ${y - 4}l8 4l-8 4z`} fill={colour} />;
    default:
      return <rect x={x + 2} y={y - 5} width={12} height={10} fill={colour} />;
  }
}

export function LegendBlock(p: { items: Legend[]; x: number; y: number; width: number; ink: Ink }): JSX.Element {
  const { rows } = legendRows(p.items, p.width);
  return (
    <g>
      {rows.map((row, i) => (
        <g key={i}>
          {row.map(({ item, x }) => (
            <g key={item.name}>
              <LegendKey shape={item.shape} x={p.x + x} y={p.y + 8 + i * 19} colour={item.colour} ink={p.ink} />
              <text x={p.x + x + 22} y={p.y + 12 + i * 19} style={{ fontSize: '12px', fill: p.ink.ink }}>
                {item.name}
                {item.note ? <tspan style={{ fill: p.ink.soft }}>{'  ' + item.note}</tspan> : null}
              </text>
            </g>
          ))}
        </g>
      ))}
    </g>
  );
}

/** The sheet of a chart. Its label says in words what the picture shows. */
export function Sheet(p: {
  width: number;
  height: number;
  ink: Ink;
  label: string;
  children: ComponentChildren;
  picks?: Picks;
  onPointerMove?: (e: PointerEvent) => void;
  onPointerLeave?: () => void;
  onKeyDown?: (e: KeyboardEvent) => void;
}): JSX.Element {
  const picks = p.picks;
  return (
    <svg
      class="clinical"
      data-chart
      viewBox={`0 0 ${p.width} ${p.height}`}
      width={p.width}
      height={p.height}
      role={picks ? 'listbox' : 'img'}
      aria-label={p.label}
      tabindex={picks || p.onKeyDown ? 0 : undefined}
      aria-activedescendant={picks?.active}
      onKeyDown={picks ? picks.onKeyDown : p.onKeyDown}
      onPointerMove={p.onPointerMove}
      onPointerLeave={p.onPointerLeave}
      onBlur={picks?.onBlur}
    >
      {p.children}
    </svg>
  );
}

export interface Picks {
  at: number;
  set: (at: number) => void;
  active: string | undefined;
  onKeyDown: (e: KeyboardEvent) => void;
  onBlur: () => void;
  /** What the mark with this number needs to be an option that keys and the mouse reach. */
  mark: (at: number, label: string) => Record<string, unknown>;
}

let sheets = 0;

/** One of many marks: arrows go from one to the next, Enter opens it, a click opens it. */
export function usePicks(count: number, onPick?: (at: number) => void): Picks {
  const [at, set] = useState(-1);
  const [name] = useState(() => `pick${++sheets}`);
  const onKeyDown: (e: KeyboardEvent) => void = (e) => {
    const step: Record<string, number> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
    };
    if (e.key in step) set(Math.min(count - 1, Math.max(0, at + step[e.key])));
    else if (e.key === 'Home') set(0);
    else if (e.key === 'End') set(count - 1);
    else if (e.key === 'Escape') set(-1);
    else if ((e.key === 'Enter' || e.key === ' ') && at >= 0) onPick?.(at);
    else return;
    e.preventDefault();
  };
  const mark = (i: number, label: string): Record<string, unknown> => ({
    id: `${name}-${i}`,
    role: 'option',
    'aria-selected': i === at,
    'aria-label': label,
    onPointerEnter: () => set(i),
    onClick: onPick ? () => onPick(i) : undefined,
    cursor: onPick ? 'pointer' : undefined,
  });
  return {
    at,
    set,
    active: at >= 0 && at < count ? `${name}-${at}` : undefined,
    onKeyDown,
    onBlur: () => set(-1),
    mark,
  };
}

/** A note that stands beside a mark, inside the sheet whatever the place. */
export function Note(p: { x: number; y: number; width: number; lines: string[]; ink: Ink }): JSX.Element {
  const wide = Math.min(p.width - 4, Math.max(...p.lines.map((l) => textWidth(l, 12))) + 18);
  const high = p.lines.length * 16 + 10;
  const x = Math.min(Math.max(2, p.x + 10), p.width - wide - 2);
  const y = p.y - high - 8 < 0 ? p.y + 12 : p.y - high - 8;
  return (
    <g pointer-events="none" data-screen>
      <rect x={x} y={y} width={wide} height={high} rx={2} fill={p.ink.paper} stroke={p.ink.rule} />
      {p.lines.map((l, i) => (
        <T key={i} x={x + 9} y={y + 18 + i * 16} ink={p.ink} bold={i === 0}>
          {l}
        </T>
      ))}
    </g>
  );
}

/** The name of the arm that a chart is of, over it. */
export function ArmHead(p: { arm?: string; n: number; colour?: string; ink: Ink }): JSX.Element | null {
  return p.arm ? (
    <text x={0} y={13} style={{ fontSize: '13px', fontWeight: 600, fill: p.colour ?? p.ink.ink }}>
      {p.arm}
      <tspan style={{ fontWeight: 400, fill: p.ink.soft }}>{`   ${p.n} people`}</tspan>
    </text>
  ) : null;
}
