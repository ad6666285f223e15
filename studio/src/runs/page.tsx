// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the runs page: what was run, is running or waits; start, stop, compare, reproduce.
import { useEffect, useState } from 'preact/hooks';
import { get, listen, post, remove } from '../api/client';
import type { Difference, Problem, Run, RunState } from '../api/types';
import { href, route, setArgs } from '../app/route';
import { TableView } from '../ui/figure';
import { Detail } from './detail';
import { StartRun } from './start';
import { problemOf, sentence, viewOf, when } from './words';

const STATES: Record<RunState, string> = {
  queued: 'waits',
  running: 'runs',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  lost: 'lost',
};

export function RunsPage() {
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [picked, setPicked] = useState<string[]>([]);
  const chosen = route.value.args.id;
  const load = () => get<Run[]>('runs').then(setRuns, (e) => setProblem(problemOf(e)));

  useEffect(() => {
    void load();
    return listen(({ kind, data }) => {
      if (kind !== 'run') return;
      setRuns((now) => {
        const known = now?.some((r) => r.id === data.id);
        if (!known) void load();
        return now?.map((r) => (r.id === data.id ? { ...r, ...(data as Partial<Run>) } : r)) ?? now;
      });
      if (data.state !== 'running') void load();
    });
  }, []);

  const act = (what: Promise<unknown>) =>
    what.then(
      () => load(),
      (e) => setProblem(problemOf(e)),
    );
  const cancel = (id: string) => act(post(`runs/${encodeURIComponent(id)}/cancel`, {}));
  const drop = (id: string) => {
    if (!confirm('Delete this run and its files?')) return;
    if (chosen === id) setArgs({ id: undefined });
    setPicked(picked.filter((x) => x !== id));
    void act(remove(`runs/${encodeURIComponent(id)}`));
  };
  const pick = (id: string, on: boolean) =>
    setPicked(on ? [...picked.filter((x) => x !== id), id].slice(-2) : picked.filter((x) => x !== id));
  return (
    <section class="page runs">
      <header class="headline">
        <h1>Runs</h1>
        <p class="lede">Each is a folder with its inputs, its results and the command that makes them again.</p>
      </header>
      {problem && (
        <p class="problem" role="alert">
          {sentence(problem)}
        </p>
      )}
      <div class="runs-body">
        <div>
          {runs && runs.length > 0 ? (
            <div class="scroll" tabIndex={0} role="region" aria-label="List of runs">
              <table class="run-table">
                <thead>
                  <tr>
                    <th scope="col">
                      <span class="sr">Compare</span>
                    </th>
                    <th scope="col">Run</th>
                    <th scope="col">State</th>
                    <th scope="col">Seed</th>
                    <th scope="col">Begun</th>
                    <th scope="col">
                      <span class="sr">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {runs.map((r) => (
                    <Row
                      key={r.id}
                      run={r}
                      chosen={chosen === r.id}
                      picked={picked.includes(r.id)}
                      pick={pick}
                      cancel={cancel}
                      drop={drop}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <p class={runs ? 'note' : 'note wait'}>
              {runs ? 'Nothing has been run in this project yet. Start with an example.' : 'Asking …'}
            </p>
          )}
          {runs && runs.length > 1 && picked.length < 2 && (
            <p class="note">Tick two runs to see how their scenarios differ.</p>
          )}
          {picked.length === 2 && <Diff a={picked[0]!} b={picked[1]!} runs={runs ?? []} />}
          {chosen && runs?.some((r) => r.id === chosen) && (
            <Detail id={chosen} state={runs.find((r) => r.id === chosen)!.state} />
          )}
        </div>
        <StartRun started={(id) => (void load(), setArgs({ id }))} />
      </div>
    </section>
  );
}

function Row(p: {
  run: Run;
  chosen: boolean;
  picked: boolean;
  pick: (id: string, on: boolean) => void;
  cancel: (id: string) => void;
  drop: (id: string) => void;
}) {
  const { run } = p;
  const view = viewOf(run);
  const name = run.title || run.id;
  return (
    <tr class={p.chosen ? 'chosen' : ''}>
      <td>
        <input
          type="checkbox"
          aria-label={'Compare ' + name}
          checked={p.picked}
          onChange={(e) => p.pick(run.id, e.currentTarget.checked)}
        />
      </td>
      <td>
        <a href={href('runs', { id: run.id })}>{name}</a>
        <span class="note">
          {run.kind} · {run.id}
        </span>
      </td>
      <td>
        <span class={'state ' + run.state}>{STATES[run.state] ?? run.state}</span>
        {run.state === 'running' && <progress value={run.progress ?? 0} max={1} aria-label={'Progress of ' + name} />}
      </td>
      <td class="number">{run.seed ?? '–'}</td>
      <td class="time-cell">{when(run.started ?? run.created)}</td>
      <td class="actions">
        {view && <a href={view}>Open</a>}
        {run.state === 'running' || run.state === 'queued' ? (
          <button type="button" class="quiet" onClick={() => p.cancel(run.id)}>
            Cancel
          </button>
        ) : (
          <button type="button" class="quiet" aria-label={'Delete ' + name} onClick={() => p.drop(run.id)}>
            Delete
          </button>
        )}
      </td>
    </tr>
  );
}

function Diff({ a, b, runs }: { a: string; b: string; runs: Run[] }) {
  const [list, setList] = useState<Difference[] | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    setList(null);
    setWrong('');
    get<Difference[]>(`diff?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`).then(setList, (e) =>
      setWrong(problemOf(e).message),
    );
  }, [a, b]);
  const name = (id: string) => runs.find((r) => r.id === id)?.title || id;
  const text = (v: unknown) =>
    v === null || v === undefined ? '–' : typeof v === 'object' ? JSON.stringify(v) : String(v);
  return (
    <section class="diff">
      <h2>Difference of two scenarios</h2>
      {wrong && <p class="problem">{wrong}</p>}
      {list && list.length === 0 && <p class="note">They are the same.</p>}
      {list && list.length > 0 && (
        <TableView
          title="Difference of two scenarios"
          table={{
            head: ['key', 'A: ' + name(a), 'B: ' + name(b)],
            rows: list.map((d) => [d.key, text(d.a), text(d.b)]),
          }}
        />
      )}
    </section>
  );
}
