# SPDX-License-Identifier: GPL-3.0-or-later
# examples/25-tissue-anti-pd1: its figures after eight hours, with the antibody and without.
. tests/support/shell.sh
. tests/support/example.sh
example=examples/25-tissue-anti-pd1

# The last row of counts.csv as a JSON object.
last_row() { awk -F, 'NR == 1 { n = split($0, name, ",") } END { printf "{"; for (i = 1; i <= n; i++) printf "%s\"%s\": %s", (i > 1 ? ", " : ""), name[i], $i; print "}" }' "$1/counts.csv"; }

runs()
{
    exits 0 "$coley" tissue run models/tissue/anti_pd1/settings.xml --end 480 --save 480 --threads 1 --out "$work/with" --quiet && silent err || return
    exits 0 "$coley" tissue run models/tissue/anti_pd1/without_antibody.xml --end 480 --save 480 --threads 1 --out "$work/without" --quiet && silent err || return
    echo "{\"with\": $(last_row "$work/with"), \"without\": $(last_row "$work/without")}" >"$work/summary.json"
}
ok "both arms run" runs

figures_hold() { figures "$work" $example/expected.json; }
ok "their figures are those of expected.json" figures_hold

finish
