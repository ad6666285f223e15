// SPDX-License-Identifier: GPL-3.0-or-later
// reading.ts -- the school grade at which a text reads, after Flesch and Kincaid; used where the server has not said
// it.
const vowels = /[aeiouy]+/g;

function syllables(word: string): number {
  const w = word.toLowerCase().replace(/[^a-z]/g, '');
  if (!w) return 1;
  let n = w.match(vowels)?.length ?? 1;
  if (n > 1 && /[^aeiouyl]e$/.test(w)) n--;
  if (n > 1 && /[^td]ed$/.test(w)) n--;
  return Math.max(1, n);
}

export function grade(text: string): number {
  const sentences = text.split(/[.!?:]+(?:\s|$)/).filter((s) => /[a-z]/i.test(s)).length || 1;
  const words = text.split(/\s+/).filter((w) => /[a-z0-9]/i.test(w));
  const all = words.reduce((sum, w) => sum + syllables(w), 0);
  return words.length ? (0.39 * words.length) / sentences + (11.8 * all) / words.length - 15.59 : 0;
}
