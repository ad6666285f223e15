// SPDX-License-Identifier: GPL-3.0-or-later
// camera.ts -- where one looks from. Parallel projection in both views, so that a scale bar is true everywhere.

export type Vec = [number, number, number];
export interface Camera {
  centre: Vec;
  um_per_px: number;
  /** Turn about the upright axis and tilt, radians; both 0 look straight down at the x-y plane. */
  turn: number;
  tilt: number;
}
export interface Box {
  low: Vec;
  high: Vec;
}
export interface View {
  matrix: Float32Array;
  right: Vec;
  up: Vec;
  towards: Vec;
}

export const size = (b: Box): Vec => [b.high[0] - b.low[0], b.high[1] - b.low[1], b.high[2] - b.low[2]];
export const middle = (b: Box): Vec => [
  (b.high[0] + b.low[0]) / 2,
  (b.high[1] + b.low[1]) / 2,
  (b.high[2] + b.low[2]) / 2,
];

/** The camera that shows all of the box in so many pixels. */
export function fit(box: Box, width: number, height: number, three: boolean): Camera {
  const turned = { centre: middle(box), um_per_px: 1, turn: three ? 0.5 : 0, tilt: three ? 1.05 : 0 };
  const s = size(box);
  const { right, up } = axes(turned);
  const extent = (v: Vec) => Math.abs(v[0]) * s[0] + Math.abs(v[1]) * s[1] + Math.abs(v[2]) * s[2];
  return { ...turned, um_per_px: Math.max(extent(right) / Math.max(1, width), extent(up) / Math.max(1, height)) * 1.04 };
}

/** Axes of the eye in the tissue's own axes: z up when tilted, y up when seen from above. */
export function axes(c: Camera): { right: Vec; up: Vec; towards: Vec } {
  const ct = Math.cos(c.turn), st = Math.sin(c.turn);
  const cp = Math.cos(c.tilt), sp = Math.sin(c.tilt);
  return { right: [ct, st, 0], up: [-st * cp, ct * cp, sp], towards: [st * sp, -ct * sp, cp] };
}

/** From micrometres to clip coordinates; `lift` pixels at the bottom are kept free. */
export function view(c: Camera, width: number, height: number, box: Box, lift: number): View {
  const { right, up, towards } = axes(c);
  const kx = 2 / (c.um_per_px * width);
  const ky = 2 / (c.um_per_px * height);
  const kz = -1 / Math.hypot(...size(box));
  const dot = (v: Vec) => v[0] * c.centre[0] + v[1] * c.centre[1] + v[2] * c.centre[2];
  const m = new Float32Array(16);
  for (let i = 0; i < 3; i++) {
    m[i * 4] = right[i]! * kx;
    m[i * 4 + 1] = up[i]! * ky;
    m[i * 4 + 2] = towards[i]! * kz;
  }
  m[12] = -dot(right) * kx;
  m[13] = -dot(up) * ky + lift / height;
  m[14] = -dot(towards) * kz;
  m[15] = 1;
  return { matrix: m, right, up, towards };
}

/** Moves the picture by pixels. */
export function pan(c: Camera, dx: number, dy: number): Camera {
  const { right, up } = axes(c);
  const centre = c.centre.map((v, i) => v - (right[i]! * dx - up[i]! * dy) * c.um_per_px) as Vec;
  return { ...c, centre };
}

/** Nearer or farther, with the spot under the pointer (pixels from the middle) kept where it is. */
export function zoom(c: Camera, by: number, x: number, y: number, limits: [number, number]): Camera {
  const um_per_px = Math.min(limits[1], Math.max(limits[0], c.um_per_px * by));
  const change = c.um_per_px - um_per_px;
  const { right, up } = axes(c);
  return { ...c, um_per_px, centre: c.centre.map((v, i) => v + (right[i]! * x - up[i]! * y) * change) as Vec };
}

export function orbit(c: Camera, dx: number, dy: number): Camera {
  return { ...c, turn: c.turn - dx * 0.008, tilt: Math.min(Math.PI, Math.max(0, c.tilt - dy * 0.008)) };
}

/** A round length for a scale bar of at most so many micrometres. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2, 1].find((k) => k * power <= most) ?? 1) * power;
}
