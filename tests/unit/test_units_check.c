/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units through formulas: what agrees is silent, what does not is named with its line and both units. */
#include "model/units_check.h"
#include "base/text.h"
#include "model/antimony.h"
#include "support/check.h"

static coley_error err;

static const coley_network *parsed(coley_arena *arena, const char *text)
{
    coley_network *network = NULL;
    const coley_antimony_source source = {.name = "m.ant", .text = text, .length = strlen(text)};
    err = (coley_error){0};
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) == COLEY_OK) return network;
    CHECK_FAIL_("%s", err.text);
    return NULL;
}

static coley_unit_report checked(coley_arena *arena, const char *text)
{
    coley_unit_report report = {0};
    const coley_network *n = parsed(arena, text);
    if (n) CHECK(coley_units_check(arena, n, &report, &err) == COLEY_OK);
    return report;
}

static const char units[] = "unit per_day = 1/(86400 second); unit nM = 1e-9 mole/litre; unit cell = item;\n";

static void formulas_whose_units_agree_are_silent(void)
{
    static const char *const cases[] = {
        "k = 1 per_day; A = 3 cell; substanceOnly species A; A -> ; k*A\n",
        "k = 1 per_day; A = 3 nM; V = 2 mL; compartment V; species A in V; A -> ; k*A*V\n",
        "k = 1 per_day; A = 3 nM; A' = -k*A; x := exp(-k*time); y := ln(A/K); K = 2 nM\n",
        "a = 1 mg; b = 2 g; x := a + b/1000\n",               /* a bare number may be a conversion */
        "a = 1 mg; x := a + 1; y := max(a, 3); z := a > 2\n", /* and fits anything in a sum */
        "a = 4 mm; x := a^2 + 3*a*a; y := sqrt(a^2) + a; z := (a*a)^0.5 - a\n",
        "a = 4 mm; b = 2 mm; n = 2.5; x := a^n/(a^n + b^n); y := (a/b)^n\n",
        "a = 4 mm; x := a*b; b = 3; y := x + c; c = 2 mg\n", /* b has no unit, so x has any */
        "k = 1 per_day; at 1/k after time > 2/k: k = 3*k\n",
        "a = 2 h; b = 3 min; x := piecewise(a, a > 1, 60*b)\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        const coley_unit_report r = checked(a, coley_arena_printf(a, "%s%s", units, cases[i]));
        for (size_t j = 0; j < r.n_faults; j++) CHECK_FAIL_("%s: %s", cases[i], r.fault[j].text);
        coley_arena_destroy(a);
    }
}

static void formulas_whose_units_disagree_are_named_with_line_and_both_units(void)
{
    static const struct {
        const char *text, *symbol, *part;
        int line;
    } cases[] = {
        {"a = 1 mg; b = 2 per_day;\nx := a + b\n", "x", "mg (mass) against per_day (per time)", 3},
        {"a = 1 mg; b = 2 g; x := a - b\n", "x", "a factor of 0.001", 2},
        {"k = 1 nM; A = 3 cell; substanceOnly species A;\nJ: A -> ; k*A\n", "J", "amount of A per time", 3},
        {"k = 1 per_day; A = 3 nM; V = 2 mL; compartment V; species A in V\nJ: A -> ; k*A\n", "J", "amount of A", 3},
        {"a = 1 mg; x := exp(a)\n", "x", "the argument is not a pure number", 2},
        {"a = 1 mg; b = 2; x := b^a\n", "x", "the exponent is not a pure number", 2},
        {"a = 1 mg; b = 2 mm; x := piecewise(1, a > b, 2)\n", "x", "compared", 2},
        {"a = 1 mg; x := 2*a; x has mm\n", "x", "declared unit", 2},
        {"a = 1 mg; b = 2*a; b has mm\n", "b", "declared unit", 2},
        {"a = 1 mg; a' = 3*a\n", "a", "unit per time", 2},
        {"a = 1 mg; at 3*a after time > 2: a = 4\n", "_E0", "delay", 2},
        {"a = 1 mg; b = 2 mm; at time > 2: a = b\n", "_E0", "new value", 2},
        {"a = 1 mg; y := a; z := y; b = 2 mm; x := z + b\n", "x", "mass", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        const coley_unit_report r = checked(a, coley_arena_printf(a, "%s%s", units, cases[i].text));
        if (r.n_faults != 1) CHECK_FAIL_("%s: %zu faults", cases[i].text, r.n_faults);
        if (r.n_faults) {
            CHECK_TEXT(r.fault[0].symbol, cases[i].symbol);
            CHECK_HAS(r.fault[0].text, cases[i].part);
            CHECK(r.fault[0].line == cases[i].line);
        }
        coley_arena_destroy(a);
    }
}

static void a_long_chain_of_rules_is_followed(void)
{
    coley_arena *a = coley_arena_create();
    coley_text text = {.arena = a};
    enum { N = 30000 };
    for (int i = N - 1; i > 0; i--) coley_text_addf(&text, "x%d := x%d*2\n", i, i - 1);
    coley_text_addf(&text, "x0 = 1 mg; y := x%d + b; b = 2 mm\n", N - 1);
    const coley_unit_report r = checked(a, text.data);
    CHECK(r.n_faults == 1 && r.n_symbols == 2 && r.n_with_unit == 2);
    coley_arena_destroy(a);
}

static void every_allocation_may_fail(void)
{
    int done = 0;
    for (size_t k = 1; k < 400 && !done; k++) {
        coley_arena *whole = coley_arena_create(), *a = coley_arena_create_failing(k);
        const coley_network *n = parsed(whole, "a = 1 mg; b = 2 h; x := a + b; y := x + 1; J: S -> ; a\n");
        coley_unit_report r;
        const coley_status status = coley_units_check(a, n, &r, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        done = status == COLEY_OK;
        coley_arena_destroy(a);
        coley_arena_destroy(whole);
    }
    CHECK(done);
}

int main(void)
{
    RUN(formulas_whose_units_agree_are_silent);
    RUN(formulas_whose_units_disagree_are_named_with_line_and_both_units);
    RUN(a_long_chain_of_rules_is_followed);
    RUN(every_allocation_may_fail);
    return check_done();
}
