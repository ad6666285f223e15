# SPDX-License-Identifier: GPL-3.0-or-later
# examples/03-sbml-model: a published SBML model, unchanged, against figures computed without Coley.
. tests/support/shell.sh
example=examples/03-sbml-model
model=$example/BIOMD0000000762_Kuznetsov1994.xml

"$coley" model check "$model" >"$work/out" 2>"$work/err"
if grep -q libsbml5-dev "$work/err"; then
    echo "1..0 # SKIP built without libSBML"
    exit 0
fi

# near TOLERANCE FILE FILE: equal headers, and every number within the relative tolerance.
near()
{
    paste -d, "$2" "$3" | awk -F, -v tolerance="$1" '
        NR == 1 { for (i = 1; i <= NF / 2; i++) if ($i != $(i + NF / 2)) bad = bad " " $i; next }
        { for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d < 0) d = -d; if (!(d <= tolerance * $(i + NF / 2))) bad = bad " " $i "!=" $(i + NF / 2) } }
        END { if (bad || NR < 2) { print "differs:" bad; exit 1 } }'
}

course() { exits 0 "$coley" model simulate "$model" --end 200 --step 25 --rtol 1e-9 && silent err && near 1e-6 "$work/out" $example/expected.csv; }
ok "the course is that of a Runge-Kutta method on the paper's equations" course

commands()
{
    grep -E '^    coley ' $example/README.md | sed 's/^    coley //' >"$work/commands" && [ -s "$work/commands" ] || return
    while read -r line; do
        # shellcheck disable=SC2086
        exits 0 "$coley" $line || return
    done <"$work/commands"
}
ok "every command of the README runs" commands

shows() { exits 0 "$coley" model show "$model" && says out "2 species" && says out "Tumor_Killing" && exits 0 "$coley" model show --json "$model" && says out '"EC_Elimination"'; }
ok "what the file holds is shown, its functions written out" shows

dormant()
{
    exits 0 "$coley" model simulate "$model" --end 4000 --step 4000 || return
    awk -F, 'END { exit !($3 > 8.18e6 && $3 < 8.19e6) }' "$work/out"
}
ok "the tumour ends dormant" dormant

alone() { exits 3 "$coley" model check "$model" "$model" && says err "give it alone"; }
ok "SBML is a whole model and is not joined with another" alone

standard_input() { "$coley" model check - <"$model" >"$work/out" && says out "2 species"; }
ok "SBML may come through standard input" standard_input

finish
