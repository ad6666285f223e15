# SPDX-License-Identifier: GPL-3.0-or-later
# examples/17-vaccine: the figures of both scenarios, and the same bytes again.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/17-vaccine

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "a vaccine after surgery runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

bulky() { exits 0 "$coley" run $example/bulky.yaml --out "$work/bulky" --quiet && silent err && figures "$work/bulky" $example/expected-bulky.json; }
ok "the vaccine alone in bulky disease: the figures of expected-bulky.json" bulky

told() { exits 0 "$coley" explain "$work/one" && says out "wanted posters" && exits 0 "$coley" explain "$work/bulky" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "both are told in easy words" told

finish
