/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.h -- what became of one person of a crowd, by the sum of diameters on the scan days, as the body has them and
 * without readers' noise: response, progression, vanishing. */
#ifndef COLEY_RUN_OUTCOME_H
#define COLEY_RUN_OUTCOME_H

#include "run/session.h"

typedef struct coley_outcome {
    double best_change;     /* least sum after the baseline, relative to it: -0.3 is 30 % smaller */
    double response_day;    /* first scan with a sum 30 % below the baseline's; infinite: none */
    double recist_day;      /* the same, of scans before progression only: response as trials count it */
    double progression_day; /* first scan with a sum 20 % and 5 mm above the least so far; infinite: none */
    double gone_day;        /* first scan on which no lesion is seen; infinite: none */
    double recist_gone_day; /* the same before progression: complete response as trials count it */
    double last_change;     /* at the last scan, relative to the baseline */
    double grown_first;     /* largest sum before the response, or in all without one, relative to the baseline */
    double response_kept;   /* longest time from scan to scan with a sum 30 % below the baseline's [day] */
} coley_outcome;

/* `lesion` is one of the scenario's, from 0, or -1 for the sum of all. */
coley_outcome coley_outcome_of(const coley_session *session, const coley_crowd *crowd, size_t person, ptrdiff_t lesion);

#endif
