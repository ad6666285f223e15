/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_population.c -- coley population: a model over virtual patients. */
#include "cli/cmd_model.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/emit.h"
#include "run/model_people.h"
#include "run/model_population.h"
#include "run/petab.h"

static coley_status collect(cli_call *call, const char *option, const char *const **list, size_t *n, coley_error *err)
{
    const char **values = COLEY_NEW(call->arena, const char *, call->n_given + 1);
    if (!values) return COLEY_FAIL_MEMORY(err);
    size_t at = 0;
    for (*n = 0; (values[*n] = cli_next(call, option, &at)); ++*n) continue;
    *list = values;
    return COLEY_OK;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* "none", "first:20" or numbers of patients, "3,17,99". */
static coley_status read_courses(cli_call *call, coley_population_options *o, coley_error *err)
{
    const coley_place place = {.key = "--trajectories"};
    const char *text = cli_text(call, "trajectories");
    int64_t value;
    if (!strcmp(text, "none")) return COLEY_OK;
    if (!strncmp(text, "first:", 6)) {
        if (!coley_text_integer(text + 6, 1, INT64_MAX, &value))
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%.40s\" is no number of patients", text + 6);
        o->n_courses = (uint64_t)value;
        return COLEY_OK;
    }
    uint64_t *chosen = COLEY_NEW(call->arena, uint64_t, strlen(text) / 2 + 1);
    if (!chosen) return COLEY_FAIL_MEMORY(err);
    for (const char *p = text;; p++) {
        const size_t length = strcspn(p, ",");
        const char *word = coley_arena_text(call->arena, p, length);
        if (!word) return COLEY_FAIL_MEMORY(err);
        if (!coley_text_integer(word, 1, INT64_MAX, &value))
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place,
                                 "\"%.40s\" is no patient's number; give none, first:N or numbers as in 3,17", word);
        if ((uint64_t)value > o->design.n)
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "there is no patient %.40s among %llu", word,
                                 (unsigned long long)o->design.n);
        chosen[o->n_chosen++] = (uint64_t)value;
        p += length;
        if (!*p) break;
    }
    qsort(chosen, o->n_chosen, sizeof *chosen, by_number);
    o->chosen = chosen;
    return COLEY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const coley_population_input *)a)->path, ((const coley_population_input *)b)->path);
}

/* Files that the result follows from; a model's folder is all files in it. */
static coley_status list_inputs(cli_call *call, coley_population_options *o, coley_error *err)
{
    enum { MOST = 1000 };
    coley_population_input *file = COLEY_NEW(call->arena, coley_population_input, MOST);
    if (!file) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t i = 0; i < call->n_arguments && n < MOST - 5; i++) {
        const char *path = call->argument[i];
        struct stat what;
        if (!strcmp(path, "-")) return COLEY_FAIL(err, COLEY_ERR_USAGE, "a population's model must be a file");
        if (stat(path, &what) || !S_ISDIR(what.st_mode)) {
            file[n++] = (coley_population_input){"model", path};
            continue;
        }
        DIR *folder = opendir(path);
        const size_t first = n;
        int failed = 0;
        for (const struct dirent *entry; folder && !failed && n < MOST - 5 && (entry = readdir(folder));) {
            const char *name = coley_arena_printf(call->arena, "%s/%s", path, entry->d_name);
            failed = !name;
            if (name && stat(name, &what) == 0 && S_ISREG(what.st_mode))
                file[n++] = (coley_population_input){"model", name};
        }
        if (folder) closedir(folder);
        if (failed) return COLEY_FAIL_MEMORY(err);
        qsort(file + first, n - first, sizeof *file, by_name);
    }
    const char *vary = cli_text(call, "vary"), *correlations = cli_text(call, "correlations");
    const char *people = cli_text(call, "people");
    if (vary && strcmp(vary, "model") != 0) file[n++] = (coley_population_input){"vary", vary};
    if (people) file[n++] = (coley_population_input){"people", people};
    if (correlations) file[n++] = (coley_population_input){"correlations", correlations};
    size_t at = 0;
    for (const char *path; n < MOST && (path = cli_next(call, "events", &at));)
        file[n++] = (coley_population_input){"events", path};
    o->file = file;
    o->n_files = n;
    return COLEY_OK;
}

/* What was asked for and bears on the result. */
static coley_status list_settings(cli_call *call, coley_population_options *o, coley_error *err)
{
    static const char *const options[] = {"design",       "end",    "step",  "rtol", "atol",
                                          "trajectories", "format", "carry", "top",  "lesions"};
    static const char *const lists[] = {"watch", "lag", "bioavailability"};
    enum { N_OPTIONS = sizeof options / sizeof *options, N_LISTS = sizeof lists / sizeof *lists };
    coley_population_setting *setting = COLEY_NEW(call->arena, coley_population_setting, 5 + N_OPTIONS + N_LISTS);
    const char *n = coley_arena_printf(call->arena, "%llu", (unsigned long long)o->design.n);
    const char *seed = coley_arena_printf(call->arena, "%llu", (unsigned long long)o->design.seed);
    if (!setting || !n || !seed) return COLEY_FAIL_MEMORY(err);
    setting[o->n_settings++] = (coley_population_setting){"n", n};
    setting[o->n_settings++] = (coley_population_setting){"seed", seed};
    const char *vary = cli_text(call, "vary");
    setting[o->n_settings++] = (coley_population_setting){"vary", !vary                   ? "people"
                                                                  : strcmp(vary, "model") ? "table"
                                                                                          : "model"};
    for (size_t i = 0; i < N_OPTIONS; i++)
        setting[o->n_settings++] = (coley_population_setting){options[i], cli_text(call, options[i])};
    for (size_t i = 0; i < N_LISTS; i++) {
        coley_text text = {.arena = call->arena};
        size_t at = 0;
        for (const char *value; (value = cli_next(call, lists[i], &at));)
            coley_text_addf(&text, "%s%s", text.length ? ", " : "", value);
        if (text.failed) return COLEY_FAIL_MEMORY(err);
        setting[o->n_settings++] = (coley_population_setting){lists[i], text.data};
    }
    if (o->burn_in) {
        setting[o->n_settings++] = (coley_population_setting){"until", cli_text(call, "until")};
        setting[o->n_settings++] = (coley_population_setting){"within", cli_text(call, "within")};
    }
    o->setting = setting;
    return COLEY_OK;
}

/* "trial/pembro.csv" is the arm pembro. NULL: no memory. */
static const char *arm_name(coley_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    char *name = coley_arena_text(arena, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
    for (char *c = name; c && *c; c++)
        if (strchr(",\"\r\n", *c)) *c = '_';
    return name;
}

static coley_status read_events(cli_call *call, const coley_model *model, coley_population_options *o, coley_error *err)
{
    const char *const *path;
    size_t n;
    COLEY_TRY(collect(call, "events", &path, &n, err));
    coley_event_table *table = COLEY_NEW(call->arena, coley_event_table, n);
    coley_population_arm *arm = COLEY_NEW(call->arena, coley_population_arm, n);
    coley_model_doses_options options = {.carry = strcmp(cli_text(call, "carry"), "nocb") ? COLEY_CARRY_LOCF
                                                                                          : COLEY_CARRY_NOCB};
    if (!table || !arm) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(collect(call, "lag", &options.lag, &options.n_lag, err));
    COLEY_TRY(collect(call, "bioavailability", &options.bioavailability, &options.n_bioavailability, err));
    if (!n) {
        if (!options.n_lag && !options.n_bioavailability) return COLEY_OK;
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--lag and --bioavailability are for doses: give --events too");
    }
    for (size_t i = 0; i < n; i++) {
        if (!(arm[i].name = arm_name(call->arena, path[i]))) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_event_table_load(call->arena, COLEY_EVENTS_OF_MODEL, path[i], &table[i], err));
        COLEY_TRY(coley_model_doses_make(call->arena, model->network, model->program, &table[i], &options,
                                         &arm[i].doses, err));
    }
    if (n == 1) {
        o->doses = arm->doses;
        return COLEY_OK;
    }
    o->n_arms = n;
    o->arm = arm;
    return COLEY_OK;
}

static coley_status read_burn_in(cli_call *call, const coley_model *model, coley_population_options *o,
                                 coley_error *err)
{
    const char *until = cli_text(call, "until");
    coley_burn_in *burn_in = COLEY_NEW(call->arena, coley_burn_in, 1);
    if (!burn_in) return COLEY_FAIL_MEMORY(err);
    if (!until && cli_is_given(call, "within"))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--within is how long growth may take: give --until too");
    if (!until) return COLEY_OK;
    o->burn_in = burn_in;
    return coley_burn_in_make(call->arena, model, until, cli_number(call, "within"), burn_in, err);
}

static coley_status read_vary(cli_call *call, const coley_model *model, coley_vary *vary, coley_error *err)
{
    static const char *const none[] = {"name", "distribution"};
    const char *table = cli_text(call, "vary"), *correlations = cli_text(call, "correlations");
    const char *people = cli_text(call, "people");
    coley_csv csv[3] = {{.file = "", .n_columns = 2, .name = none}};
    coley_vary_source source = {.table = &csv[0]};
    if (!table && !people)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--vary"}),
                             "is missing: name a table of distributions, or \"model\" for those that the model has, or "
                             "give --people");
    if (table && !strcmp(table, "model")) source.table = NULL;
    if (table && source.table) {
        const size_t length = strlen(table);
        const int petab = length > 4 && !strcmp(table + length - 4, ".tsv");
        COLEY_TRY(petab ? coley_petab_read(call->arena, table, &csv[0], err)
                        : coley_csv_read(call->arena, table, &csv[0], err));
    }
    if (correlations) {
        COLEY_TRY(coley_csv_read(call->arena, correlations, &csv[1], err));
        source.correlations = &csv[1];
    }
    COLEY_TRY(coley_vary_make(call->arena, model, &source, vary, err));
    if (!people) return COLEY_OK;
    COLEY_TRY(coley_csv_read(call->arena, people, &csv[2], err));
    return coley_vary_people(call->arena, model, &csv[2], vary, err);
}

static coley_status say_summary(cli_call *call, const coley_population_options *o, const coley_population_summary *s,
                                int dry, coley_error *err)
{
    coley_text out = {.arena = call->arena};
    if (cli_flag(call, "json")) {
        coley_emit emit = {.out = &out, .style = COLEY_EMIT_JSON};
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "folder", o->folder);
        coley_emit_integer(&emit, "patients", (int64_t)s->n);
        coley_emit_integer(&emit, "done", (int64_t)s->n_done);
        coley_emit_integer(&emit, "resumed_at", (int64_t)s->resumed_at);
        coley_emit_integer(&emit, "failed", (int64_t)s->n_failed);
        if (o->burn_in) {
            coley_emit_integer(&emit, "undiagnosed", (int64_t)s->n_undiagnosed);
            coley_emit_integer(&emit, "growth_steps", (int64_t)s->growth_steps);
        }
        coley_emit_text(&emit, "first_failure", s->first_failure.data);
        coley_emit_integer(&emit, "quantities", (int64_t)s->n_watch);
        coley_emit_integer(&emit, "times", (int64_t)s->n_times);
        coley_emit_number(&emit, "quantile_error", dry ? NAN : s->quantile_error);
        coley_emit_integer(&emit, "seed", (int64_t)o->design.seed);
        coley_emit_end(&emit);
    } else if (dry)
        coley_text_addf(&out,
                        "%llu patients, %zu parameters that differ, %zu quantities at %zu times, in blocks of %zu.\n",
                        (unsigned long long)s->n, o->vary->n, s->n_watch, s->n_times, s->block);
    else {
        coley_text_addf(&out, "%llu patients, %llu failed", (unsigned long long)s->n, (unsigned long long)s->n_failed);
        if (s->first_failure.data) coley_text_addf(&out, " (the first: %s)", s->first_failure.data);
        if (o->burn_in) coley_text_addf(&out, "; %llu came to no diagnosis", (unsigned long long)s->n_undiagnosed);
        coley_text_addf(&out, ".\nResults are in %s; its quantiles are within %.1f %%.\n", o->folder,
                        100.0 * s->quantile_error);
    }
    return cli_print(&out, err);
}

static coley_status run_one(cli_call *call, const coley_population_options *o, coley_error *err)
{
    coley_text course = {.arena = call->arena}, parameters = {.arena = call->arena};
    COLEY_TRY(
        coley_population_patient(call->arena, o, (uint64_t)cli_integer(call, "patient", 0), &course, &parameters, err));
    for (const char *line = parameters.data; line && *line;) {
        const size_t length = strcspn(line, "\n");
        coley_log_add(&call->log, COLEY_LOG_DETAIL, "%.*s", (int)length, line);
        line += length + 1;
    }
    return cli_print(&course, err);
}

static coley_status run_population(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_vary vary;
    coley_population_summary summary;
    const char *design = cli_text(call, "design");
    coley_population_options o = {.model = &model,
                                  .vary = &vary,
                                  .end_day = cli_number(call, "end"),
                                  .step_day = cli_number(call, "step"),
                                  .rtol = cli_number(call, "rtol"),
                                  .atol = cli_number(call, "atol"),
                                  .native = cli_flag(call, "native"),
                                  .n_threads = cli_threads(call),
                                  .folder = cli_text(call, "out"),
                                  .force = cli_flag(call, "force"),
                                  .resume = cli_flag(call, "resume"),
                                  .hdf5 = !strcmp(cli_text(call, "format"), "hdf5"),
                                  .log = &call->log,
                                  .checkpoint_s = 5.0};
    const int dry = cli_flag(call, "dry-run"), one = cli_is_given(call, "patient");
    o.design.kind = !strcmp(design, "lhs")      ? COLEY_DESIGN_LHS
                    : !strcmp(design, "random") ? COLEY_DESIGN_RANDOM
                                                : COLEY_DESIGN_SOBOL;
    o.design.n = (uint64_t)cli_integer(call, "n", 1000);
    if (!o.folder && !dry && !one)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results, as in --out results");
    COLEY_TRY(cli_read_model(call, &model, err));
    COLEY_TRY(read_vary(call, &model, &vary, err));
    if (vary.n_people && !cli_is_given(call, "n")) o.design.n = vary.n_people;
    if (vary.n_people && o.design.n > vary.n_people)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--n"}),
                             "is %llu, and the table of people has %zu rows", (unsigned long long)o.design.n,
                             vary.n_people);
    COLEY_TRY(read_events(call, &model, &o, err));
    COLEY_TRY(read_burn_in(call, &model, &o, err));
    COLEY_TRY(collect(call, "watch", &o.watch, &o.n_watch, err));
    COLEY_TRY(read_courses(call, &o, err));
    o.design.seed = cli_seed(call);
    COLEY_TRY(list_inputs(call, &o, err));
    COLEY_TRY(list_settings(call, &o, err));
    if (one) return run_one(call, &o, err);
    COLEY_TRY(coley_population_check(call->arena, &o, &summary, err));
    if (dry) return say_summary(call, &o, &summary, 1, err);
    o.progress = cli_progress(call);
    const coley_status status = coley_population_run(call->arena, &o, &summary, err);
    cli_progress_end();
    COLEY_TRY(status);
    return say_summary(call, &o, &summary, 0, err);
}

static const cli_option options[] = {
    {.name = "vary",
     .kind = CLI_FILE,
     .value = "FILE",
     .help =
         "Table of distributions, CSV: columns name, distribution, and of value, median, mean, mode, sd, sd_log, cv, "
         "sd_logit, low, high, unit those that are needed; docs/population.md. A PEtab parameter table when "
         "its name ends in .tsv. \"model\": every parameter as the model itself says."},
    {.name = "people",
     .kind = CLI_FILE,
     .value = "FILE",
     .help =
         "People out of a table, CSV: a row a person, columns named as the model's parameters and initial values, in "
         "its own units. --vary then says how the others are drawn."},
    {.name = "correlations",
     .kind = CLI_FILE,
     .value = "FILE",
     .help = "Correlations, CSV: columns a, b, r; or a matrix with names in its first row and column."},
    {.name = "n",
     .kind = CLI_INTEGER,
     .value = "N",
     .low = 1,
     .high = 4294967295.0,
     .fallback = "1000",
     .help = "Patients."},
    {.name = "design",
     .kind = CLI_CHOICE,
     .choices = "sobol|lhs|random",
     .fallback = "sobol",
     .help = "How parameters are drawn: Sobol's sequence under Owen's scrambling, a Latin hypercube, or at random."},
    {.name = "events",
     .kind = CLI_FILE,
     .value = "FILE",
     .repeats = 1,
     .help = "Event table in the manner of NONMEM: ID, TIME, AMT, RATE, II, ADDL, SS, EVID, CMT. Several people in it "
             "share the patients out, each with an equal run of numbers. Given again, each table is an arm, named "
             "after its file: every patient is run under all of them, and rows say which."},
    {.name = "until",
     .kind = CLI_TEXT,
     .value = "NAME=VALUE",
     .help = "Growth first: each patient runs untreated until the quantity is as large as that (\"D=2 cm\"). The arms "
             "start there, at time 0. Who never gets there is a row in failures.csv."},
    {.name = "within",
     .kind = CLI_NUMBER,
     .value = "TIME",
     .low = 1e-6,
     .high = 1e9,
     .fallback = "10000",
     .help = "How long that growth may take."},
    {.name = "carry",
     .kind = CLI_CHOICE,
     .choices = "locf|nocb",
     .fallback = "locf",
     .help = "Covariates of the event table between two records: as in the last one, or as in the next one."},
    {.name = "lag",
     .kind = CLI_TEXT,
     .value = "STATE=TIME",
     .repeats = 1,
     .help = "Doses into a state come so much later: a number, or the name of a parameter."},
    {.name = "bioavailability",
     .kind = CLI_TEXT,
     .value = "STATE=SHARE",
     .repeats = 1,
     .help = "Share of the doses into a state that arrives: a number, or the name of a parameter."},
    {.name = "end",
     .letter = 'e',
     .kind = CLI_NUMBER,
     .value = "TIME",
     .low = 1e-6,
     .high = 1e9,
     .fallback = "365",
     .help = "Last time, in days or in the unit that an SBML model has; the run starts at 0."},
    {.name = "step",
     .kind = CLI_NUMBER,
     .value = "TIME",
     .low = 1e-6,
     .high = 1e9,
     .fallback = "1",
     .help = "Time between two observations, from which endpoints and quantiles follow. It does not change the "
             "solution."},
    {.name = "watch",
     .letter = 'w',
     .kind = CLI_TEXT,
     .value = "NAME",
     .repeats = 1,
     .help = "A quantity to keep: any symbol of the model. Every state unless given."},
    {.name = "trajectories",
     .kind = CLI_TEXT,
     .value = "WHICH",
     .fallback = "none",
     .help = "Whole courses to keep: none, first:N, or patients' numbers as in 3,17."},
    {.name = "patient",
     .kind = CLI_INTEGER,
     .value = "ID",
     .low = 1,
     .high = 4294967295.0,
     .help = "Only this patient of the population, with the whole course on standard output; no folder is written. "
             "--verbose also says the parameters."},
    {.name = "format",
     .kind = CLI_CHOICE,
     .choices = "csv|hdf5",
     .fallback = "csv",
     .help = "The table of patients: population.csv or population.h5."},
    {.name = "resume", .kind = CLI_FLAG, .help = "Go on with an interrupted run of the same folder, if there is one."},
    {.name = "rtol",
     .kind = CLI_NUMBER,
     .value = "X",
     .low = 1e-12,
     .high = 1e-2,
     .fallback = "1e-6",
     .help = "Relative error allowed in a step."},
    {.name = "atol",
     .kind = CLI_NUMBER,
     .value = "X",
     .low = 1e-30,
     .high = 1e30,
     .fallback = "1e-9",
     .help = "Absolute error allowed in a step, in each state's own unit of amount; times the size of a compartment "
             "smaller than 1, for species that count by concentration."},
    {.name = "native",
     .kind = CLI_FLAG,
     .help = "Compile the model with the system's C compiler ($CC, else cc) and keep the code in the cache of the user "
             "($XDG_CACHE_HOME or ~/.cache, coley/native). The same numbers, sooner."},
    CLI_MODEL_OPTIONS,
    {0},
};

static const char *const examples[] = {
    "coley population mymodel.ant --vary vary.csv --n 1000 --out results",
    "A thousand patients for a year.",
    "coley population mymodel.ant --vary vary.csv --events doses.csv --n 100000 --design lhs --out results --resume",
    "A hundred thousand under a dosing table; the same line goes on after an interrupt.",
    "coley population mymodel.ant --vary vary.csv --n 1000 --patient 17 > patient17.csv",
    "The whole course of one of them.",
    NULL,
};

const cli_command cli_command_population = {
    .name = "population",
    .topic = "Runs",
    .summary = "Run a model over a population of virtual patients",
    .arguments = "FILE...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description =
        "Parameters are drawn from distributions, every patient is simulated, and endpoints are reduced as they come, "
        "so that memory does not grow with patients. The folder holds population.csv or .h5 (a row a patient: "
        "parameters; last, lowest and highest value, their times and the area of each quantity), quantiles.csv, "
        "trajectories.csv, failures.csv and manifest.json. The same seed gives the same bytes with any number of "
        "threads, and after any interrupt with --resume. A patient who cannot be computed is a row in failures.csv and "
        "leaves the others alone.\n\n" CLI_MODEL_FILES,
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS | CLI_TAKES_JSON,
    .run = run_population,
};
