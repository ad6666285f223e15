// SPDX-License-Identifier: GPL-3.0-or-later
// pick.ts -- which quantities of a result a chart shows, and in which colour.
import type { PatientResult, Quantity } from '../api/types';
import { OKABE, SERIES } from '../chart/colours';
import type { Line } from '../chart/time';

/** The symbol without its lesion: T_eff of L1.T_eff. */
export const symbol = (id: string) => id.replace(/^L\d+\./, '');
export const lesionOf = (id: string) => /^(L\d+)\./.exec(id)?.[1] ?? null;

const COLOUR: Record<string, string> = {
  T_eff: OKABE.blue,
  T_prog: OKABE.sky,
  T_exh: OKABE.orange,
  T_rm: OKABE.green,
  Th: OKABE.purple,
  Treg: OKABE.red,
  T8_B: OKABE.blue,
  aCD8: OKABE.orange,
  nCD8: OKABE.grey,
  M8: OKABE.green,
  M_rest: OKABE.sky,
  Th_B: OKABE.purple,
  Treg_B: OKABE.red,
  MDSC: OKABE.orange,
  M1: OKABE.blue,
  M2: OKABE.red,
  NK: OKABE.green,
  car_E: OKABE.blue,
  car_M: OKABE.green,
  pd1_mgL: OKABE.blue,
  pdl1_mgL: OKABE.sky,
  ctla4_mgL: OKABE.red,
  lag3_mgL: OKABE.green,
  aPD1_L: OKABE.blue,
  aPDL1_L: OKABE.sky,
  aCTLA4_L: OKABE.red,
  RO_PD1: OKABE.blue,
  RO_PDL1: OKABE.sky,
  RO_CTLA4: OKABE.red,
  RO_CTLA4_LN: OKABE.orange,
  RO_LAG3: OKABE.green,
  IFNg: OKABE.red,
  IL6: OKABE.orange,
};
export const colour = (id: string, index: number) => COLOUR[symbol(id)] ?? SERIES[index % SERIES.length]!;

export function lesions(result: PatientResult): { id: string; label: string }[] {
  return result.quantities
    .filter((q) => symbol(q.id) === 'diameter')
    .map((q) => ({ id: lesionOf(q.id) ?? q.id, label: q.label }));
}
export const find = (result: PatientResult, id: string) => result.quantities.find((q) => q.id === id);

/** Quantities of a group: those of the body and those of the lesion that is shown. */
export function inGroup(result: PatientResult, group: string, lesion: string | null, body = true): Quantity[] {
  return result.quantities.filter((q) => {
    if (q.group !== group) return false;
    const of = lesionOf(q.id);
    return of === null ? body : of === lesion;
  });
}

export function byUnit(list: Quantity[]): { unit: string; list: Quantity[] }[] {
  const units = new Map<string, Quantity[]>();
  for (const q of list) units.set(q.unit, [...(units.get(q.unit) ?? []), q]);
  return [...units].map(([unit, l]) => ({ unit, list: l }));
}

export const UNIT: Record<string, string> = {
  dimensionless: '',
  '1/um2': 'per µm²',
  cell: 'cells',
  '1/day': 'a day',
  'cell/uL': 'cells a µL',
  '1/nL': '1,000 a µL',
};
export const unitWords = (unit: string) => UNIT[unit] ?? unit;

/** Labels without what the chart's title says already. */
export const short = (label: string) => {
  const text = label
    .replace(/ (in|of) lesion \d+$/, '')
    .replace(/ in blood$/, '')
    .replace(/ occupied by antibody/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function toLine(result: PatientResult, q: Quantity, index: number, factor = 1): Line {
  const times = (list?: number[]) => (factor === 1 || !list ? list : list.map((v) => v * factor));
  return {
    id: q.id,
    label: short(q.label),
    colour: colour(q.id, index),
    day: result.day,
    value: times(q.value)!,
    low: times(q.low90),
    high: times(q.high90),
  };
}

/** The same lines of the run that is held, dashed. */
export function held(lines: Line[], a: PatientResult | null, factor = 1): Line[] {
  if (!a) return [];
  return lines.flatMap((l) => {
    const q = find(a, l.id);
    if (!q) return [];
    const value = factor === 1 ? q.value : q.value.map((v) => v * factor);
    return [{ id: 'A.' + l.id, label: l.label + ', A', colour: l.colour, day: a.day, value, dash: '2 3', width: 1.4 }];
  });
}

export function tableOf(lines: Line[], unit: string): { head: string[]; rows: (string | number | null)[][] } {
  const main = lines.filter((l) => !l.faint);
  const days = main[0]?.day ?? [];
  const head = ['day'];
  for (const l of main) {
    head.push(l.label + (unit ? ` [${unit}]` : ''));
    if (l.low) head.push(l.label + ', low 90 %', l.label + ', high 90 %');
  }
  const rows = days.map((day, i) => {
    const row: (string | number | null)[] = [day];
    for (const l of main) {
      const k = l.day === days ? i : l.day.indexOf(day);
      row.push(k < 0 ? null : (l.value[k] ?? null));
      if (l.low) row.push(l.low[i] ?? null, l.high?.[i] ?? null);
    }
    return row;
  });
  return { head, rows };
}
