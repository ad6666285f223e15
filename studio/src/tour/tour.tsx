// SPDX-License-Identifier: GPL-3.0-or-later
// tour.tsx -- the handshake: steps one after the other, each on its day of the run. The drawing goes from day to day;
// where motion is not wanted it jumps.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PatientResult } from '../api/types';
import { route, setArgs } from '../app/route';
import { still } from '../app/theme';
import { useWidth } from '../chart/size';
import { Figure, plain } from '../ui/figure';
import { Reader } from './reader';
import { Stage } from './stage';
import { TOURS, type Tour } from './tours';

const GLIDE_MS = 1400;
const STAY_MS = 5200;

export function Handshake({ result }: { result: PatientResult }) {
  const args = route.value.args;
  const reader = useMemo(() => new Reader(result, args.lesion ?? 'L1'), [result, args.lesion]);
  const fitting = TOURS.filter((t) => t.fits(reader));
  const tour = fitting.find((t) => t.id === args.tour) ?? fitting[0];
  if (!tour)
    return (
      <p class="note">
        This person gets no immunotherapy, so there is no handshake to follow. Each type has a tour: choose another
        person.
      </p>
    );
  return (
    <>
      {fitting.length > 1 && (
        <nav class="tabs small" aria-label="Tours">
          {fitting.map((t) => (
            <button
              key={t.id}
              type="button"
              aria-pressed={t === tour}
              onClick={() => setArgs({ tour: t.id, step: undefined })}
            >
              {t.title}
            </button>
          ))}
        </nav>
      )}
      <Player key={tour.id} tour={tour} reader={reader} />
    </>
  );
}

function Player({ tour, reader }: { tour: Tour; reader: Reader }) {
  const asked = Number(route.value.args.step ?? 1) - 1;
  const step = Math.min(tour.steps.length - 1, Math.max(0, Number.isFinite(asked) ? asked : 0));
  const now = tour.steps[step]!;
  const target = now.day(reader);
  const [day, setDay] = useState(target);
  const [playing, setPlaying] = useState(false);
  const shown = useRef(target);
  const { ref, width } = useWidth();
  const go = (n: number) => setArgs({ step: n + 1 });

  // Glides to the step's day.
  useEffect(() => {
    const from = shown.current;
    if (still.matches || from === target) {
      shown.current = target;
      setDay(target);
      return;
    }
    let frame = 0;
    const began = performance.now();
    const tick = (t: number) => {
      const u = Math.min(1, Math.max(0, (t - began) / GLIDE_MS));
      const ease = u * u * (3 - 2 * u);
      shown.current = from + (target - from) * ease;
      setDay(shown.current);
      if (u < 1) frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [target, step]);

  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => (step < tour.steps.length - 1 ? go(step + 1) : setPlaying(false)), STAY_MS);
    return () => clearTimeout(timer);
  }, [playing, step]);

  const rests = now.rests.map((s) => reader.quantity(s)).filter((q) => q !== undefined);
  const size = width < 460 ? 25 : 15;
  return (
    <Figure
      id={'tour-' + tour.id}
      title={tour.title}
      caption={`${tour.lede} Step ${step + 1}, ${now.title.toLowerCase()}; day ${Math.round(day)}.`}
      command={reader.result.command}
      table={() => ({
        head: ['step', 'day', 'words'],
        rows: tour.steps.map((s) => [s.title, s.day(reader), s.words(reader, s.day(reader))]),
      })}
      className="tour"
    >
      <div class="tour-body" ref={ref}>
        <div class="tour-picture">
          <Stage
            p={now.stage(reader, day)}
            size={size}
            title={`${tour.title}, step ${step + 1}: ${now.title}. ${now.words(reader, target)}`}
          />
          <label class="tour-day">
            <span>Day {Math.round(day)}</span>
            <input
              type="range"
              min={0}
              max={reader.end}
              step="any"
              value={day}
              aria-valuetext={'Day ' + Math.round(day)}
              aria-label="Day of the run"
              onInput={(e) => {
                setPlaying(false);
                shown.current = Number(e.currentTarget.value);
                setDay(shown.current);
              }}
            />
          </label>
        </div>
        <ol class="tour-steps">
          {tour.steps.map((s, i) => (
            <li key={s.title} class={i === step ? 'now' : ''}>
              <button type="button" aria-current={i === step ? 'step' : undefined} onClick={() => go(i)}>
                <span class="n">{i + 1}</span>
                {s.title}
              </button>
              {i === step && (
                <div aria-live="polite">
                  <p>{s.words(reader, day)}</p>
                  {rests.length > 0 && (
                    <dl>
                      {rests.map((q) => (
                        <div key={q.id}>
                          <dt>{q.label}</dt>
                          <dd>
                            {plain(reader.at(q.id.replace(/^L\d+\./, ''), day))}{' '}
                            {q.unit === 'dimensionless' ? '' : q.unit}
                          </dd>
                        </div>
                      ))}
                    </dl>
                  )}
                </div>
              )}
            </li>
          ))}
        </ol>
      </div>
      <div class="tour-buttons">
        <button type="button" class="plain" disabled={step === 0} onClick={() => go(step - 1)}>
          Back
        </button>
        <button
          type="button"
          class="plain"
          onClick={() =>
            step === tour.steps.length - 1 && !playing ? (go(0), setPlaying(true)) : setPlaying(!playing)
          }
        >
          {playing ? 'Pause' : 'Play'}
        </button>
        <button type="button" class="plain" disabled={step === tour.steps.length - 1} onClick={() => go(step + 1)}>
          Next
        </button>
      </div>
    </Figure>
  );
}
