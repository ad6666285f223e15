# SPDX-License-Identifier: GPL-3.0-or-later
# coley model simulate --events: NONMEM-style tables on a model.
. tests/support/shell.sh

cat >"$work/pk.ant" <<'END'
compartment V = 1; species gut in V, centre in V;
gut = 0; centre = 0; ka = 1.2; k = 0.15; F1 = 0.7; WT = 70;
A: gut -> centre; ka*gut; B: centre -> ; k*centre*WT/70;
END
cat >"$work/doses.csv" <<'END'
id,time,amt,rate,ii,addl,ss,evid,cmt,dv,WT,SEX
1,0,100,.,24,2,1,1,1,.,70,F
1,30,.,.,.,.,.,0,2,55,80,F
"b,c",0,50,10,.,.,.,1,centre,.,60,M
"b,c",10,.,.,.,.,.,0,centre,.,65,M
END
simulate() { exits "$1" "$coley" model simulate "$work/pk.ant" --events "$work/doses.csv" "${@:2}"; }

everybody()
{
    simulate 0 --step 20 && says err "CMT 1 is gut, 2 is centre" && says err "last value carried forward (locf): WT" &&
        says err "ignored, since they are no parameters of the model: SEX" || return
    cut -d, -f1-3 "$work/out" | sed 's/,[^,]*$//' | head -4 >"$work/first" && printf 'ID,time [day]\n1,0\n1,20\n1,30\n' | cmp - "$work/first" &&
        grep -q '^1,30,.*,55$' "$work/out" && grep -q '^"b,c",10,.*,$' "$work/out"
}
ok "everybody of a table is run, with DV beside the rows of observations" everybody

one() { simulate 0 --step 20 -q && grep '^"b' "$work/out" >"$work/all" && simulate 0 --step 20 --id b,c --end 30 -q && silent err && grep '^"b' "$work/out" | cmp "$work/all" -; }
ok "one person alone has the same bytes as among the others" one

carry() { simulate 0 --id 1 && cp "$work/out" "$work/locf" && simulate 0 --id 1 --carry nocb && says err "next value carried backward (nocb)" && ! cmp -s "$work/out" "$work/locf"; }
ok "the rule by which covariates are carried is said, and matters" carry

cvodes()
{
    as_ours cvodes "no CVODES" && as_ours cvodes-klu "no"
}
as_ours()
{
    simulate 0 --step 5 --rtol 1e-9 --lag gut=0.5 --bioavailability 1=F1 -q && cp "$work/out" "$work/ours" || return
    "$coley" model simulate "$work/pk.ant" --events "$work/doses.csv" --step 5 --rtol 1e-9 --lag gut=0.5 --bioavailability 1=F1 -q --solver "$1" >"$work/out" 2>"$work/err"
    local code=$?
    [ $code -eq 6 ] && says err "$2" && return
    [ $code -eq 0 ] && paste -d, "$work/ours" "$work/out" | sed 's/"b,c"/b/g' | awk -F, 'NR > 1 { d = $4 - $9; if (d < 0) d = -d; if (d > 1e-6 * (1 + $4)) bad = 1 } END { exit bad || NR < 10 }'
}
ok "CVODES, where it is built, dense and with KLU, gives the same course" cvodes

wrong()
{
    simulate 3 --id 2 && says err "did you mean 1?" && simulate 2 --carry always && exits 2 "$coley" model simulate "$work/pk.ant" --lag gut=1 && says err "--events" &&
        simulate 3 --plot && says err "choose with --id" || return
    sed -i 's/,centre,.,60/,center,.,60/' "$work/doses.csv" && simulate 3 && silent out && says err "doses.csv:4: CMT: the model has no state 'center'; did you mean centre?"
}
ok "what is wrong is told with option or line and column" wrong

past() { printf 'TIME,AMT,RATE,CMT\n0,10,1,gut\n50,1,.,gut\n' >"$work/doses.csv" && simulate 0 --end 5 && says err "doses.csv:2: the infusion runs until 10, past the end of the run, 5" && says err "doses.csv:3"; }
ok "an infusion or a record past the end is a warning" past

outlasts()
{
    printf 'A = 0; k = 0.1; A'"'"' = -k*A\n' >"$work/drip.ant" && printf 'TIME,AMT,RATE,CMT,EVID\n0,100,10,A,1\n4,.,.,A,0\n' >"$work/drip.csv"
    exits 0 "$coley" model simulate "$work/drip.ant" --events "$work/drip.csv" --step 2 && says out ",4,32.967" && says err "drip.csv:2: the infusion runs until 10, past the end of the run, 4" &&
        exits 0 "$coley" model simulate "$work/drip.ant" --events "$work/drip.csv" --step 10 --end 20 && says out ",10,63.212" && says out ",20,23.254" && ! says err past >/dev/null
}
ok "an infusion that outlasts its table gives what flows in until then, with a warning; --end lets it run" outlasts

steady() { printf 'S = 0; S'"'"' = 1\n' >"$work/grows.ant" && printf 'ID,TIME,AMT,II,SS,CMT\n7,3,1,1,1,S\n' >"$work/doses.csv" && exits 4 "$coley" model simulate "$work/grows.ant" --events "$work/doses.csv" && says err "ID '7': the dosing at time 3 comes to no steady state: S still changes"; }
ok "what has no steady state is told with the ID and the state" steady

finish
