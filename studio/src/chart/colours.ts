// SPDX-License-Identifier: GPL-3.0-or-later
// colours.ts -- Okabe and Ito's colours, which people with any kind of colour vision can tell apart; the same name has
// the same colour on each page. Text on paper needs darker ones: those of CSS.
export const OKABE = {
  orange: '#e69f00',
  sky: '#56b4e9',
  green: '#009e73',
  yellow: '#f0e442',
  blue: '#0072b2',
  red: '#d55e00',
  purple: '#cc79a7',
  grey: '#7f7f7f',
} as const;
export const SERIES = [OKABE.blue, OKABE.red, OKABE.green, OKABE.purple, OKABE.orange, OKABE.sky, OKABE.grey];

const FIXED: Record<string, string> = {
  CR: OKABE.green,
  PR: OKABE.sky,
  SD: OKABE.grey,
  PD: OKABE.red,
  NE: '#b0b0b0',
  iCR: OKABE.green,
  iPR: OKABE.sky,
  iSD: OKABE.grey,
  iUPD: OKABE.orange,
  iCPD: OKABE.red,
};
const given = new Map<string, string>();

/** A colour for a name, the same one as long as the page lives. */
export function colourOf(name: string): string {
  const fixed = FIXED[name];
  if (fixed) return fixed;
  let colour = given.get(name);
  if (!colour) {
    colour = SERIES[given.size % SERIES.length]!;
    given.set(name, colour);
  }
  return colour;
}
