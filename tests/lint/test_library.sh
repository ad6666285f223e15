# SPDX-License-Identifier: GPL-3.0-or-later
# What the library promises to a program that links it: it does not print, exit or allocate on its own, keeps no state,
# and takes no names but coley_.
. tests/support/shell.sh

library=$build/libcoley.a
sanitized=$(grep -cE '^COLEY_(SANITIZE:[A-Z]+=.+|FUZZ:BOOL=ON)' "$build/CMakeCache.txt")

# uses REGEX: members of the library that refer to a symbol that matches, one a line.
uses() { nm -u -A "$library" | awk -F: -v re="^ *U (__)?($1)(_chk)?$" '$3 ~ re { print $2 ":" $3 }'; }

none() { ! grep .; }

no_print() { uses 'exit|_exit|_Exit|quick_exit|abort|printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|fputc|perror|stdout|stderr' | none; }
ok "no library object prints or exits" no_print

no_malloc() { uses 'malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup|strndup|asprintf|vasprintf|getline' | grep -v '^alloc\.c\.o:' | none; }
ok "no library object but base/alloc.c uses malloc and its family" no_malloc

no_random() { uses 'rand|srand|random|drand48|rand_r|time|setlocale|signal|sigaction' | none; }
ok "no library object asks for C's random numbers, the time of day, the locale or signals" no_random

no_state()
{
    [ "$sanitized" -eq 0 ] || return 0
    objdump -t "$library" | awk '/file format/ { member = $1 }
        / O \.t?(data|bss)/ && !/ \.data\.rel\.ro/ { print member " " $NF " can change" }' | none
}
ok "no library object keeps state that can change" no_state

only_coley() { nm -g --defined-only "$library" 2>/dev/null | awk 'NF == 3 && $3 !~ /^coley_/ && $3 !~ /^(__asan|__odr_asan|__ubsan|__sanitizer|__tsan|__start|__stop)/ { print $3 }' | none; }
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
