/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_words.c -- names of responses, key numbers of a course, and its plain-language summary. */
#include "run/report_words.h"

#include "io/plot.h"
#include "run/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct response_row {
    const char *abbreviation, *words, *style;
} response_row;

static const response_row responses[] = {
    [COLEY_RESPONSE_NONE] = {"–", "not applicable", "r-ne"},
    [COLEY_RESPONSE_NE] = {"NE", "not evaluable", "r-ne"},
    [COLEY_RESPONSE_PD] = {"PD", "progressive disease", "r-pd"},
    [COLEY_RESPONSE_SD] = {"SD", "stable disease", "r-sd"},
    [COLEY_RESPONSE_NON_CR_NON_PD] = {"non-CR/non-PD", "neither complete response nor progression", "r-sd"},
    [COLEY_RESPONSE_PR] = {"PR", "partial response", "r-pr"},
    [COLEY_RESPONSE_CR] = {"CR", "complete response", "r-cr"},
};

static const response_row iresponses[] = {
    [COLEY_IRESPONSE_NONE] = {"–", "not applicable", "r-ne"},
    [COLEY_IRESPONSE_NE] = {"NE", "not evaluable", "r-ne"},
    [COLEY_IRESPONSE_CPD] = {"iCPD", "confirmed progression", "r-pd"},
    [COLEY_IRESPONSE_UPD] = {"iUPD", "progression that awaits confirmation", "r-upd"},
    [COLEY_IRESPONSE_SD] = {"iSD", "stable disease", "r-sd"},
    [COLEY_IRESPONSE_NON_CR_NON_PD] = {"non-iCR/non-iUPD", "neither complete response nor progression", "r-sd"},
    [COLEY_IRESPONSE_PR] = {"iPR", "partial response", "r-pr"},
    [COLEY_IRESPONSE_CR] = {"iCR", "complete response", "r-cr"},
};

const char *coley_report_response_words(coley_response response)
{
    return responses[response].words;
}

const char *coley_report_iresponse_words(coley_iresponse response)
{
    return iresponses[response].words;
}

const char *coley_report_response_short(coley_response response)
{
    return responses[response].abbreviation;
}

const char *coley_report_iresponse_short(coley_iresponse response)
{
    return iresponses[response].abbreviation;
}

const char *coley_report_response_style(coley_response response)
{
    return responses[response].style;
}

const char *coley_report_iresponse_style(coley_iresponse response)
{
    return iresponses[response].style;
}

/* ---- key numbers --------------------------------------------------------------------------------------------------
 */

static const coley_assessment *extreme(const coley_response_report *response, double sign)
{
    const coley_assessment *best = NULL;
    for (size_t i = 0; response && i < response->n_assessments; i++) {
        const coley_assessment *a = &response->assessment[i];
        if (isfinite(a->sod_mm) && (!best || sign * a->sod_mm > sign * best->sod_mm)) best = a;
    }
    return best;
}

const coley_assessment *coley_report_smallest(const coley_response_report *response)
{
    return extreme(response, -1);
}

const coley_assessment *coley_report_largest(const coley_response_report *response)
{
    return extreme(response, 1);
}

const coley_assessment *coley_report_last(const coley_response_report *response)
{
    const coley_assessment *last = NULL;
    for (size_t i = 0; response && i < response->n_assessments; i++)
        if (isfinite(response->assessment[i].sod_mm)) last = &response->assessment[i];
    return last;
}

double *coley_report_scan_days(coley_arena *arena, const coley_lesion_table *table, size_t *n)
{
    *n = 0;
    double *day = COLEY_NEW(arena, double, table ? table->n_measurements : 0);
    for (size_t i = 0; day && table && i < table->n_measurements; i++) /* sorted by day */
        if (!*n || table->measurement[i].day != day[*n - 1]) day[(*n)++] = table->measurement[i].day;
    return day;
}

double coley_report_diameter(const coley_lesion_table *table, size_t lesion, double day)
{
    for (size_t i = 0; i < table->n_measurements; i++) {
        const coley_measurement *m = &table->measurement[i];
        if (m->lesion != lesion || m->day != day) continue;
        if (m->finding == COLEY_FINDING_MEASURED) return m->diameter_mm;
        if (m->finding == COLEY_FINDING_TOO_SMALL) return 5;
        if (m->finding == COLEY_FINDING_ABSENT) return 0;
    }
    return NAN;
}

double coley_report_sum(const coley_course *course, double day)
{
    double sum = 0;
    if (!course->response || !course->response->n_targets) return NAN;
    for (size_t i = 0; i < course->response->n_targets; i++)
        sum += coley_report_diameter(course->lesions, course->response->target[i], day);
    return sum;
}

/* ---- plain words --------------------------------------------------------------------------------------------------
 */

typedef struct speech {
    coley_arena *arena;
    const char **sentence;
    size_t n;
    int failed;
} speech;

#define SAY(speech, ...)                                                                                               \
    do {                                                                                                               \
        if ((speech)->n < COLEY_REPORT_MAX_SENTENCES &&                                                                \
            !((speech)->sentence[(speech)->n++] = coley_arena_printf((speech)->arena, __VA_ARGS__)))                   \
            (speech)->failed = 1;                                                                                      \
    } while (0)

#define MM(value) coley_figure_of(round(value)).text

static const char *drug_case(const char *drug)
{
    return drug ? drug : "the drug";
}

static void say_doses(speech *s, const coley_course *course)
{
    for (size_t i = 0; i < course->n_doses; i++) {
        const coley_given_dose *first = &course->dose[i];
        size_t n = 0;
        int seen = 0, same = 1;
        for (size_t k = 0; k < course->n_doses; k++) {
            if (strcmp(drug_case(course->dose[k].drug), drug_case(first->drug))) continue;
            seen |= k < i;
            same &= course->dose[k].amount == first->amount;
            n++;
        }
        if (seen) continue;
        if (same)
            SAY(s,
                n == 1 ? "The patient got %zu dose of %s: %s %s." : "The patient got %zu doses of %s, %s %s each time.",
                n, drug_case(first->drug), coley_figure_of(first->amount).text,
                !first->unit                   ? ""
                : !strcmp(first->unit, "cell") ? "cells"
                                               : first->unit);
        else
            SAY(s, "The patient got %zu doses of %s.", n, drug_case(first->drug));
    }
    if (!course->n_doses) SAY(s, "The patient got no drug.");
}

static void say_size(speech *s, const coley_course *course)
{
    const coley_response_report *r = course->response;
    const coley_assessment *small = coley_report_smallest(r), *large = coley_report_largest(r),
                           *last = coley_report_last(r);
    if (!small || !(r->baseline_sod_mm > 0)) return;
    const double start = r->baseline_sod_mm;
    const char *they = r->n_targets == 1 ? "it" : "they";
    if (r->n_targets == 1)
        SAY(s, "At the start the measured tumour was %s mm across.", MM(start));
    else
        SAY(s, "At the start the %zu measured tumours were %s mm across when added up.", r->n_targets, MM(start));
    if (large->sod_mm > 1.05 * start && large->day < small->day)
        SAY(s, "First %s grew: %s mm on day %s.", they, MM(large->sod_mm), coley_figure_of(large->day).text);
    if (small->sod_mm == 0)
        SAY(s, "On day %s no tumour could be seen.", coley_figure_of(small->day).text);
    else if (small->sod_mm < 0.95 * start)
        SAY(s, "The smallest %s got was %s mm, on day %s. That is %s %% smaller than at the start.", they,
            MM(small->sod_mm), coley_figure_of(small->day).text, MM(100 * (1 - small->sod_mm / start)));
    const int shrank = small->sod_mm < 0.95 * start;
    if (last != small && last->sod_mm > 1.2 * small->sod_mm && last->sod_mm > small->sod_mm + 5)
        SAY(s, shrank ? "Then %s grew again, to %s mm on day %s." : "%s grew, to %s mm on day %s.",
            shrank              ? they
            : r->n_targets == 1 ? "It"
                                : "They",
            MM(last->sod_mm), coley_figure_of(last->day).text);
    else if (!shrank)
        SAY(s, "At the last scan, on day %s, the sum was %s mm.", coley_figure_of(last->day).text, MM(last->sod_mm));
}

/* The best response as a sentence without its stop, or NULL. */
static const char *best_in_words(coley_response best)
{
    switch (best) {
    case COLEY_RESPONSE_CR:
        return "The best result was a complete response: no tumour was seen any more";
    case COLEY_RESPONSE_PR:
        return "The best result was a partial response: the tumours shrank by at least 30 %";
    case COLEY_RESPONSE_SD:
        return "The best result was stable disease: the tumours neither shrank nor grew by much";
    case COLEY_RESPONSE_NON_CR_NON_PD:
        return "The best result was neither a full response nor growth";
    case COLEY_RESPONSE_PD:
        return "The best result was progressive disease: the tumours grew, or new ones came";
    case COLEY_RESPONSE_NE:
    case COLEY_RESPONSE_NONE:
        break;
    }
    return NULL;
}

static void say_response(speech *s, const coley_course *course)
{
    const coley_response_report *r = course->response;
    if (!r || !r->n_assessments) return;
    const char *result = best_in_words(r->best);
    if (result) SAY(s, "%s, by doctors' rules (RECIST).", result);
    if (r->pseudoprogression)
        SAY(s,
            "Growth came first and then went back. This can happen when immune cells move in and the tumour swells. It "
            "is called pseudoprogression.");
    if (isfinite(r->ipfs_day) && r->ipfs_event == COLEY_EVENT_CENSORED)
        SAY(s,
            "By the rules for immune drugs (iRECIST) the illness did not get worse in the %s days that were looked at.",
            coley_figure_of(r->ipfs_day).text);
    else if (isfinite(r->ipfs_day))
        SAY(s, "By the rules for immune drugs (iRECIST) the illness got worse on day %s.",
            coley_figure_of(r->ipfs_day).text);
}

coley_status coley_report_sentences(coley_arena *arena, const coley_course *course,
                                    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1], coley_error *err)
{
    memset(sentence, 0, (COLEY_REPORT_MAX_SENTENCES + 1) * sizeof *sentence);
    if (course->summary[0]) {
        for (size_t i = 0; i < COLEY_REPORT_MAX_SENTENCES && course->summary[i]; i++) sentence[i] = course->summary[i];
        return COLEY_OK;
    }
    speech s = {.arena = arena, .sentence = sentence};
    say_doses(&s, course);
    say_size(&s, course);
    say_response(&s, course);
    if (isfinite(course->forecast_from_day))
        SAY(&s,
            "After day %s the picture is a forecast. Of 100 made-up people like this one, 90 stay inside the light "
            "band "
            "and 50 inside the dark one.",
            coley_figure_of(course->forecast_from_day).text);
    return s.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
