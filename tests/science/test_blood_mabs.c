/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rituximab, blinatumomab and normal B cells: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define PERSON     "patient: {weight: 70 kg, height: 170 cm}\n"
#define MARROW     "cancer: all\n" PERSON "lesions: [{site: marrow, diameter: 110 mm, infiltration: inflamed}]\n"
#define NODE       "cancer: follicular\n" PERSON "lesions: [{site: lymph node, diameter: 30 mm, nodal: yes}]\n"
#define NODES                                                                                                          \
    "cancer: follicular\n" PERSON                                                                                      \
    "lesions: [{site: lymph node, diameter: 40 mm, nodal: yes}, {site: spleen, diameter: 20 mm}]\n"
#define YEAR       "run: {duration: 364 day, output_every: 7 day, population: 1}\n"
#define QUARTER    "run: {duration: 84 day, output_every: 1 day, population: 1}\n"
#define MONTH      "run: {duration: 35 day, output_every: 0.25 day, population: 1}\n"
#define RITUX      "regimen: [{dose: rituximab-375-q1w-4}]\n"
#define RITUX_0    "regimen: [{drug: rituximab, dose: 0 mg, every: 7 day, cycles: 4}]\n"
#define BLINA      "regimen: [{dose: blinatumomab-9-step}, {dose: blinatumomab-28-first, start: 7 day}]\n"
#define BLINA_0    "regimen: [{drug: blinatumomab, dose: 0 mg, every: 28 day, cycles: 1, infusion: 28 day}]\n"
#define FLAT(mg)   "regimen: [{drug: blinatumomab, dose: " mg " mg, every: 28 day, cycles: 1, infusion: 28 day}]\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"

/* A symbol of the patient on a row. */
static double value(const char *scenario, const char *symbol, size_t row)
{
    crowd c = crowd_run(scenario, symbol);
    const double v = crowd_at(&c, 0, row, 0);
    crowd_free(&c);
    return v;
}

/* Far too much drug coats T cells and targets each on their own. */
static void trimers_rise_with_the_dose_and_fall_again(void)
{
    const double low = value(MARROW MONTH FLAT("0.1"), "L1.bite_trimer", 40),
                 label = value(MARROW MONTH FLAT("0.784"), "L1.bite_trimer", 40),
                 best = value(MARROW MONTH FLAT("1e3"), "L1.bite_trimer", 40),
                 flood = value(MARROW MONTH FLAT("1e6"), "L1.bite_trimer", 40),
                 drowned = value(MARROW MONTH FLAT("1e8"), "L1.bite_trimer", 40);
    printf("# trimers per um2: 0.1 mg %.3g, 0.784 mg %.3g, 1 g %.3g, 1 kg %.3g, 100 kg %.3g\n", low, label, best, flood,
           drowned);
    CHECK(low < label && label < best && best > flood && flood > drowned);
    CHECK(drowned < 0.1 * best);
}

/* The same law by bisection on the equation itself: T k = (A - T)(R - T). */
static void the_trimer_is_the_root_of_its_binding_equation(void)
{
    crowd c = crowd_run(MARROW MONTH FLAT("0.784"), "L1.bite_trimer L1.bite_here L1.CD19_um2");
    for (size_t r = 4; r < 100; r += 12) {
        const double b = crowd_at(&c, 0, r, 1), a = crowd_at(&c, 0, r, 2), cd3 = 530,
                     k = 7.8e-3 * (1.6 + b) * (100 + b) / b;
        double low = 0, high = fmin(a, cd3);
        for (int i = 0; i < 80; i++) {
            const double t = 0.5 * (low + high);
            if (t * k < (a - t) * (cd3 - t))
                low = t;
            else
                high = t;
        }
        CHECK_NEAR(crowd_at(&c, 0, r, 0), low, 1e-5 * low);
    }
    crowd_free(&c);
}

static void killing_follows_the_density_of_cd19_and_is_nothing_without_it(void)
{
    const double full = value(MARROW MONTH BLINA NUMBERS("CD19_density: 1.4e4"), "L1.H_bite", 80),
                 few = value(MARROW MONTH BLINA NUMBERS("CD19_density: 2e3"), "L1.H_bite", 80),
                 none = value(MARROW MONTH BLINA NUMBERS("CD19_density: 0"), "L1.H_bite", 80);
    printf("# share of the greatest killing: 14000 CD19 %.3f, 2000 %.3f, none %.3g\n", full, few, none);
    CHECK(full > 0.6 && few < 0.3 * full && few > 0 && none == 0);
    CHECK(value(MARROW QUARTER BLINA NUMBERS("CD19_density: 0"), "L1.C_total", 84) /
              value(MARROW QUARTER BLINA_0 NUMBERS("CD19_density: 0"), "L1.C_total", 84) >
          0.999);
}

/* Half-life two hours: no need to wait for an antibody to leave. */
static void blinatumomab_is_gone_half_a_day_after_the_pump_stops(void)
{
    crowd c = crowd_run(MARROW MONTH BLINA, "bite_ngL");
    const double running = crowd_at(&c, 0, 111, 0), after = crowd_at(&c, 0, 114, 0);
    printf("# pg/mL: running %.0f, 12 h after %.2f\n", running, after);
    CHECK(running > 400 && after < 0.03 * running);
    /* at rest, what comes in goes out: 28 ug a day over 53.3 L a day */
    CHECK_NEAR(running, 28e6 / 53.3e3, 0.02 * running);
    CHECK_NEAR(crowd_at(&c, 0, 26, 0), 9e6 / 53.3e3, 4);
    crowd_free(&c);
}

static void the_bispecific_needs_t_cells_but_no_neoantigen_and_no_mhc(void)
{
    const double untreated = value(MARROW QUARTER BLINA_0, "L1.C_total", 28),
                 whole = value(MARROW QUARTER BLINA, "L1.C_total", 28),
                 no_clone = value(MARROW QUARTER BLINA NUMBERS("precursors_per_clone: 0"), "L1.C_total", 28),
                 no_mhc = value(MARROW QUARTER BLINA NUMBERS("recog_low: 0, f_low: 0.99"), "L1.C_total", 28),
                 no_t = value(MARROW QUARTER BLINA NUMBERS("T_near_density: 0"), "L1.C_total", 28);
    printf("# cells after four weeks against none: %.3g, no clones %.3g, no MHC %.3g, no T cells %.3g\n",
           whole / untreated, no_clone / untreated, no_mhc / untreated, no_t / untreated);
    CHECK(whole < 0.5 * untreated && no_clone < 0.5 * untreated && no_mhc < 0.6 * untreated);
    CHECK(no_t > 0.99 * untreated);
}

static void more_leukaemia_at_the_start_is_harder_to_clear(void)
{
#define BULK(mm) "cancer: all\n" PERSON "lesions: [{site: marrow, diameter: " mm " mm}]\n"
    double left[3];
    const char *const bulk[3] = {BULK("40") QUARTER BLINA, BULK("80") QUARTER BLINA, BULK("130") QUARTER BLINA};
    const char *const none[3] = {BULK("40") QUARTER BLINA_0, BULK("80") QUARTER BLINA_0, BULK("130") QUARTER BLINA_0};
    for (int i = 0; i < 3; i++)
        left[i] = value(bulk[i], "L1.C_total", 28) / value(none[i], "L1.C_total", 28);
    printf("# left after a cycle: 40 mm %.3g, 80 mm %.3g, 130 mm %.3g\n", left[0], left[1], left[2]);
    CHECK(left[0] < left[1] && left[1] < left[2]);
}

static void cells_without_cd19_take_over_and_nobody_is_killed_who_has_none(void)
{
    crowd c = crowd_run(MARROW YEAR "regimen: [{drug: blinatumomab, dose: 0.784 mg, every: 28 day, cycles: 13, "
                                    "infusion: 28 day}]\n" NUMBERS("f_CD19_neg: 1e-4, k_bite: 3"),
                        "L1.CD19_lost L1.CD19_kill L1.CD19_hit L1.C_total");
    const size_t last = c.people.n_days - 1;
    printf("# without CD19: %.3g at first, %.6f after a year\n", crowd_at(&c, 0, 0, 0), crowd_at(&c, 0, last, 0));
    CHECK(crowd_at(&c, 0, last, 0) > 0.99);
    CHECK(crowd_at(&c, 0, last, 1) < 0.01 * crowd_at(&c, 0, last, 2));
    CHECK(crowd_at(&c, 0, last, 3) > 1e6);
    crowd_free(&c);
}

static void rituximab_clears_blood_in_three_days_and_b_cells_come_back_within_a_year(void)
{
    crowd c = crowd_run(NODE "run: {duration: 420 day, output_every: 1 day, population: 1}\n" RITUX,
                        "B_count B_left IgG B_aplasia");
    printf("# B cells a uL: start %.0f, day 3 %.2f, day 90 %.2f, day 182 %.1f, day 364 %.0f; IgG least %.1f g/L\n",
           crowd_at(&c, 0, 0, 0), crowd_at(&c, 0, 3, 0), crowd_at(&c, 0, 90, 0), crowd_at(&c, 0, 182, 0),
           crowd_at(&c, 0, 364, 0), crowd_extreme(&c, 2, -1).value);
    CHECK_NEAR(crowd_at(&c, 0, 0, 0), 200, 1);
    CHECK(crowd_at(&c, 0, 3, 0) < 3 && crowd_at(&c, 0, 90, 0) < 3);
    CHECK(crowd_at(&c, 0, 364, 0) > 60 && crowd_at(&c, 0, 420, 0) > crowd_at(&c, 0, 364, 0));
    /* most antibody comes from plasma cells that live on */
    CHECK(crowd_extreme(&c, 2, -1).value > 6 && crowd_extreme(&c, 2, -1).value < 9.9);
    crowd_free(&c);
}

static void without_a_drug_b_cells_and_antibodies_stay_as_they_are(void)
{
    crowd c = crowd_run(NODE YEAR RITUX_0, "B_pre B_blood B_tissue plasma IgG");
    for (size_t s = 0; s < 5; s++)
        for (size_t r = 0; r < c.people.n_days; r++)
            CHECK_NEAR(crowd_at(&c, 0, r, s) / crowd_at(&c, 0, 0, s), 1, 1e-6);
    crowd_free(&c);
}

static void the_v_allele_helps_rituximab_and_complement_alone_knows_no_genotype(void)
{
    double kill[3], complement[3];
    const char *const person[3] = {NODE MONTH RITUX NUMBERS("FcgR_u: 0.1"), NODE MONTH RITUX NUMBERS("FcgR_u: 0.5"),
                                   NODE MONTH RITUX NUMBERS("FcgR_u: 0.9")};
    const char *const no_fc[3] = {NODE MONTH RITUX NUMBERS("FcgR_u: 0.1, k_cd20_fc: 0"),
                                  NODE MONTH RITUX NUMBERS("FcgR_u: 0.5, k_cd20_fc: 0"),
                                  NODE MONTH RITUX NUMBERS("FcgR_u: 0.9, k_cd20_fc: 0")};
    for (int i = 0; i < 3; i++) {
        kill[i] = value(person[i], "L1.CD20_kill", 60);
        complement[i] = value(no_fc[i], "L1.CD20_kill", 60);
    }
    printf("# killed a day: F/F %.4f, V/F %.4f, V/V %.4f; complement alone %.4f, %.4f\n", kill[0], kill[1], kill[2],
           complement[0], complement[2]);
    CHECK(kill[0] < kill[1] && kill[1] < kill[2]);
    CHECK_NEAR(complement[0], complement[2], 0.02 * complement[0]);
}

static void rituximab_does_nothing_to_a_tumour_without_cd20(void)
{
    const double drug = value(NODE YEAR RITUX NUMBERS("CD20_density: 0"), "L1.C_total", 52),
                 none = value(NODE YEAR RITUX_0 NUMBERS("CD20_density: 0"), "L1.C_total", 52);
    CHECK_NEAR(drug / none, 1, 1e-4);
    const double with = value(NODE YEAR RITUX, "L1.C_total", 20), without = value(NODE YEAR RITUX_0, "L1.C_total", 20);
    printf("# tumour cells after 20 weeks against no drug: %.3f\n", with / without);
    CHECK(with < 0.5 * without);
    CHECK(value(NODE YEAR RITUX NUMBERS("precursors_per_clone: 0"), "L1.C_total", 20) <
          0.5 * value(NODE YEAR RITUX_0 NUMBERS("precursors_per_clone: 0"), "L1.C_total", 20));
}

static void no_rituximab_is_lost_or_made(void)
{
    crowd c = crowd_run(
        NODES MONTH "regimen: [{drug: rituximab, dose: 600 mg, cycles: 1}]\n" NUMBERS(
            "cd20_CL: 0, cd20_k_int: 0, k_cd20_blood: 0, k_cd20_tissue: 0"),
        "cd20_A cd20_P L1.cd20_L L2.cd20_L");
    for (size_t r = 4; r < c.people.n_days; r++) {
        double sum = 0;
        for (size_t s = 0; s < 4; s++) sum += crowd_at(&c, 0, r, s);
        CHECK_NEAR(sum, 600, 0.05);
    }
    crowd_free(&c);
}

static void many_b_cells_take_up_antibody_and_shorten_its_stay(void)
{
    const double few = value(NODE MONTH RITUX NUMBERS("B_blood0: 1e7"), "cd20_A", 24),
                 many = value(NODE MONTH RITUX NUMBERS("B_blood0: 1e11"), "cd20_A", 24);
    printf("# rituximab in blood after six days [mg]: few B cells %.1f, many %.1f\n", few, many);
    CHECK(many < 0.9 * few);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    static const struct {
        const char *zero, *none, *symbols;
    } cases[] = {
        {NODE YEAR RITUX_0, NODE YEAR "model: {also: [adcc, b_cells, anti_cd20]}\nregimen: []\n",
         "L1.C_s L1.NK B_blood IgG"},
        {MARROW QUARTER BLINA_0, MARROW QUARTER "model: {also: [b_cells, cd19_cd3]}\nregimen: []\n",
         "L1.C_s L1.T_eff B_blood bite_N"},
    };
    for (size_t i = 0; i < 2; i++) {
        crowd zero = crowd_run(cases[i].zero, cases[i].symbols), none = crowd_run(cases[i].none, cases[i].symbols);
        for (size_t r = 0; r < zero.people.n_days; r++)
            for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
        crowd_free(&zero);
        crowd_free(&none);
    }
}

static void no_number_is_negative_in_a_crowd(void)
{
    crowd a = crowd_run(NODES "run: {duration: 364 day, output_every: 14 day, population: 24}\n" RITUX,
                        "L1.C_s L1.C_low L1.NK L1.cd20_L cd20_A cd20_P B_pre B_blood B_tissue IgG"),
          b = crowd_run(MARROW "run: {duration: 168 day, output_every: 7 day, population: 24}\n" BLINA,
                        "L1.C_s L1.C_low L1.C_x bite_A bite_N bite_tired B_pre B_blood B_tissue IgG");
    const crowd *const both[2] = {&a, &b};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->people.n; i++)
            for (size_t r = 0; r < both[k]->people.n_days; r++)
                for (size_t s = 0; s < 10; s++) CHECK(crowd_at(both[k], i, r, s) > -1e-4);
    crowd_free(&a);
    crowd_free(&b);
}

/* Checkpoint drugs find little to free where there are few neoantigens. */
static void leukaemia_does_not_answer_to_a_checkpoint_inhibitor(void)
{
    crowd c = crowd_run(MARROW "run: {duration: 84 day, output_every: 42 day, population: 32}\nscans: {every: 6 week}\n"
                               "regimen: [{dose: pembrolizumab-200-q3w}]\n",
                        "L1.C_total");
    size_t n = 0;
    for (size_t i = 0; i < c.people.n; i++) n += coley_outcome_of(c.session, &c.people, i, -1).response_day < 85;
    CHECK(n <= 1);
    crowd_free(&c);
}

int main(void)
{
    RUN(trimers_rise_with_the_dose_and_fall_again);
    RUN(the_trimer_is_the_root_of_its_binding_equation);
    RUN(killing_follows_the_density_of_cd19_and_is_nothing_without_it);
    RUN(blinatumomab_is_gone_half_a_day_after_the_pump_stops);
    RUN(the_bispecific_needs_t_cells_but_no_neoantigen_and_no_mhc);
    RUN(more_leukaemia_at_the_start_is_harder_to_clear);
    RUN(cells_without_cd19_take_over_and_nobody_is_killed_who_has_none);
    RUN(rituximab_clears_blood_in_three_days_and_b_cells_come_back_within_a_year);
    RUN(without_a_drug_b_cells_and_antibodies_stay_as_they_are);
    RUN(the_v_allele_helps_rituximab_and_complement_alone_knows_no_genotype);
    RUN(rituximab_does_nothing_to_a_tumour_without_cd20);
    RUN(no_rituximab_is_lost_or_made);
    RUN(many_b_cells_take_up_antibody_and_shorten_its_stay);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(no_number_is_negative_in_a_crowd);
    RUN(leukaemia_does_not_answer_to_a_checkpoint_inhibitor);
    return check_done();
}
