// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the patient page.
export function PatientPage() {
  return <section class="page"><h1>Patient</h1></section>;
}
