// SPDX-License-Identifier: GPL-3.0-or-later
// icons.tsx -- x of 100 people, as 100 small people in rows of ten.
import { OKABE } from '../chart/colours';
import { Figure, plain } from '../ui/figure';

export interface IconFact {
  what: string;
  of100: number;
  low?: number;
  high?: number;
  until_month?: number;
  source?: string;
}

export function IconArray({ fact, id, command }: { fact: IconFact; id: string; command?: string }) {
  const n = Math.round(fact.of100);
  const range =
    fact.low !== undefined && fact.high !== undefined
      ? ` With more people it could be ${Math.round(fact.low)} to ${Math.round(fact.high)}.`
      : '';
  const time = fact.until_month ? ` within ${plain(fact.until_month, 2)} months` : '';
  const people = [];
  for (let i = 0; i < 100; i++) {
    const x = (i % 10) * 22 + 14;
    const y = Math.floor(i / 10) * 26 + 6;
    const on = i < n;
    people.push(
      <g key={i} transform={`translate(${x} ${y})`} fill={on ? OKABE.blue : 'var(--rule)'}>
        <circle cy={4} r={3.6} />
        <path d="M-5 20v-6a5 5 0 0 1 10 0v6z" />
      </g>,
    );
  }
  return (
    <Figure
      id={id}
      className="icon-array"
      title={`${n} of 100`}
      caption={`${fact.what.replace(/\.$/, '')}${time}.${range}${fact.source ? ' ' + fact.source + '.' : ''}`}
      command={command}
      table={() => ({
        head: ['what', 'of 100', 'low', 'high', 'until month', 'source'],
        rows: [
          [fact.what, fact.of100, fact.low ?? null, fact.high ?? null, fact.until_month ?? null, fact.source ?? ''],
        ],
      })}
    >
      <svg
        data-chart
        viewBox="0 0 236 270"
        width="236"
        height="270"
        role="img"
        aria-label={`${n} of 100: ${fact.what}${time}`}
      >
        {people}
      </svg>
    </Figure>
  );
}
