#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# coley power: the published example, its level without an effect, its size; every mistake in a design is named.
set -u
. tests/support/shell.sh
corpus=tests/fuzz/corpus/power
example=examples/data/delayed_effect.yaml

ok "the example is simulated" sh -c "$coley power $example --trials 1000 --json 2>/dev/null >$work/json"
ok "its power is the published 0.80 to the error of 1000 trials" jq -e '.power > 0.745 and .power < 0.855' "$work/json"
ok "its bounds are the published 2.250 and 2.025" jq -e '(.looks[0].z * 1000 | round) == 2250 and (.looks[1].z * 1000 | round) == 2025' "$work/json"
ok "threads do not matter" sh -c "$coley power $example --trials 200 --threads 1 >$work/one && $coley power $example --trials 200 --threads 2 >$work/two && cmp $work/one $work/two"
ok "without an effect it wins as often as alpha" sh -c "$coley power $example --trials 1000 --no-effect --json 2>/dev/null | jq -e '.power < 0.045'"
ok "fewer people are enough for a lower power" sh -c "$coley power $corpus/small.yaml --trials 300 --size 0.7 --json 2>/dev/null | jq -e '.people > 40 and .people < 160 and .power >= 0.7'"
ok "a power out of reach says so" exits 3 "$coley" power $corpus/small.yaml --trials 100 --size 0.99 --most 42
ok "and what to do" says err "allow more people"
ok "the largest of four tests has a P a look" sh -c "$coley power $corpus/combo.yaml --trials 100 | grep -q 'P 0.0'"
ok "restricted means are compared" sh -c "$coley power $corpus/means.yaml --trials 100 | grep -q 'restricted-mean, 40 people'"

sed "s/looks:.*/looks: [{events: 10}, {events: 20}]\nfutility: pocock/; s/^people: 40/people: 60/" $corpus/small.yaml >$work/futile.yaml
ok "trials are given up at early looks when the design says so" sh -c "$coley power $work/futile.yaml --trials 300 --no-effect --json 2>/dev/null | jq -e '.looks[0].stopped > 0.3 and .looks[1].stopped == .looks[0].stopped and .power < 0.06'"
# z 1.5 at half the information, 1.969 to reach: B(1) - B(1/2) has variance 1/2; R: pnorm((1.5*sqrt(.5)-1.9686)/sqrt(.5)).
ok "conditional power is that of Brownian motion" sh -c "$coley power $work/futile.yaml --look 1 --z 1.5 --json 2>/dev/null >$work/seen && jq -e '(.conditional_power.no_effect - 0.09957 | fabs) < 2e-5 and (.conditional_power.trend - 0.58550 | fabs) < 2e-5 and .decision == \"goes on\"' $work/seen"
ok "a look and its z go together" exits 2 "$coley" power $example --look 1
ok "the last look has no chances left" exits 3 "$coley" power $example --look 2 --z 1
ok "and is told which there are" says err "looks before the last"

while read -r file part; do
    ok "$file is refused" exits 3 "$coley" power $corpus/$file
    ok "because: $part" says err "$part"
done <<'CASES'
both.yaml either `median` or `hazard`
same.yaml no more than the one before
unknown.yaml has no `events`
late.yaml the first begins at 0
dry.yaml never full
never.yaml give `events` or a `time`
notau.yaml needs a `tau`
misspelt.yaml people
negative.yaml -0.5
CASES
finish
