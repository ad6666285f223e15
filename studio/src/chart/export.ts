// SPDX-License-Identifier: GPL-3.0-or-later
// export.ts -- a figure as SVG, PNG and CSV. What is written is what is on the screen: the SVG of the page with its
// computed style written out. Each file says that it is simulated, and by which version.
import { about } from '../api/client';

export interface Table {
  head: string[];
  rows: (string | number | null)[][];
}

export function mark(): string {
  return `Simulated. Coley ${about.value?.version ?? ''}`.trim() + '. Not medical advice.';
}

const STYLE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'letter-spacing',
  'visibility',
  'display',
  'paint-order',
];
const EDGE = 12;
const NS = 'http://www.w3.org/2000/svg';

function dress(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of STYLE) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
  for (let i = 0; i < from.children.length; i++) dress(from.children[i]!, to.children[i]!);
}

function text(x: number, y: number, size: number, words: string, fill: string, serif = false): SVGTextElement {
  const node = document.createElementNS(NS, 'text');
  node.setAttribute('x', String(x));
  node.setAttribute('y', String(y));
  node.setAttribute('font-size', String(size));
  node.setAttribute('fill', fill);
  node.setAttribute(
    'font-family',
    getComputedStyle(document.documentElement)
      .getPropertyValue(serif ? '--serif' : '--sans')
      .trim(),
  );
  node.textContent = words;
  return node;
}

/** The charts of a figure, below one another, with title, caption and mark. */
export function toSvg(figure: HTMLElement): string {
  const css = getComputedStyle(document.documentElement);
  const ink = css.getPropertyValue('--ink').trim() || '#000';
  const muted = css.getPropertyValue('--muted').trim() || '#555';
  const paper = css.getPropertyValue('--paper').trim() || '#fff';
  const charts = [...figure.querySelectorAll<SVGSVGElement>('svg[data-chart]')];
  const out = document.createElementNS(NS, 'svg');
  out.setAttribute('xmlns', NS);
  const width = Math.max(320, ...charts.map((c) => c.getBoundingClientRect().width)) + 2 * EDGE;
  const title = figure.querySelector('[data-title]')?.textContent ?? '';
  const caption = figure.querySelector('[data-caption]')?.textContent ?? '';
  const paperRect = document.createElementNS(NS, 'rect');
  out.append(paperRect, text(12, 24, 16, title, ink, true));
  let y = 34;
  for (const line of wrap(caption, Math.floor((width - 24) / 6.1))) {
    out.append(text(12, (y += 15) - 3, 12, line, muted));
  }
  y += 10;
  for (const chart of charts) {
    const box = chart.getBoundingClientRect();
    const copy = chart.cloneNode(true) as SVGSVGElement;
    dress(chart, copy);
    for (const node of copy.querySelectorAll('[data-screen]')) node.remove();
    copy.setAttribute('x', String(EDGE));
    copy.setAttribute('y', String(y));
    copy.setAttribute('width', String(box.width));
    copy.setAttribute('height', String(box.height));
    for (const name of ['tabindex', 'data-chart', 'role', 'aria-label']) copy.removeAttribute(name);
    out.append(copy);
    y += box.height + 4;
  }
  for (const item of legend(figure)) {
    const dot = document.createElementNS(NS, 'rect');
    for (const [key, value] of Object.entries({ x: 12, y: y + 4, width: 14, height: 4, fill: item.colour }))
      dot.setAttribute(key, String(value));
    out.append(dot, text(32, y + 10, 11, item.words, ink));
    y += 16;
  }
  y += 20;
  out.append(text(12, y - 4, 10, mark(), muted));
  for (const [key, value] of Object.entries({ width, height: y + 8, viewBox: `0 0 ${width} ${y + 8}` }))
    out.setAttribute(key, String(value));
  for (const [key, value] of Object.entries({ width, height: y + 8, fill: paper }))
    paperRect.setAttribute(key, String(value));
  return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(out);
}

/** A colour that names one of the page's. */
function resolve(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : colour;
}

function legend(figure: HTMLElement): { colour: string; words: string }[] {
  return [...figure.querySelectorAll<HTMLElement>('[data-legend]')].map((node) => ({
    colour: resolve(node.dataset.legend ?? '#000'),
    words: node.dataset.words ?? node.textContent ?? '',
  }));
}

function wrap(words: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(/\s+/)) {
    if (line && (line + ' ' + word).length > width) {
      lines.push(line);
      line = word;
    } else line = line ? line + ' ' + word : word;
  }
  if (line) lines.push(line);
  return lines;
}

export async function toPng(figure: HTMLElement, scale = 2): Promise<Blob> {
  const svg = toSvg(figure);
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    await new Promise<void>((done, fail) => {
      image.onload = () => done();
      image.onerror = () => fail(new Error('The picture could not be drawn.'));
      image.src = url;
    });
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((done, fail) =>
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function toCsv(table: Table): string {
  const cell = (v: string | number | null) =>
    v === null || v === undefined
      ? ''
      : /[",\n]/.test(String(v))
        ? '"' + String(v).replaceAll('"', '""') + '"'
        : String(v);
  const lines = [table.head, ...table.rows].map((row) => row.map(cell).join(','));
  return '# ' + mark() + '\n' + lines.join('\n') + '\n';
}

export function save(name: string, data: Blob | string, type = 'text/plain'): void {
  const blob = typeof data === 'string' ? new Blob([data], { type: type + ';charset=utf-8' }) : data;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
