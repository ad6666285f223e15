// SPDX-License-Identifier: GPL-3.0-or-later
// controls.tsx -- what can be changed by hand: the server names the controls, so that a key of a scenario gets its
// slider here without a change to the page.
import { catalog } from '../api/client';
import type { Control } from '../api/types';
import { setArgs } from '../app/route';
import { plain } from '../ui/figure';
import { Choice, Slider } from '../ui/slider';
import { sentence } from '../runs/words';
import { Uploads } from './uploads';
import {
  begin,
  busy,
  change,
  changes,
  held,
  hold,
  problem,
  release,
  result,
  source,
  standing,
  timing,
  yaml,
  type Value,
} from './state';

const GROUPS: [string, RegExp][] = [
  ['Treatment', /^(regimen|dose|drug|schedule|interval|policy|steroid|cycles|every)/],
  ['Tumour', /^(patient\.(tmb|pdl1|msi)|lesion|size|infiltrat|cancer|tmb|pdl1|msi)/],
  ['Person', /./],
];

function groupOf(c: Control): string {
  return GROUPS.find(([, test]) => test.test(c.key))![0];
}
/** Regimens by their words, as a catalog of drugs would print them. */
function named(value: string, label: string): string {
  const r = catalog.value?.regimens.find((x) => x.id === value);
  return r?.dose && r.unit && r.interval_day
    ? `${r.drug}, ${plain(r.dose)} ${r.unit} every ${plain(r.interval_day)} days`
    : label;
}
const options = (c: Control) =>
  (c.choices ?? []).map((x) =>
    typeof x === 'string' ? { value: x, label: named(x, x) } : { value: x.value, label: named(x.value, x.label) },
  );

function One({ c }: { c: Control }) {
  const now = changes.value[c.key] ?? c.default;
  const id = 'control-' + c.key.replace(/\W/g, '-');
  const set = (v: Value) => change(c.key, v === c.default ? undefined : v);
  if (c.scale === 'choice')
    return (
      <Choice
        id={id}
        label={c.label}
        value={String(now ?? '')}
        start={String(c.default ?? '')}
        choices={options(c)}
        onChange={set}
      />
    );
  if (c.scale === 'switch')
    return (
      <label class="tick control" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={now === true || now === 'yes'}
          onChange={(e) => set(e.currentTarget.checked)}
        />{' '}
        {c.label}
      </label>
    );
  return (
    <Slider
      id={id}
      label={c.label}
      unit={c.unit}
      low={c.low}
      high={c.high}
      log={c.scale === 'log'}
      value={Number(now)}
      start={Number(c.default)}
      onChange={set}
    />
  );
}

export function Controls() {
  const all = standing.value;
  const groups = GROUPS.map(([title]) => ({ title, list: all.filter((c) => groupOf(c) === title) })).filter(
    (g) => g.list.length,
  );
  const n = Object.keys(changes.value).length;
  const fixed = yaml.value === null && result.value !== null;
  return (
    <form class="controls" aria-label="Settings of the person" onSubmit={(e) => e.preventDefault()}>
      <Start />
      {fixed && <p class="note">A recorded run: it is shown as it was.</p>}
      {!fixed &&
        groups.map((g) => (
          <fieldset key={g.title}>
            <legend>{g.title}</legend>
            {g.list.map((c) => (
              <One key={c.key} c={c} />
            ))}
          </fieldset>
        ))}
      <div class="control-actions">
        <button type="button" class="plain" disabled={!result.value} onClick={held.value ? release : hold}>
          {held.value ? 'Let go of A' : 'Keep as A'}
        </button>
        <button
          type="button"
          class="plain"
          disabled={n === 0}
          onClick={() => ((changes.value = {}), change('', undefined))}
        >
          Reset{n > 0 ? ` (${n})` : ''}
        </button>
      </div>
      <p class="note timing" aria-live="polite">
        {busy.value ? 'Computing …' : timing.value ? `Computed in ${Math.round(timing.value.server)} ms` : ''}
      </p>
      <Uploads />
      {problem.value && (
        <div class="problem" role="alert">
          {[problem.value.file, problem.value.line, problem.value.column]
            .filter((x) => x !== undefined && x !== null)
            .join(':')}{' '}
          {sentence(problem.value)}
        </div>
      )}
    </form>
  );
}

function Start() {
  const examples = (catalog.value?.examples ?? []).filter((e) => e.kind === 'run');
  const choose = (id: string) => {
    const e = examples.find((x) => x.id === id);
    if (!e) return;
    setArgs({ run: undefined, example: id });
    void begin(e.title, e.yaml, { example: id });
  };
  return (
    <div class="choice">
      <label for="start">Person</label>
      <select id="start" value={source.value?.example ?? ''} onChange={(e) => choose(e.currentTarget.value)}>
        {!source.value?.example && <option value="">{source.value?.title ?? '…'}</option>}
        {examples.map((e) => (
          <option key={e.id} value={e.id}>
            {e.title}
          </option>
        ))}
      </select>
    </div>
  );
}
