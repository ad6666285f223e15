// SPDX-License-Identifier: GPL-3.0-or-later
// ramps.ts -- colours for numbers. Lightness grows or falls in even steps, so that they read in grey and by any eye.

export type Rgb = [number, number, number];

export function rgb(hex: string): Rgb {
  const text = hex.replace('#', '');
  const full = text.length === 3 ? [...text].map((c) => c + c).join('') : text;
  const n = parseInt(full.slice(0, 6), 16);
  return Number.isFinite(n) ? [n >> 16, (n >> 8) & 255, n & 255] : [127, 127, 127];
}
export const css = (c: Rgb): string => `rgb(${c.map(Math.round).join(',')})`;

function between(stops: string[], t: number): Rgb {
  const at = t * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const a = rgb(stops[i]!);
  const b = rgb(stops[i + 1]!);
  return a.map((v, k) => v + (b[k]! - v) * (at - i)) as Rgb;
}

/** Viridis (van der Walt and Smith), at nine of its places: for what a cell carries; on dark paper without its two darkest. */
const VIRIDIS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'];
/** For fields, which lie under cells of all colours: one muted hue from the colour of the paper. */
const FIELD_LIGHT = ['#ffffff', '#ece8f2', '#d3cbe2', '#b5a9cd', '#9487b5', '#73669a', '#52497b'];
const FIELD_DARK = ['#121416', '#211f30', '#332e4d', '#49426d', '#655c8f', '#877eb2', '#b3abd4'];

export type Ramp = 'value' | 'field';
export function ramp(kind: Ramp, dark: boolean, t: number): Rgb {
  return between(kind === 'value' ? (dark ? VIRIDIS.slice(2) : VIRIDIS) : dark ? FIELD_DARK : FIELD_LIGHT, Math.min(1, Math.max(0, t)));
}
export function rampRow(kind: Ramp, dark: boolean): Uint8Array {
  const row = new Uint8Array(1024);
  for (let i = 0; i < 256; i++) row.set([...ramp(kind, dark, i / 255).map(Math.round), 255], i * 4);
  return row;
}

/** A type's colour on this paper: its own, but never so near to the paper that it can't be seen. */
export function onPaper(colour: string, dark: boolean): Rgb {
  const c = rgb(colour);
  const light = (0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]) / 255;
  if (dark && light < 0.28) return c.map((v) => v + (255 - v) * 0.42) as Rgb;
  if (!dark && light > 0.9) return c.map((v) => v * 0.82) as Rgb;
  return c;
}
