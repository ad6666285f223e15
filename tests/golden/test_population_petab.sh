# SPDX-License-Identifier: GPL-3.0-or-later
# coley population --vary TABLE.tsv: a PEtab parameter table means what the same table of distributions means; --people:
# people out of a table are those who are in it.
. tests/support/shell.sh
model=examples/04-own-antimony-model/lymphoma.ant
name=a

# Two tables of 20 people with the same numbers, to what was lost in writing and reading them.
near()
{
    paste -d, "$1" "$2" | awk -F, 'NR > 1 { for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); s = $i < 0 ? -$i : $i
        if ((d < 0 ? -d : d) > 1e-6 * s + 1e-300) { print; bad = 1 } } } END { exit bad || NR != 21 }'
}

same()
{
    printf 'name,distribution,median,sd_log,high\n%s,lognormal,0.1,0.69077552789821370521,0.5\n' "$name" >"$work/vary.csv"
    printf 'parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\tobjectivePriorType\tobjectivePriorParameters\n%s\tlog10\t\t0.5\t0.1\t1\tparameterScaleNormal\t-1;0.3\n' "$name" >"$work/vary.tsv"
    exits 0 "$coley" population "$model" --vary "$work/vary.csv" --n 20 --end 10 --out "$work/csv" --quiet || return
    exits 0 "$coley" population "$model" --vary "$work/vary.tsv" --n 20 --end 10 --out "$work/tsv" --quiet || return
    near "$work/csv/population.csv" "$work/tsv/population.csv"
}
ok "a prior on the log10 scale is the lognormal distribution that it means" same

wrong()
{
    sed 's/parameterScaleNormal/laplace/' "$work/vary.tsv" >"$work/wrong.tsv"
    exits 3 "$coley" population "$model" --vary "$work/wrong.tsv" --n 2 --out "$work/none" && says err "laplace" && says err ":2" || return
    sed "s/^$name\\t/nobody\\t/" "$work/vary.tsv" >"$work/wrong.tsv"
    exits 3 "$coley" population "$model" --vary "$work/wrong.tsv" --n 2 --out "$work/none" && says err "the model has no" && says err ":2"
}
ok "priors that are not read and parameters that are not there are named with their line" wrong

# Parameters of a population written out and taken back.
back()
{
    cut -d, -f1,2 "$work/csv/population.csv" >"$work/people.csv"
    head -1 "$work/people.csv" | grep -q "^id,$name \[" || return
    exits 0 "$coley" population "$model" --people "$work/people.csv" --end 10 --out "$work/back" --quiet || return
    [ "$(jq .patients "$work/back/manifest.json")" -eq 20 ] && near "$work/csv/population.csv" "$work/back/population.csv"
}
ok "people who were written and are taken back have the same courses" back

beside()
{
    printf 'name,distribution,low,high\ns,uniform,1e4,2e4\n' >"$work/s.csv"
    exits 0 "$coley" population "$model" --people "$work/people.csv" --vary "$work/s.csv" --n 5 --end 1 --out "$work/both" --quiet || return
    exits 3 "$coley" population "$model" --people "$work/people.csv" --vary "$work/vary.csv" --out "$work/none" && says err "is drawn as well" || return
    exits 2 "$coley" population "$model" --people "$work/people.csv" --n 21 --out "$work/none" && says err "has 20 rows" || return
    printf '%s [per_year]\n1\n' "$name" >"$work/people.csv"
    exits 3 "$coley" population "$model" --people "$work/people.csv" --out "$work/none" && says err "another unit" || return
    printf 'nobody\n1\n' >"$work/people.csv"
    exits 3 "$coley" population "$model" --people "$work/people.csv" --out "$work/none" && says err "nobody" || return
    printf '%s\n' "$name" >"$work/people.csv"
    exits 3 "$coley" population "$model" --people "$work/people.csv" --out "$work/none" && says err "holds nobody" || return
    printf 'id,%s\n1,\n' "$name" >"$work/people.csv"
    exits 3 "$coley" population "$model" --people "$work/people.csv" --out "$work/none" && says err ":2"
}
ok "others may be drawn beside them; what contradicts or is missing is named" beside

finish
