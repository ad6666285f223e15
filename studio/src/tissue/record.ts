// SPDX-License-Identifier: GPL-3.0-or-later
// record.ts -- a film of the canvas itself: each moment is drawn and taken once, and shown for the same time whatever
// the machine took to draw it. Browsers without WebCodecs film by MediaRecorder, in the time that drawing takes.
import { type Chunk, webm } from './webm';

export interface Recording {
  stop: () => void;
  film: Promise<Blob>;
}
export interface Stage {
  canvas: HTMLCanvasElement;
  moments: number[];
  fps: number;
  /** Shows a moment; what is drawn then stays until the next. */
  show: (n: number) => Promise<void>;
  /** Draws again what is shown, in this very task. */
  redraw: () => void;
}

const KINDS = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm'];
const recorderKind = (): string | undefined =>
  typeof MediaRecorder === 'undefined' ? undefined : KINDS.find((k) => MediaRecorder.isTypeSupported(k));
export const canRecord = (): boolean => typeof VideoEncoder !== 'undefined' || recorderKind() !== undefined;

/** Pictures after which one comes that needs no other. */
const KEYS = 20;

async function encode(stage: Stage, stopped: () => boolean): Promise<Blob | null> {
  const { canvas, moments, fps } = stage;
  const [width, height] = [canvas.width, canvas.height];
  const config: VideoEncoderConfig = { codec: 'vp8', width, height, bitrate: 12_000_000, framerate: fps };
  if (typeof VideoEncoder === 'undefined' || !(await VideoEncoder.isConfigSupported(config).catch(() => null))?.supported)
    return null;
  const chunks: Chunk[] = [];
  let failure: Error | null = null;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      chunks.push({ data, at: chunk.timestamp / 1000, key: chunk.type === 'key' });
    },
    error: (e) => {
      failure = e;
    },
  });
  encoder.configure(config);
  let taken = 0;
  for (const n of moments) {
    if (stopped() || failure || canvas.width !== width || canvas.height !== height) break;
    await stage.show(n);
    stage.redraw();
    const picture = new VideoFrame(canvas, { timestamp: Math.round((taken * 1e6) / fps), duration: Math.round(1e6 / fps) });
    encoder.encode(picture, { keyFrame: taken % KEYS === 0 });
    picture.close();
    taken++;
    while (encoder.encodeQueueSize > 2 && !failure) await new Promise((done) => setTimeout(done, 5));
  }
  await encoder.flush();
  encoder.close();
  if (failure) throw failure;
  return webm(width, height, 'V_VP8', chunks, (taken * 1000) / fps);
}

async function filmed(stage: Stage, stopped: () => boolean): Promise<Blob> {
  const stream = stage.canvas.captureStream(0);
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  const recorder = new MediaRecorder(stream, { mimeType: recorderKind()!, videoBitsPerSecond: 12_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = (e) => parts.push(e.data);
  const ended = new Promise((done) => recorder.addEventListener('stop', done));
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
  recorder.start();
  for (const n of stage.moments) {
    if (stopped()) break;
    await stage.show(n);
    track.requestFrame();
    stage.redraw();
    await wait(1000 / stage.fps);
  }
  await wait(500);
  recorder.stop();
  await ended;
  track.stop();
  return new Blob(parts, { type: 'video/webm' });
}

export function record(stage: Stage): Recording {
  let stop = false;
  const stopped = () => stop;
  return {
    stop: () => {
      stop = true;
    },
    film: encode(stage, stopped).then((film) => film ?? filmed(stage, stopped)),
  };
}
