#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Example 02 runs on real scans: the record is whole, the response is what the rules say, the held-out scans lie where the
# forecast said, and the bytes do not depend on the number of threads.
set -u
. tests/support/shell.sh
scenario=examples/02-nsclc-real-scans/scenario.yaml

ok "it runs on one thread" sh -c "$coley run $scenario --out $work/a --threads 1 --quiet >$work/a.txt"
ok "it runs on two" sh -c "$coley run $scenario --out $work/b --threads 2 --quiet >$work/b.txt"
ok "both leave the same bytes" diff -r "$work/a" "$work/b"
for file in summary.json trajectory.csv trajectory.h5 lesions.csv events.csv manifest.json report.html; do
    ok "the record has $file" test -s "$work/a/$file"
done
ok "the best response is partial" grep -q '"PR"' "$work/a/summary.json"
ok "a folder that is there is left alone without --force" exits 5 "$coley" run $scenario --out "$work/a" --quiet

# Of the nine held-out scans at least seven lie inside the 90 % range: the fourth and third numbers from the end of a row.
inside=$(awk 'NF == 13 && $3 == "mm" && $5 == "mm" { n += $2 >= $(NF - 3) && $2 <= $(NF - 1) } END { print n + 0 }' "$work/a.txt")
ok "most of the nine held-out scans lie inside the 90 % range ($inside do)" test "$inside" -ge 7
finish
