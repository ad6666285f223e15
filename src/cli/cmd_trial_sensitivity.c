/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_trial_sensitivity.c -- coley trial sensitivity: which keys of a trial its endpoints hang on. */
#include "base/data.h"
#include "cli/unfinished.h"
#include "io/folder.h"
#include "run/trial_search_files.h"
#include "run/trial_sensitivity.h"

static const char making_mark[] = "sensitivity.json", made_mark[] = "summary.json";

typedef struct keeping {
    const char *folder; /* the unfinished one */
    char fingerprint[65];
} keeping;

static coley_status keep(void *self, const coley_sensitivity_run *run, coley_error *err)
{
    const keeping *k = self;
    coley_arena *arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    cli_writing_begin();
    const coley_status status = coley_sensitivity_save(arena, run, k->folder, k->fingerprint, err);
    cli_writing_end();
    coley_arena_destroy(arena);
    return status;
}

static coley_status take_up(cli_call *call, coley_sensitivity_run *run, keeping *k, coley_error *err)
{
    cli_unfinished unfinished;
    COLEY_TRY(cli_unfinished_find(call, making_mark, made_mark, &unfinished, err));
    k->folder = unfinished.folder;
    COLEY_TRY(coley_search_hash(call->arena, run->design->path, &run->space, k->fingerprint, err));
    if (unfinished.from)
        COLEY_TRY(coley_sensitivity_restore(call->arena, run, unfinished.from, unfinished.mark, k->fingerprint, err));
    COLEY_TRY(cli_unfinished_make(&unfinished, making_mark, err));
    return keep(k, run, err);
}

static coley_status write_folder(cli_call *call, const coley_sensitivity_run *run, const keeping *k, coley_error *err)
{
    static const char *const names[] = {"evaluations.csv", "indices.csv", "summary.json", "report.html"};
    coley_text text[4] = {
        {.arena = call->arena}, {.arena = call->arena}, {.arena = call->arena}, {.arena = call->arena}};
    coley_folder_file file[4];
    coley_sensitivity_evaluations(run, &text[0]);
    coley_sensitivity_indices(run, &text[1]);
    coley_sensitivity_summary(run, k->fingerprint, &text[2]);
    COLEY_TRY(coley_sensitivity_page(call->arena, run, &text[3], err));
    for (int i = 0; i < 4; i++) {
        if (text[i].failed) return COLEY_FAIL_MEMORY(err);
        file[i] = (coley_folder_file){names[i], text[i].data, text[i].length};
    }
    cli_writing_begin();
    const coley_status status = coley_folder_write(call->arena, cli_text(call, "out"), file, 4, made_mark,
                                                   cli_flag(call, "force") || cli_flag(call, "resume"), err);
    if (status == COLEY_OK) coley_folder_remove(k->folder, making_mark);
    cli_writing_end();
    return status;
}

static coley_status print_design(cli_call *call, const coley_sensitivity_run *run, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_YAML};
    coley_emit_map(&emit, NULL);
    coley_fields_write(coley_sensitivity_fields, run->design, &emit);
    coley_emit_end(&emit);
    coley_text_addf(&text, "# %zu trials\n", run->n_points);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static coley_status run_trial_sensitivity(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    const int dry = cli_flag(call, "dry-run");
    coley_sensitivity_design *design;
    coley_sensitivity_run run;
    coley_text text = {.arena = call->arena};
    keeping k = {0};
    if (!out && !dry)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results, as in coley trial sensitivity %.80s --out "
                             "results",
                             call->argument[0]);
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, made_mark, cli_flag(call, "force") || cli_flag(call, "resume"), err));
    COLEY_TRY(coley_sensitivity_load(call->arena, call->argument[0], &design, err));
    if (cli_is_given(call, "seed")) design->seed = (int64_t)cli_seed(call);
    if (cli_is_given(call, "people")) design->people = cli_integer(call, "people", 100);
    if (cli_is_given(call, "rows")) design->rows = cli_integer(call, "rows", 64);
    if (cli_is_given(call, "method")) design->method = cli_text(call, "method")[0] == 'm';
    COLEY_TRY(coley_sensitivity_open(call->arena, design, models, catalog, &run, err));
    if (dry) return print_design(call, &run, err);
    COLEY_TRY(take_up(call, &run, &k, err));
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    const coley_status status = coley_sensitivity_go(call->arena, &run, &options, keep, &k, err);
    cli_progress_end();
    COLEY_TRY(status);
    COLEY_TRY(write_folder(call, &run, &k, err));
    coley_sensitivity_words(call->arena, &run, &text);
    coley_text_addf(&text, "\nResults are in %s; report.html there is for reading.\n", out);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {
    {"method", 'm', CLI_CHOICE, "HOW", "sobol|morris", NULL, 0, 0, 0, 0, "In place of the file's method."},
    {"rows", 0, CLI_INTEGER, "N", NULL, NULL, 2, 65536, 0, 0, "In place of the file's number of rows."},
    {"people", 'n', CLI_INTEGER, "N", NULL, NULL, 5, 1000000, 0, 0,
     "Simulate N people in each arm in place of the file's number."},
    {"resume", 'r', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Go on with an interrupted analysis, or with a finished one and more --rows."},
    {0}};

static const char *const examples[] = {
    "coley trial sensitivity examples/26-optimise-dose/sensitivity.yaml --out results",
    "What response and side effects hang on: dose, interval, or who the people are.",
    "coley trial sensitivity sensitivity.yaml --method morris --rows 10 --out screen",
    "A first look at many parameters.",
    NULL,
};

const cli_command cli_command_trial_sensitivity = {
    .name = "trial sensitivity",
    .topic = "Trials",
    .summary = "Find what a trial's endpoints hang on (Sobol, Morris)",
    .arguments = "DESIGN.yaml",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "DESIGN.yaml names a trial file, keys of it or traits of its people with their ranges, and endpoints. The "
        "trial "
        "is carried out at many points of these ranges, on the same people. Sobol: the share of an endpoint's variance "
        "that each parameter explains by itself and in all (Saltelli, Jansen). Morris: how much the endpoint changes "
        "along each, for many parameters and few trials. Intervals are of the bootstrap over rows.\n\n"
        "The folder holds evaluations.csv, indices.csv, summary.json and report.html. The keys of DESIGN.yaml are in "
        "docs/design-search.md. For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_trial_sensitivity,
};
