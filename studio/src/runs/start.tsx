// SPDX-License-Identifier: GPL-3.0-or-later
// start.tsx -- starts a run from an example or from a scenario that is written here; errors come back with line and
// column.
import { useEffect, useRef, useState } from 'preact/hooks';
import { catalog, post } from '../api/client';
import type { Check, Problem } from '../api/types';
import { draft } from './draft';
import { problemOf, sentence, where } from './words';

const KINDS: Record<string, string> = { run: 'one person', trial: 'a trial', candidate: 'a candidate for a drug' };

export function StartRun({ started }: { started: (id: string) => void }) {
  const c = catalog.value;
  const groups: [string, { id: string; title: string; kind?: string; yaml?: string }[]][] = [
    ['Examples', c?.examples ?? []],
    ['Published trials', (c?.evidence ?? []) as never],
    ['Tissues', (c?.tissue_models ?? []) as never],
  ];
  const examples = groups.flatMap(([, list]) => list);
  const [example, setExample] = useState('');
  const [kind, setKind] = useState(draft.value?.kind ?? 'run');
  const [yaml, setYaml] = useState(draft.value?.yaml ?? '');
  const [problems, setProblems] = useState<Problem[]>([]);
  const [good, setGood] = useState(false);
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const from = examples.find((e) => e.id === example);
  const touched = from ? yaml !== (from.yaml ?? '') : yaml.trim() !== '';
  useEffect(() => {
    draft.value = null;
  }, []);

  const choose = (id: string) => {
    const e = examples.find((x) => x.id === id);
    setExample(id);
    setKind(e?.kind === 'forecast' ? 'run' : (e?.kind ?? 'run'));
    setYaml(e?.yaml ?? '');
    setProblems([]);
    setGood(false);
  };
  const check = async () => {
    setGood(false);
    try {
      const answer = await post<Check>('scenario/check', { yaml, kind });
      setProblems(answer.errors ?? []);
      setGood(answer.ok);
    } catch (e) {
      setProblems([problemOf(e)]);
    }
  };
  const begin = async () => {
    setBusy(true);
    setProblems([]);
    try {
      const body =
        from && !touched
          ? { kind, example, title: from.title }
          : { kind, yaml, title: /^title:\s*(.+)$/m.exec(yaml)?.[1] };
      const { id } = await post<{ id: string }>('runs', body);
      started(id);
    } catch (e) {
      setProblems([problemOf(e)]);
    } finally {
      setBusy(false);
    }
  };
  /** Puts the caret where an error is. */
  const jump = (p: Problem) => {
    const node = area.current;
    if (!node || !p.line) return;
    const lines = yaml.split('\n');
    const start = lines.slice(0, p.line - 1).reduce((n, l) => n + l.length + 1, 0) + Math.max(0, (p.column ?? 1) - 1);
    node.focus();
    node.setSelectionRange(start, start + Math.max(1, (lines[p.line - 1]?.length ?? 1) - (p.column ?? 1) + 1));
  };
  return (
    <form class="start" aria-label="Start a run" onSubmit={(e) => (e.preventDefault(), void begin())}>
      <h2>Start a run</h2>
      <div class="choice">
        <label for="start-example">From an example</label>
        <select id="start-example" value={example} onChange={(e) => choose(e.currentTarget.value)}>
          <option value="">an empty page</option>
          {groups.map(([name, list]) =>
            list.length ? (
              <optgroup key={name} label={name}>
                {list.map((e) => (
                  <option key={e.id} value={e.id}>
                    {e.title}
                  </option>
                ))}
              </optgroup>
            ) : null,
          )}
        </select>
      </div>
      <div class="choice">
        <label for="start-kind">What it is</label>
        <select id="start-kind" value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
          {[...new Set([...Object.keys(KINDS), kind])].map((k) => (
            <option key={k} value={k}>
              {KINDS[k] ?? k}
            </option>
          ))}
        </select>
      </div>
      <label class="yaml-label" for="start-yaml">
        Scenario (YAML)
      </label>
      <textarea
        id="start-yaml"
        ref={area}
        spellcheck={false}
        value={yaml}
        rows={18}
        onInput={(e) => {
          setYaml(e.currentTarget.value);
          setGood(false);
        }}
      />
      {problems.map((p, i) => (
        <div class="problem" role="alert" key={i}>
          <button type="button" class="quiet" onClick={() => jump(p)}>
            {where({ ...p, file: p.file ?? (p.line ? 'scenario.yaml' : undefined) })}
          </button>{' '}
          {sentence(p)}
        </div>
      ))}
      {good && (
        <p class="good" role="status">
          No error found.
        </p>
      )}
      <div class="control-actions">
        <button type="submit" class="main" disabled={busy || (yaml.trim() === '' && !from)}>
          Start
        </button>
        {kind === 'run' && (
          <button type="button" class="plain" disabled={yaml.trim() === ''} onClick={() => void check()}>
            Check
          </button>
        )}
      </div>
    </form>
  );
}
