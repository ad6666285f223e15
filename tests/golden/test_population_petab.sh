# SPDX-License-Identifier: GPL-3.0-or-later
# coley population --vary TABLE.tsv: a PEtab parameter table means what the same table of distributions means.
. tests/support/shell.sh
model=examples/04-own-antimony-model/lymphoma.ant
name=a

same()
{
    printf 'name,distribution,median,sd_log,high\n%s,lognormal,0.1,0.69077552789821370521,0.5\n' "$name" >"$work/vary.csv"
    printf 'parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\tobjectivePriorType\tobjectivePriorParameters\n%s\tlog10\t\t0.5\t0.1\t1\tparameterScaleNormal\t-1;0.3\n' "$name" >"$work/vary.tsv"
    exits 0 "$coley" population "$model" --vary "$work/vary.csv" --n 20 --end 10 --out "$work/csv" --quiet || return
    exits 0 "$coley" population "$model" --vary "$work/vary.tsv" --n 20 --end 10 --out "$work/tsv" --quiet || return
    # The median 10^-1 has another last digit.
    paste -d, "$work/csv/population.csv" "$work/tsv/population.csv" | awk -F, 'NR > 1 { for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d < 0) d = -d; s = $i < 0 ? -$i : $i; if (d > 1e-6 * s + 1e-300) { print; bad = 1 } } } END { exit bad || NR != 21 }'
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

finish
