// SPDX-License-Identifier: GPL-3.0-or-later
// viewer.tsx -- the canvas of a tissue and how one moves in it: by mouse, by fingers, by keys.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TissueMeta } from '../api/types';
import type { Ink } from '../clinical/draw';
import { type Box, type Camera, fit, orbit, pan, size, zoom, type Vec } from './camera';
import type { Frame } from './frames';
import { type Clip, type Look, Scene } from './scene';
import { type Bar, drawStrip } from './strip';

export interface Handle {
  scene: Scene;
  /** Draws now, what is there now. */
  draw: () => void;
  png: () => Promise<Blob>;
  reset: () => void;
  zoom: (by: number) => void;
  /** Pixels of the page, from the upper left of the canvas. */
  project: (place: Vec) => [number, number];
  pick: (x: number, y: number) => number;
}
export interface Shade {
  label: string;
  range: [number, number];
  ticks: number[];
}
interface Props {
  meta: TissueMeta;
  frame: Frame | null;
  hidden: Set<number>;
  value: Shade | null;
  field: (Shade & { n: [number, number, number] }) | null;
  clip: Clip | null;
  three: boolean;
  selected: number;
  track: Float32Array;
  names: boolean;
  time: string;
  mark: string;
  ink: Ink;
  handle: { current: Handle | null };
  onPick: (index: number) => void;
  onKey: (key: string) => boolean;
}

const box = (meta: TissueMeta): Box => ({ low: meta.domain.slice(0, 3) as Vec, high: meta.domain.slice(3) as Vec });

export function Viewer(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const scene = useRef<Scene | null>(null);
  const camera = useRef<Camera | null>(null);
  const strip = useRef<HTMLCanvasElement | null>(null);
  const now = useRef(props);
  const waiting = useRef(0);
  const [problem, setProblem] = useState<string | null>(null);
  const [wide, setWide] = useState(0);
  const [lives, setLives] = useState(0);
  now.current = props;
  const { meta, frame, ink, three } = props;
  const domain = box(meta);
  const s = size(domain);
  const tall = Math.round(Math.min(Math.max(280, three ? wide * 0.72 : (wide * s[1]) / s[0]), Math.max(320, innerHeight * 0.74)));

  const look = (): Look => {
    const p = now.current;
    const scale = Math.min(2, devicePixelRatio || 1);
    strip.current ??= document.createElement('canvas');
    const bars: Bar[] = [];
    if (p.value) bars.push({ label: p.value.label, ramp: 'value', low: p.value.range[0], high: p.value.range[1], ticks: p.value.ticks });
    if (p.field) bars.push({ label: p.field.label, ramp: 'field', low: p.field.range[0], high: p.field.range[1], ticks: p.field.ticks });
    drawStrip(strip.current, {
      width: canvas.current!.clientWidth || wide, scale, um_per_px: camera.current!.um_per_px, title: p.meta.title, time: p.time,
      mark: p.mark, bars, dark: p.ink.dark, paper: p.ink.paper, ink: p.ink.ink, muted: p.ink.soft,
      sans: getComputedStyle(document.documentElement).getPropertyValue('--sans') || 'sans-serif',
      types: p.names && !p.value ? p.meta.types.filter((t) => !p.hidden.has(t.id)) : [],
    });
    return {
      three: p.three, dark: p.ink.dark, paper: p.ink.paper, ink: p.ink.ink, clip: p.clip, selected: p.selected,
      values: p.value?.range ?? null, strip: strip.current, scale,
    };
  };
  /** The canvas grows by its foot, so that the tissue keeps its room. */
  const draw = () => {
    if (!scene.current || !canvas.current || wide === 0) return;
    const scale = Math.min(2, devicePixelRatio || 1);
    camera.current ??= fit(scene.current.box, wide, tall, now.current.three);
    const seen = look();
    const height = Math.round(tall * scale) + (seen.strip?.height ?? 0);
    canvas.current.style.height = `${height / scale}px`;
    scene.current.resize(Math.round(wide * scale), height);
    scene.current.draw(camera.current, seen);
  };
  const soon = () => {
    if (waiting.current) return;
    waiting.current = requestAnimationFrame(() => {
      waiting.current = 0;
      draw();
    });
  };
  const move = (next: Camera) => {
    camera.current = next;
    soon();
  };
  const limits = (): [number, number] => {
    const most = fit(domain, wide, tall, three).um_per_px * 3;
    return [most / 400, most];
  };
  const pixel = (x: number, y: number): [number, number] => {
    const scale = Math.min(2, devicePixelRatio || 1);
    return [x * scale, y * scale];
  };
  const pickAt = (x: number, y: number): number => {
    if (!scene.current || !camera.current) return -1;
    const seen = look();
    for (const [dx, dy] of [[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3], [6, 0], [-6, 0], [0, 6], [0, -6]] as const) {
      const hit = scene.current.pick(camera.current, seen, ...pixel(x + dx, y + dy));
      if (hit >= 0) return hit;
    }
    return -1;
  };

  useLayoutEffect(() => {
    const node = room.current!;
    const measure = () => setWide(Math.floor(node.clientWidth));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    try {
      scene.current = new Scene(canvas.current!);
    } catch (error) {
      setProblem((error as Error).message);
      return;
    }
    scene.current.box = domain;
    const node = canvas.current!;
    const lost = (e: Event) => e.preventDefault();
    const back = () => setLives((n) => n + 1);
    node.addEventListener('webglcontextlost', lost);
    node.addEventListener('webglcontextrestored', back);
    props.handle.current = {
      scene: scene.current,
      draw,
      png: () => {
        props.handle.current!.draw();
        return new Promise((done, fail) => node.toBlob((b) => (b ? done(b) : fail(new Error('no PNG'))), 'image/png'));
      },
      reset: () => {
        camera.current = null;
        soon();
      },
      zoom: (by) => camera.current && move(zoom(camera.current, by, 0, 0, limits())),
      project: (place) => {
        const at = scene.current!.project(camera.current!, look(), place);
        const scale = Math.min(2, devicePixelRatio || 1);
        return [at[0] / scale, at[1] / scale];
      },
      pick: pickAt,
    };
    // For tests, and for whoever asks the console: canvas.coley.
    (node as unknown as { coley: Handle | null }).coley = props.handle.current;
    return () => {
      node.removeEventListener('webglcontextlost', lost);
      node.removeEventListener('webglcontextrestored', back);
      cancelAnimationFrame(waiting.current);
      waiting.current = 0;
      scene.current = null;
      props.handle.current = null;
    };
  }, [meta, lives]);
  useEffect(() => {
    if (props.handle.current) Object.assign(props.handle.current, { draw, pick: pickAt,
      zoom: (by: number) => camera.current && move(zoom(camera.current, by, 0, 0, limits())) });
  });
  useLayoutEffect(() => {
    camera.current = null;
  }, [three, wide, meta]);
  useLayoutEffect(() => {
    scene.current?.setTypes(meta.types.map((t) => t.colour), props.hidden, ink.dark);
  }, [meta, props.hidden, ink.dark, lives]);
  useLayoutEffect(() => {
    if (!frame || !scene.current) return;
    scene.current.setCells(frame.cells);
    scene.current.setFloats(2, frame.radii, 8);
    scene.current.setFloats(1, frame.values, 0);
  }, [frame, lives]);
  useLayoutEffect(() => {
    const f = props.field;
    scene.current?.setField(f && frame?.field
      ? { data: frame.field, n: f.n, range: f.range, iso: f.ticks.length > 1 ? f.ticks[1]! - f.ticks[0]! : 0 } : null);
  }, [frame, props.field?.label, lives]);
  useLayoutEffect(() => {
    scene.current?.setTrack(props.track);
  }, [props.track, lives]);
  // What is shown has changed: draw before the page is painted, so that words and picture never differ.
  useLayoutEffect(draw);

  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const pressed = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const place = (e: PointerEvent | WheelEvent) => {
    const r = canvas.current!.getBoundingClientRect();
    return { x: e.clientX - r.left, y: e.clientY - r.top };
  };
  const fromMiddle = (p: { x: number; y: number }): [number, number] => [p.x - wide / 2, p.y - tall / 2];
  const down = (e: PointerEvent) => {
    const p = place(e);
    pointers.current.set(e.pointerId, p);
    if (pointers.current.size === 1) pressed.current = { ...p, moved: false };
    canvas.current!.setPointerCapture(e.pointerId);
  };
  const drag = (e: PointerEvent) => {
    const last = pointers.current.get(e.pointerId);
    if (!last || !camera.current || !pressed.current) return;
    const p = place(e);
    if (Math.hypot(p.x - pressed.current.x, p.y - pressed.current.y) > 4) pressed.current.moved = true;
    if (pointers.current.size === 2) {
      const other = [...pointers.current].find(([id]) => id !== e.pointerId)![1];
      const by = Math.hypot(last.x - other.x, last.y - other.y) / Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
      move(zoom(camera.current, by, ...fromMiddle({ x: (p.x + other.x) / 2, y: (p.y + other.y) / 2 }), limits()));
    } else if (pressed.current.moved) {
      const turns = three && !e.shiftKey && e.button !== 2;
      move(turns ? orbit(camera.current, p.x - last.x, p.y - last.y) : pan(camera.current, p.x - last.x, p.y - last.y));
    }
    pointers.current.set(e.pointerId, p);
  };
  const up = (e: PointerEvent) => {
    const was = pressed.current;
    pointers.current.delete(e.pointerId);
    if (pointers.current.size === 0) pressed.current = null;
    if (e.type === 'pointerup' && was && !was.moved && pointers.current.size === 0) {
      const p = place(e);
      props.onPick(p.y <= tall ? pickAt(p.x, p.y) : -1);
    }
  };
  useEffect(() => {
    // A page is scrolled by the wheel; the picture takes it only when it is in use, or with Ctrl.
    const wheel = (e: WheelEvent) => {
      if (!camera.current || !(e.ctrlKey || document.activeElement === canvas.current)) return;
      e.preventDefault();
      move(zoom(camera.current, Math.exp(Math.max(-1, Math.min(1, e.deltaY * 0.002))), ...fromMiddle(place(e)), limits()));
    };
    const node = canvas.current;
    node?.addEventListener('wheel', wheel, { passive: false });
    return () => node?.removeEventListener('wheel', wheel);
  });
  const key = (e: KeyboardEvent) => {
    const c = camera.current;
    const arrows: Record<string, [number, number]> = { ArrowLeft: [24, 0], ArrowRight: [-24, 0], ArrowUp: [0, 24], ArrowDown: [0, -24] };
    const arrow = arrows[e.key];
    if (arrow && c) move(three && !e.shiftKey ? orbit(c, -arrow[0], -arrow[1]) : pan(c, ...arrow));
    else if ((e.key === '+' || e.key === '=') && c) move(zoom(c, 0.8, 0, 0, limits()));
    else if (e.key === '-' && c) move(zoom(c, 1.25, 0, 0, limits()));
    else if (e.key === '0') props.handle.current?.reset();
    else if (e.key === 'Enter') props.onPick(pickAt(wide / 2, tall / 2));
    else if (!props.onKey(e.key)) return;
    e.preventDefault();
  };
  return (
    <div ref={room} class="tissue-room">
      {problem ? <p class="problem" role="alert">{problem} The table has the cells.</p> : (
        <>
          <canvas ref={canvas} class="tissue-canvas" tabIndex={0} role="application" style={{ width: `${wide}px` }}
            aria-label={`${meta.title} at ${props.time}: ${frame ? frame.cells.byteLength / 8 : 0} cells. Arrows ${three ? 'turn' : 'move'} the picture, plus and minus zoom, 0 shows all, Enter picks the cell in the middle, space plays, comma and full stop go from moment to moment.`}
            onPointerDown={down} onPointerMove={drag} onPointerUp={up} onPointerCancel={up} onKeyDown={key}
            onContextMenu={(e) => e.preventDefault()} />
          <i class="crosshair" style={{ left: `${wide / 2}px`, top: `${tall / 2}px` }} aria-hidden="true" />
          <div class="tissue-zoom">
            <button type="button" aria-label="Nearer" onClick={() => props.handle.current?.zoom(0.7)}>+</button>
            <button type="button" aria-label="Farther" onClick={() => props.handle.current?.zoom(1.43)}>−</button>
            <button type="button" aria-label="Show all" onClick={() => props.handle.current?.reset()}>◻</button>
          </div>
        </>
      )}
    </div>
  );
}
