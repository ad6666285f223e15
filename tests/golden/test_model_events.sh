# SPDX-License-Identifier: GPL-3.0-or-later
# coley model simulate with events: from Antimony and from SBML, and what is said when they cannot be.
. tests/support/shell.sh
sbml=tests/fuzz/corpus/sbml

cat >"$work/dose.ant" <<'END'
A = 0; k = 0; given = 0; next = 2;
A' = -k*A;
dose: at time >= next: A = A + 5, next = next + 3, given = given + 1;
END

doses()
{
    exits 0 "$coley" model simulate "$work/dose.ant" --end 6 --watch A --watch given && silent err || return
    printf 'time [day],A,given\n0,0,0\n1,0,0\n2,5,1\n3,5,1\n4,5,1\n5,10,2\n6,10,2\n' | cmp - "$work/out"
}
ok "an event happens at its time, and a row of that time is taken after it" doses

shows() { exits 0 "$coley" model show "$work/dose.ant" && says out "time >= next" && says out "A = A + 5"; }
ok "events are shown with what they set" shows

reads_sbml() { exits 0 "$coley" model simulate "$sbml/events.xml" --end 3 --watch c --watch nu && silent err && grep -q '^2,4,1$' "$work/out" && grep -q '^3,4,2$' "$work/out"; }
ok "the events of an SBML file happen" reads_sbml

submodels() { exits 0 "$coley" model simulate "$sbml/comp.xml" --end 1 && silent err && says out "time,A__x,B__x"; }
ok "submodels are written out" submodels

endless() { exits 4 "$coley" model simulate "$sbml/endless.xml" --end 3 && silent out && says err "endless.xml:5: event \"ping\" happens without end" && says err "(time 0)"; }
ok "events without end are exit code 4 with file, line, event and time" endless

elsewhere() { exits 6 "$coley" model simulate "$sbml/comp_file.xml" && says err "comp_file.xml:3: externalModelDefinition"; }
ok "a submodel in another file is refused by name with exit code 6" elsewhere

finish
