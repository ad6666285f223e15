/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drugs against a driver or against vessels: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define MELANOMA                                                                                                       \
    "cancer: melanoma\npatient: {weight: 70 kg}\nscans: {every: 12 week}\nlesions: "                                   \
    "[{site: lung, diameter: 26 mm, infiltration: inflamed}]\n"
#define LAST(DAYS, N) "run: {duration: " #DAYS " day, output_every: 7 day, population: " #N "}\n"
#define BRAF_MEK      "{dose: dabrafenib-150-twice-daily}, {dose: trametinib-2-daily}"
#define NO_DOSE                                                                                                        \
    "{drug: dabrafenib, dose: 0 mg, every: 28 day, cycles: 13, infusion: 28 day}, "                                    \
    "{drug: trametinib, dose: 0 mg, every: 28 day, cycles: 13, infusion: 28 day}"

static double end_of(const char *scenario, const char *symbol, size_t row)
{
    crowd c = crowd_run(scenario, symbol);
    const double value = crowd_at(&c, 0, row, 0);
    crowd_free(&c);
    return value;
}

static void the_drugs_need_their_driver_and_no_t_cells(void)
{
#define NO_T "model: {parameters: {precursors_per_clone: 0}}\n"
#define WILD "model: {parameters: {precursors_per_clone: 0, braf_mutant: 0, mapk_cost: 0}}\n"
    const double with = end_of(MELANOMA LAST(84, 1) NO_T "regimen: [" BRAF_MEK "]\n", "L1.C_s", 12),
                 none = end_of(MELANOMA LAST(84, 1) NO_T "regimen: [" NO_DOSE "]\n", "L1.C_s", 12),
                 wild = end_of(MELANOMA LAST(84, 1) WILD "regimen: [" BRAF_MEK "]\n", "L1.C_s", 12),
                 wild_none = end_of(MELANOMA LAST(84, 1) WILD "regimen: [" NO_DOSE "]\n", "L1.C_s", 12);
    CHECK(with < 0.3 * none);
    CHECK_NEAR(wild / wild_none, 1, 1e-4);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    crowd zero = crowd_run(MELANOMA LAST(364, 1) "regimen: [" NO_DOSE "]\n", "L1.C_s L1.T_eff L1.mapk_res"),
          none = crowd_run(MELANOMA LAST(364, 1) "model: {also: [mapk, braf_inhibitor, mek_inhibitor]}\nregimen: []\n",
                           "L1.C_s L1.T_eff L1.mapk_res");
    for (size_t r = 0; r < zero.people.n_days; r++)
        for (size_t s = 0; s < 3; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
    crowd_free(&zero);
    crowd_free(&none);
}

static void what_is_swallowed_is_there_until_it_is_cleared(void)
{
    crowd c = crowd_run("cancer: nsclc\nscans: {every: 12 week}\nlesions: [{site: lung, diameter: 30 mm}]\n" LAST(
                            28, 1) "model: {parameters: {tki_CL: 0}}\nregimen: [{drug: osimertinib, dose: 80 mg, "
                                   "every: 1 day, cycles: 20, "
                                   "infusion: 1 min}]\n",
                        "tki_G tki_A");
    CHECK_NEAR(crowd_at(&c, 0, 4, 0) + crowd_at(&c, 0, 4, 1), 1600, 0.5);
    crowd_free(&c);
}

/* Resistant cells are there before the drug, in a share of each person's own, and grow while the others die. */
static void resistant_clones_are_there_at_the_start_and_are_what_comes_back(void)
{
    crowd c = crowd_run(MELANOMA LAST(728, 16) NO_T "regimen: [" BRAF_MEK "]\n", "L1.mapk_res L1.C_s L1.C_low");
    double least = 1, most = 0;
    size_t mostly = 0; /* people whose tumour is resistant from the start: a few */
    for (size_t p = 0; p < c.people.n; p++) {
        least = fmin(least, crowd_at(&c, p, 0, 0));
        most = fmax(most, crowd_at(&c, p, 0, 0));
        mostly += crowd_at(&c, p, 0, 0) > 0.5;
    }
    CHECK(least > 0 && most > 5 * least && mostly <= c.people.n / 4);
    double was = 0;
    for (size_t r = 0; r < c.people.n_days; r++) {
        const double resistant = crowd_at(&c, 0, r, 0) * (crowd_at(&c, 0, r, 1) + crowd_at(&c, 0, r, 2));
        CHECK(resistant > 0.999 * was);
        was = resistant;
    }
    CHECK(crowd_at(&c, 0, 104, 0) > 0.9);
    crowd_free(&c);
}

/* Log-odds of one share against two clones written out: with growth and killing constant both are exponentials. */
static void one_share_for_all_clones_is_the_same_as_clones_apart(void)
{
    crowd c = crowd_run(
        "cancer: nsclc\nscans: {every: 12 week}\nlesions: [{site: lung, diameter: 30 mm}]\n"
        "run: {duration: 168 day, output_every: 7 day, rtol: 1e-8, population: 1}\n"
        "model: {parameters: {precursors_per_clone: 0, k_growth: 0, k_C_death: 0, f_tki_res: 0.01, f_low: 0.2}}\n"
        "regimen: [{drug: osimertinib, dose: 13440 mg, cycles: 1, infusion: 168 day}]\n",
        "L1.C_s L1.C_low L1.tki_L L1.tki_res");
    const double killed = crowd_at(&c, 0, 24, 2) - crowd_at(&c, 0, 0, 2), left = 0.01 + 0.99 * exp(-killed);
    CHECK(killed > 2);
    CHECK_NEAR(crowd_at(&c, 0, 24, 0) / crowd_at(&c, 0, 0, 0) / left, 1, 1e-5);
    CHECK_NEAR(crowd_at(&c, 0, 24, 1) / crowd_at(&c, 0, 0, 1) / left, 1, 1e-5);
    CHECK_NEAR(crowd_at(&c, 0, 24, 3) / (0.01 / left), 1, 1e-5);
    crowd_free(&c);
}

/* therapy_facts f.5: the response to BRAF and MEK inhibitors comes faster and ends sooner than that to a checkpoint
 * inhibitor: the curves of what is controlled cross. */
static void targeted_responses_come_faster_and_end_sooner_than_those_to_a_checkpoint_inhibitor(void)
{
    double early[2] = {0}, late[2] = {0}; /* smaller by 30 % at week 12; of those ever so, still so after two years */
    const char *const scenario[2] = {MELANOMA LAST(728, 80) "regimen: [" BRAF_MEK "]\n",
                                     MELANOMA LAST(728, 80) "regimen: nivolumab-3-q2w\n"};
    for (int k = 0; k < 2; k++) {
        crowd c = crowd_run(scenario[k], "L1.diameter");
        size_t ever = 0;
        for (size_t p = 1; p < c.people.n; p++) {
            const double limit = 0.7 * crowd_at(&c, p, 0, 0);
            double least = INFINITY;
            for (size_t r = 0; r < c.people.n_days; r++) least = fmin(least, crowd_at(&c, p, r, 0));
            early[k] += crowd_at(&c, p, 12, 0) <= limit;
            ever += least <= limit;
            late[k] += least <= limit && crowd_at(&c, p, c.people.n_days - 1, 0) <= 1.2 * least + 5;
        }
        early[k] /= (double)(c.people.n - 1);
        late[k] /= (double)(ever ? ever : 1);
        crowd_free(&c);
    }
    printf(
        "# smaller by 30 %% at week 12: %.2f and %.2f; of responders, not grown again after two years: %.2f and %.2f\n",
        early[0], early[1], late[0], late[1]);
    CHECK(early[0] > early[1] + 0.15);
    CHECK(late[0] < late[1]);
}

static void vessels_let_t_cells_in_for_a_window_of_weeks(void)
{
    crowd c = crowd_run(
        "cancer: nsclc\npatient: {weight: 70 kg}\nscans: {every: 12 week}\nlesions: [{site: lung, diameter: 30 mm}]\n"
        "run: {duration: 112 day, output_every: 1 day, population: 1}\nregimen: bevacizumab-15-q3w\n",
        "L1.vegf_normal L1.vegf_pruned");
    double best = 0, day = 0;
    for (size_t r = 0; r < c.people.n_days; r++) {
        const double gain = crowd_at(&c, 0, r, 0) * (1 - 0.8 * crowd_at(&c, 0, r, 1));
        if (gain > best) best = gain, day = c.session->day[r];
    }
    const double end = crowd_at(&c, 0, 112, 0) * (1 - 0.8 * crowd_at(&c, 0, 112, 1));
    printf("# entry is highest on day %.0f\n", day);
    CHECK(day >= 2 && day <= 28);
    CHECK(end < 0.6 * best);
    crowd_free(&c);
}

int main(void)
{
    RUN(the_drugs_need_their_driver_and_no_t_cells);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(what_is_swallowed_is_there_until_it_is_cleared);
    RUN(resistant_clones_are_there_at_the_start_and_are_what_comes_back);
    RUN(one_share_for_all_clones_is_the_same_as_clones_apart);
    RUN(targeted_responses_come_faster_and_end_sooner_than_those_to_a_checkpoint_inhibitor);
    RUN(vessels_let_t_cells_in_for_a_window_of_weeks);
    return check_done();
}
