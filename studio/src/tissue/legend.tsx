// SPDX-License-Identifier: GPL-3.0-or-later
// legend.tsx -- the types with their counts; each is a switch that hides or shows its cells.
import type { TissueMeta } from '../api/types';
import { css, onPaper } from './ramps';

interface Props {
  meta: TissueMeta;
  counts: { all: number[]; live: number[] };
  hidden: Set<number>;
  dark: boolean;
  toggle: (id: number, alone: boolean) => void;
  all: () => void;
}

export function Legend({ meta, counts, hidden, dark, toggle, all }: Props) {
  const shown = counts.all.reduce((sum, n, i) => sum + (hidden.has(i) ? 0 : n), 0);
  return (
    <section class="tissue-legend" aria-label="Types of cells">
      <div class="person-head">
        <h3>Cells</h3>
        <span class="note" data-shown={shown}>{shown.toLocaleString('en')} shown</span>
      </div>
      <ul>
        {meta.types.map((t) => (
          <li key={t.id}>
            <button type="button" aria-pressed={!hidden.has(t.id)} data-type={t.name} title="Shift and click: this type alone"
              onClick={(e) => toggle(t.id, (e as MouseEvent).shiftKey)}>
              <i class="dot" style={hidden.has(t.id) ? { background: 'none', borderColor: 'currentColor' } : { background: css(onPaper(t.colour, dark)) }} aria-hidden="true" />
              <span>{t.name}</span>
              <b>{(counts.all[t.id] ?? 0).toLocaleString('en')}</b>
              {counts.all[t.id] !== counts.live[t.id] && <em>{(counts.all[t.id]! - counts.live[t.id]!).toLocaleString('en')} dying or dead</em>}
            </button>
          </li>
        ))}
      </ul>
      {hidden.size > 0 && <button type="button" class="quiet" onClick={all}>Show all</button>}
    </section>
  );
}
