/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course_fixture.h -- a made-up but plausible course for tests of what is written and drawn: three lung-cancer lesions
 * under pembrolizumab that first swell (iUPD), then shrink, one scan of one lesion missing, with a forecast. */
#ifndef COLEY_TESTS_COURSE_FIXTURE_H
#define COLEY_TESTS_COURSE_FIXTURE_H

#include <math.h>

#include "run/course.h"

enum { FIXTURE_DAYS = 379, FIXTURE_MAX_SERIES = 40 };

typedef struct fixture {
    coley_course course;
    coley_series series[FIXTURE_MAX_SERIES];
    coley_given_dose dose[18];
    coley_course_event event[8];
    coley_lesion_table lesions;
    coley_response_report response;
} fixture;

/* A number between 0 and 1 that jumps about with i. */
static double fixture_jitter(size_t i)
{
    const double x = sin((double)i * 12.9898 + 4.1) * 43758.5453;
    return x - floor(x);
}

static double *fixture_add(coley_arena *arena, fixture *f, const char *id, const char *label, const char *unit,
                           const char *group)
{
    double *value = COLEY_NEW(arena, double, FIXTURE_DAYS);
    f->series[f->course.n_series++] =
        (coley_series){.id = id, .label = label, .unit = unit, .group = group, .value = value};
    return value;
}

/* Swells for six weeks, then melts to `floor_share` of the start. */
static double fixture_size(double day, double flare, double floor_share, double pace)
{
    return (1 + flare * exp(-pow((day - 38) / 24, 2))) *
           (floor_share + (1 - floor_share) / (1 + exp((day - pace) / 22)));
}

static fixture *fixture_create(coley_arena *arena)
{
    fixture *f = COLEY_NEW(arena, fixture, 1);
    double *day = COLEY_NEW(arena, double, FIXTURE_DAYS);
    for (int i = 0; i < FIXTURE_DAYS; i++) day[i] = i;
    f->course = (coley_course){
        .title = "Lung cancer that swells before it shrinks",
        .patient = "P01",
        .cancer = "non-small cell lung cancer",
        .facts = {"61 years", "female", "80 kg", "PD-L1 on 60 % of tumour cells", "12 mutations per megabase"},
        .seed = 42,
        .n_days = FIXTURE_DAYS,
        .day = day,
        .series = f->series,
        .forecast_from_day = 84,
        .n_twins = 200,
    };

    double *lesion[3];
    const double start[3] = {41, 26, 18}, flare[3] = {0.36, 0.42, 0.2}, end[3] = {0.22, 0.3, 0.45},
                 pace[3] = {95, 110, 80};
    double *sum = fixture_add(arena, f, "SOD", "All targets together", "mm", "tumour");
    lesion[0] = fixture_add(arena, f, "L1.diameter", "L1 lung", "mm", "tumour");
    lesion[1] = fixture_add(arena, f, "L2.diameter", "L2 liver", "mm", "tumour");
    lesion[2] = fixture_add(arena, f, "L3.diameter", "L3 lymph node", "mm", "tumour");
    double *plasma = fixture_add(arena, f, "pd1_A1", "Pembrolizumab in plasma", "mg/L", "drug");
    double *inside = fixture_add(arena, f, "L1.pd1", "Pembrolizumab in lesion 1", "mg/L", "drug");
    double *occ[2] = {fixture_add(arena, f, "RO", "PD-1 occupied in blood", "dimensionless", "occupancy"),
                      fixture_add(arena, f, "L1.RO", "PD-1 occupied in lesion 1", "dimensionless", "occupancy")};
    double *cell[4] = {fixture_add(arena, f, "L1.T_eff", "Effector CD8", "cell", "t_cells"),
                       fixture_add(arena, f, "L1.T_prog", "Progenitor exhausted", "cell", "t_cells"),
                       fixture_add(arena, f, "L1.T_term", "Terminally exhausted", "cell", "t_cells"),
                       fixture_add(arena, f, "L1.Treg", "Regulatory T cells", "cell", "t_cells")};
    const char *const steps[5] = {"The deceptive handshake", "The brakes hit", "The inhibitor steps in",
                                  "The disguise fails", "The attack begins"};
    const char *const ids[5] = {"S1", "S2", "S3", "S4", "S5"};
    const char *const units[5] = {"PD-1:PD-L1 pairs per synapse", "share of killing held back", "share of PD-1 blocked",
                                  "share of killing restored", "tumour cells killed per day"};
    double *step[5];
    for (int k = 0; k < 5; k++) step[k] = fixture_add(arena, f, ids[k], steps[k], units[k], "five_steps");
    double *mdsc = fixture_add(arena, f, "L1.MDSC", "Myeloid suppressors", "cell", "suppression");
    double *tregs = fixture_add(arena, f, "L1.Treg2", "Regulatory T cells", "cell", "suppression");
    double *antigen = fixture_add(arena, f, "LN.antigen", "Antigen on dendritic cells", "cell", "antigen");
    double *healthy[3] = {fixture_add(arena, f, "skin.H", "Skin", "dimensionless", "healthy"),
                          fixture_add(arena, f, "gut.H", "Gut", "dimensionless", "healthy"),
                          fixture_add(arena, f, "thyroid.H", "Thyroid", "dimensionless", "healthy")};
    double *band[4];
    for (int k = 0; k < 4; k++) band[k] = COLEY_NEW(arena, double, FIXTURE_DAYS);

    for (int i = 0; i < FIXTURE_DAYS; i++) {
        const double t = day[i];
        sum[i] = 0;
        for (int k = 0; k < 3; k++) sum[i] += lesion[k][i] = start[k] * fixture_size(t, flare[k], end[k], pace[k]);
        const double ahead = t > 84 ? (t - 84) / 300 : 0.02;
        band[0][i] = sum[i] * (1 - 0.75 * sqrt(ahead));
        band[1][i] = sum[i] * (1 + 2.1 * sqrt(ahead));
        band[2][i] = sum[i] * (1 - 0.35 * sqrt(ahead));
        band[3][i] = sum[i] * (1 + 0.7 * sqrt(ahead));
        double c = 0;
        for (int d = 0; d < 18 && 21 * d <= t; d++)
            c += 57 * (0.45 * exp(-(t - 21 * d) / 1.6) + 0.55 * exp(-(t - 21 * d) / 24));
        plasma[i] = c;
        inside[i] = i ? inside[i - 1] + 0.25 * (0.2 * c - inside[i - 1]) : 0;
        occ[0][i] = c / (c + 0.4);
        occ[1][i] = inside[i] / (inside[i] + 0.9);
        const double wake = occ[1][i] * exp(-pow((t - 70) / 130, 2));
        cell[0][i] = 4e6 * (1 + 24 * wake);
        cell[1][i] = 3e6 * (1 + 5 * wake) * exp(-t / 500);
        cell[2][i] = 2.2e7 * exp(-t / 180) + 3e6;
        cell[3][i] = 6e6 * (1 + 1.5 * wake);
        step[0][i] = 900 * (1 - 0.93 * occ[1][i]);
        step[1][i] = 0.85 * (1 - occ[1][i]) + 0.05;
        step[2][i] = occ[1][i];
        step[3][i] = 0.8 * occ[1][i];
        step[4][i] = 2.4e8 * wake + 2e6;
        mdsc[i] = 9e6 * lesion[0][i] / 41;
        tregs[i] = cell[3][i];
        antigen[i] = 2e4 + 6e5 * wake;
        healthy[0][i] = 1 - 0.07 * exp(-pow((t - 60) / 26, 2));
        healthy[1][i] = 1 - 0.03 * exp(-pow((t - 120) / 30, 2));
        healthy[2][i] = 1 - 0.45 / (1 + exp(-(t - 150) / 14));
    }
    f->series[0].low90 = band[0];
    f->series[0].high90 = band[1];
    f->series[0].low50 = band[2];
    f->series[0].high50 = band[3];

    for (int d = 0; d < 18; d++) f->dose[d] = (coley_given_dose){21 * d, 200, 30.0 / 1440, "pembrolizumab", "mg", 0};
    f->course.dose = f->dose;
    f->course.n_doses = 18;
    static const coley_course_event events[] = {
        {3, "five_steps", "The inhibitor steps in: half of PD-1 in lesion 1 is blocked"},
        {9, "five_steps", "The disguise fails: half of the killing is restored"},
        {42, "response", "The sum has grown by 24 %: progression, to be confirmed (iUPD)"},
        {126, "response", "The sum has shrunk by 46 %: partial response"},
        {150, "note", "Thyroid at 80 % of normal"},
    };
    for (size_t i = 0; i < 5; i++) f->event[i] = events[i];
    f->course.event = f->event;
    f->course.n_events = 5;

    enum { VISITS = 10 };
    coley_lesion *lesions = COLEY_NEW(arena, coley_lesion, 3);
    const char *const organs[3] = {"lung", "liver", "lymph node"};
    const char *const names[3] = {"L1", "L2", "L3"};
    for (int k = 0; k < 3; k++)
        lesions[k] = (coley_lesion){.id = names[k],
                                    .organ = organs[k],
                                    .nodal = k == 2,
                                    .role = COLEY_LESION_TARGET,
                                    .merged_into = -1,
                                    .split_from = -1};
    coley_measurement *m = COLEY_NEW(arena, coley_measurement, 3 * VISITS);
    coley_assessment *a = COLEY_NEW(arena, coley_assessment, VISITS);
    size_t *target = COLEY_NEW(arena, size_t, 3);
    double baseline = 0, nadir = 0;
    for (int v = 0; v < VISITS; v++) {
        double total = 0;
        const int missing = v == 6;
        for (int k = 0; k < 3; k++) {
            const int at = 42 * v < FIXTURE_DAYS ? 42 * v : FIXTURE_DAYS - 1;
            const double mm = round(10 * lesion[k][at] * (1 + 0.05 * (fixture_jitter((size_t)(3 * v + k)) - 0.5))) / 10;
            m[3 * v + k] = (coley_measurement){
                .day = 42 * v, .lesion = (size_t)k, .finding = COLEY_FINDING_MEASURED, .diameter_mm = mm};
            if (missing && k == 1) m[3 * v + k].finding = COLEY_FINDING_NOT_EVALUABLE;
            total += mm;
            target[k] = (size_t)k;
        }
        if (v == 0) {
            baseline = nadir = total;
            continue;
        }
        const double change = 100 * (total / baseline - 1), from_nadir = 100 * (total / nadir - 1);
        const int pd = from_nadir >= 20, pr = change <= -30;
        a[v - 1] = (coley_assessment){
            .day = 42 * v,
            .sod_mm = missing ? NAN : total,
            .nadir_mm = nadir,
            .change_baseline_pct = missing ? NAN : change,
            .change_nadir_pct = missing ? NAN : from_nadir,
            .target = missing ? COLEY_RESPONSE_NE
                      : pd    ? COLEY_RESPONSE_PD
                      : pr    ? COLEY_RESPONSE_PR
                              : COLEY_RESPONSE_SD,
            .overall = missing ? COLEY_RESPONSE_NE
                       : pd    ? COLEY_RESPONSE_PD
                       : pr    ? COLEY_RESPONSE_PR
                               : COLEY_RESPONSE_SD,
            .ioverall = missing ? COLEY_IRESPONSE_NE
                        : pd    ? COLEY_IRESPONSE_UPD
                        : pr    ? COLEY_IRESPONSE_PR
                                : COLEY_IRESPONSE_SD,
            .why = missing ? "L2 could not be measured"
                   : pd    ? "the sum is 20 % or more above the smallest before"
                           : "by the sum of diameters",
        };
        if (!missing && total < nadir) nadir = total;
    }
    f->lesions = (coley_lesion_table){.patient = "P01",
                                      .n_lesions = 3,
                                      .n_measurements = 3 * VISITS,
                                      .lesion = lesions,
                                      .measurement = m,
                                      .last_contact_day = 378};
    f->response = (coley_response_report){
        .n_targets = 3,
        .target = target,
        .baseline_sod_mm = baseline,
        .n_assessments = VISITS - 1,
        .assessment = a,
        .best = COLEY_RESPONSE_PR,
        .best_confirmed = COLEY_RESPONSE_PR,
        .ibest = COLEY_IRESPONSE_PR,
        .pfs_day = 42,
        .ipfs_day = 378,
        .response_start_day = 126,
        .response_duration_day = 252,
        .pfs_event = COLEY_EVENT_PROGRESSION,
        .ipfs_event = COLEY_EVENT_CENSORED,
        .duration_event = COLEY_EVENT_CENSORED,
        .pseudoprogression = 1,
        .censor_rule = "last scan without progression",
    };
    f->course.lesions = &f->lesions;
    f->course.response = &f->response;
    return f;
}

#endif
