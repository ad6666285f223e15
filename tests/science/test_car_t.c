/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CAR-T against CD19: what must be so whatever its numbers are. */
#include "support/crowd.h"

#define MARROW                                                                                                         \
    "cancer: all\npatient: {weight: 60 kg, height: 165 cm}\nlesions: [{site: marrow, diameter: 90 mm, infiltration: "  \
    "inflamed}]\n"
#define FEW                                                                                                            \
    "cancer: all\npatient: {weight: 60 kg, height: 165 cm}\nlesions: [{site: marrow, diameter: 30 mm, infiltration: "  \
    "inflamed}]\n"
#define SIX_WEEKS  "run: {duration: 42 day, output_every: 0.5 day, population: 1}\n"
#define YEAR       "run: {duration: 364 day, output_every: 1 day, population: 1}\n"
#define ROOM       "{dose: fludarabine-30-days}, {dose: cyclophosphamide-500-days}"
#define CELLS(n)   "{drug: tisagenlecleucel, dose: " n " cell, start: 5 day, cycles: 1}"
#define GIVEN(x)   "regimen: [" x "]\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"

typedef struct peak {
    double value, day;
} peak;

/* The largest value of a symbol in the typical person, with its day after the cells. */
static peak peak_of(const char *scenario, const char *symbol)
{
    crowd c = crowd_run(scenario, symbol);
    peak p = {-INFINITY, 0};
    for (size_t r = 0; r < c.people.n_days; r++) {
        const double v = crowd_at(&c, 0, r, 0);
        if (v > p.value) p = (peak){v, c.session->day[r] - 5};
    }
    crowd_free(&c);
    return p;
}

static void the_day_of_the_peak_hardly_depends_on_the_dose(void)
{
    static const char *const dose[] = {MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e7")),
                                       MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")),
                                       MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("6e8"))};
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < 3; i++) {
        const peak p = peak_of(dose[i], "car_per_uL");
        printf("# peak %.3g a uL on day %.1f after the cells\n", p.value, p.day);
        CHECK(p.day >= 7 && p.day <= 14);
        least = fmin(least, p.value), most = fmax(most, p.value);
    }
    CHECK(most < 2 * least); /* thirtyfold in the dose */
}

static void without_lymphodepletion_the_peak_is_a_third_or_less(void)
{
    const double with = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")), "car_per_uL").value,
                 without = peak_of(MARROW SIX_WEEKS GIVEN(CELLS("2e8")), "car_per_uL").value;
    printf("# peak without lymphodepletion %.3g of the one with\n", without / with);
    CHECK(without < with / 3);
}

static void without_cd19_in_the_body_they_do_not_expand(void)
{
#define NO_CD19 NUMBERS("B_blood0: 1000, L1.f_CD19_neg: 0.999999999999")
    const double none = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")) NO_CD19, "car_E").value,
                 some = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")), "car_E").value;
    CHECK(none < 0.01 * some);
    CHECK(none < 2e8);
}

static void more_tumour_means_more_interleukin_6(void)
{
    const double few = peak_of(FEW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")), "IL6").value,
                 many = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")), "IL6").value;
    printf("# IL-6 at its peak: 30 mm %.0f, 90 mm %.0f pg/mL\n", few, many);
    CHECK(many > 1.3 * few);
}

static void tocilizumab_takes_the_fever_raises_il_6_and_leaves_the_cells(void)
{
#define TOCI "{drug: tocilizumab, dose: 8 mg/kg, start: 11 day, cycles: 1}"
    const char *const with = MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8") ", " TOCI), *const without =
                                                                                           MARROW SIX_WEEKS GIVEN(
                                                                                               ROOM ", " CELLS("2e8"));
    const double cells = peak_of(with, "car_per_uL").value / peak_of(without, "car_per_uL").value,
                 il6 = peak_of(with, "IL6").value / peak_of(without, "IL6").value;
    const double grade = peak_of(with, "grade_crs").value, ill = peak_of(without, "grade_crs").value;
    printf("# with tocilizumab: cells %.3f, IL-6 %.2f, grade %.2f against %.2f\n", cells, il6, grade, ill);
    CHECK(cells > 0.9 && cells < 1.3);
    CHECK(il6 > 1.2);
    CHECK(grade < ill - 0.2);
}

static void a_few_days_of_steroid_cost_little_and_weeks_cost_more(void)
{
#define STEROID(days) "{drug: prednisone, dose: 2 mg/kg, every: 1 day, start: 10 day, cycles: " days "}"
    const double none = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8")), "car_M").value,
                 days = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8") ", " STEROID("3")), "car_M").value,
                 weeks = peak_of(MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8") ", " STEROID("28")), "car_M").value;
    printf("# memory: three days %.2f, four weeks %.2f of none\n", days / none, weeks / none);
    CHECK(days > 0.75 * none && weeks < days);
}

/* Loss of CD19 is the relapse that comes while there are CAR-T cells enough to keep B cells away. */
static void relapse_during_aplasia_has_lost_cd19(void)
{
    crowd c = crowd_run(MARROW YEAR GIVEN(ROOM ", " CELLS("2e8")) NUMBERS("L1.f_CD19_neg: 1e-6"),
                        "L1.C_total L1.CD19_lost B_aplasia L1.C_s");
    size_t least = 0;
    const size_t last = c.people.n_days - 1;
    for (size_t r = 0; r <= last; r++)
        if (crowd_at(&c, 0, r, 0) < crowd_at(&c, 0, least, 0)) least = r;
    printf("# cells %.2g at their fewest, %.2g at the end; CD19 lost %.3f, aplasia %.2f\n", crowd_at(&c, 0, least, 0),
           crowd_at(&c, 0, last, 0), crowd_at(&c, 0, last, 1), crowd_at(&c, 0, last, 2));
    CHECK(crowd_at(&c, 0, least, 0) < 1e-3 * crowd_at(&c, 0, 0, 0));
    CHECK(crowd_at(&c, 0, last, 0) > 100 * crowd_at(&c, 0, least, 0));
    CHECK(crowd_at(&c, 0, last, 1) > 0.99);
    crowd_free(&c);
}

static void no_cells_given_is_no_drug_to_the_last_bit_and_no_number_is_negative(void)
{
    crowd a = crowd_run(MARROW SIX_WEEKS GIVEN("{drug: tisagenlecleucel, dose: 0 cell, cycles: 1}"),
                        "L1.C_s B_blood IL6 car_E"),
          on = crowd_run(MARROW YEAR GIVEN(ROOM ", " CELLS("2e8")), "L1.C_s B_blood IL6 car_E car_M car_D");
    crowd b = crowd_run(MARROW SIX_WEEKS "regimen: []\nmodel: {also: [b_cells, chemotherapy, car_t, crs], parameters: "
                                         "{k_car_exp: 1.75, k_car_mem: 0.005, "
                                         "k_car_tire: 0.03, IL6_car: 1.3e-7, icans_50: 3.4}}\n",
                        "L1.C_s B_blood IL6 car_E");
    for (size_t r = 0; r < a.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&a, 0, r, s) == crowd_at(&b, 0, r, s));
    for (size_t r = 0; r < on.people.n_days; r++)
        for (size_t s = 0; s < 6; s++) CHECK(crowd_at(&on, 0, r, s) > -1e-2);
    crowd_free(&a);
    crowd_free(&b);
    crowd_free(&on);
}

int main(void)
{
    RUN(the_day_of_the_peak_hardly_depends_on_the_dose);
    RUN(without_lymphodepletion_the_peak_is_a_third_or_less);
    RUN(without_cd19_in_the_body_they_do_not_expand);
    RUN(more_tumour_means_more_interleukin_6);
    RUN(tocilizumab_takes_the_fever_raises_il_6_and_leaves_the_cells);
    RUN(a_few_days_of_steroid_cost_little_and_weeks_cost_more);
    RUN(relapse_during_aplasia_has_lost_cd19);
    RUN(no_cells_given_is_no_drug_to_the_last_bit_and_no_number_is_negative);
    return check_done();
}
