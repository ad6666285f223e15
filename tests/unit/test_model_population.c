/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_model_population.c -- distributions and their faults; a population is the same bytes however it is computed. */
#include "run/model_population.h"

#include "base/text.h"
#include "math/normal.h"
#include "support/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Growth with a limit; and x' = x^2, which is lost at time 1/x0. */
static const char text[] = "model m\n  compartment V = 1; species T in V; species x in V;\n  T = 100; T has cell;\n"
                           "  K = 1e4; p = 0.3; x0 = 0.001; x = x0;\n"
                           "  k = 0.05 per_day; //! lognormal(0.05, 0.3); made up\n"
                           "  G: -> T; k*T*(1-T/K);\n  B: -> x; x^2;\n  q := 2*k;\nend\n";

static coley_error err;
static char folder[64];

typedef struct world {
    coley_arena *arena;
    coley_model model;
} world;

static const char *write_file(const char *name, const char *bytes)
{
    static char path[4][128];
    static int at;
    char *into = path[at++ % 4];
    snprintf(into, sizeof path[0], "%s/%s", folder, name);
    CHECK(coley_file_write(into, bytes, strlen(bytes), &err) == COLEY_OK);
    return into;
}

static world world_create(void)
{
    world w = {.arena = coley_arena_create()};
    const char *path = write_file("m.ant", text);
    const coley_model_source source = {.n = 1, .path = &path};
    err = (coley_error){0};
    CHECK(coley_model_read(w.arena, &source, &w.model, &err) == COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    return w;
}

static coley_status vary_of(world *w, const char *table, const char *correlations, coley_vary *vary)
{
    coley_csv csv[2];
    err = (coley_error){0};
    coley_vary_source source = {0};
    if (table) {
        COLEY_TRY(coley_csv_parse(w->arena, "vary.csv", table, strlen(table), &csv[0], &err));
        source.table = &csv[0];
    }
    if (correlations) {
        COLEY_TRY(coley_csv_parse(w->arena, "corr.csv", correlations, strlen(correlations), &csv[1], &err));
        source.correlations = &csv[1];
    }
    return coley_vary_make(w->arena, &w->model, &source, vary, &err);
}

#define REFUSED(table, correlations, words)                                                                            \
    do {                                                                                                               \
        coley_vary refused_;                                                                                           \
        CHECK(vary_of(&w, table, correlations, &refused_) == COLEY_ERR_INPUT);                                         \
        CHECK_HAS(err.text, words);                                                                                    \
    } while (0)

static void wrong_tables_are_told_where_and_why(void)
{
    world w = world_create();
    REFUSED("name,distribution,median,cv\nk,lognormal,1,0.3\nKK,lognormal,1,0.3\n", NULL, "did you mean");
    CHECK(err.line == 3);
    REFUSED("name,distribution,median,cv\nk,lognormall,1,0.3\n", NULL, "did you mean lognormal?");
    REFUSED("name,distribution,median,cv\nq,lognormal,1,0.3\n", NULL, "follows from a rule");
    REFUSED("name,distribution,mean,sd\nk,normal,1,-0.3\n", NULL, "sd is -0.3; it must be above 0");
    REFUSED("name,distribution,low,high\nk,uniform,2,1\n", NULL, "low must be below high");
    REFUSED("name,distribution,low,high\nk,uniform,nan,1\n", NULL, "nan");
    REFUSED("name,distribution,low,high\nk,loguniform,0,1\n", NULL, "low is 0; it must be above 0");
    REFUSED("name,distribution,median,cv\nk,lognormal,1,1e200\n", NULL, "too large for a computer's numbers");
    REFUSED("name,distribution,mean,sd\nk,normal,1e308,1e308\n", NULL, "too large for a computer's numbers");
    REFUSED("name,distribution,low,high\nk,uniform,-1.7e308,1.7e308\n", NULL, "too large for a computer's numbers");
    REFUSED("name,distribution,low,mode,high\nk,triangular,-1e300,0,1e300\n", NULL, "too large for a computer's");
    REFUSED("name,distribution,low,mode,high\nk,triangular,0,3,1\n", NULL, "mode is 3");
    REFUSED("name,distribution,median,cv,unit\nk,lognormal,1,0.3,mg\n", NULL, "mass");
    REFUSED("name,distribution,median,cv,unit\nK,lognormal,1,0.3,mg\n", NULL, "no unit in the model");
    REFUSED("name,distribution,median,cv\nk,lognormal,1,0.3\nk,lognormal,1,0.3\n", NULL, "in line 2 already");
    REFUSED("name,distribution,median,cvv\nk,lognormal,1,0.3\n", NULL, "cv");
    REFUSED("name,distribution,median\nk,lognormal,1\n", NULL, "sd_log or cv");
    REFUSED("name,distribution,median,mean,cv\nk,lognormal,1,1,0.3\n", NULL, "median or mean");
    REFUSED("name,distribution,value,mode\nk,constant,1,1\n", NULL, "has no mode");
    REFUSED("name,distribution,value\nk,constant,\n", NULL, "needs value");
    REFUSED("name,distribution,median,sd_logit\np,logitnormal,1.3,1\n", NULL, "between 0 and 1");
    REFUSED("name,distribution,mean,sd,low\nk,normal,0,1,50\n", NULL, "next to nothing");
    REFUSED("name,distribution\nK,model\n", NULL, "does not say how K is spread");
    REFUSED("distribution\nconstant\n", NULL, "name and distribution");
    coley_arena_destroy(w.arena);
}

static const char three[] = "name,distribution,median,sd_log\nk,lognormal,1,0.3\nK,lognormal,1,0.3\np,lognormal,1,1\n";

static void wrong_correlations_are_told_what_they_may_be(void)
{
    world w = world_create();
    REFUSED(three, "a,b,r\nk,K,1.5\n", "1.5");
    REFUSED(three, "a,b,r\nk,x0,0.5\n", "not in the table");
    REFUSED(three, "a,b,r\nk,K,0.5\nK,k,0.4\n", "0.5 before");
    REFUSED(three, "a,b,r\nk,k,0.5\n", "with itself");
    REFUSED(three, "a,b,s\nk,K,0.5\n", "columns must be");
    REFUSED(three, "a,b,r\nk,K,0.9\nk,p,0.9\nK,p,-0.5\n", "k and p may have from -0.82");
    CHECK_HAS(err.text, "multiply every correlation by 0.");
    REFUSED(three, "name,k,K\nk,1,0.5\nK,0.4,1\n", "0.5 before");
    REFUSED("name,distribution,value\nk,constant,1\n", "a,b,r\nk,k,1\n", "constant");
    coley_arena_destroy(w.arena);
}

/* Mean and standard deviation of f(value) over a population. */
static void moments(const coley_vary *vary, size_t row, coley_design design, int logs, double *mean, double *sd,
                    double *low, double *high)
{
    double inputs[16], work[32], sum = 0.0, squares = 0.0;
    *low = INFINITY;
    *high = -INFINITY;
    for (uint64_t i = 0; i < design.n; i++) {
        coley_vary_inputs(vary, &design, i, work, inputs);
        const double value = inputs[vary->row[row].input], x = logs ? log(value) : value;
        sum += x;
        squares += x * x;
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
    *mean = sum / (double)design.n;
    *sd = sqrt(squares / (double)design.n - *mean * *mean);
}

static void values_have_the_distributions_that_were_asked_for(void)
{
    world w = world_create();
    coley_vary vary;
    CHECK(vary_of(&w,
                  "name,distribution,value,median,mean,mode,sd,cv,low,high,unit\n"
                  "k,lognormal,,36,,,,50 %,,,per_year\n"
                  "K,normal,,,10,,2,,,,\n"
                  "p,uniform,,,,,,,2,4,\n"
                  "x0,triangular,,,,1,,,0,4,\n"
                  "V,loguniform,,,,,,,1,100,\n",
                  NULL, &vary) == COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    for (int kind = 0; kind < 3; kind++) {
        const coley_design design = {.kind = (coley_design_kind)kind, .seed = 4, .n = 4096};
        const double loose = kind == COLEY_DESIGN_RANDOM ? 0.06 : 0.003;
        double mean, sd, low, high;
        moments(&vary, 0, design, 1, &mean, &sd, &low, &high);
        CHECK(fabs(mean - log(36 / 365.25)) < loose && fabs(sd - sqrt(log(1.25))) < loose);
        moments(&vary, 1, design, 0, &mean, &sd, &low, &high);
        CHECK(fabs(mean - 10) < 2 * loose && fabs(sd - 2) < 5 * loose);
        moments(&vary, 2, design, 0, &mean, &sd, &low, &high);
        CHECK(fabs(mean - 3) < loose && fabs(sd - 2 / sqrt(12)) < loose && low >= 2 && high <= 4);
        moments(&vary, 3, design, 0, &mean, &sd, &low, &high);
        CHECK(fabs(mean - 5.0 / 3) < loose && fabs(sd - sqrt((0 + 1 + 16 - 4) / 18.0)) < loose && high <= 4);
        moments(&vary, 4, design, 1, &mean, &sd, &low, &high);
        CHECK(fabs(mean - log(10)) < loose && fabs(sd - log(100) / sqrt(12)) < loose);
    }
    coley_arena_destroy(w.arena);
}

static void what_is_cut_off_is_spread_over_the_rest(void)
{
    world w = world_create();
    coley_vary vary;
    double mean, sd, low, high;
    CHECK(vary_of(&w, "name,distribution,mean,sd,low,high\nK,normal,0,1,1,2\np,normal,0,1,6,\n", NULL, &vary) ==
          COLEY_OK);
    const coley_design design = {.kind = COLEY_DESIGN_LHS, .seed = 4, .n = 4096};
    moments(&vary, 0, design, 0, &mean, &sd, &low, &high);
    /* (phi(1) - phi(2)) / (Phi(2) - Phi(1)) */
    CHECK_NEAR(mean, (0.24197072451914337 - 0.05399096651318806) / (coley_normal_cdf(2) - coley_normal_cdf(1)), 1e-5);
    CHECK(low >= 1 && low < 1.001 && high <= 2 && high > 1.999);
    moments(&vary, 1, design, 0, &mean, &sd, &low, &high);
    /* The tail beyond six: phi(6) / Phi(-6). */
    CHECK_NEAR(mean, 6.075882849823286e-9 / coley_normal_cdf(-6), 1e-4);
    CHECK(low >= 6);
    coley_arena_destroy(w.arena);
}

static void correlations_are_those_of_the_logarithms(void)
{
    world w = world_create();
    coley_vary vary;
    double inputs[16], work[32];
    static const char *const forms[] = {"a,b,r\nk,K,0.8\np,k,-0.3\n", "name,k,K,p\nk,1,0.8,-0.3\nK,0.8,1,\np,,0,1\n"};
    for (int form = 0; form < 2; form++) {
        CHECK(vary_of(&w, three, forms[form], &vary) == COLEY_OK);
        if (err.text[0]) printf("# %s\n", err.text);
        const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = 4, .n = 8192};
        double kK = 0, kp = 0, Kp = 0;
        for (uint64_t i = 0; i < design.n; i++) {
            coley_vary_inputs(&vary, &design, i, work, inputs);
            const double a = log(inputs[vary.row[0].input]) / 0.3, b = log(inputs[vary.row[1].input]) / 0.3,
                         c = log(inputs[vary.row[2].input]);
            kK += a * b;
            kp += a * c;
            Kp += b * c;
        }
        CHECK(fabs(kK / 8192 - 0.8) < 0.01 && fabs(kp / 8192 + 0.3) < 0.01 && fabs(Kp / 8192) < 0.01);
    }
    coley_arena_destroy(w.arena);
}

static void the_models_own_distributions_are_taken(void)
{
    world w = world_create();
    coley_vary vary;
    CHECK(vary_of(&w, NULL, NULL, &vary) == COLEY_OK);
    CHECK(vary.n == 1 && !strcmp(vary.row[0].name, "k") && vary.row[0].kind == COLEY_VARY_LOGNORMAL);
    CHECK_NEAR(vary.row[0].a, log(0.05), 1e-15);
    CHECK(vary.row[0].b == 0.3);
    coley_arena_destroy(w.arena);
}

/* --- running -------------------------------------------------------------------------------------------------------
 */

static const char population_table[] = "name,distribution,median,mean,cv,sd,low,high,unit\n"
                                       "k,lognormal,0.05,,0.3,,0.01,0.2,1/day\nK,lognormal,1e4,,0.5,,,,\n"
                                       "x0,loguniform,,,,,0.001,0.02,\n";

static char *slurp(coley_arena *arena, const char *out, const char *name)
{
    char path[256], *bytes = NULL;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", out, name);
    CHECK(coley_file_read(arena, path, 1 << 28, &bytes, &length, &err) == COLEY_OK);
    return bytes ? bytes : "";
}

static const char *out_folder(int i)
{
    static char path[8][128];
    snprintf(path[i % 8], sizeof path[0], "%s/out%d", folder, i);
    return path[i % 8];
}

static const char *const result_names[] = {"population.csv", "quantiles.csv", "trajectories.csv", "failures.csv",
                                           "manifest.json"};

static void same_results(coley_arena *arena, const char *a, const char *b)
{
    for (size_t i = 0; i < 5; i++) CHECK(!strcmp(slurp(arena, a, result_names[i]), slurp(arena, b, result_names[i])));
}

static coley_population_options usual(world *w, const coley_vary *vary, const char *out)
{
    return (coley_population_options){.model = &w->model,
                                      .vary = vary,
                                      .design = {.kind = COLEY_DESIGN_SOBOL, .seed = 5, .n = 300},
                                      .end_day = 60,
                                      .step_day = 2,
                                      .n_threads = 1,
                                      .folder = out,
                                      .n_courses = 12};
}

static void threads_widths_and_blocks_do_not_change_a_byte(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    CHECK(vary_of(&w, population_table, "a,b,r\nk,K,0.5\n", &vary) == COLEY_OK);
    for (int i = 0; i < 4; i++) {
        coley_population_options o = usual(&w, &vary, out_folder(i));
        o.n_threads = i == 1 ? 2 : 1;
        o.width = i == 2 ? 8 : i == 3 ? 32 : 0;
        o.block = i == 3 ? 7 : 0;
        CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);
        if (err.text[0]) printf("# %s\n", err.text);
        if (i) same_results(w.arena, out_folder(0), out_folder(i));
    }
    /* 1/x0 is below 60 in some patients. */
    CHECK(summary.n_done == 300 && summary.n_failed > 10 && summary.n_failed < 200);
    CHECK_HAS(slurp(w.arena, out_folder(0), "failures.csv"), ",x,the solution is lost");
    coley_arena_destroy(w.arena);
}

/* Rows of patients who are well, by number. */
static void the_lost_do_not_touch_the_others(void)
{
    world w = world_create();
    coley_vary vary, harmless;
    coley_population_summary summary;
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(10));
    static const char *const watch[] = {"T"};
    o.watch = watch;
    o.n_watch = 1;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.n_failed > 10);
    /* The same draws, but nobody is lost. */
    CHECK(vary_of(&w,
                  "name,distribution,median,mean,cv,sd,low,high,unit\n"
                  "k,lognormal,0.05,,0.3,,0.01,0.2,1/day\nK,lognormal,1e4,,0.5,,,,\n",
                  NULL, &harmless) == COLEY_OK);
    coley_population_options good = o;
    good.vary = &harmless;
    good.folder = out_folder(11);
    CHECK(coley_population_run(w.arena, &good, &summary, &err) == COLEY_OK && summary.n_failed == 0);
    /* T does not hang on x; steps are those of x too, so numbers agree to the tolerance. */
    char *a = slurp(w.arena, out_folder(10), "population.csv"), *b = slurp(w.arena, out_folder(11), "population.csv");
    size_t n_well = 0;
    while ((a = strchr(a, '\n')) && (b = strchr(b, '\n')) && a[1]) {
        double x[4], y[4];
        a++;
        b++;
        if (sscanf(a, "%lf,%lf,%lf,%*f,%lf", &x[0], &x[1], &x[2], &x[3]) != 4) continue;
        CHECK(sscanf(b, "%lf,%lf,%lf,%lf", &y[0], &y[1], &y[2], &y[3]) == 4);
        CHECK(x[0] == y[0] && x[1] == y[1] && x[2] == y[2]);
        CHECK_NEAR(x[3] / y[3], 1.0, 1e-4);
        n_well++;
    }
    CHECK(n_well > 100);
    coley_arena_destroy(w.arena);
}

static void an_interrupted_run_goes_on_to_the_same_bytes(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    char path[200];
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(20));
    o.block = 16;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);

    o.folder = out_folder(21);
    o.stop_after = 5;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.n_done == 80);
    CHECK(access(o.folder, F_OK) != 0);
    /* Rows behind the checkpoint, as a kill in the middle of a block leaves them. */
    snprintf(path, sizeof path, "%s.unfinished/population.csv", o.folder);
    FILE *file = fopen(path, "a");
    CHECK(file && fputs("81,torn", file) >= 0);
    if (file) fclose(file);

    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "--resume");
    o.resume = 1;
    o.block = 11;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.resumed_at == 80);
    o.stop_after = 0;
    o.n_threads = 2;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.resumed_at == 135);
    same_results(w.arena, out_folder(20), out_folder(21));
    snprintf(path, sizeof path, "%s/checkpoint", o.folder);
    CHECK(access(path, F_OK) != 0);
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "holds results already");
    coley_arena_destroy(w.arena);
}

static void arms_after_a_burn_in_are_the_same_bytes_in_blocks_threads_and_after_an_interrupt(void)
{
    world w = world_create();
    coley_vary vary;
    coley_burn_in burn_in;
    coley_population_summary summary;
    const coley_population_arm arm[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    CHECK(coley_burn_in_make(w.arena, &w.model, "T=300", 25, &burn_in, &err) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(50));
    o.n_arms = 3;
    o.arm = arm;
    o.burn_in = &burn_in;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);
    const uint64_t steps = summary.growth_steps;
    CHECK(steps > 0 && summary.n_undiagnosed > 0 && summary.n_failed >= 3 * summary.n_undiagnosed);

    o.folder = out_folder(51);
    o.block = 16;
    o.stop_after = 5;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.n_done == 80);
    uint64_t in_legs = summary.growth_steps;
    o.resume = 1;
    o.block = 11;
    o.stop_after = 0;
    o.n_threads = 2;
    o.width = 16;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.resumed_at == 80);
    in_legs += summary.growth_steps;
    CHECK(in_legs == steps);
    same_results(w.arena, out_folder(50), out_folder(51));

    o = usual(&w, &vary, out_folder(52));
    o.burn_in = &burn_in;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);
    CHECK(summary.growth_steps == steps); /* of one arm: no fewer than of three */
    coley_arena_destroy(w.arena);
}

static void another_run_does_not_go_on_with_it(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(30));
    const coley_population_setting first = {"seed", "1"}, second = {"seed", "2"};
    o.setting = &first;
    o.n_settings = 1;
    o.block = 16;
    o.stop_after = 1;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);
    o.setting = &second;
    o.resume = 1;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "another model, tables or options");
    char path[200];
    snprintf(path, sizeof path, "%s.unfinished/checkpoint", o.folder);
    FILE *file = fopen(path, "r+");
    CHECK(file && fseek(file, 300, SEEK_SET) == 0 && fputc(77, file) == 77);
    if (file) fclose(file);
    o.setting = &first;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "damaged");
    o.force = 1;
    o.resume = 0;
    o.stop_after = 0;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.n_done == 300);
    coley_arena_destroy(w.arena);
}

static void one_patient_alone_is_the_same_to_the_last_bit(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(40));
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK);
    const char *courses = slurp(w.arena, out_folder(40), "trajectories.csv");
    size_t n_found = 0;
    for (uint64_t number = 1; number <= 12; number++) {
        coley_text course = {.arena = w.arena}, parameters = {.arena = w.arena};
        if (coley_population_patient(w.arena, &o, number, &course, &parameters, &err) != COLEY_OK) {
            CHECK(err.code == COLEY_ERR_DIVERGED);
            continue;
        }
        n_found++;
        for (char *line = strchr(course.data, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
            char row[200];
            snprintf(row, sizeof row, "\n%d,%.*s\n", (int)number, (int)strcspn(line, "\n"), line);
            CHECK(strstr(courses, row) != NULL);
        }
        CHECK_HAS(parameters.data, "per_day\nK = ");
    }
    CHECK(n_found > 5);
    coley_text course = {.arena = w.arena};
    CHECK(coley_population_patient(w.arena, &o, 301, &course, &course, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(w.arena);
}

static void more_axes_than_sobol_has_are_refused_by_name(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    CHECK(vary_of(&w, population_table, NULL, &vary) == COLEY_OK);
    vary.n = 257;
    coley_population_options o = usual(&w, &vary, out_folder(50));
    CHECK(coley_population_check(w.arena, &o, &summary, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "--design lhs");
    vary.n = 3;
    o.end_day = 1e9;
    o.step_day = 1;
    CHECK(coley_population_check(w.arena, &o, &summary, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "--watch");
    coley_arena_destroy(w.arena);
}

static void people_of_an_event_table_share_the_patients_out(void)
{
    world w = world_create();
    coley_vary vary;
    coley_population_summary summary;
    static const char table[] = "ID,TIME,AMT,CMT\nnone,0,0,T\ntwice,10,500,T\ntwice,20,500,T\n";
    coley_event_table events;
    CHECK(vary_of(&w, "name,distribution,value\nk,constant,0\n", NULL, &vary) == COLEY_OK);
    coley_population_options o = usual(&w, &vary, out_folder(60));
    CHECK(coley_event_table_parse(w.arena, COLEY_EVENTS_OF_MODEL, "events", table, strlen(table), &events, &err) ==
          COLEY_OK);
    const coley_model_doses_options none = {0};
    CHECK(coley_model_doses_make(w.arena, w.model.network, w.model.program, &events, &none, &o.doses, &err) ==
          COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    static const char *const watch[] = {"T"};
    o.watch = watch;
    o.n_watch = 1;
    o.design.n = 5;
    CHECK(coley_population_run(w.arena, &o, &summary, &err) == COLEY_OK && summary.n_failed == 0);
    const char *rows = slurp(w.arena, out_folder(60), "population.csv");
    CHECK_HAS(rows, "id,events_id,k [per_day],T_final [cell]");
    CHECK_HAS(rows, "\n3,none,0,100,100,0,100,0,6000,");
    CHECK_HAS(rows, "\n4,twice,0,1100,100,0,1100,22,");
    coley_arena_destroy(w.arena);
}

static void every_failure_of_memory_is_survived(void)
{
    world w = world_create();
    for (size_t k = 1;; k += 1 + k / 32) {
        coley_arena *arena = coley_arena_create_failing(k);
        world poor = {.arena = arena, .model = w.model};
        coley_vary vary;
        coley_population_summary summary;
        coley_status status = vary_of(&poor, population_table, "a,b,r\nk,K,0.5\n", &vary);
        if (status == COLEY_OK) {
            coley_population_options o = usual(&w, &vary, out_folder(70));
            o.design.n = 9;
            o.force = 1;
            status = coley_population_run(arena, &o, &summary, &err);
        }
        coley_arena_destroy(arena);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        if (status == COLEY_OK || k > 5000) break;
    }
    coley_arena_destroy(w.arena);
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/coley-population-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    RUN(wrong_tables_are_told_where_and_why);
    RUN(wrong_correlations_are_told_what_they_may_be);
    RUN(values_have_the_distributions_that_were_asked_for);
    RUN(what_is_cut_off_is_spread_over_the_rest);
    RUN(correlations_are_those_of_the_logarithms);
    RUN(the_models_own_distributions_are_taken);
    RUN(threads_widths_and_blocks_do_not_change_a_byte);
    RUN(the_lost_do_not_touch_the_others);
    RUN(an_interrupted_run_goes_on_to_the_same_bytes);
    RUN(arms_after_a_burn_in_are_the_same_bytes_in_blocks_threads_and_after_an_interrupt);
    RUN(another_run_does_not_go_on_with_it);
    RUN(one_patient_alone_is_the_same_to_the_last_bit);
    RUN(more_axes_than_sobol_has_are_refused_by_name);
    RUN(people_of_an_event_table_share_the_patients_out);
    RUN(every_failure_of_memory_is_survived);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) ? 1 : check_done();
}
