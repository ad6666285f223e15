/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "model/antimony.h"
#include "model/expr_text.h"
#include "model/program.h"
#include "support/check.h"

#include <stdlib.h>

static coley_error err;

static const coley_network *parsed(coley_arena *arena, const char *text)
{
    coley_network *network = NULL;
    const coley_antimony_source source = {.name = "m.ant", .text = text, .length = strlen(text)};
    err = (coley_error){0};
    return coley_antimony_parse(arena, &source, 1, NULL, &network, &err) == COLEY_OK ? network : NULL;
}

static double initial_of(const coley_network *n, const char *id)
{
    const int32_t s = coley_network_symbol(n, id);
    return s < 0 || !n->symbol[s].initial ? NAN : n->symbol[s].initial->number;
}

static void a_small_model_is_read_with_units_notes_and_names(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "model m()\n  compartment V = 2;\n  species A in V, $B;\n  A = 3; B = 1;\n"
                  "  k = 0.5 per_day; //! lognormal(0.5, 0.2); Somebody 1999, Table 2\n"
                  "  k is \"rate of A\"; A has uM;\n  J1: A + 2 B -> ; k*A*B;\n  => A; 1 # made\nend\n");
    CHECK(n != NULL);
    if (n) {
        CHECK_TEXT(n->id, "m");
        CHECK(n->n_reactions == 2 && n->reaction[0].n_reactants == 2 && n->reaction[1].n_products == 1);
        const coley_symbol *k = &n->symbol[coley_network_symbol(n, "k")];
        CHECK_TEXT(k->unit, "per_day");
        CHECK_TEXT(k->name, "rate of A");
        CHECK_TEXT(k->source, "Somebody 1999, Table 2");
        CHECK(k->spread == COLEY_SPREAD_LOGNORMAL && k->spread_a == 0.5 && k->spread_b == 0.2);
        CHECK(n->symbol[coley_network_symbol(n, "B")].boundary);
        CHECK_NEAR(n->reaction[0].reactant[1].amount->number, 2, 0);
    }
    coley_arena_destroy(a);
}

static void a_lesion_shares_the_blood_and_keeps_its_own_names(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "model lesion(T)\n  substanceOnly species C; C = 5; k = 2;\n  come: T -> C; k*T;\nend\n"
                  "model body()\n  substanceOnly species T; T = 7;\n  L1: lesion(T); L2: lesion(T); L2.k = 9;\nend\n"
                  "model lesion()\n  f := 2*C;\nend\n");
    CHECK(n != NULL);
    if (n) {
        CHECK(n->n_reactions == 2);
        CHECK(n->reaction[0].reactant[0].species == n->reaction[1].reactant[0].species);
        CHECK_NEAR(initial_of(n, "L1.k"), 2, 0);
        CHECK_NEAR(initial_of(n, "L2.k"), 9, 0);
        CHECK(coley_network_symbol(n, "L2.f") >= 0 && coley_network_symbol(n, "L1.T") < 0);
    }
    coley_arena_destroy(a);
}

static void a_rule_takes_over_a_plain_default_in_any_order(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "model m()\nx := 2*y; y = 3;\nend\nmodel m()\nx = 0; //! ; neutral\nend\n");
    CHECK(n && n->symbol[coley_network_symbol(n, "x")].rule_kind == COLEY_RULE_ASSIGNMENT);
    CHECK(!parsed(a, "x = 1;\nx = 2;\n"));
    CHECK_HAS(err.text, "m.ant:1");
    CHECK(err.line == 2);
    CHECK(!parsed(a, "x := 1; y = 2\nx := y\n") && err.line == 2);
    coley_arena_destroy(a);
}

static void what_is_wrong_is_said_with_line_and_column(void)
{
    static const struct {
        const char *text;
        int line, column;
        const char *part;
    } cases[] = {
        {"a = 1 +;\n", 1, 8, "expected"},
        {"a = 2;\nb = (a;\n", 2, 7, "\")\""},
        {"a = sine(2)\n", 1, 5, "did you mean \"sin\""},
        {"model m()\n a = 1\n", 1, 1, "no \"end\""},
        {"A -> B\n", 1, 1, "rate"},
        {"a = b;\n", 0, 0, "no value"},
        {"x := y; y := x;\n", 0, 0, "itself"},
        {"a = \"open\n", 1, 10, "closing quote"},
        {"a = 1 @ 2\n", 1, 7, "@"},
        {"E: at (a > 1), often=true: a = 2; a = 0;\n", 1, 16, "priority, t0"},
        {"import \"b.ant\"\n", 1, 8, "no folder"},
        {"L1: nobody(x)\n", 1, 5, "nobody"},
        {"a = 1 per_day; //! lognormal(-1, 2); x\n", 1, 0, "range"},
        {"function f(x) g(x) end\nfunction g(x) f(x) end\na = f(1)\n", 0, 0, "32 deep"},
        {"model m()\n L: m()\nend\nmodel t()\n L: m()\nend\n", 2, 0, "16 deep"},
        {"\xff = 1\n", 0, 0, "UTF-8"},
        {"A = 1; B = 0; v: A -> B; A\nv: B -> A; B\n", 2, 0, "second reaction"},
        {"function f(x) x end\nfunction f(y) 2*y end\na = f(1)\n", 2, 10, "second function"},
        {"a = 1; //! gauss(1, 2); x\n", 1, 8, "no spread \"gauss"},
        {"a = 1; //! normal(1 2); x\n", 1, 0, "written normal"},
        {"a = 1\n//! ; lost\nb = 2\n", 2, 1, "behind no value"},
        {"b = 2; a := b; //! normal(1, 2); x\n", 1, 0, "behind a rule"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        CHECK(!parsed(a, cases[i].text));
        CHECK_HAS(err.text, cases[i].part);
        if (cases[i].line) CHECK(err.line == cases[i].line);
        if (cases[i].column) CHECK(err.column == cases[i].column);
        coley_arena_destroy(a);
    }
}

static void nesting_without_end_is_refused_not_crashed_on(void)
{
    coley_arena *a = coley_arena_create();
    const size_t n = 200000;
    char *text = malloc(2 * n + 16);
    memcpy(text, "a = ", 4);
    memset(text + 4, '(', n);
    strcpy(text + 4 + n, "1\n");
    CHECK(!parsed(a, text));
    CHECK_HAS(err.text, "nested");
    memset(text + 4, '-', n);
    CHECK(!parsed(a, text));
    char *p = text + 4;
    for (size_t i = 0; i < n / 4; i++) p += sprintf(p, "1+x");
    strcpy(p, "\n");
    CHECK(!parsed(a, text));
    free(text);
    coley_arena_destroy(a);
}

static void what_grows_without_end_when_written_out_is_refused_at_once(void)
{
    coley_arena *a = coley_arena_create();
    char text[8192], *p = text;
    p += sprintf(p, "function f0(x) x*x end\n");
    for (int i = 1; i < 31; i++) p += sprintf(p, "function f%d(x) f%d(x) + f%d(2*x) end\n", i, i - 1, i - 1);
    sprintf(p, "a = 1; b := f30(a)\n");
    CHECK(!parsed(a, text));
    CHECK_HAS(err.text, "written out");
    p = text + sprintf(text, "function f(x) x*x end\na = 1; b := ");
    for (int i = 0; i < 60; i++) p += sprintf(p, "f(");
    p += sprintf(p, "a");
    for (int i = 0; i < 60; i++) *p++ = ')';
    strcpy(p, "\n");
    CHECK(!parsed(a, text));
    CHECK_HAS(err.text, "written out");
    p = text + sprintf(text, "model m0()\nend\n");
    for (int i = 1; i < 16; i++)
        p += sprintf(p, "model m%d()\nA: m%d(); B: m%d(); C: m%d(); D: m%d()\nend\n", i, i - 1, i - 1, i - 1, i - 1);
    CHECK(!parsed(a, text));
    CHECK_HAS(err.text, "submodels");
    coley_arena_destroy(a);
}

static void a_chain_of_rules_as_long_as_it_likes_is_no_deep_recursion(void)
{
    coley_arena *a = coley_arena_create();
    enum { N = 30000 };
    coley_text text = {.arena = a};
    coley_text_addf(&text, "s' = x%d; s = 0; x0 = 1; z0 = z1;\n", N - 1);
    for (int i = N - 1; i > 0; i--) coley_text_addf(&text, "x%d := x%d + 1\nz%d = z%d\n", i, i - 1, i, i + 1);
    coley_text_addf(&text, "z%d = 4\n", N);
    const coley_network *n = parsed(a, text.data);
    CHECK(n != NULL);
    const coley_program *program = NULL;
    if (n) {
        CHECK(coley_program_compile(a, n, &program, &err) == COLEY_OK);
        double y[COLEY_LANES], dy[COLEY_LANES], t[COLEY_LANES] = {0};
        CHECK(coley_program_state_count(program) == 1);
        const int32_t first = coley_program_input_of(program, coley_network_symbol(n, "x0"));
        CHECK(coley_program_input_count(program) == 3);
        double *in = COLEY_NEW(a, double, 3 * COLEY_LANES);
        in[(size_t)first * COLEY_LANES] = 1;
        void *work = coley_arena_alloc(a, coley_program_work_size(program, COLEY_LANES));
        coley_program_initial(program, COLEY_LANES, NULL, in, work, y);
        coley_program_rhs(program, COLEY_LANES, t, y, work, dy);
        CHECK_NEAR(dy[0], N, 0);
    }
    text.length = 0;
    for (int i = 0; i < N; i++) coley_text_addf(&text, "x%d = x%d\n", i, (i + 1) % N);
    n = parsed(a, text.data);
    CHECK(n && coley_program_compile(a, n, &program, &err) != COLEY_OK);
    CHECK_HAS(err.text, "itself");
    coley_arena_destroy(a);
}

static void the_text_outside_all_blocks_is_the_model_unless_one_is_starred(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "model lost()\n x = 1\nend\nunit u = 2 second\ny = 2\n");
    CHECK(n && coley_network_symbol(n, "y") >= 0 && coley_network_symbol(n, "x") < 0);
    n = parsed(a, "model first()\n x = 1\nend\nmodel *main()\n y = 2\nend\nmodel last()\n z = 3\nend\n");
    CHECK(n && coley_network_symbol(n, "y") >= 0);
    n = parsed(a, "model first()\n x = 1\nend\nmodel last()\n z = 3\nend\nunit u = 2 second\n");
    CHECK(n && coley_network_symbol(n, "z") >= 0);
    coley_arena_destroy(a);
}

static void formulas_mean_what_the_language_says(void)
{
    static const struct {
        const char *formula;
        double value;
    } cases[] = {
        {"2+3*4", 14},
        {"-2^2", -4},
        {"2^3^2", 512},
        {"2^-1", 0.5},
        {"(1+2)/4", 0.75},
        {"log(100)", 2},
        {"ln(exp(2))", 2},
        {"log(2,8)", 3},
        {"17 % 5", 2},
        {"rem(-7, 3)", -1},
        {"quotient(17, 5)", 3},
        {"factorial(5)", 120},
        {"implies(1, 0)", 0},
        {"xor(1, 0)", 1},
        {"arcsinh(sinh(1.5))", 1.5},
        {"acosh(cosh(1.5))", 1.5},
        {"atanh(tanh(0.5))", 0.5},
        {"arcsech(sech(1.5))", 1.5},
        {"arccsch(csch(1.5))", 1.5},
        {"arccoth(coth(1.5))", 1.5},
        {"sec(1)*cos(1) + csc(1)*sin(1) + cot(1)*tan(1)", 3},
        {"arccot(cot(1)) + asec(sec(1)) + arccsc(csc(1))", 3},
        {"plus(1,2,3)*times(2,2)", 24},
        {"root(3,27)", 3},
        {"max(1,5,3)", 5},
        {"piecewise(1, 2>3, 7, 3>2, 9)", 7},
        {"1 < 2 && 2 < 1", 0},
        {"!(1==1) || true", 1},
        {"sqrt(2)^2", 2},
        {"cube(2) + cube(1)", 9},
        {"10 - 2 - 3", 5},
        {"24 / 4 / 2", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        char text[256];
        snprintf(text, sizeof text, "function cube(x)\n x^3\nend\nq = %s\n", cases[i].formula);
        const coley_network *n = parsed(a, text);
        CHECK(n != NULL);
        if (n) CHECK_NEAR(initial_of(n, "q"), cases[i].value, 1e-14);
        coley_arena_destroy(a);
    }
}

static const coley_symbol *symbol_of(const coley_network *n, const char *id)
{
    static const coley_symbol none;
    const int32_t s = n ? coley_network_symbol(n, id) : -1;
    return s < 0 ? &none : &n->symbol[s];
}

static void one_thing_may_have_two_names(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "model side()\n J0: S + E -> SE; k1*S*E;\n S = 5; E = 3; SE = 0; k1 = 1.2;\nend\n"
                  "model full()\n var species S;\n A: side(); B: side()\n A.S is S; B.S is S; B.k1 = 2.4\n"
                  " S = 7\n J3: B.SE -> ; 0.02*B.SE\nend\n");
    CHECK(n != NULL);
    CHECK_NEAR(n ? initial_of(n, "S") : 0, 7, 0);
    if (n) {
        CHECK(coley_network_symbol(n, "A.S") < 0 && n->n_reactions == 3);
        CHECK(n->reaction[0].reactant[0].species == coley_network_symbol(n, "S"));
        CHECK(n->reaction[1].reactant[0].species == coley_network_symbol(n, "S"));
        CHECK_NEAR(initial_of(n, "A.k1"), 1.2, 0);
        CHECK_NEAR(initial_of(n, "B.k1"), 2.4, 0);
        CHECK_TEXT(n->reaction[1].id, "B.J0");
    }
    n = parsed(a, "J: A -> B; k*A; k = 1; A = 2\nA is ABA; B is ABA8OH\nx := A + B\n");
    CHECK(n && coley_network_symbol(n, "A") < 0 && n->n_symbols == 4);
    CHECK_NEAR(n ? initial_of(n, "ABA") : 0, 2, 0);
    /* A name of the list seen from outside is the name that was handed in. */
    n = parsed(a, "model m(p)\n q := 2*p\nend\nmodel t()\n P = 3\n A: m(P); z := A.p + A.q\nend\n");
    CHECK(n && coley_network_symbol(n, "A.p") < 0 && symbol_of(n, "z")->rule != NULL);
    CHECK(!parsed(a, "species S; compartment C; S is C\n"));
    CHECK_HAS(err.text, "cannot be the same");
    CHECK(!parsed(a, "x = 1; y = 2; x is y * 3\n"));
    CHECK_HAS(err.text, "conversion factor");
    coley_arena_destroy(a);
}

static void what_is_deleted_takes_its_reactions_and_formulas_along(void)
{
    coley_arena *a = coley_arena_create();
    static const char text[] = "model m()\n J1: S1 -> S2; k*S1; J2: S2 -> S3; k*S2; J3: S3 -> ; S3*S1\n"
                               " k = 1; E1: at time > 3: S1 = 2, S2 = 4; y := S1 + 1\nend\n"
                               "model t()\n A: m(); delete A.S1; A.J3 = 0.5; A.y = 3\n%s\nend\n";
    char full[600];
    snprintf(full, sizeof full, text, "");
    const coley_network *n = parsed(a, full);
    CHECK(n && n->n_reactions == 2 && coley_network_symbol(n, "A.S1") < 0);
    if (n) {
        CHECK_TEXT(n->reaction[0].id, "A.J2");
        CHECK(n->n_events == 1 && n->event[0].n_assignments == 1);
        CHECK(symbol_of(n, "A.y")->rule_kind == COLEY_RULE_NONE);
        CHECK_NEAR(initial_of(n, "A.y"), 3, 0);
    }
    snprintf(full, sizeof full, text, " delete A.J2, A.E1");
    n = parsed(a, full);
    CHECK(n && n->n_reactions == 1 && n->n_events == 0);
    snprintf(full, sizeof full, text, " delete A.nobody");
    CHECK(!parsed(a, full));
    CHECK_HAS(err.text, "A.nobody");
    CHECK(err.column > 0);
    coley_arena_destroy(a);
}

static void an_event_has_a_trigger_a_delay_options_and_assignments(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "x = 1; y = 2; x' = 1; compartment C\n"
                  "at (x > 5): y = 3, x = y + 2\n"
                  "E1 in C: at 2*y after x > 5 && y < 9, priority=1 + y, t0=false, persistent=false, "
                  "fromTrigger=false: y = 3,\n  x = 1;\n");
    CHECK(n && n->n_events == 2);
    if (n && n->n_events == 2) {
        const coley_model_event *e = n->event;
        CHECK(e[0].initially_true && e[0].persistent && e[0].values_at_trigger && !e[0].delay && !e[0].priority);
        CHECK(e[0].n_assignments == 2 && e[0].trigger->op == COLEY_OP_GT);
        CHECK(e[0].assignment[1].symbol == coley_network_symbol(n, "x"));
        CHECK_TEXT(e[1].id, "E1");
        CHECK(!e[1].initially_true && !e[1].persistent && !e[1].values_at_trigger && e[1].line == 3);
        CHECK(e[1].delay && e[1].delay->op == COLEY_OP_MUL && e[1].priority->op == COLEY_OP_ADD);
        CHECK(e[1].trigger->op == COLEY_OP_AND && e[1].n_assignments == 2);
    }
    coley_arena_destroy(a);
}

static void a_reactions_name_is_its_rate_wherever_it_stands(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "compartment C = 2; J0 in C: A -> B;\nJ0 = k*A; k = 3; A = 1; x := 2*J0\n");
    CHECK(n && n->reaction[0].rate && n->reaction[0].rate == symbol_of(n, "J0")->rule);
    CHECK(n && symbol_of(n, "A")->compartment == coley_network_symbol(n, "C"));
    CHECK(!parsed(a, "J0: A -> B; k*A; J0 = 2; k = 3; A = 1\n"));
    CHECK_HAS(err.text, "two rates");
    coley_arena_destroy(a);
}

static void what_follows_from_the_rest_is_worked_out(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "0 = x + y - 7; y = 3; y' = 2\n");
    CHECK(n && symbol_of(n, "x")->rule_kind == COLEY_RULE_ASSIGNMENT);
    if (n) {
        const double value[2] = {NAN, 3};
        double by_symbol[2];
        for (int i = 0; i < 2; i++) by_symbol[coley_network_symbol(n, i ? "y" : "x")] = value[i];
        CHECK_NEAR(coley_expr_value(symbol_of(n, "x")->rule, by_symbol, 0), 4, 0);
    }
    n = parsed(a, "model m()\n S -> P; k*S; k = 2; S = 3\nend\nA: m(); A.S is T; v := rateOf(A.P) + rateOf(T)\n");
    CHECK(n && coley_network_symbol(n, "rateOf(A.P)") >= 0 && symbol_of(n, "rateOf(T)")->rule != NULL);
    coley_arena_destroy(a);
}

static void the_start_of_what_counts_as_an_amount_is_antimonys(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "compartment V = 4; substanceOnly species A in V, B in V, C in V, D; k = 5\n"
                                       "A = 3; B = 3/V; C = k/V; D = 3\n");
    CHECK(n && !symbol_of(n, "A")->initial_is_amount && symbol_of(n, "A")->initial->number == 3);
    CHECK(n && symbol_of(n, "B")->initial_is_amount && symbol_of(n, "B")->initial->number == 3);
    CHECK(n && symbol_of(n, "C")->initial_is_amount && symbol_of(n, "C")->initial->op == COLEY_OP_DIV);
    CHECK(n && symbol_of(n, "D")->initial->number == 3);
    coley_arena_destroy(a);
}

static void units_that_a_model_defines_are_known(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "unit per_day = 1 / 86400 second; unit nmol_per = 1e-9 mole / (86400 second * item)\n"
                  "unit time_unit = 3600 seconds; unit odd = 3 candela; unit m3 = 1000 liters\nk = 3 per_day\n");
    CHECK(n && n->n_units == 5);
    coley_unit u, day;
    CHECK(n && coley_network_unit(n, "per_day", &u) && coley_unit_parse("1/day", &day, NULL) == COLEY_OK);
    if (n) {
        CHECK_NEAR(u.scale * pow(10, u.decade) / day.scale, 1, 1e-12);
        CHECK(coley_unit_compatible(&u, &day));
        CHECK(!coley_network_unit(n, "odd", &u) && coley_network_unit(n, "mg", &u));
        CHECK_TEXT(n->time_unit, "h");
    }
    CHECK(!parsed(a, "unit u = 2 second\nunit u = 3 second\nx = 1\n"));
    CHECK_HAS(err.text, "otherwise at m.ant:1");
    coley_arena_destroy(a);
}

static void what_is_only_told_is_passed_over(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n =
        parsed(a, "model *m-1__x()\nA -> B; k*A; k = 1 in_unit; A = 2; K1: A -> C; A\n i1: A -o K1; C -| K1; B -( K1\n"
                  "A identity \"http://a\",\n  \"http://b\"\nA.sboTerm = SBO:0000247\nB notes ```many\nlines\n```\n"
                  "nothing is \"words\"; k is \"speed\"\nend\nm created \"2019-07-29\"\n");
    CHECK(n && n->n_reactions == 2 && n->n_symbols == 4);
    CHECK_TEXT(symbol_of(n, "k")->name, "speed");
    CHECK_TEXT(symbol_of(n, "k")->unit, "in_unit");
    coley_arena_destroy(a);
}

static void what_coley_does_not_read_is_refused_by_name(void)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"0 = x^2 - y; x = 1\ny = 2; y' = 1\n", "algebraic rule"},
        {"--P1--G1--\n", "DNA"},
        {"d: --P1--G1--\n", "DNA"},
        {"P1--G1\n", "DNA"},
        {"gene g1\n", "DNA"},
        {"P = S*k + ...; S = 1; k = 1\n", "DNA"},
        {"J0: A -> B; A\nJ0 <= 1000\n", "constraint"},
        {"-10 <= J0\n", "constraint"},
        {"J0: A -> B; A\nmaximize J0\n", "flux balance"},
        {"x = normal(0, 1)\n", "random number"},
        {"y = 1; x := delay(y, 2)\n", "back in time"},
        {"y := time^2; x := rateOf(y)\n", "assignment rule sets"},
        {"x = 1; x.mean = 3\n", "how sure"},
        {"model m()\n x = 1\nend\nA: m(), timeconv=60\n", "unit of time"},
        {"import \"http://a/b.ant\"\n", "from this machine"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        CHECK(!parsed(a, cases[i].text));
        CHECK(err.code == COLEY_ERR_UNSUPPORTED && err.line > 0);
        CHECK_HAS(err.text, cases[i].part);
        coley_arena_destroy(a);
    }
}

static const coley_network *loaded(coley_arena *arena, const char *path, const char *text)
{
    coley_network *network = NULL;
    const coley_antimony_source source = {.name = path, .text = text, .length = strlen(text), .path = path};
    err = (coley_error){0};
    return coley_antimony_parse(arena, &source, 1, NULL, &network, &err) == COLEY_OK ? network : NULL;
}

static void files_import_one_another_once_and_never_in_a_circle(void)
{
    coley_arena *a = coley_arena_create();
    char folder[] = "/tmp/coley-import-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    static const char *const files[][2] = {
        {"one.ant", "import \"two.ant\"\nimport \"three.ant\"\nmodel one()\n A: two(); B: three()\nend\n"},
        {"two.ant", "import \"./three.ant\"\nmodel two()\n C: three()\nend\n"},
        {"three.ant", "model three()\n x = 3\nend\n"},
        {"a.ant", "import \"b.ant\"\n"},
        {"b.ant", "import \"a.ant\"\n"},
    };
    char path[5][64];
    for (size_t i = 0; i < 5; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", folder, files[i][0]);
        CHECK(coley_file_write(path[i], files[i][1], strlen(files[i][1]), &err) == COLEY_OK);
    }
    const coley_network *n = loaded(a, path[0], files[0][1]);
    CHECK(n && coley_network_symbol(n, "A.C.x") >= 0 && coley_network_symbol(n, "B.x") >= 0);
    CHECK(!loaded(a, path[3], files[3][1]));
    CHECK_HAS(err.text, "imports itself through others");
    CHECK(!loaded(a, path[3], "\n  import \"nobody.ant\"\n"));
    CHECK(err.line == 2 && err.column == 10);
    CHECK(!loaded(a, path[3], "import \"a.ant\"\n"));
    for (size_t i = 0; i < 5; i++) remove(path[i]);
    remove(folder);
    coley_arena_destroy(a);
}

static void every_allocation_may_fail(void)
{
    int done = 0;
    for (size_t k = 1; k < 4000 && !done; k++) {
        coley_arena *a = coley_arena_create_failing(k);
        const coley_network *n = parsed(
            a,
            "unit u = 3 second; model l(T)\n D -> ; D; E: at 1 after T > 2: T = 1; T is \"t\"; substanceOnly species "
            "C; C = 1; J: T -> C; 0.1*T^2/(1+T); q := piecewise(1, T>2, "
            "0)\nend\nmodel b()\n species T; T = 3\n L: l(T); delete L.D, L.E; M: l(T); delete M.E; L.q is Q\nend\n");
        const coley_program *program = NULL;
        const coley_observer *observer = NULL;
        const int32_t first = 0;
        done = n && coley_program_compile(a, n, &program, &err) == COLEY_OK &&
               coley_observer_compile(a, program, &first, 1, &observer, &err) == COLEY_OK;
        if (!done) CHECK(err.code == COLEY_ERR_MEMORY);
        coley_arena_destroy(a);
    }
    CHECK(done);
}

/* The formula of a rule as text, or "". */
static const char *rule_of(coley_arena *a, const coley_network *n, const char *id)
{
    const int32_t s = coley_network_symbol(n, id);
    coley_text text = {.arena = a};
    if (s < 0 || n->symbol[s].rule_kind != COLEY_RULE_ASSIGNMENT) return "";
    coley_expr_text_add(&text, n, n->symbol[s].rule, 200);
    return text.data ? text.data : "";
}

static void mechanisms_add_terms_and_factors_to_one_anothers_names(void)
{
    coley_arena *a = coley_arena_create();
    /* The factor comes first in the text and last in the formula; two lesions add to one sum of the body. */
    const coley_network *n = parsed(a, "model lesion(blood, other)\n  p *= 1 - h; h = 0.5;\n  blood += 3*c; c = 2;\nend\n"
                                       "model body()\n  blood = 1; other = 4;\n  L1: lesion(blood, other, more);\n"
                                       "  L2: lesion(blood, other, more);\n  more = 7;\nend\n"
                                       "model lesion(other, more)\n  p := c; p += more*other;\nend\n");
    CHECK(n != NULL);
    if (n) {
        CHECK_TEXT(rule_of(a, n, "blood"), "1 + 3 * L1.c + 3 * L2.c");
        CHECK_TEXT(rule_of(a, n, "L2.p"), "(1 - L2.h) * (L2.c + other * more)");
    }
    coley_arena_destroy(a);
}

static void what_nothing_can_be_added_to_is_said(void)
{
    static const char *const bad[][2] = {
        {"x += 3;\n", "is its mechanism missing"},
        {"species x; x = 1; x += 3;\n", "changes with time by itself"},
        {"x = 1; x' = 2; x *= 3;\n", "changes with time by itself"},
        {"x = 1; //! lognormal(1, 0.3); Somebody 1999\n x *= 3;\n", "differs between people"},
        {"x = 1; x += ;\n", ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_arena *a = coley_arena_create();
        CHECK(!parsed(a, bad[i][0]) && strstr(err.text, bad[i][1]) != NULL);
        coley_arena_destroy(a);
    }
}

int main(void)
{
    RUN(a_small_model_is_read_with_units_notes_and_names);
    RUN(a_lesion_shares_the_blood_and_keeps_its_own_names);
    RUN(a_rule_takes_over_a_plain_default_in_any_order);
    RUN(what_is_wrong_is_said_with_line_and_column);
    RUN(nesting_without_end_is_refused_not_crashed_on);
    RUN(what_grows_without_end_when_written_out_is_refused_at_once);
    RUN(a_chain_of_rules_as_long_as_it_likes_is_no_deep_recursion);
    RUN(the_text_outside_all_blocks_is_the_model_unless_one_is_starred);
    RUN(mechanisms_add_terms_and_factors_to_one_anothers_names);
    RUN(what_nothing_can_be_added_to_is_said);
    RUN(formulas_mean_what_the_language_says);
    RUN(one_thing_may_have_two_names);
    RUN(what_is_deleted_takes_its_reactions_and_formulas_along);
    RUN(an_event_has_a_trigger_a_delay_options_and_assignments);
    RUN(a_reactions_name_is_its_rate_wherever_it_stands);
    RUN(what_follows_from_the_rest_is_worked_out);
    RUN(the_start_of_what_counts_as_an_amount_is_antimonys);
    RUN(units_that_a_model_defines_are_known);
    RUN(what_is_only_told_is_passed_over);
    RUN(what_coley_does_not_read_is_refused_by_name);
    RUN(files_import_one_another_once_and_never_in_a_circle);
    RUN(every_allocation_may_fail);
    return check_done();
}
