// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the trial page: who was screened, who responded, who lived how long, what it cost, and what was
// published.
import { useEffect, useState } from 'preact/hooks';
import { get, listen } from '../api/client';
import type { Run } from '../api/types';
import { route, setArgs } from '../app/route';
import { useWidth } from '../chart/size';
import { armColour, inkNow, interval, number, percent } from '../clinical/draw';
import { Consort, consortTable } from '../clinical/consort';
import { Forest, forestTable } from '../clinical/forest';
import { CumulativeIncidence, incidenceTable, organOrder } from '../clinical/incidence';
import { KaplanMeier, kmTable } from '../clinical/km';
import { armResponses, PublishedBeside, publishedTable, Response, responseTable } from '../clinical/response';
import { Spider, spiderTable } from '../clinical/spider';
import { Swimmer, swimmerTable } from '../clinical/swimmer';
import type { Endpoint, Person, TrialResult, TrialSummary } from '../clinical/types';
import { Waterfall, waterfallTable } from '../clinical/waterfall';
import { Figure } from '../ui/figure';
import { PersonPanel } from './person';
import { StartTrial } from './start';
import './trial.css';

/** Organs that are drawn; all are in the table. */
const MOST_ORGANS = 8;

export function TrialPage() {
  const { run, person } = route.value.args;
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [result, setResult] = useState<{ id: string; trial: TrialResult } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const look = () =>
    get<Run[]>('runs').then(
      (list) => setRuns(list.filter((r) => r.kind === 'trial')),
      (e) => setProblem(e.message),
    );
  useEffect(() => {
    void look();
    return listen((what) => {
      if (what.kind === 'run') setRuns((list) => list && progressed(list, what.data, () => void look()));
    });
  }, []);
  const shown = runs?.find((r) => r.id === run) ?? runs?.find((r) => r.state === 'done');
  useEffect(() => {
    if (!shown || shown.state !== 'done' || result?.id === shown.id) return;
    setProblem(null);
    const stop = new AbortController();
    get<TrialResult>(`runs/${shown.id}/result`, stop.signal).then(
      (trial) => setResult({ id: shown.id, trial }),
      (e) => e.name !== 'AbortError' && setProblem(e.message),
    );
    return () => stop.abort();
  }, [shown?.id, shown?.state]);
  const trial = result && result.id === shown?.id ? result.trial : null;
  const chosen = trial?.people.find((p) => String(p.id) === person);
  return (
    <section class="page trial-page">
      <header class="page-head">
        <div>
          <h1>{trial?.title ?? shown?.title ?? 'Trial'}</h1>
          {trial ? (
            <p class="lede">{lede(trial)}</p>
          ) : (
            <p class="lede">
              Virtual people, drawn from a cancer’s published distributions, allocated, treated and followed.
            </p>
          )}
        </div>
        <div class="page-tools">
          {runs && runs.length > 0 && (
            <label class="field inline">
              <span>Trial shown</span>
              <select
                value={shown?.id}
                onChange={(e) => setArgs({ run: (e.target as HTMLSelectElement).value, person: undefined })}
              >
                {runs.map((r) => (
                  <option key={r.id} value={r.id}>
                    {r.title} {r.state === 'done' ? '' : `(${r.state})`}
                  </option>
                ))}
              </select>
            </label>
          )}
          <button
            type="button"
            class="plain"
            aria-expanded={starting || runs?.length === 0}
            onClick={() => setStarting(!starting)}
          >
            New trial
          </button>
        </div>
      </header>
      {(starting || runs?.length === 0) && (
        <StartTrial
          started={() => {
            setStarting(false);
            void look();
          }}
        />
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {shown && shown.state !== 'done' && <RunState run={shown} />}
      {trial && <Charts trial={trial} open={(p) => setArgs({ run: shown!.id, person: p.id })} />}
      {trial && chosen && (
        <PersonPanel person={chosen} close={() => setArgs({ person: undefined })} />
      )}
    </section>
  );
}

function progressed(list: Run[], data: Record<string, unknown>, unknown: () => void): Run[] {
  const known = list.find((r) => r.id === data.id);
  if (!known) {
    unknown();
    return list;
  }
  if (data.state !== known.state) unknown();
  return list.map((r) => (r === known ? { ...r, ...(data as Partial<Run>) } : r));
}

function RunState({ run }: { run: Run }) {
  const error = typeof run.error === 'string' ? run.error : run.error?.message;
  return (
    <div class="run-state" role="status">
      <p>
        {run.state === 'running'
          ? `Running: ${percent(run.progress)} of the people are through.`
          : `This trial is ${run.state}.`}
      </p>
      {run.state === 'running' && <progress max={1} value={run.progress} aria-label="Progress of the trial" />}
      {error && <p class="problem">{error}</p>}
    </div>
  );
}

function lede(t: TrialResult): string {
  const s = t.summary;
  return (
    [
      `${t.people.length} virtual people in ${s.arms.length} ${s.arms.length === 1 ? 'arm' : 'arms'}`,
      s.cancer,
      s.source ? `after ${s.source}` : null,
      `seed ${s.seed}`,
    ]
      .filter(Boolean)
      .join('; ') + '.'
  );
}

function Charts({ trial, open }: { trial: TrialResult; open: (p: Person) => void }) {
  const s = trial.summary;
  const order = s.arms.map((a) => a.name);
  const ink = inkNow();
  const of = (arm: string) => trial.people.filter((p) => p.arm === arm);
  const command = trial.command;
  const responses = armResponses(trial.people, s.arms, trial.published);
  const every = organOrder(trial.incidence);
  const organs = every.slice(0, MOST_ORGANS);
  const endpoint = (which: 'PFS' | 'OS') =>
    Object.fromEntries(s.arms.map((a) => [a.name, a[which] as Endpoint | undefined]));
  const each = (draw: (arm: string, width: number) => preact.JSX.Element, most = 2) => (
    <Wide>
      {(width) => {
        const columns = width > 760 ? Math.min(most, order.length) : 1;
        const room = Math.floor((width - 36 * (columns - 1)) / columns);
        return (
          <div class="arms" data-columns={columns}>
            {order.map((arm) => draw(arm, room))}
          </div>
        );
      }}
    </Wide>
  );
  return (
    <>
      <Glance summary={s} />
      <div class="pair">
        <Figure
          id="consort"
          title="Who took part"
          caption="Screened, turned away by which rule, allocated, and how each arm ended."
          table={() => consortTable(s)}
          command={command}
        >
          <Wide>{(w) => <Consort summary={s} width={w} ink={ink} />}</Wide>
        </Figure>
        <Figure
          id="response"
          title="Best response"
          caption="Best response by RECIST 1.1; the share that responded with its exact 95 % interval."
          table={() => responseTable(responses)}
          command={command}
        >
          <Wide>{(w) => <Response rows={responses} order={order} width={w} ink={ink} />}</Wide>
        </Figure>
      </div>
      <Figure
        id="waterfall"
        title="Waterfall"
        table={() => waterfallTable(trial.people)}
        command={command}
        caption="Each bar is one person: the best change of the sum of diameters. Choose a bar to open that person."
      >
        {each((arm, w) => (
          <Waterfall
            key={arm}
            people={of(arm)}
            arm={arm}
            colour={armColour(arm, order, ink)}
            width={w}
            ink={ink}
            onPick={open}
          />
        ))}
      </Figure>
      <Figure
        id="spider"
        title="Spider"
        table={() => spiderTable(trial.people)}
        command={command}
        caption="The sum of diameters of each person, scan by scan. Lines end at the last scan; they are not carried on."
      >
        {each((arm, w) => (
          <Spider
            key={arm}
            people={of(arm)}
            arm={arm}
            colour={armColour(arm, order, ink)}
            width={w}
            ink={ink}
            onPick={open}
          />
        ))}
      </Figure>
      <div class="pair">
        {(['pfs', 'os'] as const)
          .filter((e) => trial.km[e])
          .map((e) => (
            <Figure
              key={e}
              id={`km-${e}`}
              title={e === 'pfs' ? 'Progression-free survival' : 'Overall survival'}
              caption="Kaplan-Meier with 95 % bands (log-log); ticks are people who were followed no longer; broken lines show medians."
              table={() => kmTable(trial.km[e]!)}
              command={command}
            >
              <Wide>
                {(w) => (
                  <KaplanMeier
                    arms={trial.km[e]!}
                    order={order}
                    width={w}
                    ink={ink}
                    summary={endpoint(e === 'pfs' ? 'PFS' : 'OS')}
                    what={e === 'pfs' ? 'Progression-free survival' : 'Overall survival'}
                  />
                )}
              </Wide>
            </Figure>
          ))}
      </div>
      <Figure
        id="swimmer"
        title="Swimmer lanes"
        table={() => swimmerTable(trial.people)}
        command={command}
        caption="One lane a person, longest followed first. The thick part is time on treatment, the thin part follow-up."
      >
        {each((arm, w) => (
          <Swimmer
            key={arm}
            people={of(arm)}
            arm={arm}
            colour={armColour(arm, order, ink)}
            width={w}
            ink={ink}
            onPick={open}
          />
        ))}
      </Figure>
      {trial.forest.length > 0 && (
        <Figure
          id="forest"
          title="Forest plot"
          table={() => forestTable(trial.forest)}
          command={command}
          caption={`Hazard ratios of progression or death against ${s.control}, in parts of the people. Parts are small: their intervals are wide.`}
        >
          <Wide>
            {(w) => (
              <Forest
                rows={trial.forest}
                width={w}
                ink={ink}
                favours={[
                  `favours ${order.filter((a) => a !== s.control).join(', ') || 'treatment'}`,
                  `favours ${s.control}`,
                ]}
              />
            )}
          </Wide>
        </Figure>
      )}
      {organs.length > 0 && (
        <Figure
          id="incidence"
          title="Adverse events"
          table={() => incidenceTable(trial.incidence, every)}
          command={command}
          caption={`Cumulative incidence by organ; death before an event is a competing end, not a loss to sight.${every.length > organs.length ? ` ${every.length - organs.length} rarer organs are in the table.` : ''}`}
        >
          <Wide>
            {(w) => (
              <CumulativeIncidence incidence={trial.incidence} organs={organs} order={order} width={w} ink={ink} />
            )}
          </Wide>
        </Figure>
      )}
      {trial.published.length > 0 && (
        <Figure
          id="published"
          title="Published beside simulated"
          table={() => publishedTable(trial.published)}
          command={command}
          caption="Each figure that was published of this trial, beside what was simulated: simulated · published."
        >
          <Wide>{(w) => <PublishedBeside rows={trial.published} order={order} width={w} ink={ink} />}</Wide>
        </Figure>
      )}
    </>
  );
}

function Wide({ children }: { children: (width: number) => preact.JSX.Element }) {
  const { ref, width } = useWidth(600);
  return (
    <div ref={ref} class="chart-room">
      {children(width)}
    </div>
  );
}

/** The numbers that a reader looks for first. */
function Glance({ summary }: { summary: TrialSummary }) {
  const order = summary.arms.map((a) => a.name);
  const ink = inkNow();
  const share = (v?: { value: number; low: number; high: number }) =>
    v ? (
      <>
        {percent(v.value, 0)}{' '}
        <small>
          {number(100 * v.low, 0)} to {number(100 * v.high, 0)}
        </small>
      </>
    ) : (
      '–'
    );
  const median = (e?: Endpoint) => {
    const m = e?.median_months;
    return m ? (
      <>
        {m.value === null ? 'not reached' : number(m.value, 1)}{' '}
        <small>{m.value === null ? '' : `${number(m.low, 1)} to ${m.high === null ? '–' : number(m.high, 1)}`}</small>
      </>
    ) : (
      '–'
    );
  };
  const ratio = (e?: Endpoint) =>
    e?.hazard_ratio?.value ? interval(e.hazard_ratio.value, e.hazard_ratio.low, e.hazard_ratio.high, 2) : '–';
  return (
    <div class="glance-box" tabIndex={0} role="region" aria-label="The trial at a glance">
      <table class="glance">
        <thead>
          <tr>
            {[
              'Arm',
              'People',
              'Response',
              'Median PFS [month]',
              'Median survival [month]',
              'Hazard ratio, PFS',
              'Hazard ratio, death',
              'Grade 3 or 4',
            ].map((h) => (
              <th key={h} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summary.arms.map((a) => (
            <tr key={a.name} data-arm={a.name}>
              <th scope="row">
                <i class="swatch" style={{ background: armColour(a.name, order, ink) }} aria-hidden="true" />
                {a.name}
              </th>
              <td>{a.people}</td>
              <td data-value={a.response.value}>{share(a.response)}</td>
              <td>{median(a.PFS)}</td>
              <td>{median(a.OS)}</td>
              <td>{ratio(a.PFS)}</td>
              <td>{ratio(a.OS)}</td>
              <td>{share(a.adverse_events?.all?.grade_3_4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
