/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CAR-T against BCMA in myeloma, and the road from leukapheresis to infusion: what must be so whatever its numbers are.
 */
#include "support/crowd.h"

#define MYELOMA                                                                                                        \
    "cancer: myeloma\npatient: {weight: 80 kg, height: 176 cm}\nlesions: [{site: marrow, diameter: 100 mm, "           \
    "infiltration: inflamed}]\n"
#define ROOM       "{dose: fludarabine-30-days}, {dose: cyclophosphamide-300-days}"
#define CELLS      "{dose: ciltacabtagene-once, start: 5 day}"
#define GIVEN(x)   "regimen: [" x "]\n"
#define YEAR       "run: {duration: 364 day, output_every: 1 day, population: 0}\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"
#define AHEAD                                                                                                          \
    "{dose: fludarabine-30-days, before_infusion: 5 day}, {dose: cyclophosphamide-300-days, before_infusion: 5 day}"
#define MADE(wait) GIVEN(AHEAD ", {dose: ciltacabtagene-once, leukapheresis: 0 day, vein_to_vein: " wait "}")

static void plasma_cells_and_antibodies_fall_and_b_cells_stay(void)
{
    crowd c = crowd_run(MYELOMA YEAR GIVEN(ROOM ", " CELLS), "plasma_cells IgG B_count");
    const double plasma = crowd_extreme(&c, 0, -1).value, igg = crowd_extreme(&c, 1, -1).value,
                 b = crowd_extreme(&c, 2, -1).value;
    printf("# at their lowest: plasma cells %.3f of normal, IgG %.2f of the start, B cells %.2f\n",
           plasma / crowd_at(&c, 0, 0, 0), igg / crowd_at(&c, 0, 0, 1), b / crowd_at(&c, 0, 0, 2));
    CHECK(plasma < 0.3 * crowd_at(&c, 0, 0, 0));
    CHECK(igg < 0.5 * crowd_at(&c, 0, 0, 1));
    CHECK(b > 0.99 * crowd_at(&c, 0, 0, 2));
    crowd_free(&c);
}

/* It falls no faster than it is cleared from blood, whatever happens to the cells; soluble BCMA is there at once. */
static void the_m_protein_follows_the_cells_by_its_own_half_life(void)
{
    crowd c = crowd_run(MYELOMA YEAR GIVEN(ROOM ", " CELLS) NUMBERS("k_M: 0.05 1/day"), "L1.C_total M_protein sBCMA");
    double half[3] = {NAN, NAN, NAN};
    for (size_t s = 0; s < 3; s++)
        for (size_t r = 0; r < c.people.n_days && isnan(half[s]); r++)
            if (crowd_at(&c, 0, r, s) < 0.25 * crowd_at(&c, 0, 0, s)) half[s] = c.session->day[r];
    printf("# a quarter left: cells on day %.0f, soluble BCMA %.0f, M-protein %.0f\n", half[0], half[2], half[1]);
    CHECK(half[1] >= half[0] + 14 && half[1] < half[0] + 60);
    CHECK(half[2] < half[1] - 7);
    for (size_t r = 1; r < c.people.n_days; r++)
        CHECK(crowd_at(&c, 0, r, 1) > 0.95 * crowd_at(&c, 0, r - 1, 1)); /* exp(-0.05) a day at most */
    crowd_free(&c);
}

static void the_m_protein_stands_still_before_treatment(void)
{
    crowd c = crowd_run(MYELOMA YEAR "regimen: [{drug: ciltacabtagene-autoleucel, dose: 0 cell, cycles: 1}]\n",
                        "M_protein M_first M_lowest");
    CHECK_NEAR(crowd_at(&c, 0, 0, 0), crowd_at(&c, 0, 0, 1), 1e-3 * crowd_at(&c, 0, 0, 1));
    CHECK_NEAR(crowd_at(&c, 0, 0, 2), crowd_at(&c, 0, 0, 1), 1e-3 * crowd_at(&c, 0, 0, 1));
    CHECK(crowd_at(&c, 0, c.people.n_days - 1, 0) > crowd_at(&c, 0, 0, 0)); /* and grows without cells */
    crowd_free(&c);
}

static void relapse_under_strong_cells_has_lost_bcma(void)
{
    crowd c = crowd_run(MYELOMA YEAR GIVEN(ROOM ", " CELLS) NUMBERS("L1.f_BCMA_neg: 1e-4"), "L1.C_total L1.BCMA_lost");
    const extreme least = crowd_extreme(&c, 0, -1);
    const size_t last = c.people.n_days - 1;
    printf("# cells %.2g at their fewest, %.2g at the end, without BCMA %.3f\n", least.value, crowd_at(&c, 0, last, 0),
           crowd_at(&c, 0, last, 1));
    CHECK(least.value < 0.01 * crowd_at(&c, 0, 0, 0));
    CHECK(crowd_at(&c, 0, last, 0) > 10 * least.value);
    CHECK(crowd_at(&c, 0, last, 1) > 0.99);
    crowd_free(&c);
}

static void without_bcma_in_the_body_they_do_not_expand(void)
{
    crowd none = crowd_run(MYELOMA YEAR GIVEN(ROOM ", " CELLS)
                               NUMBERS("plasma_cells0: 1000, L1.f_BCMA_neg: 0.999999999999"),
                           "car_E"),
          some = crowd_run(MYELOMA YEAR GIVEN(ROOM ", " CELLS), "car_E");
    CHECK(crowd_extreme(&none, 0, 1).value < 0.01 * crowd_extreme(&some, 0, 1).value);
    crowd_free(&none);
    crowd_free(&some);
}

/* --- the road to the infusion
 * -------------------------------------------------------------------------------------------- */

/* The share of virtual people whose product is made, and the patient's tumour and cells. */
typedef struct road {
    double made, tumour, day_of_peak;
} road;

static road road_of(const char *scenario, double infusion_day)
{
    crowd c = crowd_run(scenario, "car_made L1.C_total car_per_uL");
    road found = {.day_of_peak = crowd_extreme(&c, 2, 1).day};
    for (size_t p = 1; p < c.people.n; p++) {
        const double made = crowd_at(&c, p, 0, 0);
        double most = 0;
        for (size_t r = 0; r < c.people.n_days; r++) most = fmax(most, crowd_at(&c, p, r, 2));
        CHECK(made == 0 || made == 1);
        CHECK(made == 1 ? most > 0 : most == 0); /* never infused: no CAR-T cell, ever */
        found.made += made / (double)(c.people.n - 1);
    }
    CHECK(crowd_at(&c, 0, 0, 0) == 1); /* the typical person is infused */
    for (size_t r = 0; r < c.people.n_days; r++)
        if (c.session->day[r] <= infusion_day) found.tumour = crowd_at(&c, 0, r, 1);
    crowd_free(&c);
    return found;
}

static void waiting_costs_people_and_lets_the_tumour_grow(void)
{
#define RUN_OF(days) "run: {duration: " days " day, output_every: 3 day, population: 300}\n"
    const road at_hand = road_of(MYELOMA RUN_OF("30") GIVEN(ROOM ", " CELLS), 0),
               short_wait = road_of(MYELOMA RUN_OF("60") MADE("30 day"), 24),
               long_wait = road_of(MYELOMA RUN_OF("114") MADE("90 day"), 84);
    printf(
        "# infused: at hand %.3f, after 30 days %.3f, after 90 %.3f; tumour %.3g, %.3g, %.3g cells; peak on day %.0f, "
        "%.0f, %.0f\n",
        at_hand.made, short_wait.made, long_wait.made, at_hand.tumour, short_wait.tumour, long_wait.tumour,
        at_hand.day_of_peak, short_wait.day_of_peak, long_wait.day_of_peak);
    CHECK_NEAR(at_hand.made, 1, 1e-9);
    CHECK_NEAR(short_wait.made, 0.98 * exp(-0.0027 * 30), 0.045); /* two and a half standard errors */
    CHECK_NEAR(long_wait.made, 0.98 * exp(-0.0027 * 90), 0.065);
    CHECK(short_wait.tumour > 1.1 * at_hand.tumour && long_wait.tumour > 1.2 * short_wait.tumour);
    CHECK_NEAR(short_wait.day_of_peak - at_hand.day_of_peak, 25, 3);
}

/* Who is infused depends on the seed and the person, not on how many are drawn. */
static void a_persons_chance_is_the_persons_own(void)
{
    crowd few = crowd_run(MYELOMA "run: {duration: 2 day, population: 40}\n" MADE("45 day"), "car_made"),
          many = crowd_run(MYELOMA "run: {duration: 2 day, population: 200}\n" MADE("45 day"), "car_made"),
          other = crowd_run(MYELOMA "run: {duration: 2 day, population: 40, seed: 2}\n" MADE("45 day"), "car_made");
    size_t differ = 0;
    for (size_t p = 0; p < few.people.n; p++) {
        CHECK(crowd_at(&few, p, 0, 0) == crowd_at(&many, p, 0, 0));
        differ += crowd_at(&few, p, 0, 0) != crowd_at(&other, p, 0, 0);
    }
    CHECK(differ > 0);
    crowd_free(&few);
    crowd_free(&many);
    crowd_free(&other);
}

static void two_car_t_products_in_one_scenario_are_refused(void)
{
    static const char text[] = MYELOMA GIVEN(CELLS ", {dose: tisagenlecleucel-once, start: 5 day}");
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root = NULL;
    coley_scenario *scenario = NULL;
    coley_session *session = NULL;
    CHECK(coley_yaml_parse(arena, "test", text, strlen(text), &root, &err) == COLEY_OK);
    CHECK(coley_scenario_of_node(arena, root, CATALOG, &scenario, &err) == COLEY_OK);
    CHECK(coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "keep one of them");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(plasma_cells_and_antibodies_fall_and_b_cells_stay);
    RUN(the_m_protein_follows_the_cells_by_its_own_half_life);
    RUN(the_m_protein_stands_still_before_treatment);
    RUN(relapse_under_strong_cells_has_lost_bcma);
    RUN(without_bcma_in_the_body_they_do_not_expand);
    RUN(waiting_costs_people_and_lets_the_tumour_grow);
    RUN(a_persons_chance_is_the_persons_own);
    RUN(two_car_t_products_in_one_scenario_are_refused);
    return check_done();
}
