// SPDX-License-Identifier: GPL-3.0-or-later
// lanes.tsx -- what lasts from day to day, in lanes under one another on the same days as the lines: doses, side
// effects by grade, verdicts of scans.
import { scaleLinear } from 'd3-scale';
import { AxisX } from './axis';
import { cursor, dayTicks, span } from './cursor';
import { useWidth } from './size';
import { CursorLine, Glass, LEFT, RIGHT } from './time';

export interface Piece {
  from: number;
  to: number;
  colour: string;
  label: string;
  /** Written in the piece where there is room. */
  short?: string;
  hatched?: boolean;
  opacity?: number;
  /** Dark text on light colours. */
  ink?: string;
}
export interface Lane {
  id: string;
  label: string;
  pieces: Piece[];
  ticks?: { day: number; label: string; colour: string }[];
}
export interface LanesProps {
  label: string;
  days: [number, number];
  lanes: Lane[];
  xAxis?: boolean;
  bar?: number;
}

export function Lanes({ label, days, lanes, xAxis = true, bar = 14 }: LanesProps) {
  const { ref, width } = useWidth();
  const [from, to] = span.value ?? days;
  const right = width - RIGHT;
  const x = scaleLinear([from, to], [LEFT, right]);
  const each = bar + 20;
  const top = 6;
  const bottom = top + lanes.length * each;
  const height = bottom + (xAxis ? 24 : 4);
  const clip = 'lanes-' + label.replace(/\W/g, '');
  const hatch = clip + '-hatch';
  const move = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    cursor.value = Math.min(to, Math.max(from, x.invert(event.clientX - box.left + LEFT)));
  };
  const read = (day: number) =>
    lanes
      .map((l) => {
        const now = l.pieces.find((p) => p.from <= day && day <= p.to);
        return now ? `${l.label}: ${now.label}` : '';
      })
      .filter(Boolean)
      .join(', ') || 'nothing';
  return (
    <div class="time" ref={ref}>
      <div class="time-plot">
        <svg data-chart width={width} height={height} role="img" aria-label={label}>
          <clipPath id={clip}>
            <rect x={LEFT - 1} y={0} width={Math.max(0, right - LEFT + 2)} height={bottom} />
          </clipPath>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2.5" height="6" fill="#fff" fill-opacity={0.6} />
          </pattern>
          {lanes.map((lane, i) => {
            const y = top + i * each + 14;
            return (
              <g key={lane.id}>
                <text class="lane" x={LEFT} y={y - 4}>
                  {lane.label}
                </text>
                <g class="grid">
                  <line x1={LEFT} x2={right} y1={y + bar} y2={y + bar} />
                </g>
                <g clip-path={`url(#${clip})`}>
                  {lane.pieces.map((p, k) => {
                    const w = Math.max(1.5, x(p.to) - x(p.from) - 0.6);
                    return (
                      <g key={k}>
                        <rect x={x(p.from)} y={y} width={w} height={bar} fill={p.colour} fill-opacity={p.opacity ?? 1}>
                          <title>{p.label}</title>
                        </rect>
                        {p.hatched && <rect x={x(p.from)} y={y} width={w} height={bar} fill={`url(#${hatch})`} />}
                        {p.short && w > p.short.length * 7 + 6 && (
                          <text
                            class="in-bar"
                            x={Math.max(x(p.from), LEFT) + 5}
                            y={y + bar / 2}
                            dy="0.35em"
                            fill={p.ink ?? '#fff'}
                          >
                            {p.short}
                          </text>
                        )}
                      </g>
                    );
                  })}
                  {lane.ticks?.map((t, k) => (
                    <rect key={k} x={x(t.day) - 1} y={y} width={2} height={bar} fill={t.colour}>
                      <title>{t.label}</title>
                    </rect>
                  ))}
                </g>
              </g>
            );
          })}
          {xAxis && <AxisX scale={x} at={bottom} from={LEFT} to={right} ticks={dayTicks(from, to, width / 70)} />}
          <CursorLine x={x} top={12} bottom={bottom} />
        </svg>
        <Glass
          label={label}
          left={LEFT}
          width={Math.max(1, right - LEFT)}
          height={height}
          days={[from, to]}
          move={move}
          read={read}
        />
      </div>
    </div>
  );
}
