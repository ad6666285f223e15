// SPDX-License-Identifier: GPL-3.0-or-later
// history.ts -- the timeline and the six types, in plain words. Years of approval are those of the United States'
// agency.

export interface Moment {
  year: number;
  what: string;
  words: string;
}
export const TIMELINE: Moment[] = [
  {
    year: 1891,
    what: "Coley's first try",
    words:
      'William Coley, a surgeon in New York, gives a man with cancer living germs. A fever comes, and the tumour shrinks. Later he uses dead germs.',
  },
  {
    year: 1957,
    what: 'Interferon',
    words: 'Isaacs and Lindenmann find a signal with which cells warn one another of viruses.',
  },
  {
    year: 1976,
    what: 'BCG in the bladder',
    words: 'Morales puts a weak germ into the bladder. It keeps early bladder cancer away, and is still used.',
  },
  { year: 1986, what: 'The first cytokine drug', words: 'Interferon alfa is approved, against a rare leukaemia.' },
  {
    year: 1992,
    what: 'Interleukin-2',
    words: 'A growth call for T cells is approved against kidney cancer. A few people live without cancer for decades.',
  },
  {
    year: 1996,
    what: 'A brake is found',
    words:
      'James Allison shows in mice that T cells fight tumours when the brake CTLA-4 is blocked. Tasuku Honjo had found PD-1 in 1992.',
  },
  {
    year: 1997,
    what: 'The first antibody',
    words: 'Rituximab is approved. It sticks to a mark on the cells of a lymphoma. Trastuzumab follows in 1998.',
  },
  {
    year: 2010,
    what: 'The first vaccine against a cancer',
    words: 'Sipuleucel-T is made of the own cells of each man with prostate cancer.',
  },
  {
    year: 2011,
    what: 'The first checkpoint inhibitor',
    words: 'Ipilimumab takes off the brake CTLA-4, against melanoma.',
  },
  {
    year: 2014,
    what: 'The handshake is undone',
    words: 'Pembrolizumab and nivolumab cover PD-1. Blinatumomab, with two hands, is approved as well.',
  },
  { year: 2015, what: 'The first virus', words: 'T-VEC, a weak herpes virus, is put into melanomas with a needle.' },
  {
    year: 2017,
    what: 'The first CAR-T cells',
    words: 'T cells with a new hook are approved, for children with leukaemia and for lymphoma.',
  },
  { year: 2018, what: 'Nobel prize', words: 'For Allison and Honjo, who found how to take the brakes off.' },
  { year: 2021, what: 'CAR-T cells against myeloma', words: 'Ide-cel is approved; cilta-cel follows in 2022.' },
  { year: 2022, what: 'A third brake', words: 'Relatlimab, against LAG-3, is approved together with nivolumab.' },
  {
    year: 2024,
    what: 'T cells from the tumour itself',
    words: 'Lifileucel is approved: T cells that had found the tumour are grown to great numbers and given back.',
  },
];

export interface Kind {
  tour: string;
  example: RegExp;
  title: string;
  words: string;
  like: string;
  names: string;
}
export const SIX: Kind[] = [
  {
    tour: 'checkpoint',
    example: /^01/,
    title: 'Checkpoint inhibitors',
    words: 'They take the brakes off T cells that are there already.',
    like: 'Like a hand on the shoulder that is lifted.',
    names: 'pembrolizumab, nivolumab, ipilimumab',
  },
  {
    tour: 'car-t',
    example: /^14/,
    title: 'CAR-T cells',
    words: 'T cells are taken out, get a new hook, and are given back.',
    like: 'Like a dog that is given a scent.',
    names: 'tisa-cel, axi-cel, ide-cel, cilta-cel',
  },
  {
    tour: 'antibody',
    example: /^15/,
    title: 'Antibodies',
    words: 'They stick to a mark on the cancer cell and bring the defence to it.',
    like: 'Like a flag.',
    names: 'trastuzumab, rituximab, blinatumomab',
  },
  {
    tour: 'vaccine',
    example: /^17/,
    title: 'Vaccines',
    words: 'They show T cells what the cancer looks like.',
    like: 'Like a wanted poster.',
    names: 'sipuleucel-T, messenger RNA in trials',
  },
  {
    tour: 'cytokine',
    example: /^18/,
    title: 'Cytokines',
    words: 'Signals of the immune system itself, given as a drug.',
    like: 'Like a call to arms.',
    names: 'interleukin-2, interferon alfa',
  },
  {
    tour: 'virus',
    example: /^11/,
    title: 'Oncolytic viruses',
    words: 'Weak viruses that burst cancer cells. The pieces teach T cells.',
    like: 'Like an alarm in one house that wakes the street.',
    names: 'T-VEC',
  },
];

/** What nobody should take this page for. */
export const LIMITS = [
  'This is a model on a computer, not a look into the future of a person.',
  'It leaves out most of what makes people differ: other illnesses, other drugs, age in all its forms.',
  'Some of its numbers are guesses. Which ones is written beside each of them.',
];
