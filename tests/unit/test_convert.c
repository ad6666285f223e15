/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models written as Antimony and as SBML, read back, written again in the other language: the same course each time. */
#include "model/convert.h"
#include "model/antimony.h"
#include "model/sbml.h"
#include "run/model_run.h"
#include "support/check.h"

#include <stdlib.h>

static coley_error err;
static int has_sbml; /* Coley was built with libSBML */

static int compiled(coley_arena *arena, const coley_network *network, coley_model *model)
{
    *model = (coley_model){.network = network};
    return coley_program_compile(arena, network, &model->program, &err) == COLEY_OK;
}

static int parsed(coley_arena *arena, const char *text, coley_model *model)
{
    coley_network *network = NULL;
    const size_t length = strlen(text);
    const coley_antimony_source source = {.name = "m.ant", .text = text, .length = length};
    err = (coley_error){0};
    const coley_status status = coley_sbml_is(text, length)
                                    ? coley_sbml_parse(arena, "m.xml", text, length, &network, &err)
                                    : coley_antimony_parse(arena, &source, 1, NULL, &network, &err);
    return status == COLEY_OK && compiled(arena, network, model);
}

static const char *written(coley_arena *arena, const coley_model *model, int sbml)
{
    coley_text text = {.arena = arena};
    const coley_status status = sbml ? coley_convert_sbml(arena, model->network, &text, &err)
                                     : coley_convert_antimony(arena, model->network, &text, &err);
    return status == COLEY_OK ? text.data : NULL;
}

/* "L1.T8" as a converter writes it. */
static const char *plain_name(coley_arena *arena, const char *id)
{
    coley_text text = {.arena = arena};
    for (; *id; id++) coley_text_add(&text, *id == '.' ? "__" : id, *id == '.' ? 2 : 1);
    return text.data;
}

/* The states of `first` over time, under their plain names when `plain`. */
static const char *course(coley_arena *arena, const coley_model *model, const coley_model *first, int plain, double end)
{
    coley_text csv = {.arena = arena};
    const size_t n = coley_program_state_count(first->program);
    const char **watch = COLEY_NEW(arena, const char *, n);
    for (size_t i = 0; i < n; i++) {
        const char *id = first->network->symbol[coley_program_state_symbol(first->program, i)].id;
        watch[i] = plain ? plain_name(arena, id) : id;
    }
    const coley_model_options options = {
        .end_day = end, .step_day = end / 8, .rtol = 1e-10, .atol = 1e-12, .n_watch = n, .watch = watch};
    if (coley_model_simulate(arena, model, &options, &csv, &err) == COLEY_OK) return csv.data;
    CHECK_FAIL_("%s", err.text);
    return NULL;
}

static void compare(const char *a, const char *b, const char *what)
{
    a = a ? strchr(a, '\n') : NULL;
    b = b ? strchr(b, '\n') : NULL;
    size_t n = 0;
    while (a && b && *a && *b) {
        char *end_a, *end_b;
        const double x = strtod(++a, &end_a), y = strtod(++b, &end_b);
        if (end_a == a || end_b == b) break;
        if (!(fabs(x - y) <= 1e-7 * (fabs(x) + 1e-3))) CHECK_FAIL_("%.60s: %.17g became %.17g", what, x, y);
        a = end_a;
        b = end_b;
        n++;
    }
    CHECK(n > 8);
}

/* By way of Antimony and of SBML, there and on to the other. */
static void check_round_trips(coley_arena *a, const coley_model *model, double end, const char *what)
{
    const char *was = course(a, model, model, 0, end);
    for (int sbml = 0; sbml <= has_sbml; sbml++) {
        coley_model once, twice;
        const char *text = written(a, model, sbml);
        if (!text || !parsed(a, text, &once)) {
            CHECK_FAIL_("%.60s as %s, line %d: %s", what, sbml ? "SBML" : "Antimony", err.line, err.text);
            continue;
        }
        compare(was, course(a, &once, model, 1, end), what);
        text = written(a, &once, has_sbml && !sbml);
        if (!text || !parsed(a, text, &twice)) {
            CHECK_FAIL_("%.60s back from %s, line %d: %s", what, sbml ? "SBML" : "Antimony", err.line, err.text);
            continue;
        }
        compare(was, course(a, &twice, model, 1, end), what);
    }
}

static void what_is_written_computes_the_same_when_read_back(void)
{
    static const char *const texts[] = {
        "model m()\n  compartment V; V := 1 + 0.2*C; W = 3; compartment W\n"
        "  species A in V, B in W; substanceOnly species C; A = 2; B = 5; C = p*2;\n"
        "  p = 1.5; n = 2.3; k = 0.7; c0 := p*k + exp(p);\n"
        "  J1: A -> B; V*k*A^n/(1 + A^n + B^2);\n"
        "  J2: B -> 2 C; W*sqrt(B + 0.1)*ln(1 + C)*piecewise(k, B > 4, 2*k);\n"
        "  J3: C -> ; 0.1*C^3 + max(C, 2)*min(A, 1)*abs(sin(time)) + C*c0/(tanh(C) + 2)^1.5;\n"
        "  x' = -x*cos(time) + A^-2; x = 1;\nend\n",
        "unit per_day = 1/(86400 second); unit time_unit = 3600 second\nmodel l(T, k)\n  T -> C; k*T; C is \"a \"; "
        "C -> ; 0.1*C; k2 = 0.3 per_day; //! lognormal(0.3, 0.2); Somebody & <others>\n  x := _J0*2 + k2\nend\n"
        "model *b()\n  T = 3; L: l(T, k); M: l(T, k); k = 0.2; L.C = 1; y' = L.x - M.C; y = 0; end\n",
        "A -> B; k*A; k = 1; A = 5; B = 1; x = 0\nE1: at 0.3 after B > 3, priority=2, persistent=false: A = A + 2, x = "
        "x + 1\n"
        "at (time >= 1 && x < 10), t0=false, fromTrigger=false: x = x + 5; x' = 0.1\n",
        "compartment C = 2; C' = 0.1; species S in C = 3, $P in C = 1; S' = -0.2*S; P -> Q; C*P; Q in C\n"
        "species R in D; compartment D = 4; R = 2; R' = -R\n",
        "compartment U = 3; substanceOnly species A1 in U, A2 in U, A3 in U; A1 = 2; A2 = 2/U; A3 = U*2 + 1\n"
        "A1' = -A1 + A2; A2' = -A2; A3' = 1\ncompartment V = 2; species S1 in V = 4, S2 in V; n := 1 + time/10; n S1 "
        "-> 1.5 S2; 0.1*S1*V; species at_ = 1\n"
        "exp_ = 2; end_ = floor(exp_) + ceil(1.5) + asin(0.1) + log10(5) + (exp_ > 1)*3 - -2^-2 - (1 - (2 - 3))\n"
        "x' = end_ - (x - (1 - x)) - x/(2/(3 + x)) + x*(2*(3*x))*0.01; x = 0.1; y := !(x > 1) || x < 2 && x != 3\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        coley_arena *a = coley_arena_create();
        coley_model model;
        if (parsed(a, texts[i], &model))
            check_round_trips(a, &model, 2, texts[i]);
        else
            CHECK_FAIL_("%s: line %d: %s", texts[i], err.line, err.text);
        coley_arena_destroy(a);
    }
}

static void the_patient_and_a_published_model_survive_it(void)
{
    static const char *const paths[] = {COLEY_SOURCE_DIR "/models/patient",
                                        COLEY_SOURCE_DIR "/examples/03-sbml-model/BIOMD0000000762_Kuznetsov1994.xml"};
    for (size_t i = 0; i < (has_sbml ? 2 : 1); i++) {
        coley_arena *a = coley_arena_create();
        coley_model model;
        const coley_model_source source = {.n = 1, .path = &paths[i], .n_lesions = 2};
        if (coley_model_read(a, &source, &model, &err) == COLEY_OK)
            check_round_trips(a, &model, 20, paths[i]);
        else
            CHECK_FAIL_("%s", err.text);
        coley_arena_destroy(a);
    }
}

static void spreads_sources_units_and_names_stay(void)
{
    coley_arena *a = coley_arena_create();
    coley_model model, back;
    CHECK(
        parsed(a,
               "unit per_day = 1/(86400 second)\nmodel l()\n k = 0.3 per_day; //! lognormal(0.3, 0.2); Somebody 1999\n"
               " k is \"speed\"; s' = k; s = 1\nend\nL: l()\n",
               &model));
    const char *text = written(a, &model, 0);
    CHECK(text && parsed(a, text, &back));
    const int32_t at = text ? coley_network_symbol(back.network, "L__k") : -1;
    CHECK(at >= 0);
    if (at >= 0) {
        const coley_symbol *k = &back.network->symbol[at];
        CHECK(k->spread == COLEY_SPREAD_LOGNORMAL && k->spread_a == 0.3 && k->spread_b == 0.2);
        CHECK_TEXT(k->source, "Somebody 1999");
        CHECK_TEXT(k->unit, "per_day");
        CHECK_TEXT(k->name, "speed");
        CHECK_TEXT(back.network->symbol[coley_network_symbol(back.network, "L__s")].name, "L.s");
        coley_unit unit, day;
        CHECK(coley_network_unit(back.network, "per_day", &unit) && coley_unit_parse("1/day", &day, NULL) == COLEY_OK);
        CHECK_NEAR(unit.scale * pow(10, unit.decade) / day.scale, 1, 1e-12);
    }
    text = has_sbml ? written(a, &model, 1) : "lognormal(0.3, 0.2); Somebody 1999 timeUnits=";
    CHECK_HAS(text, "lognormal(0.3, 0.2); Somebody 1999");
    CHECK_HAS(text, "timeUnits=");
    coley_arena_destroy(a);
}

static void every_allocation_may_fail(void)
{
    for (int sbml = 0; sbml <= has_sbml; sbml++) {
        int done = 0;
        for (size_t k = 1; k < 400 && !done; k++) {
            coley_arena *whole = coley_arena_create(), *a = coley_arena_create_failing(k);
            coley_model model;
            CHECK(parsed(whole,
                         "A -> B; k*A*(1+B); k = 2 mL; //! normal(2, 1); x\nat A > 1: k = 3\nx := sqrt(A) + B + 1\n",
                         &model));
            done = written(a, &model, sbml) != NULL;
            if (!done) CHECK(err.code == COLEY_ERR_MEMORY);
            coley_arena_destroy(a);
            coley_arena_destroy(whole);
        }
        CHECK(done);
    }
}

static int can_write_sbml(void)
{
    coley_arena *a = coley_arena_create();
    coley_text text = {.arena = a};
    coley_model model;
    const int can = parsed(a, "x = 1\n", &model) && coley_convert_sbml(a, model.network, &text, &err) == COLEY_OK;
    coley_arena_destroy(a);
    return can;
}

int main(void)
{
    has_sbml = can_write_sbml();
    RUN(what_is_written_computes_the_same_when_read_back);
    RUN(the_patient_and_a_published_model_survive_it);
    RUN(spreads_sources_units_and_names_stay);
    RUN(every_allocation_may_fail);
    return check_done();
}
