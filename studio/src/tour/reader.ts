// SPDX-License-Identifier: GPL-3.0-or-later
// reader.ts -- reads quantities of a run for the tours: their values on a day, their peaks, the day on which they pass
// a bound.
import type { PatientResult, Quantity } from '../api/types';
import { nearest } from '../chart/cursor';

export class Reader {
  private readonly found = new Map<string, Quantity | undefined>();
  constructor(
    readonly result: PatientResult,
    readonly lesion: string,
  ) {}

  /** The quantity of a symbol: of the lesion that is shown, else of the first, else of the body. */
  quantity(symbol: string): Quantity | undefined {
    if (!this.found.has(symbol)) {
      const all = this.result.quantities;
      const find = (id: string) => all.find((q) => q.id === id);
      this.found.set(symbol, find(`${this.lesion}.${symbol}`) ?? find(symbol) ?? find('L1.' + symbol));
    }
    return this.found.get(symbol);
  }
  has(...symbols: string[]): boolean {
    return symbols.some((s) => this.quantity(s) !== undefined);
  }
  /** The first of these that the run has. */
  one(...symbols: string[]): string {
    return symbols.find((s) => this.has(s)) ?? symbols[0]!;
  }
  at(symbol: string, day: number): number {
    const q = this.quantity(symbol);
    return q ? (q.value[nearest(this.result.day, day)] ?? 0) : 0;
  }
  first(symbol: string): number {
    return this.quantity(symbol)?.value[0] ?? 0;
  }
  get end(): number {
    return this.result.day[this.result.day.length - 1] ?? 0;
  }
  private extreme(symbol: string, sign: number): { day: number; value: number } {
    const values = this.quantity(symbol)?.value ?? [];
    let best = 0;
    for (let i = 1; i < values.length; i++) if (sign * values[i]! > sign * values[best]!) best = i;
    return { day: this.result.day[best] ?? 0, value: values[best] ?? 0 };
  }
  peak(symbol: string) {
    return this.extreme(symbol, 1);
  }
  /** The most from the day after the first dose on: what was there before is not the drug's doing. */
  later(symbol: string): { day: number; value: number } {
    const values = this.quantity(symbol)?.value ?? [];
    const from = this.result.day.findIndex((d) => d >= this.firstDose() + 1);
    let best = Math.max(0, from);
    for (let i = best + 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
    return { day: this.result.day[best] ?? 0, value: values[best] ?? 0 };
  }
  lowest(symbol: string) {
    return this.extreme(symbol, -1);
  }
  /** The first day on which a test holds, else the day given. */
  when(symbol: string, test: (value: number) => boolean, otherwise: number): number {
    const i = this.quantity(symbol)?.value.findIndex(test) ?? -1;
    return i < 0 ? otherwise : this.result.day[i]!;
  }
  firstDose(drug?: RegExp): number {
    return this.result.doses.find((d) => !drug || drug.test(d.drug))?.day ?? 0;
  }
}

export const clamp = (v: number) => Math.min(1, Math.max(0, Number.isFinite(v) ? v : 0));
/** Of 1,000 cells, how many a rate a day kills in one day. */
export const killed = (rate: number) => Math.round(1000 * (1 - Math.exp(-Math.max(0, rate))));
export const of100 = (share: number) => {
  const v = 100 * clamp(share);
  return v > 0 && v < 1 ? 'fewer than 1' : v > 99 && v < 100 ? 'more than 99' : String(Math.round(v));
};
/** How large on a logarithmic scale between two bounds. */
export const logShare = (v: number, low: number, high: number) =>
  v <= low ? 0 : clamp(Math.log(v / low) / Math.log(high / low));
