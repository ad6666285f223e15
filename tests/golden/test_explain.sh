# SPDX-License-Identifier: GPL-3.0-or-later
# coley explain: every number of the story is a quantity's of the run, and it reads easily.
. tests/support/shell.sh
scenario=examples/01-melanoma-pembrolizumab/scenario.yaml
sed 's/seed: 1}/seed: 1, population: 32}/' $scenario >"$work/scenario.yaml"

tells() { exits 0 "$coley" run "$work/scenario.yaml" --out "$work/run" --quiet && exits 0 "$coley" explain "$work/run" && silent err && says out "What happened, in order" && says out "not medical advice"; }
ok "a run is told in plain words" tells

# Each line with a day and a series: the value is trajectory.csv's on that day, to its ten digits.
tied()
{
    jq -r '.story[] | select(.day != null and .value != null and .quantity != "doses") | [.quantity, .day, .value] | @tsv' "$work/run/summary.json" >"$work/ties"
    [ "$(wc -l <"$work/ties")" -ge 8 ] || { echo "only $(wc -l <"$work/ties") ties"; return 1; }
    awk -F '\t' 'NR == FNR { want[$1, $2 + 0] = $3; n++; next }
        FNR == 1 { split($0, head, ","); for (i in head) { split(head[i], part, " "); column[part[1]] = i } ; for (k in want) left++; next }
        { split($0, cell, ",")
          for (k in want) { split(k, at, SUBSEP)
              if (at[2] != cell[1] + 0) continue
              if (!(at[1] in column)) { print "no column " at[1]; bad = 1; continue }
              got = cell[column[at[1]]]; d = got - want[k]; size = want[k] < 0 ? -want[k] : want[k]
              if ((d < 0 ? -d : d) > 1e-9 * (size + 1e-300)) { print at[1], "on day", at[2], "is", got, "not", want[k]; bad = 1 }
              seen++ } }
        END { if (seen != left) { print seen " of " left " found"; bad = 1 } exit bad }' "$work/ties" "$work/run/trajectory.csv"
}
ok "every quantity that the story names has that value on that day in trajectory.csv" tied

easy() { exits 0 "$coley" explain "$work/run" --json && jq -e '.reading_grade > 1 and .reading_grade <= 8' "$work/out"; }
ok "it reads at the level of the eighth school year or below" easy
whole() { exits 0 "$coley" explain "$work/run" --ties && says out "L1.step5_attack = " && says out "SOD = "; }
ok "--ties shows what each sentence rests on" whole
in_report() { grep -q 'id="story"' "$work/run/report.html" && grep -q "Questions to ask a care team" "$work/run/report.html"; }
ok "the report has the story too" in_report
ending() { jq -e '.ending.is | IN("cure", "functional cure", "remission", "chronic control", "response", "stable", "relapse", "progression")' "$work/run/summary.json"; }
ok "the summary says how it ended" ending

untreated()
{
    sed 's/^regimen: .*/regimen: []/' "$work/scenario.yaml" >"$work/none.yaml" && exits 0 "$coley" run "$work/none.yaml" --out "$work/none" --quiet &&
        jq -e '.ending.is == "progression" and .ending.mechanism != null' "$work/none/summary.json" && exits 0 "$coley" explain "$work/none" && says out "no treatment" && says out "The main reason in this run"
}
ok "an untreated tumour that grows has a mechanism named" untreated
ok "a folder that is not there is an error of reading" exits 5 "$coley" explain "$work/nowhere"
foreign() { mkdir "$work/foreign" && echo '{"title": "x"}' >"$work/foreign/summary.json" && exits 3 "$coley" explain "$work/foreign" && says err "story"; }
ok "a folder of something else is refused" foreign
broken() { mkdir "$work/broken" && echo '{"story": [{"part": 1, "text": "x", "day": "never"}]}' >"$work/broken/summary.json" && exits 3 "$coley" explain "$work/broken" && says err "never"; }
ok "a broken story is refused with its place" broken
finish
