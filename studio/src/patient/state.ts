// SPDX-License-Identifier: GPL-3.0-or-later
// state.ts -- the person on the page: the scenario, what was changed by hand, the latest answer, and the one that is held as A.
import { batch, computed, signal } from '@preact/signals';
import { ApiError, controls, get, post } from '../api/client';
import type { Control, PatientResult, Problem } from '../api/types';

export type Value = number | string | boolean;
export interface Setting {
  result: PatientResult;
  changes: Record<string, Value>;
  title: string;
}

export const yaml = signal<string | null>(null);
export const source = signal<{ title: string; run?: string; example?: string } | null>(null);
export const changes = signal<Record<string, Value>>({});
/** The controls as the scenario has them before anything is changed. */
export const settings = signal<Control[] | null>(null);
export const standing = computed(() => settings.value ?? controls.value ?? []);
export const result = signal<PatientResult | null>(null);
export const held = signal<Setting | null>(null);
export const busy = signal(false);
export const problem = signal<Problem | null>(null);
/** Milliseconds: of the server's work, and until the answer was here. */
export const timing = signal<{ server: number; all: number } | null>(null);
export const live = computed(() => yaml.value !== null);

export const TWINS = 32;
let flight: AbortController | null = null;

function failed(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  problem.value = error instanceof ApiError ? error.problem : { message: String(error) };
}

/** Asks the server for this person's course; only the latest question counts. */
export async function ask(): Promise<void> {
  if (yaml.value === null) return;
  flight?.abort();
  const mine = (flight = new AbortController());
  busy.value = true;
  const began = performance.now();
  try {
    const answer = await post<PatientResult>('patient', { yaml: yaml.value, set: changes.value, twins: TWINS }, mine.signal);
    batch(() => {
      result.value = answer;
      if (answer.controls && (settings.value === null || Object.keys(changes.value).length === 0)) settings.value = answer.controls;
      problem.value = null;
      timing.value = { server: answer.timing_ms ?? 0, all: performance.now() - began };
    });
  } catch (error) {
    failed(error);
  } finally {
    if (flight === mine) busy.value = false;
  }
}

let waiting = 0;
/** Changes one control; the question goes out when the hand rests for a moment. */
export function change(key: string, value: Value | undefined): void {
  const next = { ...changes.value };
  if (value === undefined) delete next[key];
  else next[key] = value;
  changes.value = next;
  clearTimeout(waiting);
  waiting = setTimeout(() => void ask(), 40) as unknown as number;
}

export function begin(title: string, text: string, more: { run?: string; example?: string } = {}): Promise<void> {
  batch(() => {
    yaml.value = text;
    source.value = { title, ...more };
    changes.value = {};
    settings.value = null;
    problem.value = null;
  });
  return ask();
}

/** A recorded run, as it was. */
export async function open(id: string): Promise<void> {
  busy.value = true;
  try {
    const answer = await get<PatientResult>(`runs/${encodeURIComponent(id)}/result`);
    batch(() => {
      result.value = answer;
      yaml.value = answer.yaml || null;
      source.value = { title: answer.title, run: id };
      changes.value = {};
      settings.value = answer.controls ?? null;
      problem.value = null;
      timing.value = null;
    });
  } catch (error) {
    failed(error);
  } finally {
    busy.value = false;
  }
}

export function hold(): void {
  if (result.value) held.value = { result: result.value, changes: { ...changes.value }, title: source.value?.title ?? result.value.title };
}
export function release(): void {
  held.value = null;
}
