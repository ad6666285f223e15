/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.c -- response and progression by the sizes of RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228): 30 % below
 * the baseline, 20 % and 5 mm above the least; what is smaller than a scan shows is gone. */
#include "run/outcome.h"

#include <math.h>

/* The sum of what the scan shows of these lesions. */
static double sum_at(const coley_session *s, const coley_crowd *crowd, size_t person, ptrdiff_t lesion, size_t scan)
{
    const size_t row = coley_session_scan_row(s, scan);
    double sum = 0;
    for (size_t i = 0; i < s->scenario->lesions.n; i++) {
        const ptrdiff_t column = coley_watch_row(&s->watch, (ptrdiff_t)i, "diameter");
        if (column < 0 || (lesion >= 0 && i != (size_t)lesion)) continue;
        const double mm = coley_crowd_at(crowd, person, row, (size_t)column);
        sum += mm < s->scanner.not_seen_mm ? 0 : mm;
    }
    return sum;
}

coley_outcome coley_outcome_of(const coley_session *s, const coley_crowd *crowd, size_t person, ptrdiff_t lesion)
{
    const double first = sum_at(s, crowd, person, lesion, 0);
    double least = first, last = first, since = INFINITY;
    coley_outcome o = {.best_change = 0,
                       .response_day = INFINITY,
                       .recist_day = INFINITY,
                       .progression_day = INFINITY,
                       .gone_day = INFINITY,
                       .recist_gone_day = INFINITY};
    for (size_t k = 1; k < s->n_scans; k++) {
        const double day = s->scan_day[k];
        last = sum_at(s, crowd, person, lesion, k);
        since = last <= 0.7 * first ? fmin(since, day) : INFINITY;
        o.response_day = fmin(o.response_day, since);
        o.response_kept = fmax(o.response_kept, day - since);
        if (isinf(o.response_day)) o.grown_first = fmax(o.grown_first, last / first - 1);
        if (last == 0) o.gone_day = fmin(o.gone_day, day);
        if (last >= 1.2 * least && last >= least + 5) o.progression_day = fmin(o.progression_day, day);
        if (isinf(o.progression_day)) {
            o.recist_day = o.response_day;
            o.recist_gone_day = o.gone_day;
        }
        o.best_change = k == 1 ? last / first - 1 : fmin(o.best_change, last / first - 1);
        least = fmin(least, last);
    }
    o.last_change = last / first - 1;
    return o;
}
