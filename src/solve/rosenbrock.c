/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock.c -- coefficients and the step rule.
 *
 * RODAS: Hairer and Wanner 1996, IV.10, order 4(3), six stages. Rodas5P: Steinebach 2023, BIT 63:27, order 5(4), eight
 * stages, dense output of order 4. Both are L-stable and stiffly accurate: y1 solves the last stage's equations, so
 * that what is fast and far from its balance is on it after one step.
 *
 * Any solution of order 4 in the stages of Rodas5P is y1 - a u_8 - b w, where w is the estimate of Rodas5Pe
 * (Steinebach, Rosenbrock methods within OrdinaryDiffEq.jl, preprint 2024, github.com/hbrs-cse/RosenbrockMethods). The
 * first paper's is u_8, which is a hundred times the error of y1 in such steps as a tolerance of 1e-5 lets it take
 * (9.4e-5 for 8.7e-7 in y' = -y, h = 1) and leaves what is fast far more exact than what is slow. Here it is 0.32 w, 13
 * times that error: on 1,000 people of the reference model (bench-solve) the largest errors then stay below those of
 * CVODES at a tenth of the tolerance. The embedded solution is A-stable, and damps what is infinitely fast to 0.15 of
 * itself. */
#include "solve/rosenbrock.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>
#include <stdio.h>

static const coley_rosenbrock rodas4 = {
    .name = "rodas4",
    .n_stages = 6,
    .order = 4,
    .gamma = 0.25,
    .alpha = {0, 0.386, 0.21, 0.63, 1, 1},
    .gamma_i = {0.25, -0.1043, 0.1035, -0.0362, 0, 0},
    .a = {{0},
          {1.544},
          {0.9466785280815826, 0.2557011698983284},
          {3.314825187068521, 2.896124015972201, 0.9986419139977817},
          {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
          {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1}},
    .c = {{0},
          {-5.6688},
          {-2.430093356833875, -0.2063599157091915},
          {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
          {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
          {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}},
    .estimate = {[5] = 1},
    .n_dense = 2,
    .dense = {{10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
              {-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872}},
};

static const coley_rosenbrock rodas5p = {
    .name = "rodas5p",
    .n_stages = 8,
    .order = 5,
    .gamma = 0.21193756319429014,
    .alpha = {0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1, 1, 1},
    .gamma_i = {0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069},
    .a = {{0},
          {3.0},
          {2.849394379747939, 0.45842242204463923},
          {-6.954028509809101, 2.489845061869568, -10.358996098473584},
          {2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641},
          {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946},
          {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1},
          {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1,
           1}},
    .c = {{0},
          {-14.155112264123755},
          {-17.97296035885952, -2.859693295451294},
          {147.12150275711716, -1.41221402718213, 71.68940251302358},
          {165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306},
          {24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471},
          {30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623,
           -28.087943162872662},
          {37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002,
           -54.66780262877968, -9.48861652309627}},
    .embedded = 1,
    .estimate = {0.32 * 0.2606326497975715, 0.32 * -0.005158627295444251, 0.32 * 1.3038988631109731,
                 0.32 * 1.235000722062074, 0.32 * -0.7931985603795049, 0.32 * -1.005448461135913,
                 0.32 * -0.18044626132120234, 0.32 * 0.17051519239113755},
    .n_dense = 3,
    .dense = {{25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204, 0.524948541321073,
               1.1241088310450404, 0.4272876194431874, -0.17202221070155493},
              {-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796, 20.176138334709044,
               15.98066361424651, -6.789040303419874, -6.710236069923372},
              {11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643, -52.072871366152654,
               -59.78993625266729, -0.15582684282751913, 4.883087185713722}},
};

const coley_rosenbrock *coley_rosenbrock_of(coley_method method)
{
    return method == COLEY_METHOD_RODAS4 ? &rodas4 : &rodas5p;
}

void coley_dense_weights(const coley_rosenbrock *method, double x, double *weight, double *slope)
{
    for (int j = 0; j < method->n_stages; j++) {
        double k = method->dense[method->n_dense - 1][j], k_slope = 0;
        for (int m = method->n_dense - 1; m-- > 0;) {
            k_slope = k + x * k_slope;
            k = method->dense[m][j] + x * k;
        }
        weight[j] = x * (1 - x) * k;
        slope[j] = (1 - 2 * x) * k + x * (1 - x) * k_slope;
    }
}

/* x^(-1/order) for a normal x > 0, to seven digits: Newton's method from a guess by the exponent. Products and sums
 * only, which round the same everywhere. */
static inline __attribute__((always_inline)) double root_of(double x, const int order)
{
    const uint64_t one = UINT64_C(1023) << 52;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = one + one / (uint64_t)order - bits / (uint64_t)order;
    double root;
    memcpy(&root, &bits, sizeof root);
    for (int i = 0; i < 3; i++) {
        const double square = root * root, power = square * square * (order == 4 ? 1.0 : root);
        root *= ((order + 1) - x * power) * (order == 4 ? 0.25 : 0.2);
    }
    return root;
}

static double inverse_root(double x, int order)
{
    return order == 4 ? root_of(x, 4) : root_of(x, 5); /* divisions by a number known beforehand */
}

double coley_step_next(const coley_rosenbrock *method, coley_step_memory *memory, double h, double error,
                       int restart_kind)
{
    const double safety = 0.85, trend_most = 1.5, shrink_most = 0.2, grow_most = 6.0, error_least = 1e-8,
                 error_remembered = 0.01;
    assert(error >= 0);
    const double want = inverse_root(error > error_least ? error : error_least, method->order);
    double factor = safety * want;
    if (error <= 1.0) {
        /* An error that falls while steps grow, as after a dose, will fall on. */
        if (memory->h_accepted > 0) factor *= fmin(h / memory->h_accepted * (want / memory->want_accepted), trend_most);
        memory->h_accepted = h;
        memory->want_accepted = error > error_remembered ? want : inverse_root(error_remembered, method->order);
    }
    factor = fmin(fmax(factor, shrink_most), grow_most);
    if (memory->rejected && error <= 1.0) factor = fmin(factor, 1.0);
    memory->rejected = !(error <= 1.0);
    if (restart_kind >= 0 && error <= 1.0) memory->h_restart[restart_kind] = h * fmin(factor, 2.0);
    return h * factor;
}

double coley_step_weight(coley_step_memory *memory, double h, double length)
{
    const double least = 0.2, whole = 1e-4 * length;
    if (!(h < whole)) memory->settling = 0;
    return memory->settling ? fmax(least, h / whole) : 1.0;
}

double coley_step_first(double d0, double d1)
{
    const double size = fmax(d0, 1.0), root_size = sqrt(sqrt(size));
    return root_size * root_size * root_size / fmax(d1, DBL_MIN);
}

double coley_step_towards(double t, double h, double boundary, int *reaches)
{
    const double left = boundary - t;
    *reaches = h >= left * 0.999;
    return *reaches ? left : fmin(h, 0.5 * left);
}

int coley_step_floors(double x, double tolerance)
{
    return x < 0 && x >= -tolerance;
}

int coley_lane_floor(const coley_rosenbrock_block *block, size_t l, double *x)
{
    int any = 0;
    for (size_t v = 0; v < block->n; v++) {
        const size_t k = v * block->width + l;
        if (coley_step_floors(x[k], block->atol[v] + block->rtol * fabs(block->y[k]))) x[k] = 0, any = 1;
    }
    return any;
}

int coley_lane_mend(double *value, size_t n, size_t width)
{
    int any = 0;
    for (size_t k = 0; k < n * width; k += width)
        if (!isfinite(value[k])) value[k] = 0, any = 1;
    return any;
}

double coley_step_least(double t, double length)
{
    return 4 * DBL_EPSILON * fmax(fabs(t), 1e-10 * length);
}

coley_status coley_run_check(const coley_system *system, const coley_cohort *cohort,
                             const coley_integrator_options *options, coley_error *err)
{
    assert(system->row_start && system->column && system->initial && system->rhs && system->jacobian);
    assert(cohort->n == 0 || cohort->inputs);
    assert(cohort->n_samples == 0 || cohort->sample_day);
    assert((cohort->n_samples == 0 && !cohort->samples) || cohort->sample);
    if (!(options->rtol >= 1e-15))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "rtol is %g, below 1e-15: doubles have no more digits", options->rtol);
    for (size_t i = 0; i < (options->atol_state ? system->n : 1); i++) {
        const double atol = options->atol_state ? options->atol_state[i] : options->atol;
        if (!(atol > 0)) return COLEY_FAIL(err, COLEY_ERR_ARG, "atol of state %zu is %g: it must be above 0", i, atol);
    }
    if (!(options->h_max_day > 0))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "h_max_day is %g: it must be above 0", options->h_max_day);
    if (options->n_threads < 1)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "n_threads is %d: it must be 1 or more", options->n_threads);
    if (options->width % COLEY_LANES != 0)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "width is %zu: it must be a multiple of %d", options->width, COLEY_LANES);
    if (!(isfinite(cohort->t_start_day) && isfinite(cohort->t_end_day) && cohort->t_end_day >= cohort->t_start_day))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "the run goes from day %g to day %g: the end must not precede the start",
                          cohort->t_start_day, cohort->t_end_day);
    for (size_t i = 0; i < cohort->n_stop_events; i++)
        if (cohort->stop_event[i] < 0 || (size_t)cohort->stop_event[i] >= system->n_events)
            return COLEY_FAIL(err, COLEY_ERR_ARG, "event %d, which is to end the run, is not one of the model's %zu",
                              (int)cohort->stop_event[i], system->n_events);
    for (size_t i = 0; i < cohort->n_samples; i++) {
        const double least = i ? cohort->sample_day[i - 1] : cohort->t_start_day;
        if (!(cohort->sample_day[i] >= least && cohort->sample_day[i] <= cohort->t_end_day))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "sample %zu is at day %g: samples must ascend within %g..%g", i,
                              cohort->sample_day[i], cohort->t_start_day, cohort->t_end_day);
    }
    return COLEY_OK;
}

static coley_status steady_check(const coley_system *system, size_t patient, const coley_dose *d, size_t i,
                                 coley_error *err)
{
    if (system->n_events)
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "patient %zu, dose %zu: a steady state is not defined for a model with events", patient, i);
    if (!(d->interval_day >= 0 && isfinite(d->interval_day) && d->phase_day >= 0 &&
          (d->phase_day == 0 || d->phase_day < d->interval_day)))
        return COLEY_FAIL(
            err, COLEY_ERR_ARG,
            "patient %zu, dose %zu: steady state %g days after a dose every %g days; the interval must be "
            "0 or more and the phase shorter",
            patient, i, d->phase_day, d->interval_day);
    return COLEY_OK;
}

coley_status coley_doses_check(const coley_system *system, const coley_cohort *cohort, size_t patient,
                               const coley_dose *dose, size_t n, coley_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const coley_dose *d = dose + i;
        const double least = i ? dose[i - 1].t_day : cohort->t_start_day;
        const size_t n_places = d->kind == COLEY_DOSE_INPUT ? system->n_inputs : system->n;
        if (d->kind != COLEY_DOSE_RESET && (d->state < 0 || (size_t)d->state >= n_places))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "patient %zu, dose %zu: %s %d is not one of 0..%zu", patient, i,
                              d->kind == COLEY_DOSE_INPUT ? "input" : "state", (int)d->state, n_places - 1);
        if (!(d->t_day >= least) || !isfinite(d->t_day))
            return COLEY_FAIL(err, COLEY_ERR_ARG,
                              "patient %zu, dose %zu is at day %g: doses are sorted by time and none "
                              "precedes the start, so it must be day %g or later",
                              patient, i, d->t_day, least);
        if (!isfinite(d->amount) || !(d->duration_day >= 0) || !isfinite(d->duration_day))
            return COLEY_FAIL(err, COLEY_ERR_ARG,
                              "patient %zu, dose %zu: amount %g over %g days; both must be numbers and "
                              "the duration 0 or more",
                              patient, i, d->amount, d->duration_day);
        if (d->kind >= COLEY_DOSE_STEADY) COLEY_TRY(steady_check(system, patient, d, i, err));
    }
    return COLEY_OK;
}

coley_status coley_times_check(const coley_cohort *cohort, size_t patient, const coley_sample_times *times,
                               coley_error *err)
{
    for (size_t i = 0; i < times->n; i++) {
        const double least = i ? times->day[i - 1] : cohort->t_start_day;
        if (!(times->day[i] >= least && times->day[i] <= cohort->t_end_day))
            return COLEY_FAIL(err, COLEY_ERR_ARG,
                              "patient %zu, sample %zu is at day %g: samples must ascend within %g..%g", patient, i,
                              times->day[i], cohort->t_start_day, cohort->t_end_day);
    }
    return COLEY_OK;
}

int coley_leg_is_good(const coley_cohort *cohort, const coley_leg *leg, size_t n, int32_t *state)
{
    *state = -1;
    for (size_t v = n; v-- > 0;)
        if (!isfinite(leg->state[v])) *state = (int32_t)v;
    return *state < 0 && leg->t_start_day >= cohort->t_start_day && leg->t_end_day <= cohort->t_end_day &&
           leg->t_start_day <= leg->t_end_day;
}

void coley_steady_stretch(coley_steady *steady, int stage, double length)
{
    const coley_dose *d = steady->dose;
    const double first = 1e-3 * length; /* of the stretches without intervals */
    steady->stage = stage;
    steady->to = stage == COLEY_STEADY_PHASE ? steady->t : steady->t - d->phase_day;
    steady->from = stage == COLEY_STEADY_PHASE ? steady->t - d->phase_day
                   : d->interval_day > 0       ? steady->to - d->interval_day
                                               : steady->to - ldexp(first, (int)steady->n_intervals);
}

double coley_steady_inflow(const coley_steady *steady, double t, double *until)
{
    const coley_dose *d = steady->dose;
    *until = steady->to;
    if (!(d->interval_day > 0)) return d->amount;
    if (!(d->duration_day > 0)) return 0;
    /* Infusions longer than the interval overlap: some all of the time, and one more until the oldest ends. */
    const double rate = d->amount / d->duration_day, whole = floor(d->duration_day / d->interval_day);
    const double split = steady->from + (d->duration_day - whole * d->interval_day);
    if (!(t < split)) return rate * whole;
    *until = fmin(split, steady->to);
    return rate * (whole + 1);
}

int coley_steady_judge(coley_steady *steady, double change)
{
    const double ratio = change / steady->change; /* inf or NaN: the first */
    const size_t most = steady->dose->interval_day > 0 ? COLEY_STEADY_INTERVALS : COLEY_STEADY_DOUBLINGS;
    const int compared = steady->n_intervals++ > 0;
    steady->change = change;
    if (change == 0) return 1;
    if (compared && change <= 1 && ratio < 1 && change * ratio <= 1 - ratio) return 1;
    return steady->n_intervals < most ? 0 : -1;
}

void coley_event_fault_text(const coley_system *system, const coley_integration *result, char *text, size_t size)
{
    static const char *const what[] = {
        [COLEY_EVENT_GOOD] = "went well",
        [COLEY_EVENT_ENDLESS] =
            "happens without end at one moment, by itself or set off by others; let its trigger or a delay stop it",
        [COLEY_EVENT_DELAY] = "has a delay that is below 0 or not a number",
        [COLEY_EVENT_LEFT] =
            "still waits for its delay where this leg of the run ends and cannot go on to the next; cut elsewhere",
        [COLEY_EVENT_CROWD] = "fires faster than its delay lets it happen: too many wait at once",
    };
    assert(result->event >= 0 && (size_t)result->event < system->n_events);
    snprintf(text, size, "event \"%.100s\" %s (time %.9g)", system->event[result->event].id, what[result->fault],
             result->t_day);
}

coley_status coley_run_failed(const coley_system *system, const coley_cohort *cohort, size_t patient,
                              const coley_integration *result, coley_error *err)
{
    if (result->status == COLEY_ERR_ARG) {
        const coley_dose *dose = NULL;
        const size_t n = cohort->doses ? cohort->doses(cohort->self, patient, &dose) : 0;
        coley_sample_times times = {0};
        COLEY_TRY(coley_doses_check(system, cohort, patient, dose, n, err));
        if (cohort->samples) cohort->samples(cohort->self, patient, &times);
        COLEY_TRY(coley_times_check(cohort, patient, &times, err));
        if (result->state >= 0)
            return COLEY_FAIL(err, COLEY_ERR_ARG, "patient %zu starts with a value that is no number in state %d",
                              patient, (int)result->state);
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "patient %zu starts at day %g: a leg lies within the run, day %g to day %g, and "
                          "does not end before it starts",
                          patient, result->t_day, cohort->t_start_day, cohort->t_end_day);
    }
    if (result->fault != COLEY_EVENT_GOOD) {
        char text[300];
        coley_event_fault_text(system, result, text, sizeof text);
        return COLEY_FAIL(err, result->status, "patient %zu: %s", patient, text);
    }
    if (result->unsteady)
        return COLEY_FAIL(err, result->status,
                          "patient %zu: the dosing at day %.9g comes to no steady state: state %d still changes",
                          patient, result->t_day, (int)result->state);
    return COLEY_FAIL(err, result->status,
                      "patient %zu: the solver could not go on at day %.9g after %zu steps "
                      "(%zu refused), state %d: check the parameters, the doses and atol, or raise max_steps",
                      patient, result->t_day, result->n_steps, result->n_rejected, (int)result->state);
}
