# SPDX-License-Identifier: GPL-3.0-or-later
# coley assay pdl1, infiltrate and expression from the command line.
. tests/support/shell.sh
data=tests/data/cells

tps() { exits 0 "$coley" assay pdl1 $data/lung.csv.gz --above 1 --above 2 --above 5 --json &&
    [ "$(jq -c '[.samples[].scores[0].value * 10 | round / 10]' "$work/out")" = "[54,34.7,18.3]" ]; }
ok "TPS of the lung tumour at three thresholds of membrane staining is the published one" tps

no_threshold() { exits 0 "$coley" assay pdl1 $data/lung.csv.gz && says out "cannot tell" && says out "give --above"; }
ok "intensities without a threshold cannot tell, and the report says what to give" no_threshold

cutoffs() { exits 0 "$coley" assay pdl1 $data/lung.csv.gz --above 1 && says out "TPS >= 50  reached, not firmly" &&
    says out "which would count: cd4, t, b, nk" && says out "no label's cutoff was made for it"; }
ok "a score near a cutoff is not called firmly, and types that the table lacks are named" cutoffs

calls() { exits 0 "$coley" assay pdl1 $data/prostate.csv.gz --x XMin,XMax --y YMin,YMax --units px --um-per-pixel 0.5 \
    --phenotype Classifier.Label --call cd8=CD3..CD8. --call treg=CD3..FOXP3. --json &&
    [ "$(jq -c '.samples[0].cells' "$work/out")" = '{"tumour":3606,"cd8":3,"treg":3,"stromal":191}' ]; }
ok "calls go before phenotypes in a table of HALO" calls

h5ad() { exits 0 "$coley" assay pdl1 $data/lung_csr.h5ad --above 1 --json && cp "$work/out" "$work/h5ad" &&
    gzip -dc $data/lung.csv.gz | head -1001 >"$work/first.csv" &&
    exits 0 "$coley" assay pdl1 "$work/first.csv" --above 1 --json &&
    diff <(jq .samples[].scores "$work/h5ad") <(jq .samples[].scores "$work/out"); }
ok "an AnnData file gives the scores of the same cells in CSV, ranges included" h5ad

inflamed() { exits 0 "$coley" assay infiltrate $data/lung.csv.gz && says out "lung.csv.gz: inflamed" &&
    says out "178.1   375.7   515.5   362.0    228"; }
ok "the infiltrate of the lung tumour is counted and called" inflamed

people() { exits 0 "$coley" assay infiltrate $data/tnbc.csv.gz --units px --um-per-pixel 0.390625 --json &&
    [ "$(jq -c '[.samples[] | [.sample, .phenotype]]' "$work/out")" = \
        '[["2","inflamed"],["7","desert"],["16","inflamed"],["28","excluded"]]' ]; }
ok "four breast tumours of one table are called one by one" people

one() { exits 0 "$coley" assay infiltrate $data/tnbc.csv.gz --units px --um-per-pixel 0.390625 --pick 7 &&
    says out "7: desert" && exits 3 "$coley" assay infiltrate $data/tnbc.csv.gz --pick 71 && says err "did you mean"; }
ok "one person is picked, and a wrong one is answered with the nearest" one

wrong() { exits 2 "$coley" assay infiltrate $data/tnbc.csv.gz --units px && says err "--um-per-pixel" &&
    exits 2 "$coley" assay pdl1 $data/lung.csv.gz --assay 22C4 && says err "there are 22C3, 28-8" &&
    exits 2 "$coley" assay pdl1 $data/lung.csv.gz --above high && says err "not a number" &&
    exits 2 "$coley" assay pdl1 $data/lung.csv.gz --map killer=CD8+ && says err "no type of cell" &&
    exits 3 "$coley" assay pdl1 $data/tnbc.csv.gz && says err "name it with --pdl1" &&
    exits 5 "$coley" assay infiltrate https://a.b/cells.csv && says err "only files are read"; }
ok "wrong options and tables are refused with what to do" wrong

expression() { exits 0 "$coley" assay expression $data/expression.tsv && says out "s6                1.983              0.314      2.123" &&
    says out "No cutoff is applied"; }
ok "expression scores come with their definitions and no cutoff" expression

finish
