/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_classical.c -- the six laws: known curves are found again, special cases agree, and little or odd data do no
 * harm. */
#include "patient/classical.h"

#include "support/check.h"

#define LN_VOLUME(mm) (log(M_PI / 6.0) + 3.0 * log(mm))

static const double days[] = {0.0, 42.0, 84.0, 126.0, 168.0, 210.0, 252.0, 294.0};
enum { N_DAYS = 8 };

/* One curve of each law, with rates per day for volumes in mm3: growing, shrinking or levelling off. */
static coley_classical known(coley_classical_model model, int shrinking)
{
    coley_classical c = {
        .model = model, .lambda = 1.0, .first_day = 0.0, .log_volume = LN_VOLUME(shrinking ? 50.0 : 20.0)};
    switch (model) {
    case COLEY_CLASSICAL_EXPONENTIAL:
        c.alpha = shrinking ? -0.006 : 0.005;
        break;
    case COLEY_CLASSICAL_LOGISTIC:
        c.alpha = 0.012;
        c.beta = exp(LN_VOLUME(shrinking ? 25.0 : 40.0));
        break;
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY:
    case COLEY_CLASSICAL_BERTALANFFY:
        c.lambda = model == COLEY_CLASSICAL_BERTALANFFY ? 2.0 / 3.0 : 0.8;
        c.beta = 0.03;
        c.alpha = c.beta * exp((1.0 - c.lambda) * LN_VOLUME(shrinking ? 30.0 : 45.0));
        break;
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ:
    case COLEY_CLASSICAL_GOMPERTZ:
        c.lambda = model == COLEY_CLASSICAL_GOMPERTZ ? 1.0 : 0.75;
        c.alpha = 0.01 * exp((1.0 - c.lambda) * c.log_volume);
        c.beta = c.alpha * LN_VOLUME(shrinking ? 25.0 : 45.0);
        break;
    case COLEY_CLASSICAL_COUNT:
        break;
    }
    return c;
}

/* The law itself, integrated in V with many small steps: shares nothing with the closed forms. */
static double by_small_steps(const coley_classical *c, double day)
{
    const int n = 20000;
    const double h = (day - c->first_day) / n;
    double v = exp(c->log_volume);
#define RATE(V)                                                                                                        \
    (c->model == COLEY_CLASSICAL_EXPONENTIAL ? c->alpha * (V)                                                          \
     : c->model == COLEY_CLASSICAL_LOGISTIC  ? c->alpha * (V) * (1.0 - (V) / c->beta)                                  \
     : c->model >= COLEY_CLASSICAL_GOMPERTZ  ? pow((V), c->lambda) * (c->beta - c->alpha * log(V))                     \
                                             : c->alpha * pow((V), c->lambda) - c->beta * (V))
    for (int i = 0; i < n; i++) {
        const double k1 = RATE(v), middle = v + 0.5 * h * k1;
        v += h * RATE(middle);
    }
#undef RATE
    return cbrt(v / (M_PI / 6.0));
}

static void every_closed_form_solves_its_differential_equation(void)
{
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++)
        for (int shrinking = 0; shrinking < 2; shrinking++) {
            const coley_classical c = known((coley_classical_model)m, shrinking);
            CHECK_NEAR(coley_classical_diameter_mm(&c, 0.0), shrinking ? 50.0 : 20.0, 1e-12);
            CHECK_NEAR(coley_classical_diameter_mm(&c, 100.0), by_small_steps(&c, 100.0), 1e-5);
            CHECK_NEAR(coley_classical_diameter_mm(&c, 400.0), by_small_steps(&c, 400.0), 1e-5);
        }
}

static void a_noise_free_curve_is_found_again_and_continued(void)
{
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++)
        for (int shrinking = 0; shrinking < 2; shrinking++)
            for (int scale = 0; scale < 2; scale++) {
                const coley_classical c = known((coley_classical_model)m, shrinking);
                double seen[N_DAYS];
                for (size_t i = 0; i < N_DAYS; i++) seen[i] = coley_classical_diameter_mm(&c, days[i]);
                coley_classical fit;
                CHECK(coley_classical_fit(c.model, (coley_classical_scale)scale, N_DAYS, days, seen, &fit, NULL) ==
                      COLEY_OK);
                for (size_t i = 0; i < N_DAYS; i++)
                    CHECK_NEAR(coley_classical_diameter_mm(&fit, days[i]), seen[i], 2e-3);
                CHECK_NEAR(coley_classical_diameter_mm(&fit, 420.0), coley_classical_diameter_mm(&c, 420.0), 1e-2);
            }
}

static void parameters_come_back_in_millimetres_and_days(void)
{
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++) {
        const coley_classical c = known((coley_classical_model)m, 0);
        double seen[N_DAYS];
        for (size_t i = 0; i < N_DAYS; i++) seen[i] = coley_classical_diameter_mm(&c, days[i]);
        coley_classical fit;
        CHECK(coley_classical_fit(c.model, COLEY_CLASSICAL_VOLUME, N_DAYS, days, seen, &fit, NULL) == COLEY_OK);
        CHECK_NEAR(fit.log_volume, c.log_volume, 2e-3);
        /* With the exponent free, pairs of exponent and rate can hardly be told apart. */
        const int free_exponent = m == COLEY_CLASSICAL_GENERAL_BERTALANFFY || m == COLEY_CLASSICAL_GENERAL_GOMPERTZ;
        if (free_exponent) continue;
        CHECK(fabs(fit.alpha / c.alpha - 1.0) < 0.01);
        CHECK(c.beta == 0.0 ? fit.beta == 0.0 : fabs(fit.beta / c.beta - 1.0) < 0.01);
        CHECK_NEAR(fit.lambda, c.lambda, 1e-15);
    }
}

static void general_laws_contain_the_classic_ones(void)
{
    coley_classical classic = known(COLEY_CLASSICAL_BERTALANFFY, 1), general = classic;
    general.model = COLEY_CLASSICAL_GENERAL_BERTALANFFY;
    for (double t = 0.0; t < 600.0; t += 50.0)
        CHECK_NEAR(coley_classical_diameter_mm(&general, t), coley_classical_diameter_mm(&classic, t), 1e-14);
    classic = known(COLEY_CLASSICAL_GOMPERTZ, 0), general = classic;
    general.model = COLEY_CLASSICAL_GENERAL_GOMPERTZ;
    for (double t = 0.0; t < 600.0; t += 50.0)
        CHECK_NEAR(coley_classical_diameter_mm(&general, t), coley_classical_diameter_mm(&classic, t), 1e-10);
}

static void limits_of_all_laws_are_exponential(void)
{
    const coley_classical e = {.model = COLEY_CLASSICAL_EXPONENTIAL, .alpha = 0.004, .lambda = 1.0, .log_volume = 8.0};
    coley_classical logistic = e, bertalanffy = e, gompertz = e;
    logistic.model = COLEY_CLASSICAL_LOGISTIC, logistic.beta = 1e15; /* no ceiling */
    bertalanffy.model = COLEY_CLASSICAL_GENERAL_BERTALANFFY, bertalanffy.alpha = 0.009, bertalanffy.beta = 0.005;
    gompertz.model = COLEY_CLASSICAL_GOMPERTZ, gompertz.alpha = 0.0, gompertz.beta = 0.004; /* no slowing */
    for (double t = 0.0; t < 600.0; t += 50.0) {
        const double truth = coley_classical_diameter_mm(&e, t);
        CHECK_NEAR(coley_classical_diameter_mm(&logistic, t), truth, 1e-8);
        CHECK_NEAR(coley_classical_diameter_mm(&bertalanffy, t), truth, 1e-12);
        CHECK_NEAR(coley_classical_diameter_mm(&gompertz, t), truth, 1e-12);
    }
}

static void a_law_with_more_freedom_never_fits_worse(void)
{
    static const struct {
        coley_classical_model special, general;
    } pairs[] = {{COLEY_CLASSICAL_EXPONENTIAL, COLEY_CLASSICAL_GOMPERTZ},
                 {COLEY_CLASSICAL_GOMPERTZ, COLEY_CLASSICAL_GENERAL_GOMPERTZ},
                 {COLEY_CLASSICAL_EXPONENTIAL, COLEY_CLASSICAL_GENERAL_BERTALANFFY},
                 {COLEY_CLASSICAL_BERTALANFFY, COLEY_CLASSICAL_GENERAL_BERTALANFFY}};
    static const double seen[][N_DAYS] = {{40, 35, 28, 27, 25, 26, 25, 24},
                                          {20, 22, 27, 31, 30, 36, 39, 44},
                                          {33, 33, 32, 37, 49, 50, 52, 48},
                                          {12, 8, 6, 6, 5, 4, 0, 0}};
    for (size_t k = 0; k < 4; k++)
        for (size_t p = 0; p < 4; p++) {
            coley_classical special, general;
            CHECK(coley_classical_fit(pairs[p].special, COLEY_CLASSICAL_DIAMETER, N_DAYS, days, seen[k], &special,
                                      NULL) == COLEY_OK);
            CHECK(coley_classical_fit(pairs[p].general, COLEY_CLASSICAL_DIAMETER, N_DAYS, days, seen[k], &general,
                                      NULL) == COLEY_OK);
            CHECK(general.sse <= special.sse * 1.001 + 1e-6);
        }
}

static void the_unit_of_length_does_not_matter(void)
{
    static const double seen[] = {33, 33, 32, 37, 49, 50, 52, 48};
    double ten_times[N_DAYS];
    for (size_t i = 0; i < N_DAYS; i++) ten_times[i] = 10.0 * seen[i];
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++) {
        coley_classical a, b;
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, N_DAYS, days, seen, &a, NULL) ==
              COLEY_OK);
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, N_DAYS, days, ten_times, &b,
                                  NULL) == COLEY_OK);
        CHECK_NEAR(10.0 * coley_classical_diameter_mm(&a, 336.0), coley_classical_diameter_mm(&b, 336.0), 1e-3);
    }
}

static void two_points_are_met_and_extended_as_an_exponential(void)
{
    const double grown[] = {20.0, 24.0}, shrunk[] = {20.0, 15.0};
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++) {
        coley_classical fit;
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, 2, days, grown, &fit, NULL) ==
              COLEY_OK);
        CHECK_NEAR(coley_classical_diameter_mm(&fit, 0.0), 20.0, 1e-3);
        CHECK_NEAR(coley_classical_diameter_mm(&fit, 42.0), 24.0, 1e-3);
        CHECK(coley_classical_diameter_mm(&fit, 84.0) > 24.0 && coley_classical_diameter_mm(&fit, 84.0) < 29.0);
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, 2, days, shrunk, &fit, NULL) ==
              COLEY_OK);
        CHECK_NEAR(coley_classical_diameter_mm(&fit, 0.0), 20.0, 1e-2);
        CHECK_NEAR(coley_classical_diameter_mm(&fit, 42.0), 15.0, 1e-2);
        CHECK(coley_classical_diameter_mm(&fit, 84.0) < 15.0 && coley_classical_diameter_mm(&fit, 84.0) > 9.0);
    }
}

static void what_does_not_move_is_forecast_not_to_move(void)
{
    const double one[] = {17.0}, same[] = {17.0, 17.0, 17.0, 17.0}, gone[] = {0.0, 0.0, 0.0};
    const double one_day[] = {5.0, 5.0};
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++)
        for (int scale = 0; scale < 2; scale++) {
            coley_classical fit;
            CHECK(coley_classical_fit((coley_classical_model)m, (coley_classical_scale)scale, 1, days, one, &fit,
                                      NULL) == COLEY_OK);
            CHECK_NEAR(coley_classical_diameter_mm(&fit, 365.0), 17.0, 1e-9);
            CHECK(coley_classical_fit((coley_classical_model)m, (coley_classical_scale)scale, 2, one_day, same, &fit,
                                      NULL) == COLEY_OK);
            CHECK_NEAR(coley_classical_diameter_mm(&fit, 365.0), 17.0, 1e-9);
            CHECK(coley_classical_fit((coley_classical_model)m, (coley_classical_scale)scale, 4, days, same, &fit,
                                      NULL) == COLEY_OK);
            CHECK_NEAR(coley_classical_diameter_mm(&fit, 365.0), 17.0, 0.02);
            CHECK(coley_classical_fit((coley_classical_model)m, (coley_classical_scale)scale, 3, days, gone, &fit,
                                      NULL) == COLEY_OK);
            CHECK_NEAR(coley_classical_diameter_mm(&fit, 365.0), 0.1, 1e-9);
        }
}

static void zeros_and_leaps_give_finite_curves(void)
{
    static const double seen[][N_DAYS] = {{30, 0, 0, 0, 0, 0, 0, 0},
                                          {0, 0, 0, 5, 0, 0, 40, 80},
                                          {5, 150, 5, 150, 5, 150, 5, 150},
                                          {0.01, 0.02, 0.3, 9000, 10000, 10000, 10000, 10000}};
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++)
        for (size_t k = 0; k < 4; k++) {
            coley_classical fit;
            CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, N_DAYS, days, seen[k], &fit,
                                      NULL) == COLEY_OK);
            CHECK(isfinite(fit.sse) && isfinite(fit.alpha) && isfinite(fit.beta));
            for (double t = 0.0; t < 2000.0; t += 100.0) {
                const double d = coley_classical_diameter_mm(&fit, t);
                CHECK(d >= 0.1 && d <= 1e4);
            }
        }
}

static void a_lesion_that_the_general_gompertz_law_wipes_out_stays_gone(void)
{
    /* V' = -beta V^(2/3) reaches zero in finite time: V^(1/3) falls in a straight line. */
    const coley_classical c = {.model = COLEY_CLASSICAL_GENERAL_GOMPERTZ,
                               .alpha = 0.0,
                               .beta = -0.3,
                               .lambda = 2.0 / 3.0,
                               .log_volume = LN_VOLUME(20.0)};
    const double per_day = 0.3 / 3.0 / cbrt(M_PI / 6.0);
    CHECK_NEAR(coley_classical_diameter_mm(&c, 100.0), 20.0 - 100.0 * per_day, 1e-4);
    CHECK_NEAR(coley_classical_diameter_mm(&c, 500.0), 0.1, 1e-12);
}

static void the_same_data_give_the_same_bits(void)
{
    static const double seen[] = {33, 33, 32, 37, 49, 50, 52, 48};
    for (int m = 0; m < COLEY_CLASSICAL_COUNT; m++) {
        coley_classical a = {0}, b = {0};
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, N_DAYS, days, seen, &a, NULL) ==
              COLEY_OK);
        CHECK(coley_classical_fit((coley_classical_model)m, COLEY_CLASSICAL_VOLUME, N_DAYS, days, seen, &b, NULL) ==
              COLEY_OK);
        CHECK(a.alpha == b.alpha && a.beta == b.beta && a.lambda == b.lambda && a.sse == b.sse);
    }
}

static void wrong_data_are_refused_with_the_value(void)
{
    coley_classical fit;
    coley_error err;
    const double negative[] = {10.0, -1.0}, backwards[] = {42.0, 0.0}, fine[] = {10.0, 11.0}, nan_day[] = {0.0, NAN};
    CHECK(coley_classical_fit(COLEY_CLASSICAL_GOMPERTZ, COLEY_CLASSICAL_VOLUME, 0, days, fine, &fit, &err) ==
          COLEY_ERR_ARG);
    CHECK(coley_classical_fit(COLEY_CLASSICAL_GOMPERTZ, COLEY_CLASSICAL_VOLUME, 2, days, negative, &fit, &err) ==
          COLEY_ERR_ARG);
    CHECK_HAS(err.text, "-1");
    CHECK(coley_classical_fit(COLEY_CLASSICAL_GOMPERTZ, COLEY_CLASSICAL_VOLUME, 2, backwards, fine, &fit, &err) ==
          COLEY_ERR_ARG);
    CHECK(coley_classical_fit(COLEY_CLASSICAL_GOMPERTZ, COLEY_CLASSICAL_VOLUME, 2, nan_day, fine, &fit, &err) ==
          COLEY_ERR_ARG);
}

static void laws_have_names(void)
{
    CHECK_TEXT(coley_classical_key(COLEY_CLASSICAL_EXPONENTIAL), "exponential");
    CHECK_TEXT(coley_classical_key(COLEY_CLASSICAL_GENERAL_GOMPERTZ), "general_gompertz");
    CHECK_TEXT(coley_classical_title(COLEY_CLASSICAL_BERTALANFFY), "classic Bertalanffy");
}

int main(void)
{
    RUN(every_closed_form_solves_its_differential_equation);
    RUN(a_noise_free_curve_is_found_again_and_continued);
    RUN(parameters_come_back_in_millimetres_and_days);
    RUN(general_laws_contain_the_classic_ones);
    RUN(limits_of_all_laws_are_exponential);
    RUN(a_law_with_more_freedom_never_fits_worse);
    RUN(the_unit_of_length_does_not_matter);
    RUN(two_points_are_met_and_extended_as_an_exponential);
    RUN(what_does_not_move_is_forecast_not_to_move);
    RUN(zeros_and_leaps_give_finite_curves);
    RUN(a_lesion_that_the_general_gompertz_law_wipes_out_stays_gone);
    RUN(the_same_data_give_the_same_bits);
    RUN(wrong_data_are_refused_with_the_value);
    RUN(laws_have_names);
    return check_done();
}
