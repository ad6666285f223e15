# SPDX-License-Identifier: GPL-3.0-or-later
# examples/18-cytokines: the figures of both scenarios, and the same bytes again.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/18-cytokines

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "high-dose interleukin-2 runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

interferon() { exits 0 "$coley" run $example/interferon.yaml --out "$work/interferon" --quiet && silent err && figures "$work/interferon" $example/expected-interferon.json; }
ok "interferon-alpha after surgery: the figures of expected-interferon.json" interferon

told() { exits 0 "$coley" explain "$work/one" && says out "leak" && exits 0 "$coley" explain "$work/interferon" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "both are told in easy words" told

finish
