// SPDX-License-Identifier: GPL-3.0-or-later
// words.ts -- how runs, times, sizes and errors are written.
import { ApiError } from '../api/client';
import type { Problem, Run } from '../api/types';
import { href } from '../app/route';

/** Where the result of a run is looked at. */
export function viewOf(run: Run): string | null {
  if (run.state !== 'done' && !(run.kind === 'tissue' && run.state === 'running')) return null;
  if (run.kind === 'run' || run.kind === 'forecast') return href('patient', { run: run.id });
  if (run.kind === 'tissue') return href('tissue', { run: run.id });
  if (run.kind === 'trial') return href('trial', { run: run.id });
  return null;
}

export const when = (t: string | number | null | undefined) => {
  if (t === null || t === undefined || t === '') return '–';
  const date = new Date(typeof t === 'number' ? t * (t < 1e12 ? 1000 : 1) : t);
  return Number.isNaN(date.getTime()) ? String(t) : date.toISOString().replace('T', ' ').slice(0, 16) + ' UTC';
};

export const problemOf = (error: unknown): Problem =>
  error instanceof ApiError ? error.problem : { message: String(error) };

export const bytes = (n: number) =>
  n < 1000 ? n + ' B' : n < 1e6 ? (n / 1000).toFixed(1) + ' kB' : (n / 1e6).toFixed(1) + ' MB';

/** A message and what to do about it, as two sentences. */
export const sentence = (p: Problem) =>
  [(p.key && !p.message.includes(p.key) ? p.key + ': ' : '') + p.message, p.hint]
    .filter(Boolean)
    .map((s) => s!.replace(/([^.!?])$/, '$1.'))
    .join(' ');

export function where(p: Problem): string {
  return [p.file, p.line, p.column].filter((x) => x !== undefined && x !== null).join(':');
}
