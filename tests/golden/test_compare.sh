# SPDX-License-Identifier: GPL-3.0-or-later
# coley compare: one person under several scenarios; another person is refused, and nothing but what is given may differ.
. tests/support/shell.sh
scenario=examples/01-melanoma-pembrolizumab/scenario.yaml
given=$work/given.yaml none=$work/none.yaml twin=$work/twin.yaml
sed 's/duration: 420 day/duration: 672 day/; s/seed: 1}/seed: 1, population: 32}/; s/^title: .*/title: Pembrolizumab/' $scenario >"$given"
sed 's/^title: .*/title: Pembrolizumab again/' "$given" >"$twin"
sed 's/^title: .*/title: Watch and wait/; s/^regimen: .*/regimen: []/' "$given" >"$none"

table() { exits 0 "$coley" compare "$given" "$none" --threads 2 --quiet && silent err && says out "Pembrolizumab" && says out "Watch and wait" && says out "not medical advice"; }
ok "two treatments of one person are printed side by side" table

folder()
{
    exits 0 "$coley" compare "$given" "$none" "$twin" --out "$work/one" --threads 1 --quiet || return 1
    local name
    for name in compare.csv compare.html compare.json; do [ -s "$work/one/$name" ] || { echo "no $name"; return 1; }; done
    jq -e '.compared | length == 3' "$work/one/compare.json"
}
ok "the folder holds table, page and JSON" folder

same_bytes() { exits 0 "$coley" compare "$given" "$none" "$twin" --out "$work/two" --threads 2 --quiet && diff -r "$work/one" "$work/two"; }
ok "one thread or two: the same bytes" same_bytes

twins() { jq -e '[.compared[] | del(.title)] | .[0] == .[2] and .[0] != .[1]' "$work/one/compare.json"; }
ok "the same treatment twice is the same to the last digit; none at all is not" twins

as_run()
{
    exits 0 "$coley" run "$given" --out "$work/run" --quiet &&
        jq -e --slurpfile run "$work/run/summary.json" '.compared[0] as $c | $run[0].response | .response_start_day == $c.response_day and .pfs_event == "progression" and ((.pfs_day - $c.progression_day) | fabs) <= 84' "$work/one/compare.json"
}
ok "a scenario compared responds on the day of the scenario run alone, and progresses there within a scan: compare has no reader's error" as_run

other() { sed 's/tmb: 8/tmb: 15/' "$none" >"$work/other.yaml" && exits 3 "$coley" compare "$given" "$work/other.yaml" --out "$work/no" && says err "other.yaml" && [ ! -e "$work/no" ]; }
ok "another person is refused, by file and key" other
lesions() { sed 's/diameter: 38/diameter: 39/' "$none" >"$work/other.yaml" && exits 3 "$coley" compare "$given" "$work/other.yaml" && says err "lesions"; }
ok "other tumours are refused" lesions
seeds() { sed 's/seed: 1/seed: 2/' "$none" >"$work/other.yaml" && exits 3 "$coley" compare "$given" "$work/other.yaml" && says err "seed"; }
ok "another seed is refused" seeds
ok "one scenario alone is a mistake of use" exits 2 "$coley" compare "$given"
kept() { exits 5 "$coley" compare "$given" "$none" --out "$work/one" --quiet && says err "--force"; }
ok "a folder that is there is left alone without --force" kept
finish
