# SPDX-License-Identifier: GPL-3.0-or-later
# examples/05-sbml-with-doses: a published SBML model under a NONMEM-style table, against figures computed without Coley.
. tests/support/shell.sh
example=examples/05-sbml-with-doses
model=$example/BIOMD0000000732_Kirschner_1998.xml

"$coley" model check "$model" >"$work/out" 2>"$work/err"
if grep -q libsbml5-dev "$work/err"; then
    echo "1..0 # SKIP built without libSBML"
    exit 0
fi

# near TOLERANCE FILE FILE: equal headers, IDs and DV, and every other number within the relative tolerance.
near()
{
    paste -d, "$2" "$3" | awk -F, -v tolerance="$1" '
        NR == 1 { for (i = 1; i <= NF / 2; i++) if ($i != $(i + NF / 2)) bad = bad " " $i; next }
        { for (i = 1; i <= NF / 2; i++) {
            if (i == 1 || i == NF / 2) { if ($i != $(i + NF / 2)) bad = bad " " $i; continue }
            d = $i - $(i + NF / 2); if (d < 0) d = -d; if (!(d <= tolerance * $(i + NF / 2))) bad = bad " " $i "!=" $(i + NF / 2) } }
        END { if (bad || NR < 2) { print "differs:" bad; exit 1 } }'
}

courses() { exits 0 "$coley" model simulate "$model" --events $example/doses.csv --end 600 --step 50 --rtol 1e-9 -q && silent err && near 1e-6 "$work/out" $example/expected.csv; }
ok "the courses are those of a Runge-Kutta method on the file's equations" courses

commands()
{
    grep -E '^    coley ' $example/README.md | sed 's/^    coley //' >"$work/commands" && [ -s "$work/commands" ] || return
    while read -r line; do
        # shellcheck disable=SC2086
        exits 0 "$coley" $line || return
    done <"$work/commands"
}
ok "every command of the README runs" commands

cleared()
{
    sed 's/2000,4000/20000,40000/' $example/doses.csv >"$work/doses.csv"
    exits 0 "$coley" model simulate "$model" --events "$work/doses.csv" --id cells --step 10 --end 220 --watch Tumor -q || return
    awk -F, 'END { exit !($3 < 1) }' "$work/out"
}
ok "ten times the cells leave less than one tumour cell" cleared

finish
