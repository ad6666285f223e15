#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# coley response on small files and on the 628 real patients; every mistake in a file is named with line and column.
set -u
. tests/support/shell.sh
corpus=tests/fuzz/corpus/lesions
data=examples/data/atezolizumab_fir_poplar_birch.csv

ok "a small file is judged visit by visit" sh -c "$coley response $corpus/own.csv >$work/out"
ok "a new lesion is progression, unconfirmed" says out "iUPD"
ok "628 real patients are judged" sh -c "$coley response $data >$work/out"
ok "each is counted" says out "628 patients: "
ok "one of them is shown with reasons" sh -c "$coley response $data --patient 8987291926880773120 >$work/out"
ok "and the number that decided" says out "PR from -30 %"
ok "JSON is JSON" sh -c "$coley response $data --json | grep -c '\"patient\"' | grep -qx 628"
ok "CSV has a row a visit" sh -c "$coley response $corpus/own.csv --csv | wc -l | grep -qx 3"

while read -r file part; do
    ok "$file is refused" exits 3 "$coley" response $corpus/$file
    ok "because: $part" says err "$part"
done <<'CASES'
twice.csv already on line 2
quote.csv quoted
misspelt.csv did you mean "diameter_mm"
nan.csv is not a number
bytes.csv not UTF-8
ragged.csv 2 cells, but the header has 3 columns
nul.csv NUL
CASES
ok "a file that is not there is an error of reading" exits 5 "$coley" response /nonexistent.csv
ok "an unknown patient is an error of input" exits 3 "$coley" response $data --patient nobody
finish
