// SPDX-License-Identifier: GPL-3.0-or-later
// view.tsx -- one tissue: the picture, its moments, its legend, and the cell that was picked.
import { scaleLinear } from 'd3-scale';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get } from '../api/client';
import type { TissueMeta } from '../api/types';
import { route, setArgs } from '../app/route';
import { mark, save, type Table } from '../chart/export';
import { useWidth } from '../chart/size';
import type { Ink } from '../clinical/draw';
import { Figure } from '../ui/figure';
import { type Cell, CellPanel } from './cell';
import { CountsChart, countsTable } from './counts';
import { count, type Frame, Frames, placeOf, stateOf, typeOf } from './frames';
import { Legend } from './legend';
import { css, onPaper } from './ramps';
import { canRecord, record, type Recording } from './record';
import type { Clip } from './scene';
import { timeWords } from './strip';
import { type Handle, type Shade, Viewer } from './viewer';

const NONE = new Float32Array(0);
const SPEEDS = [2, 5, 10, 20];
const AXES = ['x', 'y', 'z'];

/** Units as people write them. */
const unitWords = (unit: string): string => {
  const words = unit.replace(/cubic microns?/, 'µm³').replace(/square microns?/, 'µm²').replace(/microns?/g, 'µm');
  return words.replace(/\bum\b/g, 'µm').replace('^3', '³').replace('^2', '²');
};

function shade(name: string, unit: string, low: number, high: number, room: number): Shade {
  const from = low > 0 && low < 0.5 * high ? 0 : low;
  const to = high > from ? high : from + 1;
  const scale = scaleLinear([from, to], [0, 1]).nice(room);
  const [a, b] = scale.domain() as [number, number];
  return { label: name.replaceAll('_', ' ') + (unit && unit !== 'none' && unit !== 'dimensionless' ? ` [${unitWords(unit)}]` : ''), range: [a, b], ticks: scale.ticks(room) };
}

function readClip(text: string | undefined, meta: TissueMeta): Clip | null {
  const [axis, at, keep] = (text ?? '').split(':');
  const k = AXES.indexOf(axis ?? '');
  if (k < 0 || !Number.isFinite(Number(at))) return null;
  const [low, high] = [meta.domain[k]!, meta.domain[k + 3]!];
  return { axis: k as 0 | 1 | 2, at: Math.min(high, Math.max(low, Number(at))), keep: keep === '1' ? 1 : -1 };
}

export function TissueView({ run, meta, live, ink }: { run: string; meta: TissueMeta; live: boolean; ink: Ink }) {
  const args = route.value.args;
  const last = meta.frames.length - 1;
  const wanted = meta.frames.findIndex((f) => f.n === Number(args.frame));
  const [at, setAt] = useState(wanted >= 0 && args.frame !== undefined ? wanted : live ? last : 0);
  const [playing, setPlaying] = useState(false);
  const [fps, setFps] = useState(5);
  const [frame, setFrame] = useState<Frame | null>(null);
  const [ids, setIds] = useState<{ n: number; list: Uint32Array } | null>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [filming, setFilming] = useState<Recording | null>(null);
  const handle = useRef<Handle | null>(null);
  const frames = useMemo(() => new Frames(run, meta), [run]);
  const { domain } = meta;
  const deep = domain[5] - domain[2] > 40;
  const three = deep && args.view !== 'above';
  const attribute = meta.attributes.find((a) => a.name === args.colour) ?? null;
  const field = meta.fields.find((f) => f.name === args.field) ?? null;
  const hidden = useMemo(() => new Set((args.hide ?? '').split(',').filter(Boolean).map(Number)), [args.hide]);
  const clip = readClip(args.clip, meta);
  const chosen = args.cell === undefined ? null : Number(args.cell);
  const place = Math.min(at, last);
  const info = meta.frames[place]!;
  const counts = useMemo(() => (frame ? count(frame, meta.types.length) : { all: [], live: [] }), [frame]);
  const index = chosen !== null && ids && ids.n === frame?.n ? ids.list.indexOf(chosen) : -1;
  const track = useMemo(() => {
    const past = (cell?.history ?? []).filter((h) => h.frame <= info.n && h.frame >= 0);
    return past.length > 1 ? new Float32Array(past.flatMap((h) => [h.x, h.y, h.z])) : NONE;
  }, [cell, info.n]);

  // The moment and what is shown of it, newest wish first.
  const asked = useRef(0);
  const load = async (n: number): Promise<void> => {
    const mine = ++asked.current;
    try {
      const got = await frames.frame(n, attribute?.name ?? null, field?.name ?? null);
      if (mine === asked.current) {
        setFrame(got);
        setProblem(null);
      }
    } catch (error) {
      if (mine === asked.current) setProblem((error as Error).message);
    }
  };
  useEffect(() => {
    if (!filming) void load(info.n);
  }, [run, info.n, attribute?.name, field?.name]);
  const follows = useRef(live);
  useEffect(() => {
    if (live && follows.current && !playing) setAt(last);
  }, [last, live]);
  const seek = (to: number) => {
    const next = Math.max(0, Math.min(last, Math.round(to)));
    follows.current = next === last;
    setAt(next);
  };
  const seekTime = (minute: number) => {
    let best = 0;
    meta.frames.forEach((f, i) => {
      if (Math.abs(f.time_min - minute) < Math.abs(meta.frames[best]!.time_min - minute)) best = i;
    });
    setPlaying(false);
    seek(best);
  };
  // Playing waits for each moment to be there before the next is asked for.
  useEffect(() => {
    if (!playing || frame?.n !== info.n) return;
    if (place >= last) {
      if (!live) setPlaying(false);
      return;
    }
    const next = meta.frames[place + 1]!.n;
    void frames.frame(next, attribute?.name ?? null, field?.name ?? null).catch(() => undefined);
    const timer = setTimeout(() => setAt(place + 1), 1000 / fps);
    return () => clearTimeout(timer);
  }, [playing, frame, place, fps, last]);
  // When the picture rests, the address tells its moment, and numbers of cells and the chosen one are asked for.
  useEffect(() => {
    if (playing || filming || !frame) return;
    const timer = setTimeout(() => {
      if (route.value.page === 'tissue') setArgs({ frame: info.n || undefined });
      frames.ids(frame.n).then((list) => setIds({ n: frame.n, list }), () => undefined);
    }, 120);
    return () => clearTimeout(timer);
  }, [frame, playing, filming]);
  useEffect(() => {
    if (chosen === null) return setCell(null);
    if (playing || filming) return;
    const stop = new AbortController();
    get<Cell>(`runs/${run}/frames/${info.n}/cell/${chosen}`, stop.signal).then(setCell, (e) => {
      if (e.name !== 'AbortError') setCell(null);
    });
    return () => stop.abort();
  }, [chosen, info.n, playing]);

  const pick = async (i: number) => {
    if (i < 0 || !frame) return setArgs({ cell: undefined });
    try {
      const list = await frames.ids(frame.n);
      setIds({ n: frame.n, list });
      setArgs({ cell: list[i] });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const toggle = (id: number, alone: boolean) => {
    const next = alone ? new Set(meta.types.map((t) => t.id).filter((t) => t !== id)) : new Set(hidden);
    if (!alone && !next.delete(id)) next.add(id);
    setArgs({ hide: [...next].sort((a, b) => a - b).join(',') || undefined });
  };
  const play = () => {
    if (!playing && place >= last) setAt(0);
    setPlaying(!playing);
  };
  const onKey = (key: string): boolean => {
    if (key === ' ') play();
    else if (key === ',') seek(place - 1);
    else if (key === '.') seek(place + 1);
    else if (key === 'Escape') setArgs({ cell: undefined });
    else return false;
    return true;
  };
  const film = () => {
    if (filming) return filming.stop();
    setPlaying(false);
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const made = record({
      canvas: handle.current!.scene.canvas, moments: meta.frames.map((f) => f.n), fps,
      show: async (n) => {
        const got = await frames.frame(n, attribute?.name ?? null, field?.name ?? null);
        asked.current++;
        setAt(meta.frames.findIndex((f) => f.n === n));
        setFrame(got);
        await drawn();
      },
      redraw: () => handle.current?.draw(),
    });
    setFilming(made);
    made.film.then((blob) => save('tissue.webm', blob), (e) => setProblem(e.message)).finally(() => setFilming(null));
  };
  const table = (): Table => cellTable(frame, ids?.n === frame?.n ? ids!.list : null, meta, hidden, attribute?.name ?? null);
  const units = Object.fromEntries(meta.attributes.map((a) => [a.name, unitWords(a.unit)]));
  const narrow = typeof innerWidth === 'number' && innerWidth < 620;
  const value = attribute ? shade(attribute.name, attribute.unit, attribute.low, attribute.high, narrow ? 4 : 5) : null;
  const under = field ? { ...shade(field.name, field.unit, Math.min(0, field.low), field.high, narrow ? 4 : 6), n: [field.nx, field.ny, field.nz] as [number, number, number] } : null;
  const type = cell ? meta.types.find((t) => t.name === cell.type) : undefined;
  return (
    <>
      <div class="tissue-layout">
        <Figure id="tissue" title="Cells and fields" table={table} command={meta.command}
          caption={`${(frame ? frame.cells.byteLength / 8 : info.cells).toLocaleString('en')} cells at ${timeWords(info.time_min)}. Click a cell to see its state and the rules that act on it.`}
          png={() => handle.current!.png()}
          more={canRecord() ? [{ label: filming ? 'Stop the film' : 'Film (WebM)', action: film }] : []}>
          <Viewer meta={meta} frame={frame} hidden={hidden} value={value} field={under} clip={clip} three={three} selected={index}
            track={track} names={args.names !== '0'} time={timeWords(info.time_min)} mark={mark()} ink={ink} handle={handle}
            onPick={(i) => void pick(i)} onKey={onKey} />
          <div class="player">
            <button type="button" class="plain play" aria-label={playing ? 'Pause' : 'Play'} onClick={play} disabled={last === 0}>
              <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
                <path fill="currentColor" d={playing ? 'M3 2h4v12H3zM9 2h4v12H9z' : 'M3 1l11 7-11 7z'} />
              </svg>
            </button>
            <input type="range" min={0} max={last} step={1} value={place} aria-label="Moment" aria-valuetext={timeWords(info.time_min)}
              onInput={(e) => { setPlaying(false); seek(Number((e.target as HTMLInputElement).value)); }} />
            <output>{timeWords(info.time_min)}</output>
            <label class="speed">
              <span class="note">moments a second</span>
              <select value={fps} onChange={(e) => setFps(Number((e.target as HTMLSelectElement).value))}>
                {SPEEDS.map((s) => <option key={s} value={s}>{s}</option>)}
              </select>
            </label>
          </div>
          {filming && <p class="note" role="status">Filming: moment {place + 1} of {last + 1}. What is on the screen is what is filmed.</p>}
          {problem && <p class="problem" role="alert">{problem}</p>}
        </Figure>
        <div class="tissue-side">
          <Legend meta={meta} counts={counts} hidden={hidden} dark={ink.dark} toggle={toggle} all={() => setArgs({ hide: undefined })} />
          <Looks meta={meta} clip={clip} deep={deep} three={three} />
          {chosen !== null && cell && (
            <CellPanel cell={cell} units={units} colour={css(onPaper(type?.colour ?? '#888', ink.dark))}
              time={(n) => timeWords(meta.frames.find((f) => f.n === n)?.time_min ?? 0)}
              seek={(n) => seek(meta.frames.findIndex((f) => f.n === n))} close={() => setArgs({ cell: undefined })} />
          )}
        </div>
      </div>
      <div class="pair">
        <Figure id="tissue-counts" title="Counts over time" table={() => countsTable(meta)} command={meta.command}
          caption="Living cells of each type that is shown. Click, or use the arrows, to go to a moment.">
          <Counts meta={meta} hidden={hidden} time={info.time_min} ink={ink} seek={seekTime} />
        </Figure>
        <Rules meta={meta} type={cell?.type ?? null} />
      </div>
    </>
  );
}

function Counts(p: { meta: TissueMeta; hidden: Set<number>; time: number; ink: Ink; seek: (m: number) => void }) {
  const { ref, width } = useWidth(600);
  return <div ref={ref}><CountsChart {...p} width={width} /></div>;
}

/** What colours the cells, what lies under them, and where the tissue is cut. */
function Looks({ meta, clip, deep, three }: { meta: TissueMeta; clip: Clip | null; deep: boolean; three: boolean }) {
  const args = route.value.args;
  const { domain } = meta;
  const setClip = (c: Clip | null) => setArgs({ clip: c ? `${AXES[c.axis]}:${Number(c.at.toFixed(2))}:${c.keep}` : undefined });
  const axis = (name: string) => {
    const k = AXES.indexOf(name) as 0 | 1 | 2;
    setClip(name ? { axis: k, at: (domain[k]! + domain[k + 3]!) / 2, keep: k === 1 ? 1 : -1 } : null);
  };
  const text = (e: Event) => (e.target as HTMLSelectElement).value;
  return (
    <section class="tissue-looks controls" aria-label="What is shown">
      <label class="field">
        <span>Colour the cells by</span>
        <select value={args.colour ?? ''} onChange={(e) => setArgs({ colour: text(e) || undefined })}>
          <option value="">type</option>
          {meta.attributes.map((a) => <option key={a.name} value={a.name}>{a.name.replaceAll('_', ' ')}</option>)}
        </select>
      </label>
      <label class="field">
        <span>Field under the cells</span>
        <select value={args.field ?? ''} onChange={(e) => setArgs({ field: text(e) || undefined })}>
          <option value="">none</option>
          {meta.fields.map((f) => <option key={f.name} value={f.name}>{f.name}</option>)}
        </select>
      </label>
      <label class="field">
        <span>Cut</span>
        <select value={clip ? AXES[clip.axis] : ''} onChange={(e) => axis(text(e))}>
          <option value="">nowhere</option>
          {AXES.slice(0, deep ? 3 : 2).map((a) => <option key={a} value={a}>across {a}</option>)}
        </select>
      </label>
      {clip && (
        <div class="cut">
          <input type="range" aria-label={`Place of the cut on ${AXES[clip.axis]}, micrometres`} min={domain[clip.axis]} max={domain[clip.axis + 3]}
            step="any" value={clip.at} onInput={(e) => setClip({ ...clip, at: Number((e.target as HTMLInputElement).value) })} />
          <output>{Math.round(clip.at)} µm</output>
          <button type="button" class="quiet" onClick={() => setClip({ ...clip, keep: clip.keep === 1 ? -1 : 1 })}>Other side</button>
        </div>
      )}
      {deep && (
        <label class="check">
          <input type="checkbox" checked={three} onChange={() => setArgs({ view: three ? 'above' : undefined })} /> In three dimensions
        </label>
      )}
      <label class="check">
        <input type="checkbox" checked={args.names !== '0'} onChange={() => setArgs({ names: args.names === '0' ? undefined : '0' })} /> Names in the picture
      </label>
    </section>
  );
}

function Rules({ meta, type }: { meta: TissueMeta; type: string | null }) {
  const types = [...new Set(meta.rules.map((r) => r.type))];
  if (types.length === 0) return null;
  return (
    <section class="figure tissue-rules">
      <h3>Rules of this tissue</h3>
      <p class="note">What makes cells of a type do more or less of something.</p>
      {types.map((t) => (
        <details key={t} open={t === type}>
          <summary>{t} <span class="note">{meta.rules.filter((r) => r.type === t).length}</span></summary>
          <ul>{meta.rules.filter((r) => r.type === t).map((r) => <li key={r.text}>{r.text}</li>)}</ul>
        </details>
      ))}
    </section>
  );
}

function cellTable(frame: Frame | null, ids: Uint32Array | null, meta: TissueMeta, hidden: Set<number>, attribute: string | null): Table {
  const head = [...(ids ? ['cell'] : []), 'type', 'state', 'x [um]', 'y [um]', 'z [um]', ...(attribute ? [attribute] : [])];
  const rows: (string | number)[][] = [];
  if (frame)
    for (let i = 0; i < frame.words.length / 4; i++) {
      const type = typeOf(frame, i);
      if (hidden.has(type)) continue;
      rows.push([...(ids ? [ids[i]!] : []), meta.types[type]?.name ?? String(type), meta.states[stateOf(frame, i)] ?? '',
        ...placeOf(frame, i, meta.domain).map((v) => Number(v.toFixed(2))), ...(attribute && frame.values ? [frame.values[i]!] : [])]);
    }
  return { head, rows };
}
