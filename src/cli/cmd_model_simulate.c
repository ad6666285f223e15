/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_simulate.c -- coley model simulate: one subject, or those of an event table, as CSV. */
#include "cli/cmd_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/emit.h"

/* All values of a repeated option, as an array. */
static coley_status collect(cli_call *call, const char *option, const char *const **list, size_t *n, coley_error *err)
{
    const char **values = COLEY_NEW(call->arena, const char *, call->n_given + 1);
    if (!values) return COLEY_FAIL_MEMORY(err);
    size_t at = 0;
    for (*n = 0; (values[*n] = cli_next(call, option, &at)); ++*n) continue;
    *list = values;
    return COLEY_OK;
}

/* The cell at `text`, which ends at a comma or at the end of the line, without its quotes; *next is behind it. */
static const char *cell(coley_arena *arena, const char *text, const char **next)
{
    if (*text != '"') {
        const size_t length = strcspn(text, ",\n");
        *next = text + length + (text[length] != '\0');
        return coley_arena_text(arena, text, length);
    }
    char *copy = coley_arena_text(arena, text + 1, strlen(text + 1)), *to = copy;
    if (!copy) return NULL;
    const char *from = copy;
    for (; *from && (*from != '"' || from[1] == '"'); from++) {
        from += *from == '"';
        *to++ = *from;
    }
    *next = text + 1 + (from - copy) + 1;
    *next += **next != '\0';
    *to = '\0';
    return copy;
}

/* The table column by column: {"time_unit": ..., "columns": [{"id", "unit", "values"}]}; time is the first, or follows
 * the ID. */
static coley_status as_json(cli_call *call, const coley_model *model, const coley_text *csv, coley_text *out,
                            coley_error *err)
{
    size_t n_columns = 1, n_rows = 0;
    const char *body = strchr(csv->data, '\n');
    for (const char *p = csv->data; p < body; p++) n_columns += *p == ',';
    for (const char *p = body + 1; *p; p++) n_rows += *p == '\n';
    const char **value = COLEY_NEW(call->arena, const char *, n_columns *n_rows);
    if (!value) return COLEY_FAIL_MEMORY(err);
    const char *p = body + 1;
    for (size_t i = 0; i < n_columns * n_rows; i++)
        if (!(value[i] = cell(call->arena, p, &p))) return COLEY_FAIL_MEMORY(err);
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "model", model->network->id);
    coley_emit_text(&emit, "time_unit", coley_model_time_unit(model));
    coley_emit_list(&emit, "columns");
    const char *head = csv->data;
    for (size_t i = 0; i < n_columns; i++) {
        const size_t length = strcspn(head, ",\n"), id = strcspn(head, " ,\n");
        const char *name = coley_arena_text(call->arena, head, id);
        const char *unit = length > id + 3 ? coley_arena_text(call->arena, head + id + 2, length - id - 3) : NULL;
        if (!name) return COLEY_FAIL_MEMORY(err);
        const int is_text = strcmp(name, "ID") == 0;
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "id", name);
        coley_emit_text(&emit, "unit", unit);
        coley_emit_list(&emit, "values");
        for (size_t row = 0; row < n_rows; row++) {
            const char *text = value[row * n_columns + i];
            if (is_text || !*text)
                coley_emit_text(&emit, NULL, is_text ? text : NULL);
            else
                coley_emit_number(&emit, NULL, strtod(text, NULL));
        }
        coley_emit_end(&emit);
        coley_emit_end(&emit);
        head += length + 1;
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* Options that say something about the event table only. */
static coley_status read_dosing(cli_call *call, coley_model_options *options, coley_error *err)
{
    static const char *const only[] = {"id", "carry", "lag", "bioavailability"};
    options->events = cli_text(call, "events");
    for (size_t i = 0; i < sizeof only / sizeof *only && !options->events; i++)
        if (cli_is_given(call, only[i]))
            return COLEY_FAIL(err, COLEY_ERR_USAGE, "--%s is about an event table: give one with --events", only[i]);
    if (options->events && !cli_is_given(call, "end")) options->end_day = NAN;
    options->id = cli_text(call, "id");
    options->dosing.carry = strcmp(cli_text(call, "carry"), "nocb") == 0 ? COLEY_CARRY_NOCB : COLEY_CARRY_LOCF;
    COLEY_TRY(collect(call, "lag", &options->dosing.lag, &options->dosing.n_lag, err));
    return collect(call, "bioavailability", &options->dosing.bioavailability, &options->dosing.n_bioavailability, err);
}

static coley_status run_model_simulate(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_text csv = {.arena = call->arena}, chart = {.arena = call->arena};
    coley_model_options options = {.end_day = cli_number(call, "end"),
                                   .step_day = cli_number(call, "step"),
                                   .rtol = cli_number(call, "rtol"),
                                   .atol = cli_number(call, "atol")};
    const char *file = cli_text(call, "csv");
    struct stat info;
    if (file && !cli_flag(call, "overwrite") && stat(file, &info) == 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = file}),
                             "is already there; --overwrite replaces it");
    options.native = cli_flag(call, "native");
    if (cli_flag(call, "plot")) options.chart = &chart;
    options.ascii = !cli_unicode();
    const char *solver = cli_text(call, "solver");
    if (strcmp(solver, "cvodes") == 0) options.solver = COLEY_MODEL_SOLVER_CVODES;
    if (strcmp(solver, "cvodes-klu") == 0) options.solver = COLEY_MODEL_SOLVER_CVODES_KLU;
    options.log = &call->log;
    COLEY_TRY(read_dosing(call, &options, err));
    COLEY_TRY(collect(call, "set", &options.set, &options.n_set, err));
    COLEY_TRY(collect(call, "watch", &options.watch, &options.n_watch, err));
    COLEY_TRY(cli_read_model(call, &model, err));
    COLEY_TRY(coley_model_simulate(call->arena, &model, &options, &csv, err));
    if (options.chart) COLEY_TRY(cli_print(&chart, err));
    if (cli_flag(call, "json")) {
        coley_text json = {.arena = call->arena};
        COLEY_TRY(as_json(call, &model, &csv, &json, err));
        csv = json;
    }
    if (!file) return options.chart ? COLEY_OK : cli_print(&csv, err);
    cli_writing_begin();
    const coley_status status = coley_file_write(file, csv.data, csv.length, err);
    cli_writing_end();
    return status;
}

static const cli_option options[] = {
    {.name = "end",
     .letter = 'e',
     .kind = CLI_NUMBER,
     .value = "TIME",
     .low = 1e-6,
     .high = 1e9,
     .fallback = "365",
     .help = "Last time, in days or in the unit that an SBML model has; the run starts at 0. With --events it is the "
             "last record's unless given."},
    {.name = "step",
     .kind = CLI_NUMBER,
     .value = "TIME",
     .low = 1e-6,
     .high = 1e9,
     .fallback = "1",
     .help = "Time from row to row. It does not change the solution."},
    {.name = "set",
     .kind = CLI_TEXT,
     .value = "NAME=VALUE",
     .repeats = 1,
     .help =
         "Another value for a parameter or an initial amount, in its own unit or with one: k=0.1, dose=\"200 mg\"."},
    {.name = "watch",
     .letter = 'w',
     .kind = CLI_TEXT,
     .value = "NAME",
     .repeats = 1,
     .help = "A column: any symbol of the model. Every state unless given."},
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
    {.name = "events",
     .kind = CLI_FILE,
     .value = "FILE",
     .help =
         "Doses and observations: a NONMEM-style table with columns such as ID, TIME, AMT, RATE, II, ADDL, SS, EVID, "
         "CMT, DV, MDV."},
    {.name = "id",
     .kind = CLI_TEXT,
     .value = "ID",
     .help = "Run this person of the table only; everybody unless given."},
    {.name = "carry",
     .kind = CLI_CHOICE,
     .value = "RULE",
     .choices = "locf|nocb",
     .fallback = "locf",
     .help = "Value of a covariate between two records: the last one (locf), or the next one (nocb), as NONMEM and "
             "mrgsolve "
             "have it."},
    {.name = "lag",
     .kind = CLI_TEXT,
     .value = "CMT=VALUE",
     .repeats = 1,
     .help = "Time by which doses into a state are late: a number in the model's unit of time, or a parameter's name."},
    {.name = "bioavailability",
     .kind = CLI_TEXT,
     .value = "CMT=VALUE",
     .repeats = 1,
     .help = "Share of the doses into a state that arrives: a number, or a parameter's name."},
    {.name = "solver",
     .kind = CLI_CHOICE,
     .value = "SOLVER",
     .choices = "block|cvodes|cvodes-klu",
     .fallback = "block",
     .help =
         "Coley's own solver; or, to compare, where Coley was built with it, CVODES of SUNDIALS with a dense matrix "
         "or with a sparse one and KLU."},
    {.name = "native",
     .kind = CLI_FLAG,
     .help = "Compile the model with the system's C compiler ($CC, else cc) and keep the code in the cache of the user "
             "($XDG_CACHE_HOME or ~/.cache, coley/native). The same numbers, sooner where a run is long."},
    {.name = "plot",
     .letter = 'p',
     .kind = CLI_FLAG,
     .help = "Draw each column in the terminal; no table then, but in the file of --csv."},
    {.name = "csv",
     .kind = CLI_FILE,
     .value = "FILE",
     .help = "Write the table into this file, not to standard output."},
    {.name = "overwrite", .kind = CLI_FLAG, .help = "The file of --csv may be there already."},
    CLI_MODEL_OPTIONS,
    {0},
};

static const char *const examples[] = {
    "coley model simulate mymodel.ant --end 60 --step 0.5 --set k_growth=0.01 > course.csv",
    "Sixty days, a row every half day.",
    "coley model simulate models/patient --watch L1.diameter --plot",
    "Draw a year of one lesion without treatment.",
    "coley model simulate examples/03-sbml-model/BIOMD0000000762_Kuznetsov1994.xml --end 100 --plot",
    "Run a published model from BioModels.",
    "coley model simulate pk.ant --events doses.csv --carry nocb --lag gut=0.5 --bioavailability gut=F1",
    "Dose it as a NONMEM-style table says.",
    NULL,
};

const cli_command cli_command_model_simulate = {
    .name = "model simulate",
    .topic = "Models",
    .summary = "Run a model and print its course as CSV",
    .arguments = "FILE...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description =
        "One subject without doses, or with --events the people of a table of doses and observations. The header of "
        "the "
        "CSV names each column with its unit; --json prints the same columns as JSON. With --events the first column "
        "is the ID, there are rows at the times of observations, too, and the last column is their DV.\n\n"
        "In the table, CMT names a state of the model or is its number, and AMT is in that state's unit. Columns that "
        "have the name of a parameter are covariates; F_<state> and ALAG_<state> are bioavailability and lag. "
        "docs/integrator.md says what each column means.\n\n" CLI_MODEL_FILES,
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_model_simulate,
};
