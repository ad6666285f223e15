// SPDX-License-Identifier: GPL-3.0-or-later
// tour.tsx -- the handshake.
import type { PatientResult } from '../api/types';
export function Handshake(_: { result: PatientResult }) {
  return <section />;
}
