// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the trial page.
export function TrialPage() {
  return <section class="page"><h1>Trial</h1></section>;
}
