# SPDX-License-Identifier: GPL-3.0-or-later
# coley model check, show, simulate, convert.
. tests/support/shell.sh

cat >"$work/decay.ant" <<'END'
species A, B;
k = 0.1; //! ; made up for this test
A = 100; B = 0;
move: A -> B; k * A;
END

checks() { exits 0 "$coley" model check "$work/decay.ant" && says out "2 species" && silent err && exits 0 "$coley" model check --json "$work/decay.ant" && says out '"reactions":'; }
ok "a good model is summed up, as text and as JSON" checks

place() { sed 's/k \* A/k * */' "$work/decay.ant" >"$work/bad.ant" && exits 3 "$coley" model check "$work/bad.ant" && silent out && says err "bad.ant:4:"; }
ok "a fault has file and line and exit code 3" place

units()
{
    printf 'a = 1 mg; b = 2 mm;\nx := a + b\n' >"$work/units.ant"
    exits 0 "$coley" model check "$work/units.ant" && says err "units.ant:2: x: units:" && says err "mg (mass) against mm (length)" &&
        says out "1 formulas disagree" && exits 3 "$coley" model check --strict "$work/units.ant" &&
        exits 0 "$coley" model check --strict models/patient && silent err
}
ok "units that disagree are told with file and line, and the patient's agree" units

reference() { exits 0 "$coley" model check --strict models/reference/qspio_example1.ant && silent err && says out "all formulas agree"; }
ok "the reference model's units agree in every formula" reference

missing() { exits 5 "$coley" model check "$work/none.ant" && says err "none.ant: cannot open"; }
ok "a file that is not there is exit code 5" missing

shows() { exits 0 "$coley" model show "$work/decay.ant" && says out "A -> B" && says out "made up for this test"; }
ok "what a model holds is printed with its sources" shows

pages()
{
    exits 0 "$coley" model page healthy && says out "| \`k_regrow\` | 0.05 | 1/day |" && silent err &&
        exits 0 "$coley" model page models/patient/healthy.ant && says out "## Equations" &&
        exits 3 "$coley" model page healty && says err "did you mean 'healthy'" && exits 2 "$coley" model page &&
        exits 6 "$coley" model page "$work/decay.ant" && says err "decay.ant:1:" &&
        exits 0 "$coley" model page healthy --pages "$work/pages" --figures && grep -q "<path" "$work/pages/healthy.svg" &&
        grep -q "(healthy.svg)" "$work/pages/healthy.md"
}
ok "a mechanism has a page with its figure; a wrong name and a file that is none are told" pages

draws() { exits 0 "$coley" model show "$work/decay.ant" --graph && says out '"A" -> "reaction move";' && exits 0 "$coley" model show "$work/decay.ant" && says out "A + B"; }
ok "the network is drawn for Graphviz, and a conserved sum is found" draws

converts()
{
    exits 0 "$coley" model convert "$work/decay.ant" --out "$work/decay.xml" && silent out && grep -q '<sbml' "$work/decay.xml" &&
        exits 5 "$coley" model convert "$work/decay.ant" --out "$work/decay.xml" &&
        exits 0 "$coley" model convert "$work/decay.xml" --to antimony && says out "move: A -> B; k * A" &&
        exits 3 "$coley" model convert "$work/decay.ant" && says err "--to" || return
    "$coley" model simulate "$work/decay.ant" --end 9 --step 3 >"$work/a.csv" && "$coley" model simulate "$work/decay.xml" --end 9 --step 3 | cmp "$work/a.csv" -
}
ok "a model goes to SBML and back" converts

imports()
{
    mkdir -p "$work/lib" && cp "$work/decay.ant" "$work/lib/inner.ant" && echo 'import "lib/inner.ant"' >"$work/outer.ant"
    exits 0 "$coley" model show "$work/outer.ant" && says out "A -> B" || return
    echo 'import "outer.ant"' >"$work/outer.ant"
    exits 3 "$coley" model show "$work/outer.ant" && says err "outer.ant:1:8" && says err "imports itself"
}
ok "a file imports another from its own folder, and not itself" imports

simulates()
{
    exits 0 "$coley" model simulate "$work/decay.ant" --end 10 --step 5 --set k=0 && silent err || return
    printf 'time [day],A,B\n0,100,0\n5,100,0\n10,100,0\n' | cmp - "$work/out"
}
ok "a course is CSV on standard output" simulates

plots() { LC_ALL=C exits 0 "$coley" model simulate "$work/decay.ant" --watch A --end 40 --plot && says out "100 |**" && ! LC_ALL=C grep -q '[^ -~]' "$work/out" && LC_ALL=C.UTF-8 exits 0 "$coley" model simulate "$work/decay.ant" --plot && says out "└"; }
ok "a course is drawn in braille, or in ASCII where the locale has no more" plots

standard_input() { "$coley" model simulate - --end 1 <"$work/decay.ant" >"$work/out" && says out "time [day],A,B"; }
ok "a model may come through standard input" standard_input

same_bits()
{
    "$coley" model simulate models/patient --end 400 --step 7 >"$work/a.csv" && "$coley" model simulate models/patient --end 400 --step 7 >"$work/b.csv" &&
        cmp "$work/a.csv" "$work/b.csv"
}
ok "the same run gives the same bytes" same_bits

no_clobber()
{
    echo keep >"$work/course.csv"
    exits 5 "$coley" model simulate "$work/decay.ant" --csv "$work/course.csv" && grep -qx keep "$work/course.csv" &&
        exits 0 "$coley" model simulate "$work/decay.ant" --csv "$work/course.csv" --overwrite && grep -q '^time' "$work/course.csv"
}
ok "a file that is there is only replaced when told so" no_clobber

runaway() { echo 'species A; A = 1; g: -> A; A * A;' >"$work/runaway.ant" && exits 4 "$coley" model simulate "$work/runaway.ant" && says err "where A changes too fast" && silent out; }
ok "a solution that is lost is exit code 4, names the state, and prints nothing" runaway

interrupted()
{
    local rc=0
    mkdir "$work/empty"
    # A shell that was started in the background has interrupts ignored; env puts them back.
    env --default-signal=INT timeout --preserve-status -s INT 0.3 "$coley" model simulate "$work/decay.ant" --end 1000000 --step 0.2 \
        --csv "$work/empty/long.csv" 2>"$work/err" || rc=$?
    [ $rc -eq 130 ] || { echo "exit code $rc"; return 1; }
    [ -z "$(ls -A "$work/empty")" ]
}
ok "an interrupt ends a long run with 130 and leaves no file" interrupted

finish
