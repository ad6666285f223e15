# SPDX-License-Identifier: GPL-3.0-or-later
# example.sh -- run an example and hold its figures against its expected.json. Source it after shell.sh.

# figures FOLDER EXPECTED: each row of EXPECTED names a figure of FOLDER/summary.json by a jq path, with its value and,
# for numbers, how far it may be off.
figures()
{
    jq -r '.[] | [.what, (.value | tostring), (.tolerance // 0 | tostring), .path] | join("\u0001")' "$2" |
        {
            bad=0 n=0
            while IFS="$(printf '\001')" read -r what want tolerance path; do
                got=$(jq -r "$path" "$1/summary.json")
                n=$((n + 1))
                awk -v got="$got" -v want="$want" -v tolerance="$tolerance" 'BEGIN {
                    number = want ~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/
                    d = got - want
                    exit !(number ? got != "null" && (d < 0 ? -d : d) <= tolerance : got == want) }' && continue
                echo "$what: $got, expected $want within $tolerance"
                bad=1
            done
            [ $n -gt 0 ] && [ $bad -eq 0 ]
        }
}
