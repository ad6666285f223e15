/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dosing.c -- writes out schedules and event tables as single doses. */
#include "run/dosing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DOSES = 1000000 };

typedef struct dose_list {
    coley_arena *arena;
    coley_given_dose *dose;
    size_t n, cap;
} dose_list;

static coley_status add_dose(dose_list *list, coley_given_dose dose, coley_error *err)
{
    if (list->n == MAX_DOSES)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the regimen means more than %d doses", MAX_DOSES);
    if (!COLEY_RESERVE(list->arena, list->dose, list->cap, list->n + 1)) return COLEY_FAIL_MEMORY(err);
    list->dose[list->n++] = dose;
    return COLEY_OK;
}

/* Body surface by Mosteller 1987, N Engl J Med 317:1098. */
double coley_dose_scale(const coley_scenario_patient *patient, coley_dose_basis basis)
{
    switch (basis) {
    case COLEY_DOSE_PER_KG:
        return patient->weight_kg;
    case COLEY_DOSE_PER_M2:
        return sqrt(patient->weight_kg * patient->height_cm / 3600);
    case COLEY_DOSE_FLAT:
        break;
    }
    return 1;
}

/* start, start + every, ...: multiplied, not added up, so that the hundredth is as exact as the first. */
static coley_status add_schedule(dose_list *list, const coley_scenario *scenario, const coley_scenario_drug *drug,
                                 coley_error *err)
{
    const double amount = drug->dose.amount * coley_dose_scale(&scenario->patient, drug->dose.basis);
    const unsigned lesions = drug->lesions ? drug->lesions : 1;
    const size_t n_places = drug->lesions ? scenario->lesions.n : 1;
    const double end_day = fmin(scenario->run.duration_day, drug->until_day); /* fmin passes over NaN */
    for (int64_t k = 0; !drug->cycles || k < drug->cycles; k++) {
        const double day = drug->start_day + drug->shift_day + (k ? (double)k * drug->every_day : 0);
        if (!(day < end_day)) break;
        for (size_t i = 0; i < n_places; i++)
            if (lesions >> i & 1)
                COLEY_TRY(add_dose(list,
                                   (coley_given_dose){.day = day,
                                                      .amount = amount,
                                                      .duration_day = drug->infusion_day,
                                                      .drug = drug->drug,
                                                      .unit = drug->dose.unit,
                                                      .lesion = drug->lesions ? (int)i + 1 : 0},
                                   err));
    }
    return COLEY_OK;
}

/* Whose records count: the patient's, or those of the only person there is. */
static coley_status choose_person(const coley_scenario *scenario, const char **id, coley_error *err)
{
    const coley_event_table *table = &scenario->event_table;
    const coley_place place = {.file = scenario->events_path, .key = "ID"};
    int several = 0;
    for (size_t i = 0; i < table->n; i++) {
        if (!strcmp(table->row[i].id, scenario->patient.id)) {
            *id = scenario->patient.id;
            return COLEY_OK;
        }
        several |= strcmp(table->row[i].id, table->row[0].id) != 0;
    }
    *id = NULL;
    if (several)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the table has several people, none called %s (patient.id)",
                             coley_quote_make(scenario->patient.id).text);
    return COLEY_OK;
}

static coley_status add_table(dose_list *list, const coley_scenario *scenario, coley_error *err)
{
    const char *id, *only = NULL;
    coley_event_dose *dose;
    size_t n;
    int64_t number;
    if (!scenario->event_table.n) return COLEY_OK;
    COLEY_TRY(choose_person(scenario, &id, err));
    COLEY_TRY(
        coley_event_table_doses(list->arena, &scenario->event_table, id, scenario->run.duration_day, &dose, &n, err));
    for (size_t i = 0; i < scenario->regimen.n; i++) {
        const char *drug = COLEY_SCENARIO_DRUG(scenario, i)->drug;
        only = i == 0 || (only && drug && !strcmp(only, drug)) ? drug : NULL;
    }
    for (size_t i = 0; i < n; i++) {
        const coley_place place = {.file = scenario->events_path, .line = dose[i].line, .key = "CMT"};
        const int unnamed = !*dose[i].drug || coley_text_integer(dose[i].drug, 0, 10000, &number);
        if (unnamed && !only)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                 "which drug is it? Write its name in CMT, or give the scenario a regimen of one drug");
        COLEY_TRY(add_dose(list,
                           (coley_given_dose){.day = dose[i].time_day,
                                              .amount = dose[i].amount_mg,
                                              .duration_day = dose[i].duration_day,
                                              .drug = unnamed ? only : dose[i].drug,
                                              .unit = "mg"},
                           err));
    }
    return COLEY_OK;
}

coley_status coley_dosing_of(coley_arena *arena, const coley_scenario *scenario, coley_given_dose **dose, size_t *n,
                             coley_error *err)
{
    dose_list list = {.arena = arena};
    for (size_t i = 0; i < scenario->regimen.n; i++)
        COLEY_TRY(add_schedule(&list, scenario, COLEY_SCENARIO_DRUG(scenario, i), err));
    COLEY_TRY(add_table(&list, scenario, err));
    /* Merge from below, so that doses of one day keep their order. */
    coley_given_dose *other = COLEY_NEW(arena, coley_given_dose, list.n);
    if (!other) return COLEY_FAIL_MEMORY(err);
    coley_given_dose *from = list.dose, *to = other;
    for (size_t width = 1; width < list.n; width *= 2) {
        for (size_t low = 0; low < list.n; low += 2 * width) {
            const size_t middle = low + width < list.n ? low + width : list.n;
            const size_t high = middle + width < list.n ? middle + width : list.n;
            for (size_t i = low, j = middle, k = low; k < high; k++)
                to[k] = i < middle && (j == high || from[i].day <= from[j].day) ? from[i++] : from[j++];
        }
        coley_given_dose *swap = from;
        from = to;
        to = swap;
    }
    *dose = from;
    *n = list.n;
    return COLEY_OK;
}
