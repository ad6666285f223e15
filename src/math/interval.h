/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interval.h -- two ends of an interval. An end that does not exist is NaN in memory and never reaches a reader. */
#ifndef COLEY_MATH_INTERVAL_H
#define COLEY_MATH_INTERVAL_H

typedef struct coley_interval {
    double low, high;
} coley_interval;

#endif
