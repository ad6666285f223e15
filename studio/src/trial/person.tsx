// SPDX-License-Identifier: GPL-3.0-or-later
// person.tsx -- one person of a trial: what the trial recorded of them, and their scans.
import { useEffect, useRef } from 'preact/hooks';
import { BEST_WORDS, inkNow, number } from '../clinical/draw';
import { Spider } from '../clinical/spider';
import type { Person } from '../clinical/types';
import { useWidth } from '../chart/size';

const LABELS: Record<string, string> = {
  age: 'age [year]',
  sex: 'sex',
  weight: 'weight [kg]',
  ecog: 'ECOG',
  tmb: 'TMB [/Mb]',
  pdl1_tps: 'PD-L1 TPS [%]',
  ldh_uln: 'LDH [upper limits]',
  sod_mm: 'sum of diameters [mm]',
  albumin_g_l: 'albumin [g/L]',
  nlr: 'NLR',
  stratum: 'stratum',
};

export function PersonPanel({ person, close }: { person: Person; close: () => void }) {
  const { ref, width } = useWidth(360);
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), [person.id]);
  const facts = Object.entries(person.covariates ?? {}).filter(([, v]) => v !== null && v !== '');
  const show = (v: unknown) => {
    const n = typeof v === 'number' ? v : Number(v);
    if (!Number.isFinite(n) || v === '') return v === 'F' ? 'female' : v === 'M' ? 'male' : String(v);
    return number(n, Number.isInteger(n) ? 0 : Math.abs(n) < 10 ? 2 : 1);
  };
  return (
    <aside
      class="person-panel"
      aria-label={`Person ${person.id}`}
      tabIndex={-1}
      ref={box}
      onKeyDown={(e) => e.key === 'Escape' && close()}
    >
      <div class="person-head">
        <h2>Person {person.id}</h2>
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </div>
      <p class="lede">
        {person.arm}; {BEST_WORDS[person.best] ?? person.best}
        {person.pfs_day !== null &&
          `; ${person.pfs_event ? 'progression or death on' : 'without progression to'} day ${number(person.pfs_day, 0)}`}
        {person.os_day !== null && `; ${person.os_event ? 'died on' : 'followed to'} day ${number(person.os_day, 0)}`}.
      </p>
      <dl class="facts">
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{LABELS[key.toLowerCase()] ?? key}</dt>
            <dd>{show(value)}</dd>
          </div>
        ))}
      </dl>
      <div ref={ref}>
        {person.sum.day.length > 1 ? (
          <Spider people={[person]} width={width} ink={inkNow()} />
        ) : (
          <p class="note">No second scan: nothing to draw.</p>
        )}
      </div>
      <p class="note">
        This is what the trial recorded of the person: the scans, the days, and what they came with. The model of a single
        person of a trial is not kept.
      </p>
    </aside>
  );
}
