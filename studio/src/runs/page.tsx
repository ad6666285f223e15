// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the runs page.
export function RunsPage() {
  return <section class="page"><h1>Runs</h1></section>;
}
