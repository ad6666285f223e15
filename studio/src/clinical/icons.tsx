// SPDX-License-Identifier: GPL-3.0-or-later
// Icon array: of 100 people like these, so many. Filled figures are the count; half-toned ones could be, by the
// interval.
import type { JSX } from 'preact';
import { type Ink, number, Sheet, T } from './draw';
import type { Table } from '../chart/export';

export interface IconCount {
  what: string;
  of100: number;
  low?: number | null;
  high?: number | null;
  until_month?: number | null;
  source?: string;
  colour?: string;
}

export function iconWords(c: IconCount): string {
  const until = c.until_month ? `, by month ${number(c.until_month, 0)}` : '';
  const range =
    c.low !== undefined && c.low !== null && c.high !== undefined && c.high !== null
      ? ` (${number(c.low, 0)} to ${number(c.high, 0)})`
      : '';
  return `${number(c.of100, 0)} of 100${range}${until}`;
}

export function iconTable(list: IconCount[]): Table {
  return {
    head: ['what', 'of 100', 'low', 'high', 'until month'],
    rows: list.map((c) => [c.what, c.of100, c.low ?? null, c.high ?? null, c.until_month ?? null]),
  };
}

/** A head and a body in a box of 10 by 16. */
const BODY =
  'M5 0a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0 -5.2zM1 16v-6.2a3.4 3.4 0 0 1 3.4 -3.4h1.2a3.4 3.4 0 0 1 3.4 3.4v6.2z';

export function IconArray(p: { count: IconCount; width: number; ink: Ink }): JSX.Element {
  const { count, ink } = p;
  const columns = 10,
    rows = 10;
  const cell = Math.min(24, p.width / columns);
  const scale = cell / 16;
  const full = Math.round(count.of100);
  const low = Math.round(count.low ?? full),
    high = Math.round(count.high ?? full);
  const colour = count.colour ?? (ink.dark ? '#56B4E9' : '#0072B2');
  const top = 4,
    high_px = cell * 1.28;
  return (
    <Sheet width={p.width} height={top + rows * high_px + 24} ink={ink} label={`${count.what}: ${iconWords(count)}`}>
      {Array.from({ length: 100 }, (_, i) => {
        const x = (i % columns) * cell + (cell - 10 * scale) / 2,
          y = top + Math.floor(i / columns) * high_px;
        const kind = i < full ? (i < low ? 'sure' : 'counted') : i < high ? 'may' : 'none';
        return (
          <path
            key={i}
            d={BODY}
            transform={`translate(${x} ${y}) scale(${scale})`}
            data-kind={kind}
            fill={kind === 'none' ? ink.grid : kind === 'may' ? 'none' : colour}
            fill-opacity={kind === 'counted' ? 0.72 : 1}
            stroke={kind === 'may' ? colour : 'none'}
            stroke-width={1}
            stroke-dasharray={kind === 'may' ? '1.6 1.2' : undefined}
          />
        );
      })}
      <T x={0} y={top + rows * high_px + 16} ink={ink} bold>
        {iconWords(count)}
      </T>
    </Sheet>
  );
}
