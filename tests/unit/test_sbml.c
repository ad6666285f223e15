/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SBML into a network: one small model a feature, and what is refused. */
#include "model/sbml.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/program.h"
#include "support/check.h"

#define MATH(text) "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" text "</math>"
#define LEVEL3                                                                                                         \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                     \
    "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\">\n"                       \
    "<model id=\"m\" timeUnits=\"second\" substanceUnits=\"mole\" volumeUnits=\"litre\">\n"
#define LEVEL2                                                                                                         \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                     \
    "<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\" version=\"4\">\n<model id=\"m\">\n"
#define END "</model>\n</sbml>\n"
#define BOX                                                                                                            \
    "<listOfCompartments><compartment id=\"c\" size=\"2\" spatialDimensions=\"3\" "                                    \
    "constant=\"true\"/></listOfCompartments>\n"
#define SPECIES(id, initial, only)                                                                                     \
    "<species id=\"" id "\" compartment=\"c\" " initial " hasOnlySubstanceUnits=\"" only                               \
    "\" boundaryCondition=\"false\" constant=\"false\"/>\n"
#define PARAMETER(id, value) "<parameter id=\"" id "\" value=\"" value "\" constant=\"false\"/>"
#define REACTION(id, reactant, product, law, locals)                                                                   \
    "<reaction id=\"" id "\" reversible=\"false\" fast=\"false\">"                                                     \
    "<listOfReactants><speciesReference species=\"" reactant                                                           \
    "\" stoichiometry=\"1\" constant=\"true\"/></listOfReactants>"                                                     \
    "<listOfProducts><speciesReference species=\"" product                                                             \
    "\" stoichiometry=\"2\" constant=\"true\"/></listOfProducts>"                                                      \
    "<kineticLaw>" MATH(law) locals "</kineticLaw></reaction>\n"

/* A compiled model in eight equal lanes, at its start. */
typedef struct loaded {
    coley_arena *arena;
    coley_network *network;
    const coley_program *program;
    double *y, *dy, t[8];
    void *work;
} loaded;

static coley_status parse(coley_arena *arena, const char *text, coley_network **network, coley_error *err)
{
    return coley_sbml_parse(arena, "m.xml", text, strlen(text), network, err);
}

static loaded load(const char *text)
{
    loaded m = {.arena = coley_arena_create()};
    coley_error err = {0};
    if (parse(m.arena, text, &m.network, &err) != COLEY_OK ||
        coley_program_compile(m.arena, m.network, &m.program, &err) != COLEY_OK) {
        printf("# %d: %s: %s\n", err.line, err.key, err.text);
        abort();
    }
    const size_t n = coley_program_state_count(m.program), n_inputs = coley_program_input_count(m.program);
    double *inputs = COLEY_NEW(m.arena, double, 8 * n_inputs);
    m.y = COLEY_NEW(m.arena, double, 8 * n);
    m.dy = COLEY_NEW(m.arena, double, 8 * n);
    m.work = coley_arena_alloc(m.arena, coley_program_work_size(m.program, 8));
    for (size_t i = 0; i < 8 * n_inputs; i++) inputs[i] = coley_program_input_default(m.program)[i / 8];
    coley_program_initial(m.program, 8, NULL, inputs, m.work, m.y);
    coley_program_rhs(m.program, 8, m.t, m.y, m.work, m.dy);
    return m;
}

/* The value of any symbol in formulas. */
static double value(const loaded *m, const char *id)
{
    const int32_t symbol = coley_network_symbol(m->network, id);
    const coley_observer *observer;
    double out[8] = {NAN};
    if (symbol < 0 || coley_observer_compile(m->arena, m->program, &symbol, 1, &observer, NULL) != COLEY_OK) return NAN;
    coley_observe(observer, 8, m->t, m->y, m->work, out);
    return out[0];
}

static double amount(const loaded *m, const char *id)
{
    const int32_t state = coley_program_state_of(m->program, coley_network_symbol(m->network, id));
    return state < 0 ? NAN : m->y[8 * state];
}

static double change(const loaded *m, const char *id)
{
    const int32_t state = coley_program_state_of(m->program, coley_network_symbol(m->network, id));
    return state < 0 ? NAN : m->dy[8 * state];
}

static void a_species_is_a_concentration_unless_it_has_only_substance_units(void)
{
    loaded m = load(LEVEL3 BOX "<listOfSpecies>" SPECIES("A", "initialConcentration=\"3\"", "false")
                        SPECIES("B", "initialAmount=\"8\"", "true") "</listOfSpecies><listOfReactions>" REACTION(
                            "v", "A", "B", "<apply><times/><ci>A</ci><ci>B</ci></apply>", "") "</listOfReactions>" END);
    CHECK_NEAR(amount(&m, "A"), 6, 0);
    CHECK_NEAR(value(&m, "A"), 3, 0);
    CHECK_NEAR(amount(&m, "B"), 8, 0);
    CHECK_NEAR(value(&m, "B"), 8, 0);
    CHECK_NEAR(change(&m, "A"), -24, 0);
    CHECK_NEAR(change(&m, "B"), 48, 0);
    CHECK_TEXT(m.network->symbol[coley_network_symbol(m.network, "A")].unit, "mol/L");
    CHECK_TEXT(m.network->symbol[coley_network_symbol(m.network, "B")].unit, "mol");
    CHECK_TEXT(m.network->time_unit, "s");
    coley_arena_destroy(m.arena);
}

static void a_rate_law_sees_its_own_parameters_first(void)
{
    loaded m = load(
        LEVEL3 BOX "<listOfSpecies>" SPECIES("A", "initialAmount=\"3\"", "true")
            SPECIES("B", "initialAmount=\"0\"", "true") "</listOfSpecies><listOfParameters>" PARAMETER(
                "k",
                "100") "</listOfParameters><listOfReactions>" REACTION("v", "A", "B",
                                                                       "<apply><times/><ci>k</ci><ci>A</ci></apply>",
                                                                       "<listOfLocalParameters><localParameter "
                                                                       "id=\"k\" value=\"0.5\"/>"
                                                                       "</listOfLocalParameters>")
                REACTION("w", "A", "B", "<ci>k</ci>", "") "</listOfReactions>" END);
    CHECK_NEAR(value(&m, "v.k"), 0.5, 0);
    CHECK_NEAR(change(&m, "A"), -101.5, 1e-15);
    coley_arena_destroy(m.arena);
}

static void functions_are_written_out(void)
{
    loaded m = load(LEVEL3 "<listOfFunctionDefinitions><functionDefinition id=\"f\">" MATH(
        "<lambda><bvar><ci>x</ci></bvar><bvar><ci>y</ci></bvar>"
        "<apply><minus/><ci>x</ci><ci>y</ci></apply></lambda>") "</functionDefinition>"
                                                                "<functionDefinition id=\"g\">" MATH(
                                                                    "<lambda><bvar><ci>y</ci></bvar><apply><ci>f</"
                                                                    "ci><cn>10</cn>"
                                                                    "<ci>y</ci></apply></lambda>") "</"
                                                                                                   "functionDefinition>"
                                                                                                   "</"
                                                                                                   "listOfFunctionDefin"
                                                                                                   "itions><"
                                                                                                   "listOfParameters"
                                                                                                   ">" PARAMETER("x", "3") PARAMETER(
                                                                                                       "q",
                                                                                                       "0") "</"
                                                                                                            "listOfPara"
                                                                                                            "meters><"
                                                                                                            "listOfRule"
                                                                                                            "s><"
                                                                                                            "assignment"
                                                                                                            "Rule "
                                                                                                            "variable="
                                                                                                            "\"q\""
                                                                                                            ">" MATH(
                                                                                                                "<"
                                                                                                                "a"
                                                                                                                "p"
                                                                                                                "p"
                                                                                                                "l"
                                                                                                                "y"
                                                                                                                ">"
                                                                                                                "<"
                                                                                                                "c"
                                                                                                                "i"
                                                                                                                ">"
                                                                                                                "g"
                                                                                                                "<"
                                                                                                                "/"
                                                                                                                "c"
                                                                                                                "i"
                                                                                                                ">"
                                                                                                                "<"
                                                                                                                "c"
                                                                                                                "i"
                                                                                                                ">"
                                                                                                                "x"
                                                                                                                "<"
                                                                                                                "/"
                                                                                                                "c"
                                                                                                                "i"
                                                                                                                ">"
                                                                                                                "<"
                                                                                                                "/"
                                                                                                                "a"
                                                                                                                "p"
                                                                                                                "p"
                                                                                                                "l"
                                                                                                                "y"
                                                                                                                ">") "<"
                                                                                                                     "/"
                                                                                                                     "a"
                                                                                                                     "s"
                                                                                                                     "s"
                                                                                                                     "i"
                                                                                                                     "g"
                                                                                                                     "n"
                                                                                                                     "m"
                                                                                                                     "e"
                                                                                                                     "n"
                                                                                                                     "t"
                                                                                                                     "R"
                                                                                                                     "u"
                                                                                                                     "l"
                                                                                                                     "e"
                                                                                                                     ">"
                                                                                                                     "<"
                                                                                                                     "/"
                                                                                                                     "l"
                                                                                                                     "i"
                                                                                                                     "s"
                                                                                                                     "t"
                                                                                                                     "O"
                                                                                                                     "f"
                                                                                                                     "R"
                                                                                                                     "u"
                                                                                                                     "l"
                                                                                                                     "e"
                                                                                                                     "s"
                                                                                                                     ">" END);
    CHECK_NEAR(value(&m, "q"), 7, 0);
    coley_arena_destroy(m.arena);
}

/* Value of one formula of MathML with x = 0.3. */
static double formula(const char *math)
{
    char text[4096];
    snprintf(text, sizeof text,
             LEVEL3 "<listOfParameters>" PARAMETER("x", "0.3")
                 PARAMETER("q", "0") "</listOfParameters><listOfRules>"
                                     "<assignmentRule variable=\"q\">" MATH("%s") "</assignmentRule></listOfRules>" END,
             math);
    loaded m = load(text);
    const double q = value(&m, "q");
    coley_arena_destroy(m.arena);
    return q;
}

static void mathml_means_what_it_says(void)
{
#define OF_X(op) formula("<apply><" op "/><ci>x</ci></apply>")
    CHECK_NEAR(OF_X("exp"), exp(0.3), 1e-15);
    CHECK_NEAR(OF_X("ln"), log(0.3), 1e-15);
    CHECK_NEAR(OF_X("log"), log10(0.3), 1e-15);
    CHECK_NEAR(OF_X("root"), sqrt(0.3), 1e-15);
    CHECK_NEAR(OF_X("sec"), 1 / cos(0.3), 1e-15);
    CHECK_NEAR(OF_X("arcsinh"), asinh(0.3), 1e-15);
    CHECK_NEAR(OF_X("arctanh"), atanh(0.3), 1e-15);
    CHECK_NEAR(OF_X("arccot"), atan(1 / 0.3), 1e-15);
    CHECK_NEAR(OF_X("arcsech"), acosh(1 / 0.3), 1e-15);
    CHECK_NEAR(OF_X("minus"), -0.3, 0);
    CHECK_NEAR(OF_X("floor"), 0, 0);
    CHECK_NEAR(OF_X("ceiling"), 1, 0);
    CHECK_NEAR(OF_X("plus"), 0.3, 0);
    CHECK_NEAR(formula("<apply><times/></apply>"), 1, 0);
    CHECK_NEAR(formula("<apply><factorial/><cn type=\"integer\">5</cn></apply>"), 120, 0);
    CHECK_NEAR(formula("<apply><log/><logbase><cn>2</cn></logbase><cn>8</cn></apply>"), 3, 1e-15);
    CHECK_NEAR(formula("<apply><root/><degree><cn>3</cn></degree><cn>27</cn></apply>"), 3, 1e-15);
    CHECK_NEAR(formula("<apply><power/><ci>x</ci><cn type=\"integer\">3</cn></apply>"), 0.3 * 0.3 * 0.3, 1e-16);
    CHECK_NEAR(formula("<apply><plus/><ci>x</ci><cn>1</cn><cn type=\"rational\">1<sep/>4</cn></apply>"), 1.55, 1e-16);
    CHECK(formula("<cn type=\"e-notation\">1.1<sep/>-10</cn>") == 1.1e-10);
    CHECK_NEAR(formula("<pi/>"), 3.14159265358979324, 0);
    CHECK_NEAR(formula("<apply><lt/><cn>0</cn><ci>x</ci><cn>1</cn></apply>"), 1, 0);
    CHECK_NEAR(formula("<apply><lt/><cn>0</cn><ci>x</ci><cn>0.2</cn></apply>"), 0, 0);
    CHECK_NEAR(formula("<apply><xor/><cn>2</cn><cn>3</cn></apply>"), 0, 0);
    CHECK_NEAR(formula("<apply><xor/><true/><false/></apply>"), 1, 0);
    CHECK_NEAR(formula("<apply><and/><true/><true/><apply><not/><false/></apply></apply>"), 1, 0);
    CHECK_NEAR(formula("<piecewise><piece><cn>5</cn><apply><gt/><ci>x</ci><cn>1</cn></apply></piece>"
                       "<piece><cn>6</cn><apply><gt/><ci>x</ci><cn>0.2</cn></apply></piece>"
                       "<otherwise><cn>7</cn></otherwise></piecewise>"),
               6, 0);
}

static void a_rate_rule_of_a_concentration_moves_the_amount_by_size(void)
{
    loaded m =
        load(LEVEL3 "<listOfCompartments><compartment id=\"c\" size=\"2\" spatialDimensions=\"3\" constant=\"false\"/>"
                    "</listOfCompartments><listOfSpecies>" SPECIES(
                        "A", "initialConcentration=\"3\"",
                        "false") "</listOfSpecies><listOfRules><rateRule "
                                 "variable=\"A\">" MATH("<cn>5</cn>") "</rateRule>"
                                                                      "<rateRule "
                                                                      "variable=\"c\">" MATH("<cn>7</cn>") "</"
                                                                                                           "rate"
                                                                                                           "Rule"
                                                                                                           "></"
                                                                                                           "list"
                                                                                                           "OfRu"
                                                                                                           "les"
                                                                                                           ">" END);
    CHECK_NEAR(amount(&m, "A"), 6, 0);
    CHECK_NEAR(value(&m, "A"), 3, 0);
    CHECK_NEAR(change(&m, "A"), 5 * 2 + 3 * 7, 0); /* (c V)' = c' V + c V' */
    coley_arena_destroy(m.arena);
}

static void initial_assignments_take_the_place_of_numbers(void)
{
    loaded m = load(LEVEL3 BOX "<listOfSpecies>" SPECIES("A", "initialAmount=\"1\"", "false") SPECIES(
        "B", "initialAmount=\"1\"",
        "true") "</listOfSpecies>"
                "<listOfInitialAssignments><initialAssignment symbol=\"A\">" MATH(
                    "<cn>4</cn>") "</initialAssignment>"
                                  "<initialAssignment symbol=\"B\">" MATH(
                                      "<apply><plus/><ci>A</ci><cn>1</cn></"
                                      "apply>") "</initialAssignment></"
                                                "listOfInitialAssignments><"
                                                "listOfReactions>" REACTION("v", "A", "B", "<cn>1</cn>",
                                                                            "") "</"
                                                                                "listOfReactions>" END);
    CHECK_NEAR(value(&m, "A"), 4, 0);
    CHECK_NEAR(amount(&m, "A"), 8, 0);
    CHECK_NEAR(amount(&m, "B"), 5, 0);
    coley_arena_destroy(m.arena);
}

static void a_formula_may_name_a_reaction_a_stoichiometry_and_time(void)
{
    loaded m = load(LEVEL3 BOX "<listOfSpecies>" SPECIES(
        "A", "initialAmount=\"3\"",
        "true") "</listOfSpecies>"
                "<listOfParameters>" PARAMETER(
                    "q", "0") "</listOfParameters><listOfRules>"
                              "<assignmentRule variable=\"q\">" MATH(
                                  "<apply><plus/><ci>v</ci><ci>n</ci><csymbol encoding=\"text\" "
                                  "definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol></"
                                  "apply>") "</assignmentRule></listOfRules><listOfReactions>"
                                            "<reaction id=\"v\" reversible=\"false\" "
                                            "fast=\"false\"><listOfReactants>"
                                            "<speciesReference id=\"n\" species=\"A\" stoichiometry=\"1.5\" "
                                            "constant=\"false\"/></listOfReactants>"
                                            "<kineticLaw>" MATH("<apply><times/><cn>2</cn><ci>A</ci></"
                                                                "apply>") "</kineticLaw></reaction>"
                                                                          "</listOfReactions>" END);
    m.t[0] = 10;
    CHECK_NEAR(value(&m, "q"), 6 + 1.5 + 10, 0);
    CHECK_NEAR(change(&m, "A"), -9, 0);
    coley_arena_destroy(m.arena);
}

/* How tools wrote rateOf() before SBML had it; another function without a value stays one. */
static void a_function_that_is_noted_to_be_the_derivative_is_rate_of(void)
{
    static const char text[] = LEVEL2
        "<listOfFunctionDefinitions><functionDefinition id=\"%s\"><annotation><symbols "
        "xmlns=\"http://sbml.org/annotations/symbols\" definition=\"http://en.wikipedia.org/wiki/%s\"/>"
        "</annotation>" MATH(
            "<lambda><bvar><ci>a</ci></bvar><notanumber/></lambda>") "</functionDefinition></"
                                                                     "listOfFunctionDefinitions>" BOX
                                                                     "<listOfSpecies><species id=\"A\" "
                                                                     "compartment=\"c\" "
                                                                     "initialConcentration=\"3\"/></listOfSpecies>"
                                                                     "<listOfParameters><parameter id=\"y\" "
                                                                     "constant=\"false\" "
                                                                     "value=\"0\"/></listOfParameters><listOfRules>"
                                                                     "<rateRule variable=\"A\">" MATH(
                                                                         "<cn>-0.7</cn>") "</rateRule><rateRule "
                                                                                          "variable=\"y\">" MATH(
                                                                                              "<appl"
                                                                                              "y><"
                                                                                              "ci>%"
                                                                                              "s</"
                                                                                              "ci><"
                                                                                              "ci>A<"
                                                                                              "/ci><"
                                                                                              "/appl"
                                                                                              "y>") "</rateRule></"
                                                                                                    "listOfRules>" END;
    for (int is = 0; is < 2; is++) {
        char made[4000];
        snprintf(made, sizeof made, text, "slope", is ? "Derivative" : "Delay", "slope");
        loaded m = load(made);
        coley_program_rhs(m.program, 8, m.t, m.y, m.work, m.dy);
        const double y = m.dy[8 * coley_program_state_of(m.program, coley_network_symbol(m.network, "y"))];
        CHECK(is ? fabs(y + 0.7) < 1e-15 : isnan(y));
        coley_arena_destroy(m.arena);
    }
}

static void level_2_is_read_with_its_own_defaults(void)
{
    loaded m =
        load(LEVEL2 "<listOfUnitDefinitions><unitDefinition id=\"time\"><listOfUnits><unit kind=\"second\" "
                    "multiplier=\"86400\"/></listOfUnits></unitDefinition><unitDefinition id=\"rate\"><listOfUnits>"
                    "<unit kind=\"litre\" scale=\"-3\"/><unit kind=\"second\" multiplier=\"3600\" exponent=\"-1\"/>"
                    "<unit kind=\"mole\" scale=\"-9\" exponent=\"-2\"/></listOfUnits></unitDefinition>"
                    "</listOfUnitDefinitions>"
                    "<listOfCompartments><compartment id=\"c\" size=\"2\"/></listOfCompartments>"
                    "<listOfSpecies><species id=\"A\" compartment=\"c\" initialAmount=\"6\"/>"
                    "<species id=\"X\" compartment=\"c\" initialConcentration=\"9\" boundaryCondition=\"true\"/>"
                    "</listOfSpecies><listOfReactions><reaction id=\"v\"><listOfReactants>"
                    "<speciesReference species=\"A\"><stoichiometryMath>" MATH(
                        "<cn type=\"rational\">1<sep/>2</cn>") "</stoichiometryMath></speciesReference>"
                                                               "<speciesReference "
                                                               "species=\"X\"/></listOfReactants><kineticLaw>" MATH(
                                                                   "<apply><times/><ci>k</ci><ci>A</ci><ci>X</ci></"
                                                                   "apply>") "<listOfParameters><parameter id=\"k\" "
                                                                             "value=\"0.1\" "
                                                                             "units=\"rate\"/></listOfParameters>"
                                                                             "</kineticLaw></reaction></"
                                                                             "listOfReactions>" END);
    CHECK_NEAR(change(&m, "A"), -0.5 * 0.1 * 3 * 9, 1e-15);
    CHECK(coley_program_state_count(m.program) == 1);
    CHECK_TEXT(m.network->time_unit, "day");
    CHECK_TEXT(m.network->symbol[coley_network_symbol(m.network, "v.k")].unit, "mL/h/nmol^2");
    coley_arena_destroy(m.arena);
}

/* What the message says about a model that is refused. */
static void refused(const char *text, coley_status status, const char *says, int line)
{
    coley_arena *arena = coley_arena_create();
    coley_network *network;
    coley_error err = {0};
    CHECK(parse(arena, text, &network, &err) == status);
    CHECK_HAS(err.text, says);
    CHECK_TEXT(err.file, "m.xml");
    if (line && err.line != line) CHECK_FAIL_("line %d for \"%s\", expected %d", err.line, err.text, line);
    coley_arena_destroy(arena);
}

static void what_would_change_the_result_is_refused_by_name(void)
{
    refused(LEVEL3 "<listOfRules>\n<algebraicRule>" MATH("<cn>1</cn>") "</algebraicRule></listOfRules>" END,
            COLEY_ERR_UNSUPPORTED, "algebraic rule", 5);
    refused(LEVEL3 "<listOfReactions>\n<reaction id=\"v\" reversible=\"false\" fast=\"true\"/></listOfReactions>" END,
            COLEY_ERR_UNSUPPORTED, "fast reaction", 5);
    refused(LEVEL3 "<listOfReactions>\n<reaction id=\"v\" reversible=\"false\" fast=\"false\"/></listOfReactions>" END,
            COLEY_ERR_INPUT, "no rate law", 5);
    refused(
        LEVEL3 "<listOfParameters>" PARAMETER(
            "q", "0") "</listOfParameters><listOfRules>\n"
                      "<assignmentRule variable=\"q\">" MATH(
                          "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/delay\">d"
                          "</csymbol><cn>1</cn><cn>2</cn></apply>") "</assignmentRule></listOfRules>" END,
        COLEY_ERR_UNSUPPORTED, "delay()", 5);
    refused("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "
            "xmlns:qual=\"http://www.sbml.org/sbml/level3/version1/qual/version1\" level=\"3\" version=\"1\" "
            "qual:required=\"true\"><model id=\"m\"/></sbml>",
            COLEY_ERR_UNSUPPORTED, "package \"qual\"", 2);
    refused("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<sbml xmlns=\"http://www.sbml.org/sbml/level1\" level=\"1\" version=\"2\"><model name=\"m\">"
            "<listOfCompartments><compartment name=\"c\"/></listOfCompartments></model></sbml>",
            COLEY_ERR_UNSUPPORTED, "Level 1", 2);
}

static void faults_have_a_line_and_a_sentence(void)
{
#define RULE(math)                                                                                                     \
    LEVEL3 "<listOfParameters>" PARAMETER("q", "0") "</listOfParameters><listOfRules>\n<assignmentRule "               \
                                                    "variable=\"q\">" MATH(math) "</assignmentRule></listOfRules>" END
    refused(RULE("<ci>nothing</ci>"), COLEY_ERR_INPUT, "names \"nothing\"", 5);
    refused(RULE("<apply><ci>f</ci><cn>1</cn></apply>"), COLEY_ERR_INPUT, "calls \"f\"", 5);
    refused(RULE("<ci>q</ci>"), COLEY_ERR_INPUT, "depends on itself", 0);
    refused(LEVEL3 "<listOfParameters>\n<parameter id=\"q\" constant=\"true\"/></listOfParameters>" END,
            COLEY_ERR_INPUT, "has no value", 5);
    refused(LEVEL3 "<listOfParameters>\n" PARAMETER("q", "0") "\n" PARAMETER("q", "0") "</listOfParameters>" END,
            COLEY_ERR_INPUT, "declared twice", 6);
    refused(LEVEL3 "<listOfParameters>\n<parameter", COLEY_ERR_INPUT, "", 5);
    refused("", COLEY_ERR_INPUT, "", 0);
}

static void level_version_and_namespace_have_to_fit_together(void)
{
#define ROOT(attributes) "<?xml version=\"1.0\" encoding='utf-8'?>\n<sbml " attributes "><model id=\"m\"/></sbml>"
    refused(ROOT("xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\" verskon=\"4\""), COLEY_ERR_UNSUPPORTED,
            "Level \"2\" Version \"\"", 2);
    refused(ROOT("xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"3\" version=\"1\""), COLEY_ERR_UNSUPPORTED,
            "each in its own namespace", 2);
    refused(ROOT("level=\"4\" version=\"1\""), COLEY_ERR_UNSUPPORTED, "Level \"4\"", 2);
    refused(ROOT("xmlns=\"http://www.sbml.org/sbml/level2/version4\" "
                 "xmlns:z=\"http://www.sbml.org/sbml/level3/version2/core\" "
                 "level=\"2\" version=\"4\""),
            COLEY_ERR_INPUT, "more than one SBML namespace", 2);
    refused("<html></html>", COLEY_ERR_INPUT, "does not begin with <sbml", 1);
    coley_arena *arena = coley_arena_create();
    coley_network *network;
    CHECK(parse(arena, ROOT("level='2'\n version =\t'4' xmlns='http://www.sbml.org/sbml/level2/version4'"), &network,
                NULL) == COLEY_OK);
    coley_arena_destroy(arena);
}

static void hostile_xml_is_refused_before_it_is_read(void)
{
    refused("<?xml version=\"1.0\"?>\n<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<sbml>&b;</sbml>",
            COLEY_ERR_INPUT, "document type", 2);
    refused("<?xml version=\"1.0\"?><!--\n--><!DOCTYPE s SYSTEM \"file:///etc/passwd\"><sbml/>", COLEY_ERR_INPUT,
            "document type", 2);
    refused("<?xml version=\"1.0\" encoding=\"UTF-7\"?><sbml/>", COLEY_ERR_INPUT, "encoding", 1);
    refused("\xff\xfe<", COLEY_ERR_INPUT, "UTF-8", 0);
    static char deep[20000];
    size_t n = (size_t)snprintf(deep, sizeof deep, "%s", LEVEL3);
    for (int i = 0; i < 1000; i++) n += (size_t)snprintf(deep + n, sizeof deep - n, "<apply>");
    refused(deep, COLEY_ERR_INPUT, "nested more than 200", 4);
}

/* libSBML takes a sum apart by recursion: a long one would end in a crash. */
static void sums_of_very_many_terms_are_refused_not_crashed_on(void)
{
    enum { TERMS = 200000, ROOM = TERMS * 12 + 2000 };
    static char text[ROOM];
    for (int terms = 5000; terms <= TERMS; terms += TERMS - 5000) {
        size_t n =
            (size_t)snprintf(text, ROOM, "%s",
                             LEVEL3 "<listOfParameters>" PARAMETER("q", "0")
                                 PARAMETER("y", "1") "</listOfParameters><listOfRules>\n"
                                                     "<assignmentRule variable=\"q\"><math xmlns=\"http://www.w3.org/"
                                                     "1998/Math/MathML\"><apply><plus/>");
        for (int i = 0; i < terms; i++) n += (size_t)snprintf(text + n, ROOM - n, "<ci>y</ci>");
        snprintf(text + n, ROOM - n, "%s", "</apply></math></assignmentRule></listOfRules>" END);
        refused(text, COLEY_ERR_INPUT, terms > 20000 ? "more than 20000 terms" : "nested more than 1500 deep", 5);
    }
}

static void sizes_and_arguments_that_cannot_be_are_told(void)
{
    static const char *const size[] = {"0", "-2", "NaN"}, *const says[] = {"the size 0", "the size -2", "the size nan"};
    for (int i = 0; i < 3; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 LEVEL3 "<listOfCompartments>\n<compartment id=\"c\" size=\"%s\" spatialDimensions=\"3\" "
                        "constant=\"true\"/></listOfCompartments>\n<listOfSpecies>" SPECIES(
                            "A", "initialConcentration=\"1\"", "false") "</listOfSpecies>" END,
                 size[i]);
        refused(text, COLEY_ERR_INPUT, says[i], 5);
    }
    refused(RULE("<apply><sin/><cn>1</cn><cn>2</cn></apply>"), COLEY_ERR_INPUT, "with 2 arguments", 5);
}

/* As some tools write them: a needless prefix for the core, and a layout where Level 2 has none. */
static void what_says_nothing_about_the_course_is_passed_over(void)
{
    static const char second[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" "
        "level=\"2\" "
        "version=\"4\" xmlns:sbml=\"http://www.sbml.org/sbml/level2/version4\">\n<model id=\"m\">" BOX
        "</model>\n</sbml>\n";
    static const char layout[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" "
        "layout_L2:required=\"false\" level=\"2\" version=\"4\" "
        "xmlns:layout_L2=\"http://projects.eml.org/bcb/sbml/level2\">\n<model id=\"m\">" BOX "</model>\n</sbml>\n";
    static const char *const texts[] = {second, layout};
    for (int i = 0; i < 2; i++) {
        coley_arena *arena = coley_arena_create();
        coley_network *network;
        coley_error err = {0};
        CHECK(parse(arena, texts[i], &network, &err) == COLEY_OK && network->n_symbols == 1);
        if (*err.text) printf("# %s\n", err.text);
        coley_arena_destroy(arena);
    }
}

static void functions_that_double_at_every_call_are_refused(void)
{
    static char text[40000];
    for (int shared = 0; shared < 2; shared++) {
        size_t n = (size_t)snprintf(text, sizeof text, "%s<listOfFunctionDefinitions>", LEVEL3);
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "<functionDefinition id=\"f0\">" MATH(
                                  "<lambda><bvar><ci>x</ci></bvar><ci>x</ci></lambda>") "</functionDefinition>");
        for (int i = 1; i < 30; i++)
            n += (size_t)snprintf(
                text + n, sizeof text - n,
                shared
                    ? "<functionDefinition id=\"f%d\">" MATH(
                          "<lambda><bvar><ci>x</ci></bvar><apply><ci>f%d</ci><apply>"
                          "<times/><ci>x</ci><ci>x</ci></apply></apply></lambda>") "</functionDefinition>"
                    : "<functionDefinition id=\"f%d\">" MATH(
                          "<lambda><bvar><ci>x</ci></bvar><apply><minus/><apply><ci>f%d</ci><ci>x</ci></apply><apply>"
                          "<ci>f%d</ci><cn>2</cn></apply></apply></lambda>") "</functionDefinition>",
                i, i - 1, i - 1);
        snprintf(text + n, sizeof text - n,
                 "</listOfFunctionDefinitions><listOfParameters>" PARAMETER("q", "0")
                     PARAMETER("k", "2") "</listOfParameters><listOfRules><assignmentRule variable=\"q\">" MATH(
                         "<apply><ci>f29</ci><ci>k</ci></apply>") "</assignmentRule></listOfRules>" END);
        coley_arena *arena = coley_arena_create();
        coley_network *network;
        coley_error err = {0};
        CHECK(parse(arena, text, &network, &err) == COLEY_ERR_INPUT);
        CHECK(err.text[0]);
        coley_arena_destroy(arena);
    }
}

static void a_file_is_told_by_its_content(void)
{
    CHECK(coley_sbml_is("<?xml version", 13));
    CHECK(coley_sbml_is("\xef\xbb\xbf  \n<sbml ", 12));
    CHECK(!coley_sbml_is("model m()", 9));
    CHECK(!coley_sbml_is("", 0));
    CHECK(!coley_sbml_is("<", 1));
}

static void every_failure_to_allocate_is_reported(void)
{
    static const char text[] = LEVEL3 "<listOfFunctionDefinitions><functionDefinition id=\"f\">" MATH(
        "<lambda><bvar><ci>x</ci></"
        "bvar><apply><times/><ci>x</"
        "ci><cn>2</cn></apply></lambda>") "</functionDefinition></listOfFunctionDefinitions>" BOX
                                          "<listOfSpecies>" SPECIES("A", "initialConcentration=\"3\"", "false") SPECIES(
                                              "B", "initialAmount=\"1\"",
                                              "true") "</"
                                                      "listOfSpecies><"
                                                      "listOfParameters>" PARAMETER(
                                                          "q",
                                                          "0") "</"
                                                               "listOfParameters><"
                                                               "listOfRules>"
                                                               "<assignmentRule "
                                                               "variable="
                                                               "\"q\">" MATH(
                                                                   "<apply><ci>f</"
                                                                   "ci><ci>v</ci></"
                                                                   "apply>") "</"
                                                                             "assig"
                                                                             "nment"
                                                                             "Rule>"
                                                                             "</"
                                                                             "listO"
                                                                             "fRule"
                                                                             "s>"
                                                                             "<list"
                                                                             "OfRea"
                                                                             "ction"
                                                                             "s"
                                                                             ">" REACTION("v", "A", "B",
                                                                                          "<"
                                                                                          "a"
                                                                                          "p"
                                                                                          "p"
                                                                                          "l"
                                                                                          "y"
                                                                                          ">"
                                                                                          "<"
                                                                                          "p"
                                                                                          "l"
                                                                                          "u"
                                                                                          "s"
                                                                                          "/"
                                                                                          ">"
                                                                                          "<"
                                                                                          "c"
                                                                                          "i"
                                                                                          ">"
                                                                                          "A"
                                                                                          "<"
                                                                                          "/"
                                                                                          "c"
                                                                                          "i"
                                                                                          ">"
                                                                                          "<"
                                                                                          "c"
                                                                                          "i"
                                                                                          ">"
                                                                                          "k"
                                                                                          "<"
                                                                                          "/"
                                                                                          "c"
                                                                                          "i"
                                                                                          ">"
                                                                                          "<"
                                                                                          "/"
                                                                                          "a"
                                                                                          "p"
                                                                                          "p"
                                                                                          "l"
                                                                                          "y"
                                                                                          ">",
                                                                                          "<"
                                                                                          "l"
                                                                                          "i"
                                                                                          "s"
                                                                                          "t"
                                                                                          "O"
                                                                                          "f"
                                                                                          "L"
                                                                                          "o"
                                                                                          "c"
                                                                                          "a"
                                                                                          "l"
                                                                                          "P"
                                                                                          "a"
                                                                                          "r"
                                                                                          "a"
                                                                                          "m"
                                                                                          "e"
                                                                                          "t"
                                                                                          "e"
                                                                                          "r"
                                                                                          "s"
                                                                                          ">"
                                                                                          "<"
                                                                                          "l"
                                                                                          "o"
                                                                                          "c"
                                                                                          "a"
                                                                                          "l"
                                                                                          "P"
                                                                                          "a"
                                                                                          "r"
                                                                                          "a"
                                                                                          "m"
                                                                                          "e"
                                                                                          "t"
                                                                                          "e"
                                                                                          "r"
                                                                                          " "
                                                                                          "i"
                                                                                          "d"
                                                                                          "="
                                                                                          "\"k\" "
                                                                                          "v"
                                                                                          "a"
                                                                                          "l"
                                                                                          "u"
                                                                                          "e"
                                                                                          "="
                                                                                          "\"1\"/>"
                                                                                          "<"
                                                                                          "/"
                                                                                          "l"
                                                                                          "i"
                                                                                          "s"
                                                                                          "t"
                                                                                          "O"
                                                                                          "f"
                                                                                          "L"
                                                                                          "o"
                                                                                          "c"
                                                                                          "a"
                                                                                          "l"
                                                                                          "P"
                                                                                          "a"
                                                                                          "r"
                                                                                          "a"
                                                                                          "m"
                                                                                          "e"
                                                                                          "t"
                                                                                          "e"
                                                                                          "r"
                                                                                          "s"
                                                                                          ">") "</"
                                                                                               "listOfReactions>" END;
    coley_status status = COLEY_ERR_MEMORY;
    size_t k = 0;
    while (status != COLEY_OK && ++k < 5000) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_network *network;
        coley_error err = {0};
        status = parse(arena, text, &network, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK && k > 10);
}

int main(void)
{
    coley_arena *arena = coley_arena_create();
    coley_network *network;
    coley_error err = {0};
    const coley_status status = parse(arena, LEVEL3 END, &network, &err);
    coley_arena_destroy(arena);
    if (status == COLEY_ERR_UNSUPPORTED) { /* built without libSBML: that is what it has to say */
        RUN(a_file_is_told_by_its_content);
        return check_done() || !strstr(err.text, "libsbml5-dev");
    }
    RUN(a_species_is_a_concentration_unless_it_has_only_substance_units);
    RUN(a_rate_law_sees_its_own_parameters_first);
    RUN(functions_are_written_out);
    RUN(mathml_means_what_it_says);
    RUN(a_rate_rule_of_a_concentration_moves_the_amount_by_size);
    RUN(initial_assignments_take_the_place_of_numbers);
    RUN(a_formula_may_name_a_reaction_a_stoichiometry_and_time);
    RUN(a_function_that_is_noted_to_be_the_derivative_is_rate_of);
    RUN(level_2_is_read_with_its_own_defaults);
    RUN(what_would_change_the_result_is_refused_by_name);
    RUN(faults_have_a_line_and_a_sentence);
    RUN(level_version_and_namespace_have_to_fit_together);
    RUN(sums_of_very_many_terms_are_refused_not_crashed_on);
    RUN(sizes_and_arguments_that_cannot_be_are_told);
    RUN(what_says_nothing_about_the_course_is_passed_over);
    RUN(hostile_xml_is_refused_before_it_is_read);
    RUN(functions_that_double_at_every_call_are_refused);
    RUN(a_file_is_told_by_its_content);
    RUN(every_failure_to_allocate_is_reported);
    return check_done();
}
