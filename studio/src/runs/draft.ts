// SPDX-License-Identifier: GPL-3.0-or-later
// draft.ts -- a scenario that another page has written for the runs page to start.
import { signal } from '@preact/signals';

export const draft = signal<{ kind: string; yaml: string } | null>(null);
