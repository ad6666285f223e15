# SPDX-License-Identifier: GPL-3.0-or-later
# examples/22-memory-rechallenge: its figures, the same bytes with one thread or two, and what a wrong rechallenge is told.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/22-memory-rechallenge

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "a cure, and a million cells put back, run" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "they are rejected unseen: the figures of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

lost() { exits 0 "$coley" run $example/lost.yaml --out "$work/lost" --quiet && silent err && figures "$work/lost" $example/expected-lost.json; }
ok "cells without the antigen grow: the figures of expected-lost.json" lost

told() {
    grep -q ',rechallenge,.*put back into lesion 1, their antigen the same' "$work/one/events.csv" &&
        grep -q 'put back into lesion 1' "$work/one/report.html" &&
        exits 0 "$coley" explain "$work/one" && says out "The immune system remembered" &&
        exits 0 "$coley" explain "$work/one" --json && jq -e '.reading_grade <= 8' "$work/out"
}
ok "events, report and explanation tell of it" told

wrong()
{
    sed 's/day: 730 day/day: 2000 day/' $example/scenario.yaml >"$work/w.yaml" && exits 3 "$coley" run "$work/w.yaml" --dry-run &&
        says err "the run ends on day 1500" && says err "w.yaml:14" &&
        sed 's/lesion: 1/lesion: 2/' $example/scenario.yaml >"$work/w.yaml" && exits 3 "$coley" run "$work/w.yaml" --dry-run &&
        says err "names a lesion that is not there" &&
        sed 's/cells: 1e6/cells: 10/' $example/scenario.yaml >"$work/w.yaml" && exits 3 "$coley" run "$work/w.yaml" --dry-run &&
        says err "1000" &&
        sed 's/antigen: same/antigen: gone/' $example/scenario.yaml >"$work/w.yaml" && exits 3 "$coley" run "$work/w.yaml" --dry-run &&
        says err "lost"
}
ok "a day after the end, a lesion that is not there, too few cells and a wrong word are refused with their place" wrong

finish
