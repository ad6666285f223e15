#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Example 02 runs on real scans: the record is whole, the response is what the rules say, the held-out scans lie where the
# forecast said, and the bytes do not depend on the number of threads.
set -u
. tests/support/shell.sh
coley=$1/coley
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
scenario=examples/02-nsclc-real-scans/scenario.yaml

"$coley" run "$scenario" --out "$out/a" --threads 1 --quiet >"$out/a.txt" 2>"$out/a.err"
check "the example runs" [ $? -eq 0 ]
"$coley" run "$scenario" --out "$out/b" --threads 2 --quiet >"$out/b.txt" 2>"$out/b.err"
check "one thread and two give the same bytes" diff -r "$out/a" "$out/b"
for file in summary.json trajectory.csv trajectory.h5 lesions.csv events.csv manifest.json report.html; do
    check "the record has $file" [ -s "$out/a/$file" ]
done
check "the response is partial" grep -q '"PR"' "$out/a/summary.json"
"$coley" run "$scenario" --out "$out/a" --quiet >/dev/null 2>"$out/again.err"
check "a folder that is there is left alone without --force" [ $? -ne 0 ]

# Of the nine held-out scans at least seven lie inside the 90 % range.
inside=$(awk '/mm +[0-9.]+ to/ && !/used/ && $3 == "mm" { n += $2 >= $(NF-4) && $2 <= $(NF-1) } END { print n + 0 }' "$out/a.txt")
check "most held-out scans lie inside the 90 % range ($inside of 9)" [ "$inside" -ge 7 ]
check_done
