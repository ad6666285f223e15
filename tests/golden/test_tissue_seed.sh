# SPDX-License-Identifier: GPL-3.0-or-later
# coley tissue seed: real tables of cells become a model's initial state; what a run writes is scored as a real table is.
. tests/support/shell.sh
settings=tests/data/tissue/every_part/config/PhysiCell_settings.xml
data=tests/data/cells
lung() { "$coley" tissue seed $data/lung.csv.gz --settings $settings --type "epithelium=CK+" --type "T cell=CD8+" "$@"; }

lung_cancer()
{
    exits 0 lung --drop-unmapped --out "$work/lung" && says out "6072 cells; 3587 of no type of the model left out" &&
        [ "$(grep -c ,epithelium "$work/lung/cells.csv")" = 2257 ] && [ "$(grep -c ",T cell" "$work/lung/cells.csv")" = 228 ] &&
        grep -q "^257.5,6.5,0,T cell" "$work/lung/cells.csv"
}
ok "tumour and CD8 T cells of a lung cancer stand where the microscope saw them" lung_cancer

runs()
{
    cd "$work" && exits 0 "$coley" tissue run lung/settings.xml --end 6 --save 6 --formats csv --out run
    local got=$?
    cd "$OLDPWD" && [ $got = 0 ] && [ "$(wc -l <"$work/run/cells/cells00000000.csv")" = 2486 ]
}
ok "the seeded model runs at once, with every cell in the domain" runs

dry() { exits 0 lung --drop-unmapped --dry-run --out "$work/dry" && says out "Nothing was written" && [ ! -e "$work/dry" ]; }
ok "a dry run says what would be done and writes nothing" dry

refused()
{
    exits 3 lung --out "$work/refused" && silent out && says err '3587 cells are of no type of the model ("other", "CD68+", "FoxP3+")' &&
        [ ! -e "$work/refused" ]
}
ok "phenotypes that no type stands for are refused by name, and nothing is written" refused

misspelt()
{
    exits 2 lung --type "T cel=CD68+" --out "$work/no" && says err 'did you mean "T cell"?' || return
    exits 3 lung --type "T cell=CD688+" --drop-unmapped --out "$work/no" && says err 'did you mean "CD68+"?' &&
        exits 2 lung --drop-unmapped --custom "PDL2=Nucleus PDL1 (Opal 520) Mean" --out "$work/no" && says err 'did you mean "PD_L1"?'
}
ok "a misspelt type, phenotype or variable comes with the nearest name" misspelt

scaled()
{
    exits 0 lung --drop-unmapped --custom "PD-L1=Membrane PDL1 (Opal 520) Mean*0.1" --out "$work/scaled" &&
        grep -q "^x,y,z,type,custom:PD_L1$" "$work/scaled/cells.csv" && grep -q "^257.5,6.5,0,T cell,0.237$" "$work/scaled/cells.csv"
}
ok "a stain becomes a custom variable of each cell, scaled" scaled

marker()
{
    exits 0 lung --drop-unmapped --custom "PD-L1=Membrane PDL1 (Opal 520) Mean" --json --out "$work/marker" &&
        exits 0 "$coley" tissue run "$work/marker/settings.xml" --end 0 --formats csv --out "$work/stained" || return
    exits 0 "$coley" assay pdl1 "$work/stained/cells/cells00000000.csv" --map tumour=epithelium --map "cd8=T cell" \
        --above 1 --above 2 --above 5 --json && cp "$work/out" "$work/simulated" || return
    exits 0 "$coley" assay pdl1 $data/lung.csv.gz --above 1 --above 2 --above 5 --json || return
    command -v jq >/dev/null || return 0
    local tps='[.samples[].scores[] | select(.score == "TPS") | .value]'
    [ "$(jq -c "$tps | length" "$work/out")" = 3 ] && [ "$(jq -c "$tps" "$work/simulated")" = "$(jq -c "$tps" "$work/out")" ]
}
ok "the assay gives the seeded tissue the tumour proportion scores of the patient's own table" marker

infiltrate()
{
    exits 0 "$coley" assay infiltrate "$work/run/cells/cells00000000.csv" --map tumour=epithelium --map "cd8=T cell" &&
        says out "cells00000000.csv: inflamed"
}
ok "the assay of infiltrates reads a simulated tissue" infiltrate

window()
{
    exits 0 lung --drop-unmapped --window 200,200,600,500 --max-cells 300 --out "$work/window" || return
    awk -F, 'NR > 1 && ($1 < 200 || $1 >= 600 || $2 < 200 || $2 >= 500) { bad = 1 } END { exit bad || NR != 301 }' "$work/window/cells.csv"
}
ok "a window and a number of cells are kept to" window

layers()
{
    exits 0 lung --drop-unmapped --extrude 3 --out "$work/a" && exits 0 lung --drop-unmapped --extrude 3 --out "$work/b" &&
        cmp "$work/a/cells.csv" "$work/b/cells.csv" && [ "$(wc -l <"$work/a/cells.csv")" = 7456 ] &&
        [ "$(awk -F, 'NR > 1 && $3 == 0' "$work/a/cells.csv" | wc -l)" = 2485 ] && grep -q "^257.5,6.5,0,T cell" "$work/a/cells.csv" || return
    exits 0 lung --drop-unmapped --extrude 3 --seed 2 --out "$work/c" && ! cmp -s "$work/a/cells.csv" "$work/c/cells.csv" &&
        exits 0 "$coley" tissue check "$work/a/settings.xml" && says out "3D" && ! grep -q "outside of the domain" "$work/out"
}
ok "three layers hold three times the cells, the table's own in the middle; the seed moves the others" layers

people()
{
    exits 3 "$coley" tissue seed $data/tnbc.csv.gz --settings $settings --drop-unmapped --out "$work/person" && says err "name one with --pick" &&
        exits 0 "$coley" tissue seed $data/tnbc.csv.gz --settings $settings --map phenotype=Phenotype --pick 7 --um-per-pixel 0.390625 \
            --type "epithelium=Tumor" --drop-unmapped --out "$work/person" && says out ", sample 7: "
}
ok "of a table of several people one is taken" people

there() { exits 5 lung --drop-unmapped --out "$work/lung" && says err "--force" && exits 0 lung --drop-unmapped --force --out "$work/lung"; }
ok "a folder that was seeded before is left alone unless told otherwise" there

own() { cp -r tests/data/tissue/every_part/config "$work/own" && exits 5 lung --drop-unmapped --out "$work/own" && says err "cells.csv" &&
    cmp tests/data/tissue/every_part/config/cells.csv "$work/own/cells.csv"; }
ok "cells of a model are not written over" own

finish
