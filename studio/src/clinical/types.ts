// SPDX-License-Identifier: GPL-3.0-or-later
// What a trial answers, as `/api/v1/runs/ID/result` of a trial gives it.

export interface Share {
  people?: number;
  value: number;
  low: number;
  high: number;
}
export interface Median {
  value: number | null;
  low: number | null;
  high: number | null;
}
export interface Landmark {
  month: number;
  value: number;
  low: number;
  high: number;
  at_risk: number;
}

export interface Endpoint {
  people: number;
  events: number;
  median_months: Median;
  landmarks: Landmark[];
  hazard_ratio?: { value: number; low: number; high: number };
  logrank_p?: number;
}

export interface ArmSummary {
  name: string;
  people: number;
  lost_by_the_solver?: number;
  vanishing_tumours_left_out?: number;
  response: Share;
  complete_response: Share;
  disease_control: Share;
  PFS?: Endpoint;
  OS?: Endpoint;
  deaths?: Record<string, number>;
  adverse_events?: Record<string, { any_grade: Share; grade_3_4: Share }>;
  [more: string]: unknown;
}

export interface Published {
  arm: string;
  measure: string;
  to?: string;
  month?: number;
  coley: number | null;
  coley_low: number | null;
  coley_high: number | null;
  published: number;
  inside_from?: number;
  inside_to?: number;
  verdict?: string;
  source?: string;
  confidence?: string;
}

export interface TrialSummary {
  title: string;
  source?: string;
  cancer?: string;
  seed: number;
  control: string;
  screened?: number;
  eligible?: number;
  eligibility?: { rule: string; removed: number; removed_by_it_alone: number }[];
  arms: ArmSummary[];
  published?: Published[];
}

export type Best = 'CR' | 'PR' | 'SD' | 'PD' | 'NE';

export interface Person {
  id: number | string;
  arm: string;
  best: string;
  best_change_pct: number | null;
  sum: { day: number[]; change_pct: (number | null)[] };
  on_treatment_day: number | null;
  pfs_day: number | null;
  pfs_event: boolean;
  os_day: number | null;
  os_event: boolean;
  worst_grade?: number | null;
  covariates?: Record<string, number | string | null>;
}

export interface KmArm {
  t: number[];
  s: number[];
  low: (number | null)[];
  high: (number | null)[];
  at_risk_t: number[];
  at_risk: number[];
  censor_t: number[];
}

export interface IncidenceCurve {
  t: number[];
  any: number[];
  grade34: number[];
}
export interface ForestRow {
  label: string;
  hr: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface TrialResult {
  title: string;
  notice: string;
  summary: TrialSummary;
  people: Person[];
  km: Record<string, Record<string, KmArm>>;
  incidence: Record<string, Record<string, IncidenceCurve>>;
  forest: ForestRow[];
  published: Published[];
  command: string;
}
