# SPDX-License-Identifier: GPL-3.0-or-later
# examples/01-melanoma-pembrolizumab: its figures, and what coley run promises of its folder.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/01-melanoma-pembrolizumab
scenario=$example/scenario.yaml

runs() { exits 0 "$coley" run $scenario --out "$work/one" --threads 1 --quiet && silent err && says out "not medical advice" && says out "$work/one"; }
ok "the example runs and says where its results are" runs

figures_hold() { figures "$work/one" $example/expected.json; }
ok "its figures are those of expected.json" figures_hold

whole()
{
    local name
    for name in events.csv lesions.csv manifest.json report.html summary.json trajectory.csv trajectory.h5; do
        [ -s "$work/one/$name" ] || { echo "no $name"; return 1; }
    done
    [ "$(find "$work/one" -type f | wc -l)" -eq 7 ]
}
ok "the folder holds the seven files" whole

same_bytes() { exits 0 "$coley" run $scenario --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes in every file" same_bytes

refuses()
{
    exits 5 "$coley" run $scenario --out "$work/one" --quiet && silent out && says err "--force" && diff -r "$work/one" "$work/two" &&
        exits 0 "$coley" run $scenario --out "$work/one" --quiet --force && diff -r "$work/one" "$work/two"
}
ok "a folder that is there is left alone without --force" refuses

foreign() { mkdir "$work/mine" && echo keep >"$work/mine/thesis.txt" && exits 5 "$coley" run $scenario --out "$work/mine" --force && grep -qx keep "$work/mine/thesis.txt"; }
ok "a folder that is not ours is left alone even with --force" foreign

dry()
{
    exits 0 "$coley" run $scenario --dry-run --out "$work/dry" && silent err && [ ! -e "$work/dry" ] && cp "$work/out" "$work/resolved.yaml" &&
        says resolved.yaml "pembrolizumab" && says resolved.yaml "200 mg" &&
        exits 0 "$coley" run "$work/resolved.yaml" --dry-run && cmp "$work/out" "$work/resolved.yaml"
}
ok "--dry-run prints the scenario with every default, which reads back as itself, and writes nothing" dry

no_out() { exits 2 "$coley" run $scenario && says err "--out"; }
ok "without --out it says what is missing" no_out

wrong() { sed 's/cancer: melanoma/cancer: melanome/' $scenario >"$work/wrong.yaml" && exits 3 "$coley" run "$work/wrong.yaml" --out "$work/no" && says err "wrong.yaml:" && says err "melanoma" && [ ! -e "$work/no" ]; }
ok "a misspelt cancer is refused with its place and the nearest name" wrong

seeds() { exits 0 "$coley" run $scenario --out "$work/seed" --seed 2 --quiet && ! cmp -s "$work/seed/lesions.csv" "$work/one/lesions.csv" && grep -q '"seed": *2' "$work/seed/manifest.json"; }
ok "--seed takes the place of the scenario's" seeds

finish
