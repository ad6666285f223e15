/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_trial_people.c -- coley trial people: who a trial would screen. */
#include "base/data.h"
#include "cli/cli.h"
#include "io/folder.h"
#include "run/trial_people_table.h"

static coley_status run_trial_people(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    coley_trial_design *design;
    coley_trial *trial;
    coley_people_table table;
    coley_text json = {.arena = call->arena}, text = {.arena = call->arena};
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, "summary.json", cli_flag(call, "force"), err));
    COLEY_TRY(coley_trial_load(call->arena, call->argument[0], catalog, &design, err));
    if (cli_is_given(call, "seed")) coley_trial_set_seed(design, (int64_t)cli_seed(call));
    if (cli_is_given(call, "draw"))
        design->people.draw = cli_text(call, "draw")[0] == 'r' ? 0 : cli_text(call, "draw")[0] == 's' ? 1 : 2;
    COLEY_TRY(coley_trial_prepare(call->arena, design, models, catalog, &trial, err));
    COLEY_TRY(coley_people_draw(call->arena, trial, (size_t)cli_integer(call, "n", 1000), &table, err));
    coley_people_summary(trial, &table, &json);
    COLEY_TRY(coley_people_words(call->arena, trial, &table, &text, err));
    if (json.failed) return COLEY_FAIL_MEMORY(err);
    if (out && !cli_flag(call, "dry-run")) {
        const coley_folder_file file[] = {{"people.csv", table.people.data, table.people.length},
                                          {"parameters.tsv", table.parameters.data, table.parameters.length},
                                          {"summary.json", json.data, json.length}};
        cli_writing_begin();
        const coley_status status =
            coley_folder_write(call->arena, out, file, 3, "summary.json", cli_flag(call, "force"), err);
        cli_writing_end();
        COLEY_TRY(status);
        coley_text_addf(&text, "\npeople.csv, parameters.tsv and summary.json are in %s.\n", out);
    }
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"n", 'n', CLI_INTEGER, "N", NULL, "1000", 1, 1000000, 0, 0, "People to draw."},
    {"draw", 0, CLI_CHOICE, "HOW", "random|sobol|lhs", NULL, 0, 0, 0, 0, "In place of the trial's own people.draw."},
    {0}};

static const char *const examples[] = {
    "coley trial people examples/24-virtual-trial/trial.yaml",
    "Who would be screened for a trial, and what its rules remove.",
    "coley trial people trial.yaml --n 5000 --draw sobol --out people",
    "The people as a table, and their distributions as a PEtab parameter table.",
    NULL,
};

const cli_command cli_command_trial_people = {
    .name = "trial people",
    .topic = "Trials",
    .summary = "Draw the people whom a trial would screen, without simulating",
    .arguments = "TRIAL",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "Draws people as coley trial run does and prints how they are distributed, how many may enter and which rule "
        "removes whom.\n\n"
        "With --out the folder holds people.csv (a row a person: covariates, biomarkers, every parameter that differs; "
        "a trial takes it back by people: {from: people.csv}, with a column prevalence if some are more frequent), "
        "parameters.tsv (the distributions as a PEtab parameter table) and summary.json (figures and rank "
        "correlations).",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED,
    .run = run_trial_people,
};
