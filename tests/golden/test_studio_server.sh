# SPDX-License-Identifier: GPL-3.0-or-later
# The server of coley studio, without a browser: who may ask, what is refused, what survives, and that it tells the truth.
. tests/support/shell.sh

if ! command -v node >/dev/null || "$coley" studio --port 0 --project /dev/null/none 2>&1 | grep -q 'was built without'; then
    echo "1..0 # SKIP coley studio is left out of this build, or there is no node"
    exit 0
fi
node tests/golden/studio_server.mjs "$build" >"$work/tap" 2>&1
code=$?
awk '/^(not )?ok - / { n++; sub(/ok - /, "ok " n " - ") } { print } END { print "1.." n + 0 }' "$work/tap"
exit $code
