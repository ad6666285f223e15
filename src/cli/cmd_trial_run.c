/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_trial_run.c -- coley trial run: a trial file, one folder of results. */
#include "base/data.h"
#include "cli/cli.h"
#include "io/folder.h"
#include "run/trial_files.h"
#include "run/trial_report.h"

static coley_status write_folder(cli_call *call, const coley_trial_result *result, coley_error *err)
{
    coley_folder_file file[COLEY_TRIAL_FILES + 2];
    for (size_t i = 0; i < COLEY_TRIAL_FILES + 2; i++) {
        coley_text text = {.arena = call->arena};
        if (i < COLEY_TRIAL_FILES)
            coley_trial_data_set(result->trial, i, &text);
        else if (i == COLEY_TRIAL_FILES)
            coley_trial_summary(result, &text);
        else
            COLEY_TRY(coley_trial_page(call->arena, result, &text, err));
        if (text.failed) return COLEY_FAIL_MEMORY(err);
        file[i] = (coley_folder_file){i < COLEY_TRIAL_FILES    ? coley_trial_file_name[i]
                                      : i == COLEY_TRIAL_FILES ? "summary.json"
                                                               : "report.html",
                                      text.data, text.length};
    }
    cli_writing_begin();
    const coley_status status = coley_folder_write(call->arena, cli_text(call, "out"), file, COLEY_TRIAL_FILES + 2,
                                                   "summary.json", cli_flag(call, "force"), err);
    cli_writing_end();
    return status;
}

static coley_status run_trial_run(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    const int dry = cli_flag(call, "dry-run");
    coley_trial_design *design;
    coley_trial *trial;
    coley_trial_result result;
    coley_text text = {.arena = call->arena};
    if (!out && !dry)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results, as in coley trial run %.80s --out results",
                             call->argument[0]);
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, "summary.json", cli_flag(call, "force"), err));
    COLEY_TRY(coley_trial_load(call->arena, call->argument[0], catalog, &design, err));
    if (cli_is_given(call, "seed")) coley_trial_set_seed(design, (int64_t)cli_seed(call));
    if (cli_is_given(call, "people")) coley_trial_set_people(design, cli_integer(call, "people", 100));
    COLEY_TRY(coley_trial_prepare(call->arena, design, models, catalog, &trial, err));
    if (dry) {
        coley_emit emit = {.out = &text, .style = COLEY_EMIT_YAML};
        coley_emit_map(&emit, NULL);
        coley_fields_write(coley_trial_fields, design, &emit);
        coley_emit_end(&emit);
        return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
    }
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    const coley_status status = coley_trial_carry_out(call->arena, trial, &options, err);
    cli_progress_end();
    COLEY_TRY(status);
    COLEY_TRY(coley_trial_analyse(call->arena, trial, &result, err));
    COLEY_TRY(write_folder(call, &result, err));
    COLEY_TRY(coley_trial_words(call->arena, &result, &text, err));
    coley_text_addf(&text, "\nResults are in %s; report.html there is for reading.\n", out);
    return cli_print(&text, err);
}

static const cli_option options[] = {{"people", 'n', CLI_INTEGER, "N", NULL, NULL, 1, 5000000, 0, 0,
                                      "Simulate N people in every arm in place of those of the file."},
                                     {0}};

static const char *const examples[] = {
    "coley trial run examples/24-virtual-trial/trial.yaml --out results",
    "Three arms in melanoma; open results/report.html in a browser.",
    "coley trial run trial.yaml --dry-run",
    "Check a trial, its arms with it, and print its keys with every default filled in.",
    NULL,
};

const cli_command cli_command_trial_run = {
    .name = "trial run",
    .topic = "Trials",
    .summary = "Run a virtual trial: people, arms, curves, side effects, report",
    .arguments = "TRIAL",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "The trial is a YAML file: the cancer, who may enter, the arms in a scenario's own words, how long people are "
        "followed, and what was published of the same arms. People are drawn from the cancer's distributions, "
        "screened, allocated in blocks within strata, treated until they progress, and followed to death, loss or the "
        "analysis.\n\n"
        "The folder holds data sets in the manner of ADaM (adsl, adtr, adrs, adtte, adae as CSV), summary.json and "
        "report.html. --seed takes the place of the file's. --dry-run checks everything and prints the trial's own "
        "keys with every default filled in.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_trial_run,
};
