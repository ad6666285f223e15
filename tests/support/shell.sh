# SPDX-License-Identifier: GPL-3.0-or-later
# shell.sh -- check.h for tests in shell: TAP on standard output. Source it; $1 of the test is the build folder.
build=${1:?usage: bash test_NAME.sh BUILD-FOLDER}
case $build in /*) ;; *) build=$PWD/$build ;; esac
coley=$build/coley
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0

# ok SENTENCE COMMAND...: the command succeeds. What it prints is shown when it does not.
ok()
{
    local what=$1
    shift
    count=$((count + 1))
    if "$@" >"$work/ok.log" 2>&1; then
        echo "ok $count - $what"
    else
        failed=$((failed + 1))
        sed 's/^/# /' "$work/ok.log" | head -20
        echo "not ok $count - $what"
    fi
}

# exits CODE COMMAND...: its exit code; output is left in $work/out and $work/err.
exits()
{
    local want=$1 got=0
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$want" ] && return
    echo "exit code $got, expected $want: $*"
    cat "$work/err"
    return 1
}

# says FILE TEXT: the file holds the text.
says()
{
    grep -qF -- "$2" "$work/$1" && return
    echo "\"$2\" is not in what $1 holds:"
    cat "$work/$1"
    return 1
}

silent()
{
    [ ! -s "$work/$1" ] && return
    echo "$1 is not empty:"
    cat "$work/$1"
    return 1
}

finish()
{
    echo "1..$count"
    [ "$failed" -eq 0 ]
}
