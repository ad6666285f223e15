# SPDX-License-Identifier: GPL-3.0-or-later
# coley population with several arms and growth to the diagnosis.
. tests/support/shell.sh

cat >"$work/sphere.ant" <<'END'
model sphere()
  V = 1; drug = 0; g = 0.02; K = 1000; kill = 0.3; kel = 0.1;
  V' = g*V*(1 - V/K) - kill*drug*V; drug' = -kel*drug;
  D := (6*V/3.141592653589793)^(1/3);
  unit mm = 1e-3 metre; D has mm;
end
END
printf 'name,distribution,median,cv\ng,lognormal,0.02,0.8\n' >"$work/vary.csv"
printf 'TIME,AMT,CMT\n0,2,drug\n20,1,drug\n' >"$work/one.csv"
cp "$work/one.csv" "$work/same.csv"
printf 'TIME,AMT,CMT\n0,0,drug\n' >"$work/none.csv"
population() { exits "$1" "$coley" population "$work/sphere.ant" --vary "$work/vary.csv" --seed 3 --n 60 --end 60 --step 10 --watch D "${@:2}"; }

# Rows of one arm without its name.
of_arm() { grep -E "^id|^[0-9]+,$1," "$2" | sed "s/^\([0-9]*\),$1,/\1,/; s/^id,arm,/id,/"; }

identical()
{
    population 0 --events "$work/one.csv" --events "$work/same.csv" --events "$work/none.csv" --trajectories first:9 --out "$work/three" -q &&
        population 0 --events "$work/one.csv" --trajectories first:9 --out "$work/alone" -q || return
    for file in population trajectories; do
        of_arm one "$work/three/$file.csv" >"$work/a" && of_arm same "$work/three/$file.csv" | cmp - "$work/a" && cmp "$work/a" "$work/alone/$file.csv" || return
    done
    of_arm none "$work/three/population.csv" | cmp -s - "$work/a" && return 1
    grep '^one,' "$work/three/quantiles.csv" | cut -d, -f2- >"$work/a" && tail -n +2 "$work/alone/quantiles.csv" | cmp - "$work/a"
}
ok "an arm has the bytes of a run of its own, whatever arms are beside it" identical

diagnosed()
{
    local grow="--until D=8 --within 400"
    population 0 $grow --events "$work/one.csv" --events "$work/none.csv" --trajectories first:60 --out "$work/grown" --json -q && cp "$work/out" "$work/two" &&
        population 0 $grow --events "$work/one.csv" --out "$work/grown1" --json -q || return
    # Growth is computed once, however many arms there are.
    [ "$(grep growth_steps "$work/out")" = "$(grep growth_steps "$work/two")" ] && ! grep -q 'growth_steps": 0,' "$work/two" || return
    cmp "$work/grown1/population.csv" <(of_arm one "$work/grown/population.csv") || return
    # Everybody starts at the size of the diagnosis, in every arm; drugs then part them.
    awk -F, 'NR > 1 && $3 == 0 { n++; if ($4 < 8 - 1e-4 || $4 > 8 + 1e-4) bad = 1 } END { exit bad || n == 0 }' "$work/grown/trajectories.csv" || return
    [ "$(of_arm one "$work/grown/trajectories.csv" | awk -F, '$2 == 0')" = "$(of_arm none "$work/grown/trajectories.csv" | awk -F, '$2 == 0')" ] || return
    # Who never gets there is named, once an arm, and counted.
    local undiagnosed
    undiagnosed=$(grep -c '^[0-9]*,one,.*never diagnosed: D has not reached 8 by time 400 of growth' "$work/grown/failures.csv")
    [ "$undiagnosed" -gt 0 ] && grep -q "\"undiagnosed\": $undiagnosed" "$work/two"
}
ok "growth to the diagnosis is run once, arms start at its end, and who never gets there is named" diagnosed

analytic()
{
    population 0 --until D=8 --within 100000 --rtol 1e-9 --atol 1e-12 --events "$work/none.csv" --out "$work/exact" -q || return
    # Logistic growth from 1 towards 1000: g t = log(V 999/(1000 - V)). Columns: id, events_id, diagnosis_time, g.
    awk -F, 'NR > 1 { V = 3.141592653589793/6*512; t = log(V*999/(1000 - V))/$4; if (($3 - t)^2 > (1e-6*t)^2) bad = 1; n++ } END { exit bad || n != 60 }' "$work/exact/population.csv"
}
ok "the time of the diagnosis is that of the logistic curve" analytic

refused()
{
    mkdir -p "$work/other" && cp "$work/one.csv" "$work/other/one.csv"
    population 3 --events "$work/one.csv" --events "$work/other/one.csv" --out "$work/no" && says err 'two arms are called "one"' &&
        population 3 --until diameter=3 --out "$work/no" && says err 'the model has no "diameter"' &&
        population 3 --until "D=3 mg" --out "$work/no" && says err "D:" &&
        population 2 --within 3 --out "$work/no" && says err "give --until too" && [ ! -e "$work/no" ]
}
ok "arms of one name and sizes that cannot be are refused" refused

alone()
{
    population 0 --until D=8 --events "$work/one.csv" --events "$work/none.csv" --trajectories 7 --out "$work/seven" -q && population 0 --until D=8 --events "$work/one.csv" --events "$work/none.csv" --patient 7 -q &&
        tail -n +2 "$work/out" >"$work/a" && tail -n +2 "$work/seven/trajectories.csv" | cut -d, -f2- | cmp - "$work/a"
}
ok "one patient alone has the same courses in every arm" alone

finish
