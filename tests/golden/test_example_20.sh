# SPDX-License-Identifier: GPL-3.0-or-later
# examples/20-coleys-toxins: the figures of both scenarios, the fever chart, and the same bytes again.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/20-coleys-toxins

runs() { exits 0 "$coley" run $example/scenario.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice"; }
ok "Coley's toxins, the dose raised, run" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "their figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" run $example/scenario.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

same_dose() { exits 0 "$coley" run $example/same-dose.yaml --out "$work/same" --quiet && silent err && figures "$work/same" $example/expected-same-dose.json; }
ok "the same dose every time: the figures of expected-same-dose.json" same_dose

# fever FOLDER FROM TO: the highest temperature between two days.
fever()
{
    awk -F, -v from="$2" -v to="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^inn_temp \[/) column = i; next }
        $1 >= from && $1 < to && $column > most { most = $column } END { print most + 0 }' "$1/trajectory.csv"
}

chart()
{
    awk -v first="$(fever "$work/same" 0 2)" -v last="$(fever "$work/same" 50 64)" -v raised="$(fever "$work/one" 50 64)" \
        'BEGIN { print first, last, raised; exit !(first > 38.5 && last < 38 && raised > 38.5) }'
}
ok "one dose loses its fever within weeks, a raised one keeps it" chart

drawn() { grep -q 'id="fever"' "$work/one/report.html"; }
ok "the report has a fever chart" drawn

told() { exits 0 "$coley" explain "$work/one" && says out "fever" && exits 0 "$coley" explain "$work/same" --json && jq -e '.reading_grade <= 8' "$work/out"; }
ok "both are told in easy words" told

finish
