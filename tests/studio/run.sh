# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD NAME -- tests/studio/NAME.mjs with the program of BUILD. It is skipped, by name, where there is no page in the
# program, no node, no browser, or no playwright-core beside the page that was built.
build=${1:?usage: run.sh BUILD NAME} name=${2:?}
skip()
{
    echo "1..0 # SKIP $name: $1"
    exit 0
}
command -v node >/dev/null || skip "no node"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip "playwright-core needs node 20"
[ -f "$build/studio/index.html" ] || skip "coley is built without the studio"
[ -d "${COLEY_STUDIO_MODULES:-$build/studio/page/node_modules}/playwright-core" ] || skip "no playwright-core in $build/studio/page"
[ -n "${COLEY_CHROMIUM:-}" ] || command -v chromium >/dev/null || skip "no chromium"
exec node "tests/studio/$name.mjs" "$build"
