# SPDX-License-Identifier: GPL-3.0-or-later
# examples/04-own-antimony-model: a small model with spreads and sources, checked, simulated, over a thousand mice.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/04-own-antimony-model

commands()
{
    grep -E '^    coley ' $example/README.md | sed "s/^    coley //; s:--out results:--out $work/results:" >"$work/commands" && [ "$(wc -l <"$work/commands")" -eq 5 ] || return
    while read -r line; do
        # shellcheck disable=SC2086
        exits 0 "$coley" $line -q || return
    done <"$work/commands"
}
ok "every command of the README runs" commands

course()
{
    exits 0 "$coley" model simulate $example/lymphoma.ant --end 200 --step 20 --rtol 1e-9 -q && silent err || return
    paste -d, "$work/out" $example/expected.csv | awk -F, '
        NR == 1 { if ($1 != $4 || $2 != $5 || $3 != $6) bad = 1; next }
        { for (i = 1; i <= 3; i++) { d = $i - $(i + 3); if (d < 0) d = -d; if (!(d <= 1e-6 * $(i + 3))) bad = 1 } }
        END { exit bad || NR != 12 }'
}
ok "the typical mouse is that of a Runge-Kutta method on the paper's equations" course

# Shares of escapes of each arm, as JSON, from the table of mice.
shares()
{
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { n[$2]++; final[$2] += $at["escaped_final"]; ever[$2] += $at["escaped_max"] }
        END { printf "{\"rows\": %d", NR - 1
              for (arm in n) printf ", \"%s\": %g, \"%s_ever\": %g", arm, final[arm] / n[arm], arm, ever[arm] / n[arm]
              print "}" }' "$work/results/population.csv" >"$work/results/summary.json"
    figures "$work/results" $example/expected.json
}
ok "T cells halve the escapes among a thousand mice" shares

units()
{
    sed 's/killing: T -> ; n \* E \* T/killing: T -> ; n * E/' $example/lymphoma.ant >"$work/wrong.ant"
    exits 3 "$coley" model check "$work/wrong.ant" --strict && says err "wrong.ant:28" && says err "killing" && says err "in E * n"
}
ok "a rate with the wrong unit is told with its line and both units" units

finish
