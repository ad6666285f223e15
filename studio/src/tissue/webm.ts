// SPDX-License-Identifier: GPL-3.0-or-later
// webm.ts -- writes a WebM file (a part of Matroska): one track of pictures, each with its own moment.

export interface Chunk {
  data: Uint8Array;
  /** Milliseconds from the start. */
  at: number;
  key: boolean;
}

type Part = Uint8Array;

function join(parts: Part[]): Part {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

function bytes(n: number, least = 1): Part {
  const out: number[] = [];
  for (let rest = n; rest > 0 || out.length < least; rest = Math.floor(rest / 256)) out.unshift(rest % 256);
  return new Uint8Array(out);
}

/** An element: its number, its size in eight bytes, what it holds. */
function element(id: number, ...parts: Part[]): Part {
  const body = join(parts);
  const size = bytes(body.length, 8);
  size[0] = 1;
  return join([bytes(id), size, body]);
}
const whole = (id: number, n: number, least = 1): Part => element(id, bytes(n, least));
const words = (id: number, text: string): Part => element(id, new TextEncoder().encode(text));

function double(id: number, value: number): Part {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return element(id, new Uint8Array(view.buffer));
}

/** Clusters begin at pictures that need no other, so that players can go to them. */
function clusters(chunks: Chunk[]): { at: number; part: Part }[] {
  const groups: Chunk[][] = [];
  for (const chunk of chunks) {
    if (chunk.key || groups.length === 0) groups.push([]);
    groups[groups.length - 1]!.push(chunk);
  }
  return groups.map((group) => {
    const from = group[0]!.at;
    const blocks = group.map((c) => {
      const after = Math.round(c.at - from);
      return element(0xa3, new Uint8Array([0x81, (after >> 8) & 255, after & 255, c.key ? 0x80 : 0]), c.data);
    });
    return { at: from, part: element(0x1f43b675, whole(0xe7, Math.round(from)), ...blocks) };
  });
}

/** The file as a whole. Pictures of one cluster must lie within 32 seconds. */
export function webm(width: number, height: number, codec: 'V_VP8' | 'V_VP9', chunks: Chunk[], duration: number): Blob {
  const head = element(0x1a45dfa3, whole(0x4286, 1), whole(0x42f7, 1), whole(0x42f2, 4), whole(0x42f3, 8),
    words(0x4282, 'webm'), whole(0x4287, 4), whole(0x4285, 2));
  const info = element(0x1549a966, whole(0x2ad7b1, 1_000_000), double(0x4489, duration), words(0x4d80, 'Coley'),
    words(0x5741, 'Coley'));
  const track = element(0x1654ae6b, element(0xae, whole(0xd7, 1), whole(0x73c5, 1), whole(0x9c, 0), words(0x86, codec),
    whole(0x83, 1), element(0xe0, whole(0xb0, width), whole(0xba, height))));
  const groups = clusters(chunks);
  const cues = (start: number): Part => {
    let at = start;
    return element(0x1c53bb6b, ...groups.map((g) => {
      const point = element(0xbb, whole(0xb3, Math.round(g.at)), element(0xb7, whole(0xf7, 1), whole(0xf1, at, 8)));
      at += g.part.length;
      return point;
    }));
  };
  const before = info.length + track.length;
  const index = cues(before + cues(0).length);
  return new Blob([head, element(0x18538067, info, track, index, ...groups.map((g) => g.part))] as BlobPart[], {
    type: 'video/webm',
  });
}
