# SPDX-License-Identifier: GPL-3.0-or-later
# examples/23-biopsy-to-forecast: from files of a biopsy to candidacy and a course in one command, as its page says it.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/23-biopsy-to-forecast

biopsy()
{
    exits 0 "$coley" assay panel --vcf $example/tumour.maf --panel IMPACT468 --purity 0.3 --cells $example/cells.csv.gz \
        --pdl1-column "Membrane PDL1 (Opal 520) Mean" --above 5 --patient $example/patient.yaml --results "$work/one" --progress none
}
runs() { biopsy && silent err && says out "TMB 6.9 -> 12.11 (times 1.75)" && says out "L1.PDL1_TPS 0.034 -> 0.1825" && says out "infiltrate: inflamed" && says out "not medical advice"; }
ok "one command goes from MAF and cells to candidacy and a course" runs

figures_hold() { cp "$work/one/candidate.json" "$work/one/summary.json" && figures "$work/one" $example/expected.json && [ -s "$work/one/course.html" ]; }
ok "its figures are those of expected.json" figures_hold

the_same_file()
{
    exits 0 "$coley" candidate $example/patient.yaml --biomarkers "$work/one/biomarkers.yaml" --rules-only --json &&
        jq -r '.options[] | .rule + " " + .verdict' "$work/out" | sort >"$work/a" &&
        jq -r '.options[] | .rule + " " + .verdict' "$work/one/candidate.json" | sort >"$work/b" && diff "$work/a" "$work/b" && [ -s "$work/a" ]
}
ok "its biomarkers.yaml gives candidate the same verdicts" the_same_file

finish
