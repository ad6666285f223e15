/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CAR-T against CD19: what must be so whatever its numbers are. BCMA: test_car_t_bcma.c. */
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
    CHECK(without < with / 3 && without > with / 100);
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
    const double grade = peak_of(with, "grade_crs").value, ill = peak_of(without, "grade_crs").value,
                 fever = peak_of(with, "fever").value, hot = peak_of(without, "fever").value;
    printf("# with tocilizumab: cells %.3f, IL-6 %.2f, grade %.2f against %.2f, %.1f against %.1f degrees\n", cells,
           il6, grade, ill, fever, hot);
    CHECK(fever < hot - 0.2);
    CHECK(cells > 0.9 && cells < 1.3);
    CHECK(il6 > 1.2);
    CHECK(grade < ill - 0.2);
}

/* Nobody gives it to those who are well: who is ill enough has more cells with nothing given, and a model fitted to
 * people who got it and people who did not sees a factor (1.2 in Stein 2019). */
static void people_ill_enough_for_tocilizumab_have_more_cells_without_it(void)
{
    crowd c = crowd_run(
        MARROW "run: {duration: 42 day, output_every: 0.5 day, population: 300}\n" GIVEN(ROOM ", " CELLS("2e8")),
        "car_per_uL grade_crs");
    double sum[2] = {0};
    size_t n[2] = {0};
    for (size_t p = 1; p < c.people.n; p++) {
        double most = 0, grade = 0;
        for (size_t r = 0; r < c.people.n_days; r++) {
            most = fmax(most, crowd_at(&c, p, r, 0));
            grade = fmax(grade, crowd_at(&c, p, r, 1));
        }
        if (!(most > 0)) continue;
        sum[grade >= 2.5] += log(most);
        n[grade >= 2.5]++;
    }
    const double ratio = exp(sum[1] / (double)n[1] - sum[0] / (double)n[0]);
    printf("# peak of %zu with grade 3 and more against %zu others: %.2f\n", n[1], n[0], ratio);
    CHECK(n[1] > 30 && ratio > 1.1 && ratio < 5);
    crowd_free(&c);
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

/* The brain follows cytokines that the receptor blocker does not take away from it. */
static void dexamethasone_relieves_the_brain_and_tocilizumab_does_not(void)
{
#define DEXA    "{drug: dexamethasone, dose: 10 mg, every: 6 h, start: 11 day, cycles: 24}"
#define STRONG  NUMBERS("icans_50: 0.5")
#define WITH(x) MARROW SIX_WEEKS GIVEN(ROOM ", " CELLS("2e8") x) STRONG
    const double none = peak_of(WITH(""), "grade_icans").value, toci = peak_of(WITH(", " TOCI), "grade_icans").value,
                 dexa = peak_of(WITH(", " DEXA), "grade_icans").value;
    printf("# ICANS at its worst: %.2f, with tocilizumab %.2f, with dexamethasone %.2f\n", none, toci, dexa);
    CHECK(none > 1.5);
    CHECK(toci > 0.9 * none);
    CHECK(dexa < none - 0.5);
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

/* Of virtual people with leukaemia: relapses within a year with CD19 and without it, and how many of either come while
 * B cells are away (10 a uL). */
typedef struct relapses {
    size_t with, without, with_in_aplasia, without_in_aplasia;
} relapses;

static relapses relapses_of(const char *scenario)
{
    crowd c = crowd_run(scenario, "L1.blasts L1.CD19_lost B_count");
    relapses n = {0};
    const size_t last = c.people.n_days - 1;
    for (size_t p = 1; p < c.people.n; p++) {
        double least = 1;
        for (size_t r = 0; r <= last; r++) least = fmin(least, crowd_at(&c, p, r, 0));
        if (least > 1e-3 || crowd_at(&c, p, last, 0) < 0.05) continue;
        const int lost = crowd_at(&c, p, last, 1) > 0.5, aplasia = crowd_at(&c, p, last, 2) < 10;
        n.with += !lost, n.without += lost;
        n.with_in_aplasia += !lost && aplasia, n.without_in_aplasia += lost && aplasia;
    }
    printf("# relapse with CD19 %zu, %zu of them in aplasia; without CD19 %zu, %zu\n", n.with, n.with_in_aplasia,
           n.without, n.without_in_aplasia);
    crowd_free(&c);
    return n;
}

static void relapse_with_cd19_comes_when_aplasia_has_gone(void)
{
#define CROWD "run: {duration: 364 day, output_every: 7 day, population: 160}\n"
    const relapses lasting = relapses_of(MARROW CROWD GIVEN(ROOM ", " CELLS("2e8"))),
                   fleeting = relapses_of(MARROW CROWD GIVEN(ROOM ", " CELLS("2e8"))
                                              NUMBERS("d_car_mem: 0.05 1/day, k_car_recall: 0 1/day"));
    CHECK(lasting.without >= 10 && 2 * lasting.without_in_aplasia > lasting.without);
    CHECK(lasting.without > 3 * lasting.with);
    CHECK(fleeting.with >= 10 && fleeting.with > 3 * lasting.with); /* cells lost early: CD19 comes back */
    CHECK(10 * fleeting.with_in_aplasia <= fleeting.with);
}

/* Ogasawara 2021, Clin Pharmacokinet: doubling in 0.755 days (0.667 to 0.821), peak on day 9.29, half-life after
 * it 5.00 days (4.15 to 5.90), in the end 352 days (241 to 647). */
static void lisocabtagene_doubles_falls_and_stays_as_was_measured(void)
{
    crowd c = crowd_run("cancer: dlbcl-refractory\npatient: {weight: 75 kg, height: 172 cm}\n"
                        "lesions: [{site: lymph node, diameter: 50 mm, infiltration: inflamed, nodal: yes}]\n"
                        "run: {duration: 371 day, output_every: 0.5 day, population: 0}\n" GIVEN(
                            ROOM ", {dose: lisocabtagene-once, start: 5 day}"),
                        "car_per_uL car_E");
    const extreme top = crowd_extreme(&c, 0, 1);
    double at[4] = {0}, steepest = 0; /* 8 and 20 days after the peak; days 120 and 365 after the cells */
    for (size_t r = 0; r < c.people.n_days; r++) {
        const double day = c.session->day[r], now = crowd_at(&c, 0, r, 0);
        if (day <= top.day + 8) at[0] = crowd_at(&c, 0, r, 1); /* the first of the two falls: effectors */
        if (day <= top.day + 20) at[1] = crowd_at(&c, 0, r, 1);
        if (day <= 125) at[2] = now;
        if (day <= 370) at[3] = now;
        if (day >= 7 && now < 0.5 * top.value && r)
            steepest = fmax(steepest, log(now / crowd_at(&c, 0, r - 1, 0)) / (day - c.session->day[r - 1]));
    }
    const double doubling = log(2) / steepest, fall = 12 * log(2) / log(at[0] / at[1]),
                 last = 245 * log(2) / log(at[2] / at[3]);
    printf("# doubling in %.3f days, peak %.3g a uL on day %.1f, half-lives %.2f and %.0f days\n", doubling, top.value,
           top.day - 5, fall, last);
    CHECK(doubling > 0.667 && doubling < 0.821);
    CHECK(top.day - 5 > 8 && top.day - 5 < 11);
    CHECK(fall > 4.15 && fall < 5.9);
    CHECK(last > 241 && last < 647);
    crowd_free(&c);
}

static void exposure_differs_between_people_by_more_than_its_mean(void)
{
    crowd c = crowd_run(
        MARROW "run: {duration: 33 day, output_every: 0.5 day, population: 200}\n" GIVEN(ROOM ", " CELLS("2e8")),
        "car_per_uL");
    const size_t n = c.people.n - 1;
    double sum = 0, square = 0;
    for (size_t p = 1; p <= n; p++) {
        double area = 0;
        for (size_t r = 1; r < c.people.n_days; r++)
            area +=
                0.5 * (c.session->day[r] - c.session->day[r - 1]) * (crowd_at(&c, p, r - 1, 0) + crowd_at(&c, p, r, 0));
        sum += area, square += area * area;
    }
    const double mean = sum / (double)n, cv = sqrt(square / (double)n - mean * mean) / mean;
    printf("# area under the curve to day 28: mean %.0f a uL and day, CV %.0f %%\n", mean, 100 * cv);
    CHECK(cv > 1);
    crowd_free(&c);
}

static void no_cells_given_is_no_drug_to_the_last_bit_and_no_number_is_negative(void)
{
    crowd a = crowd_run(MARROW SIX_WEEKS GIVEN("{drug: tisagenlecleucel, dose: 0 cell, cycles: 1}"),
                        "L1.C_s B_blood IL6 car_E"),
          on = crowd_run(MARROW YEAR GIVEN(ROOM ", " CELLS("2e8")), "L1.C_s B_blood IL6 car_E car_M car_D");
    crowd b = crowd_run(MARROW SIX_WEEKS
                        "regimen: []\nmodel: {also: [b_cells, chemotherapy, car_t, car_cd19, crs], parameters: "
                        "{k_car_exp: 1.75, k_car_mem: 0.005, k_car_tire: 0.03, "
                        "IL6_car: 6.5e-7, icans_50: 2.1}}\n",
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
    RUN(people_ill_enough_for_tocilizumab_have_more_cells_without_it);
    RUN(a_few_days_of_steroid_cost_little_and_weeks_cost_more);
    RUN(dexamethasone_relieves_the_brain_and_tocilizumab_does_not);
    RUN(relapse_during_aplasia_has_lost_cd19);
    RUN(relapse_with_cd19_comes_when_aplasia_has_gone);
    RUN(lisocabtagene_doubles_falls_and_stays_as_was_measured);
    RUN(exposure_differs_between_people_by_more_than_its_mean);
    RUN(no_cells_given_is_no_drug_to_the_last_bit_and_no_number_is_negative);
    return check_done();
}
