// SPDX-License-Identifier: GPL-3.0-or-later
// cell.tsx -- the cell that was picked: its state, what it carries, the rules that act on it, and where it has been.
import { plain } from '../ui/figure';

export interface CellRule {
  text: string;
  signal: string;
  value: number | null;
  response: number | null;
  behaviour: string;
}
export interface CellPast {
  frame: number;
  x: number;
  y: number;
  z: number;
  state: string;
  type?: string;
}
export interface Cell {
  id: number;
  type: string;
  state: string;
  rules: CellRule[];
  history: CellPast[];
  [attribute: string]: unknown;
}

const APART = ['id', 'type', 'state', 'rules', 'history', 'x', 'y', 'z'];

/** Moments at which the cell's state or type changed. */
export function changes(history: CellPast[]): CellPast[] {
  return history.filter((h, i) => i === 0 || h.state !== history[i - 1]!.state || h.type !== history[i - 1]!.type);
}

interface Props {
  cell: Cell;
  colour: string;
  units: Record<string, string>;
  time: (frame: number) => string;
  seek: (frame: number) => void;
  close: () => void;
}

export function CellPanel({ cell, colour, units, time, seek, close }: Props) {
  const facts = Object.entries(cell).filter(([k, v]) => !APART.includes(k) && (typeof v === 'number' || typeof v === 'string'));
  const past = cell.history ?? [];
  return (
    <section class="cell-panel" aria-label={`Cell ${cell.id}`} aria-live="polite">
      <div class="person-head">
        <h3><i class="dot" style={{ background: colour }} aria-hidden="true" />{cell.type} <span class="note">cell {cell.id}, {cell.state}</span></h3>
        <button type="button" class="quiet" onClick={close}>Close</button>
      </div>
      <h4>Rules that act on it now</h4>
      {cell.rules?.length ? (
        <ul class="cell-rules">
          {cell.rules.map((r) => (
            <li key={r.text} data-response={r.response ?? ''}>
              <span>{r.text}</span>
              <span class="meter" role="img" aria-label={r.response === null ? 'not known' : `response ${plain(r.response)} of 1`}>
                <i style={{ width: `${100 * Math.min(1, Math.max(0, r.response ?? 0))}%` }} />
              </span>
              <span class="note">{r.signal} {plain(r.value)}; response {plain(r.response)}</span>
            </li>
          ))}
        </ul>
      ) : <p class="note">No rule is written for its type.</p>}
      <h4>What it carries</h4>
      <Facts list={facts.filter(([k]) => k in units)} units={units} />
      {facts.some(([k]) => !(k in units)) && (
        <details>
          <summary class="note">What is the same in all cells</summary>
          <Facts list={facts.filter(([k]) => !(k in units))} units={units} />
        </details>
      )}
      {past.length > 0 && (
        <>
          <h4>Its life in the moments that are kept</h4>
          <p class="note">
            Seen at {past.length} {past.length === 1 ? 'moment' : 'moments'}, from {time(past[0]!.frame)} to {time(past[past.length - 1]!.frame)}; moved {plain(travelled(past))} µm between them. The line in the picture is its way so far.
          </p>
          <ul class="cell-past">
            {changes(past).map((h) => (
              <li key={h.frame}>
                <button type="button" class="quiet" onClick={() => seek(h.frame)}>{time(h.frame)}</button> {h.state}{h.type ? `, ${h.type}` : ''}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Facts({ list, units }: { list: [string, unknown][]; units: Record<string, string> }) {
  return (
    <dl class="facts" tabIndex={0} aria-label="What the cell carries">
      {list.map(([k, v]) => (
        <div key={k}>
          <dt>{k.replaceAll('_', ' ')}{units[k] ? ` [${units[k]}]` : ''}</dt>
          <dd>{typeof v === 'number' ? plain(v) : String(v)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function travelled(past: CellPast[]): number {
  let sum = 0;
  for (let i = 1; i < past.length; i++)
    sum += Math.hypot(past[i]!.x - past[i - 1]!.x, past[i]!.y - past[i - 1]!.y, past[i]!.z - past[i - 1]!.z);
  return sum;
}
