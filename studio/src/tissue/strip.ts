// SPDX-License-Identifier: GPL-3.0-or-later
// strip.ts -- the foot of the picture: scale bar, time, names of types and colour bars. It is part of the same canvas,
// so that a saved picture or film is what was on the screen.
import { roundLength } from './camera';
import { css, onPaper, ramp, type Ramp } from './ramps';

export interface Bar {
  label: string;
  ramp: Ramp;
  low: number;
  high: number;
  ticks: number[];
}
export interface Strip {
  width: number;
  scale: number;
  um_per_px: number;
  title: string;
  time: string;
  mark: string;
  types: { name: string; colour: string }[];
  bars: Bar[];
  dark: boolean;
  paper: string;
  ink: string;
  muted: string;
  sans: string;
}

const PAD = 12;
const LINE = 20;

export function timeWords(minutes: number): string {
  const m = Math.round(minutes);
  const days = Math.floor(m / 1440), hours = Math.floor((m % 1440) / 60), rest = m % 60;
  const two = (n: number) => String(n).padStart(2, '0');
  return days > 0 ? `${days} d ${two(hours)} h ${two(rest)} min` : `${hours} h ${two(rest)} min`;
}
export const shortNumber = (v: number): string =>
  v === 0 ? '0' : Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3 ? v.toExponential(0).replace('e', '·10^').replace('+', '') : String(Number(v.toPrecision(3)));

/** Draws the strip anew when its words have changed; the canvas carries them in `data-words`. */
export function drawStrip(canvas: HTMLCanvasElement, s: Strip): HTMLCanvasElement {
  const pen = canvas.getContext('2d')!;
  const font = (size: number, weight = 400) => `${weight} ${size}px ${s.sans}`;
  pen.font = font(12);
  const rows = typeRows(pen, s);
  const narrow = s.width < 620;
  const barLines = narrow ? s.bars.length : s.bars.length > 0 ? 1 : 0;
  const height = PAD + rows.length * LINE + (rows.length ? 4 : 0) + 36 + barLines * 40 + (narrow ? 18 : 0) + 4;
  const words = JSON.stringify([s, height]);
  if (canvas.dataset.words === words) return canvas;
  canvas.dataset.words = words;
  canvas.width = Math.round(s.width * s.scale);
  canvas.height = Math.round(height * s.scale);
  pen.setTransform(s.scale, 0, 0, s.scale, 0, 0);
  pen.fillStyle = s.paper;
  pen.fillRect(0, 0, s.width, height);
  pen.fillStyle = s.muted;
  pen.globalAlpha = 0.35;
  pen.fillRect(0, 0, s.width, 1);
  pen.globalAlpha = 1;
  pen.textBaseline = 'alphabetic';
  let y = PAD;
  for (const row of rows) {
    for (const item of row) {
      pen.fillStyle = css(onPaper(item.colour, s.dark));
      pen.beginPath();
      pen.arc(item.x + 5, y + 7, 5, 0, 7);
      pen.fill();
      pen.fillStyle = s.ink;
      pen.font = font(12);
      pen.fillText(item.name, item.x + 15, y + 11.5);
    }
    y += LINE;
  }
  if (rows.length) y += 4;
  const wide = (s.width - 2 * PAD - (s.bars.length - 1) * 28) / Math.max(1, s.bars.length);
  s.bars.forEach((bar, i) => {
    const room = narrow ? s.width - 2 * PAD : Math.min(360, wide);
    const x = narrow ? PAD : PAD + i * (room + 28);
    drawBar(pen, bar, x, y, room, s, font);
    if (narrow) y += 40;
  });
  if (!narrow && s.bars.length) y += 40;
  scaleBar(pen, s, y, font);
  return canvas;
}

function typeRows(pen: CanvasRenderingContext2D, s: Strip): { name: string; colour: string; x: number }[][] {
  const rows: { name: string; colour: string; x: number }[][] = [];
  let x = Infinity;
  for (const t of s.types) {
    const wide = pen.measureText(t.name).width + 15 + 16;
    if (x + wide > s.width) {
      rows.push([]);
      x = PAD;
    }
    rows[rows.length - 1]!.push({ ...t, x });
    x += wide;
  }
  return rows;
}

function drawBar(pen: CanvasRenderingContext2D, bar: Bar, x: number, y: number, wide: number, s: Strip,
  font: (size: number, weight?: number) => string): void {
  pen.font = font(12);
  pen.fillStyle = s.ink;
  pen.fillText(bar.label, x, y + 10);
  for (let i = 0; i < wide; i++) {
    pen.fillStyle = css(ramp(bar.ramp, s.dark, i / (wide - 1)));
    pen.fillRect(x + i, y + 15, 1.5, 8);
  }
  pen.strokeStyle = s.muted;
  pen.lineWidth = 0.6;
  pen.strokeRect(x, y + 15, wide, 8);
  pen.fillStyle = s.muted;
  pen.font = font(11);
  const span = bar.high - bar.low || 1;
  for (const t of bar.ticks) {
    const at = x + ((t - bar.low) / span) * wide;
    const text = shortNumber(t);
    const w = pen.measureText(text).width;
    pen.fillRect(Math.min(x + wide - 0.6, at), y + 23, 0.8, 3);
    pen.fillText(text, Math.min(x + wide - w, Math.max(x, at - w / 2)), y + 35);
  }
}

function scaleBar(pen: CanvasRenderingContext2D, s: Strip, y: number, font: (size: number, weight?: number) => string): void {
  const long = roundLength(Math.min(170, s.width * 0.3) * s.um_per_px);
  const px = long / s.um_per_px;
  pen.fillStyle = s.ink;
  pen.fillRect(PAD, y + 16, px, 3);
  pen.font = font(12);
  const label = long >= 1000 ? `${long / 1000} mm` : `${Number(long.toPrecision(2))} µm`;
  pen.fillText(label, PAD, y + 11);
  const from = PAD + Math.max(px, pen.measureText(label).width) + 22;
  pen.font = font(13, 600);
  pen.fillText(s.time, from, y + 19);
  const at = from + pen.measureText(s.time).width + 14;
  pen.font = font(12);
  pen.fillStyle = s.muted;
  const room = s.width - PAD;
  const mark = pen.measureText(s.mark).width;
  if (s.width < 620) {
    pen.fillText(clip(pen, s.title, room - at), at, y + 19);
    pen.fillText(clip(pen, s.mark, room - PAD), PAD, y + 38);
  } else {
    pen.fillText(clip(pen, s.title, room - at - mark - 20), at, y + 19);
    pen.fillText(s.mark, room - mark, y + 19);
  }
}

function clip(pen: CanvasRenderingContext2D, words: string, room: number): string {
  if (pen.measureText(words).width <= room) return words;
  let n = words.length;
  while (n > 0 && pen.measureText(words.slice(0, n) + '…').width > room) n--;
  return n > 2 ? words.slice(0, n).trimEnd() + '…' : '';
}
