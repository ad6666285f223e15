// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the explain page.
export function ExplainPage() {
  return <section class="page"><h1>Explain</h1></section>;
}
