// SPDX-License-Identifier: GPL-3.0-or-later
// slider.tsx -- a number that is dragged, typed or put back; along a line or along its logarithm.
import { useEffect, useState } from 'preact/hooks';
import { plain } from './figure';

export interface SliderProps {
  id: string;
  label: string;
  unit: string;
  low: number;
  high: number;
  value: number;
  start: number;
  log?: boolean;
  onChange: (value: number) => void;
  disabled?: boolean;
}
const STEPS = 400;

/** A value as it is typed: three digits at most. */
const typed = (v: number) => String(Number(v.toPrecision(3)));

export function Slider(props: SliderProps) {
  const { low, high, value, start, log } = props;
  // A logarithm has no zero: the lowest step stands for it when the range starts there.
  const floor = log ? (low > 0 ? low : high / 1000) : low;
  const toStep = (v: number) =>
    log
      ? v <= floor
        ? 0
        : (STEPS * Math.log(v / floor)) / Math.log(high / floor)
      : (STEPS * (v - low)) / (high - low);
  const toValue = (s: number) => {
    if (s <= 0) return low;
    const v = log ? floor * (high / floor) ** (s / STEPS) : low + ((high - low) * s) / STEPS;
    return Number(v.toPrecision(3));
  };
  const [text, setText] = useState(typed(value));
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    setText(typed(value));
    setWrong('');
  }, [value]);
  const type = (raw: string) => {
    setText(raw);
    const v = Number(raw.trim().replace(',', '.'));
    if (raw.trim() === '' || !Number.isFinite(v)) setWrong('A number is needed here.');
    else if (v < low || v > high) setWrong(`${plain(low)} to ${plain(high)} ${props.unit}`);
    else {
      setWrong('');
      props.onChange(v);
    }
  };
  const changed = Math.abs(value - start) > 1e-9 * Math.max(1, Math.abs(start));
  return (
    <div class={'slider' + (changed ? ' changed' : '')}>
      <label for={props.id}>{props.label}</label>
      <span class="typed">
        <input
          type="text"
          inputMode="decimal"
          aria-label={props.label + (props.unit ? ', ' + props.unit : '')}
          aria-invalid={wrong !== ''}
          aria-describedby={wrong ? props.id + '-wrong' : undefined}
          value={text}
          disabled={props.disabled}
          onChange={(e) => type(e.currentTarget.value)}
          onKeyDown={(e) => e.key === 'Enter' && type(e.currentTarget.value)}
        />
        <span class="unit">{props.unit}</span>
      </span>
      <input
        id={props.id}
        type="range"
        min={0}
        max={STEPS}
        step={1}
        value={toStep(value)}
        disabled={props.disabled}
        aria-valuetext={typed(value) + ' ' + props.unit}
        onInput={(e) => props.onChange(toValue(Number(e.currentTarget.value)))}
      />
      {changed && (
        <button
          type="button"
          class="reset"
          title={'Back to ' + typed(start)}
          aria-label={`${props.label}: back to ${typed(start)}`}
          onClick={() => props.onChange(start)}
        >
          ↺
        </button>
      )}
      {wrong && (
        <span class="wrong" id={props.id + '-wrong'} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}

export function Choice(props: {
  id: string;
  label: string;
  value: string;
  start: string;
  choices: { value: string; label: string }[];
  onChange: (v: string) => void;
}) {
  const changed = props.value !== props.start;
  return (
    <div class={'choice' + (changed ? ' changed' : '')}>
      <label for={props.id}>{props.label}</label>
      <select id={props.id} value={props.value} onChange={(e) => props.onChange(e.currentTarget.value)}>
        {props.choices.map((c) => (
          <option key={c.value} value={c.value}>
            {c.label}
          </option>
        ))}
      </select>
      {changed && (
        <button
          type="button"
          class="reset"
          aria-label={props.label + ': back to the start'}
          title="Back to the start"
          onClick={() => props.onChange(props.start)}
        >
          ↺
        </button>
      )}
    </div>
  );
}

/** A few choices side by side; the arrow keys go between them. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  choices: { value: T; label: string }[];
  onChange: (v: T) => void;
}) {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      {props.choices.map((c) => (
        <button
          key={c.value}
          type="button"
          aria-pressed={c.value === props.value}
          onClick={() => props.onChange(c.value)}
        >
          {c.label}
        </button>
      ))}
    </div>
  );
}
