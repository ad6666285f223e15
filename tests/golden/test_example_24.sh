# SPDX-License-Identifier: GPL-3.0-or-later
# examples/24-virtual-trial: its figures, the same bytes with one thread or two, and trials that can't be.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/24-virtual-trial

runs() { exits 0 "$coley" trial run $example/trial.yaml --out "$work/one" --threads 1 --quiet && silent err && says out "Results are in"; }
ok "a trial of two arms runs" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

same_bytes() { exits 0 "$coley" trial run $example/trial.yaml --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

data_sets()
{
    local file
    [ "$(wc -l <"$work/one/adsl.csv")" -eq 121 ] || return
    # Everybody of every data set is a subject, and every row has as many cells as the header.
    for file in adtr adrs adtte adae; do
        cut -d, -f1,2 "$work/one/$file.csv" | tail -n +2 | sort -u | comm -23 - <(cut -d, -f1,2 "$work/one/adsl.csv" | sort) | grep . && return 1
        awk -F, 'NR == 1 { n = NF } NF != n { print FILENAME ": " $0; bad = 1 } END { exit bad }' "$work/one/$file.csv" || return
    done
}
ok "the data sets agree on who took part" data_sets

alone() { ! grep -E '(src|href)="(https?:)?//|<script|url\(http' "$work/one/report.html" && ! grep -wiE 'nan|inf' "$work/one/report.html"; }
ok "the report asks for nothing from elsewhere and holds no number that is none" alone

resolved() { exits 0 "$coley" trial run $example/trial.yaml --dry-run && says out "stop_at_progression: on" && says out "pdl1_tps >= 50"; }
ok "--dry-run prints the trial with its defaults" resolved

nobody()
{
    sed 's/pdl1_tps >= 50/pdl1_tps >= 50", "age < 18/; s/^accrual/people: {most_screened: 3}\naccrual/' $example/trial.yaml >"$work/nobody.yaml"
    exits 3 "$coley" trial run "$work/nobody.yaml" --out "$work/none" --quiet && says err "0 may enter" &&
        says err "'age < 18' removes 100 %" && [ ! -e "$work/none" ]
}
ok "when nobody may enter, the error says which rule removes whom, and nothing is written" nobody

wrong()
{
    sed 's/name: chemotherapy/name: pembrolizumab/' $example/trial.yaml >"$work/twice.yaml"
    exits 3 "$coley" trial run "$work/twice.yaml" --out "$work/none" && says err "is there twice" || return
    sed 's/carboplatin-auc5-q3w/carboplatin-auc9-q3w/' $example/trial.yaml >"$work/drug.yaml"
    exits 3 "$coley" trial run "$work/drug.yaml" --out "$work/none" && says err "carboplatin-auc9-q3w" || return
    sed 's/^cancer: nsclc/cancer: nsclk/' $example/trial.yaml >"$work/cancer.yaml"
    exits 3 "$coley" trial run "$work/cancer.yaml" --out "$work/none" && says err "nsclc"
}
ok "arms of one name, and drugs and cancers that are not there, are refused" wrong

looks()
{
    sed 's/^accrual: 6/accrual: 6\ninterim: {at: [40 %, 70 %], futility: pocock}/' $example/trial.yaml >"$work/looks.yaml"
    exits 0 "$coley" trial run "$work/looks.yaml" --people 24 --out "$work/looks" --quiet && says out "given up below" || return
    jq -e '.interim.arms | length == 1 and (.[0].looks[0] | .information > 0.3 and .information < 0.5 and .win > 3 and .give_up < .win)' "$work/looks/summary.json" &&
        grep -q "Looks before the end" "$work/looks/report.html" && ! grep -wiE 'nan|inf' "$work/looks/report.html" || return
    sed -i 's/40 %, 70 %/70 %, 40 %/' "$work/looks.yaml"
    exits 3 "$coley" trial run "$work/looks.yaml" --out "$work/none" && says err "rise from look to look"
}
ok "a trial may have looks before its end, with bounds and decisions in summary and report" looks

finish
