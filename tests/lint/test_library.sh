# SPDX-License-Identifier: GPL-3.0-or-later
# What the library promises to a program that links it: it does not print, exit or allocate on its own, keeps no state,
# and takes no names but coley_.
. tests/support/shell.sh

objects=$(find "$build/CMakeFiles/coley.dir" -name '*.o' | sort)
sanitized=$(grep -cE '^COLEY_(SANITIZE:[A-Z]+=.+|FUZZ:BOOL=ON)' "$build/CMakeCache.txt")

# uses REGEX: objects that refer to a symbol that matches, one a line.
uses()
{
    local object
    for object in $objects; do
        nm -u "$object" | awk -v name="${object#"$build"/CMakeFiles/coley.dir/}" -v re="^(__)?($1)(_chk)?$" '$2 ~ re { print name ": " $2 }'
    done
}

none() { ! grep .; }

no_print() { uses 'exit|_exit|_Exit|quick_exit|abort|printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|fputc|perror|stdout|stderr' | none; }
ok "no library object prints or exits" no_print

no_malloc() { uses 'malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup|strndup|asprintf|vasprintf|getline' | grep -v '^src/base/alloc\.c\.o:' | none; }
ok "no library object but base/alloc.c uses malloc and its family" no_malloc

no_random() { uses 'rand|srand|random|drand48|rand_r|time|setlocale|signal|sigaction' | none; }
ok "no library object asks for C's random numbers, the time of day, the locale or signals" no_random

no_state()
{
    [ "$sanitized" -eq 0 ] || return 0
    local object
    for object in $objects; do
        objdump -t "$object" | awk -v name="${object#"$build"/CMakeFiles/coley.dir/}" '/ O \.t?(data|bss)/ && !/ \.data\.rel\.ro/ { print name ": " $NF " can change" }'
    done | none
}
ok "no library object keeps state that can change" no_state

only_coley() { nm -g --defined-only "$build/libcoley.a" 2>/dev/null | awk 'NF == 3 && $3 !~ /^coley_/ && $3 !~ /^(__asan|__odr_asan|__ubsan|__sanitizer|__tsan|__start|__stop)/ { print $3 }' | none; }
ok "every name that the library defines for others starts with coley_" only_coley

headers_alone()
{
    local header
    for header in include/coley/*.h; do
        gcc -std=c17 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -Iinclude -fsyntax-only -x c "$header" || return
        command -v g++ >/dev/null || continue
        g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ "$header" || return
    done
}
ok "every public header compiles alone, as C17 and as C++17" headers_alone

finish
