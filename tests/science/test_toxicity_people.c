/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Side effects among virtual people, through scenarios: who has them, and what goes with them. */
#include "support/crowd.h"

#define MELANOMA                                                                                                       \
    "cancer: melanoma\npatient: {weight: 75 kg}\nscans: {every: 6 week, first: 12 week}\n"                             \
    "lesions: [{site: lung, diameter: 26 mm, infiltration: inflamed}]\n"
#define MELANOMA_TWO                                                                                                   \
    "cancer: melanoma\npatient: {weight: 75 kg}\nscans: {every: 6 week, first: 12 week}\n"                             \
    "lesions: [{site: lung, diameter: 26 mm, infiltration: inflamed}, {site: liver, diameter: 20 mm, infiltration: "   \
    "excluded}]\n"
#define WITH      "model: {also: [toxicity]}\n"
#define NIVOLUMAB "{dose: nivolumab-3-q2w}"
#define YEAR(n)   "run: {duration: 365 day, output_every: 7 day, population: " #n "}\n"
#define ANTI_PD1  "regimen: [" NIVOLUMAB "]\n"

/* The highest of a symbol up to a day. */
static double peak_by(const crowd *c, size_t person, size_t symbol, double day)
{
    double most = -INFINITY;
    for (size_t r = 0; r < c->people.n_days && c->session->day[r] <= day; r++)
        most = fmax(most, crowd_at(c, person, r, symbol));
    return most;
}

static size_t count(const crowd *c, size_t symbol, double value)
{
    size_t n = 0;
    for (size_t p = 1; p < c->people.n; p++) n += peak_by(c, p, symbol, INFINITY) >= value;
    return n;
}

static size_t responses(const crowd *c)
{
    size_t n = 0;
    for (size_t p = 1; p < c->people.n; p++)
        n += isfinite(coley_outcome_of(c->session, &c->people, p, -1).response_day);
    return n;
}

static void nobody_untreated_has_an_immune_related_event(void)
{
    crowd c = crowd_run(MELANOMA WITH YEAR(200) "regimen: []\n", "grade_worst grade_fatigue");
    CHECK(c.people.n > 150);
    CHECK(count(&c, 0, 0.5) == 0);
    CHECK(count(&c, 1, 0.5) > c.people.n / 8); /* but fatigue has other causes */
    crowd_free(&c);
}

static void skin_and_thyroid_events_go_with_response_and_colitis_does_not(void)
{
    static const double least[] = {1.05, 1.15, 0.6}, most[] = {4, 4, 1.15};
    crowd c = crowd_run(MELANOMA_TWO WITH YEAR(500) ANTI_PD1, "grade_skin grade_thyroid grade_gut");
    for (size_t s = 0; s < 3; s++) {
        size_t n[2] = {0}, responded[2] = {0};
        double middle = 0;
        for (size_t p = 1; p < c.people.n; p++) middle += log(peak_by(&c, p, s, 365) + 1e-9) / (double)(c.people.n - 1);
        for (size_t p = 1; p < c.people.n; p++) {
            const int worse = log(peak_by(&c, p, s, 365) + 1e-9) > middle;
            n[worse]++;
            responded[worse] += isfinite(coley_outcome_of(c.session, &c.people, p, -1).response_day);
        }
        const double ratio =
            (double)responded[1] / (double)n[1] * (double)n[0] / (double)(responded[0] ? responded[0] : 1);
        printf("# response of the worse half against the other: %.2f\n", ratio);
        CHECK(ratio > least[s] && ratio < most[s]);
    }
    crowd_free(&c);
}

static void chemotherapy_harms_after_each_dose_and_an_immune_event_begins_months_later(void)
{
    crowd chemo = crowd_run(MELANOMA WITH YEAR(1) "regimen: [{drug: docetaxel, dose: 75 mg/m2, cycles: 1}]\n", "ANC"),
          immune = crowd_run(MELANOMA "model: {also: [toxicity], parameters: {kidney.s: 10}}\n" YEAR(
                                 1) "regimen: [{drug: nivolumab, dose: 3 mg/kg, every: 14 day, cycles: 2}]\n",
                             "grade_kidney");
    const extreme nadir = crowd_extreme(&chemo, 0, -1), worst = crowd_extreme(&immune, 0, 1);
    const double normal = crowd_at(&chemo, 0, 0, 0);
    CHECK(nadir.value < 0.5 * normal && nadir.day <= 14);
    CHECK(crowd_at(&chemo, 0, 6, 0) > 0.8 * normal); /* day 42: over */
    CHECK(worst.value > 0.5 && worst.day > 60);
    for (size_t r = 0; r <= 6; r++) CHECK(crowd_at(&immune, 0, r, 0) < 0.5); /* day 42: not begun */
    CHECK(crowd_at(&immune, 0, 20, 0) > 0.5);                                /* day 140, four months after the drug */
    crowd_free(&chemo);
    crowd_free(&immune);
}

static void early_high_glucocorticoids_cost_responses(void)
{
    crowd none = crowd_run(MELANOMA YEAR(300) ANTI_PD1, "T8_B"),
          early = crowd_run(MELANOMA YEAR(300) "regimen: [" NIVOLUMAB
                                               ", {drug: prednisone, dose: 100 mg, every: 1 day, cycles: 90}]\n",
                            "T8_B");
    printf("# responses: %zu of %zu, with glucocorticoids %zu of %zu\n", responses(&none), none.people.n - 1,
           responses(&early), early.people.n - 1);
    CHECK(responses(&early) < responses(&none));
    CHECK(2 * responses(&early) > responses(&none)); /* killing itself is spared */
    crowd_free(&none);
    crowd_free(&early);
}

static void an_autoimmune_disease_before_treatment_makes_events_more_frequent(void)
{
    crowd without = crowd_run(MELANOMA WITH YEAR(200) ANTI_PD1, "grade_gut"),
          with = crowd_run(MELANOMA WITH YEAR(200) ANTI_PD1 "history: {autoimmune: moderate}\n", "grade_gut");
    CHECK(count(&with, 0, 0.5) > 1.4 * (double)count(&without, 0, 0.5));
    crowd_free(&without);
    crowd_free(&with);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    crowd zero =
              crowd_run(MELANOMA WITH YEAR(1) "regimen: [" NIVOLUMAB ", {drug: infliximab, dose: 0 mg, start: 40 day, "
                                              "cycles: 1}, {drug: mycophenolate, dose: 0 mg, start: 50 day, cycles: "
                                              "1}]\n",
                        "grade_gut T8_B L1.C_s D_thyroid"),
          none = crowd_run(MELANOMA "model: {also: [toxicity, anti_tnf, antiproliferative]}\n" YEAR(1) ANTI_PD1,
                           "grade_gut T8_B L1.C_s D_thyroid");
    for (size_t r = 0; r < zero.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
    crowd_free(&zero);
    crowd_free(&none);
}

int main(void)
{
    RUN(nobody_untreated_has_an_immune_related_event);
    RUN(skin_and_thyroid_events_go_with_response_and_colitis_does_not);
    RUN(chemotherapy_harms_after_each_dose_and_an_immune_event_begins_months_later);
    RUN(early_high_glucocorticoids_cost_responses);
    RUN(an_autoimmune_disease_before_treatment_makes_events_more_frequent);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    return check_done();
}
