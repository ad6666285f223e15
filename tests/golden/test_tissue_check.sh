# SPDX-License-Identifier: GPL-3.0-or-later
# coley tissue check: a model in PhysiCell's files in words and as JSON, and how it ends when something is wrong.
. tests/support/shell.sh
settings=tests/data/tissue/every_part/config/PhysiCell_settings.xml

in_words()
{
    exits 0 "$coley" tissue check $settings && silent err && says out "domain      200 x 120 x 80 um, 3D, 240 voxels of 20 um" &&
        says out "Rules of T cell" && says out "oxygen increases it towards 0.004, half way at 21.5 (Hill power 4)" &&
        says out "dead increases it towards 0.017, half way at 0.1 (Hill power 10), in dead cells too" &&
        grep -qE '^exhausted T cell +2 +1 +Ki67, basic +2000 +4 um/min towards oxygen away from IFN-gamma$' "$work/out" &&
        says out "1 cells stand outside of the domain"
}
ok "a model is told in words: domain, cell types, rules, what to know" in_words

as_json()
{
    exits 0 "$coley" tissue check --json $settings && silent err || return
    command -v jq >/dev/null || return 0
    [ "$(jq -r '[.rules[] | select(.cell_type == "epithelium")] | length' "$work/out")" = 3 ] &&
        [ "$(jq -r '.cell_types[1].behaviours["attack epithelium"]' "$work/out")" = 0.2 ] &&
        [ "$(jq -r '[.cell_types[].cells] | add' "$work/out")" = 4 ] &&
        [ "$(jq -r '.substrates[0].faces | map(tostring) | join(",")' "$work/out")" = null,38,38,38,38,20 ]
}
ok "the same is there as JSON" as_json

anywhere() { cd "$work" && exits 0 "$coley" tissue check "$OLDPWD/$settings"; local got=$?; cd "$OLDPWD" && return $got; }
ok "the files that the settings name are found from any folder" anywhere

copy()
{
    rm -rf "$work/m" && cp -r tests/data/tissue/every_part "$work/m" && sed -i "$2" "$work/m/config/$1"
}

misspelt()
{
    copy rules.csv '2s/oxygen/oxigen/' && exits 3 "$coley" tissue check "$work/m/config/PhysiCell_settings.xml" && silent out &&
        says err 'rules.csv:2: signal: unknown signal "oxigen"; did you mean "oxygen"?'
}
ok "a misspelt signal ends with 3 and comes with line and nearest name" misspelt

unsupported()
{
    copy PhysiCell_settings.xml 's|<user_parameters>|&<tumor_radius type="double">250</tumor_radius>|' &&
        exits 6 "$coley" tissue check "$work/m/config/PhysiCell_settings.xml" && silent out && says err "tumor_radius" &&
        exits 0 "$coley" tissue check --ignore-unsupported "$work/m/config/PhysiCell_settings.xml" && says out "tumor_radius"
}
ok "a parameter of C++ code ends with 6, or is left out and named when asked" unsupported

memory()
{
    exits 0 "$coley" tissue run --memory "$settings" && says out "bytes of its own" &&
        [ "$(sed -n 's/^A cell: .* \([0-9]*\) together.*/\1/p' "$work/out")" -le 250 ]
}
ok "what a cell takes is said before anything is run" memory

finish
