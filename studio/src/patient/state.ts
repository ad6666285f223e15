// SPDX-License-Identifier: GPL-3.0-or-later
// state.ts -- the person on the page: the scenario, what was changed by hand, the latest answer, and the one that is
// held as A.
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

/** Counts persons: an answer about an earlier one is not shown. */
let person = 0;
let asked = 0;
/** Asks the server for this person's course. One question is on its way at a time; what changed meanwhile is asked next, so
 *  that curves follow a hand that drags a slider and the server never works for nobody. */
export async function ask(): Promise<void> {
  asked++;
  if (flight) return;
  const mine = person;
  for (let answered = 0; answered < asked && yaml.value !== null;) {
    const now = asked;
    const sent = changes.value;
    const began = performance.now();
    flight = new AbortController();
    busy.value = true;
    try {
      const answer = await post<PatientResult>('patient', { yaml: yaml.value, set: sent, twins: TWINS }, flight.signal);
      if (mine !== person) return;
      batch(() => {
        result.value = answer;
        if (answer.controls && (settings.value === null || Object.keys(sent).length === 0))
          settings.value = answer.controls;
        problem.value = null;
        timing.value = { server: answer.timing_ms ?? 0, all: performance.now() - began };
      });
    } catch (error) {
      if (mine !== person) return;
      if (now === asked) failed(error);
    }
    answered = now;
  }
  flight = null;
  asked = 0;
  busy.value = false;
}

/** Another person: what is on its way is of no use any more. */
function drop(): void {
  person++;
  asked = 0;
  flight?.abort();
  flight = null;
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
  drop();
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
  drop();
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
  if (result.value)
    held.value = {
      result: result.value,
      changes: { ...changes.value },
      title: source.value?.title ?? result.value.title,
    };
}
export function release(): void {
  held.value = null;
}
