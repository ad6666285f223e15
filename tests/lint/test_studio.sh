# SPDX-License-Identifier: GPL-3.0-or-later
# What the source of the page promises.
. tests/support/shell.sh

none() { ! grep .; }
files() { find studio/src tests/studio -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.mjs' -o -name '*.css' \) | sort; }

heads() { files | grep -v '\.css$' | xargs awk 'FNR == 1 && !/SPDX-License-Identifier: GPL-3.0-or-later/ { print FILENAME ": no licence" }
    FNR == 2 && !/^\/\/ ./ { print FILENAME ": line 2 does not say what it is" }' | none; }
ok "every file of the page has its licence and says in its second line what it is" heads

elsewhere() { grep -nE '"resolved"' studio/package-lock.json | none && grep -L '"integrity"' studio/package-lock.json | none; }
ok "the lock file has hashes and names no host" elsewhere

pinned() { sed -n '/ependencies"/,/}/p' studio/package.json | grep -E '": "[~^*<>]' | none; }
ok "versions of packages are pinned" pinned

unsafe() { files | xargs grep -nE '\beval\(|new Function\(|innerHTML|dangerouslySetInnerHTML|\bon[a-z]+="' | none; }
ok "nothing evaluates text or writes markup" unsafe

if [ -f "$build/studio/index.html" ]; then
    small() { [ "$(stat -c %s "$build/studio/index.html.gz")" -lt 150000 ]; }
    ok "the page is under 150 kB when compressed" small
    alone() { grep -oE '(src|href)="?(https?:)?//[^" >]+|url\((https?:)?//[^)]+\)' "$build/studio/index.html" | none; }
    ok "the page takes nothing from another host" alone
fi
if [ -x "$build/studio/page/node_modules/.bin/tsc" ]; then
    typed() { cp -r studio "$work/studio" && ln -s "$build/studio/page/node_modules" "$work/studio/node_modules" &&
        "$build/studio/page/node_modules/.bin/tsc" --noEmit -p "$work/studio"; }
    ok "the types of the page are right" typed
fi
finish
