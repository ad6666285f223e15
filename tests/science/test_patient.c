/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patient model against what must be so whatever its numbers are, and against what trials found. */
#include "support/people_fixture.h"

enum { WEEKS = 53 };

/* One run: a cancer of the catalog with one lesion, or the model's own numbers; one drug of the catalog or none; what
 * is set by hand. */
typedef struct trial {
    const char *cancer, *drug;
    double dose_mg, every_day;
    int no_doses;    /* the drug's mechanism is loaded, and nothing is given */
    size_t n_people; /* 0: the typical person alone */
    people_number set[PEOPLE_MAX_SET];
} trial;

enum { DIAMETER, NET_GROWTH, CELLS, ATTACK, TISSUE, BRAKE, N_OBSERVED };

typedef struct outcome {
    people_fixture of;
    size_t n;
} outcome;

#define AT(o, person, week, what) ((o).of.value[((person)*WEEKS + (week)) * N_OBSERVED + (what)])

static outcome run(const trial *t)
{
    people_setup setup = {.cancer = t->cancer, .drug = {t->drug}};
    memcpy(setup.set, t->set, sizeof setup.set);
    outcome o = {.of = people_begin(&setup), .n = t->n_people ? t->n_people : 1};
    const coley_body *body = o.of.body;
    if (!body) return o;
    coley_dose dose[64];
    size_t n_doses = 0;
    for (double day = 0; t->drug && !t->no_doses && day < 7 * (WEEKS - 1) && n_doses < 64; day += t->every_day)
        dose[n_doses++] =
            (coley_dose){.t_day = day, .amount = t->dose_mg, .duration_day = 1.0 / 48, .state = body->dose_state[0][0]};
    double day[WEEKS];
    for (int i = 0; i < WEEKS; i++) day[i] = 7 * i;
    const int32_t observed[N_OBSERVED] = {
        coley_body_lesion_symbol(body, 0, "diameter"),   coley_body_lesion_symbol(body, 0, "net_growth"),
        coley_body_lesion_symbol(body, 0, "C_s"),        coley_body_lesion_symbol(body, 0, "step5_attack"),
        coley_network_symbol(body->network, "H_tissue"), coley_body_lesion_symbol(body, 0, "H_PD1")};
    coley_people people = {.n = o.n,
                           .n_doses = n_doses,
                           .dose = dose,
                           .n_days = WEEKS,
                           .day = day,
                           .n_observed = N_OBSERVED,
                           .observed = observed,
                           .integrator = COLEY_INTEGRATOR_DEFAULT};
    people.integrator.rtol = people.integrator.atol = t->n_people ? 1e-4 : 1e-7;
    people_run(&o.of, t->n_people ? 1 : 0, people);
    return o;
}

static void free_outcome(outcome *o)
{
    coley_arena_destroy(o->of.arena);
}

/* Largest relative difference of a quantity between two runs of one person. */
static double difference(const trial *a, const trial *b, int what)
{
    outcome x = run(a), y = run(b);
    double most = 0;
    for (size_t w = 0; w < WEEKS; w++) most = fmax(most, fabs(AT(x, 0, w, what) / AT(y, 0, w, what) - 1));
    free_outcome(&x);
    free_outcome(&y);
    return most;
}

#define PEMBRO .cancer = "melanoma", .drug = "pembrolizumab", .dose_mg = 200, .every_day = 21
#define IPI    .cancer = "melanoma", .drug = "ipilimumab", .dose_mg = 210, .every_day = 21

static void the_drugs_do_something_to_the_typical_melanoma(void)
{
    CHECK(difference(&(trial){PEMBRO}, &(trial){PEMBRO, .no_doses = 1}, DIAMETER) > 0.1);
    CHECK(difference(&(trial){IPI}, &(trial){IPI, .no_doses = 1}, DIAMETER) > 0.01);
}

static void without_t_cells_the_drug_does_nothing(void)
{
#define NO_T .set = { {"precursors_per_clone", 0} }
    CHECK(difference(&(trial){PEMBRO, NO_T}, &(trial){PEMBRO, NO_T, .no_doses = 1}, DIAMETER) < 1e-6);
}

static void without_antigen_checkpoint_blockade_does_nothing_to_the_tumour(void)
{
#define NO_ANTIGEN .set = { {"P_C", 0} }
    /* Tumour cells, not the diameter: ipilimumab still removes Treg, which take up room. */
    CHECK(difference(&(trial){PEMBRO, NO_ANTIGEN}, &(trial){PEMBRO, NO_ANTIGEN, .no_doses = 1}, CELLS) < 1e-6);
    CHECK(difference(&(trial){IPI, NO_ANTIGEN}, &(trial){IPI, NO_ANTIGEN, .no_doses = 1}, CELLS) < 1e-6);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    outcome x = run(&(trial){.cancer = "melanoma", .drug = "pembrolizumab", .dose_mg = 0, .every_day = 21});
    outcome y = run(&(trial){PEMBRO, .no_doses = 1});
    CHECK(memcmp(x.of.value, y.of.value, WEEKS * N_OBSERVED * sizeof *x.of.value) == 0);
    free_outcome(&x);
    free_outcome(&y);
}

static void a_tumour_covered_in_pd_l1_is_next_to_unharmed_without_an_antibody(void)
{
    outcome covered = run(
        &(trial){.cancer = "melanoma", .set = {{"PDL1_TPS", 1}, {"PDL1_per_positive", 1e8}, {"PDL1_ceiling", 1e8}}});
    outcome bare =
        run(&(trial){.cancer = "melanoma", .set = {{"PDL1_TPS", 0}, {"PDL1_floor", 0}, {"PDL1_ceiling", 1e8}}});
    /* PD-1 brakes, it does not forbid: with every receptor held a T cell kills at an eighth of its rate, and few come.
     */
    for (size_t w = 0; w < WEEKS; w++) {
        CHECK(AT(covered, 0, w, BRAKE) > 0.8);
        CHECK(AT(bare, 0, w, BRAKE) < 0.05);
        CHECK(AT(covered, 0, w, ATTACK) < 0.125 * AT(bare, 0, 1, ATTACK));
    }
    free_outcome(&covered);
    free_outcome(&bare);
}

static void healthy_tissue_is_spared_without_a_drug_and_harmed_a_little_with_it(void)
{
    outcome without = run(&(trial){PEMBRO, .no_doses = 1}), with = run(&(trial){PEMBRO});
    double least = 1;
    for (size_t w = 0; w < WEEKS; w++) {
        CHECK(AT(without, 0, w, TISSUE) > 0.99);
        least = fmin(least, AT(with, 0, w, TISSUE));
    }
    printf("# healthy tissue at its lowest under pembrolizumab: %.3f of normal\n", least);
    CHECK(least > 0.8 && least < 0.995);
    free_outcome(&without);
    free_outcome(&with);
}

static void anti_ctla_4_acts_through_the_node_and_through_treg_only(void)
{
#define NEITHER .set = { {"aCTLA4_LN_share", 0}, {"ctla4_adcc", 0} }
    const double apart = difference(&(trial){IPI, NEITHER}, &(trial){IPI, NEITHER, .no_doses = 1}, DIAMETER);
    printf("# anti-CTLA-4 without node and Fc receptors: %.1e of the diameter\n", apart);
    CHECK(apart < 1e-5); /* two courses with other steps, at a tolerance of 1e-6 */
}

/* --- populations -----------------------------------------------------------------------------------------------------
 */

/* Scans every six weeks for 48 weeks, without reader noise: the share of people whose lesion shrank by 30 % before it
 * progressed (RECIST 1.1's limits on one lesion), and the share whose lesion grew by 20 % and later was smaller than at
 * the start. */
typedef struct rates {
    double response;
    size_t n;
} rates;

static rates rates_of(const trial *t)
{
    outcome o = run(t);
    rates r = {0};
    for (size_t i = 0; i < o.n; i++) {
        if (o.of.lost[i] || AT(o, i, 0, NET_GROWTH) <= 0)
            continue; /* would vanish by itself: never found at that size */
        const double start = AT(o, i, 0, DIAMETER);
        double nadir = start;
        int responded = 0, progressed = 0;
        for (size_t w = 6; w <= 48; w += 6) {
            const double now = AT(o, i, w, DIAMETER);
            if (!progressed && now <= 0.7 * start) responded = 1;
            if (now >= 1.2 * nadir && now >= nadir + 5) progressed = 1;
            nadir = fmin(nadir, now);
        }
        r.response += responded;
        r.n++;
    }
    r.response /= (double)r.n;
    free_outcome(&o);
    return r;
}

static rates lung, melanoma;

static void nsclc_answers_as_often_as_in_trials_and_melanoma_more_often(void)
{
    lung = rates_of(
        &(trial){.cancer = "nsclc", .drug = "pembrolizumab", .dose_mg = 200, .every_day = 21, .n_people = 640});
    melanoma = rates_of(&(trial){PEMBRO, .n_people = 640});
    printf("# response: NSCLC %.3f of %zu, melanoma %.3f of %zu\n", lung.response, lung.n, melanoma.response,
           melanoma.n);
    CHECK(lung.n >= 500 && melanoma.n >= 500);
    CHECK(lung.response >= 0.10 && lung.response <= 0.35);
    CHECK(melanoma.response > lung.response);
}

static double lung_response(const char *symbol, double value)
{
    return rates_of(&(trial){.cancer = "nsclc",
                             .drug = "pembrolizumab",
                             .dose_mg = 200,
                             .every_day = 21,
                             .n_people = 256,
                             .set = {{symbol, value}}})
        .response;
}

/* In trials of anti-PD-(L)1 response rises with the number of mutations and with the T cells in the tumour. */
static void more_mutations_and_more_access_for_t_cells_mean_more_responses(void)
{
    const double few = lung_response("TMB", 2), many = lung_response("TMB", 20);
    const double inflamed = lung_response("infil", 1), desert = lung_response("infil", 0.05);
    printf("# NSCLC response: 2 mutations per Mb %.3f, 20 %.3f; inflamed %.3f, desert %.3f\n", few, many, inflamed,
           desert);
    CHECK(many > few + 0.1);
    CHECK(inflamed > desert + 0.1);
}

/* Spontaneous regression is rare in the clinic. */
static void without_a_drug_next_to_no_tumour_shrinks(void)
{
    const rates none = rates_of(&(trial){PEMBRO, .no_doses = 1, .n_people = 512});
    printf("# melanoma without a drug: %.3f shrink by 30 %%\n", none.response);
    CHECK(none.response < 0.01);
}

int main(void)
{
    RUN(the_drugs_do_something_to_the_typical_melanoma);
    RUN(without_t_cells_the_drug_does_nothing);
    RUN(without_antigen_checkpoint_blockade_does_nothing_to_the_tumour);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(a_tumour_covered_in_pd_l1_is_next_to_unharmed_without_an_antibody);
    RUN(healthy_tissue_is_spared_without_a_drug_and_harmed_a_little_with_it);
    RUN(anti_ctla_4_acts_through_the_node_and_through_treg_only);
    RUN(nsclc_answers_as_often_as_in_trials_and_melanoma_more_often);
    RUN(more_mutations_and_more_access_for_t_cells_mean_more_responses);
    RUN(without_a_drug_next_to_no_tumour_shrinks);
    return check_done();
}
