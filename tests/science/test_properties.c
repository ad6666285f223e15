/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be so for every drug of the catalog, whatever its numbers are: not given it does nothing, nothing of it is
 * nothing, no cells are ever negative, and what was given is there or has left. */
#include <stdlib.h>

#include "support/people_fixture.h"

enum { MAX_DAYS = 3000, MAX_SEEN = 400 };

/* People of one cancer with one lesion, some drugs loaded, one dose of each now and then, some numbers set by hand. */
typedef struct trial {
    const char *cancer;
    const char *drug[PEOPLE_MAX_DRUGS]; /* NULL ends */
    double scale;                       /* of every dose; 0: nothing is given though doses are written */
    int no_doses;
    size_t n_people; /* the first is typical */
    double duration_day;
    size_t n_days; /* 0: every week */
    const double *day;
    double rtol; /* 0: 1e-6 */
    people_number set[PEOPLE_MAX_SET];
    const char *also; /* mechanism */
} trial;

typedef struct outcome {
    people_fixture of;
    size_t n, n_days, n_seen;
    double day[MAX_DAYS], given; /* of the first drug, in its unit */
    int32_t seen[MAX_SEEN];
} outcome;

static double at(const outcome *o, size_t person, size_t row, size_t seen)
{
    return o->of.value[(person * o->n_days + row) * o->n_seen + seen];
}

/* A label's dose for 75 kg and 170 cm, in the unit of the class. */
static double amount_of(const coley_body *body, size_t class, const coley_catalog_label *label)
{
    double amount = label->dose * (label->basis == COLEY_DOSE_PER_KG   ? 75
                                   : label->basis == COLEY_DOSE_PER_M2 ? sqrt(75.0 * 170 / 3600)
                                                                       : 1);
    coley_error why = {0};
    if (coley_unit_convert(amount, label->dose_unit, body->dose_unit[class], &amount, &why))
        CHECK_FAIL_("%s", why.text);
    return amount;
}

/* One dose of each drug every three weeks. */
static size_t write_doses(outcome *o, const trial *t, coley_dose *dose, size_t most)
{
    const coley_body *body = o->of.body;
    size_t n = 0;
    for (double day = 0; !t->no_doses && day < t->duration_day; day += 21)
        for (size_t i = 0; i < o->of.n_drugs && n < most; i++) {
            const double amount = t->scale * amount_of(body, i, &o->of.drug[i]->label[0]);
            dose[n++] = (coley_dose){.t_day = day, .amount = amount, .state = body->dose_state[i][0]};
            if (!i) o->given += amount;
        }
    return n;
}

/* `symbols` with spaces between ("L1.C_s T8_B"); NULL: every species. */
static void list_seen(outcome *o, const char *symbols)
{
    const coley_network *network = o->of.body->network;
    for (size_t s = 0; !symbols && s < network->n_symbols && o->n_seen < MAX_SEEN; s++)
        if (network->symbol[s].kind == COLEY_SPECIES) o->seen[o->n_seen++] = (int32_t)s;
    for (const char *p = symbols; p && *p;) {
        const size_t length = strcspn(p, " ");
        const char *id = coley_arena_printf(o->of.arena, "%.*s", (int)length, p);
        if ((o->seen[o->n_seen++] = coley_network_symbol(network, id)) < 0) CHECK_FAIL_("there is no %s", id);
        p += length + (p[length] == ' ');
    }
}

static outcome run(const trial *t, const char *symbols)
{
    people_setup setup = {.cancer = t->cancer, .also = t->also};
    memcpy(setup.drug, t->drug, sizeof setup.drug);
    memcpy(setup.set, t->set, sizeof setup.set);
    outcome o = {.of = people_begin(&setup), .n = t->n_people ? t->n_people : 1};
    if (!o.of.body) return o;
    coley_dose dose[60];
    const size_t n_doses = write_doses(&o, t, dose, sizeof dose / sizeof *dose);
    o.n_days = t->n_days ? t->n_days : (size_t)(t->duration_day / 7) + 1;
    for (size_t i = 0; i < o.n_days; i++) o.day[i] = t->n_days ? t->day[i] : 7.0 * (double)i;
    list_seen(&o, symbols);
    coley_people people = {.n = o.n,
                           .n_doses = n_doses,
                           .dose = dose,
                           .n_days = o.n_days,
                           .day = o.day,
                           .n_observed = o.n_seen,
                           .observed = o.seen,
                           .integrator = COLEY_INTEGRATOR_DEFAULT};
    people.integrator.rtol = t->rtol > 0 ? t->rtol : 1e-6;
    people.integrator.atol = 1e-6;
    people_run(&o.of, 0, people);
    return o;
}

static void free_outcome(outcome *o)
{
    coley_arena_destroy(o->of.arena);
}

/* --- every drug of the catalog
 * -----------------------------------------------------------------------------------------
 */

static const char *const *names;
static size_t n_names;

/* Tumour cells, T cells in blood, healthy tissue, diameter. */
static const char *const core = "L1.C_s L1.C_low T8_B H_tissue L1.diameter";

/* A drug's file may bring NK cells that fill a thousandth of the lesion, or resistant cells that grow a little slower:
 * up to half a per cent in the diameter's cells. More would be an effect of a drug that is not there. */
static void a_drug_that_is_not_given_changes_nothing_and_no_dose_is_none_to_the_last_bit(void)
{
    outcome bare = run(&(trial){.cancer = "melanoma", .duration_day = 84}, core);
    for (size_t i = 0; i < n_names; i++) {
        outcome absent =
            run(&(trial){.cancer = "melanoma", .drug = {names[i]}, .no_doses = 1, .duration_day = 84}, core);
        outcome zero = run(&(trial){.cancer = "melanoma", .drug = {names[i]}, .scale = 0, .duration_day = 84}, core);
        if (memcmp(absent.of.value, zero.of.value, absent.n_days * absent.n_seen * sizeof *zero.of.value))
            CHECK_FAIL_("%s: a dose of 0 is not no dose", names[i]);
        for (size_t row = 0; row < bare.n_days; row++)
            for (size_t s = 0; s < bare.n_seen; s++)
                if (!(fabs(at(&absent, 0, row, s) / at(&bare, 0, row, s) - 1) < 0.01)) {
                    CHECK_FAIL_("%s, not given, makes symbol %zu on day %g %.9g in place of %.9g", names[i], s,
                                bare.day[row], at(&absent, 0, row, s), at(&bare, 0, row, s));
                    row = bare.n_days - 1;
                }
        free_outcome(&absent);
        free_outcome(&zero);
    }
    free_outcome(&bare);
}

/* Numbers of cells, and of virus; the solver's tolerance is 1e-6 of the largest value, and 1e-6 at least. */
static void no_cells_are_ever_negative_under_any_drug(void)
{
    size_t n_checked = 0;
    for (size_t i = 0; i < n_names; i++) {
        outcome o = run(
            &(trial){.cancer = "melanoma", .drug = {names[i]}, .scale = 1, .duration_day = 168, .n_people = 3}, NULL);
        for (size_t s = 0; s < o.n_seen; s++) {
            const coley_symbol *symbol = &o.of.body->network->symbol[o.seen[s]];
            if (!symbol->unit || (strcmp(symbol->unit, "cell") && strcmp(symbol->unit, "PFU"))) continue;
            for (size_t p = 0; p < o.n; p++) {
                double least = 0, most = 0;
                if (o.of.lost[p]) CHECK_FAIL_("%s: person %zu is lost", names[i], p);
                for (size_t row = 0; row < o.n_days; row++) {
                    least = fmin(least, at(&o, p, row, s));
                    most = fmax(most, at(&o, p, row, s));
                }
                n_checked++;
                if (!(least >= -1e-6 * most - 1e-4))
                    CHECK_FAIL_("%s, person %zu: %s falls to %g", names[i], p, symbol->id, least);
            }
        }
        free_outcome(&o);
    }
    printf("# %zu courses of cells under %zu drugs\n", n_checked, n_names);
    CHECK(n_checked > 2000);
}

/* --- what was given is there, or has left
 * ---------------------------------------------------------------------------------
 */

/* Value of "PREFIX" + suffix in the drug's catalog entry; 0 when there is none. */
static double number(const coley_catalog_drug *drug, const char *prefix, const char *suffix)
{
    char id[64];
    snprintf(id, sizeof id, "%s%s", prefix, suffix);
    const coley_catalog_value *v = coley_catalog_find(drug->value, drug->n_values, id);
    return v ? v->value : 0;
}

/* Symbols with the prefix that hold amounts of the drug, in mg. */
static size_t amounts(const outcome *o, const char *prefix, size_t column[16])
{
    size_t n = 0;
    for (size_t s = 0; s < o->n_seen; s++) {
        const coley_symbol *symbol = &o->of.body->network->symbol[o->seen[s]];
        const char *id = strncmp(symbol->id, "L1.", 3) ? symbol->id : symbol->id + 3;
        if (!strncmp(id, prefix, strlen(prefix)) && symbol->unit && !strcmp(symbol->unit, "mg") && n < 16)
            column[n++] = s;
    }
    return n;
}

/* For drugs measured in mg whose file has a clearance: what has left is the integral of clearance x concentration,
 * taken outside of the model, from its concentration (the state of the dose, or of the blood, over its volume). */
static void what_was_given_is_there_or_has_left_through_the_clearance(void)
{
    static double day[MAX_DAYS];
    size_t n_balanced = 0;
    const size_t n_days = 1200;
    day[0] = 0; /* the dose falls on it, and what is seen there is before it */
    for (size_t i = 1; i < n_days; i++) day[i] = 1e-4 * pow(500 / 1e-4, (double)(i - 1) / (double)(n_days - 2));
    for (size_t d = 0; d < n_names; d++) {
        outcome o = run(&(trial){.cancer = "melanoma",
                                 .drug = {names[d]},
                                 .scale = 1,
                                 .duration_day = 1,
                                 .n_days = n_days,
                                 .day = day,
                                 .set = {{"D0_mm", 2}}},
                        NULL);
        const coley_network *net = o.of.body->network;
        char prefix[32] = "";
        size_t column[16], blood = SIZE_MAX;
        for (size_t s = 0; s < o.n_seen; s++)
            if (coley_program_state_of(o.of.body->program, o.seen[s]) == o.of.body->dose_state[0][0])
                snprintf(prefix, sizeof prefix, "%.*s", (int)(strcspn(net->symbol[o.seen[s]].id, "_") + 1),
                         net->symbol[o.seen[s]].id);
        const size_t n = amounts(&o, prefix, column);
        for (size_t k = 0; k < n; k++) {
            char id[64];
            snprintf(id, sizeof id, "%sA", prefix);
            if (!strcmp(net->symbol[o.seen[column[k]]].id, id)) blood = column[k];
        }
        double volume = number(o.of.drug[0], prefix, "V1");
        if (!(volume > 0)) volume = number(o.of.drug[0], prefix, "V");
        const double CL = number(o.of.drug[0], prefix, "CL"), Vmax = number(o.of.drug[0], prefix, "Vmax"),
                     Km = number(o.of.drug[0], prefix, "Km"), F = number(o.of.drug[0], prefix, "F");
        const double enters = o.given * (F > 0 ? F : 1);
        if (strcmp(o.of.body->dose_unit[0], "mg") || blood == SIZE_MAX || !(CL > 0 || Vmax > 0) || !(volume > 0)) {
            printf("# not balanced: %s (%s)\n", names[d], prefix);
            free_outcome(&o);
            continue;
        }
        double left = 0, there = 0, before = 0;
        for (size_t row = 1; row < n_days; row++) {
            const double c = at(&o, 0, row, blood) / volume;
            const double now = CL * c + (Vmax > 0 ? Vmax * c / (Km + c) : 0);
            left += row > 1 ? 0.5 * (now + before) * (day[row] - day[row - 1]) : now * day[1];
            before = now;
        }
        for (size_t k = 0; k < n; k++) there += at(&o, 0, n_days - 1, column[k]);
        n_balanced++;
        if (!(fabs(left + there - enters) < 0.02 * enters))
            CHECK_FAIL_("%s: of %g mg that enter, %g are there on day 500 and %g have left", names[d], enters, there,
                        left);
        CHECK(there < 0.02 * enters);
        free_outcome(&o);
    }
    printf("# %zu drugs balanced\n", n_balanced);
    CHECK(n_balanced >= 20);
}

/* --- one axis, two drugs; T cells off
 * ----------------------------------------------------------------------------------
 */

/* How much fewer tumour cells after 12 weeks than without the drugs, as a logarithm. */
static double effect(const char *a, const char *b, double scale, double precursors)
{
    trial t = {.cancer = "melanoma", .drug = {a, b}, .scale = scale, .duration_day = 84};
    if (precursors >= 0) {
        t.set[0].symbol = "precursors_per_clone";
        t.set[0].value = precursors;
    }
    outcome with = run(&t, "L1.C_s");
    t.no_doses = 1;
    outcome without = run(&t, "L1.C_s");
    const double e = log(at(&without, 0, without.n_days - 1, 0) / at(&with, 0, with.n_days - 1, 0));
    free_outcome(&with);
    free_outcome(&without);
    return e;
}

static void blocking_one_axis_twice_is_less_than_twice(void)
{
    const double pd1 = effect("pembrolizumab", NULL, 1, -1), pdl1 = effect("atezolizumab", NULL, 1, -1),
                 both = effect("pembrolizumab", "atezolizumab", 1, -1), twice = effect("pembrolizumab", NULL, 2, -1);
    printf("# ln fewer cells: anti-PD-1 %.3f, anti-PD-L1 %.3f, both %.3f, twice the anti-PD-1 %.3f\n", pd1, pdl1, both,
           twice);
    CHECK(pd1 > 0.05 && pdl1 > 0.05);
    CHECK(both >= 0.99 * fmax(pd1, pdl1) && both < 0.9 * (pd1 + pdl1));
    CHECK(twice < 1.1 * pd1);
}

/* Two antibodies against PD-1 are one class: a scenario with both is refused, not added up. */
static void two_antibodies_against_pd_1_are_not_added_up(void)
{
    static const char text[] = "cancer: melanoma\nlesions: [{site: lung, diameter: 20 mm}]\n"
                               "regimen: [pembrolizumab-200-q3w, nivolumab-240-q2w]\n";
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root;
    coley_scenario *scenario;
    coley_session *session;
    CHECK(coley_yaml_parse(arena, "test", text, strlen(text), &root, &err) == COLEY_OK);
    CHECK(coley_scenario_of_node(arena, root, CATALOG, &scenario, &err) == COLEY_OK);
    CHECK(coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err) == COLEY_ERR_INPUT);
    CHECK(strstr(err.text, "one drug of a class") != NULL);
    coley_arena_destroy(arena);
}

static void without_t_cells_immunotherapy_does_nothing_and_chemotherapy_works(void)
{
    static const char *const by_t_cells[] = {"pembrolizumab", "atezolizumab", "ipilimumab",    "relatlimab",
                                             "aldesleukin",   "intismeran",   "gp100-peptide", "dc-melanoma"};
    static const char *const by_itself[] = {"carboplatin", "paclitaxel", "dacarbazine", "doxorubicin"};
    for (size_t i = 0; i < sizeof by_t_cells / sizeof *by_t_cells; i++) {
        const double e = effect(by_t_cells[i], NULL, 1, 0);
        if (!(fabs(e) < 1e-4)) CHECK_FAIL_("%s without T cells: %g", by_t_cells[i], e);
    }
    for (size_t i = 0; i < sizeof by_itself / sizeof *by_itself; i++) {
        const double e = effect(by_itself[i], NULL, 1, 0);
        if (!(e > 0.05)) CHECK_FAIL_("%s without T cells: %g", by_itself[i], e);
    }
}

/* --- self-tolerance, presentation, interferon-gamma
 * ------------------------------------------------------------------------
 */

/* Pdcd1 and PD-L1 knock-out mice: autoimmunity in some organs, in some animals, without any drug. */
static void without_pd_l1_in_healthy_tissue_some_organs_are_attacked_without_any_drug(void)
{
    static const char *const grades =
        "grade_skin grade_gut grade_liver grade_thyroid grade_lung grade_joints grade_heart "
        "H_tissue";
    const trial with = {.cancer = "melanoma", .also = "toxicity", .n_people = 40, .duration_day = 364, .rtol = 1e-4};
    trial without = with;
    without.set[0].symbol = "PDL1_healthy";
    without.set[1].symbol = "PDL2_healthy";
    outcome kept = run(&with, grades), gone = run(&without, grades);
    size_t n_kept = 0, n_gone = 0, organs = 0;
    for (size_t s = 0; s < 7; s++) {
        size_t here = 0;
        for (size_t p = 0; p < gone.n; p++) {
            double worst_kept = 0, worst_gone = 0;
            for (size_t row = 0; row < gone.n_days; row++) {
                worst_kept = fmax(worst_kept, at(&kept, p, row, s));
                worst_gone = fmax(worst_gone, at(&gone, p, row, s));
            }
            n_kept += worst_kept >= 0.5;
            here += worst_gone >= 0.5;
        }
        n_gone += here;
        organs += here > 0;
    }
    printf("# organs attacked in %zu people: %zu with PD-L1 and PD-L2, %zu without, in %zu of 7 organs\n", gone.n,
           n_kept, n_gone, organs);
    CHECK(n_kept == 0 && n_gone >= 5 && organs >= 2 && organs <= 7);
    for (size_t p = 0; p < gone.n; p++) CHECK(at(&gone, p, gone.n_days - 1, 7) <= at(&kept, p, kept.n_days - 1, 7));
    free_outcome(&kept);
    free_outcome(&gone);
}

static double tmb_effect(double TMB, int shown)
{
    trial t = {.cancer = "melanoma",
               .drug = {"pembrolizumab"},
               .scale = 1,
               .duration_day = 84,
               .set = {{"TMB", TMB}, {shown ? NULL : "f_low", 1 - 1e-12}, {"recog_low", 0}}};
    outcome with = run(&t, "L1.C_s L1.C_low");
    t.no_doses = 1;
    outcome none = run(&t, "L1.C_s L1.C_low");
    const size_t row = with.n_days - 1;
    const double e = log((at(&none, 0, row, 0) + at(&none, 0, row, 1)) / (at(&with, 0, row, 0) + at(&with, 0, row, 1)));
    free_outcome(&with);
    free_outcome(&none);
    return e;
}

static void many_mutations_help_only_where_they_are_shown(void)
{
    const double few = tmb_effect(2, 1), many = tmb_effect(20, 1), hidden = tmb_effect(20, 0);
    printf("# ln fewer cells under anti-PD-1: 2 per Mb %.3f, 20 per Mb %.3f, 20 per Mb without MHC %.2g\n", few, many,
           hidden);
    CHECK(many > few + 0.05);
    CHECK(fabs(hidden) < 1e-4);
}

static void without_interferon_gamma_there_is_less_pd_l1_and_less_to_gain_from_anti_pd_1(void)
{
    double PDL1[2], gain[2];
    for (int k = 0; k < 2; k++) {
        trial t = {.cancer = "melanoma", .drug = {"pembrolizumab"}, .scale = 1, .duration_day = 84};
        if (k) t.set[0].symbol = "k_IFNg_sec";
        outcome with = run(&t, "L1.PDL1 L1.C_s");
        t.no_doses = 1;
        outcome none = run(&t, "L1.PDL1 L1.C_s");
        PDL1[k] = at(&none, 0, 0, 0);
        gain[k] = log(at(&none, 0, none.n_days - 1, 1) / at(&with, 0, with.n_days - 1, 1));
        free_outcome(&with);
        free_outcome(&none);
    }
    printf("# PD-L1 %.0f and %.0f per um2, ln fewer cells %.3f and %.3f, with and without IFN-gamma\n", PDL1[0],
           PDL1[1], gain[0], gain[1]);
    CHECK(PDL1[1] < 0.9 * PDL1[0]);
    CHECK(gain[1] < 0.9 * gain[0]);
}

/* --- pseudoprogression
 * ----------------------------------------------------------------------------------------------------
 */

typedef struct swelling {
    size_t n, both, over_fewer_cells, from_week_16, oedema_stays;
} swelling;

/* RECIST progression (20 % and 5 mm above the smallest) on a scan, every six weeks, and a response (30 % below the
 * start) at the end of the year. It is true pseudoprogression where the tumour cells were fewer than at the start, and
 * fewer than on the scan before: falling tumour DNA while the diameter rises. The others grew, and responded late. */
static swelling swelling_of(const trial *t)
{
    outcome o = run(t, "L1.diameter L1.C_total L1.net_growth L1.oedema");
    swelling s = {0};
    for (size_t p = 0; p < o.n; p++) {
        if (o.of.lost[p] || at(&o, p, 0, 2) <= 0) continue;
        const double start = at(&o, p, 0, 0);
        double least = start;
        size_t grew = 0, began = 0; /* weeks: of the scan, and of the first day on which it would have shown */
        int shrank_first = 0;
        s.n++;
        for (size_t week = 6; week <= 48; week += 6) {
            const double now = at(&o, p, week, 0);
            if (!grew && !shrank_first && now >= 1.2 * least && now >= least + 5) grew = week;
            shrank_first |= !grew && now <= 0.7 * start;
            least = fmin(least, now);
        }
        if (!grew || at(&o, p, 48, 0) > 0.7 * start) continue;
        s.both++;
        if (at(&o, p, grew, 1) >= fmin(at(&o, p, 0, 1), at(&o, p, grew - 6, 1))) continue;
        s.over_fewer_cells++;
        least = start;
        for (size_t week = 1; week <= grew && !began; week++) {
            const double now = at(&o, p, week, 0);
            if (now >= 1.2 * least && now >= least + 5) began = week;
            least = fmin(least, now);
        }
        s.from_week_16 += began >= 16;
        s.oedema_stays += at(&o, p, grew + 13 > 48 ? 48 : grew + 13, 3) > 0.25 * at(&o, p, grew, 3);
    }
    free_outcome(&o);
    return s;
}

static void a_few_lesions_grow_over_falling_cells_before_week_16_and_none_without_leaking_vessels(void)
{
    trial t = {.cancer = "melanoma",
               .drug = {"pembrolizumab"},
               .scale = 1,
               .n_people = 2400,
               .duration_day = 337,
               .rtol = 1e-4};
    const swelling with = swelling_of(&t);
    t.set[0].symbol = "swell"; /* to 0 */
    t.set[1].symbol = "call_phago";
    const swelling without = swelling_of(&t);
    printf(
        "# progression, then response: %zu of %zu; over fewer cells %zu, from week 16 on %zu; oedema stays in %zu; T "
        "cells alone %zu\n",
        with.both, with.n, with.over_fewer_cells, with.from_week_16, with.oedema_stays, without.over_fewer_cells);
    CHECK((double)with.over_fewer_cells >= 0.01 * (double)with.n);
    CHECK((double)with.both <= 0.12 * (double)with.n);
    CHECK(20 * with.from_week_16 <= with.over_fewer_cells); /* hardly ever */
    CHECK(4 * with.oedema_stays <= with.over_fewer_cells); /* more than a quarter of it, three months later */
    CHECK(6 * without.over_fewer_cells <= with.over_fewer_cells);
}

int main(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    if (coley_catalog_names(arena, CATALOG, "drugs", &names, &n_names, &err)) {
        printf("# %s\n", err.text);
        return 1;
    }
    RUN(a_drug_that_is_not_given_changes_nothing_and_no_dose_is_none_to_the_last_bit);
    RUN(no_cells_are_ever_negative_under_any_drug);
    RUN(what_was_given_is_there_or_has_left_through_the_clearance);
    RUN(blocking_one_axis_twice_is_less_than_twice);
    RUN(two_antibodies_against_pd_1_are_not_added_up);
    RUN(without_t_cells_immunotherapy_does_nothing_and_chemotherapy_works);
    RUN(without_pd_l1_in_healthy_tissue_some_organs_are_attacked_without_any_drug);
    RUN(many_mutations_help_only_where_they_are_shown);
    RUN(without_interferon_gamma_there_is_less_pd_l1_and_less_to_gain_from_anti_pd_1);
    RUN(a_few_lesions_grow_over_falling_cells_before_week_16_and_none_without_leaking_vessels);
    coley_arena_destroy(arena);
    return check_done();
}
