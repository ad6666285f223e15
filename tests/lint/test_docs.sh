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

mechanism_pages()
{
    cp -r docs "$work/docs" && tools/write-docs "$build" "$work/docs" && diff -ru docs "$work/docs" && return
    echo "run make docs"
    return 1
}
ok "the pages of mechanisms, and their list in docs/index.md, are what the model files say" mechanism_pages

whole_pages()
{
    local file name bad=0
    for file in models/patient/*.ant; do
        name=$(basename "$file" .ant)
        [ -f "docs/models/mechanisms/$name.md" ] || { echo "$file has no page: make docs"; bad=1; continue; }
        grep -q "^## What it can't do" "docs/models/mechanisms/$name.md" ||
            { echo "no page of docs/models names $name.ant before its first heading and says what it can't do"; bad=1; }
        [ "$(stat -c %s "docs/models/mechanisms/$name.svg" 2>/dev/null || echo 0)" -gt 1000 ] ||
            { echo "$name has no figure: make docs"; bad=1; }
        [ "$(stat -c %s "docs/models/mechanisms/$name.svg")" -lt 30000 ] || { echo "the figure of $name is too large"; bad=1; }
    done
    [ $bad -eq 0 ]
}
ok "every mechanism has a page with a small figure that says what it can't do" whole_pages

links()
{
    local folder link bad=0
    for folder in . docs docs/models docs/models/mechanisms; do
        for link in $(grep -ohE '\]\([^)# ]+' $folder/*.md | sed 's/^](//' | grep -vE '^(https?|mailto):' | sort -u); do
            [ -e "$folder/$link" ] || { grep -lF "]($link" $folder/*.md; echo "no file $link"; bad=1; }
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
