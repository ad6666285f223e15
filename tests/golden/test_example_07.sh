# SPDX-License-Identifier: GPL-3.0-or-later
# examples/07-candidate: its figures, and what coley candidate promises.
. tests/support/shell.sh
. tests/support/example.sh
patient=examples/07-candidate/patient.yaml

runs() { exits 0 "$coley" candidate $patient --out "$work/one" --threads 1 --quiet --progress none && silent err && says out "not medical advice"; }
ok "the example runs and says that it is no advice" runs

figures_hold() { cp "$work/one/candidate.json" "$work/one/summary.json" && figures "$work/one" examples/07-candidate/expected.json && rm "$work/one/summary.json"; }
ok "its figures are those of expected.json" figures_hold

same() { exits 0 "$coley" candidate $patient --out "$work/two" --threads 2 --quiet --progress none && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same

refuses() { exits 5 "$coley" candidate $patient --rules-only --out "$work/one" && says err "--force"; }
ok "a folder that is there is left alone without --force" refuses

also_runs() { exits 0 "$coley" run $patient --dry-run && says out "autoimmune"; }
ok "the same file is a scenario for coley run" also_runs

unknown() { printf 'cancer: nsclc\nhistory: {setting: metastatic, line: 0}\n' >"$work/p.yaml" && exits 0 "$coley" candidate "$work/p.yaml" && says out "ask for PD-L1 tumour proportion score [%]" && says out "Driver mutation" && says out "no lesions are given"; }
ok "what is not known is asked for" unknown

lymphoma() { printf 'cancer: large-b-cell-lymphoma\npatient: {age: 60 year}\nhistory: {line: 2, cd19: positive, infection: active}\n' >"$work/l.yaml" && exits 0 "$coley" candidate "$work/l.yaml" && says out "axicabtagene ciloleucel -- rule met" && says out "usually avoid: Active infection"; }
ok "a cancer without a model has its rules and cautions" lymphoma

marrow() { printf 'cancer: myeloma\nlesions: [{site: marrow, diameter: 90 mm}]\nhistory: {line: 4, bcma: positive}\n' >"$work/m.yaml" && exits 0 "$coley" candidate "$work/m.yaml" && says out "not simulated: response is told by M-protein"; }
ok "a response that diameters don't tell is not simulated, and the reason is said" marrow

pdl1() { printf 'cancer: nsclc\npatient: {pdl1_tps: 60 %%}\nhistory: {setting: metastatic, line: 0, driver: none}\n' >"$work/a.yaml" && exits 0 "$coley" candidate "$work/a.yaml" && says out "atezolizumab -- rule met" && ! grep -q nan "$work/out"; }
ok "an interval that is not known is left out" pdl1

wrong() { printf 'cancer: nsclcc\n' >"$work/w.yaml" && exits 3 "$coley" candidate "$work/w.yaml" && says err "did you mean 'nsclc'" && printf 'cancer: nsclc\nhistory: {her2: maybe}\n' >"$work/w.yaml" && exits 3 "$coley" candidate "$work/w.yaml" && says err "w.yaml:2" && exits 5 "$coley" candidate "$work/none.yaml"; }
ok "a wrong cancer, a wrong word and a missing file are refused with their place" wrong

finish
