/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SBML whose course says whether it was understood: events, changing compartments, rateOf, submodels, and what Level 3
 * Version 2 leaves out. Every value is worked out by hand. */
#include <stdio.h>

#include "model/sbml.h"
#include "solve/integrator.h"
#include "support/check.h"

#define MATH(text) "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" text "</math>"
#define SYMBOL(name)                                                                                                   \
    "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/" name "\">s</csymbol>"
#define TIME           SYMBOL("time")
#define APPLY(op, ...) "<apply><" op "/>" __VA_ARGS__ "</apply>"
#define N(x)           "<cn>" #x "</cn>"
#define V(x)           "<ci>" #x "</ci>"
#define HEAD(level, version, space)                                                                                    \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level" level                   \
    "/version" version space "\" level=\"" level "\" version=\"" version "\">\n<model id=\"m\">\n"
#define LEVEL3               HEAD("3", "2", "/core")
#define LEVEL2               HEAD("2", "4", "")
#define END                  "</model>\n</sbml>\n"
#define LIST(of, ...)        "<listOf" of ">" __VA_ARGS__ "</listOf" of ">\n"
#define PARAMETER(id, value) "<parameter id=\"" id "\" value=\"" value "\" constant=\"false\"/>"
#define BOX(id, size, constant)                                                                                        \
    "<compartment id=\"" id "\" size=\"" size "\" spatialDimensions=\"3\" constant=\"" constant "\"/>"
#define SPECIES(id, home, initial, only, boundary)                                                                     \
    "<species id=\"" id "\" compartment=\"" home "\" " initial " hasOnlySubstanceUnits=\"" only                        \
    "\" boundaryCondition=\"" boundary "\" constant=\"false\"/>"
#define RATE(id, math) "<rateRule variable=\"" id "\">" MATH(math) "</rateRule>"
#define RULE(id, math) "<assignmentRule variable=\"" id "\">" MATH(math) "</assignmentRule>"
#define SET(id, math)  "<eventAssignment variable=\"" id "\">" MATH(math) "</eventAssignment>"
#define EVENT(id, at_trigger, initial, persistent, trigger, more, sets)                                                \
    "<event id=\"" id "\" useValuesFromTriggerTime=\"" at_trigger "\"><trigger initialValue=\"" initial                \
    "\" persistent=\"" persistent "\">" MATH(trigger) "</trigger>" more LIST("EventAssignments", sets) "</event>"
#define PLAIN(id, trigger, sets) EVENT(id, "true", "true", "true", trigger, "", sets)
#define AFTER(t)                 APPLY("geq", TIME N(t))

typedef struct watched {
    const coley_program *program;
    double *value;
    size_t n;
} watched;

static void fill_inputs(void *self, size_t patient, double *inputs)
{
    (void)patient;
    const coley_program *p = ((watched *)self)->program;
    for (size_t i = 0; i < coley_program_input_count(p); i++) inputs[i] = coley_program_input_default(p)[i];
}

static void keep(void *self, const coley_sample *sample)
{
    watched *w = self;
    for (size_t i = 0; i < w->n; i++) w->value[i] = sample->value[i * sample->stride];
}

/* Values of up to four symbols, as formulas see them, at time t. */
static coley_status course(const char *text, double t, const char *const *id, size_t n, double *value, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_network *network;
    const coley_observer *observer;
    int32_t symbol[4];
    watched w = {.value = value, .n = n};
    for (size_t i = 0; i < n; i++) value[i] = NAN;
    coley_status status = coley_sbml_parse(arena, "m.xml", text, strlen(text), &network, err);
    if (status == COLEY_OK) status = coley_program_compile(arena, network, &w.program, err);
    for (size_t i = 0; i < n && status == COLEY_OK; i++) {
        symbol[i] = coley_network_symbol(network, id[i]);
        if (symbol[i] < 0) status = COLEY_FAIL(err, COLEY_ERR_INPUT, "no symbol %s", id[i]);
    }
    if (status == COLEY_OK) status = coley_observer_compile(arena, w.program, symbol, n, &observer, err);
    if (status == COLEY_OK) {
        const coley_system system = coley_system_of_program(w.program, observer, n);
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.rtol = 1e-9;
        options.atol = 1e-12;
        const coley_cohort cohort = {.self = &w,
                                     .n = 1,
                                     .t_end_day = t,
                                     .n_samples = 1,
                                     .sample_day = &t,
                                     .inputs = fill_inputs,
                                     .sample = keep};
        status = coley_integrate_in(arena, &system, &cohort, &options, err);
    }
    coley_arena_destroy(arena);
    return status;
}

static double value_at(const char *text, double t, const char *id)
{
    double value;
    coley_error err = {0};
    if (course(text, t, &id, 1, &value, &err) != COLEY_OK) printf("# line %d: %s: %s\n", err.line, err.key, err.text);
    return value;
}

static void refused(const char *text, coley_status status, const char *says, int line)
{
    double value;
    coley_error err = {0};
    CHECK(course(text, 3, NULL, 0, &value, &err) == status);
    CHECK_HAS(err.text, says);
    if (line) CHECK(err.line == line);
}

static void an_event_sets_parameters_species_compartments_and_stoichiometries(void)
{
    static const char text[] = LEVEL3 LIST("Compartments", BOX("c", "2", "false"))
        LIST("Species", SPECIES("S", "c", "initialConcentration=\"3\"", "false", "false")
                            SPECIES("P", "c", "initialAmount=\"0\"", "true", "false"))
            LIST("Parameters", PARAMETER("k", "1"))
                LIST("Reactions",
                     "<reaction id=\"v\" reversible=\"false\"><listOfProducts><speciesReference id=\"nu\" "
                     "species=\"P\" stoichiometry=\"1\" constant=\"false\"/></listOfProducts><kineticLaw>" MATH(
                         V(k)) "</kineticLaw></reaction>")
                    LIST("Events", PLAIN("e", AFTER(1), SET("k", N(2)) SET("nu", N(3)) SET("S", N(7)))
                                       PLAIN("f", AFTER(2), SET("c", N(0.5)))) END;
    CHECK_NEAR(value_at(text, 1.5, "P"), 1 + 0.5 * 6, 1e-9);
    CHECK_NEAR(value_at(text, 1.5, "S"), 7, 1e-12);
    CHECK_NEAR(value_at(text, 2.5, "S"), 28, 1e-12); /* the amount stays */
    CHECK_NEAR(value_at(text, 2.5, "c"), 0.5, 0);
}

static void level_2_events_have_its_defaults(void)
{
    static const char text[] = LEVEL2 LIST("Parameters", PARAMETER("x", "0") PARAMETER("a", "0") PARAMETER("b", "0"))
        LIST("Rules", RATE("x", N(1)))
            LIST("Events", "<event id=\"e\"><trigger>" MATH(AFTER(0)) "</trigger>" LIST(
                               "EventAssignments",
                               SET("b", N(1))) "</event>"
                                               "<event><trigger>" MATH(APPLY("gt", V(x) N(1))) "</trigger><delay>" MATH(
                                                   N(1)) "</delay>" LIST("EventAssignments", SET("a", V(x))) "</event>")
                END;
    CHECK_NEAR(value_at(text, 3, "b"), 0, 0); /* the trigger counts as true before */
    CHECK_NEAR(value_at(text, 1.9, "a"), 0, 0);
    CHECK_NEAR(value_at(text, 3, "a"), 1, 1e-8); /* the value of when it fired */
}

static void priorities_delays_and_persistence_are_read(void)
{
    static const char text[] =
        LEVEL3 LIST("Parameters", PARAMETER("x", "0") PARAMETER("kept", "0") PARAMETER("lost", "0")
                                      PARAMETER("n", "0")) LIST("Rules", RATE("n", N(1)))
            LIST("Events", EVENT("low", "false", "false", "true", AFTER(0), "<priority>" MATH(N(1)) "</priority>",
                                 SET("x", APPLY("plus", APPLY("times", V(x) N(10)) N(1))))
                               EVENT("high", "false", "false", "true", AFTER(0), "<priority>" MATH(N(2)) "</priority>",
                                     SET("x", APPLY("plus", APPLY("times", V(x) N(10)) N(2))))
                                   EVENT("kept", "true", "true", "true",
                                         APPLY("and", APPLY("gt", V(n) N(1)) APPLY("lt", V(n) N(1.5))),
                                         "<delay>" MATH(N(1)) "</delay>", SET("kept", V(n)))
                                       EVENT("lost", "true", "true", "false",
                                             APPLY("and", APPLY("gt", V(n) N(1)) APPLY("lt", V(n) N(1.5))),
                                             "<delay>" MATH(N(1)) "</delay>", SET("lost", V(n)))) END;
    CHECK_NEAR(value_at(text, 0, "x"), 21, 0);
    CHECK_NEAR(value_at(text, 3, "kept"), 1, 1e-8);
    CHECK_NEAR(value_at(text, 3, "lost"), 0, 0);
}

static void the_rate_of_a_variable_follows_from_all_that_changes_it(void)
{
    static const char text[] = LEVEL3 LIST("Compartments", BOX("c", "2", "false"))
        LIST("Species", SPECIES("S", "c", "initialConcentration=\"3\"", "false", "false"))
            LIST("Parameters", PARAMETER("a", "0") PARAMETER("b", "0") PARAMETER("k", "4"))
                LIST("Rules", RATE("c", N(1)) RULE("a", "<apply>" SYMBOL("rateOf") V(S) "</apply>")
                                  RULE("b", APPLY("plus", "<apply>" SYMBOL("rateOf")
                                                              V(c) "</apply><apply>" SYMBOL("rateOf") V(k) "</apply>")))
                    LIST("Reactions",
                         "<reaction id=\"v\" reversible=\"false\"><listOfReactants><speciesReference species=\"S\" "
                         "stoichiometry=\"1\" constant=\"true\"/></listOfReactants><kineticLaw>" MATH(
                             N(0.5)) "</kineticLaw></reaction>") END;
    CHECK_NEAR(value_at(text, 0, "a"), (-0.5 - 3) / 2, 1e-15);
    CHECK_NEAR(value_at(text, 2, "a"), (-0.5 - (6 - 1) / 4.0) / 4, 1e-9);
    CHECK_NEAR(value_at(text, 2, "b"), 1, 0);
}

static void what_level_3_version_2_leaves_out_is_as_if_it_were_not_there(void)
{
    static const char text[] = LEVEL3 LIST("Parameters", PARAMETER("x", "2") PARAMETER("y", "3") PARAMETER("z", "5"))
        LIST("InitialAssignments", "<initialAssignment symbol=\"x\"/>")
            LIST("Rules", "<assignmentRule variable=\"y\"/><rateRule variable=\"x\"/>")
                LIST("Events",
                     "<event useValuesFromTriggerTime=\"true\"/><event useValuesFromTriggerTime=\"true\"><trigger "
                     "initialValue=\"false\" persistent=\"true\">" MATH("<true/>") "</trigger><delay/><priority/>" LIST(
                         "EventAssignments", "<eventAssignment variable=\"y\"/>" SET("z", N(6))) "</event>") END;
    CHECK_NEAR(value_at(text, 1, "x"), 2, 0);
    CHECK_NEAR(value_at(text, 1, "y"), 3, 0);
    CHECK_NEAR(value_at(text, 1, "z"), 6, 0);
    refused(HEAD("3", "1", "/core") LIST("Parameters", PARAMETER("x", "2"))
                LIST("Rules", "\n<rateRule variable=\"x\"/>") END,
            COLEY_ERR_INPUT, "", 0);
}

static void infinite_values_factorials_and_sizes_without_dimensions(void)
{
    static const char text[] =
        LEVEL3 LIST("Compartments",
                    "<compartment id=\"p\" spatialDimensions=\"0\" constant=\"true\"/><compartment id=\"q\" "
                    "spatialDimensions=\"2.5\" size=\"4\" constant=\"true\"/>")
            LIST("Species", SPECIES("S", "p", "initialAmount=\"3\"", "false", "false")
                                SPECIES("Q", "q", "initialAmount=\"3\"", "false", "false"))
                LIST("Parameters", PARAMETER("i", "INF") PARAMETER("x", "0") PARAMETER("f", "0") PARAMETER("j", "0"))
                    LIST("InitialAssignments",
                         "<initialAssignment symbol=\"j\">" MATH(APPLY("minus", "<infinity/>")) "</initialAssignment>")
                        LIST("Rules", RATE("x", N(1)) RULE("f", APPLY("factorial", APPLY("floor", V(x))))) END;
    CHECK(isinf(value_at(text, 1, "i")) && value_at(text, 1, "i") > 0);
    CHECK(isinf(value_at(text, 1, "j")) && value_at(text, 1, "j") < 0);
    CHECK_NEAR(value_at(text, 1, "S"), 3, 0);
    CHECK_NEAR(value_at(text, 1, "Q"), 0.75, 0);
    CHECK_NEAR(value_at(text, 5.5, "f"), 120, 0);
    CHECK_NEAR(value_at(text, 12.5, "f") / 479001600, 1, 1e-12);
}

static void algebraic_rules_are_solved_for_what_nothing_else_sets(void)
{
#define ZERO(math) "<algebraicRule>" MATH(math) "</algebraicRule>"
    /* 2 y - x = 0, y + z - 10 = 0, 0 = k x - z w: one way to give each rule a variable */
    static const char text[] =
        LEVEL3 LIST("Parameters", PARAMETER("x", "1") PARAMETER("z", "0") PARAMETER("w", "0")
                                      PARAMETER("y", "7") "<parameter id=\"k\" value=\"3\" constant=\"true\"/>")
            LIST("Rules", RATE("x", N(1)) ZERO(APPLY("plus", V(y) APPLY("minus", V(z) N(10))))
                              ZERO(APPLY("minus", APPLY("times", N(2) V(y)) V(x)))
                                  ZERO(APPLY("minus", APPLY("times", V(k) V(x)) APPLY("times", V(z) V(w))))) END;
    CHECK_NEAR(value_at(text, 3, "y"), 2, 1e-9);
    CHECK_NEAR(value_at(text, 3, "z"), 8, 1e-9);
    CHECK_NEAR(value_at(text, 3, "w"), 1.5, 1e-9);
#define ONLY(math)                                                                                                     \
    LEVEL3 LIST("Parameters", PARAMETER("x", "1") "<parameter id=\"k\" value=\"3\" constant=\"true\"/>")               \
        LIST("Rules", "\n" ZERO(math)) END
    refused(ONLY(APPLY("minus", APPLY("times", V(x) V(x)) N(2))), COLEY_ERR_UNSUPPORTED, "not linear", 6);
    refused(ONLY(APPLY("minus", V(k) N(2))), COLEY_ERR_UNSUPPORTED, "not linear", 6);
    refused(ONLY(APPLY("plus", V(x) APPLY("floor", V(x)))), COLEY_ERR_UNSUPPORTED, "not linear", 6);
    CHECK_NEAR(value_at(ONLY(APPLY("plus", V(x) APPLY("ceiling", V(k)))), 1, "x"), -3, 0);
}

#define COMP(main, definitions)                                                                                        \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "       \
    "xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" level=\"3\" version=\"1\" "                 \
    "comp:required=\"true\">\n<model id=\"m\">" main "</model>\n<comp:listOfModelDefinitions>" definitions             \
    "</comp:listOfModelDefinitions></sbml>\n"
#define SUBMODEL(id, of)    "<comp:submodel comp:id=\"" id "\" comp:modelRef=\"" of "\"/>"
#define SUBMODELS(...)      "<comp:listOfSubmodels>" __VA_ARGS__ "</comp:listOfSubmodels>"
#define DEFINITION(id, ...) "<comp:modelDefinition id=\"" id "\">" __VA_ARGS__ "</comp:modelDefinition>\n"

static void submodels_are_written_out_and_their_parts_replaced(void)
{
    static const char text[] = COMP(
        LIST(
            "Parameters",
            "<parameter id=\"k\" value=\"3\" constant=\"true\"><comp:listOfReplacedElements>"
            "<comp:replacedElement comp:idRef=\"k\" comp:submodelRef=\"A\"/></comp:listOfReplacedElements></parameter>")
            SUBMODELS(SUBMODEL("A", "grow") SUBMODEL("B", "grow")),
        DEFINITION("grow", LIST("Parameters", PARAMETER("k", "1") PARAMETER("x", "1"))
                               LIST("Rules", RATE("x", APPLY("times", V(k) V(x))))));
    CHECK_NEAR(value_at(text, 1, "A__x"), exp(3), 1e-6);
    CHECK_NEAR(value_at(text, 1, "B__x"), exp(1), 1e-7);
}

static void submodels_without_end_or_elsewhere_are_refused(void)
{
    refused(COMP(SUBMODELS(SUBMODEL("A", "one")), DEFINITION("one", SUBMODELS(SUBMODEL("A", "one")))), COLEY_ERR_INPUT,
            "holds itself", 4);
    refused(COMP(SUBMODELS(SUBMODEL("A", "none")), "<comp:modelDefinition id=\"one\"/>"), COLEY_ERR_INPUT,
            "does not define", 3);
    refused(COMP(SUBMODELS(SUBMODEL("A", "one")),
                 DEFINITION("one", LIST("Parameters", PARAMETER("x", "1")) LIST("Rules", "\n" RATE("x", "")))),
            COLEY_ERR_INPUT, "an empty <math>", 6);
    static char text[20000], definitions[16000];
    size_t n = 0;
    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(definitions + n, sizeof definitions - n,
                              "<comp:modelDefinition id=\"d%d\">" SUBMODELS(
                                  "<comp:submodel comp:id=\"A\" comp:modelRef=\"d%d\"/>"
                                  "<comp:submodel comp:id=\"B\" comp:modelRef=\"d%d\"/>") "</comp:modelDefinition>",
                              i, i + 1, i + 1);
    snprintf(definitions + n, sizeof definitions - n, "<comp:modelDefinition id=\"d40\"/>");
    snprintf(text, sizeof text, COMP(SUBMODELS(SUBMODEL("A", "d0")), "%s"), definitions);
    refused(text, COLEY_ERR_INPUT, "more than 1000 submodels or 50000 elements", 0);
    refused("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "
            "xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" level=\"3\" version=\"1\" "
            "comp:required=\"true\">\n<model id=\"m\">" SUBMODELS(
                SUBMODEL("A", "e")) "</model>\n"
                                    "<comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id=\"e\" "
                                    "comp:source=\"x.xml\"/>"
                                    "</comp:listOfExternalModelDefinitions></sbml>",
            COLEY_ERR_UNSUPPORTED, "another file", 4);
}

static void events_that_cannot_be_are_refused_with_their_id_and_line(void)
{
#define ONE(event)                                                                                                     \
    LEVEL3 LIST("Parameters",                                                                                          \
                PARAMETER("x", "1") PARAMETER("y", "1") "<parameter id=\"c\" value=\"1\" constant=\"true\"/>")         \
        LIST("Rules", RULE("y", V(x))) LIST("Events", "\n" event) END
    refused(ONE(PLAIN("e", AFTER(1), SET("nothing", N(1)))), COLEY_ERR_INPUT, "sets \"nothing\"", 0);
    refused(ONE(PLAIN("e", AFTER(1), SET("y", N(1)))), COLEY_ERR_INPUT, "an assignment rule sets at all times", 7);
    refused(ONE(PLAIN("e", AFTER(1), SET("c", N(1)))), COLEY_ERR_INPUT, "constant", 7);
    refused(ONE(PLAIN("e", APPLY("gt", V(who) N(1)), SET("x", N(1)))), COLEY_ERR_INPUT, "names \"who\"", 0);
    refused(ONE(EVENT("e", "true", "true", "true", AFTER(1), "<delay>" MATH(APPLY("minus", V(x))) "</delay>",
                      SET("x", N(1)))),
            COLEY_ERR_DIVERGED, "event \"e\" has a delay that is below 0", 0);
    refused(ONE(PLAIN("e", APPLY("and", AFTER(1) APPLY("lt", V(x) N(5))), SET("x", N(5)))
                    PLAIN("f", APPLY("gt", V(x) N(4)), SET("x", N(1)))),
            COLEY_ERR_DIVERGED, "(time 1)", 0);
}

static void a_concentration_needs_a_compartment_with_room(void)
{
#define IN_BOX(size)                                                                                                   \
    LEVEL3 LIST("Compartments", "\n" BOX("c", size, "true"))                                                           \
        LIST("Species", SPECIES("S", "c", "initialAmount=\"3\"", "false", "false")) END
    refused(IN_BOX("0"), COLEY_ERR_INPUT, "has the size 0, but \"S\"", 5);
    refused(IN_BOX("-2"), COLEY_ERR_INPUT, "has the size -2", 5);
    CHECK_NEAR(value_at(IN_BOX("2"), 1, "S"), 1.5, 0);
}

static void keep_warning(void *self, coley_log_level level, const char *text)
{
    CHECK(level == COLEY_LOG_WARNING);
    snprintf(self, 1000, "%s", text);
}

static void a_package_that_is_not_required_is_passed_over_with_a_warning(void)
{
#define PACKAGED(name, required)                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "       \
    "xmlns:" name "=\"http://www.sbml.org/sbml/level3/version1/" name "/version1\" level=\"3\" version=\"1\" " name    \
    ":required=\"" required "\"><model id=\"m\">" LIST("Parameters", PARAMETER("x", "1")) "</model></sbml>"
    char warning[1000] = "";
    const coley_log log = {.self = warning, .write = keep_warning};
    CHECK_NEAR(value_at(PACKAGED("qual", "false"), 1, "x"), 1, 0);
    CHECK(coley_sbml_review("m.xml", PACKAGED("qual", "false"), &log) >= 1);
    CHECK_HAS(warning, "m.xml");
    CHECK_HAS(warning, "qual");
    CHECK_NEAR(value_at(PACKAGED("nobody", "false"), 1, "x"), 1, 0);
    CHECK(coley_sbml_review("m.xml", PACKAGED("nobody", "false"), &log) >= 1);
    refused(PACKAGED("nobody", "true"), COLEY_ERR_INPUT, "", 0);
    CHECK(coley_sbml_review("m.xml", LEVEL3 END, &log) == 0);
}

static void every_failure_of_memory_is_reported(void)
{
    static const char *const texts[] = {
        LEVEL3 LIST("Compartments", BOX("c", "2", "false"))
            LIST("Species", SPECIES("S", "c", "initialConcentration=\"3\"", "false", "false"))
                LIST("Parameters", PARAMETER("a", "0") PARAMETER("x", "0"))
                    LIST("Rules", RULE("a", "<apply>" SYMBOL("rateOf") V(S) "</apply>")
                                      RATE("x", "<piecewise><piece>" N(2)
                                                    AFTER(1) "</piece><otherwise>" N(1) "</otherwise></piecewise>"))
                        LIST("Events", EVENT("e", "true", "false", "false", APPLY("gt", V(x) N(1)),
                                             "<delay>" MATH(N(1)) "</delay><priority>" MATH(V(x)) "</priority>",
                                             SET("S", V(x)) SET("c", N(2)))) END,
        COMP(SUBMODELS(SUBMODEL("A", "one")), DEFINITION("one", LIST("Parameters", PARAMETER("k", "1")))),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        coley_status status = COLEY_ERR_MEMORY;
        size_t k = 1;
        for (; status == COLEY_ERR_MEMORY && k < 2000; k++) {
            coley_arena *arena = coley_arena_create_failing(k);
            coley_network *network;
            const coley_program *program;
            status = coley_sbml_parse(arena, "m.xml", texts[i], strlen(texts[i]), &network, NULL);
            if (status == COLEY_OK) status = coley_program_compile(arena, network, &program, NULL);
            coley_arena_destroy(arena);
        }
        CHECK(status == COLEY_OK && k > 20);
    }
}

int main(void)
{
    double value;
    if (course(LEVEL3 END, 1, NULL, 0, &value, NULL) == COLEY_ERR_UNSUPPORTED) {
        puts("1..0 # SKIP built without libSBML");
        return 0;
    }
    RUN(an_event_sets_parameters_species_compartments_and_stoichiometries);
    RUN(level_2_events_have_its_defaults);
    RUN(priorities_delays_and_persistence_are_read);
    RUN(the_rate_of_a_variable_follows_from_all_that_changes_it);
    RUN(what_level_3_version_2_leaves_out_is_as_if_it_were_not_there);
    RUN(infinite_values_factorials_and_sizes_without_dimensions);
    RUN(algebraic_rules_are_solved_for_what_nothing_else_sets);
    RUN(submodels_are_written_out_and_their_parts_replaced);
    RUN(submodels_without_end_or_elsewhere_are_refused);
    RUN(every_failure_of_memory_is_reported);
    RUN(a_concentration_needs_a_compartment_with_room);
    RUN(a_package_that_is_not_required_is_passed_over_with_a_warning);
    RUN(events_that_cannot_be_are_refused_with_their_id_and_line);
    return check_done();
}
