/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Immune memory against what rechallenge experiments found: cured animals reject the same tumour, naive ones don't,
 * cells without the antigen grow, and so do all when CD8 are taken away. */
#include "run/rechallenge.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { N_MEMORY = 8, N_NAIVE = 3, DAY = 800 };

/* Everything that remembers, and what it comes from. */
static const char *const memory[N_MEMORY] = {"T8_B",    "M8",       "M_rest", "M_div",
                                             "L1.T_rm", "L1.T_eff", "R8_B",   "L1.T_mem"};
static const char *const naive[N_NAIVE] = {"nCD8", "aCD8", "L1.T_prog"};

typedef enum body_then { AS_IT_IS, WITHOUT_MEMORY, WITHOUT_CD8 } body_then;

static const char *const scenario_text = "cancer: melanoma\n"
                                         "patient: {pdl1_tps: 30 %%, tmb: 20 1/Mb}\n"
                                         "lesions: [{site: lung, diameter: 20 mm}]\n"
                                         "regimen: [{dose: pembrolizumab-200-q3w, until: 365 day}]\n"
                                         "rechallenge: {day: %d day, cells: %g, antigen: %s}\n"
                                         "run: {duration: %d day, output_every: 7 day, population: 120, rtol: 1e-4}\n";

/* On the day, before the cells: states become nothing, and no more precursors come. */
static void take_away(coley_arena *arena, coley_session *session, body_then then)
{
    coley_dose *dose = COLEY_NEW(arena, coley_dose, session->n_reseed + N_MEMORY + N_NAIVE + 1);
    const coley_body *body = session->body;
    size_t n = 0;
    for (size_t i = 0; i < N_MEMORY + N_NAIVE && then != AS_IT_IS; i++) {
        const char *id = i < N_MEMORY ? memory[i] : naive[i - N_MEMORY];
        const int32_t state = coley_program_state_of(body->program, coley_network_symbol(body->network, id));
        if (i >= N_MEMORY && then == WITHOUT_MEMORY) continue;
        CHECK(state >= 0);
        dose[n++] = (coley_dose){.t_day = DAY, .state = state, .kind = COLEY_DOSE_REPLACE};
    }
    if (then == WITHOUT_CD8)
        dose[n++] = (coley_dose){.t_day = DAY,
                                 .kind = COLEY_DOSE_INPUT,
                                 .state = coley_program_input_of(
                                     body->program, coley_network_symbol(body->network, "precursors_per_clone"))};
    for (size_t i = 0; i < session->n_reseed; i++) dose[n++] = session->reseed[i];
    session->reseed = dose;
    session->n_reseed = n;
}

static coley_rechallenge rechallenge(double cells, const char *antigen, body_then then)
{
    static char text[2000];
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root = NULL;
    coley_scenario *scenario = NULL;
    coley_session *session = NULL;
    coley_crowd crowd;
    coley_course course = {0};
    const coley_session_options options = {.n_threads = 2};
    snprintf(text, sizeof text, scenario_text, DAY, cells, antigen, DAY + 700);
    coley_status status = coley_yaml_parse(arena, "test", text, strlen(text), &root, &err);
    if (!status) status = coley_scenario_of_node(arena, root, CATALOG, &scenario, &err);
    if (!status) status = coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err);
    if (!status) take_away(arena, session, then);
    if (!status) status = coley_session_people(arena, session, &options, 0, NULL, &crowd, &err);
    if (!status) status = coley_rechallenge_judge(arena, session, &crowd, &course, &err);
    if (status) {
        CHECK_FAIL_("%s:%d: %s: %s", err.file, err.line, err.key, err.text);
        return (coley_rechallenge){0};
    }
    const coley_rechallenge r = course.rechallenge[0];
    printf("# %g cells, antigen %s, %s: of %zu cured, %zu rejected them, in %zu they grew\n", cells, antigen,
           then == AS_IT_IS         ? "as they are"
           : then == WITHOUT_MEMORY ? "memory taken away"
                                    : "CD8 taken away",
           r.n_people, r.n_rejected, r.n_grew);
    coley_arena_destroy(arena);
    return r;
}

/* CT26 and MC38 in cured mice: more than nine of ten reject. */
static void who_was_cured_by_t_cells_rejects_the_same_tumour_more_than_a_year_later(void)
{
    const coley_rechallenge few = rechallenge(1e5, "same", AS_IT_IS), many = rechallenge(1e6, "same", AS_IT_IS);
    CHECK(few.n_people >= 30);
    CHECK((double)few.n_rejected > 0.9 * (double)few.n_people);
    CHECK((double)many.n_rejected > 0.9 * (double)many.n_people);
}

/* Naive animals take the tumour, all of them. Here one in twenty, with many mutations, may turn them away in two years.
 */
static void without_memory_the_same_cells_grow_in_next_to_everybody(void)
{
    const coley_rechallenge r = rechallenge(1e6, "same", WITHOUT_MEMORY);
    CHECK(r.n_people >= 30 && r.n_grew + r.n_people / 15 >= r.n_people);
}

static void cells_that_lost_their_antigen_are_not_remembered(void)
{
    const coley_rechallenge r = rechallenge(1e6, "lost", AS_IT_IS);
    CHECK(r.n_people >= 30 && r.n_grew == r.n_people);
}

static void without_cd8_there_is_no_protection(void)
{
    const coley_rechallenge r = rechallenge(1e6, "same", WITHOUT_CD8);
    CHECK(r.n_people >= 30 && r.n_grew == r.n_people);
}

int main(void)
{
    RUN(who_was_cured_by_t_cells_rejects_the_same_tumour_more_than_a_year_later);
    RUN(without_memory_the_same_cells_grow_in_next_to_everybody);
    RUN(cells_that_lost_their_antigen_are_not_remembered);
    RUN(without_cd8_there_is_no_protection);
    return check_done();
}
