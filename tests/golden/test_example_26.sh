# SPDX-License-Identifier: GPL-3.0-or-later
# examples/26-optimise-dose: its figures, a search that was interrupted, and searches that can't be.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/26-optimise-dose

runs() { exits 0 "$coley" trial optimise $example/optimise.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "Results are in" && says out "new people"; }
ok "a search over dose and interval runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

# What is left of a search that was killed after seven designs.
resumed()
{
    mkdir "$work/two.unfinished"
    for file in evaluations.csv replicates.csv; do head -8 "$work/one/$file" >"$work/two.unfinished/$file"; done
    jq '{fingerprint}' "$work/one/summary.json" >"$work/two.unfinished/search.json"
    exits 5 "$coley" trial optimise $example/optimise.yaml --out "$work/two" --quiet && says err "--resume goes on" || return
    exits 3 "$coley" trial optimise $example/optimise.yaml --out "$work/two" --resume --seed 2 --quiet && says err "another file, trial, seed" || return
    exits 0 "$coley" trial optimise $example/optimise.yaml --out "$work/two" --resume --threads 2 --quiet || return
    [ ! -e "$work/two.unfinished" ] && diff -r "$work/one" "$work/two"
}
ok "an interrupted search goes on to the same bytes, on one thread or two" resumed

table() { [ "$(wc -l <"$work/one/evaluations.csv")" -eq 11 ] && awk -F, 'NR == 1 { n = NF } NF != n { bad = 1 } END { exit bad }' "$work/one/evaluations.csv"; }
ok "every design is a row with as many cells as the header" table

alone() { ! grep -E '(src|href)="(https?:)?//|<script|url\(http' "$work/one/report.html" && ! grep -wiE 'nan|inf' "$work/one/report.html" && xmllint --noout --html "$work/one/report.html" 2>/dev/null || ! command -v xmllint; }
ok "the report asks for nothing from elsewhere and holds no number that is none" alone

resolved() { exits 0 "$coley" trial optimise $example/optimise.yaml --dry-run && says out "method: bayesian" && says out "scale: whole"; }
ok "--dry-run checks the search and prints it with its defaults" resolved

# refused SED-COMMAND WORDS
refused()
{
    cp $example/trial.yaml "$work/trial.yaml"
    sed "$1" $example/optimise.yaml >"$work/wrong.yaml"
    exits 3 "$coley" trial optimise "$work/wrong.yaml" --out "$work/none" --quiet && says err "$2" && [ ! -e "$work/none.unfinished" ]
}
wrong()
{
    refused 's/orr: 1/orrr: 1/' "there is no such endpoint" && refused 's/regimen\[0\].dose/regimen[4].dose/' "no entry [4]" &&
        refused 's/low: 0.3, high: 10/low: 10, high: 0.3/' "low below high" && refused 's/low: 0.3/low: 0/' "lies above 0" &&
        refused 's/name: weeks/name: dose/' "is there twice" && refused 's/pfs_at_6/pfs_at_60/' "ends at month 7" &&
        refused 's/high: 12/high: 5000/' "weeks = 2501" || return
    sed 's/trial: trial.yaml/trial: none.yaml/' $example/optimise.yaml >"$work/wrong.yaml"
    exits 5 "$coley" trial optimise "$work/wrong.yaml" --out "$work/none" --quiet && says err "none.yaml"
}
ok "endpoints, paths and ranges that can't be are named before anybody is simulated" wrong

no_side_effects()
{
    # No care and no table of events.
    sed '/policy/d; s/ipilimumab/tremelimumab/' $example/trial.yaml >"$work/trial.yaml"
    sed 's/ipilimumab/tremelimumab/' $example/optimise.yaml >"$work/wrong.yaml"
    exits 3 "$coley" trial optimise "$work/wrong.yaml" --out "$work/none" --quiet && says err "no model of side effects"
}
ok "a utility of side effects asks for an arm that has them" no_side_effects

strategy()
{
    sed 's/^people: .*/people: 5/; s/^evaluations: .*/evaluations: 7/; s/^confirm: .*/confirm: 0/; s/^start: .*/method: cma-es/' $example/optimise.yaml >"$work/cma.yaml"
    cp $example/trial.yaml "$work/trial.yaml"
    exits 0 "$coley" trial optimise "$work/cma.yaml" --out "$work/cma" --quiet || return
    mkdir "$work/cma2.unfinished"
    for file in evaluations.csv replicates.csv; do head -4 "$work/cma/$file" >"$work/cma2.unfinished/$file"; done
    jq '{fingerprint}' "$work/cma/summary.json" >"$work/cma2.unfinished/search.json"
    exits 0 "$coley" trial optimise "$work/cma.yaml" --out "$work/cma2" --resume --quiet && diff -r "$work/cma" "$work/cma2" &&
        jq -e '.designs == 7 and (.on_new_people | not)' "$work/cma/summary.json"
}
ok "the evolution strategy goes on in the middle of a generation to the same bytes" strategy

analysed() { exits 0 "$coley" trial sensitivity $example/sensitivity.yaml --out "$work/three" --threads 1 --quiet && silent err && says out "mean effect" && figures "$work/three" $example/expected-sensitivity.json; }
ok "a sensitivity analysis has the figures of expected-sensitivity.json" analysed

# What is left of an analysis that was killed after nine trials.
analysis_resumed()
{
    mkdir "$work/four.unfinished"
    head -10 "$work/three/evaluations.csv" >"$work/four.unfinished/evaluations.csv"
    jq '{fingerprint}' "$work/three/summary.json" >"$work/four.unfinished/sensitivity.json"
    exits 0 "$coley" trial sensitivity $example/sensitivity.yaml --out "$work/four" --resume --threads 2 --quiet &&
        [ ! -e "$work/four.unfinished" ] && diff -r "$work/three" "$work/four" && ! grep -wiE 'nan|inf' "$work/four/report.html"
}
ok "an interrupted analysis goes on to the same bytes" analysis_resumed

analysis_wrong()
{
    sed 's/orr, ae_3_4/orr, orr/' $example/sensitivity.yaml >"$work/wrong.yaml"
    exits 3 "$coley" trial sensitivity "$work/wrong.yaml" --out "$work/none" --quiet && says err "is there twice" || return
    sed 's/rows: 3/rows: 1/' $example/sensitivity.yaml >"$work/wrong.yaml"
    exits 3 "$coley" trial sensitivity "$work/wrong.yaml" --out "$work/none" --quiet && says err "rows"
}
ok "endpoints named twice and too few rows are refused" analysis_wrong

finish
