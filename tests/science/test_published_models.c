/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fifteen published models of tumours and immunity, unchanged from BioModels (tests/data/sbml/README.md): each course
 * is CVODES', and where its paper or its equations say how it ends, it ends so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/model_run.h"
#include "solve/cvodes.h"
#include "support/check.h"

#define SBML           COLEY_SOURCE_DIR "/tests/data/sbml/BIOMD000000"
#define KUZNETSOV      COLEY_SOURCE_DIR "/examples/03-sbml-model/BIOMD0000000762_Kuznetsov1994.xml"
#define KIRSCHNER      COLEY_SOURCE_DIR "/examples/05-sbml-with-doses/BIOMD0000000732_Kirschner_1998.xml"
#define GEVERTZ        SBML "0721_Model.xml"
#define ROBERTSON      SBML "0731_22051568_Tessi.xml"
#define SAAD           SBML "0746_Saad2017.xml"
#define DE_PILLIS_2009 SBML "0779_dePillis2009.xml"
#define JENNER         SBML "0789_Jenner2018.xml"
#define TSUR           SBML "0838_Tsur2019.xml"
#define KOSINSKY       SBML "0863_Kosinsky2018.xml"
#define DE_PILLIS_2008 SBML "0913_dePillis2008.xml"
#define LI             SBML "0929_Li2016.xml"
#define LEON_TRIANA    SBML "1011_Leon-Triana2020__eqs_4_.xml"
#define BARROS         SBML "1019_Barros2021_HDLM2.xml"
#define CREEMERS       SBML "1022_Creemers2021.xml"
#define KIMMEL         SBML "1041_Kimmel2021.xml"

/* A table read back from the CSV of coley_model_simulate. */
typedef struct course {
    size_t n_rows, n_columns;
    char name[40][60];
    double *value; /* [n_rows x n_columns]; column 0 is the time */
    coley_status status;
} course;

enum { MOST_SET = 4 };
typedef struct question {
    double end;
    size_t steps;
    const char *set[MOST_SET]; /* "NAME=VALUE" */
    coley_model_solver solver;
    double rtol;
} question;

static int read_csv(coley_arena *arena, char *text, course *c)
{
    char *line = strtok(text, "\n");
    for (char *cell = line; cell && c->n_columns < 40; c->n_columns++) {
        sscanf(cell, "%59[^, ]", c->name[c->n_columns]);
        if ((cell = strchr(cell, ','))) cell++;
    }
    c->value = COLEY_NEW(arena, double, 20000 * c->n_columns);
    while ((line = strtok(NULL, "\n")) && c->n_rows < 20000) {
        for (size_t i = 0; i < c->n_columns; i++, line += *line == ',')
            c->value[c->n_rows * c->n_columns + i] = strtod(line, &line);
        c->n_rows++;
    }
    return c->n_rows > 0;
}

static course ask(coley_arena *arena, const char *file, question q)
{
    course c = {0};
    coley_model model = {0};
    coley_error err = {0};
    coley_text csv = {.arena = arena};
    coley_model_options options = {.end_day = q.end,
                                   .step_day = q.end / (double)q.steps,
                                   .rtol = q.rtol > 0 ? q.rtol : 1e-8,
                                   .atol = 1e-12,
                                   .solver = q.solver};
    options.set = q.set;
    while (options.n_set < MOST_SET && q.set[options.n_set]) options.n_set++;
    c.status = coley_model_read(arena, &(coley_model_source){.n = 1, .path = &file}, &model, &err);
    if (c.status == COLEY_OK) c.status = coley_model_simulate(arena, &model, &options, &csv, &err);
    if (c.status != COLEY_OK)
        printf("# %s: %s\n", file, err.text);
    else if (!read_csv(arena, csv.data, &c))
        c.status = COLEY_ERR_RUN;
    CHECK(c.status == COLEY_OK);
    return c;
}

static double at(const course *c, size_t row, const char *name)
{
    for (size_t i = 0; i < c->n_columns; i++)
        if (strcmp(c->name[i], name) == 0 && row < c->n_rows) return c->value[row * c->n_columns + i];
    return NAN;
}

static double last(const course *c, const char *name)
{
    return at(c, c->n_rows - 1, name);
}

/* Row of the largest (or smallest) value from row `first` on. */
static size_t extreme(const course *c, size_t first, const char *name, int smallest)
{
    size_t best = first;
    for (size_t i = first; i < c->n_rows; i++)
        if (smallest ? at(c, i, name) < at(c, best, name) : at(c, i, name) > at(c, best, name)) best = i;
    return best;
}

#define ASK(file, ...) ask(arena, file, (question){__VA_ARGS__})

/* --- against CVODES */

/* Largest difference of a column, relative to its largest value. */
static double difference(const course *a, const course *b)
{
    double most = a->n_rows == b->n_rows && a->n_columns == b->n_columns && a->n_columns > 1 ? 0 : INFINITY;
    for (size_t i = 1; i < a->n_columns && isfinite(most); i++) {
        double size = 1e-9, gap = 0;
        for (size_t k = 0; k < a->n_rows; k++) {
            const double x = a->value[k * a->n_columns + i], y = b->value[k * a->n_columns + i];
            if (!isfinite(x) || !isfinite(y)) return INFINITY;
            size = fmax(size, fabs(y));
            gap = fmax(gap, fabs(x - y));
        }
        most = fmax(most, gap / size);
    }
    return most;
}

static void every_course_is_that_of_cvodes(void)
{
    static const struct {
        const char *file;
        double end;
    } model[] = {
        {GEVERTZ, 30},      {ROBERTSON, 1000}, {KIRSCHNER, 400}, {SAAD, 300},   {KUZNETSOV, 400},
        {JENNER, 100},      {TSUR, 500},       {KOSINSKY, 60},   {LI, 400},     {DE_PILLIS_2009, 200},
        {LEON_TRIANA, 300}, {BARROS, 400},     {CREEMERS, 600},  {KIMMEL, 100}, {DE_PILLIS_2008, 400},
    };
    for (size_t i = 0; i < sizeof model / sizeof *model; i++) {
        coley_arena *arena = coley_arena_create();
        const course own = ASK(model[i].file, .end = model[i].end, .steps = 50, .rtol = 1e-10);
        const course dense =
            ASK(model[i].file, .end = model[i].end, .steps = 50, .rtol = 1e-11, .solver = COLEY_MODEL_SOLVER_CVODES);
        const double far = difference(&own, &dense);
        double sparse_far = 0;
        if (coley_cvodes_has_klu()) {
            const course sparse = ASK(model[i].file, .end = model[i].end, .steps = 50, .rtol = 1e-11,
                                      .solver = COLEY_MODEL_SOLVER_CVODES_KLU);
            sparse_far = difference(&sparse, &dense);
        }
        printf("# %.25s: %.2g, KLU %.2g\n", strstr(model[i].file, "BIOMD"), far, sparse_far);
        CHECK(far < 1e-7);
        CHECK(sparse_far < 1e-7);
        coley_arena_destroy(arena);
    }
}

/* --- what the papers say */

/* Kirschner and Panetta 1998: a weak antigen lets the tumour become large and stay, a middling one makes waves without
 * end, a strong one leaves a small dormant tumour. */
static void antigenicity_parts_a_large_tumour_from_waves_and_from_dormancy(void)
{
    coley_arena *arena = coley_arena_create();
    const course weak = ASK(KIRSCHNER, .end = 2000, .steps = 400, .set = {"c=1e-5"});
    CHECK(at(&weak, 300, "Tumor") > 0.9e9 && last(&weak, "Tumor") > 0.9e9);
    const course middling = ASK(KIRSCHNER, .end = 4000, .steps = 2000, .set = {"c=0.02"});
    const double wave = at(&middling, extreme(&middling, 1000, "Tumor", 0), "Tumor"),
                 later = at(&middling, extreme(&middling, 1500, "Tumor", 0), "Tumor");
    CHECK(wave > 1e5 && later > 0.97 * wave);
    CHECK(at(&middling, extreme(&middling, 1500, "Tumor", 1), "Tumor") < 1e-3 * wave);
    const course strong = ASK(KIRSCHNER, .end = 4000, .steps = 2000, .set = {"c=0.05"});
    const double low = at(&strong, extreme(&strong, 1500, "Tumor", 1), "Tumor"),
                 high = at(&strong, extreme(&strong, 1500, "Tumor", 0), "Tumor");
    CHECK(high < 2e4 && high - low < 1e-2 * high);
    coley_arena_destroy(arena);
}

/* Kuznetsov 1994: after years of circling, a dormant tumour of 8.2 million cells. */
static void the_lymphoma_of_the_mouse_comes_to_rest_dormant(void)
{
    coley_arena *arena = coley_arena_create();
    const course c = ASK(KUZNETSOV, .end = 5000, .steps = 100);
    CHECK_NEAR(last(&c, "T"), 8.186382e6, 1e-3);
    coley_arena_destroy(arena);
}

/* Kimmel 2021: CAR-T cells peak about a week after the infusion, and not at all where the patient's own T cells were
 * left in place. */
static void car_t_cells_peak_in_a_week_and_need_the_room(void)
{
    coley_arena *arena = coley_arena_create();
    const course c = ASK(KIMMEL, .end = 60, .steps = 240);
    const size_t peak = extreme(&c, 0, "CAR_T_cells", 0);
    CHECK(at(&c, peak, "time") >= 6 && at(&c, peak, "time") <= 8);
    CHECK_NEAR(at(&c, peak, "CAR_T_cells"), 30, 0.05);
    const course full = ASK(KIMMEL, .end = 60, .steps = 60, .set = {"Normal_T_cells=400"});
    CHECK(extreme(&full, 0, "CAR_T_cells", 0) == 0);
    CHECK(last(&c, "Antigen_presenting_tumour_cells") < 1e-3 * last(&full, "Antigen_presenting_tumour_cells"));
    coley_arena_destroy(arena);
}

/* Leon-Triana 2020: CAR-T cells expand a thousandfold within two weeks and normal B cells vanish; leukaemia is least
 * when the CAR-T cells have fallen to rho_L / alpha, and comes back after that. */
static void leukaemia_turns_when_car_t_cells_fall_to_their_balance(void)
{
    coley_arena *arena = coley_arena_create();
    const course c = ASK(LEON_TRIANA, .end = 300, .steps = 3000);
    const size_t peak = extreme(&c, 0, "CAR_T_cells", 0), least = extreme(&c, 0, "Leukaemic_B_cells", 1);
    CHECK(at(&c, peak, "time") > 7 && at(&c, peak, "time") < 16 && at(&c, peak, "CAR_T_cells") > 1000 * 1e7);
    CHECK_NEAR(at(&c, least, "CAR_T_cells"), 0.03333333333 / 4.5e-11, 1e-2);
    CHECK(at(&c, 600, "B_cells_healthy") < 1e-6 * at(&c, 0, "B_cells_healthy"));
    CHECK(last(&c, "Leukaemic_B_cells") > 1000 * at(&c, least, "Leukaemic_B_cells"));
    coley_arena_destroy(arena);
}

/* Barros 2021, mice with Hodgkin's lymphoma: CAR-T cells of day 45 clear the tumour, and the memory they leave clears a
 * second one on day 250; without memory that one grows. */
static void memory_clears_the_second_tumour(void)
{
    coley_arena *arena = coley_arena_create();
    const course c = ASK(BARROS, .end = 400, .steps = 400);
    CHECK(at(&c, 44, "T") > 2e6 && at(&c, 200, "T") < 1 && at(&c, 250, "T") > 9e5 && last(&c, "T") < 1);
    CHECK(at(&c, 250, "Cm") > 1e5);
    const course without = ASK(BARROS, .end = 400, .steps = 400, .set = {"epsilon=0"});
    CHECK(at(&without, 200, "T") < 1 && last(&without, "T") > 1e8);
    coley_arena_destroy(arena);
}

/* Creemers 2021: the same tumour is held below one cell or grows without bound as T cells kill well or badly. */
static void killing_decides_between_clearance_and_escape(void)
{
    coley_arena *arena = coley_arena_create();
    const course good = ASK(CREEMERS, .end = 600, .steps = 60),
                 bad = ASK(CREEMERS, .end = 600, .steps = 60, .set = {"xi=0.001"});
    CHECK(last(&good, "T") < 1 && last(&bad, "T") > 1e12);
    coley_arena_destroy(arena);
}

/* Tsur 2019: melanoma settles where growth and killing balance, if it starts below a threshold; above it grows. With A
 * and T in balance, the two are the roots of gamma (M + g) (M + b) = nu alpha_e alpha_A / (mu_e mu_a) M. */
static void melanoma_has_a_threshold_above_which_it_escapes(void)
{
    coley_arena *arena = coley_arena_create();
    const double g = 6.01e7, b = 92330, k = 0.1245 * 831.8 * 2986 / (0.1777 * 0.231) / 0.04496;
    const double half = 0.5 * (k - g - b), root = sqrt(half * half - g * b);
    const double dormant = half - root, threshold = half + root;
    const course held = ASK(TSUR, .end = 2000, .steps = 20);
    CHECK_NEAR(last(&held, "M"), dormant, 1e-4);
    char set[2][40];
    snprintf(set[0], sizeof set[0], "M=%.17g", 0.97 * threshold);
    snprintf(set[1], sizeof set[1], "M=%.17g", 1.03 * threshold);
    const course below = ASK(TSUR, .end = 300, .steps = 20, .set = {set[0]}),
                 above = ASK(TSUR, .end = 300, .steps = 20, .set = {set[1]});
    CHECK(last(&below, "M") < 0.1 * threshold && last(&above, "M") > 10 * threshold);
    coley_arena_destroy(arena);
}

/* Kosinsky 2018: the more antibody against PD-L1, the smaller the tumour; one that lets T cells in well is rejected. */
static void blockade_of_pd_l1_shrinks_with_its_dose(void)
{
    coley_arena *arena = coley_arena_create();
    static const char *const mAb[] = {"mAb=0", "mAb=10", "mAb=100", "mAb=1000"};
    double before = INFINITY;
    for (size_t i = 0; i < 4; i++) {
        const course c = ASK(KOSINSKY, .end = 20, .steps = 20, .set = {mAb[i]});
        CHECK(last(&c, "TV") < 0.96 * before);
        before = last(&c, "TV");
    }
    const course inflamed = ASK(KOSINSKY, .end = 60, .steps = 20, .set = {"mAb=1000", "S_L=2"});
    CHECK(last(&inflamed, "TV") < 0.2 * 15);
    coley_arena_destroy(arena);
}

/* Robertson-Tessi 2012: an antigenic tumour is held small, a poor antigen grows past 1e10 cells. */
static void a_good_antigen_is_held_and_a_poor_one_escapes(void)
{
    coley_arena *arena = coley_arena_create();
    const course good = ASK(ROBERTSON, .end = 1500, .steps = 30, .set = {"alpha=1e-3"}),
                 poor = ASK(ROBERTSON, .end = 1500, .steps = 30, .set = {"alpha=1e-6"});
    CHECK(last(&good, "Tumorcells") < 1e8 && last(&poor, "Tumorcells") > 1e10);
    CHECK_NEAR(last(&good, "Tumorcells"), at(&good, 20, "Tumorcells"), 1e-2);
    coley_arena_destroy(arena);
}

/* De Pillis 2008: without tumour, natural killer cells rest at alpha_1 / f and lymphocytes at alpha_2 / beta. The
 * file's tumour of 1e7 cells is cleared on the way there. */
static void a_cleared_body_rests_where_sources_and_losses_balance(void)
{
    coley_arena *arena = coley_arena_create();
    const course c = ASK(DE_PILLIS_2008, .end = 1200, .steps = 120);
    CHECK(at(&c, 0, "T") > 9e6 && last(&c, "T") < 1);
    CHECK_NEAR(last(&c, "N"), 13000 / 0.0412, 1e-6);
    CHECK_NEAR(last(&c, "C"), 5e8 / 0.012, 1e-6);
    coley_arena_destroy(arena);
}

/* De Pillis 2009, Li 2016, Saad 2017: what nothing kills grows to its capacity, or for ever. */
static void tumours_without_an_effector_grow_as_their_laws_say(void)
{
    coley_arena *arena = coley_arena_create();
    const course renal = ASK(DE_PILLIS_2009, .end = 300, .steps = 30);
    CHECK_NEAR(last(&renal, "T_Tumour_Cells"), 1 / 1.02e-9, 1e-3);
    const course pancreas = ASK(LI, .end = 600, .steps = 60);
    CHECK(last(&pancreas, "Pancreatic_cancer_cells__C") > 9e10 && last(&pancreas, "CD8__T_cells__T") < 1e7);
    const course bladder = ASK(SAAD, .end = 300, .steps = 30);
    CHECK_NEAR(last(&bladder, "C"), 1e5 * exp(0.0033 * 300), 1e-6);
    CHECK_NEAR(last(&bladder, "P"), 151932 / 166.32, 1e-6);
    const course treated = ASK(SAAD, .end = 100, .steps = 30, .set = {"E=1e5"});
    CHECK(last(&treated, "C") < 1);
    coley_arena_destroy(arena);
}

/* Jenner 2018 without virus is Gompertz's law; Gevertz 2018 without treatment is exponential, with it the tumour is
 * less than a thousandth of that on day 30, and the virus of days 0, 2 and 4 has been given. */
static void viruses_change_what_growth_laws_alone_would_do(void)
{
    coley_arena *arena = coley_arena_create();
    const course gompertz = ASK(JENNER, .end = 60, .steps = 60);
    for (size_t i = 0; i < gompertz.n_rows; i++)
        CHECK_NEAR(at(&gompertz, i, "S"), 3.49e9 * exp(log(2.51e8 / 3.49e9) * exp(-0.037 * (double)i)), 1e-6);
    const course alone = ASK(GEVERTZ, .end = 30, .steps = 30, .set = {"OV_dose=0", "D0=0"}),
                 treated = ASK(GEVERTZ, .end = 30, .steps = 30);
    CHECK_NEAR(last(&alone, "Uninfected_Tumor_Cell_U"), 57.414042 * exp(0.3198 * 30), 1e-6);
    CHECK(last(&treated, "Uninfected_Tumor_Cell_U") < 1e-3 * last(&alone, "Uninfected_Tumor_Cell_U"));
    CHECK_NEAR(at(&treated, 0, "Oncolytic_Adenovirus_V"), 2.5, 1e-12);
    coley_arena_destroy(arena);
}

int main(void)
{
    coley_arena *arena = coley_arena_create();
    coley_model model = {0};
    coley_error err = {0};
    const char *file = KUZNETSOV;
    const coley_status found = coley_model_read(arena, &(coley_model_source){.n = 1, .path = &file}, &model, &err);
    coley_arena_destroy(arena);
    if (found == COLEY_ERR_UNSUPPORTED) {
        printf("1..0 # SKIP built without libSBML\n");
        return 0;
    }
    if (coley_cvodes_is_built()) RUN(every_course_is_that_of_cvodes);
    RUN(antigenicity_parts_a_large_tumour_from_waves_and_from_dormancy);
    RUN(the_lymphoma_of_the_mouse_comes_to_rest_dormant);
    RUN(car_t_cells_peak_in_a_week_and_need_the_room);
    RUN(leukaemia_turns_when_car_t_cells_fall_to_their_balance);
    RUN(memory_clears_the_second_tumour);
    RUN(killing_decides_between_clearance_and_escape);
    RUN(melanoma_has_a_threshold_above_which_it_escapes);
    RUN(blockade_of_pd_l1_shrinks_with_its_dose);
    RUN(a_good_antigen_is_held_and_a_poor_one_escapes);
    RUN(a_cleared_body_rests_where_sources_and_losses_balance);
    RUN(tumours_without_an_effector_grow_as_their_laws_say);
    RUN(viruses_change_what_growth_laws_alone_would_do);
    return check_done();
}
