// SPDX-License-Identifier: GPL-3.0-or-later
// compare.tsx -- A beside what is on the page now: what was changed, and what came of it.
import type { PatientResult } from '../api/types';
import { plain, Figure } from '../ui/figure';
import { find } from './pick';
import { changes, held, release, result, source, standing } from './state';
import { verdict } from './spider';

const text = (v: unknown) =>
  v === null || v === undefined
    ? '–'
    : typeof v === 'number'
      ? plain(v)
      : typeof v === 'boolean'
        ? v
          ? 'yes'
          : 'no'
        : String(v);

/** Outcomes that a reader compares first. */
export function outcomes(r: PatientResult): [string, string][] {
  const of = r.response ?? {};
  const sum = find(r, 'SOD');
  const attack = find(r, 'L1.step5_attack');
  return [
    ['Best response', `${text(of.best)}, ${verdict(of.best)}`],
    ['Smallest sum', `${text(of.smallest_sum_mm)} mm, day ${text(of.smallest_sum_day)}`],
    ['Without progression', of.pfs_event === 'censored' ? `over ${text(of.pfs_day)} days` : `${text(of.pfs_day)} days`],
    ['Sum on the last day', sum ? plain(sum.value[sum.value.length - 1]) + ' mm' : '–'],
    [
      'Strongest attack',
      attack ? `${Math.round(1000 * (1 - Math.exp(-Math.max(...attack.value))))} of 1,000 cells a day` : '–',
    ],
    [
      'Worst side effect',
      r.adverse_events?.length ? 'grade ' + Math.max(...r.adverse_events.map((e) => e.grade)) : 'below grade 1',
    ],
  ];
}

export function Compare() {
  const a = held.value;
  const b = result.value;
  if (!a || !b) return null;
  const keys = [...new Set([...Object.keys(a.changes), ...Object.keys(changes.value)])].filter(
    (k) => a.changes[k] !== changes.value[k],
  );
  const control = (k: string) => standing.value.find((c) => c.key === k);
  const value = (set: Record<string, unknown>, k: string) => {
    const c = control(k);
    return text(set[k] ?? c?.default) + (c?.unit ? ' ' + c.unit : '');
  };
  const one = outcomes(a.result);
  const two = outcomes(b);
  const rows: (string | number | null)[][] = [
    ...(a.title !== source.value?.title ? [['Person', a.title, source.value?.title ?? b.title]] : []),
    ...keys.map((k) => [control(k)?.label ?? k, value(a.changes, k), value(changes.value, k)]),
    ...one.map(([label, v], i) => [label, v, two[i]![1]]),
  ];
  const split = rows.length - one.length;
  return (
    <Figure
      id="compare"
      className="compare"
      title="A and B"
      caption="A was kept; B is what the controls say now. A is drawn dotted in each chart."
      table={() => ({ head: ['', 'A', 'B'], rows })}
      more={[{ label: 'Let go of A', action: release }]}
    >
      <div class="scroll" tabIndex={0} role="region" aria-label="A and B">
        <table>
          <thead>
            <tr>
              <th scope="col">{split ? 'Changed' : 'Nothing was changed yet'}</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r, i) => (
              <tr key={String(r[0])} class={(i === split ? 'first-outcome ' : '') + (r[1] !== r[2] ? 'differs' : '')}>
                <th scope="row">{r[0]}</th>
                <td>{r[1]}</td>
                <td>{r[2]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Figure>
  );
}
