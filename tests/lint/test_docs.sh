# SPDX-License-Identifier: GPL-3.0-or-later
# The pages that come from tables in the source are those of this source.
. tests/support/shell.sh

cli_page()
{
    "$coley" man --markdown >"$work/cli.md" && diff -u docs/cli.md "$work/cli.md" && return
    echo "run make docs"
    return 1
}
ok "docs/cli.md is what the table of options says" cli_page

links()
{
    local page link bad=0
    for page in README.md CONTRIBUTING.md docs/*.md; do
        for link in $(grep -oE '\]\([^)#]+' "$page" | sed 's/^](//' | grep -vE '^(https?|mailto):'); do
            [ -e "$(dirname "$page")/$link" ] || { echo "$page: no file $link"; bad=1; }
        done
    done
    [ $bad -eq 0 ]
}
ok "every link between pages leads to a file" links

targets()
{
    local target bad=0
    for target in $(cat README.md CONTRIBUTING.md docs/*.md | grep -oE '`make [a-z][a-z-]+' | tr -d '`' | awk '{ print $2 }' | sort -u); do
        grep -qE "^($target|${target%%-*}-%)[ :]" Makefile || { echo "make $target is in a page, not in the Makefile"; bad=1; }
    done
    [ $bad -eq 0 ]
}
ok "every make target that a page names is in the Makefile" targets

finish
