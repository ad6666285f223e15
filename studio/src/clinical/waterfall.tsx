// SPDX-License-Identifier: GPL-3.0-or-later
// Waterfall: a bar a person, the best change of the sum of diameters, from the largest growth to the largest shrinkage.
import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import {
  ArmHead,
  AxisY,
  BEST,
  BEST_WORDS,
  bestColour,
  type Ink,
  LegendBlock,
  legendRows,
  Line,
  Note,
  number,
  Sheet,
  T,
  usePicks,
} from './draw';
import type { Table } from '../chart/export';
import type { Person } from './types';

/** Growth beyond this is drawn cut, with a mark, so that shrinkage keeps its room. */
const CUT = 100;

export function waterfallOrder(people: Person[]): Person[] {
  return people
    .filter((p) => p.best_change_pct !== null && isFinite(p.best_change_pct))
    .sort((a, b) => (b.best_change_pct as number) - (a.best_change_pct as number));
}

export function waterfallTable(people: Person[]): Table {
  return {
    head: ['person', 'arm', 'best response', 'best change [%]'],
    rows: waterfallOrder(people).map((p) => [p.id, p.arm, p.best, p.best_change_pct]),
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

export function Waterfall({ people, width, ink, arm, colour, onPick }: Props): JSX.Element {
  const list = waterfallOrder(people);
  const picks = usePicks(list.length, onPick ? (i) => onPick(list[i]) : undefined);
  const kinds = BEST.filter((b) => list.some((p) => p.best === b));
  const legend = kinds.map((b) => ({
    name: BEST_WORDS[b],
    colour: bestColour(b),
    note: String(list.filter((p) => p.best === b).length),
  }));
  const keys = legendRows(legend, width);
  const left = 52,
    head = arm ? 22 : 0,
    top = head + keys.height + 12,
    bottom = 8;
  const height = top + (width < 560 ? 230 : 280) + bottom;
  const y = scaleLinear([CUT, -100], [top, height - bottom]);
  const step = (width - left) / Math.max(1, list.length);
  const wide = Math.max(0.6, step - (step > 5 ? 1.5 : step > 2 ? 0.6 : 0));
  const chosen = list[picks.at];
  const left_out = people.length - list.length;
  return (
    <Sheet
      width={width}
      height={height}
      ink={ink}
      picks={picks}
      onPointerLeave={() => picks.set(-1)}
      label={
        `Waterfall${arm ? ' of ' + arm : ''}: ${list.length} people, best change of the sum of diameters from ` +
        `${number(list[0]?.best_change_pct ?? null, 0)} to ${number(list[list.length - 1]?.best_change_pct ?? null, 0)} ` +
        `percent; arrows go from bar to bar, Enter opens the person.`
      }
    >
      <ArmHead arm={arm} n={people.length} colour={colour} ink={ink} />
      <LegendBlock items={legend} x={0} y={head} width={width} ink={ink} />
      <AxisY
        at={y}
        ticks={[100, 50, 0, -50, -100]}
        x={left}
        to={width}
        ink={ink}
        show={(t) => (t > 0 ? '+' : '') + number(t, 0) + ' %'}
      />
      {list.map((p, i) => {
        const v = Math.min(CUT, p.best_change_pct as number);
        const y0 = Math.min(y(0), y(v)),
          high = Math.max(1, Math.abs(y(v) - y(0)));
        const x = left + i * step;
        return (
          <g
            key={p.id}
            {...picks.mark(i, `person ${p.id}, ${p.best}, ${number(p.best_change_pct, 0)} percent`)}
            data-person={p.id}
          >
            <rect x={x} y={top} width={step} height={height - bottom - top} fill="transparent" />
            <rect
              class="bar"
              x={x}
              y={y0}
              width={wide}
              height={high}
              fill={bestColour(p.best)}
              stroke={picks.at === i ? ink.ink : 'none'}
              stroke-width={1.5}
            />
            {(p.best_change_pct as number) > CUT ? (
              <path
                d={`M${x} ${y0 + 7}l${wide / 2} -4l${wide / 2} 4`}
                stroke={ink.paper}
                stroke-width={1.4}
                fill="none"
              />
            ) : null}
          </g>
        );
      })}
      <Line x1={left} x2={width} y1={y(0)} y2={y(0)} colour={ink.rule} />
      {[20, -30].map((v) => (
        <g key={v} pointer-events="none">
          <Line x1={left} x2={width} y1={y(v)} y2={y(v)} colour={ink.ink} dash="3 3" wide={0.8} />
          <T
            x={v > 0 ? width : left + 4}
            anchor={v > 0 ? 'end' : 'start'}
            y={y(v) + (v > 0 ? -4 : 14)}
            ink={ink}
            soft
            size={11}
          >
            {v > 0 ? '+20 %' : '−30 %: response'}
          </T>
        </g>
      ))}
      {left_out > 0 ? (
        <T x={left + 4} y={height - 14} ink={ink} soft size={11}>
          {`${left_out} without a second scan are not drawn`}
        </T>
      ) : null}
      {chosen ? (
        <Note
          x={left + picks.at * step}
          y={y(Math.max(0, Math.min(CUT, chosen.best_change_pct as number)))}
          width={width}
          ink={ink}
          lines={[
            `Person ${chosen.id}`,
            `${chosen.best}, ${
              (chosen.best_change_pct as number) > 0 ? '+' : ''
            }${number(chosen.best_change_pct, 0)} %`,
            ...(onPick ? ['click or Enter: open'] : []),
          ]}
        />
      ) : null}
    </Sheet>
  );
}
