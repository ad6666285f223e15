# SPDX-License-Identifier: GPL-3.0-or-later
# What the command line promises to people and to workflow tools: channels, exit codes, messages, help from one table.
. tests/support/shell.sh

version_is_one_line() { exits 0 "$coley" --version && silent err && [ "$(wc -l <"$work/out")" -eq 1 ] && grep -qE '^coley [0-9]+\.[0-9]+\.[0-9]+$' "$work/out"; }
ok "--version is one line on standard output" version_is_one_line

nothing_is_usage() { exits 2 "$coley" && silent out && says err "Usage: coley COMMAND"; }
ok "no command at all lists the commands on standard error and exits with 2" nothing_is_usage

help_everywhere()
{
    exits 0 "$coley" --help && says out "Usage: coley COMMAND" && silent err || return
    local name
    "$coley" man --markdown | sed -n 's/^## coley //p' >"$work/commands"
    [ -s "$work/commands" ] || return
    while read -r name; do
        # shellcheck disable=SC2086
        exits 0 "$coley" $name --help && says out "Usage: coley $name" && silent err || return
        cp "$work/out" "$work/first"
        # shellcheck disable=SC2086
        exits 0 "$coley" help $name && cmp "$work/first" "$work/out" || return
        # shellcheck disable=SC2086
        exits 0 "$coley" $name --version && says out "coley " || return
        awk 'length > 80 && !/^  coley/ { print "too wide: " $0; bad = 1 } END { exit bad }' "$work/out" || return
    done <"$work/commands"
}
ok "every command has --help, --version and a page in coley help" help_everywhere

suggests_command() { exits 2 "$coley" verison && silent out && says err 'did you mean version?'; }
ok "a misspelt command is refused with the nearest name" suggests_command

suggests_option() { exits 2 "$coley" version --jsno && silent out && says err 'did you mean --json?'; }
ok "a misspelt option is refused with the nearest name" suggests_option

foreign_option() { exits 2 "$coley" man --seed 3 && says err "--seed is not an option of coley man" && exits 2 "$coley" --seed 3 man && says err "--seed is not an option of coley man"; }
ok "an option that a command does not use is refused, not ignored" foreign_option

early_option() { exits 0 "$coley" --json version && grep -q '^{"version"' "$work/out"; }
ok "shared options may stand before the command" early_option

usage_errors()
{
    exits 2 "$coley" completion && says err "usage: coley completion bash|zsh|fish" &&
        exits 2 "$coley" completion bash zsh && says err "one argument too many" &&
        exits 2 "$coley" completion ksh && says err "not one of bash, zsh, fish" &&
        exits 2 "$coley" version --json=yes && says err "takes no value" &&
        exits 2 "$coley" man --pages && says err "needs a value" &&
        exits 2 "$coley" man --pages= && says err "empty" &&
        exits 2 "$coley" -x && exits 2 "$coley" nosuch --help
}
ok "wrong use exits with 2 and says what is right" usage_errors

full_disk() { local rc=0; "$coley" help >/dev/full 2>"$work/err" || rc=$?; [ $rc -eq 5 ] && says err "standard output"; }
ok "a full disk under standard output is an error with exit code 5" full_disk

closed_output() { local rc=0; "$coley" help >&- 2>"$work/err" || rc=$?; [ $rc -eq 5 ]; }
ok "a closed standard output is an error with exit code 5" closed_output

no_color() { TERM=xterm exits 2 "$coley" verison && ! grep -q "$(printf '\033')" "$work/err"; }
ok "no colour goes into a file" no_color

man_pages_are_clean()
{
    "$coley" man --pages "$work/man" || return
    [ "$(ls "$work/man" | wc -l)" -eq $(($("$coley" man --markdown | grep -c '^## coley ') + 1)) ] || return
    command -v groff >/dev/null || return 0
    local page
    for page in "$work"/man/*.1; do
        groff -man -Tutf8 -ww -z "$page" >"$work/groff" 2>&1 || return
        [ ! -s "$work/groff" ] || { cat "$work/groff"; return 1; }
    done
}
ok "every man page is written and groff has nothing to say against it" man_pages_are_clean

completes()
{
    # shellcheck disable=SC1090
    (
        source <("$coley" completion bash) || exit
        COMP_WORDS=(coley ver) COMP_CWORD=1
        _coley
        [ "${COMPREPLY[*]}" = version ] || { echo "got: ${COMPREPLY[*]}"; exit 1; }
        COMP_WORDS=(coley version --j) COMP_CWORD=2
        _coley
        [ "${COMPREPLY[*]}" = --json ] || { echo "got: ${COMPREPLY[*]}"; exit 1; }
        COMP_WORDS=(coley model si) COMP_CWORD=2
        _coley
        [ "${COMPREPLY[*]}" = simulate ] || { echo "got: ${COMPREPLY[*]}"; exit 1; }
        COMP_WORDS=(coley model simulate --wa) COMP_CWORD=3
        _coley
        [ "${COMPREPLY[*]}" = --watch ] || { echo "got: ${COMPREPLY[*]}"; exit 1; }
        COMP_WORDS=(coley completion z) COMP_CWORD=2
        _coley
        [ "${COMPREPLY[*]}" = zsh ] || { echo "got: ${COMPREPLY[*]}"; exit 1; }
    )
}
ok "bash completes commands, options and choices" completes

family() { exits 0 "$coley" help model && says out "model simulate" && exits 0 "$coley" model --help && says out "model simulate" && exits 2 "$coley" model && exits 2 "$coley" model simulat && says err "did you mean simulate?"; }
ok "a family of commands lists its members" family

finish
