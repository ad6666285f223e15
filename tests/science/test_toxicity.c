/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Side effects by organ and what their care does: what toxicity.ant must do whatever its numbers are. */
#include <stdlib.h>

#include "base/yaml.h"
#include "catalog/catalog.h"
#include "patient/people.h"
#include "run/session.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { MAX_CLASSES = 6, MAX_GIVEN = 8, MAX_SET = 6, MAX_SEEN = 16, MAX_DOSES = 512, DAYS = 61 };

typedef struct given {
    const char *drug_class;
    double amount, first, every;
    int n;
} given;

typedef struct set {
    const char *symbol;
    double value;
} set;

/* One person with one tumour: what is given, what is set, what is looked at; DAYS days evenly over `length`. */
typedef struct course {
    given drug[MAX_GIVEN];
    set parameter[MAX_SET];
    const char *seen[MAX_SEEN];
    double length;
    int bare; /* without toxicity.ant */
} course;

typedef struct outcome {
    double day[DAYS], value[DAYS][MAX_SEEN];
    size_t n_seen;
} outcome;

static size_t classes_of(const course *c, const char **classes)
{
    size_t n = 0;
    for (const given *g = c->drug; g->drug_class; g++) {
        int known = 0;
        for (size_t i = 0; i < n; i++) known |= !strcmp(classes[i], g->drug_class);
        if (!known) classes[n++] = g->drug_class;
    }
    return n;
}

static int by_day(const void *a, const void *b)
{
    const double x = ((const coley_dose *)a)->t_day, y = ((const coley_dose *)b)->t_day;
    return (x > y) - (x < y);
}

static coley_status simulate(coley_arena *arena, const course *c, outcome *o, coley_error *err)
{
    static const char *const also[] = {"toxicity"};
    static const coley_place nowhere = {0};
    const char *classes[MAX_CLASSES];
    coley_body *body;
    coley_population *population;
    coley_setting setting[MAX_SET];
    int32_t observed[MAX_SEEN];
    const coley_body_options options = {.models = MODELS,
                                        .n_lesions = 1,
                                        .n_also = c->bare ? 0 : 1,
                                        .also = also,
                                        .n_classes = classes_of(c, classes),
                                        .drug_class = classes};
    COLEY_TRY(coley_body_assemble(arena, &options, &body, err));
    size_t n_set = 0, n = 0;
    for (; n_set < MAX_SET && c->parameter[n_set].symbol; n_set++)
        setting[n_set] =
            (coley_setting){.symbol = c->parameter[n_set].symbol, .value = c->parameter[n_set].value, .place = nowhere};
    COLEY_TRY(coley_population_create(arena, body, n_set, setting, 1, &population, err));
    double *inputs = COLEY_NEW(arena, double, coley_program_input_count(body->program));
    coley_dose *dose = COLEY_NEW(arena, coley_dose, MAX_DOSES);
    if (!inputs || !dose) return COLEY_FAIL_MEMORY(err);
    coley_population_inputs(population, NULL, inputs);
    for (const given *g = c->drug; g->drug_class; g++)
        for (int i = 0; i < g->n && n < MAX_DOSES; i++)
            dose[n++] = (coley_dose){.t_day = g->first + i * g->every,
                                     .amount = g->amount,
                                     .duration_day = 1.0 / 48,
                                     .state = body->dose_state[coley_body_class(body, g->drug_class)][0]};
    qsort(dose, n, sizeof *dose, by_day);
    for (; o->n_seen < MAX_SEEN && c->seen[o->n_seen]; o->n_seen++) {
        observed[o->n_seen] = coley_network_symbol(body->network, c->seen[o->n_seen]);
        if (observed[o->n_seen] < 0) return COLEY_FAIL(err, COLEY_ERR_INPUT, "no symbol %s", c->seen[o->n_seen]);
    }
    for (int i = 0; i < DAYS; i++) o->day[i] = c->length * i / (DAYS - 1);
    double *value = COLEY_NEW(arena, double, DAYS * o->n_seen);
    if (!value) return COLEY_FAIL_MEMORY(err);
    coley_people people = {.body = body,
                           .n = 1,
                           .inputs = inputs,
                           .n_doses = n,
                           .dose = dose,
                           .settle_day = COLEY_SETTLE_DAY,
                           .n_days = DAYS,
                           .day = o->day,
                           .n_observed = o->n_seen,
                           .observed = observed,
                           .value = value,
                           .integrator = COLEY_INTEGRATOR_DEFAULT};
    COLEY_TRY(coley_people_simulate(arena, &people, err));
    for (int i = 0; i < DAYS; i++)
        for (size_t k = 0; k < o->n_seen; k++) o->value[i][k] = value[(size_t)i * o->n_seen + k];
    return COLEY_OK;
}

static outcome run(course c)
{
    outcome o = {0};
    coley_error err = {0};
    coley_arena *arena = coley_arena_create();
    if (simulate(arena, &c, &o, &err)) CHECK_FAIL_("%s: %s", err.file, err.text);
    coley_arena_destroy(arena);
    return o;
}

static double peak(const outcome *o, size_t k)
{
    double most = o->value[0][k];
    for (int i = 1; i < DAYS; i++) most = fmax(most, o->value[i][k]);
    return most;
}

static double last(const outcome *o, size_t k)
{
    return o->value[DAYS - 1][k];
}

/* First day at or above; infinite: never. */
static double reached(const outcome *o, size_t k, double value)
{
    for (int i = 0; i < DAYS; i++)
        if (o->value[i][k] >= value) return o->day[i];
    return INFINITY;
}

/* First day from `from` on below; infinite: never. */
static double over(const outcome *o, size_t k, double value, double from)
{
    for (int i = 0; i < DAYS; i++)
        if (o->day[i] >= from && o->value[i][k] < value) return o->day[i];
    return INFINITY;
}

#define NIVOLUMAB(mg)                                                                                                  \
    {                                                                                                                  \
        "anti_pd1", mg, 0, 14, 26                                                                                      \
    }
#define IPILIMUMAB(mg)                                                                                                 \
    {                                                                                                                  \
        "anti_ctla4", mg, 0, 21, 4                                                                                     \
    }
/* A person who gets colitis, and one whose glands are attacked. */
#define PRONE                                                                                                          \
    {                                                                                                                  \
        {"gut.s", 6}, {"thyroid.s", 6}, {"adrenal.s", 3},                                                              \
        {                                                                                                              \
            "pituitary.s", 3                                                                                           \
        }                                                                                                              \
    }

static void an_untreated_person_has_no_side_effect(void)
{
    const outcome o =
        run((course){.parameter = PRONE, .seen = {"grade_worst", "hazard_toxicity", "D_thyroid"}, .length = 360});
    CHECK(peak(&o, 0) < 0.5);
    CHECK(peak(&o, 1) < 1e-6);
    CHECK(peak(&o, 2) < 0.05);
}

static void side_effects_leave_the_tumour_as_it_is(void)
{
    const outcome with = run((course){.drug = {NIVOLUMAB(240)}, .seen = {"L1.diameter", "T8_B"}, .length = 180}),
                  bare = run(
                      (course){.drug = {NIVOLUMAB(240)}, .seen = {"L1.diameter", "T8_B"}, .length = 180, .bare = 1});
    for (int i = 0; i < DAYS; i++)
        for (size_t k = 0; k < 2; k++) CHECK(fabs(with.value[i][k] / bare.value[i][k] - 1) < 2e-3);
}

static void anti_pd1_harms_alike_at_any_dose_and_anti_ctla4_more_at_a_higher_one(void)
{
    const char *const gut = "I_gut";
    const set kd = {"ctla4_Kd", 18.2}; /* ipilimumab's */
    const outcome low = run((course){.drug = {NIVOLUMAB(75)}, .seen = {gut}, .length = 180}),
                  high = run((course){.drug = {NIVOLUMAB(750)}, .seen = {gut}, .length = 180}),
                  one = run((course){.drug = {IPILIMUMAB(75)}, .parameter = {kd}, .seen = {gut}, .length = 180}),
                  three = run((course){.drug = {IPILIMUMAB(225)}, .parameter = {kd}, .seen = {gut}, .length = 180}),
                  ten = run((course){.drug = {IPILIMUMAB(750)}, .parameter = {kd}, .seen = {gut}, .length = 180});
    CHECK(peak(&high, 0) < 1.15 * peak(&low, 0));
    CHECK(peak(&three, 0) > 1.2 * peak(&one, 0));
    CHECK(peak(&ten, 0) > 1.1 * peak(&three, 0));
}

static void both_drugs_harm_more_and_earlier_than_either(void)
{
    const outcome pd1 = run((course){.drug = {NIVOLUMAB(240)}, .seen = {"I_gut", "I_liver"}, .length = 180}),
                  ctla4 = run((course){.drug = {IPILIMUMAB(225)}, .seen = {"I_gut", "I_liver"}, .length = 180}),
                  both = run(
                      (course){.drug = {NIVOLUMAB(240), IPILIMUMAB(225)}, .seen = {"I_gut", "I_liver"}, .length = 180});
    CHECK(peak(&both, 0) > 1.1 * fmax(peak(&pd1, 0), peak(&ctla4, 0)));
    CHECK(peak(&both, 1) > peak(&pd1, 1) + peak(&ctla4, 1)); /* the liver: beyond the sum */
    CHECK(reached(&both, 0, 0.1) < reached(&pd1, 0, 0.1));
}

static void an_event_can_begin_long_after_the_last_dose_and_outlast_the_drug(void)
{
    const outcome o = run((course){.drug = {{"anti_pd1", 240, 0, 14, 2}},
                                   .parameter = {{"kidney.s", 10}},
                                   .seen = {"grade_kidney", "pd1_mgL"},
                                   .length = 600});
    const double begin = reached(&o, 0, 0.5);
    CHECK(begin > 14 + 30 && begin < 200);
    CHECK(over(&o, 0, 0.5, begin) > begin + 60);
    CHECK(o.value[30][1] < 0.5); /* day 300: below 1 % of the first peak */
}

static void glucocorticoids_calm_the_gut_and_do_not_restore_a_gland(void)
{
    const course alone = {.drug = {NIVOLUMAB(240), IPILIMUMAB(225)},
                          .parameter = PRONE,
                          .seen = {"grade_gut", "D_thyroid", "D_adrenal", "D_pituitary"},
                          .length = 180};
    course treated = alone;
    treated.drug[2] = (given){"steroid", 75, 60, 1, 60};
    const outcome no = run(alone), yes = run(treated);
    CHECK(no.value[20][0] > 1.5); /* day 60 */
    CHECK(over(&yes, 0, 1.5, 60) < 60 + 28);
    CHECK(over(&no, 0, 1.5, 60) > over(&yes, 0, 1.5, 60) + 14);
    for (int i = 1; i < DAYS; i++)
        for (size_t k = 1; k < 4; k++) {
            CHECK(no.value[i][k] >= no.value[i - 1][k] - 1e-6);
            CHECK(yes.value[i][k] >= yes.value[i - 1][k] - 1e-6);
        }
    CHECK(last(&yes, 1) > 0.3);
}

static void hormones_by_mouth_make_good_for_a_gland_that_stays_lost(void)
{
    const course alone = {.drug = {NIVOLUMAB(240)},
                          .parameter = {{"thyroid.s", 20}, {"adrenal.s", 12}},
                          .seen = {"D_thyroid", "T4", "TSH", "grade_thyroid", "D_adrenal", "cortisol", "grade_adrenal"},
                          .length = 360};
    course replaced = alone;
    replaced.drug[1] = (given){"thyroxine", 0.1, 200, 1, 160};
    replaced.drug[2] = (given){"hydrocortisone", 10, 200, 0.5, 320};
    const outcome no = run(alone), yes = run(replaced);
    CHECK(last(&no, 0) > 0.8 && last(&no, 1) < 0.3 && last(&no, 2) > 10 && last(&no, 3) > 1.5);
    CHECK_NEAR(last(&yes, 0) / last(&no, 0), 1, 1e-3);
    CHECK(last(&yes, 1) > 0.7 && last(&yes, 2) < 6 && last(&yes, 3) < 0.8);
    CHECK_NEAR(last(&yes, 4) / last(&no, 4), 1, 1e-3);
    CHECK(last(&yes, 5) > 0.6 && last(&yes, 6) < last(&no, 6) - 1);
}

static void an_inflamed_thyroid_first_makes_too_much_and_then_too_little(void)
{
    const outcome o =
        run((course){.drug = {NIVOLUMAB(240)}, .parameter = {{"thyroid.s", 10}}, .seen = {"T4", "TSH"}, .length = 360});
    double low = INFINITY;
    for (int i = 0; i < DAYS; i++) low = fmin(low, o.value[i][1]);
    CHECK(peak(&o, 0) > 1.05 && low < 1.2);
    CHECK(last(&o, 0) < 0.6 && last(&o, 1) > 6);
    CHECK(reached(&o, 0, 1.05) < over(&o, 0, 0.8, 0));
}

static void second_line_drugs_work_where_glucocorticoids_fail_and_only_in_their_organs(void)
{
    const course failing = {.drug = {NIVOLUMAB(240), IPILIMUMAB(225), {"steroid", 75, 45, 1, 80}},
                            .parameter = {{"gut.s", 8}, {"gut.k_gc", 0.01}, {"liver.s", 4}},
                            .seen = {"grade_gut", "I_liver", "p_act8"},
                            .length = 120};
    course tnf = failing, integrin = failing;
    tnf.drug[3] = (given){"anti_tnf", 350, 50, 14, 2};
    integrin.drug[3] = (given){"anti_integrin", 300, 50, 14, 2};
    const outcome without = run(failing), infliximab = run(tnf), vedolizumab = run(integrin);
    CHECK(over(&without, 0, 1.5, 50) > over(&infliximab, 0, 1.5, 50) + 14);
    CHECK(over(&infliximab, 0, 1.5, 50) < 50 + 28);
    CHECK(over(&vedolizumab, 0, 1.5, 50) < 50 + 35);
    CHECK(over(&infliximab, 0, 1.5, 50) <= over(&vedolizumab, 0, 1.5, 50));
    for (int i = 0; i < DAYS; i++) {
        CHECK(fabs(infliximab.value[i][1] / without.value[i][1] - 1) < 1e-2);  /* not the liver */
        CHECK(fabs(vedolizumab.value[i][2] / without.value[i][2] - 1) < 1e-2); /* nor priming against the tumour */
    }
}

static void mycophenolate_calms_the_liver_and_costs_priming(void)
{
    const course failing = {.drug = {NIVOLUMAB(240), IPILIMUMAB(225)},
                            .parameter = {{"liver.s", 6}},
                            .seen = {"grade_liver", "p_act8", "ALT"},
                            .length = 120};
    course treated = failing;
    treated.drug[2] = (given){"antiproliferative", 1000, 50, 0.5, 112};
    const outcome no = run(failing), yes = run(treated);
    CHECK(no.value[40][0] > 2.5 && no.value[40][2] > 5); /* day 80 */
    CHECK(yes.value[40][0] < no.value[40][0] - 0.5);
    CHECK(yes.value[40][1] < 0.8 * no.value[40][1]);
}

static void early_high_glucocorticoids_cost_response_and_late_ones_hardly(void)
{
    const course alone = {.drug = {NIVOLUMAB(240)},
                          .parameter = {{"L1.infil", 2}, {"TMB", 40}, {"L1.PDL1_TPS", 0.3}, {"L1.k_kill", 1.5}},
                          .seen = {"L1.diameter"},
                          .length = 240};
    course early = alone, late = alone;
    early.drug[1] = (given){"steroid", 100, 0, 1, 60};
    late.drug[1] = (given){"steroid", 100, 150, 1, 60};
    const outcome no = run(alone), soon = run(early), then = run(late);
    CHECK(last(&soon, 0) > 1.03 * last(&no, 0));
    CHECK(last(&soon, 0) > last(&then, 0));
}

static void methylprednisolone_is_a_quarter_stronger_than_prednisone(void)
{
    const outcome oral = run((course){.drug = {{"steroid", 5, 0, 1, 30}}, .seen = {"gc_conc", "gc_E"}, .length = 30}),
                  vein =
                      run((course){.drug = {{"steroid_iv", 4, 0, 1, 30}}, .seen = {"gc_conc", "gc_E"}, .length = 30});
    double a = 0, b = 0;
    for (int i = DAYS / 2; i < DAYS; i++) a += oral.value[i][1], b += vein.value[i][1];
    CHECK_NEAR(b / a, 1, 0.1);
}

static void an_autoimmune_disease_multiplies_inflammation(void)
{
    const course plain = {.drug = {NIVOLUMAB(240)}, .seen = {"I_skin", "I_joints"}, .length = 120};
    course history = plain;
    history.parameter[0] = (set){"autoimmune_history", 3};
    const outcome without = run(plain), with = run(history);
    for (size_t k = 0; k < 2; k++) CHECK_NEAR(peak(&with, k) / peak(&without, k), 3, 0.01);
}

static void organs_are_harmed_without_any_antigen_of_the_tumour(void)
{
    const course plain = {.drug = {NIVOLUMAB(240)}, .seen = {"I_gut", "L1.step5_attack"}, .length = 120};
    course blank = plain;
    blank.parameter[0] = (set){"TMB", 1e-3};
    const outcome with = run(plain), without = run(blank);
    CHECK(peak(&without, 1) < 0.01 * peak(&with, 1));
    CHECK_NEAR(peak(&without, 0) / peak(&with, 0), 1, 1e-3);
}

static void drugs_of_care_leave_the_body_by_their_clearance(void)
{
    static const struct {
        const char *drug_class, *state, *volume, *clearance;
        double amount;
    } drug[] = {{"anti_tnf", "tnf_A", "tnf_V", "tnf_CL", 350},
                {"anti_integrin", "integrin_A", "integrin_V", "integrin_CL", 300},
                {"anti_il6r", "il6r_A", "il6r_V", "il6r_CL", 560},
                {"immunoglobulin", "ivig_A", "ivig_V", "ivig_CL", 1.4e5}};
    for (size_t i = 0; i < sizeof drug / sizeof *drug; i++) {
        const outcome o = run((course){.drug = {{drug[i].drug_class, drug[i].amount, 0, 1, 1}},
                                       .seen = {drug[i].state, drug[i].volume, drug[i].clearance},
                                       .length = 60});
        for (int k = 1; k < DAYS; k++) {
            const double t = o.day[k] - 1.0 / 96, rate = o.value[k][2] / o.value[k][1];
            CHECK(fabs(o.value[k][0] / (drug[i].amount * exp(-rate * t)) - 1) < 1e-3);
        }
    }
}

static void no_cells_are_ever_negative(void)
{
    const outcome o = run(
        (course){.drug = {NIVOLUMAB(240), IPILIMUMAB(225), {"steroid", 75, 40, 1, 30}, {"anti_tnf", 350, 42, 14, 2}},
                 .parameter = PRONE,
                 .seen = {"skin.A", "skin.N", "gut.A", "gut.N", "heart.A", "heart.N", "fatigue.A", "joints.A", "lung.A",
                          "nerves.A"},
                 .length = 240});
    for (int i = 0; i < DAYS; i++)
        for (size_t k = 0; k < o.n_seen; k++) CHECK(o.value[i][k] >= -1e-9);
}

/* --- the table of grades ---------------------------------------------------------------------------------------------
 */

static coley_status read_grades(coley_arena *arena, coley_error *err)
{
    static const char *const also[] = {"toxicity"};
    const coley_body_options options = {.models = MODELS, .n_lesions = 1, .n_also = 1, .also = also};
    coley_body *body;
    const coley_yaml *root;
    const char *text;
    COLEY_TRY(coley_body_assemble(arena, &options, &body, err));
    COLEY_TRY(coley_yaml_load(arena, CATALOG "/guidelines/ctcae.yaml", &root, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(root, "death_hazard"), &text, err));
    CHECK(coley_network_symbol(body->network, text) >= 0);
    const coley_yaml *organs = coley_yaml_find(root, "organs");
    CHECK(organs && organs->n == 12);
    for (size_t i = 0; organs && i < organs->n; i++) {
        const coley_yaml *organ = organs->item[i], *grades = coley_yaml_find(organ, "grades"),
                         *signs = coley_yaml_find(organ, "signs"), *replace = coley_yaml_find(organ, "replace");
        int permanent;
        double before = 0;
        COLEY_TRY(coley_yaml_text(coley_yaml_find(organ, "severity"), &text, err));
        CHECK(coley_network_symbol(body->network, text) >= 0);
        COLEY_TRY(coley_yaml_flag(coley_yaml_find(organ, "permanent"), &permanent, err));
        CHECK(permanent == (replace != NULL));
        for (size_t k = 0; k < signs->n; k++) {
            COLEY_TRY(coley_yaml_text(coley_yaml_find(signs->item[k], "symbol"), &text, err));
            CHECK(coley_network_symbol(body->network, text) >= 0);
        }
        CHECK(grades && grades->n >= 3);
        for (size_t k = 0; k < grades->n; k++) {
            int64_t grade;
            double from;
            COLEY_TRY(coley_yaml_integer(coley_yaml_find(grades->item[k], "grade"), 1, 4, &grade, err));
            COLEY_TRY(coley_yaml_number(coley_yaml_find(grades->item[k], "from"), 0, 4.5, &from, err));
            CHECK(grade == (int64_t)k + 1 && from > before);
            before = from;
        }
        if (replace) {
            coley_catalog_drug *drug;
            COLEY_TRY(coley_yaml_text(replace, &text, err));
            COLEY_TRY(coley_catalog_drug_read(arena, CATALOG, text, &drug, err));
        }
    }
    return COLEY_OK;
}

static void every_grade_leads_to_a_symbol_of_the_model(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    if (read_grades(arena, &err)) CHECK_FAIL_("%s:%d: %s", err.file, err.line, err.text);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(an_untreated_person_has_no_side_effect);
    RUN(side_effects_leave_the_tumour_as_it_is);
    RUN(anti_pd1_harms_alike_at_any_dose_and_anti_ctla4_more_at_a_higher_one);
    RUN(both_drugs_harm_more_and_earlier_than_either);
    RUN(an_event_can_begin_long_after_the_last_dose_and_outlast_the_drug);
    RUN(glucocorticoids_calm_the_gut_and_do_not_restore_a_gland);
    RUN(hormones_by_mouth_make_good_for_a_gland_that_stays_lost);
    RUN(an_inflamed_thyroid_first_makes_too_much_and_then_too_little);
    RUN(second_line_drugs_work_where_glucocorticoids_fail_and_only_in_their_organs);
    RUN(mycophenolate_calms_the_liver_and_costs_priming);
    RUN(early_high_glucocorticoids_cost_response_and_late_ones_hardly);
    RUN(methylprednisolone_is_a_quarter_stronger_than_prednisone);
    RUN(an_autoimmune_disease_multiplies_inflammation);
    RUN(organs_are_harmed_without_any_antigen_of_the_tumour);
    RUN(drugs_of_care_leave_the_body_by_their_clearance);
    RUN(no_cells_are_ever_negative);
    RUN(every_grade_leads_to_a_symbol_of_the_model);
    return check_done();
}
