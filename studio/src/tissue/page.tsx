// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the tissue page: which run, which moment, what it is coloured by, and what is known of the cell that was
// picked.
import { useEffect, useRef, useState } from 'preact/hooks';
import { catalog, get, listen, post } from '../api/client';
import type { Run, TissueMeta } from '../api/types';
import { route, setArgs } from '../app/route';
import { inkNow, percent } from '../clinical/draw';
import { TissueView } from './view';
import './tissue.css';

/** A model's name as people write it. */
const NAMES: [RegExp, string][] = [[/^tissue\//, ''], [/anti_pd1/, 'anti-PD-1'], [/car_t/, 'CAR T'], [/adcc/, 'ADCC'], [/[_-]+(?=[a-z])/g, ' ']];
export const modelWords = (name: string): string => {
  const words = NAMES.reduce((text, [from, to]) => text.replace(from, to), name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function TissuePage() {
  const { run } = route.value.args;
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [meta, setMeta] = useState<{ id: string; meta: TissueMeta } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const look = () => get<Run[]>('runs').then((list) => setRuns(list.filter((r) => r.kind === 'tissue')), (e) => setProblem(e.message));
  const shown = runs?.find((r) => r.id === run) ?? runs?.find((r) => r.state === 'done') ?? runs?.[0];
  const id = useRef<string | undefined>(undefined);
  id.current = shown?.id;
  const fetchMeta = () => {
    const which = id.current;
    if (!which) return;
    get<TissueMeta>(`runs/${which}/result`).then((m) => {
      if (id.current === which && m.frames?.length) setMeta({ id: which, meta: { ...m, title: modelWords(m.title) } });
    }, (e) => setProblem(e.message));
  };
  useEffect(() => {
    void look();
    let later = 0;
    const stop = listen((what) => {
      if (what.kind === 'run') void look();
      if (what.kind === 'frame' && what.data.id === id.current && !later)
        later = window.setTimeout(() => {
          later = 0;
          fetchMeta();
        }, 250);
    });
    return () => {
      stop();
      clearTimeout(later);
    };
  }, []);
  useEffect(() => {
    setProblem(null);
    fetchMeta();
  }, [shown?.id, shown?.state]);
  const known = meta && meta.id === shown?.id ? meta.meta : null;
  const error = typeof shown?.error === 'string' ? shown.error : shown?.error?.message;
  return (
    <section class="page tissue-page">
      <header class="page-head">
        <div>
          <h1>{modelWords(known?.title ?? shown?.title ?? 'Tissue')}</h1>
          <p class="lede">{known
            ? `A simulated piece of tissue, cell by cell: ${known.types.length} types, ${known.frames.length} moments.`
            : 'A biopsy-sized piece of tumour, cell by cell: who reaches whom, who is kept out.'}</p>
        </div>
        <div class="page-tools">
          {runs && runs.length > 0 && (
            <label class="field inline">
              <span>Tissue shown</span>
              <select value={shown?.id} onChange={(e) => setArgs({ run: (e.target as HTMLSelectElement).value, frame: undefined, cell: undefined, hide: undefined, field: undefined, colour: undefined, clip: undefined })}>
                {runs.map((r) => <option key={r.id} value={r.id}>{modelWords(r.title)} {r.state === 'done' ? '' : `(${r.state})`}</option>)}
              </select>
            </label>
          )}
          <StartTissue started={(made) => { setArgs({ run: made, frame: undefined, cell: undefined }); void look(); }} fail={setProblem} />
        </div>
      </header>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {error && <p class="problem" role="alert">{error}</p>}
      {shown && (shown.state === 'running' || shown.state === 'queued') && (
        <p class="note" role="status">
          {shown.state === 'running' ? `Running: ${percent(shown.progress)} of its time is through. ` : 'Waiting to run. '}
          {known ? 'New moments are added as they come.' : ''}
        </p>
      )}
      {known && <TissueView key={shown!.id} run={shown!.id} meta={known} live={shown!.state === 'running'} ink={inkNow()} />}
      {runs && runs.length === 0 && <p class="lede">No tissue has been run yet. Choose a model above and run it.</p>}
    </section>
  );
}

function StartTissue({ started, fail }: { started: (id: string) => void; fail: (why: string) => void }) {
  const models = catalog.value?.tissue_models ?? [];
  const [model, setModel] = useState('');
  if (models.length === 0) return null;
  const start = () =>
    post<{ id: string }>('runs', { kind: 'tissue', tissue_model: model || models[0]!.id }).then((r) => started(r.id), (e) => fail(e.message));
  return (
    <>
      <label class="field inline">
        <span>Model</span>
        <select value={model || models[0]!.id} onChange={(e) => setModel((e.target as HTMLSelectElement).value)}>
          {models.map((m) => <option key={m.id} value={m.id}>{modelWords(m.title)}</option>)}
        </select>
      </label>
      <button type="button" class="plain" onClick={() => void start()}>Run it</button>
    </>
  );
}
