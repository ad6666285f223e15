// SPDX-License-Identifier: GPL-3.0-or-later
// counts.tsx -- how many cells of each type there are over time; a click goes to that moment.
import { scaleLinear } from 'd3-scale';
import { curveLinear, line } from 'd3-shape';
import type { TissueMeta } from '../api/types';
import type { Table } from '../chart/export';
import { AxisX, AxisY, before, type Ink, Line, Sheet, T, textWidth } from '../clinical/draw';
import { css, onPaper } from './ramps';
import { timeWords } from './strip';

export function countsTable(meta: TissueMeta): Table {
  const names = meta.types.map((t) => t.name).filter((n) => meta.counts.series[n]);
  return {
    head: ['minute', ...names],
    rows: meta.counts.time.map((t, i) => [t, ...names.map((n) => meta.counts.series[n]![i] ?? null)]),
  };
}

interface Props {
  meta: TissueMeta;
  hidden: Set<number>;
  time: number;
  width: number;
  ink: Ink;
  seek: (minute: number) => void;
}

function spread(ends: { y: number }[], gap: number, low: number, high: number): void {
  ends.sort((a, b) => a.y - b.y);
  for (let i = 1; i < ends.length; i++) ends[i]!.y = Math.max(ends[i]!.y, ends[i - 1]!.y + gap);
  const over = (ends[ends.length - 1]?.y ?? 0) - high;
  if (over > 0) for (const e of ends) e.y = Math.max(low, e.y - over);
  for (let i = 1; i < ends.length; i++) ends[i]!.y = Math.max(ends[i]!.y, ends[i - 1]!.y + gap);
}

export function CountsChart({ meta, hidden, time, width, ink, seek }: Props) {
  const { counts } = meta;
  const shown = meta.types.filter((t) => counts.series[t.name] && !hidden.has(t.id));
  const most = Math.max(1, ...shown.flatMap((t) => counts.series[t.name]!));
  const last = Math.max(1, counts.time[counts.time.length - 1] ?? 1);
  const unit = last > 2 * 1440 ? { by: 1440, name: 'days' } : last > 180 ? { by: 60, name: 'hours' } : { by: 1, name: 'minutes' };
  const names = width > 520 ? Math.min(200, Math.max(0, ...shown.map((t) => textWidth(t.name, 11.5))) + 26) : 8;
  const left = 42, right = width - names, top = 10, base = 210;
  const x = scaleLinear([0, last / unit.by], [left, right]);
  const y = scaleLinear([0, most], [base, top]).nice(4);
  const at = before(counts.time, time + 1e-6);
  const path = (series: number[]) => line<number>().curve(curveLinear).x((_, i) => x(counts.time[i]! / unit.by)).y((v) => y(v))(
    series.slice(0, counts.time.length)) ?? '';
  const ends = shown.map((t) => ({ t, y: y(counts.series[t.name]![counts.time.length - 1] ?? 0) + 4 }));
  spread(ends, 13, top, base + 4);
  const go = (e: PointerEvent | MouseEvent) => {
    const box = (e.currentTarget as Element).closest('svg')!.getBoundingClientRect();
    seek(Math.max(0, Math.min(last, x.invert(((e.clientX - box.left) * width) / box.width) * unit.by)));
  };
  const keys = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    seek(counts.time[Math.max(0, Math.min(counts.time.length - 1, at + step))] ?? time);
  };
  return (
    <Sheet width={width} height={base + 40} ink={ink} onKeyDown={keys}
      label={`Living cells over time at ${timeWords(time)}: ${shown.map((t) => `${t.name} ${counts.series[t.name]![Math.max(0, at)]}`).join(', ')}. Left and right go from moment to moment.`}>
      <AxisY at={y} ticks={y.ticks(4)} x={left} to={right} ink={ink} />
      <AxisX at={x} ticks={x.ticks(Math.max(2, Math.floor((right - left) / 70)))} y={base} from={left} to={right} ink={ink}
        label={unit.name} show={(v) => String(Number(v.toFixed(2)))} />
      {shown.map((t) => (
        <path key={t.id} class="count-line" data-type={t.name} d={path(counts.series[t.name]!)} fill="none" stroke-width={1.7}
          stroke={css(onPaper(t.colour, ink.dark))} />
      ))}
      {width > 520 && ends.map(({ t, y: ty }) => (
        <g key={t.id}>
          <Line x1={right + 6} x2={right + 16} y1={ty - 4} y2={ty - 4} colour={css(onPaper(t.colour, ink.dark))} wide={2.4} />
          <T x={right + 21} y={ty} size={11.5} ink={ink}>{t.name}</T>
        </g>
      ))}
      <g pointer-events="none">
        <Line x1={x(time / unit.by)} x2={x(time / unit.by)} y1={top} y2={base} colour={ink.ink} />
      </g>
      <rect x={left} y={top} width={Math.max(0, right - left)} height={base - top} fill="transparent" cursor="crosshair" onPointerDown={go} />
    </Sheet>
  );
}
