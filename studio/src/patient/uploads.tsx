// SPDX-License-Identifier: GPL-3.0-or-later
// uploads.tsx -- files that somebody has of a person: scans, variants, cells; what was found in them, and where it can
// go.
import { useRef, useState } from 'preact/hooks';
import { ApiError, postRaw } from '../api/client';
import type { Upload } from '../api/types';
import { go } from '../app/route';
import { draft } from '../runs/draft';
import { change, result, standing } from './state';

const KINDS = [
  { value: 'lesions', label: 'Lesions (CSV)', accept: '.csv,.tsv,.txt' },
  { value: 'vcf', label: 'Variants (VCF)', accept: '.vcf,.gz,.bcf' },
  { value: 'maf', label: 'Variants (MAF)', accept: '.maf,.tsv,.txt,.gz' },
  { value: 'cells', label: 'Cells (table)', accept: '.csv,.tsv,.h5ad' },
];
const MOST_BYTES = 64 * 1024 * 1024;

export function Uploads() {
  const [kind, setKind] = useState(KINDS[0]!.value);
  const [answer, setAnswer] = useState<Upload | null>(null);
  const [wrong, setWrong] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const send = async (file: File | undefined) => {
    if (!file) return;
    setAnswer(null);
    setWrong('');
    if (file.size > MOST_BYTES) {
      setWrong('The file is larger than 64 MB.');
      return;
    }
    try {
      setAnswer(await postRaw<Upload>(`uploads?kind=${kind}&name=${encodeURIComponent(file.name)}`, file));
    } catch (error) {
      setWrong(
        error instanceof ApiError
          ? `${error.where} ${error.message} ${error.problem.hint ?? ''}`.trim()
          : String(error),
      );
    }
    if (input.current) input.current.value = '';
  };
  return (
    <details class="uploads">
      <summary>Own data</summary>
      <p class="note">Stays on this computer.</p>
      <div class="choice">
        <label for="upload-kind">What it is</label>
        <select id="upload-kind" value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
          {KINDS.map((k) => (
            <option key={k.value} value={k.value}>
              {k.label}
            </option>
          ))}
        </select>
      </div>
      <input
        ref={input}
        type="file"
        aria-label="File"
        accept={KINDS.find((k) => k.value === kind)!.accept}
        onChange={(e) => void send(e.currentTarget.files?.[0])}
      />
      {wrong && (
        <p class="problem" role="alert">
          {wrong}
        </p>
      )}
      {answer && <Found answer={answer} />}
    </details>
  );
}

/** Keys and plain values of the first level: `tmb: 12.1 1/Mb`. */
function found(yaml: string): [string, string][] {
  return yaml.split('\n').flatMap((line) => {
    const m = /^([a-z0-9_]+): (\S.*)$/.exec(line);
    return m && m[1] !== 'id' ? [[m[1]!, m[2]!.replace(/^"|"$/g, '')] as [string, string]] : [];
  });
}

/** A scenario that forecasts from measured scans, under the treatment that is on the page. */
function forecast(answer: Upload): string {
  const yaml = result.value?.yaml ?? '';
  const regimen = /^regimen:.*(?:\n(?:[ -].*|))*/m.exec(yaml)?.[0].trimEnd() ?? '';
  return [
    `title: Forecast from scans of ${answer.id}`,
    `cancer: ${result.value?.cancer ?? 'nsclc'}`,
    regimen,
    'forecast:',
    `  lesions: ${answer.path ?? ''}`,
    '  using_first: 3',
    '',
  ]
    .filter((l, n, all) => l || n === all.length - 1)
    .join('\n');
}

function Found({ answer }: { answer: Upload }) {
  const facts = found(answer.biomarkers_yaml ?? '').flatMap(([key, text]) => {
    const c = standing.value.find((x) => x.key === 'patient.' + key);
    return c ? [{ c, text }] : [];
  });
  const use = () => {
    for (const { c, text } of facts) change(c.key, c.scale === 'choice' ? text : Number.parseFloat(text));
  };
  return (
    <div class="found" role="status">
      {answer.summary && (
        <pre tabIndex={0} role="region" aria-label="What was found">
          {answer.summary}
        </pre>
      )}
      {facts.length > 0 && (
        <button type="button" class="plain" onClick={use}>
          Use {facts.map(({ c, text }) => `${c.label} ${text.replace(/^(\d+\.\d\d)\d+/, '$1')}`).join(', ')}
        </button>
      )}
      {answer.kind === 'lesions' && answer.path && (
        <button
          type="button"
          class="plain"
          onClick={() => {
            draft.value = { kind: 'run', yaml: forecast(answer) };
            go('runs');
          }}
        >
          Forecast from these scans
        </button>
      )}
    </div>
  );
}
