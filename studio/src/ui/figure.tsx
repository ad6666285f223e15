// SPDX-License-Identifier: GPL-3.0-or-later
// figure.tsx -- how each chart stands on the page: title, one line in plain words, the chart, and a menu of what can
// be had of it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { save, toCsv, toPng, toSvg, type Table } from '../chart/export';

export interface FigureProps {
  id: string;
  title: string;
  caption: ComponentChildren;
  /** The numbers behind the picture: the table alternative and the CSV. */
  table: () => Table;
  /** The command line that makes these numbers. */
  command?: string;
  /** Where the picture is not SVG (a WebGL canvas): gives the PNG itself. */
  png?: () => Promise<Blob>;
  /** More lines of the menu. */
  more?: { label: string; action: () => void }[];
  children: ComponentChildren;
  className?: string;
}

const MOST_ROWS = 500;

export function Figure(props: FigureProps) {
  const figure = useRef<HTMLElement>(null);
  const menu = useRef<HTMLDetailsElement>(null);
  const [shows, setShows] = useState<'' | 'table' | 'command'>('');
  useEffect(() => {
    const close = (event: Event) => {
      if (menu.current?.open && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    addEventListener('pointerdown', close);
    return () => removeEventListener('pointerdown', close);
  }, []);
  const pick = (action: () => void) => () => {
    if (menu.current) menu.current.open = false;
    action();
  };
  const svg = () => save(props.id + '.svg', toSvg(figure.current!), 'image/svg+xml');
  const png = () =>
    void (props.png ? props.png() : toPng(figure.current!)).then((blob) => save(props.id + '.png', blob));
  const csv = () => save(props.id + '.csv', toCsv(props.table()), 'text/csv');
  const items: [string, () => void][] = [
    ...(props.png ? [] : [['SVG', svg] as [string, () => void]]),
    ['PNG', png],
    ['CSV', csv],
    [shows === 'table' ? 'Hide table' : 'Table', () => setShows(shows === 'table' ? '' : 'table')],
    ...(props.command
      ? [['Command', () => setShows(shows === 'command' ? '' : 'command')] as [string, () => void]]
      : []),
    ...(props.more ?? []).map((m) => [m.label, m.action] as [string, () => void]),
  ];
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && menu.current?.open) {
      menu.current.open = false;
      menu.current.querySelector('summary')?.focus();
    }
  };
  return (
    <figure ref={figure} class={'figure ' + (props.className ?? '')} id={'figure-' + props.id}>
      <div class="figure-head">
        <figcaption>
          <h3 data-title>{props.title}</h3>
          <p data-caption>{props.caption}</p>
        </figcaption>
        <details ref={menu} class="menu" onKeyDown={onKey}>
          <summary aria-label={'Save or show: ' + props.title}>
            <span aria-hidden="true">⋯</span>
          </summary>
          <ul>
            {items.map(([label, action]) => (
              <li key={label}>
                <button type="button" onClick={pick(action)}>
                  {label}
                </button>
              </li>
            ))}
          </ul>
        </details>
      </div>
      {props.children}
      {shows === 'table' && <TableView table={props.table()} title={props.title} close={() => setShows('')} />}
      {shows === 'command' && <Command text={props.command ?? ''} />}
    </figure>
  );
}

export function TableView({ table, title, close }: { table: Table; title: string; close?: () => void }) {
  const rows = table.rows.slice(0, MOST_ROWS);
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={'Table: ' + title}>
      <table>
        <thead>
          <tr>
            {table.head.map((h) => (
              <th scope="col" key={h}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((v, j) => (
                <td key={j} class={typeof v === 'number' ? 'number' : ''}>
                  {typeof v === 'number' ? plain(v) : (v ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > MOST_ROWS && (
        <p class="note">
          The first {MOST_ROWS} of {table.rows.length} rows; the CSV has all.
        </p>
      )}
      {close && (
        <button type="button" class="quiet" onClick={close}>
          Hide table
        </button>
      )}
    </div>
  );
}

export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div class="command">
      <code tabIndex={0}>{text}</code>
      <button type="button" class="quiet" onClick={() => void copy()} aria-live="polite">
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}

/** A number as people write it: enough digits, thin spaces between thousands, powers of ten when it is far from 1. */
export function plain(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) {
    const power = Math.floor(Math.log10(size));
    const head = String(Number((value / 10 ** power).toPrecision(Math.max(2, digits - 1)))).replace('-', '−');
    return (
      (head === '1' ? '' : head + '×') +
      '10' +
      String(power).replace(/[-0-9]/g, (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]!))
    );
  }
  const text = size >= 10 ** digits ? String(Math.round(value)) : String(Number(value.toPrecision(digits)));
  return (size >= 10000 ? text.replace(/\B(?=(\d{3})+$)/g, '\u2009') : text).replace('-', '−');
}
