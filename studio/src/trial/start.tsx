// SPDX-License-Identifier: GPL-3.0-or-later
// start.tsx -- a trial is started from a published one of the catalog, or from a file of your own.
import { useState } from 'preact/hooks';
import { ApiError, catalog, post } from '../api/client';
import { setArgs } from '../app/route';

/** Most letters of a trial's file that the page sends. */
const LONGEST = 200_000;

/** The file with so many people in each arm. */
export const withPeople = (yaml: string, n: number): string =>
  yaml.replace(/^(\s+(?:- )?n:\s*)\d+/gm, `$1${n}`).replace(/([{,]\s*n:\s*)\d+/g, `$1${n}`);

export function StartTrial({ started }: { started: () => void }) {
  const evidence = (catalog.value?.evidence ?? []) as { id: string; title: string; yaml?: string }[];
  const [from, setFrom] = useState<'evidence' | 'yaml'>('evidence');
  const [chosen, setChosen] = useState('');
  const [yaml, setYaml] = useState('');
  const [people, setPeople] = useState('30');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const start = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    const what = chosen || evidence[0]?.id;
    if (from === 'yaml' && !yaml.trim()) return setProblem('Paste a trial, or choose a file.');
    if (from === 'yaml' && yaml.length > LONGEST) return setProblem(`The file is longer than ${LONGEST} letters.`);
    setBusy(true);
    try {
      const known = evidence.find((e) => e.id === what);
      const text = from === 'yaml' ? yaml : (known?.yaml ?? '');
      const body = people
        ? { kind: 'trial', yaml: withPeople(text, Number(people)), title: from === 'yaml' ? undefined : known?.title }
        : from === 'yaml' ? { kind: 'trial', yaml } : { kind: 'trial', example: what };
      const made = await post<{ id: string }>('runs', body);
      setArgs({ run: made.id, person: undefined });
      started();
    } catch (error) {
      const e = error as ApiError;
      setProblem([e.where, e.message, e.problem?.hint].filter(Boolean).join(': '));
    } finally {
      setBusy(false);
    }
  };
  const file = async (event: Event) => {
    const picked = (event.target as HTMLInputElement).files?.[0];
    if (picked) setYaml(await picked.text());
  };
  return (
    <form class="start-trial" onSubmit={start}>
      <fieldset class="choice">
        <legend>Start from</legend>
        <label>
          <input type="radio" name="from" checked={from === 'evidence'} onChange={() => setFrom('evidence')} /> a
          published trial
        </label>
        <label>
          <input type="radio" name="from" checked={from === 'yaml'} onChange={() => setFrom('yaml')} /> a file of your
          own
        </label>
      </fieldset>
      {from === 'evidence' ? (
        <label class="field">
          <span>Trial</span>
          <select value={chosen || evidence[0]?.id} onChange={(e) => setChosen((e.target as HTMLSelectElement).value)}>
            {evidence.map((e) => (
              <option key={e.id} value={e.id}>
                {e.title}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <>
          <label class="field">
            <span>YAML</span>
            <textarea
              rows={9}
              spellcheck={false}
              value={yaml}
              onInput={(e) => setYaml((e.target as HTMLTextAreaElement).value)}
            />
          </label>
          <label class="field">
            <span>or a file</span>
            <input type="file" accept=".yaml,.yml" onChange={file} />
          </label>
        </>
      )}
      <label class="field">
        <span>People in each arm (empty: as in the file)</span>
        <input
          type="number"
          min={2}
          max={5000}
          value={people}
          onInput={(e) => setPeople((e.target as HTMLInputElement).value)}
        />
      </label>
      <button class="main" type="submit" disabled={busy || (from === 'evidence' && evidence.length === 0)}>
        {busy ? 'Starting' : 'Start the trial'}
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
