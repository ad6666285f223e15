# SPDX-License-Identifier: GPL-3.0-or-later
# examples/21-myeloma-car-t: its figures, the same bytes with one thread or two, and that it is told in easy words.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/21-myeloma-car-t

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "ciltacabtagene in myeloma runs from leukapheresis on" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

late() { exits 0 "$coley" run $example/late.yaml --out "$work/late" --quiet && silent err && figures "$work/late" $example/expected-late.json; }
ok "three months from vein to vein: the figures of expected-late.json" late

other() { exits 0 "$coley" run $example/ide-cel.yaml --out "$work/other" --quiet && silent err && figures "$work/other" $example/expected-ide-cel.json; }
ok "idecabtagene: the figures of expected-ide-cel.json" other

told() { exits 0 "$coley" explain "$work/one" --json && jq -e '.reading_grade <= 8' "$work/out" && exits 0 "$coley" explain "$work/one" && says out "never get"; }
ok "it is told in easy words, with those who never get the cells" told

unmade() { sed 's/cyclophosphamide-300-days, before_infusion: 5 day/cyclophosphamide-300-days, leukapheresis: 0 day/' $example/scenario.yaml >"$work/bad.yaml" && exits 3 "$coley" run "$work/bad.yaml" --out "$work/bad" --quiet && says err "not made to order"; }
ok "a drug that is not made of cells has no leukapheresis: file, line and remedy are told" unmade

finish
