# SPDX-License-Identifier: GPL-3.0-or-later
# examples/11-oncolytic-virus: its figures, the same bytes with one thread or two, and that it is told in easy words.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/11-oncolytic-virus

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "a virus injected into one of three lesions runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

other() { exits 0 "$coley" run $example/without.yaml --out "$work/other" --quiet && silent err && figures "$work/other" $example/expected-without.json; }
ok "no injections: the figures of expected-without.json" other

told() { exits 0 "$coley" explain "$work/one" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "it is told in easy words" told

finish
