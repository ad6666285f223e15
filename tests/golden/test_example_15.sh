# SPDX-License-Identifier: GPL-3.0-or-later
# examples/15-her2-trastuzumab: its figures, and the same bytes again.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/15-her2-trastuzumab

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "the example runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

finish
