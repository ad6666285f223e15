// SPDX-License-Identifier: GPL-3.0-or-later
// record.ts -- a film of the canvas itself: each moment is drawn, handed over once, and held for its time.

export interface Recording {
  stop: () => void;
  film: Promise<Blob>;
}

export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && 'captureStream' in HTMLCanvasElement.prototype && kind() !== null;

function kind(): string | null {
  return ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'].find((k) => MediaRecorder.isTypeSupported(k)) ?? null;
}

/** Draws moments from..to (inclusive) through `show` and films what the canvas then has. */
export function record(canvas: HTMLCanvasElement, numbers: number[], fps: number, show: (n: number) => Promise<void>, redraw: () => void): Recording {
  const stream = canvas.captureStream(0);
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  const recorder = new MediaRecorder(stream, { mimeType: kind()!, videoBitsPerSecond: 12_000_000 });
  const parts: Blob[] = [];
  let stopped = false;
  recorder.ondataavailable = (e) => {
    if (e.data.size > 0) parts.push(e.data);
  };
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const film = (async () => {
    const ended = new Promise<void>((done) => {
      recorder.onstop = () => done();
    });
    recorder.start();
    for (const n of numbers) {
      if (stopped) break;
      const from = performance.now();
      await show(n);
      track.requestFrame();
      redraw();
      await wait(Math.max(10, 1000 / fps - (performance.now() - from)));
    }
    track.requestFrame();
    redraw();
    await wait(120);
    recorder.stop();
    await ended;
    for (const t of stream.getTracks()) t.stop();
    return new Blob(parts, { type: 'video/webm' });
  })();
  return { stop: () => { stopped = true; }, film };
}
