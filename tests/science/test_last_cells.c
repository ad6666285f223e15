/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/patient/last_cells.ant against single cells that are born and die: the naive twin of its law.
 *
 * A clone of about C0 cells; a cell divides at rate b and dies at rate d + k(t), k falling from k0 with time constant
 * tau. The twin counts cells and draws every event (Gillespie 1977, J Phys Chem 81:2340, with thinning for k(t)). The
 * model runs the mean course for people of evenly spread luck. Both give a share of people in whom the clone has died
 * out. */
#include "support/check.h"
#include "support/solving.h"

typedef struct clone {
    double C0, b, d, k0, tau, end;
    int founders_vary; /* the number of founders is drawn by Poisson's law */
} clone;

enum { N_TWIN = 5000, N_MODEL = 400, SAFE = 100 };

/* --- the twin --------------------------------------------------------------------------------------------------------
 */

typedef struct dice {
    uint64_t run, tick;
} dice;

static double uniform(dice *d)
{
    return coley_rng_uniform(5, COLEY_STREAM_TEST, d->run, d->tick++);
}

static int poisson(dice *d, double mean)
{
    int n = 0;
    for (double left = mean + log(uniform(d)); left > 0; left += log(uniform(d))) n++;
    return n;
}

static int dies_out(const clone *c, uint64_t run)
{
    dice d = {.run = run};
    int n = c->founders_vary ? poisson(&d, c->C0) : (int)c->C0;
    for (double t = 0; n > 0;) {
        const double most = c->d + c->k0 * exp(-t / c->tau); /* k only falls */
        t -= log(uniform(&d)) / (n * (c->b + most));
        if (t > c->end) break;
        const double now = c->d + c->k0 * exp(-t / c->tau), which = uniform(&d) * (c->b + most);
        if (which < c->b)
            n++;
        else if (which < c->b + now)
            n--;
        /* So many cells that divide faster than they die are not lost any more: (now / b)^n is next to nothing. */
        if (n > SAFE && pow(now / c->b, n) < 1e-6) break;
    }
    return n == 0;
}

static double twin(const clone *c)
{
    int count = 0;
    for (uint64_t run = 0; run < N_TWIN; run++) count += dies_out(c, run);
    return (double)count / N_TWIN;
}

/* --- the model -------------------------------------------------------------------------------------------------------
 */

static const char *const around =
    "model lesion(hold)\n"
    "  unit per_day = 1 / 86400 second;\n  unit cell = item;\n"
    "  C0 = %.17g cell;\n  f_low = 0.5 dimensionless;\n"
    "  substanceOnly species C_s, C_low, C_x;\n  C_s has cell; C_low has cell; C_x has cell;\n"
    "  C_s = C0 * (1 - f_low);\n  C_low = C0 * f_low;\n  C_x = 0;\n"
    "  alive_s = 1 dimensionless;\n  alive_low = 1 dimensionless;\n"
    "  k := %.17g * exp(-time / %.17g);\n"
    "  grow_s: -> C_s; %.17g * alive_s * C_s;\n  grow_low: -> C_low; %.17g * alive_low * C_low;\n"
    "  die_s: C_s -> C_x; %.17g * C_s;\n  die_low: C_low -> C_x; %.17g * C_low;\n"
    "  killed_s: C_s -> C_x; k * C_s;\n  killed_low: C_low -> C_x; k * C_low;\n"
    "end\n";

static void give_luck(void *self, size_t person, double *inputs)
{
    const solved *s = self;
    const size_t n = coley_program_input_count(s->model->program);
    memcpy(inputs, coley_program_input_default(s->model->program), n * sizeof *inputs);
    inputs[s->spread_input[0]] = ((double)person + 0.5) / (double)s->cohort.n;
}

/* Both clones start with half of C0; the seen one is looked at. */
static double model(const clone *c)
{
    static char text[1 << 15];
    int at = snprintf(text, sizeof text, around, 2 * c->C0, c->k0, c->tau, c->b, c->b, c->d, c->d);
    FILE *file = fopen(COLEY_SOURCE_DIR "/models/patient/last_cells.ant", "rb");
    if (!file) {
        CHECK_FAIL_("last_cells.ant is missing");
        return NAN;
    }
    at += (int)fread(text + at, 1, sizeof text - (size_t)at - 100, file);
    fclose(file);
    at += snprintf(text + at, 100, "\nmodel body()\n  hold = 0 dimensionless;\n  L1: lesion(hold);\nend\n");
    solving s = solving_of(text, (size_t)at);
    const double day = c->end;
    solved run = solved_begin(&s, N_MODEL, day, 1, &day);
    run.cohort.inputs = give_luck;
    run.spread_input[0] = solving_input(&s, "L1.luck_s");
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-5; /* as a scenario has it, and session_people.c */
    options.atol = 1e-5;
    coley_error err = {0};
    if (solved_run(&run, &options, &err)) CHECK_FAIL_("%s", err.text);
    const size_t life = solving_state(&s, "L1.life_s"), cells = solving_state(&s, "L1.C_s");
    int count = 0, undecided = 0;
    for (size_t i = 0; i < N_MODEL; i++) {
        const int dead = solved_value(&run, i, 0, life) < 0.5;
        undecided += dead && solved_value(&run, i, 0, cells) >= 1;
        count += dead;
    }
    /* The step from living to dead is steep, not sharp: a clone on it neither grows nor goes for a while. */
    CHECK(undecided <= N_MODEL / 50);
    coley_arena_destroy(s.arena);
    return (double)count / N_MODEL;
}

/* --- together
 * ----------------------------------------------------------------------------------------------------------
 */

/* Returns the law's share. */
static double agree(const char *what, const clone *c)
{
    const double simulated = twin(c), law = model(c);
    const double deviation = sqrt(simulated * (1 - simulated) / N_TWIN);
    printf("# %s: %.4f of clones die out cell by cell (standard error %.4f), %.4f by the law\n", what, simulated,
           deviation, law);
    CHECK(simulated > 0.05 && simulated < 0.95); /* else chance has no say and nothing is tested */
    CHECK(fabs(simulated - law) < 3 * deviation + 1.0 / N_MODEL);
    return law;
}

static void a_clone_that_killing_leaves_for_a_while_dies_out_as_often_as_counted_cells_do(void)
{
    agree("killing that fades over weeks", &(clone){.C0 = 300, .b = 0.05, .d = 0.01, .k0 = 0.3, .tau = 25, .end = 900});
    agree("killing that fades over months",
          &(clone){.C0 = 100, .b = 0.02, .d = 0.005, .k0 = 0.06, .tau = 90, .end = 2000});
}

static void of_two_clones_with_one_mean_course_that_with_more_turnover_dies_out_more_often(void)
{
    clone c = {.C0 = 40, .b = 0.2, .d = 0.18, .k0 = 0.05, .tau = 60, .end = 900, .founders_vary = 1};
    const double fast = agree("much turnover", &c);
    c.b = 0.06;
    c.d = 0.04;
    CHECK(fast > agree("little turnover", &c) + 0.1);
}

static void founders_by_poissons_law_die_out_as_the_start_of_the_law_says(void)
{
    agree("three founders or so",
          &(clone){.C0 = 3, .b = 0.05, .d = 0.02, .k0 = 0.02, .tau = 30, .end = 900, .founders_vary = 1});
}

int main(void)
{
    RUN(a_clone_that_killing_leaves_for_a_while_dies_out_as_often_as_counted_cells_do);
    RUN(of_two_clones_with_one_mean_course_that_with_more_turnover_dies_out_more_often);
    RUN(founders_by_poissons_law_die_out_as_the_start_of_the_law_says);
    return check_done();
}
