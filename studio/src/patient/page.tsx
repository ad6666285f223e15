// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the patient page: one person, what is given, and what follows.
import { useEffect } from 'preact/hooks';
import { catalog, post } from '../api/client';
import type { PatientResult } from '../api/types';
import { href, route, setArgs } from '../app/route';
import { span } from '../chart/cursor';
import { Handshake } from '../tour/tour';
import { Command, plain } from '../ui/figure';
import { Segments } from '../ui/slider';
import { Compare } from './compare';
import { Controls } from './controls';
import { Anything, Drug, Healthy, ImmuneCells, Receptors, SideEffects, Signals } from './course';
import { lesions } from './pick';
import { Spider, verdict } from './spider';
import { begin, busy, held, open, problem, result, source } from './state';

/** What is shown when the address names nothing. */
const FIRST = /^01/;

export function PatientPage() {
  const args = route.value.args;
  const examples = catalog.value?.examples;
  useEffect(() => {
    if (args.trial && args.person) {
      void fromTrial(args.trial, args.person);
    } else if (args.run) {
      if (source.value?.run !== args.run) void open(args.run);
    } else if (examples && (args.example ? source.value?.example !== args.example : !source.value)) {
      const runs = examples.filter((e) => e.kind === 'run');
      const e = runs.find((x) => x.id === args.example) ?? runs.find((x) => FIRST.test(x.id)) ?? runs[0];
      if (e) void begin(e.title, e.yaml, { example: e.id });
    }
  }, [args.run, args.trial, args.person, args.example, examples]);

  const r = result.value;
  const view = args.view === 'handshake' ? 'handshake' : 'course';
  return (
    <div class="patient page">
      <aside>
        <details class="drawer" open={innerWidth > 980}>
          <summary>Settings</summary>
          <Controls />
        </details>
      </aside>
      <div class="content" aria-busy={busy.value}>
        {r ? (
          <>
            <Head />
            <nav class="tabs" aria-label="Views of this person">
              <a
                href={href('patient', { ...args, view: undefined })}
                aria-current={view === 'course' ? 'page' : undefined}
              >
                Course
              </a>
              <a
                href={href('patient', { ...args, view: 'handshake' })}
                aria-current={view === 'handshake' ? 'page' : undefined}
              >
                The handshake
              </a>
            </nav>
            {view === 'course' ? <Course /> : <Handshake result={r} />}
          </>
        ) : (
          <p class="note wait">{problem.value ? problem.value.message : 'Computing the first course …'}</p>
        )}
      </div>
    </div>
  );
}

/** A person of a trial, run again as a scenario of one. */
async function fromTrial(trial: string, person: string): Promise<void> {
  try {
    result.value = await post<PatientResult>('patient', { trial, person: Number(person) });
    source.value = { title: result.value.title };
  } catch (error) {
    problem.value = {
      message: `Person ${person} of this trial can't be run again: ${error instanceof Error ? error.message : error}`,
    };
  }
}

function Head() {
  const r = result.value!;
  const of = r.response ?? {};
  const first = r.doses[0];
  const what = [...new Set(r.doses.map((d) => d.drug))].join(', ');
  const facts: [string, string, string][] = [
    ['Best response', String(of.best ?? '–'), verdict(of.best)],
    [
      'Smallest sum',
      plain(Number(of.smallest_sum_mm)) + ' mm',
      `of ${plain(Number(of.sum_at_start_mm))} mm, on day ${plain(Number(of.smallest_sum_day))}`,
    ],
    [
      'Without progression',
      `${of.pfs_event === 'censored' ? 'over ' : ''}${plain(Number(of.pfs_day))} days`,
      'by RECIST 1.1',
    ],
    [
      'Worst side effect',
      r.adverse_events?.length ? 'grade ' + Math.round(Math.max(...r.adverse_events.map((e) => e.grade))) : 'none',
      r.adverse_events?.length ? 'by CTCAE' : 'of grade 1 or more',
    ],
  ];
  return (
    <header class="headline">
      <h1>{r.title}</h1>
      <p class="lede">
        {first ? `${what}, ${r.doses.length} doses in ${plain(r.day[r.day.length - 1])} days.` : 'No drug is given.'}{' '}
        Simulated.
      </p>
      <dl class="outcomes">
        {facts.map(([k, v, w]) => (
          <div key={k}>
            <dt>{k}</dt>
            <dd>
              <b>{v}</b>
              <span>{w}</span>
            </dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

const SPANS: { value: string; label: string; days: number }[] = [
  { value: '84', label: '12 weeks', days: 84 },
  { value: '182', label: '6 months', days: 182 },
  { value: '365', label: '1 year', days: 365 },
  { value: 'all', label: 'all', days: Infinity },
];

function Course() {
  const r = result.value!;
  const a = held.value?.result ?? null;
  const args = route.value.args;
  const places = lesions(r);
  const lesion = places.find((l) => l.id === args.lesion)?.id ?? places[0]?.id ?? null;
  const end = r.day[r.day.length - 1] ?? 1;
  const days: [number, number] = [0, end];
  const wanted = SPANS.find((s) => s.value === args.days && s.days < end) ?? SPANS[SPANS.length - 1]!;
  useEffect(() => {
    span.value = Number.isFinite(wanted.days) ? [0, wanted.days] : null;
    return () => {
      span.value = null;
    };
  }, [wanted.value, end]);
  const shown = { result: r, a, days, lesion };
  return (
    <>
      <Compare />
      <Spider result={r} a={a} days={days} />
      <div class="toolbar">
        {places.length > 1 && (
          <div class="choice inline">
            <label for="lesion">Lesion in the charts below</label>
            <select id="lesion" value={lesion ?? ''} onChange={(e) => setArgs({ lesion: e.currentTarget.value })}>
              {places.map((l) => (
                <option key={l.id} value={l.id}>
                  {l.label}
                </option>
              ))}
            </select>
          </div>
        )}
        <Segments
          label="Days shown"
          value={wanted.value}
          onChange={(v) => setArgs({ days: v === 'all' ? undefined : v })}
          choices={SPANS.filter((s) => s.days < end || s.value === 'all')}
        />
      </div>
      <div class="grid">
        <div>
          <Drug {...shown} />
          <ImmuneCells {...shown} />
          <Anything {...shown} />
        </div>
        <div>
          <Receptors {...shown} />
          <Signals {...shown} />
          <SideEffects {...shown} />
          <Healthy {...shown} />
        </div>
      </div>
      <section class="words">
        <h2>In plain words</h2>
        {r.in_plain_words.map((s) => (
          <p key={s}>{s}</p>
        ))}
        <Command text={r.command} />
      </section>
    </>
  );
}
