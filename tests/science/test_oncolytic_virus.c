/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-VEC in the typical person with two lesions, the first of them injected: what must be so whatever its numbers. */
#include "support/crowd.h"

#include "base/alloc.h"

enum { WEEKS = 27, MAX_SET = 6, INJECTED = 0, UNINJECTED = 1, LESIONS = 2 };

typedef struct trial {
    double dose_PFU;
    size_t n_doses, n_set;
    struct {
        const char *symbol;
        double value;
    } set[MAX_SET];
} trial;

typedef struct course {
    double cells[WEEKS][2 * LESIONS + 1]; /* C_s of each lesion, then virus of each, then antibody */
} course;

static course run(const trial *t)
{
    course made = {0};
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_catalog_cancer *cancer = NULL;
    coley_body *body = NULL;
    coley_population *population = NULL;
    coley_settings settings = {.arena = arena};
    const char *const class = "oncolytic_virus";
    const coley_body_options options = {.models = MODELS, .n_lesions = LESIONS, .n_classes = 1, .drug_class = &class};
    coley_status status = coley_catalog_cancer_read(arena, CATALOG, "melanoma", &cancer, &err);
    if (!status) status = coley_body_assemble(arena, &options, &body, &err);
    if (!status) status = coley_settings_add_catalog(&settings, body, cancer->value, cancer->n_values, &err);
    if (status) {
        CHECK_FAIL_("%s: %s", err.file, err.text);
        coley_arena_destroy(arena);
        return made;
    }
    coley_setting *all = COLEY_NEW(arena, coley_setting, settings.n + MAX_SET);
    memcpy(all, settings.row, settings.n * sizeof *all);
    for (size_t i = 0; i < t->n_set; i++)
        all[settings.n + i] = (coley_setting){.symbol = t->set[i].symbol, .value = t->set[i].value};
    status = coley_population_create(arena, body, settings.n + t->n_set, all, 1, &population, &err);
    if (status) {
        CHECK_FAIL_("%s: %s", err.file, err.text);
        coley_arena_destroy(arena);
        return made;
    }
    double *inputs = COLEY_NEW(arena, double, coley_program_input_count(body->program));
    coley_population_inputs(population, NULL, inputs);
    coley_dose dose[16];
    for (size_t i = 0; i < t->n_doses; i++)
        dose[i] = (coley_dose){.t_day = 14 * (double)i,
                               .amount = t->dose_PFU,
                               .duration_day = 1.0 / 48,
                               .state = body->dose_state[0][INJECTED]};
    double day[WEEKS];
    for (int i = 0; i < WEEKS; i++) day[i] = 7 * i;
    int32_t observed[2 * LESIONS + 1];
    observed[2 * LESIONS] = coley_network_symbol(body->network, "HSV_Ab");
    for (size_t l = 0; l < LESIONS; l++) {
        observed[l] = coley_body_lesion_symbol(body, l, "C_s");
        observed[LESIONS + l] = coley_body_lesion_symbol(body, l, "virus");
    }
    unsigned char lost = 0;
    coley_people people = {.body = body,
                           .n = 1,
                           .inputs = inputs,
                           .n_doses = t->n_doses,
                           .dose = dose,
                           .settle_day = COLEY_SETTLE_DAY,
                           .n_days = WEEKS,
                           .day = day,
                           .n_observed = 2 * LESIONS + 1,
                           .observed = observed,
                           .value = made.cells[0],
                           .lost = &lost,
                           .integrator = COLEY_INTEGRATOR_DEFAULT};
    people.integrator.rtol = 1e-7;
    people.integrator.atol = 1e-7;
    if (coley_people_simulate(arena, &people, &err)) CHECK_FAIL_("%s", err.text);
    CHECK(!lost);
    coley_arena_destroy(arena);
    return made;
}

/* Tumour cells of a lesion at the end, against the same person with no dose. */
static double left(const trial *t, size_t lesion)
{
    trial none = *t;
    none.n_doses = 0;
    const course with = run(t), without = run(&none);
    return with.cells[WEEKS - 1][lesion] / without.cells[WEEKS - 1][lesion];
}

#define VIRUS .dose_PFU = 1e8, .n_doses = 13

static void the_injected_lesion_shrinks_more_than_the_other(void)
{
    const double injected = left(&(trial){VIRUS}, INJECTED), other = left(&(trial){VIRUS}, UNINJECTED);
    printf("# tumour cells left, of those without virus: injected %.3g, uninjected %.4g\n", injected, other);
    CHECK(injected < 0.9 && injected < other);
}

static void with_t_cells_off_the_uninjected_lesion_does_not_respond_at_all(void)
{
#define NO_T .n_set = 1, .set = { {"precursors_per_clone", 0} }
    CHECK_NEAR(left(&(trial){VIRUS, NO_T}, UNINJECTED), 1, 1e-6);
    CHECK(left(&(trial){VIRUS, NO_T}, INJECTED) < 0.9);
}

static void no_virus_is_ever_in_a_lesion_that_was_not_injected(void)
{
    const course c = run(&(trial){VIRUS});
    for (size_t w = 0; w < WEEKS; w++) CHECK(c.cells[w][LESIONS + UNINJECTED] == 0);
}

static void a_dose_of_nothing_is_no_virus_to_the_last_bit(void)
{
    const course nothing = run(&(trial){.dose_PFU = 0, .n_doses = 13}), none = run(&(trial){.n_doses = 0});
    CHECK(memcmp(&nothing, &none, sizeof none) == 0);
}

static void a_larger_lesion_responds_less_to_the_same_injection(void)
{
    const double small = left(&(trial){VIRUS, .n_set = 1, .set = {{"L1.D0_mm", 12}}}, INJECTED);
    const double large = left(&(trial){VIRUS, .n_set = 1, .set = {{"L1.D0_mm", 50}}}, INJECTED);
    printf("# tumour cells left: 12 mm %.3g, 50 mm %.3g\n", small, large);
    CHECK(small < large);
}

static void antibody_from_an_earlier_infection_changes_little(void)
{
    const double naive = left(&(trial){VIRUS, .n_set = 1, .set = {{"HSV_Ab0", 0}}}, INJECTED);
    const double immune = left(&(trial){VIRUS, .n_set = 1, .set = {{"HSV_Ab0", 1}}}, INJECTED);
    printf("# tumour cells left: seronegative %.3g, seropositive %.3g\n", naive, immune);
    CHECK(naive <= immune);
    CHECK((1 - naive) < 1.5 * (1 - immune));
}

static void antibody_rises_within_three_weeks_of_the_first_dose_in_who_had_none(void)
{
    const course c = run(&(trial){.dose_PFU = 1e6, .n_doses = 1, .n_set = 1, .set = {{"HSV_Ab0", 0}}});
    printf("# antibody at week 0 and 3, share of its ceiling: %.2g, %.2g\n", c.cells[0][2 * LESIONS],
           c.cells[3][2 * LESIONS]);
    CHECK(c.cells[0][2 * LESIONS] < 1e-6 && c.cells[3][2 * LESIONS] > 0.5);
}

static void what_one_dose_starts_wanes_and_leaves_most_of_the_tumour(void)
{
    const trial one = {.dose_PFU = 1e8, .n_doses = 1, .n_set = 1, .set = {{"precursors_per_clone", 0}}};
    const course c = run(&one);
    CHECK(c.cells[1][LESIONS] < 0.1 * 1e8 && c.cells[2][LESIONS] < c.cells[1][LESIONS] &&
          c.cells[3][LESIONS] < c.cells[2][LESIONS]);
    trial none = one;
    none.n_doses = 0;
    const double kept = c.cells[2][INJECTED] / run(&none).cells[2][INJECTED];
    printf(
        "# two weeks after one dose, no T cells: tumour cells left %.3g; virus after 1, 2, 3 weeks %.2g, %.2g, %.2g\n",
        kept, c.cells[1][LESIONS], c.cells[2][LESIONS], c.cells[3][LESIONS]);
    CHECK(kept > 0.7 && kept < 0.99);
}

static void without_gmcsf_or_interferon_the_other_lesion_gains_less(void)
{
    const double whole = left(&(trial){VIRUS}, UNINJECTED);
    const double no_gmcsf = left(&(trial){VIRUS, .n_set = 1, .set = {{"L1.GMCSF", 0}}}, UNINJECTED);
    const double no_interferon = left(&(trial){VIRUS, .n_set = 1, .set = {{"L1.ov_B7", 0}}}, UNINJECTED);
    printf("# uninjected cells left: %.3g, without GM-CSF %.3g, without costimulation %.3g\n", whole, no_gmcsf,
           no_interferon);
    CHECK(whole < no_gmcsf && whole < no_interferon);
}

#define MIXED                                                                                                          \
    "cancer: melanoma\nlesions: [{site: skin and soft tissue, diameter: 15 mm, infiltration: inflamed}, {site: lung, " \
    "diameter: 26 mm, infiltration: inflamed}, {site: lymph node, diameter: 22 mm, infiltration: excluded, nodal: "    \
    "yes}, {site: liver, diameter: 20 mm, infiltration: excluded}]\nscans: {every: 12 week, first: 12 week}\n"         \
    "run: {duration: 728 day, output_every: 28 day, population: 100}\n"
#define DRUG   "{drug: talimogene-laherparepvec, dose: 5e7 PFU, every: 21 day, cycles: 34, lesions: [1]}"
#define PEMBRO "{dose: pembrolizumab-200-q3w}"

/* Share of people who are free of growth after two years. */
static double free_of_growth(const char *scenario)
{
    crowd c = crowd_run(scenario, "virus_seen");
    size_t n = 0;
    for (size_t p = 1; p < c.people.n; p++) n += coley_outcome_of(c.session, &c.people, p, -1).progression_day > 720;
    const double rate = (double)n / (double)(c.people.n - 1);
    crowd_free(&c);
    return rate;
}

static void with_pd1_blocked_the_virus_adds_little_as_in_masterkey_265(void)
{
    const double pembro = free_of_growth(MIXED "regimen: [" PEMBRO "]\nmodel: {also: [oncolytic_virus]}\n");
    const double both = free_of_growth(MIXED "regimen: [" PEMBRO ", " DRUG "]\n");
    const double hazard = log(both) / log(pembro);
    printf("# free of growth after two years, pembrolizumab %.2f, with the virus %.2f: hazard %.2f\n", pembro, both,
           hazard);
    CHECK(hazard > 0.71 && hazard < 1.04);
}

int main(void)
{
    RUN(the_injected_lesion_shrinks_more_than_the_other);
    RUN(with_t_cells_off_the_uninjected_lesion_does_not_respond_at_all);
    RUN(no_virus_is_ever_in_a_lesion_that_was_not_injected);
    RUN(a_dose_of_nothing_is_no_virus_to_the_last_bit);
    RUN(a_larger_lesion_responds_less_to_the_same_injection);
    RUN(antibody_from_an_earlier_infection_changes_little);
    RUN(antibody_rises_within_three_weeks_of_the_first_dose_in_who_had_none);
    RUN(what_one_dose_starts_wanes_and_leaves_most_of_the_tumour);
    RUN(without_gmcsf_or_interferon_the_other_lesion_gains_less);
    RUN(with_pd1_blocked_the_virus_adds_little_as_in_masterkey_265);
    return check_done();
}
