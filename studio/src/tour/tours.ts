// SPDX-License-Identifier: GPL-3.0-or-later
// tours.ts -- one tour for each type of therapy: five steps, each with a day of the run, words that carry the run's
// numbers, and what the drawing shows. Every share drawn is a quantity of the run; nothing is made up where a run
// lacks one.
import { plain } from '../ui/figure';
import { clamp, killed, logShare, of100, type Reader } from './reader';
import type { StageProps } from './stage';

export interface Step {
  title: string;
  day: (r: Reader) => number;
  words: (r: Reader, day: number) => string;
  stage: (r: Reader, day: number) => StageProps;
  /** Quantities that the step rests on. */
  rests: string[];
}
export interface Tour {
  id: string;
  title: string;
  lede: string;
  fits: (r: Reader) => boolean;
  steps: Step[];
}

const T = 'Killer T cell';
const C = 'Cancer cell';
const whole = (v: number) => plain(Math.round(v));
const kills = (rate: number, words = 'of 20 cells in sight die in a day') => {
  const share = 1 - Math.exp(-Math.max(0, rate));
  return { of: 20, share, words: few(share) + ' ' + words, kind: 'killed' as const };
};
const few = (share: number) => plain(Math.round(20 * share));
const shots = (rate: number) => clamp(1.1 * (1 - Math.exp(-2 * Math.max(0, rate))));
const nobody = (r: Reader, symbol: string, words: string, otherwise: string) => (r.has(symbol) ? words : otherwise);

// 1. Checkpoint inhibitors: the guide's five steps.
const drugHere = (r: Reader) => Math.max(1, r.firstDose());
const blocked = (r: Reader, day: number) => Math.max(r.at('RO_PD1', day), r.at('RO_PDL1', day));
const onPdl1 = (r: Reader) => r.peak('RO_PDL1').value > r.peak('RO_PD1').value;
const pairs = (r: Reader, day: number): StageProps['pairs'] => ({
  held: r.at('step1_handshake', day),
  drug: blocked(r, day),
  drugOn: onPdl1(r) ? 'right' : 'left',
});
const brake = (r: Reader, day: number) => {
  const start = r.first('step2_brake');
  const share = start > 0 ? r.at('step2_brake', day) / start : 0;
  return { share, name: 'The brake, against the start', words: `${of100(share)} of 100`, colour: '#d55e00' };
};
const checkpointStage = (r: Reader, day: number, light: StageProps['light']): StageProps => ({
  left: 'T',
  leftName: T,
  right: 'tumour',
  rightName: C,
  disguise: 1 - clamp(r.at('step4_disguise_fails', day)),
  pairs: pairs(r, day),
  shots: shots(r.at('step5_attack', day)),
  gauge: brake(r, day),
  icons: kills(r.at('step5_attack', day)),
  light,
});
const checkpoint: Tour = {
  id: 'checkpoint',
  title: 'Checkpoint inhibitors',
  lede: 'How a false handshake holds T cells back, and what undoes it.',
  fits: (r) =>
    Math.max(r.peak('RO_PD1').value, r.peak('RO_PDL1').value, r.peak('RO_CTLA4').value, r.peak('RO_LAG3').value) > 0.05,
  steps: [
    {
      title: 'The false handshake',
      day: () => 0,
      rests: ['step1_handshake'],
      words: (r, day) =>
        `A killer T cell has hands called PD-1. The cancer cell takes them with PD-L1, as a friend would. On day ${whole(day)} it holds ${of100(r.at('step1_handshake', day))} of every 100 hands.`,
      stage: (r, day) => checkpointStage(r, day, 'gap'),
    },
    {
      title: 'The brakes',
      day: () => 0,
      rests: ['step2_brake'],
      words: (r, day) => {
        const now = brake(r, day).share;
        return `Each hand that is held presses a brake inside the T cell. ${now > 0.9 ? 'The brake is as hard as at the start.' : `The brake is at ${of100(now)} of 100, against the start.`} A T cell that brakes does not kill.`;
      },
      stage: (r, day) => checkpointStage(r, day, 'left'),
    },
    {
      title: 'The drug steps in',
      day: (r) => r.when(onPdl1(r) ? 'RO_PDL1' : 'RO_PD1', (v) => v >= 0.5, drugHere(r) + 1),
      rests: ['RO_PD1', 'RO_PDL1', 'step3_inhibitor'],
      words: (r, day) =>
        `The drug is an antibody. It sits on ${onPdl1(r) ? 'PD-L1, the hand of the cancer cell' : 'PD-1, the hand of the T cell'}. On day ${whole(day)} it covers ${of100(blocked(r, day))} of every 100. A covered hand can't be shaken.` +
        nobody(
          r,
          'RO_CTLA4_LN',
          r.peak('RO_CTLA4_LN').value > 0.05
            ? ' In the lymph nodes a second antibody takes the brake CTLA-4 off, so more T cells are trained.'
            : '',
          '',
        ),
      stage: (r, day) => checkpointStage(r, day, 'gap'),
    },
    {
      title: 'The disguise fails',
      day: (r) => r.when('step4_disguise_fails', (v) => v >= 0.5, drugHere(r) + 2),
      rests: ['step4_disguise_fails'],
      words: (r, day) =>
        `Without the handshake the cancer cell no longer passes for a friend. On day ${whole(day)}, ${of100(r.at('step4_disguise_fails', day))} of every 100 T cells here are free to kill.`,
      stage: (r, day) => checkpointStage(r, day, 'right'),
    },
    {
      title: 'The attack',
      day: (r) => r.peak('step5_attack').day,
      rests: ['step5_attack'],
      words: (r, day) => {
        const n = killed(r.at('step5_attack', day));
        const peak = r.peak('step5_attack');
        return (
          `On day ${whole(day)} T cells kill ${n} of every 1,000 cancer cells that they can see, in one day.` +
          (day === peak.day
            ? ' That is the most in this run.'
            : ` The most was ${killed(peak.value)}, on day ${whole(peak.day)}.`)
        );
      },
      stage: (r, day) => checkpointStage(r, day, 'all'),
    },
  ],
};

// 2. CAR-T cells.
const carKill = (r: Reader, day: number) =>
  Math.max(r.at('car_kill', day), r.at('CD19_kill', day), r.at('BCMA_kill', day));
const carKillSymbol = (r: Reader) => r.one('car_kill', 'CD19_kill', 'BCMA_kill');
const carMark = (r: Reader) => (r.has('BCMA_lost') ? 'BCMA' : 'CD19');
const carLost = (r: Reader, day: number) => r.at(carMark(r) + '_lost', day);
const carSwarm = (r: Reader, day: number) =>
  24 * logShare(r.at('car_per_uL', day), 0.01, Math.max(1, r.peak('car_per_uL').value));
const fever = (r: Reader, day: number) => ({
  share: r.at('grade_crs', day) / 4,
  name: 'Illness by cytokines, grade',
  words: `${plain(r.at('grade_crs', day), 2)} of 4`,
  colour: '#e69f00',
});
const carStage = (r: Reader, day: number, more: Partial<StageProps>): StageProps => ({
  left: 'T',
  leftName: 'CAR-T cell',
  right: 'tumour',
  rightName: C,
  disguise: 0,
  pairs: { leftHand: 'hook', rightHand: 'mark', marks: 1 - carLost(r, day), hooked: clamp(carKill(r, day) * 1.5) },
  swarm: { n: carSwarm(r, day), colour: '#009e73' },
  shots: shots(carKill(r, day)),
  light: 'all',
  ...more,
});
const infusion = (r: Reader) => r.firstDose(/leucel/);
const carT: Tour = {
  id: 'car-t',
  title: 'CAR-T cells',
  lede: "A person's own T cells get a new hook, grow in number and hunt one mark.",
  fits: (r) => r.has('car_per_uL'),
  steps: [
    {
      title: 'Cells are taken and remade',
      day: () => 0,
      rests: ['car_made'],
      words: (r) =>
        `T cells are taken from the blood. In a lab they get a hook, called a CAR, that fits a mark on the cancer: ${carMark(r)}.` +
        (r.peak('car_never').value > 0.001
          ? ` Of every 100 people who wait for them, ${of100(r.peak('car_never').value)} never get them.`
          : ''),
      stage: (r, day) =>
        carStage(r, day, {
          light: 'left',
          swarm: undefined,
          shots: 0,
          pairs: { leftHand: 'hook', rightHand: 'mark', hooked: 0 },
        }),
    },
    {
      title: 'They are given back',
      day: (r) => infusion(r) + 2,
      rests: ['car_per_uL'],
      words: (r, day) =>
        `On day ${whole(infusion(r))} the new cells go back into the blood. Chemotherapy has made room for them. On day ${whole(day)} there are ${plain(r.at('car_per_uL', day), 2)} in a millionth of a litre of blood.`,
      stage: (r, day) => carStage(r, day, { light: 'left' }),
    },
    {
      title: 'They grow in number',
      day: (r) => r.peak('car_per_uL').day,
      rests: ['car_per_uL'],
      words: (r, day) =>
        `Each cell that meets its mark divides. On day ${whole(day)} there are ${plain(r.at('car_per_uL', day), 2)} of them in a millionth of a litre of blood.` +
        (day === r.peak('car_per_uL').day ? ' That is the most in this run.' : ''),
      stage: (r, day) => carStage(r, day, { light: 'left' }),
    },
    {
      title: 'The hook catches',
      day: (r) => r.peak(carKillSymbol(r)).day,
      rests: ['car_kill', 'CD19_kill', 'BCMA_kill'],
      words: (r, day) =>
        `The hook holds the mark, with no handshake in between. On day ${whole(day)} they kill ${killed(carKill(r, day))} of every 1,000 cancer cells that carry the mark, in one day.`,
      stage: (r, day) =>
        carStage(r, day, { light: 'all', icons: kills(carKill(r, day), 'of 20 cells with the mark die in a day') }),
    },
    {
      title: 'What it costs',
      day: (r) => (r.peak('grade_crs').value > 0.5 ? r.peak('grade_crs').day : r.lowest('B_count').day),
      rests: ['grade_crs', 'B_left', 'CD19_lost', 'BCMA_lost'],
      words: (r, day) =>
        `The fight makes the person ill: cytokine release is at grade ${plain(r.at('grade_crs', day), 2)} of 4.` +
        (r.has('B_left')
          ? ` Healthy B cells carry the mark too: ${of100(r.at('B_left', day))} of every 100 are left.`
          : '') +
        ` Cancer cells without the mark are out of reach: ${of100(carLost(r, r.end))} of every 100 on the last day.`,
      stage: (r, day) =>
        carStage(r, day, {
          light: 'all',
          gauge: fever(r, day),
          icons: r.has('B_left')
            ? {
                of: 20,
                share: r.at('B_left', day),
                words: few(r.at('B_left', day)) + ' of 20 healthy B cells are left',
                kind: 'left',
              }
            : undefined,
        }),
    },
  ],
};

// 3. Antibodies that mark, and those with two hands.
const abOccupied = (r: Reader) => r.one('RO_CD20', 'RO_HER2', 'RO_EGFR', 'H_bite');
const abRate = (r: Reader, day: number) =>
  r.has('H_bite') && r.peak('H_bite').value > 0.01
    ? r.at('CD19_kill', day)
    : r.at('adcc_kill', day) + r.at('her2_kill', day) + r.at('egfr_kill', day);
const two = (r: Reader) => r.has('H_bite');
const abName = (r: Reader) => (two(r) ? 'CD19' : r.has('RO_CD20') ? 'CD20' : r.has('RO_HER2') ? 'HER2' : 'EGFR');
const abPeak = (r: Reader) => (two(r) ? r.peak('CD19_kill').day : r.peak('adcc_kill').day);
const abStage = (r: Reader, day: number, more: Partial<StageProps>): StageProps => ({
  left: two(r) ? 'T' : 'NK',
  leftName: two(r) ? T : 'Natural killer cell',
  right: 'tumour',
  rightName: C,
  disguise: 0,
  pairs: { leftHand: 'none', rightHand: 'mark', drug: r.at(abOccupied(r), day), drugOn: 'right' },
  shots: shots(abRate(r, day)),
  light: 'all',
  ...more,
});
const antibody: Tour = {
  id: 'antibody',
  title: 'Antibodies',
  lede: 'An antibody finds a mark on the cancer cell and brings the defence to it.',
  fits: (r) => r.has('RO_CD20', 'RO_HER2', 'RO_EGFR', 'H_bite'),
  steps: [
    {
      title: 'The mark',
      day: () => 0,
      rests: ['CD19_lost', 'CD20_lost'],
      words: (r) =>
        `Cancer cells of this kind carry a mark called ${abName(r)}. ${abName(r) === 'HER2' || abName(r) === 'EGFR' ? 'It is a growth switch, and there are far too many of them.' : 'Healthy B cells carry it too.'}`,
      stage: (r, day) => abStage(r, day, { light: 'right', left: 'none', shots: 0 }),
    },
    {
      title: 'The antibody sits on it',
      day: (r) => r.when(abOccupied(r), (v) => v >= 0.5, Math.max(1, r.peak(abOccupied(r)).day)),
      rests: ['RO_CD20', 'RO_HER2', 'RO_EGFR', 'H_bite'],
      words: (r, day) =>
        two(r)
          ? `The drug has two hands: one for a T cell, one for ${abName(r)}. On day ${whole(day)} its effect is at ${of100(r.at('H_bite', day))} of 100.`
          : `On day ${whole(day)} the antibody sits on ${of100(r.at(abOccupied(r), day))} of every 100 marks.`,
      stage: (r, day) => abStage(r, day, { light: 'gap', left: 'none', shots: 0 }),
    },
    {
      title: 'The flag is seen',
      day: (r) => Math.max(1, r.firstDose() + 1),
      rests: ['NK', 'FcgR_V'],
      words: (r) =>
        (two(r)
          ? 'Any T cell will do. It is pulled to the cancer cell, even if it never learned what cancer looks like.'
          : 'The free end of the antibody is a flag. Natural killer cells and macrophages hold on to it.') +
        (r.has('NK') && !two(r)
          ? ` At the most, ${plain(r.peak('NK').value, 2)} natural killer cells are in the tumour.`
          : ''),
      stage: (r, day) => abStage(r, day, { light: 'left', shots: 0 }),
    },
    {
      title: 'The kill',
      day: abPeak,
      rests: ['adcc_kill', 'her2_kill', 'egfr_kill', 'CD19_kill'],
      words: (r, day) =>
        `On day ${whole(day)}, ${killed(abRate(r, day))} of every 1,000 cancer cells die in one day${r.at('her2_kill', day) > 0.001 ? ', some of them because their growth switch is off' : ''}.`,
      stage: (r, day) => abStage(r, day, { light: 'all', icons: kills(abRate(r, day), 'of 20 cells die in a day') }),
    },
    {
      title: 'What else it meets',
      day: (r) => (r.has('B_left') ? r.lowest('B_left').day : r.lowest('H_tissue').day),
      rests: ['B_left', 'H_tissue', 'her2_res'],
      words: (r, day) =>
        r.has('B_left')
          ? `Healthy B cells carry the mark as well. On day ${whole(day)}, ${of100(r.at('B_left', day))} of every 100 are left. They come back when the drug is gone.`
          : `Some cancer cells find a way round: ${of100(Math.max(r.at('her2_res', r.end), r.at('egfr_res', r.end)))} of every 100 on the last day. Of healthy tissue, ${of100(r.at('H_tissue', day))} of 100 parts are left on day ${whole(day)}.`,
      stage: (r, day) =>
        abStage(r, day, {
          light: 'all',
          icons: r.has('B_left')
            ? {
                of: 20,
                share: r.at('B_left', day),
                words: few(r.at('B_left', day)) + ' of 20 healthy B cells are left',
                kind: 'left',
              }
            : undefined,
        }),
    },
  ],
};

// 4. Vaccines.
const share = (r: Reader, symbol: string, day: number) =>
  r.peak(symbol).value > 0 ? r.at(symbol, day) / r.peak(symbol).value : 0;
const vaccine: Tour = {
  id: 'vaccine',
  title: 'Vaccines',
  lede: 'T cells are shown what the cancer looks like, and go out to look for it.',
  fits: (r) => r.has('vT8_B', 'vDC'),
  steps: [
    {
      title: 'The wanted poster',
      day: (r) => r.firstDose(),
      rests: ['doses'],
      words: (r) =>
        `The vaccine carries pieces of the cancer, like wanted posters. It is given ${r.result.doses.length} times.`,
      stage: () => ({
        left: 'DC',
        leftName: 'Dendritic cell',
        right: 'none',
        rightName: '',
        dots: { n: 14, kind: 'poster', where: 'gap' },
        light: 'all',
      }),
    },
    {
      title: 'It is shown',
      day: (r) => r.peak('vDC').day,
      rests: ['vDC'],
      words: (r, day) =>
        `Dendritic cells pick the posters up and carry them to a lymph node, the school of T cells. On day ${whole(day)}, ${plain(r.at('vDC', day), 2)} of them show the posters there.`,
      stage: (r, day) => ({
        left: 'DC',
        leftName: 'Dendritic cell',
        right: 'none',
        rightName: '',
        dots: { n: 30 * share(r, 'vDC', day), kind: 'poster', where: 'left' },
        light: 'all',
      }),
    },
    {
      title: 'T cells learn',
      day: (r) => r.peak('vT8_B').day,
      rests: ['vT8_B', 'vN8', 'vA8'],
      words: (r, day) =>
        `The few T cells that fit a poster divide, again and again. On day ${whole(day)} there are ${plain(r.at('vT8_B', day), 2)} trained ones in the blood.`,
      stage: (r, day) => ({
        left: 'T',
        leftName: 'Trained T cell',
        right: 'none',
        rightName: '',
        swarm: { n: 24 * logShare(r.at('vT8_B', day), r.peak('vT8_B').value * 1e-3, r.peak('vT8_B').value) },
        light: 'all',
      }),
    },
    {
      title: 'They find a match',
      day: (r) => r.peak('v_rate').day,
      rests: ['vax_covered'],
      words: (r, day) =>
        `In the tumour they look for cells that match a poster. On day ${whole(day)}, ${of100(r.at('vax_covered', day))} of every 100 cancer cells do.`,
      stage: (r, day) => ({
        left: 'T',
        leftName: 'Trained T cell',
        right: 'tumour',
        rightName: C,
        pairs: {
          leftHand: 'hook',
          rightHand: 'mark',
          marks: r.at('vax_covered', day),
          hooked: r.at('vax_covered', day),
        },
        icons: {
          of: 20,
          share: r.at('vax_covered', day),
          words: few(r.at('vax_covered', day)) + ' of 20 cancer cells match a poster',
          kind: 'marked',
        },
        light: 'gap',
      }),
    },
    {
      title: 'The attack',
      day: (r) => r.peak('v_rate').day,
      rests: ['v_rate'],
      words: (r, day) =>
        `On day ${whole(day)} they kill ${killed(r.at('v_rate', day))} of every 1,000 cancer cells that match, in one day. Cells that match no poster are left: ${of100(1 - r.at('vax_covered', r.end))} of every 100 on the last day.`,
      stage: (r, day) => ({
        left: 'T',
        leftName: 'Trained T cell',
        right: 'tumour',
        rightName: C,
        pairs: {
          leftHand: 'hook',
          rightHand: 'mark',
          marks: r.at('vax_covered', day),
          hooked: r.at('vax_covered', day),
        },
        shots: shots(r.at('v_rate', day)),
        icons: kills(r.at('v_rate', day), 'of 20 cells that match die in a day'),
        light: 'all',
      }),
    },
  ],
};

// 5. Cytokines.
const il2 = (r: Reader) => r.has('il2_nM');
const level = (r: Reader) => (il2(r) ? 'il2_nM' : r.one('ifna_conc', 'ifna_E'));
const fold = (r: Reader, day: number) => (r.first('T8_B') > 0 ? r.at('T8_B', day) / r.first('T8_B') : 1);
const cytokineStage = (r: Reader, day: number, more: Partial<StageProps>): StageProps => ({
  left: 'T',
  leftName: T,
  right: 'tumour',
  rightName: C,
  disguise: 1 - clamp(r.at('step4_disguise_fails', day)),
  dots: { n: 40 * share(r, level(r), day), kind: 'signal', where: 'left' },
  swarm: { n: 24 * logShare(fold(r, day), 0.5, Math.max(2, r.peak('T8_B').value / Math.max(1, r.first('T8_B')))) },
  shots: shots(r.at('step5_attack', day)),
  light: 'all',
  ...more,
});
const cytokine: Tour = {
  id: 'cytokine',
  title: 'Cytokines',
  lede: 'A signal of the immune system itself is given as a drug.',
  fits: (r) => r.has('il2_nM', 'ifna_conc', 'ifna_E'),
  steps: [
    {
      title: 'The call',
      day: (r) => r.peak(level(r)).day,
      rests: ['il2_nM', 'ifna_conc'],
      words: (r, day) =>
        (il2(r)
          ? `Interleukin-2 is a growth call for T cells. `
          : 'Interferon is an alarm that cells give when a virus is near. ') +
        `On day ${whole(day)} there is the most of it in blood: ${plain(r.at(level(r), day), 2)} ${r.quantity(level(r))?.unit ?? ''}.`,
      stage: (r, day) => cytokineStage(r, day, { light: 'left', right: 'none' }),
    },
    {
      title: 'Cells answer',
      day: (r) => (il2(r) ? r.later('T8_B').day : r.peak('ifna_E').day),
      rests: ['T8_B', 'ifna_E'],
      words: (r, day) =>
        il2(r)
          ? `T cells that hear it divide. On day ${whole(day)} there are ${plain(fold(r, day), 2)} times as many killer T cells in the blood as at the start.`
          : `Cells that hear it show more of what is inside them, so that T cells see better. They also grow more slowly. On day ${whole(day)} the alarm is at ${of100(r.at('ifna_E', day))} of 100.`,
      stage: (r, day) => cytokineStage(r, day, { light: 'left', right: 'none' }),
    },
    {
      title: 'They move in',
      day: (r) => r.later('T_eff').day,
      rests: ['T_eff'],
      words: (r, day) =>
        `They leave the blood for the tissues. On day ${whole(day)} the tumour holds ${plain(r.at('T_eff', day), 2)} killer T cells; at the start it held ${plain(r.first('T_eff'), 2)}.`,
      stage: (r, day) => cytokineStage(r, day, { light: 'gap', pairs: { held: r.at('step1_handshake', day) } }),
    },
    {
      title: 'The attack',
      day: (r) => r.later('step5_attack').day,
      rests: ['step5_attack'],
      words: (r, day) =>
        `On day ${whole(day)} T cells kill ${killed(r.at('step5_attack', day))} of every 1,000 cancer cells that they can see, in one day. The false handshake is still there: PD-L1 holds ${of100(r.at('step1_handshake', day))} of every 100 brakes.`,
      stage: (r, day) =>
        cytokineStage(r, day, {
          pairs: { held: r.at('step1_handshake', day) },
          icons: kills(r.at('step5_attack', day)),
        }),
    },
    {
      title: 'What it costs',
      day: (r) => (r.has('il2_leak') ? r.peak('il2_leak').day : r.lowest('H_tissue').day),
      rests: ['il2_leak', 'H_tissue'],
      words: (r, day) =>
        (r.has('il2_leak')
          ? `Blood vessels begin to leak. It is worst on day ${whole(day)}, at ${of100(r.at('il2_leak', day))} of 100.`
          : 'Fever, tiredness and low mood are common.') +
        ` Of healthy tissue, ${of100(r.lowest('H_tissue').value)} of 100 parts are left at the worst.`,
      stage: (r, day) =>
        cytokineStage(r, day, {
          gauge: r.has('il2_leak')
            ? {
                share: r.at('il2_leak', day),
                name: 'Leak of blood vessels',
                words: `${of100(r.at('il2_leak', day))} of 100`,
                colour: '#56b4e9',
              }
            : undefined,
        }),
    },
  ],
};

// 6. Oncolytic virus.
const infected = (r: Reader, day: number) => {
  const n = r.at('C_inf', day);
  const all = n + r.at('C_s', day) + r.at('C_low', day);
  return all > 0 ? n / all : 0;
};
const mostInfected = (r: Reader) => r.peak('C_inf').day;
const elsewhere = (r: Reader) => (r.result.quantities.some((q) => q.id === 'L2.step5_attack') ? 'L2' : 'L1');
const attackOf = (r: Reader, lesion: string, day: number) => new ReaderOf(r, lesion).at(day);
class ReaderOf {
  constructor(
    private readonly r: Reader,
    private readonly lesion: string,
  ) {}
  private get values(): number[] {
    return this.r.result.quantities.find((q) => q.id === this.lesion + '.step5_attack')?.value ?? [];
  }
  at(day: number): number {
    const i = this.r.result.day.findIndex((d) => d >= day);
    return this.values[i < 0 ? this.values.length - 1 : i] ?? 0;
  }
  peakDay(): number {
    const v = this.values;
    let best = 0;
    for (let i = 1; i < v.length; i++) if (v[i]! > v[best]!) best = i;
    return this.r.result.day[best] ?? 0;
  }
}
const virus: Tour = {
  id: 'virus',
  title: 'Oncolytic viruses',
  lede: 'A weak virus bursts cancer cells, and the pieces teach T cells.',
  fits: (r) => r.has('virus') && r.has('C_inf'),
  steps: [
    {
      title: 'The needle',
      day: (r) => r.peak('virus').day,
      rests: ['virus'],
      words: (r, day) =>
        `A weak virus is put into the tumour with a needle, ${r.result.doses.length} times in all. On day ${whole(day)} there are ${plain(r.at('virus', day), 2)} of them that can infect.`,
      stage: (r, day) => ({
        left: 'needle',
        leftName: 'Needle',
        right: 'tumour',
        rightName: C,
        dots: {
          n: 40 * logShare(r.at('virus', day), r.peak('virus').value * 1e-4, r.peak('virus').value),
          kind: 'virus',
          where: 'gap',
        },
        light: 'all',
      }),
    },
    {
      title: 'It grows inside',
      day: mostInfected,
      rests: ['C_inf'],
      words: (r, day) =>
        `It gets into cancer cells and makes more of itself. On day ${whole(day)}, ${of100(infected(r, day))} of every 100 cells of this tumour are infected.`,
      stage: (r, day) => ({
        left: 'none',
        leftName: '',
        right: 'tumour',
        rightName: C,
        dots: { n: 40 * Math.max(0.2, clamp(infected(r, day) * 2)), kind: 'virus', where: 'right' },
        icons: {
          of: 20,
          share: infected(r, day),
          words: few(infected(r, day)) + ' of 20 cells are infected',
          kind: 'marked',
        },
        light: 'all',
      }),
    },
    {
      title: 'Cells burst',
      day: mostInfected,
      rests: ['antigen', 'danger'],
      words: (r, day) =>
        `Full cells burst, and their pieces spill out. On day ${whole(day)} there are ${plain(r.at('antigen', day), 2)} nM of them between the cells; at the start there were ${plain(r.first('antigen'), 2)}.`,
      stage: (r, day) => ({
        left: 'DC',
        leftName: 'Dendritic cell',
        right: 'tumour',
        rightName: C,
        dots: { n: 34 * share(r, 'antigen', day), kind: 'piece', where: 'gap' },
        light: 'gap',
      }),
    },
    {
      title: 'T cells learn',
      day: (r) => r.peak('T8_B').day,
      rests: ['T8_B'],
      words: (r, day) =>
        `Dendritic cells show the pieces to T cells. On day ${whole(day)} there are ${plain(fold(r, day), 2)} times as many killer T cells in the blood as at the start. The body also learns to stop the virus: antibodies against it are at ${of100(r.at('HSV_Ab', day))} of 100.`,
      stage: (r, day) => ({
        left: 'T',
        leftName: T,
        right: 'none',
        rightName: '',
        swarm: { n: 24 * logShare(fold(r, day), 0.5, Math.max(2, fold(r, r.peak('T8_B').day))) },
        gauge: {
          share: r.at('HSV_Ab', day),
          name: 'Antibodies against the virus',
          words: `${of100(r.at('HSV_Ab', day))} of 100`,
          colour: '#cc79a7',
        },
        light: 'all',
      }),
    },
    {
      title: 'Other tumours',
      day: (r) => new ReaderOf(r, elsewhere(r)).peakDay(),
      rests: ['L2.step5_attack'],
      words: (r, day) =>
        (elsewhere(r) === 'L2' ? 'The virus stays where it was put. The T cells travel: ' : '') +
        `on day ${whole(day)} they kill ${killed(attackOf(r, elsewhere(r), day))} of every 1,000 cells in sight ${elsewhere(r) === 'L2' ? 'in the second tumour' : 'in this tumour'}, in one day.`,
      stage: (r, day) => ({
        left: 'T',
        leftName: T,
        right: 'tumour',
        rightName: elsewhere(r) === 'L2' ? 'Second tumour' : C,
        disguise: 1 - clamp(r.at('step4_disguise_fails', day)),
        pairs: { held: r.at('step1_handshake', day) },
        shots: shots(attackOf(r, elsewhere(r), day)),
        icons: kills(attackOf(r, elsewhere(r), day)),
        light: 'all',
      }),
    },
  ],
};

// And the oldest: an alarm without a target.
const heat = (r: Reader, day: number) => ({
  share: (r.at('inn_temp', day) - 36) / 5,
  name: 'Temperature',
  words: `${plain(r.at('inn_temp', day), 3)} °C`,
  colour: '#d55e00',
});
const innateStage = (r: Reader, day: number, more: Partial<StageProps>): StageProps => ({
  left: 'macrophage',
  leftName: 'Macrophage',
  right: 'tumour',
  rightName: C,
  shots: shots(r.at('inn_kill', day)),
  light: 'all',
  ...more,
});
const innate: Tour = {
  id: 'innate',
  title: 'Innate agonists',
  lede: 'The oldest of all: germs, or parts of them, sound the alarm.',
  fits: (r) => r.has('inn_T', 'inn_temp'),
  steps: [
    {
      title: 'The alarm',
      day: (r) => r.firstDose(),
      rests: ['doses'],
      words: (r) =>
        `Dead germs, or parts of them, are given ${r.result.doses.length} times. The body takes them for an attack.`,
      stage: (r, day) =>
        innateStage(r, day, { light: 'left', dots: { n: 18, kind: 'signal', where: 'gap' }, shots: 0 }),
    },
    {
      title: 'Fever',
      day: (r) => r.peak('inn_temp').day,
      rests: ['inn_temp', 'inn_TNF', 'inn_IL6'],
      words: (r, day) =>
        `Macrophages call with TNF and IL-6. The body heats up: ${plain(r.at('inn_temp', day), 3)} °C on day ${whole(day)}.`,
      stage: (r, day) =>
        innateStage(r, day, {
          gauge: heat(r, day),
          dots: { n: 30, kind: 'signal', where: 'left' },
          light: 'left',
          shots: 0,
        }),
    },
    {
      title: 'Fast helpers kill',
      day: (r) => r.peak('inn_kill').day,
      rests: ['inn_kill', 'NK'],
      words: (r, day) =>
        `Cells that need no training attack first. On day ${whole(day)} they and TNF kill ${killed(r.at('inn_kill', day))} of every 1,000 cancer cells, in one day.`,
      stage: (r, day) => innateStage(r, day, { icons: kills(r.at('inn_kill', day), 'of 20 cells die in a day') }),
    },
    {
      title: 'T cells wake',
      day: (r) => r.peak('step5_attack').day,
      rests: ['step5_attack'],
      words: (r, day) =>
        `The alarm also wakes T cells. On day ${whole(day)} they kill ${killed(r.at('step5_attack', day))} of every 1,000 cancer cells that they can see, in one day.`,
      stage: (r, day) =>
        innateStage(r, day, {
          left: 'T',
          leftName: T,
          shots: shots(r.at('step5_attack', day)),
          pairs: { held: r.at('step1_handshake', day) },
          icons: kills(r.at('step5_attack', day)),
        }),
    },
    {
      title: 'The body gets used to it',
      day: (r) => r.peak('inn_T').day,
      rests: ['inn_T'],
      words: (r, day) =>
        `The same dose does less each time. On day ${whole(day)} it takes ${plain(1 + r.at('inn_T', day), 2)} times as much for the same alarm.`,
      stage: (r, day) => innateStage(r, day, { gauge: heat(r, day), light: 'left', shots: 0 }),
    },
  ],
};

export const TOURS: Tour[] = [checkpoint, carT, antibody, vaccine, cytokine, virus, innate];
