// SPDX-License-Identifier: GPL-3.0-or-later
// frames.ts -- brings the moments of a tissue from the server, and keeps the last ones.
import { getBytes } from '../api/client';
import type { TissueMeta } from '../api/types';

export interface Frame {
  n: number;
  cells: ArrayBuffer;
  words: Uint16Array;
  radii: Float32Array | null;
  values: Float32Array | null;
  field: Float32Array | null;
}

/** What is kept of moments that were shown. */
const KEEP = 96 * 2 ** 20;

export class Frames {
  private parts = new Map<string, Promise<ArrayBuffer>>();
  private sizes = new Map<string, number>();
  private bytes = 0;

  constructor(
    readonly run: string,
    readonly meta: TissueMeta,
  ) {}

  private part(path: string): Promise<ArrayBuffer> {
    const known = this.parts.get(path);
    if (known) {
      this.parts.delete(path);
      this.parts.set(path, known);
      return known;
    }
    const asked = getBytes(`runs/${encodeURIComponent(this.run)}/frames/${path}`).then(({ bytes }) => {
      this.sizes.set(path, bytes.byteLength);
      this.bytes += bytes.byteLength;
      this.forget();
      return bytes;
    });
    asked.catch(() => this.parts.delete(path));
    this.parts.set(path, asked);
    return asked;
  }

  private forget(): void {
    for (const path of this.parts.keys()) {
      if (this.bytes < KEEP) return;
      this.bytes -= this.sizes.get(path) ?? 0;
      this.sizes.delete(path);
      this.parts.delete(path);
    }
  }

  has(attribute: string): boolean {
    return this.meta.attributes.some((a) => a.name === attribute);
  }

  private latest: { key: string; frame: Frame } | null = null;

  /** A moment with what the picture needs of it. Asked for again it is the same object, so that nothing is drawn twice. */
  async frame(n: number, attribute: string | null, field: string | null): Promise<Frame> {
    const key = `${n}:${attribute}:${field}`;
    if (this.latest?.key === key) return this.latest.frame;
    const floats = (path: string) => this.part(path).then((bytes) => new Float32Array(bytes));
    const size = this.has('radius') ? 'radius' : ['total_volume', 'volume'].find((a) => this.has(a));
    const [cells, sizes, values, data] = await Promise.all([
      this.part(`${n}/cells`),
      size ? floats(`${n}/attribute/${encodeURIComponent(size)}`) : null,
      attribute ? floats(`${n}/attribute/${encodeURIComponent(attribute)}`) : null,
      field ? floats(`${n}/field/${encodeURIComponent(field)}`) : null,
    ]);
    const radii = size && size !== 'radius' && sizes ? sizes.map((v) => Math.cbrt((3 * v) / (4 * Math.PI))) : sizes;
    const frame = { n, cells, words: new Uint16Array(cells), radii, values, field: data };
    this.latest = { key, frame };
    return frame;
  }

  async ids(n: number): Promise<Uint32Array> {
    return new Uint32Array(await this.part(`${n}/attribute/ids`));
  }
}

export const typeOf = (f: Frame, i: number): number => f.words[i * 4 + 3]! & 255;
export const stateOf = (f: Frame, i: number): number => f.words[i * 4 + 3]! >> 8;
export function placeOf(f: Frame, i: number, domain: number[]): [number, number, number] {
  return [0, 1, 2].map((k) => domain[k]! + ((domain[k + 3]! - domain[k]!) * f.words[i * 4 + k]!) / 65535) as [number, number, number];
}

/** Cells of each type: all, and those that live. */
export function count(f: Frame, types: number): { all: number[]; live: number[] } {
  const all = new Array<number>(types).fill(0);
  const live = new Array<number>(types).fill(0);
  for (let i = 3; i < f.words.length; i += 4) {
    const type = f.words[i]! & 255;
    all[type]!++;
    if (f.words[i]! >> 8 === 0) live[type]!++;
  }
  return { all, live };
}
