// SPDX-License-Identifier: GPL-3.0-or-later
// page.tsx -- the tissue page.
export function TissuePage() {
  return <section class="page"><h1>Tissue</h1></section>;
}
