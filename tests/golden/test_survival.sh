#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# coley survival on published curves and on small files; every mistake in a file is named with line and column.
set -u
. tests/support/shell.sh
km=tests/data/km
corpus=tests/fuzz/corpus/survival

ok "CheckMate 017 is analysed" sh -c "$coley survival $km/Checkmate017_1.csv --control d1 --at 12 --plot --cure >$work/out"
ok "its hazard ratio is the known one" says out "nivolumab against d1  0.5889  0.4442 to 0.7808"
ok "its medians are the published 6.0 and 9.2 months" says out "6.02   5.14 to 7.34"
ok "and 9.2" says out "9.25  7.35 to 13.40"
ok "a year's survival has people at risk and an interval" says out "12  nivolumab       52     0.419  0.335 to 0.501"
ok "the log-rank test stands there" says out "chi-square 13.8427, 1 df"
ok "CA184-043 against placebo has 0.853" sh -c "$coley survival $km/CA184043_2A.csv --control placebo | grep -q 'ipilimumab against placebo *0.8530'"
ok "JSON is JSON" sh -c "$coley survival $km/KEYNOTE024_1A.csv --json >$work/json && jq -e '.cox.ratios[0].ratio < 0.4875 and .cox.ratios[0].ratio > 0.4865' $work/json"
ok "what is not reached is null" sh -c "jq -e '.arms[1].median_interval[1] == null' $work/json"
ok "CSV has a row an arm and time" sh -c "$coley survival $corpus/two.csv --csv | wc -l | grep -qx 7"
ok "the drawing is XML with the people at risk" sh -c "$coley survival $km/KEYNOTE024_2.csv --svg >$work/svg && grep -q 'people at risk' $work/svg && head -c 4 $work/svg | grep -q '<svg'"
ok "the axis counts months" sh -c "grep -q '>month 0<' $work/svg"
ok "a covariate enters Cox's model" sh -c "awk -F, 'NR==1 { print \$0 \",age\" } NR>1 { print \$0 \",\" 40 + NR % 30 }' $km/Checkmate017_1.csv >$work/age.csv && $coley survival $work/age.csv --covariate age | grep -q 'one more of age'"
ok "strata are told" sh -c "$coley survival $corpus/two.csv | grep -q 'equal curves, stratified'"
ok "subgroups have ratios" sh -c "$coley survival $corpus/site.csv --subgroup site >$work/out"
ok "and one that cannot have one says so" says out "no finite ratio"
ok "subgroups need two arms" exits 3 "$coley" survival $corpus/one.csv --subgroup time
ok "kinds of event compete" sh -c "$coley survival $corpus/two.csv | grep -q \"events of kind 2 (1): cumulative incidence\""
ok "all censored: no test, and why" sh -c "$coley survival $corpus/censored.csv | grep -q 'no test: there is no event'"
ok "one person is a trial" sh -c "$coley survival $corpus/one.csv | grep -q '1 person, 1 arm'"
ok "a ratio without bound is said so" sh -c "$coley survival $corpus/endless.csv | grep -q '0.0000 to no bound'"

no_nan()
{
    local file form
    for file in $corpus/*.csv $km/*.csv; do
        for form in --json --csv --svg "--cure --plot"; do
            "$coley" survival "$file" $form 2>/dev/null | grep -iwE 'nan|inf|infinity' && { echo "$file $form"; return 1; }
        done
    done
    return 0
}
ok "no form of any file prints a nan" no_nan

while read -r file part; do
    ok "$file is refused" exits 3 "$coley" survival $corpus/$file
    ok "because: $part" says err "$part"
done <<'CASES'
nan.csv :2: time: "nan" is not a number
negative.csv :3: time: -2 is outside 0 to 1e+06
half.csv 0.5 is no kind of event
misspelt.csv did you mean "times"
nameless.csv :2: arm: the cell is empty
nobody.csv nobody
CASES
ok "an unknown control is refused" exits 3 "$coley" survival $km/Checkmate017_1.csv --control nivolumb
ok "with the nearest arm" says err 'did you mean "nivolumab"'
ok "a column that is not there is refused" exits 3 "$coley" survival $km/Checkmate017_1.csv --covariate age
ok "two formats at once are refused" exits 2 "$coley" survival $km/Checkmate017_1.csv --csv --svg
finish
