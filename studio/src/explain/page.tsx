// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the explain page: what happened to one person, in words that somebody of fourteen reads easily.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, catalog, get } from '../api/client';
import type { Explanation, PatientResult, Run, StoryLine } from '../api/types';
import { href, route, setArgs } from '../app/route';
import { source, begin, result, open } from '../patient/state';
import { Figure, plain } from '../ui/figure';
import { LIMITS, SIX, TIMELINE } from './history';
import { IconArray, type IconFact } from './icons';
import { grade } from './reading';

const QUESTIONS = /^Questions/;

interface Part {
  title: string;
  sentences: { text: string; quantity?: string | null; day?: number | null; value?: number | null }[];
}
function parts(story: StoryLine[]): Part[] {
  const all: Part[] = [];
  for (const s of story) {
    let part = all.find((p) => p.title === s.part);
    if (!part) all.push((part = { title: s.part, sentences: [] }));
    part.sentences.push(s);
  }
  return all;
}

/** Wilson's interval of a share, 95 %, of 100: few virtual people say little. */
function wilson(k: number, n: number): { low: number; high: number } {
  const z = 1.96;
  const p = k / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: 100 * Math.max(0, middle - half), high: 100 * Math.min(1, middle + half) };
}

/** Of the virtual people of a run, how many of 100 did well. */
function facts(r: PatientResult): IconFact[] {
  const value = (q: string) => r.story.find((s) => s.quantity === q)?.value ?? null;
  const people = value('people');
  if (!people) return [];
  const of = (q: string, what: string): IconFact[] => {
    const n = value(q);
    return n === null
      ? []
      : [
          {
            what,
            of100: (100 * n) / people,
            ...wilson(n, people),
            source: `${plain(n)} of ${plain(people)} virtual people with the same tumours and the same treatment`,
          },
        ];
  };
  return [
    ...of('people_respond', 'had tumours that shrank by 30 % or more'),
    ...of('people_steady', 'had no growth on the scans of the first year'),
  ];
}

export function ExplainPage() {
  const args = route.value.args;
  const [told, setTold] = useState<Explanation | null>(null);
  const [runs, setRuns] = useState<Run[]>([]);
  const [wrong, setWrong] = useState('');
  const examples = catalog.value?.examples;

  useEffect(() => {
    get<Run[]>('runs').then(
      (all) => setRuns(all.filter((r) => r.state === 'done' && /run|forecast/.test(r.kind))),
      () => setRuns([]),
    );
  }, []);
  useEffect(() => {
    setTold(null);
    setWrong('');
    if (args.run) {
      if (source.value?.run !== args.run) void open(args.run);
      get<Explanation>(`runs/${encodeURIComponent(args.run)}/explain`).then(setTold, (e) =>
        setWrong(e instanceof ApiError ? e.message : String(e)),
      );
    } else if (examples && (args.example ? source.value?.example !== args.example : !source.value)) {
      const e = examples.find((x) => x.id === args.example) ?? examples.find((x) => x.kind === 'run');
      if (e) void begin(e.title, e.yaml, { example: e.id });
    }
  }, [args.run, args.example, examples]);

  const r = result.value;
  const story: Part[] = told?.parts ?? (r ? parts(r.story) : []);
  const questions = told?.questions ?? story.find((p) => QUESTIONS.test(p.title))?.sentences.map((s) => s.text) ?? [];
  const counted = r ? facts(r) : [];
  const icons = counted.length ? counted : (told?.icons ?? []);
  const level =
    told?.grade_level ??
    (story.length
      ? grade(
          story
            .filter((p) => !QUESTIONS.test(p.title))
            .flatMap((p) => p.sentences.map((s) => s.text))
            .join(' '),
        )
      : null);
  const choices = examples?.filter((e) => e.kind === 'run') ?? [];
  return (
    <article class="page explain">
      <header class="headline">
        <p class="kicker">In plain words</p>
        <h1>{r?.title ?? 'What happened'}</h1>
        <p class="lede">
          Made by a computer model, for learning. It is not about you, and it is not advice.
          {level !== null &&
            ` Reading level: school grade ${Math.max(1, Math.round(level))} (Flesch–Kincaid ${level.toFixed(1)}).`}
        </p>
        <div class="explain-tools no-print">
          <select
            aria-label="Whose story"
            value={args.run ? 'run:' + args.run : 'example:' + (source.value?.example ?? '')}
            onChange={(e) => {
              const [kind, ...id] = e.currentTarget.value.split(':');
              setArgs({ run: undefined, example: undefined, [kind!]: id.join(':') });
            }}
          >
            {choices.map((e) => (
              <option key={e.id} value={'example:' + e.id}>
                {e.title}
              </option>
            ))}
            {runs.map((run) => (
              <option key={run.id} value={'run:' + run.id}>
                {run.title || run.id}
              </option>
            ))}
          </select>
          <button type="button" class="plain" onClick={() => print()}>
            Print
          </button>
        </div>
        {wrong && (
          <p class="problem" role="alert">
            {wrong}
          </p>
        )}
      </header>

      <div class="explain-body">
        <div class="story">
          {story
            .filter((p) => !QUESTIONS.test(p.title))
            .map((p) => (
              <section key={p.title}>
                <h2>{p.title}</h2>
                {p.sentences.map((s, i) => (
                  <p key={i}>
                    {s.text}
                    {s.quantity &&
                      s.value !== null &&
                      s.value !== undefined &&
                      !new RegExp(`day ${Math.round(s.day ?? -1)}\\b`).test(s.text) && (
                        <span
                          class="tie"
                          title={`${s.quantity} = ${plain(s.value)}${s.day === null || s.day === undefined ? '' : ' on day ' + plain(s.day)}`}
                          aria-hidden="true"
                        >
                          {s.day === null || s.day === undefined ? '' : 'day ' + Math.round(s.day)}
                        </span>
                      )}
                  </p>
                ))}
              </section>
            ))}
          {!story.length && <p class="note wait">Computing …</p>}
        </div>
        <div class="icons">
          {icons.map((f, i) => (
            <IconArray key={f.what} fact={f} id={'icons-' + (i + 1)} command={r?.command} />
          ))}
        </div>
      </div>

      {questions.length > 0 && (
        <section class="questions">
          <h2>Questions to ask a care team</h2>
          <ol>
            {questions.map((q) => (
              <li key={q}>{q}</li>
            ))}
          </ol>
        </section>
      )}
      <section class="limits">
        <h2>What this can't tell</h2>
        {LIMITS.map((l) => (
          <p key={l}>{l}</p>
        ))}
      </section>
      <Six />
      <History />
    </article>
  );
}

function Six() {
  const examples = catalog.value?.examples ?? [];
  return (
    <section class="six">
      <h2>Six types of immunotherapy</h2>
      <div class="six-grid">
        {SIX.map((k, i) => {
          const example = examples.find((e) => e.kind === 'run' && k.example.test(e.id));
          return (
            <div key={k.tour}>
              <h3>
                <span class="n">{i + 1}</span> {k.title}
              </h3>
              <p>
                {k.words} {k.like}
              </p>
              <p class="note">{k.names}</p>
              {example && (
                <a class="no-print" href={href('patient', { example: example.id, view: 'handshake', tour: k.tour })}>
                  See how it works
                </a>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function History() {
  return (
    <Figure
      id="timeline"
      className="history"
      title="From 1891 to today"
      caption="Steps on the way. Years of approval are those of the United States."
      table={() => ({ head: ['year', 'what', 'words'], rows: TIMELINE.map((m) => [m.year, m.what, m.words]) })}
    >
      <TimelineStrip />
      <ol class="timeline">
        {TIMELINE.map((m) => (
          <li key={m.year + m.what}>
            <b>{m.year}</b>
            <div>
              <h4>{m.what}</h4>
              <p>{m.words}</p>
            </div>
          </li>
        ))}
      </ol>
    </Figure>
  );
}

function TimelineStrip() {
  const from = 1885;
  const to = 2027;
  const x = (year: number) => 8 + ((year - from) / (to - from)) * 984;
  return (
    <svg
      data-chart
      viewBox="0 0 1000 54"
      width="1000"
      height="54"
      role="img"
      aria-label={`${TIMELINE.length} steps between ${TIMELINE[0]!.year} and ${TIMELINE[TIMELINE.length - 1]!.year}, most of them after 2010`}
    >
      <g class="axis">
        <line x1={8} x2={992} y1={30} y2={30} />
        {[1900, 1925, 1950, 1975, 2000, 2025].map((t) => (
          <g key={t}>
            <line x1={x(t)} x2={x(t)} y1={30} y2={35} />
            <text x={x(t)} y={50} text-anchor="middle">
              {t}
            </text>
          </g>
        ))}
      </g>
      {TIMELINE.map((m) => (
        <circle
          key={m.year + m.what}
          cx={x(m.year)}
          cy={30}
          r={5}
          fill="var(--paper)"
          stroke="var(--accent)"
          stroke-width={2}
        >
          <title>{`${m.year}: ${m.what}`}</title>
        </circle>
      ))}
    </svg>
  );
}
