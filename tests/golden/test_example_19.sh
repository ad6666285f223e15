# SPDX-License-Identifier: GPL-3.0-or-later
# examples/19-side-effects: its figures, and that it is told in easy words.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/19-side-effects

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "ipilimumab and nivolumab under the guidelines run" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

other() { exits 0 "$coley" run $example/none.yaml --out "$work/other" --quiet && silent err && figures "$work/other" $example/expected-none.json; }
ok "without care: the figures of expected-none.json" other

told() { exits 0 "$coley" explain "$work/one" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "it is told in easy words" told

finish
