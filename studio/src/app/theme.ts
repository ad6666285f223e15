// SPDX-License-Identifier: GPL-3.0-or-later
// theme.ts -- light, dark, or as the system has it; the choice is kept in the browser.
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'coley-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
export const theme = signal<Theme>(stored());
/** What is shown now; charts that paint pixels read it. */
export const shown = signal<'light' | 'dark'>('light');

function apply(): void {
  shown.value = theme.value === 'system' ? (dark.matches ? 'dark' : 'light') : theme.value;
  document.documentElement.dataset.theme = shown.value;
}
apply();
dark.addEventListener('change', apply);

export function setTheme(value: Theme): void {
  theme.value = value;
  try {
    localStorage.setItem(KEY, value);
  } catch {
    /* private windows may refuse */
  }
  apply();
}
export const still = matchMedia('(prefers-reduced-motion: reduce)');
