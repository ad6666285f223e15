// SPDX-License-Identifier: GPL-3.0-or-later
// types.ts -- what the server of `coley studio` answers, see docs/studio.md.

export interface About {
  version: string;
  notice: string;
  project: string;
  native: string | boolean;
  threads: number;
}

export interface Named {
  id: string;
  title: string;
}
export interface Catalog {
  cancers: (Named & { sites: string[] })[];
  drugs: { id: string; name: string; class: string; words?: string }[];
  regimens: { id: string; drug: string; words: string; dose?: number; unit?: string; interval_day?: number }[];
  examples: (Named & { kind: string; command: string; yaml: string })[];
  tissue_models: (Named & { settings?: unknown })[];
  evidence: (Named & { arms?: unknown })[];
}

export type Scale = 'linear' | 'log' | 'choice' | 'switch';
export interface Control {
  key: string;
  label: string;
  unit: string;
  scale: Scale;
  low: number;
  high: number;
  default: number | string | boolean | null;
  choices?: (string | { value: string; label: string })[];
  words?: string;
}

export interface Quantity {
  id: string;
  label: string;
  unit: string;
  group: string;
  lesion?: string | number | null;
  value: number[];
  low90?: number[];
  low50?: number[];
  high50?: number[];
  high90?: number[];
}
export interface ScanLesion {
  id: string;
  mm: number | null;
  finding?: string;
}
export interface Scan {
  day: number;
  lesions: ScanLesion[];
  sum_mm: number | null;
  change_pct: number | null;
  recist: string | null;
  irecist: string | null;
  why?: string;
}
export interface Dose {
  day: number;
  drug: string;
  amount: number;
  unit: string;
  duration_day: number;
}
export interface AdverseEvent {
  organ: string;
  grade: number;
  from_day: number;
  to_day: number | null;
  treated?: boolean | string;
}
export interface StoryLine {
  part: string;
  text: string;
  quantity: string | null;
  day: number | null;
  value: number | null;
}
export interface Course {
  id: string | number;
  day: number[];
  change_pct: (number | null)[];
}
export interface PatientResult {
  title: string;
  notice: string;
  patient?: string;
  cancer?: string;
  day: number[];
  quantities: Quantity[];
  groups?: { id: string; title: string }[] | string[];
  scans: Scan[];
  targets?: unknown;
  doses: Dose[];
  adverse_events: AdverseEvent[];
  steroid: { day: number[]; mg: number[] };
  response: Record<string, unknown>;
  ending: Record<string, unknown> | null;
  story: StoryLine[];
  in_plain_words: string[];
  timing_ms?: number;
  command: string;
  yaml: string;
  spider: Course[];
  twins?: number;
  /** Where the controls stand in this scenario. */
  controls?: Control[];
  /** What was read out of the scenario, in words. */
  facts?: string[];
}

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'lost';
export interface Run {
  id: string;
  kind: string;
  title: string;
  state: RunState;
  created: string | number;
  started?: string | number | null;
  ended?: string | number | null;
  seed?: number | string | null;
  command: string;
  progress: number;
  error?: Problem | string | null;
}
export interface RunDetail extends Run {
  manifest?: unknown;
  files: { name: string; bytes: number }[];
  log_tail?: string;
}
export interface Problem {
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** Of the scenario, "patient.age". */
  key?: string;
  hint?: string;
}
export interface Check {
  ok: boolean;
  errors: Problem[];
  defaults?: string;
}
export interface Difference {
  key: string;
  a: unknown;
  b: unknown;
}

export interface Explanation {
  grade_level: number;
  parts: {
    title: string;
    sentences: { text: string; quantity?: string | null; day?: number | null; value?: number | null }[];
  }[];
  icons: { what: string; of100: number; low?: number; high?: number; until_month?: number; source?: string }[];
  questions: string[];
  timeline?: { year: number; text: string }[];
}
export interface Upload {
  id: string;
  kind: string;
  summary?: string;
  /** Where the file lies in the project. */
  path?: string;
  /** What an assay found, as a file that scenarios take, and its text. */
  biomarkers?: string;
  biomarkers_yaml?: string;
  error?: Problem;
  lesions?: unknown;
}

export interface Km {
  t: number[];
  s: number[];
  low: number[];
  high: number[];
  at_risk_t: number[];
  at_risk: number[];
  censor_t: number[];
}
export interface Person {
  id: string | number;
  arm: string;
  best: string;
  best_change_pct: number | null;
  sum: { day: number[]; change_pct: (number | null)[] };
  on_treatment_day: number;
  pfs_day: number;
  pfs_event: boolean | string;
  os_day: number;
  os_event: boolean | string;
  worst_grade: number;
  covariates: Record<string, number | string>;
}
export interface TrialResult {
  title: string;
  notice: string;
  summary: Record<string, unknown>;
  people: Person[];
  km: { pfs: Record<string, Km>; os: Record<string, Km> };
  incidence: Record<string, Record<string, { t: number[]; any: number[]; grade34: number[] }>>;
  forest: { label: string; hr: number; low: number; high: number; n: number }[];
  published: unknown[];
  command: string;
}

export interface TissueMeta {
  title: string;
  types: { id: number; name: string; colour: string }[];
  states: string[];
  domain: [number, number, number, number, number, number];
  unit: string;
  frames: { n: number; time_min: number; cells: number }[];
  fields: { name: string; unit: string; nx: number; ny: number; nz: number; low: number; high: number }[];
  attributes: { name: string; unit: string; low: number; high: number }[];
  counts: { time: number[]; series: Record<string, number[]> };
  rules: { type: string; text: string }[];
  command: string;
}
