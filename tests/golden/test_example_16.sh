# SPDX-License-Identifier: GPL-3.0-or-later
# examples/16-b-cells: the figures of both scenarios, and the same bytes again.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/16-b-cells

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "blinatumomab in leukaemia runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

lymphoma() { exits 0 "$coley" run $example/rituximab.yaml --out "$work/rituximab" --quiet && silent err && figures "$work/rituximab" $example/expected-rituximab.json; }
ok "rituximab with chemotherapy in lymphoma: the figures of expected-rituximab.json" lymphoma

told() { exits 0 "$coley" explain "$work/one" && says out "two hands" && exits 0 "$coley" explain "$work/rituximab" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "both are told in easy words" told

finish
