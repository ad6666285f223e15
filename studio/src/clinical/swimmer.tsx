// SPDX-License-Identifier: GPL-3.0-or-later
// Swimmer: a lane a person, from the first dose to death or the last look, with treatment, response and progression.
import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import {
  ArmHead,
  AxisX,
  bestColour,
  type Ink,
  type Legend,
  LegendBlock,
  LegendKey,
  legendRows,
  Note,
  number,
  Sheet,
  T,
  timeTicks,
  usePicks,
} from './draw';
import { DAYS_A_MONTH } from './spider';
import type { Table } from '../chart/export';
import type { Person } from './types';

/** More lanes than this are thinned, evenly along the order, and the chart says so. */
const LANES = 60;

/** The first scan at which the sum of diameters was 30 % smaller or more. */
export function responseDay(p: Person): number | null {
  if (p.best !== 'CR' && p.best !== 'PR') return null;
  const at = p.sum.change_pct.findIndex((c) => c !== null && c <= -30 + 1e-6);
  return at < 0 ? null : p.sum.day[at];
}

export function swimmerOrder(people: Person[]): Person[] {
  return people.filter((p) => p.os_day !== null).sort((a, b) => (b.os_day as number) - (a.os_day as number));
}

export function swimmerTable(people: Person[]): Table {
  return {
    head: [
      'person',
      'arm',
      'best response',
      'last dose or end of treatment [day]',
      'response [day]',
      'progression or death [day]',
      'progressed',
      'death or last look [day]',
      'died',
    ],
    rows: swimmerOrder(people).map((p) => [
      p.id,
      p.arm,
      p.best,
      p.on_treatment_day,
      responseDay(p),
      p.pfs_day,
      p.pfs_event ? 'yes' : 'no',
      p.os_day,
      p.os_event ? 'yes' : 'no',
    ]),
  };
}

interface Props {
  people: Person[];
  width: number;
  ink: Ink;
  arm?: string;
  colour?: string;
  onPick?: (person: Person) => void;
}

export function Swimmer({ people, width, ink, arm, colour, onPick }: Props): JSX.Element {
  const all = swimmerOrder(people);
  const stride = Math.max(1, all.length / LANES);
  const list = all.length <= LANES ? all : Array.from({ length: LANES }, (_, i) => all[Math.floor(i * stride)]);
  const picks = usePicks(list.length, onPick ? (i) => onPick(list[i]) : undefined);
  const mark = ink.ink;
  const legend: Legend[] = [
    ...['CR', 'PR', 'SD', 'PD']
      .filter((b) => list.some((p) => p.best === b))
      .map((b) => ({ name: b, colour: bestColour(b) })),
    { name: 'response', colour: mark, shape: 'diamond' },
    { name: 'progression', colour: mark, shape: 'cross' },
    { name: 'death', colour: mark, shape: 'dot' },
    { name: 'still followed', colour: mark, shape: 'arrow' },
  ];
  const keys = legendRows(legend, width);
  const left = 34,
    right = width - 16,
    head = arm ? 22 : 0,
    top = head + keys.height + 8;
  const lane = list.length > 40 ? 9 : 12;
  const base = top + list.length * lane + 4;
  const height = base + 42 + (list.length < all.length ? 16 : 0);
  const most = Math.max(1, ...list.map((p) => p.os_day as number)) / DAYS_A_MONTH;
  const x = scaleLinear([0, most], [left, right]);
  const at = (day: number): number => x(day / DAYS_A_MONTH);
  const chosen = list[picks.at];
  return (
    <Sheet
      width={width}
      height={height}
      ink={ink}
      picks={picks}
      onPointerLeave={() => picks.set(-1)}
      label={
        `Swimmer lanes${arm ? ' of ' + arm : ''}: ${list.length} people by how long they were followed; thick is ` +
        'treatment. Arrows go from lane to lane, Enter opens the person.'
      }
    >
      <ArmHead arm={arm} n={people.length} colour={colour} ink={ink} />
      <LegendBlock items={legend} x={0} y={head} width={width} ink={ink} />
      <AxisX
        at={x}
        ticks={timeTicks(most, right - left)}
        y={base}
        from={left}
        to={right}
        ink={ink}
        label="months since the first dose"
      />
      {list.map((p, i) => {
        const y = top + i * lane + lane / 2;
        const fill = bestColour(p.best);
        const dosed = p.on_treatment_day ?? (p.os_day as number);
        const responded = responseDay(p);
        return (
          <g
            key={p.id}
            data-person={p.id}
            {...picks.mark(
              i,
              `person ${p.id}, ${p.best}, ` +
                `${p.os_event ? 'died' : 'followed'} to month ${number((p.os_day as number) / DAYS_A_MONTH, 1)}`,
            )}
          >
            <rect x={0} y={y - lane / 2} width={width} height={lane} fill={picks.at === i ? ink.grid : 'transparent'} />
            {i % 5 === 0 ? (
              <T x={left - 6} y={y + 3.5} size={9.5} anchor="end" ink={ink} soft>
                {p.id}
              </T>
            ) : null}
            <rect
              x={left}
              y={y - 1}
              width={Math.max(0, at(p.os_day as number) - left)}
              height={2}
              fill={fill}
              fill-opacity={0.55}
            />
            <rect
              class="lane"
              x={left}
              y={y - lane * 0.36}
              width={Math.max(1, at(Math.min(dosed, p.os_day as number)) - left)}
              height={lane * 0.72}
              fill={fill}
            />
            {responded !== null ? (
              <g transform={`translate(${at(responded)} ${y}) scale(.8) translate(-8 0)`}>
                <LegendKey shape="diamond" x={0} y={0} colour={mark} ink={ink} />
              </g>
            ) : null}
            {p.pfs_event && p.pfs_day !== null && !(p.os_event && p.os_day === p.pfs_day) ? (
              <g transform={`translate(${at(p.pfs_day)} ${y}) scale(.75) translate(-8 0)`}>
                <LegendKey shape="cross" x={0} y={0} colour={mark} ink={ink} />
              </g>
            ) : null}
            <g transform={`translate(${at(p.os_day as number)} ${y}) scale(.8) translate(${p.os_event ? -8 : -2} 0)`}>
              <LegendKey shape={p.os_event ? 'dot' : 'arrow'} x={0} y={0} colour={mark} ink={ink} />
            </g>
          </g>
        );
      })}
      {list.length < all.length ? (
        <T x={left} y={height - 4} size={11} ink={ink} soft>
          {`${list.length} of ${all.length} people are drawn, evenly along the order; the table has all`}
        </T>
      ) : null}
      {chosen ? (
        <Note
          x={at((chosen.os_day as number) / 2)}
          y={top + picks.at * lane}
          width={width}
          ink={ink}
          lines={[
            `Person ${chosen.id}, ${chosen.best}`,
            chosen.on_treatment_day === null ? 'treated to the last look' : `treated to day ${number(chosen.on_treatment_day, 0)}`,
            `${chosen.os_event ? 'died' : 'followed'} to day ${number(chosen.os_day, 0)}`,
          ]}
        />
      ) : null}
    </Sheet>
  );
}
