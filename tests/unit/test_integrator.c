/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hand-written systems with known solutions through the block integrator. */
#include "solve/integrator.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdlib.h>

static size_t no_work(const void *self, size_t width)
{
    (void)self;
    (void)width;
    return 64;
}

/* One compartment with elimination: y' = -k y; input 0 is k, input 1 the initial amount. */
static void decay_initial(const void *self, size_t width, const unsigned char *mask, const double *in, void *work,
                          double *y)
{
    (void)self;
    double *k = work;
    for (size_t l = 0; l < width; l++)
        if (!mask || mask[l]) {
            k[l] = in[l];
            y[l] = in[width + l];
        }
}
static size_t decay_work(const void *self, size_t width)
{
    (void)self;
    return width * sizeof(double);
}
static void decay_rhs(const void *self, size_t width, const double *t, const double *y, void *work, double *dy)
{
    (void)self;
    (void)t;
    const double *k = work;
    for (size_t l = 0; l < width; l++) dy[l] = -k[l] * y[l];
}
static void decay_jacobian(const void *self, size_t width, const double *t, const double *y, void *work, double *j,
                           double *ft)
{
    (void)self;
    (void)t;
    (void)y;
    (void)ft;
    const double *k = work;
    for (size_t l = 0; l < width; l++) j[l] = -k[l];
}
static const int32_t one_row[] = {0, 1}, one_column[] = {0};
static const coley_system decay = {.n = 1,
                                   .n_inputs = 2,
                                   .row_start = one_row,
                                   .column = one_column,
                                   .work_size = decay_work,
                                   .initial = decay_initial,
                                   .rhs = decay_rhs,
                                   .jacobian = decay_jacobian};

enum { SAMPLES = 57, PEOPLE = 101 };
typedef struct people {
    size_t n_doses;
    coley_dose dose[64];
    double value[PEOPLE][SAMPLES][3];
    int finished[PEOPLE];
    size_t steps[PEOPLE], shuffle;
    int n_states;
} people;

static size_t identity(const people *p, size_t patient)
{
    return (patient * (p->shuffle ? p->shuffle : 1)) % PEOPLE;
}
static void decay_inputs(void *self, size_t patient, double *in)
{
    const size_t id = identity(self, patient);
    in[0] = 0.01 * (double)(id + 1);
    in[1] = 100.0;
}
static size_t same_doses(void *self, size_t patient, const coley_dose **dose)
{
    (void)patient;
    people *p = self;
    *dose = p->dose;
    return p->n_doses;
}
static void keep(void *self, const coley_sample *s)
{
    people *p = self;
    for (int i = 0; i < p->n_states; i++)
        p->value[identity(p, s->patient)][s->index][i] = s->value[(size_t)i * s->stride];
}
static void done(void *self, size_t patient, const coley_integration *r)
{
    people *p = self;
    p->finished[identity(p, patient)] = r->status == COLEY_OK ? 1 : 2;
    p->steps[identity(p, patient)] = r->n_steps;
}

static double sample_day[SAMPLES];

static coley_cohort cohort_of(people *p, size_t n, double end)
{
    for (int i = 0; i < SAMPLES; i++) sample_day[i] = end * i / (SAMPLES - 1);
    return (coley_cohort){.self = p,
                          .n = n,
                          .t_end_day = end,
                          .n_samples = SAMPLES,
                          .sample_day = sample_day,
                          .inputs = decay_inputs,
                          .doses = same_doses,
                          .sample = keep,
                          .finish = done};
}

/* Amount in one compartment after boluses and infusions, in closed form; a bolus counts from just after its time. */
static double one_compartment(const people *p, double k, double y0, double t)
{
    double y = y0 * exp(-k * t);
    for (size_t i = 0; i < p->n_doses; i++) {
        const coley_dose *d = &p->dose[i];
        if (t <= d->t_day) continue;
        const double since = t - d->t_day, over = d->duration_day;
        if (over <= 0)
            y += d->amount * exp(-k * since);
        else if (since < over)
            y += d->amount / over / k * (1 - exp(-k * since));
        else
            y += d->amount / over / k * (1 - exp(-k * over)) * exp(-k * (since - over));
    }
    return y;
}

static void boluses_and_infusions_follow_the_closed_form(void)
{
    static people p;
    p = (people){.n_states = 1};
    for (int i = 0; i < 20; i++)
        p.dose[p.n_doses++] = (coley_dose){.t_day = 21.0 * i, .amount = 200, .duration_day = i % 2 ? 0.5 / 24 : 0};
    const coley_cohort c = cohort_of(&p, PEOPLE, 448);
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(coley_integrate(&decay, &c, &o, &err) == COLEY_OK);
    for (size_t i = 0; i < PEOPLE; i++) {
        CHECK(p.finished[i] == 1);
        for (int s = 0; s < SAMPLES; s++) {
            const double exact = one_compartment(&p, 0.01 * (double)(i + 1), 100, sample_day[s]);
            CHECK_NEAR(p.value[i][s][0] / (exact + 1e-3), exact / (exact + 1e-3), 2e-4);
        }
    }
}

static void a_patient_has_the_same_bits_in_any_company(void)
{
    static people a, b;
    a = (people){.n_states = 1};
    for (int i = 0; i < 9; i++)
        a.dose[a.n_doses++] = (coley_dose){.t_day = 14.0 * i, .amount = 50, .duration_day = 1.0 / 24};
    b = a;
    b.shuffle = 37;
    coley_error err = {0};
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    const coley_cohort ca = cohort_of(&a, PEOPLE, 200), cb = cohort_of(&b, PEOPLE, 200);
    CHECK(coley_integrate(&decay, &ca, &o, &err) == COLEY_OK);
    o.n_threads = 3;
    CHECK(coley_integrate(&decay, &cb, &o, &err) == COLEY_OK);
    CHECK(memcmp(a.value, b.value, sizeof a.value) == 0);
    CHECK(memcmp(a.steps, b.steps, sizeof a.steps) == 0);
}

/* Robertson 1966: stiff kinetics, mass conserved; reference from Hairer and Wanner's test set (t = 40). */
static void robertson_initial(const void *self, size_t width, const unsigned char *mask, const double *in, void *work,
                              double *y)
{
    (void)self;
    (void)in;
    (void)work;
    for (size_t l = 0; l < width; l++)
        if (!mask || mask[l]) {
            y[l] = 1;
            y[width + l] = y[2 * width + l] = 0;
        }
}
static void robertson_rhs(const void *self, size_t w, const double *t, const double *y, void *work, double *dy)
{
    (void)self;
    (void)t;
    (void)work;
    for (size_t l = 0; l < w; l++) {
        const double a = 0.04 * y[l], b = 1e4 * y[w + l] * y[2 * w + l], c = 3e7 * y[w + l] * y[w + l];
        dy[l] = -a + b;
        dy[w + l] = a - b - c;
        dy[2 * w + l] = c;
    }
}
static void robertson_jacobian(const void *self, size_t w, const double *t, const double *y, void *work, double *j,
                               double *ft)
{
    (void)self;
    (void)t;
    (void)work;
    (void)ft;
    for (size_t l = 0; l < w; l++) {
        const double b1 = 1e4 * y[2 * w + l], b2 = 1e4 * y[w + l], c = 6e7 * y[w + l];
        const double v[9] = {-0.04, b1, b2, 0.04, -b1 - c, -b2, 0, c, 0};
        for (int e = 0; e < 9; e++) j[(size_t)e * w + l] = v[e];
    }
}
static const int32_t three_row[] = {0, 3, 6, 9}, three_column[] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
static void no_inputs(void *self, size_t patient, double *in)
{
    (void)self;
    (void)patient;
    (void)in;
}

static void robertsons_kinetics_end_where_the_test_set_says(void)
{
    static people p;
    p = (people){.n_states = 3};
    coley_cohort c = cohort_of(&p, 5, 40);
    c.inputs = no_inputs;
    c.doses = NULL;
    const coley_system s = {.n = 3,
                            .row_start = three_row,
                            .column = three_column,
                            .work_size = no_work,
                            .initial = robertson_initial,
                            .rhs = robertson_rhs,
                            .jacobian = robertson_jacobian};
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    o.atol = 1e-12;
    coley_error err = {0};
    CHECK(coley_integrate(&s, &c, &o, &err) == COLEY_OK);
    const double *end = p.value[4][SAMPLES - 1];
    CHECK_NEAR(end[0], 0.7158270687, 1e-6);
    CHECK_NEAR(end[1] / 9.185534e-6, 1, 1e-5);
    CHECK_NEAR(end[2], 0.2841637457, 1e-6);
    for (int i = 0; i < SAMPLES; i++) CHECK_NEAR(p.value[4][i][0] + p.value[4][i][1] + p.value[4][i][2], 1, 1e-6);
    CHECK(p.steps[4] < 300);
}

/* y' = -2 (y - cos t): depends on time; the forced solution is known. */
static void forced_rhs(const void *self, size_t w, const double *t, const double *y, void *work, double *dy)
{
    (void)self;
    (void)work;
    for (size_t l = 0; l < w; l++) dy[l] = -2 * (y[l] - cos(t[l]));
}
static void forced_jacobian(const void *self, size_t w, const double *t, const double *y, void *work, double *j,
                            double *ft)
{
    (void)self;
    (void)y;
    (void)work;
    for (size_t l = 0; l < w; l++) {
        j[l] = -2;
        ft[l] = -2 * sin(t[l]);
    }
}

static void time_in_the_right_hand_side_is_followed_and_the_order_is_four(void)
{
    const coley_system s = {.n = 1,
                            .n_inputs = 2,
                            .row_start = one_row,
                            .column = one_column,
                            .uses_time = 1,
                            .work_size = decay_work,
                            .initial = decay_initial,
                            .rhs = forced_rhs,
                            .jacobian = forced_jacobian};
    double worst[2] = {0, 0};
    for (int pass = 0; pass < 2; pass++) {
        static people p;
        p = (people){.n_states = 1};
        coley_cohort c = cohort_of(&p, 1, 6);
        c.doses = NULL;
        coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
        o.rtol = o.atol = 0.5; /* never rejects: h_max sets the step */
        o.h_max_day = pass ? 0.05 : 0.1;
        coley_error err = {0};
        CHECK(coley_integrate(&s, &c, &o, &err) == COLEY_OK);
        const double A = 4.0 / 5, B = 2.0 / 5, t = 6, start = 100 - A;
        worst[pass] = fabs(p.value[0][SAMPLES - 1][0] - (A * cos(t) + B * sin(t) + start * exp(-2 * t)));
    }
    CHECK(worst[0] < 1e-5);
    CHECK(worst[0] / worst[1] > 12 && worst[0] / worst[1] < 40);
}

static void a_solution_that_is_lost_is_reported_and_the_others_complete(void)
{
    static people p;
    p = (people){.n_states = 1};
    coley_cohort c = cohort_of(&p, PEOPLE, 100);
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    o.max_steps = 40; /* enough for slow decay only */
    coley_error err = {0};
    const coley_status status = coley_integrate(&decay, &c, &o, &err);
    size_t lost = 0;
    for (int i = 0; i < PEOPLE; i++) lost += p.finished[i] == 2;
    CHECK(lost > 0 && lost < PEOPLE ? status == COLEY_ERR_DIVERGED : status == COLEY_OK);
    o = (coley_integrator_options)COLEY_INTEGRATOR_DEFAULT;
    o.rtol = 0;
    CHECK(coley_integrate(&decay, &c, &o, &err) == COLEY_ERR_ARG);
    p.n_doses = 2;
    p.dose[0] = (coley_dose){.t_day = 5, .amount = 1};
    p.dose[1] = (coley_dose){.t_day = 4, .amount = 1};
    o.rtol = 1e-6;
    CHECK(coley_integrate(&decay, &c, &o, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "dose 1");
}

int main(void)
{
    RUN(boluses_and_infusions_follow_the_closed_form);
    RUN(a_patient_has_the_same_bits_in_any_company);
    RUN(robertsons_kinetics_end_where_the_test_set_says);
    RUN(time_in_the_right_hand_side_is_followed_and_the_order_is_four);
    RUN(a_solution_that_is_lost_is_reported_and_the_others_complete);
    return check_done();
}
