// SPDX-License-Identifier: GPL-3.0-or-later
// detail.tsx -- one run: its command, its files, its log, its manifest.
import { useEffect, useState } from 'preact/hooks';
import { get, getText } from '../api/client';
import type { RunDetail, RunState } from '../api/types';
import { Command } from '../ui/figure';
import { bytes, problemOf, sentence, viewOf, when, where } from './words';

export function Detail({ id, state }: { id: string; state: RunState }) {
  const [run, setRun] = useState<RunDetail | null>(null);
  const [log, setLog] = useState<string | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    setLog(null);
    get<RunDetail>('runs/' + encodeURIComponent(id)).then(setRun, (e) => setWrong(problemOf(e).message));
  }, [id, state]);
  if (wrong) return <p class="problem">{wrong}</p>;
  if (!run) return null;
  const error = typeof run.error === 'string' ? { message: run.error } : run.error;
  const view = viewOf(run);
  return (
    <section class="detail">
      <h2>{run.title || run.id}</h2>
      <p class="note">
        {run.kind}, {run.state}; begun {when(run.started ?? run.created)}, ended {when(run.ended)}; seed{' '}
        {run.seed ?? (run.manifest as { seed?: number } | null)?.seed ?? '–'}
      </p>
      {view && (
        <p>
          <a href={view}>Open the result</a>
        </p>
      )}
      {error && (
        <p class="problem" role="alert">
          <code>{where(error)}</code> {sentence(error)}
        </p>
      )}
      <Command text={run.command} />
      <details open={run.state === 'failed' || run.state === 'running'}>
        <summary>Log</summary>
        <pre tabIndex={0} role="region" aria-label="Log">
          {log ?? run.log_tail ?? 'The log is empty.'}
        </pre>
        {log === null && (
          <button
            type="button"
            class="quiet"
            onClick={() => void getText(`runs/${encodeURIComponent(id)}/log`).then(setLog)}
          >
            The whole log
          </button>
        )}
      </details>
      <details>
        <summary>Files ({run.files?.length ?? 0})</summary>
        <ul class="files">
          {(run.files ?? []).map((f) => (
            <li key={f.name}>
              <a
                href={`/api/v1/runs/${encodeURIComponent(id)}/files/${f.name.split('/').map(encodeURIComponent).join('/')}`}
                download={f.name}
              >
                {f.name}
              </a>
              <span class="note">{bytes(f.bytes)}</span>
            </li>
          ))}
        </ul>
      </details>
      {run.manifest !== undefined && run.manifest !== null && (
        <details>
          <summary>Manifest</summary>
          <pre tabIndex={0} role="region" aria-label="Manifest">
            {JSON.stringify(run.manifest, null, 2)}
          </pre>
        </details>
      )}
    </section>
  );
}
