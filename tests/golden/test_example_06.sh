# SPDX-License-Identifier: GPL-3.0-or-later
# examples/06-population-100000: a table of distributions with correlations under doses, with fewer patients.
. tests/support/shell.sh
example=examples/06-population-100000
population="population $example/antibody.ant --vary $example/vary.csv --correlations $example/correlations.csv --events $example/doses.csv --n 4000 --end 364 --step 7 --watch D --watch C --watch R --progress none -q"

command_of_readme() { grep -q "^    coley ${population% --n 4000*} --n 100000 --end 364 --step 7 --watch D --watch C --watch R --out results" $example/README.md; }
ok "the command is that of the README, with fewer patients" command_of_readme

threads()
{
    # shellcheck disable=SC2086
    exits 0 "$coley" $population --threads 1 --out "$work/one" && exits 0 "$coley" $population --threads 2 --out "$work/two" || return
    for file in population quantiles failures; do cmp "$work/one/$file.csv" "$work/two/$file.csv" || return; done
    [ "$(wc -l <"$work/one/population.csv")" -eq 4001 ] && [ "$(wc -l <"$work/one/failures.csv")" -eq 1 ]
}
ok "one thread and two have the same bytes" threads

resumed()
{
    # shellcheck disable=SC2086
    "$coley" $population --threads 1 --out "$work/killed" >/dev/null 2>&1 &
    local run=$! i=0
    while [ ! -s "$work/killed.unfinished/population.csv" ] && kill -0 $run 2>/dev/null && [ $((i += 1)) -lt 500 ]; do sleep 0.02; done
    kill -KILL $run 2>/dev/null
    wait $run 2>/dev/null
    # It may have been done before it was killed; then there is nothing to resume.
    # shellcheck disable=SC2086
    [ -d "$work/killed" ] || exits 0 "$coley" $population --threads 2 --out "$work/killed" --resume || return
    for file in population quantiles failures; do cmp "$work/one/$file.csv" "$work/killed/$file.csv" || return; done
}
ok "a run that was killed goes on to the same bytes" resumed

# Columns by name, without units.
known()
{
    awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) { name = $i; sub(/ .*/, "", name); at[name] = i }; next }
        { CL = $at["CL"]; V1 = $at["V1"]; grow = $at["grow"]; n++
          below += CL < 0.22; smaller += V1 < 3.48
          x = log(CL / 0.22); y = log(V1 / 3.48); xx += x * x; yy += y * y; xy += x * y
          if (grow < 0.0005 || grow > 0.012) bad = bad " grow"
          R = $at["size0"] * $at["resistant"] * exp(grow * 364); d = $at["R_final"] / R - 1
          if (d * d > 1e-8) bad = bad " R"
          first[$2]++ }
        END { r = xy / sqrt(xx * yy)
              if (below < 0.49 * n || below > 0.51 * n || smaller < 0.49 * n || smaller > 0.51 * n) bad = bad " medians"
              if (r < 0.38 || r > 0.42) bad = bad " correlation:" r
              if (first["every-3-weeks"] != n / 2) bad = bad " halves"
              if (bad) print bad
              exit bad != "" }' "$work/one/population.csv"
}
ok "parameters are as the tables ask, and resistant cells grow as their law says" known

# With constant parameters: what comes in by day 364 is what was cleared, CL times the area, and what is still there.
cleared()
{
    printf 'name,distribution,value\nCL,constant,0.22\n' >"$work/vary.csv"
    # shellcheck disable=SC2086
    exits 0 "$coley" population $example/antibody.ant --vary "$work/vary.csv" --events $example/doses.csv --n 2 --end 364 --step 0.02 --watch C --watch A1 --watch A2 --out "$work/typical" --progress none -q || return
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) { name = $i; sub(/ .*/, "", name); at[name] = i }; next }
        { given = $2 == "every-3-weeks" ? 18 * 200 : 9 * 400
          found = 0.22 * $at["C_auc"] + $at["A1_final"] + $at["A2_final"]; d = found / given - 1
          if (d < 0) d = -d; if (!(d < 1e-3)) { print found, given; bad = 1 } }
        END { exit bad || NR != 3 }' "$work/typical/population.csv"
}
ok "what was given is what was cleared and what is left" cleared

hdf5()
{
    # shellcheck disable=SC2086
    exits 0 "$coley" $population --format hdf5 --out "$work/binary" || return
    head -c 4 "$work/binary/population.h5" | tail -c 3 | grep -q HDF && cmp "$work/one/quantiles.csv" "$work/binary/quantiles.csv"
}
ok "HDF5 holds the table, and the quantiles are the same" hdf5

alone()
{
    # shellcheck disable=SC2086
    exits 0 "$coley" $population --patient 17 || return
    [ "$(tail -1 "$work/out" | cut -d, -f2)" = "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^D_final/) k = i } $1 == 17 { print $k }' "$work/one/population.csv")" ]
}
ok "one patient alone ends as within the population" alone

finish
