// SPDX-License-Identifier: GPL-3.0-or-later
// course.tsx -- the charts of one person below the tumours: drug, receptors, immune cells, signals, side effects.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AdverseEvent, PatientResult, Quantity } from '../api/types';
import { Lanes, type Lane } from '../chart/lanes';
import { TimeChart, type Line } from '../chart/time';
import { Figure, plain } from '../ui/figure';
import { Segments } from '../ui/slider';
import { byUnit, held, inGroup, lesionOf, symbol, tableOf, toLine, unitWords } from './pick';

export interface Shown {
  result: PatientResult;
  a: PatientResult | null;
  days: [number, number];
  lesion: string | null;
}

type Scale = 'log' | 'linear';
const SCALES: { value: Scale; label: string }[] = [
  { value: 'log', label: 'log' },
  { value: 'linear', label: 'linear' },
];

/** One figure with a panel for each unit. */
type Panel = { unit: string; list: Quantity[]; name?: string };
function Panels(
  props: Shown & {
    id: string;
    title: string;
    caption: string;
    list: Quantity[];
    log: boolean;
    factor?: number;
    unit?: string;
    none: string;
    range?: [number, number];
    tools?: ComponentChildren;
    decades?: number;
    split?: (list: Quantity[]) => Panel[];
  },
) {
  const [scale, setScale] = useState<Scale>(props.log ? 'log' : 'linear');
  const live = props.list.filter(
    (q) =>
      q.value.some((v) => v !== 0) || props.a?.quantities.some((x) => x.id === q.id && x.value.some((v) => v !== 0)),
  );
  const groups: Panel[] = (props.split ?? byUnit)(live);
  const charts = groups.map(({ unit, list, name }) => {
    const lines: Line[] = list.map((q, i) => toLine(props.result, q, i, props.factor));
    return {
      unit: props.unit ?? unitWords(unit),
      name: name ?? unitWords(unit),
      lines,
      all: [...lines, ...held(lines, props.a, props.factor)],
    };
  });
  return (
    <Figure
      id={props.id}
      title={props.title}
      caption={props.caption}
      command={props.result.command}
      table={() => {
        const tables = charts.map((c) => tableOf(c.lines, c.unit));
        return {
          head: ['day', ...tables.flatMap((t) => t.head.slice(1))],
          rows: props.result.day.map((d, i) => [d, ...tables.flatMap((t) => t.rows[i]?.slice(1) ?? [])]),
        };
      }}
    >
      {!props.range && (charts.length > 0 || props.tools) && (
        <div class="figure-tools">
          {props.tools}
          <Segments label={'Scale of ' + props.title} value={scale} onChange={setScale} choices={SCALES} />
        </div>
      )}
      {charts.map((c, i) => (
        <TimeChart
          key={c.name}
          label={props.title + (charts.length > 1 ? ', ' + c.name : '')}
          lines={c.all}
          unit={props.split === places ? c.name : c.unit}
          days={props.days}
          log={!props.range && scale === 'log'}
          decades={props.decades}
          range={props.range}
          height={charts.length > 1 ? 150 : 200}
          xAxis={i === charts.length - 1}
        />
      ))}
      {charts.length === 0 && <p class="note">{props.none}</p>}
    </Figure>
  );
}

/** What is in blood apart from what is in the lesion, each unit by itself. */
function places(list: Quantity[]): Panel[] {
  const of = (where: string, some: Quantity[]) =>
    byUnit(some).map((g) => ({ ...g, name: `${unitWords(g.unit)}${where}` }));
  return [
    ...of(
      ', blood',
      list.filter((q) => lesionOf(q.id) === null),
    ),
    ...of(
      ', lesion',
      list.filter((q) => lesionOf(q.id) !== null),
    ),
  ];
}

export function Drug(props: Shown) {
  const list = inGroup(props.result, 'drug', props.lesion).filter(
    (q) => !/^(C_inf|HSV_Ab|virus_gone)$/.test(symbol(q.id)),
  );
  return (
    <Panels
      {...props}
      id="drug"
      title="Drug"
      caption="How much of each drug there is, in blood and in the lesion."
      list={list}
      split={places}
      log
      none="No drug is given."
    />
  );
}

export function Receptors(props: Shown) {
  const list = inGroup(props.result, 'occupancy', props.lesion);
  return (
    <Panels
      {...props}
      id="receptors"
      title="Receptors occupied"
      caption="Of every 100 receptors, how many hold the drug."
      list={list}
      log={false}
      factor={100}
      unit="%"
      range={[0, 104]}
      none="No drug here binds a receptor that is followed."
    />
  );
}

export function ImmuneCells(props: Shown) {
  const [where, setWhere] = useState<'lesion' | 'blood'>('lesion');
  const all = props.result.quantities.filter(
    (q) => ['t_cells', 'suppression'].includes(q.group) || symbol(q.id) === 'NK',
  );
  const list = all.filter((q) => {
    const of = lesionOf(q.id);
    return q.unit !== 'dimensionless' && (where === 'blood' ? of === null : of === props.lesion);
  });
  return (
    <Panels
      {...props}
      tools={
        <Segments
          label="Where the cells are"
          value={where}
          onChange={setWhere}
          choices={[
            { value: 'lesion', label: 'in the lesion' },
            { value: 'blood', label: 'in blood and nodes' },
          ]}
        />
      }
      id="cells"
      title={where === 'lesion' ? 'Immune cells in the lesion' : 'Immune cells in blood and nodes'}
      caption="Effectors kill, exhausted ones are worn out, regulatory ones and myeloid suppressors hold the attack back."
      list={list}
      log
      none="No such cells in this run."
      split={kinds}
      decades={6}
    />
  );
}

/** T cells apart from the myeloid and NK cells beside them, each unit by itself. */
function kinds(list: Quantity[]) {
  const t = list.filter((q) => q.group === 't_cells');
  const rest = list.filter((q) => q.group !== 't_cells');
  return [
    ...byUnit(t).map((g) => ({ ...g, name: 'T cells, ' + g.unit })),
    ...byUnit(rest).map((g) => ({ ...g, name: 'Other cells, ' + g.unit })),
  ];
}

const SIGNALS = /^(IFNg|IL6|il2_nM|ifna_.*|TNF|inn_IFN|fever|inn_temp)$/;
export function Signals(props: Shown) {
  const list = props.result.quantities.filter((q) => {
    const of = lesionOf(q.id);
    return SIGNALS.test(symbol(q.id)) && (of === null || of === props.lesion);
  });
  return (
    <Panels
      {...props}
      id="signals"
      title="Cytokines"
      caption="Signals between immune cells. Interferon-gamma tells that T cells attack."
      list={list}
      log={false}
      none="No cytokine is followed in this run."
    />
  );
}

const GRADES = ['', '#f2c84b', '#e69f00', '#d55e00', '#8c2d04', '#1a1a1a'];
const ORGANS: Record<string, string> = {
  crs: 'Cytokine release',
  icans: 'Brain (ICANS)',
  gut: 'Gut',
  nerves: 'Nerves and muscle',
};
const organName = (o: string) => ORGANS[o] ?? o.charAt(0).toUpperCase() + o.slice(1);

export function SideEffects(props: Shown) {
  const { result, days } = props;
  const events = result.adverse_events ?? [];
  const organs = [...new Set(events.map((e) => e.organ))];
  const lanes: Lane[] = organs.map((organ) => ({
    id: organ,
    label: organName(organ),
    pieces: events
      .filter((e) => e.organ === organ)
      .map((e: AdverseEvent) => ({
        from: e.from_day,
        to: e.to_day ?? days[1],
        colour: GRADES[Math.min(5, Math.max(1, Math.round(e.grade)))]!,
        label: `${organName(organ)}, grade ${e.grade}, day ${plain(e.from_day)} to ${e.to_day === null ? 'the end' : plain(e.to_day)}${e.treated ? ', treated' : ''}`,
        short: String(Math.round(e.grade)),
        ink: e.grade >= 3 ? '#fff' : '#2b1d00',
      })),
  }));
  const steroid = result.steroid?.day?.length && result.steroid.mg.some((v) => v > 0) ? result.steroid : null;
  const line: Line[] = steroid
    ? [
        {
          id: 'steroid',
          label: 'Steroid, as prednisolone',
          colour: '#0072b2',
          day: steroid.day,
          value: steroid.mg,
          low: steroid.mg.map(() => 0),
          high: steroid.mg,
        },
      ]
    : [];
  return (
    <Figure
      id="side-effects"
      title="Side effects"
      caption="By organ; the number is the grade (CTCAE), darker is worse. Below: steroids given against them."
      command={result.command}
      table={() => ({
        head: ['organ', 'grade', 'from day', 'to day', 'treated'],
        rows: events.map((e) => [organName(e.organ), e.grade, e.from_day, e.to_day, e.treated ? 'yes' : 'no']),
      })}
    >
      {lanes.length > 0 ? (
        <>
          <ul class="legend grades" aria-hidden="true">
            {[1, 2, 3, 4].map((g) => (
              <li key={g}>
                <span data-legend={GRADES[g]} data-words={'Grade ' + g}>
                  <svg width="14" height="10">
                    <rect width="14" height="10" fill={GRADES[g]} />
                  </svg>
                  grade {g}
                </span>
              </li>
            ))}
          </ul>
          <Lanes label="Side effects by organ" days={days} lanes={lanes} xAxis={!steroid} />
        </>
      ) : (
        <p class="note">No side effect of grade 1 or more in this run.</p>
      )}
      {steroid && <TimeChart label="Steroid" lines={line} unit="mg a day" days={days} height={120} />}
    </Figure>
  );
}

export function Healthy(props: Shown) {
  const list = inGroup(props.result, 'healthy', props.lesion);
  return (
    <Panels
      {...props}
      id="healthy"
      title="Healthy parts"
      caption="What treatment does to tissue and blood that are not cancer."
      list={list}
      log={false}
      none="Not followed in this run."
    />
  );
}

/** Any other quantity of the run. */
export function Anything(props: Shown) {
  const options = props.result.quantities;
  const [id, setId] = useState('');
  const q = options.find((x) => x.id === id) ?? options.find((x) => symbol(x.id) === 'step5_attack') ?? options[0];
  if (!q) return null;
  const lines = [toLine(props.result, q, 0)];
  return (
    <Figure
      id="any"
      title="Any quantity"
      caption="Everything that the model follows can be drawn here."
      command={props.result.command}
      table={() => tableOf(lines, unitWords(q.unit))}
    >
      <div class="figure-tools">
        <select aria-label="Quantity" value={q.id} onChange={(e) => setId(e.currentTarget.value)}>
          {options.map((o) => (
            <option key={o.id} value={o.id}>
              {o.label}
            </option>
          ))}
        </select>
      </div>
      <TimeChart
        label={'Quantity ' + q.label}
        lines={[...lines, ...held(lines, props.a)]}
        unit={unitWords(q.unit)}
        days={props.days}
        height={200}
      />
    </Figure>
  );
}
