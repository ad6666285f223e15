// SPDX-License-Identifier: GPL-3.0-or-later
// cursor.ts -- one day under the pointer for all charts of a page, and the stretch of days that they show.
import { signal } from '@preact/signals';

/** The day that is read off, or null when no chart is touched. */
export const cursor = signal<number | null>(null);
/** The days shown: null is the whole course. */
export const span = signal<[number, number] | null>(null);

/** The index of the sample nearest to a day. */
export function nearest(days: number[], day: number): number {
  let low = 0;
  let high = days.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (days[middle]! <= day) low = middle;
    else high = middle;
  }
  return Math.abs(days[low]! - day) <= Math.abs((days[high] ?? Infinity) - day) ? low : high;
}

/** Ticks of days that fall on weeks. */
export function dayTicks(from: number, to: number, most: number): number[] {
  const steps = [1, 2, 7, 14, 28, 84, 168, 336, 672, 1344, 3360, 6720];
  const step = steps.find((s) => (to - from) / s <= most) ?? steps[steps.length - 1]!;
  const ticks: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to + 1e-9; t += step) ticks.push(t);
  return ticks;
}
