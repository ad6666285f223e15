# SPDX-License-Identifier: GPL-3.0-or-later
# coley trial people: who is screened; people written and taken back; designs that fill the space; files that can't be.
. tests/support/shell.sh
cp examples/24-virtual-trial/trial.yaml "$work/trial.yaml"
sed 's/^accrual: 6/accrual: 6\npeople: {from: people.csv}/' "$work/trial.yaml" >"$work/from.yaml"

drawn() { exits 0 "$coley" trial people "$work/trial.yaml" -n 400 --out "$work/people" --quiet && silent err && says out "may enter" && says out "pdl1_tps"; }
ok "people are drawn and told in figures" drawn

table()
{
    [ "$(wc -l <"$work/people/people.csv")" -eq 401 ] && awk -F, 'NR == 1 { n = NF } NF != n { bad = 1 } END { exit bad }' "$work/people/people.csv" &&
        [ "$(awk -F, 'NR > 1 { n += $2 } END { print n }' "$work/people/people.csv")" -eq "$(jq .eligible "$work/people/summary.json")" ] &&
        ! grep -wiE 'nan|inf' "$work/people"/*
}
ok "the table has a row a person, and as many who may enter as the summary says" table

# Rank correlation of albumin and NLR in 964 people (catalog/covariates.yaml): clearly below 0.
correlated() { jq -e '.rank_correlations.albumin.nlr < -0.2 and .rank_correlations.albumin.nlr == .rank_correlations.nlr.albumin and .rank_correlations.age.age > 0.999' "$work/people/summary.json"; }
ok "people who are ill have less albumin and more neutrophils, as in the catalog" correlated

petab()
{
    head -1 "$work/people/parameters.tsv" | grep -q "^parameterId	parameterScale	lowerBound	upperBound	nominalValue	estimate	objectivePriorType	objectivePriorParameters	" &&
        awk -F'\t' 'NR == 1 { n = NF } NF != n || ($3 != "-Infinity" && $3 + 0 > $5 + 0) { print; bad = 1 } END { exit bad || NR < 20 }' "$work/people/parameters.tsv" &&
        grep -qE '^TMB	log	.*	logNormal	' "$work/people/parameters.tsv"
}
ok "their distributions are a PEtab parameter table" petab

taken_back()
{
    cp "$work/people/people.csv" "$work/people.csv"
    exits 0 "$coley" trial run "$work/trial.yaml" --people 10 --out "$work/one" --quiet || return
    exits 0 "$coley" trial run "$work/from.yaml" --people 10 --out "$work/two" --quiet || return
    for file in adsl adtr adrs adtte adae; do cmp "$work/one/$file.csv" "$work/two/$file.csv" || return; done
}
ok "a trial of people out of a file is the trial that they were written from, to the byte" taken_back

# The spread of a mean over four seeds.
spread()
{
    for seed in 1 2 3 4; do
        "$coley" trial people "$work/trial.yaml" -n 512 --draw $1 --seed $seed --out "$work/seed" --force --quiet >/dev/null || return
        jq .figures.tmb.mean "$work/seed/summary.json"
    done | awk '{ s += $1; q += $1 * $1 } END { printf "%.6f", sqrt(q / NR - (s / NR) ^ 2) }'
}
even()
{
    local random sobol lhs
    random=$(spread random) sobol=$(spread sobol) lhs=$(spread lhs)
    echo "random $random, sobol $sobol, lhs $lhs"
    awk -v a="$random" -v b="$sobol" -v c="$lhs" 'BEGIN { exit !(b < a / 3 && c < a / 3 && b > 0) }'
}
ok "means of people on Sobol points or Latin hypercubes differ less between seeds than a third of chance" even

weighted()
{
    awk -F, 'NR == 1 { print $0 ",prevalence"; next } { print $0 "," ($5 == "female" ? 3 : 1) }' "$work/people/people.csv" >"$work/people.csv"
    "$coley" trial people "$work/from.yaml" -n 4000 --out "$work/often" --quiet >/dev/null || return
    # Of m men and f women the share of men is m / (m + 3 f).
    m=$(grep -c ',male,' "$work/people/people.csv")
    jq -e --argjson m "$m" '.figures.male.mean - $m / ($m + 3 * (400 - $m)) | fabs < 0.025' "$work/often/summary.json"
}
ok "people of a higher prevalence come more often, in proportion" weighted

wrong()
{
    cp "$work/people/people.csv" "$work/people.csv"
    exits 3 "$coley" trial run "$work/from.yaml" --people 100 --out "$work/none" --quiet && says err "all 400 people were screened" || return
    sed '1s/,TMB,/,TMBB,/' "$work/people/people.csv" >"$work/people.csv"
    exits 3 "$coley" trial people "$work/from.yaml" && says err "TMBB" && says err "neither a covariate" || return
    sed '3s/,male,\|,female,/,other,/' "$work/people/people.csv" >"$work/people.csv"
    exits 3 "$coley" trial people "$work/from.yaml" && says err "neither male nor female" && says err ":3" || return
    head -1 "$work/people/people.csv" >"$work/people.csv"
    exits 3 "$coley" trial people "$work/from.yaml" && says err "holds nobody" || return
    printf 'age,prevalence\n60,0\n' >"$work/people.csv"
    exits 3 "$coley" trial people "$work/from.yaml" && says err "somebody must be above 0"
}
ok "too few people, unknown columns and empty files are named" wrong

finish
