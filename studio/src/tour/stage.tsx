// SPDX-License-Identifier: GPL-3.0-or-later
// stage.tsx -- the drawing of the tours: two cells that meet, what is between them, and what it comes to. Every part
// follows a share or a number of the run.
import type { ComponentChildren } from 'preact';
import { OKABE } from '../chart/colours';

export type Actor = 'T' | 'NK' | 'DC' | 'macrophage' | 'needle' | 'none';
export interface StageProps {
  left: Actor;
  leftName: string;
  right: 'tumour' | 'none';
  rightName: string;
  /** How well the tumour cell passes for a friend, 0 to 1. */
  disguise?: number;
  /** Receptors between the cells: shares that are held by the other's hand, covered by the drug, or hooked. */
  pairs?: {
    held?: number;
    drug?: number;
    hooked?: number;
    drugOn?: 'left' | 'right';
    leftHand?: 'cup' | 'hook' | 'none';
    rightHand?: 'knob' | 'mark' | 'none';
    marks?: number;
  };
  /** How many small cells stand around the left one, 0 to 24, and their kind. */
  swarm?: { n: number; colour?: string };
  /** Strength of the attack, 0 to 1. */
  shots?: number;
  dots?: { n: number; kind: 'signal' | 'virus' | 'piece' | 'poster'; where: 'left' | 'right' | 'gap' };
  gauge?: { share: number; name: string; words: string; colour?: string };
  icons?: { of: number; share: number; words: string; kind: 'killed' | 'left' | 'marked' };
  light: 'left' | 'gap' | 'right' | 'all';
}

const T_PATH =
  'M272 96C279 150 279 214 272 268C250 300 200 312 156 306C98 298 56 248 56 182C56 116 98 66 156 58C200 52 250 64 272 96Z';
const C_PATH =
  'M354 84C347 150 347 212 354 278C380 318 424 312 466 322C522 334 578 292 588 228C596 188 584 158 588 122C578 64 524 36 472 42C424 46 380 46 354 84Z';
const N = 6;
const RANK = [4, 2, 0, 1, 3, 5];
const yOf = (i: number) => 106 + i * 30.4;
const part = (share: number, i: number) => Math.min(1, Math.max(0, share * N - RANK[i]!));

/** Numbers that look scattered and are always the same. */
const scatter = (i: number, k: number) => {
  const v = Math.sin(i * 127.1 + k * 311.7) * 43758.5453;
  return v - Math.floor(v);
};

export function Stage({ p, size, title }: { p: StageProps; size: number; title: string }) {
  const dim = (where: StageProps['light']) => (p.light === 'all' || p.light === where ? 1 : 0.42);
  const disguise = p.disguise ?? 0;
  // On a phone the words are larger, so what stood side by side stands one below the other.
  const narrow = size > 20;
  return (
    <svg
      data-chart
      class="stage"
      viewBox={`0 0 640 ${narrow ? 360 + (p.gauge ? 108 : 0) + (p.icons ? 104 : 0) : 440}`}
      role="img"
      aria-label={title}
    >
      <g opacity={dim('left')} class="bob">
        {p.swarm && <Swarm n={p.swarm.n} colour={p.swarm.colour ?? OKABE.blue} />}
        <Left kind={p.left} />
        {p.dots?.where === 'left' && <Dots {...p.dots} cx={170} cy={180} />}
      </g>
      <g opacity={dim('right')} class="bob late">
        {p.right === 'tumour' && <Tumour disguise={disguise} />}
        {p.dots?.where === 'right' && <Dots {...p.dots} cx={466} cy={184} />}
      </g>
      <g opacity={Math.max(dim('gap'), p.light === 'left' || p.light === 'right' ? 0.5 : 1)}>
        {p.pairs && p.right !== 'none' && <Pairs {...p.pairs} />}
        {p.dots?.where === 'gap' && <Dots {...p.dots} cx={312} cy={184} />}
        <Shots strength={p.shots ?? 0} />
      </g>
      <Names p={p} size={size} />
      {p.gauge && <Gauge {...p.gauge} size={size} at={[56, 366]} />}
      {p.icons && <Icons {...p.icons} size={size} at={narrow ? [56, p.gauge ? 466 : 362] : [344, 356]} />}
    </svg>
  );
}

function Names({ p, size }: { p: StageProps; size: number }) {
  return (
    <g class="stage-names">
      {p.left !== 'none' && (
        <text x={165} y={30} text-anchor="middle" font-size={size}>
          {p.leftName}
        </text>
      )}
      {p.right !== 'none' && (
        <text x={470} y={30} text-anchor="middle" font-size={size}>
          {p.rightName}
        </text>
      )}
    </g>
  );
}

function Left({ kind }: { kind: Actor }) {
  if (kind === 'none') return null;
  if (kind === 'needle')
    return (
      <g stroke="var(--muted)" stroke-width={1.8} fill="none">
        <path d="M36 150v68M36 184h34M240 184h78" />
        <path d="M70 160h150v48H70z" />
        <path d="M220 174l20 6v8l-20 6z" />
        <path d="M128 162h90v44h-90z" fill={OKABE.purple} fill-opacity={0.35} stroke="none" />
        <path d="M110 160v12M140 160v12M170 160v12M200 160v12" />
      </g>
    );
  if (kind === 'DC')
    return (
      <g>
        <path
          d="M282 180C262 196 276 232 250 244C230 252 232 286 206 280C186 276 178 312 152 298C134 288 118 306 104 282C94 264 66 270 70 240C72 218 46 208 58 184C66 166 46 142 68 128C86 118 78 88 104 86C124 84 128 54 156 64C178 72 196 46 212 72C222 90 250 84 252 112C254 132 288 142 282 180Z"
          fill={OKABE.green}
          fill-opacity={0.18}
          stroke={OKABE.green}
          stroke-width={1.6}
        />
        <ellipse cx={158} cy={182} rx={44} ry={36} fill={OKABE.green} fill-opacity={0.4} />
      </g>
    );
  const colour = kind === 'NK' ? OKABE.purple : kind === 'macrophage' ? OKABE.orange : OKABE.blue;
  return (
    <g>
      <path d={T_PATH} fill={colour} fill-opacity={0.14} stroke={colour} stroke-width={1.6} />
      <circle cx={158} cy={180} r={54} fill={colour} fill-opacity={0.28} />
      {kind !== 'T' &&
        [0, 1, 2, 3, 4, 5, 6].map((i) => (
          <circle
            key={i}
            cx={110 + scatter(i, 1) * 130}
            cy={250 + scatter(i, 2) * 30 - 8}
            r={3.5}
            fill={colour}
            fill-opacity={0.6}
          />
        ))}
    </g>
  );
}

/** Friend's green under a disguise, foe's vermilion without. */
function Tumour({ disguise }: { disguise: number }) {
  return (
    <g>
      <path
        d={C_PATH}
        fill={OKABE.red}
        fill-opacity={0.2 * (1 - disguise) + 0.03}
        stroke={OKABE.red}
        stroke-width={1.6}
        stroke-opacity={0.35 + 0.65 * (1 - disguise)}
      />
      <path
        d={C_PATH}
        fill={OKABE.green}
        fill-opacity={0.16 * disguise}
        stroke={OKABE.green}
        stroke-width={2}
        stroke-opacity={disguise}
        stroke-dasharray="7 5"
      />
      <path
        d="M430 190C424 152 454 128 486 136C524 142 536 176 524 206C512 236 472 244 452 230C438 222 432 208 430 190Z"
        fill={OKABE.red}
        fill-opacity={0.26}
      />
      <circle cx={470} cy={176} r={12} fill={OKABE.red} fill-opacity={0.35} />
      <circle cx={500} cy={202} r={8} fill={OKABE.red} fill-opacity={0.35} />
    </g>
  );
}

function Pairs({
  held = 0,
  drug = 0,
  hooked = 0,
  drugOn = 'left',
  leftHand = 'cup',
  rightHand = 'knob',
  marks = 1,
}: NonNullable<StageProps['pairs']>) {
  const rows: ComponentChildren[] = [];
  for (let i = 0; i < N; i++) {
    const y = yOf(i);
    const covered = part(drug, i);
    // What the drug covers can't be held.
    const joined = Math.max(part(held + drug, i) - covered, 0);
    const hook = part(hooked, i);
    const shows = rightHand === 'mark' ? part(marks, i) : 1;
    const reach = 331 - 29 * Math.max(joined, hook * shows);
    rows.push(
      <g key={i}>
        {leftHand === 'cup' && (
          <g stroke={OKABE.blue} fill="none" stroke-width={3.2} stroke-linecap="round">
            <path d={`M276 ${y}H290`} />
            <path d={`M302 ${y - 10}C287 ${y - 10} 287 ${y + 10} 302 ${y + 10}`} />
          </g>
        )}
        {leftHand === 'hook' && (
          <g
            stroke={OKABE.green}
            fill="none"
            stroke-width={3}
            stroke-linecap="round"
            opacity={0.25 + 0.75 * Math.max(hook, 0.3)}
          >
            <path d={`M276 ${y}H290L302 ${y - 9}M290 ${y}L302 ${y + 9}`} />
          </g>
        )}
        {rightHand !== 'none' && shows > 0 && (
          <g opacity={shows}>
            <path d={`M351 ${y}H${reach}`} stroke={OKABE.red} stroke-width={3.2} />
            {rightHand === 'knob' ? (
              <circle cx={reach - 2} cy={y} r={7.4} fill={OKABE.red} />
            ) : (
              <path d={`M${reach - 8} ${y}l11 -8v16z`} fill={OKABE.red} />
            )}
          </g>
        )}
        {covered > 0 && (
          <Antibody x={drugOn === 'left' ? 297 : 324} y={y} flip={drugOn === 'right'} opacity={covered} />
        )}
      </g>,
    );
  }
  return <g>{rows}</g>;
}

function Antibody({ x, y, flip, opacity }: { x: number; y: number; flip: boolean; opacity: number }) {
  const s = flip ? -1 : 1;
  return (
    <g opacity={opacity} stroke={OKABE.green} stroke-width={4} stroke-linecap="round" fill="none">
      <path d={`M${x + s * 23} ${y}H${x + s * 11}L${x} ${y - 7}M${x + s * 11} ${y}L${x} ${y + 7}`} />
    </g>
  );
}

function Swarm({ n, colour }: { n: number; colour: string }) {
  const all: ComponentChildren[] = [];
  for (let i = 0; i < Math.min(24, Math.ceil(n)); i++) {
    // Around the far side of the cell, clear of its name.
    const angle = 1.3 + (i * 3.05) / 24 + scatter(i, 7) * 0.06;
    const far = 140 + (i % 2) * 21;
    all.push(
      <circle
        key={i}
        cx={166 + Math.cos(angle) * far * 0.92}
        cy={182 + Math.sin(angle) * far}
        r={9.5}
        fill={colour}
        fill-opacity={0.3 * Math.min(1, n - i)}
        stroke={colour}
        stroke-opacity={Math.min(1, n - i)}
      />,
    );
  }
  return <g>{all}</g>;
}

function Shots({ strength }: { strength: number }) {
  const n = Math.round(strength * 14);
  const all: ComponentChildren[] = [];
  for (let i = 0; i < n; i++)
    all.push(
      <circle
        key={i}
        class={'shot s' + (i % 5)}
        cx={296 + scatter(i, 3) * 36}
        cy={112 + scatter(i, 4) * 136}
        r={3.2}
        fill={OKABE.orange}
        stroke="var(--paper)"
        stroke-width={0.8}
      />,
    );
  return <g>{all}</g>;
}

function Dots({ n, kind, cx, cy, where }: { n: number; kind: string; cx: number; cy: number; where: string }) {
  const all: ComponentChildren[] = [];
  const wide = where === 'gap' ? 50 : 96;
  for (let i = 0; i < Math.min(40, Math.round(n)); i++) {
    const angle = i * 2.39996;
    const far = Math.sqrt((i + 0.7) / 40);
    const x = cx + Math.cos(angle) * far * wide;
    const y = cy + Math.sin(angle) * far * 108;
    all.push(
      kind === 'virus' ? (
        <path key={i} d={`M${x} ${y - 6}l5.2 3v6l-5.2 3l-5.2 -3v-6z`} fill={OKABE.purple} stroke="var(--paper)" />
      ) : kind === 'piece' ? (
        <rect
          key={i}
          x={x - 4}
          y={y - 4}
          width={8}
          height={8}
          transform={`rotate(${i * 37} ${x} ${y})`}
          fill={OKABE.red}
          stroke="var(--paper)"
        />
      ) : kind === 'poster' ? (
        <path
          key={i}
          d={`M${x - 5} ${y - 7}h10v14h-10zM${x - 2.5} ${y - 2}h5`}
          fill="var(--paper)"
          stroke={OKABE.red}
          stroke-width={1.6}
        />
      ) : (
        <circle key={i} cx={x} cy={y} r={4} fill={OKABE.orange} stroke="var(--paper)" />
      ),
    );
  }
  return <g>{all}</g>;
}

function Gauge({
  share,
  name,
  words,
  colour = OKABE.red,
  size,
  at,
}: NonNullable<StageProps['gauge']> & { size: number; at: [number, number] }) {
  const wide = 216;
  const filled = Math.min(1, Math.max(0, share));
  return (
    <g transform={`translate(${at[0]} ${at[1]})`}>
      <text y={0} font-size={size}>
        {name}
      </text>
      <rect y={10} width={wide} height={10} fill="var(--hair)" />
      <rect y={10} width={wide * filled} height={10} fill={colour} />
      <text y={26 + size * 0.9} font-size={size} fill="var(--ink)">
        {words}
      </text>
    </g>
  );
}

function Icons({
  of,
  share,
  words,
  kind,
  size,
  at,
}: NonNullable<StageProps['icons']> & { size: number; at: [number, number] }) {
  const perRow = of / 2;
  const step = 264 / perRow;
  const r = Math.min(9, step * 0.42);
  const n = share * of;
  return (
    <g transform={`translate(${at[0]} ${at[1]})`}>
      {Array.from({ length: of }, (_, i) => {
        const x = (i % perRow) * step + step / 2;
        const y = Math.floor(i / perRow) * (2 * r + 5) + 2;
        const on = Math.min(1, Math.max(0, n - i));
        const ring = kind === 'killed' ? OKABE.red : kind === 'left' ? OKABE.sky : OKABE.orange;
        return (
          <g key={i}>
            <circle
              cx={x}
              cy={y}
              r={r}
              fill={ring}
              fill-opacity={kind === 'killed' ? 0.75 * (1 - on) : 0.75 * on}
              stroke={ring}
              stroke-opacity={kind === 'killed' ? 1 - 0.6 * on : 0.45 + 0.55 * on}
            />
            {kind === 'killed' && on > 0.5 && (
              <path
                d={`M${x - r / 2} ${y - r / 2}L${x + r / 2} ${y + r / 2}M${x + r / 2} ${y - r / 2}L${x - r / 2} ${y + r / 2}`}
                stroke="var(--muted)"
                stroke-width={1.6}
              />
            )}
          </g>
        );
      })}
      <text x={0} y={40 + size * 0.9} font-size={size} fill="var(--ink)">
        {words}
      </text>
    </g>
  );
}
