// SPDX-License-Identifier: GPL-3.0-or-later
// client.ts -- calls to the server that gave us this page; no other host is ever asked.
import { signal } from '@preact/signals';
import type { About, Catalog, Control, Problem } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
  /** file:line:column: message, as compilers write it. */
  get where(): string {
    const { file, line, column } = this.problem;
    return [file, line, column].filter((x) => x !== undefined && x !== null).join(':');
  }
}

const BASE = '/api/v1/';

async function answer(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(BASE + path, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, { message: 'The server does not answer.', hint: 'Is coley studio still running?' });
  }
  if (response.ok) return response;
  let problem: Problem = { message: `The server answers ${response.status}.` };
  try {
    const body = await response.json();
    if (body && body.error) problem = typeof body.error === 'string' ? { message: body.error } : body.error;
  } catch {
    /* not JSON: the status says it */
  }
  throw new ApiError(response.status, problem);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await answer(path, { signal })).json() as Promise<T>;
}
export async function getText(path: string): Promise<string> {
  return (await answer(path)).text();
}
export async function getBytes(path: string, signal?: AbortSignal): Promise<{ bytes: ArrayBuffer; headers: Headers }> {
  const response = await answer(path, { signal });
  return { bytes: await response.arrayBuffer(), headers: response.headers };
}
export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal };
  return (await answer(path, init)).json() as Promise<T>;
}
export async function postRaw<T>(path: string, body: Blob | ArrayBuffer): Promise<T> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body };
  return (await answer(path, init)).json() as Promise<T>;
}
export async function remove(path: string): Promise<void> {
  await answer(path, { method: 'DELETE' });
}

/** What is asked once and kept. */
export const about = signal<About | null>(null);
export const catalog = signal<Catalog | null>(null);
export const controls = signal<Control[] | null>(null);
export const lost = signal<string | null>(null);

export async function begin(): Promise<void> {
  const ask = <T>(path: string, into: { value: T | null }) =>
    get<T>(path).then(
      (value) => {
        into.value = value;
      },
      (error: Error) => {
        lost.value = error.message;
      },
    );
  await Promise.all([ask('about', about), ask('catalog', catalog), ask('controls', controls)]);
}

export type Happening = { kind: 'run' | 'frame' | 'log'; data: Record<string, unknown> };
/** Listens to the server's events until the returned function is called. */
export function listen(heard: (what: Happening) => void): () => void {
  const source = new EventSource(BASE + 'events');
  for (const kind of ['run', 'frame', 'log'] as const)
    source.addEventListener(kind, (event) => {
      try {
        heard({ kind, data: JSON.parse((event as MessageEvent).data) });
      } catch {
        /* an event that is not JSON says nothing */
      }
    });
  return () => source.close();
}
