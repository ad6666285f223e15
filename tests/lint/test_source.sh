# SPDX-License-Identifier: GPL-3.0-or-later
# What every source file promises.
. tests/support/shell.sh

sources() { find src include tests bench tools -type f -not -path '*/corpus/*' 2>/dev/null | sort; }

# none SENTENCE: fails and shows what comes in on standard input, if anything does.
none() { ! grep .; }

ok "a folder includes only its own floor's folder and those below" tools/check-floors src

floors_are_checked()
{
    mkdir -p "$work/src/base" "$work/src/clinic" "$work/src/tissue"
    echo '#include "clinic/response.h"' >"$work/src/base/a.c"
    echo '#include "tissue/cell.h"' >"$work/src/clinic/b.c"
    ! tools/check-floors "$work/src" >"$work/found" && [ "$(wc -l <"$work/found")" -eq 2 ]
}
ok "the check of the floors finds an include that goes up and one that goes sideways" floors_are_checked

spdx() { sources | grep -E '\.([ch]|cpp|sh|py)$|^tools/[a-z-]+$|CMakeLists.txt$' | xargs awk 'FNR <= 2 && /SPDX-License-Identifier: GPL-3.0-or-later/ { seen[FILENAME] = 1 }
    FNR == 3 || FNR == 1 { files[FILENAME] = 1 } END { for (f in files) if (!(f in seen)) print f ": no SPDX line" }' | none; }
ok "every source file has its licence in the first two lines" spdx

unique() { find src -name '*.[ch]' -printf '%f\n' | sort | uniq -d | none; }
ok "no two files in src have one name" unique

has_head() { find src include -name '*.[ch]' -exec awk 'FNR == 2 && !/^\/\* [a-z0-9_]+\.[ch] -- / { print FILENAME ": line 2 is not \"/* name.c -- what it is\"" }' {} + | none; }
ok "every file in src says in its second line what it is" has_head

head_names() { find src include -name '*.[ch]' -exec awk 'FNR == 2 { m = split(FILENAME, p, "/"); if ($2 != p[m]) print FILENAME ": the head comment calls it " $2 }' {} + | none; }
ok "the head comment names the file that it stands in" head_names

not_too_long() { find src include -name '*.[ch]' -exec awk 'END { } FNR == 900 { print FILENAME ": longer than 900 lines" }' {} + | none; }
ok "no source file is longer than 900 lines" not_too_long

# Header guards, optional libraries and instruction sets apart, one text is compiled everywhere.
no_if()
{
    find src -name '*.[ch]' -not -path 'src/base/*' -not -path 'src/cli/*' | xargs grep -nE '^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)\b' |
        grep -vE '#ifndef COLEY_[A-Z0-9_]+_H$|COLEY_HAVE_|__x86_64__|__AVX|__GNUC__|__clang__|__cplusplus' | none
}
ok "science is not written twice under #if" no_if

# The patterns are in two parts so that this file does not find itself.
no_workplace()
{
    local p='/wo''rk/(wt|main|shared)|\.\./sha''red|pypi\.o''rg|npm''js\.|deb\.deb''ian|crates\.i''o|proxy\.go''lang'
    { git ls-files 2>/dev/null || find . -type f -not -path './build/*' | sed 's|^\./||'; } |
        while read -r file; do [ -f "$file" ] && printf '%s\0' "$file"; done | xargs -0 grep -InE "$p" | none
}
ok "no file names the place where it was written, nor a package registry" no_workplace

no_todo() { sources | grep -E '\.[ch]$' | xargs grep -nE '\b(TO''DO|FIX''ME|XX''X)\b' | none; }
ok "nothing is left to do in the source" no_todo

finish
