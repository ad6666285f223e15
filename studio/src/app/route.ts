// SPDX-License-Identifier: GPL-3.0-or-later
// route.ts -- the page and its settings live in the address after #, so that a view can be sent:
// #/patient?run=ID&lesion=L1
import { signal } from '@preact/signals';

export const PAGES = ['patient', 'tissue', 'trial', 'explain', 'runs'] as const;
export type Page = (typeof PAGES)[number];
export interface Route {
  page: Page;
  args: Record<string, string>;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const page = PAGES.find((p) => p === path) ?? 'patient';
  return { page, args: Object.fromEntries(new URLSearchParams(query)) };
}

export const route = signal<Route>(read());
addEventListener('hashchange', () => {
  route.value = read();
});

export function href(page: Page, args: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(args))
    if (value !== undefined && value !== '') query.set(key, String(value));
  const text = query.toString();
  return '#/' + page + (text ? '?' + text : '');
}
export function go(page: Page, args: Record<string, string | number | undefined> = {}): void {
  location.hash = href(page, args);
}
/** Changes settings of the page that is shown, without a step in the browser's history. */
export function setArgs(args: Record<string, string | number | undefined>): void {
  const all = { ...route.value.args, ...args };
  history.replaceState(null, '', href(route.value.page, all));
  route.value = read();
}
