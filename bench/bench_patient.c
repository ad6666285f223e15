/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole patients: what size and the clinic's loop cost.
 *
 *   core      the core of models/patient, one lesion; and with every class of drug's mechanism loaded, none given; each
 * under pembrolizumab, too. 720 days of settling and a year, rows every week. One thread, processor time. year      a
 * thousand people with melanoma under nivolumab and ipilimumab, all organs, the clinic's loop with the policy
 *             `standard`, two lesions, rows every day: simulated, scanned and judged. Two threads, clock and processor
 *             time; the latter, halved, is the clock of two cores with nothing else to do.
 *
 * A body that models/native.txt lists runs as machine code, every other on the vector program; the ratio is given for
 * both on the vector program. COLEY_BENCH_PEOPLE takes the place of the thousand. */
#include "bench.h"

#include "base/data.h"
#include "run/session.h"

enum { PEOPLE = 96, RUNS = 3 };

static const char treated[] = "cancer: nsclc\n"
                              "lesions: [{site: lung, diameter: 40 mm}]\n"
                              "regimen: [%s]\n"
                              "run: {duration: 364 day, output_every: 7 day, population: 96, seed: 1}\n";

static const char year[] = "cancer: melanoma\n"
                           "lesions:\n"
                           "  - {site: lung, diameter: 30 mm, infiltration: inflamed}\n"
                           "  - {site: lymph node, diameter: 22 mm, infiltration: inflamed, nodal: yes}\n"
                           "regimen:\n"
                           "  - {drug: nivolumab, dose: 1 mg/kg, every: 21 day, cycles: 4}\n"
                           "  - {drug: ipilimumab, dose: 3 mg/kg, every: 21 day, cycles: 4}\n"
                           "model: {also: [toxicity]}\n"
                           "policy: %s\n"
                           "scans: {every: 6 week}\n"
                           "run: {duration: 364 day, seed: 1, population: %ld}\n";

typedef struct place {
    const char *models, *catalog;
} place;

static double processor_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void need(coley_status status, const coley_error *err)
{
    if (status == COLEY_OK) return;
    fprintf(stderr, "bench-patient: %s: %s: %s\n", err->file, err->key, err->text);
    exit(1);
}

static coley_session *prepare(coley_arena *arena, const place *at, const char *text)
{
    coley_error err = {0};
    const coley_yaml *root;
    coley_scenario *scenario;
    coley_session *session;
    need(coley_yaml_parse(arena, "bench", text, strlen(text), &root, &err), &err);
    need(coley_scenario_of_node(arena, root, at->catalog, &scenario, &err), &err);
    need(coley_session_prepare(arena, scenario, at->models, at->catalog, &session, &err), &err);
    return session;
}

/* The session's scenario in a body with the mechanisms of every class of patient.yaml. */
static void load_everything(coley_arena *arena, const place *at, coley_session *s)
{
    coley_error err = {0};
    const coley_yaml *root, *classes;
    const char *path = coley_arena_printf(arena, "%s/patient.yaml", at->models), *name[COLEY_BODY_MAX_CLASSES];
    coley_body_options options = {.models = at->models, .n_lesions = s->scenario->lesions.n, .drug_class = name};
    coley_body *body;
    need(coley_yaml_load(arena, path, &root, &err), &err);
    classes = coley_yaml_find(root, "classes");
    for (; options.n_classes < classes->n; options.n_classes++)
        name[options.n_classes] = classes->key[options.n_classes];
    need(coley_body_assemble(arena, &options, &body, &err), &err);
    coley_settings settings = {.arena = arena};
    coley_population *population;
    need(coley_settings_add_catalog(&settings, body, s->cancer->value, s->cancer->n_values, &err), &err);
    for (size_t i = 0; i < s->n_drugs; i++)
        need(coley_settings_add_catalog(&settings, body, s->drug[i]->value, s->drug[i]->n_values, &err), &err);
    need(coley_settings_of_scenario(&settings, s->scenario, body, at->models, &err), &err);
    need(coley_population_create(arena, body, settings.n, settings.row, 0, &population, &err), &err);
    coley_dose *dose = COLEY_NEW(arena, coley_dose, s->n_doses);
    for (size_t i = 0; i < s->n_doses; i++) {
        dose[i] = s->dose[i];
        dose[i].state = body->dose_state[coley_body_class(body, s->drug[0]->drug_class)][0];
    }
    need(coley_watch_read(arena, at->models, body, 0, &s->watch, &err), &err);
    s->body = body;
    s->population = population;
    s->dose = dose;
}

/* Processor time of a person, the best of several runs; the body as machine code where it is there, if asked. */
static double time_of(const place *at, const char *regimen, int everything, int native, bench *b, const char *name)
{
    double best = 1e300, time[RUNS];
    size_t n_states = 0, lost = 0;
    int is_native = 0;
    char text[1024], what[128];
    snprintf(text, sizeof text, treated, regimen);
    for (int run = 0; run < RUNS; run++) {
        coley_arena *arena = coley_arena_create();
        coley_error err = {0};
        coley_session *s = prepare(arena, at, text);
        coley_crowd crowd;
        if (everything) load_everything(arena, at, s);
        if (!native) ((coley_body *)s->body)->native = NULL;
        is_native = s->body->native != NULL;
        const coley_session_options options = {.n_threads = 1};
        const double start = processor_s();
        need(coley_session_people(arena, s, &options, 0, NULL, &crowd, &err), &err);
        time[run] = (processor_s() - start) / (PEOPLE + 1);
        if (time[run] < best) best = time[run];
        n_states = coley_program_state_count(s->body->program);
        lost = crowd.n_lost;
        coley_arena_destroy(arena);
    }
    qsort(time, RUNS, sizeof *time, bench_compare);
    snprintf(what, sizeof what, "%s, %zu states%s: patients a second", name, n_states,
             is_native ? ", machine code" : "");
    bench_row(b, what, 1 / best, 1 / time[RUNS / 2], "1/s");
    if (lost) bench_row(b, "  lost by the solver", (double)lost, (double)lost, "");
    return best;
}

/* A crowd through a year: simulated, and judged. */
static void time_year(const place *at, const char *policy, long people, bench *b, const char *figure)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    char text[1024], what[128], name[64];
    snprintf(text, sizeof text, year, policy, people);
    coley_session *s = prepare(arena, at, text);
    const coley_session_options options = {.n_threads = 2};
    coley_crowd crowd;
    coley_course *course;
    const double clock = bench_now_s(), processor = processor_s();
    need(coley_session_people(arena, s, &options, 0, NULL, &crowd, &err), &err);
    const double simulated = bench_now_s(), simulated_processor = processor_s();
    need(coley_session_judge(arena, s, &crowd, &course, &err), &err);
    const double end = bench_now_s(), end_processor = processor_s();
    snprintf(what, sizeof what, "%ld people, a year, policy %s, %zu states%s: clock, processor time", people, policy,
             coley_program_state_count(s->body->program), s->body->native ? ", machine code" : "");
    bench_row(b, what, end - clock, end_processor - processor, "s");
    bench_row(b, "  simulated", simulated - clock, simulated_processor - processor, "s");
    bench_row(b, "  scanned and judged", end - simulated, end_processor - simulated_processor, "s");
    snprintf(name, sizeof name, "%s_clock_s", figure);
    bench_figure(b, name, end - clock);
    snprintf(name, sizeof name, "%s_processor_s", figure);
    bench_figure(b, name, end_processor - processor);
    bench_figure(b, "people", (double)people);
    if (crowd.n_lost) bench_row(b, "  lost by the solver", (double)crowd.n_lost, (double)crowd.n_lost, "");
    coley_arena_destroy(arena);
}

int main(int argc, char **argv)
{
    bench b = bench_begin("patient");
    coley_error err = {0};
    place at;
    const char *asked = getenv("COLEY_BENCH_PEOPLE");
    const long people = asked && atol(asked) > 0 ? atol(asked) : 1000;
    need(coley_data_path(b.arena, "models/patient", &at.models, &err), &err);
    need(coley_data_path(b.arena, "catalog", &at.catalog, &err), &err);
    static const char pd1[] = "{dose: pembrolizumab-200-q3w}";
    const double core = time_of(&at, "", 0, 0, &b, "core, no drug");
    const double all = time_of(&at, "", 1, 0, &b, "every module, no drug");
    const double core_drug = time_of(&at, pd1, 0, 0, &b, "core and anti-PD-1, pembrolizumab");
    const double all_drug = time_of(&at, pd1, 1, 0, &b, "every module, pembrolizumab");
    const double shipped = time_of(&at, pd1, 0, 1, &b, "core and anti-PD-1 as built, pembrolizumab");
    bench_row(&b, "every module over core: speed, no drug and pembrolizumab", core / all, core_drug / all_drug, "");
    bench_figure(&b, "core_patients_per_core_second", 1 / core);
    bench_figure(&b, "all_patients_per_core_second", 1 / all);
    bench_figure(&b, "all_over_core", core / all);
    bench_figure(&b, "treated_core_patients_per_core_second", 1 / core_drug);
    bench_figure(&b, "treated_all_patients_per_core_second", 1 / all_drug);
    bench_figure(&b, "treated_all_over_core", core_drug / all_drug);
    bench_figure(&b, "built_core_patients_per_core_second", 1 / shipped);
    time_year(&at, "standard", people, &b, "year_standard");
    time_year(&at, "none", people, &b, "year_none");
    return bench_end(&b, argc, argv);
}
