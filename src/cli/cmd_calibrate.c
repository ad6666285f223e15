/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_calibrate.c -- coley calibrate: a cancer's population fitted to published trials. */
#include "base/data.h"
#include "cli/cli.h"
#include "io/folder.h"
#include "run/trial_calibrate.h"

static coley_status write_folder(cli_call *call, const coley_calibration *calibration,
                                 const coley_calibrate_options *options, coley_error *err)
{
    coley_text yaml = {.arena = call->arena}, json = {.arena = call->arena};
    coley_calibration_yaml(calibration, options, &yaml);
    coley_calibration_json(calibration, &json);
    if (yaml.failed || json.failed) return COLEY_FAIL_MEMORY(err);
    const coley_folder_file file[] = {{"population.yaml", yaml.data, yaml.length},
                                      {"calibration.json", json.data, json.length}};
    cli_writing_begin();
    const coley_status status = coley_folder_write(call->arena, cli_text(call, "out"), file, 2, "calibration.json",
                                                   cli_flag(call, "force"), err);
    cli_writing_end();
    return status;
}

static coley_status run_calibrate(cli_call *call, coley_error *err)
{
    const char *out = cli_text(call, "out"), *test[COLEY_CALIBRATE_MAX_TRIALS], *only[COLEY_CALIBRATE_MAX_SHIFTS];
    coley_calibrate_options options = {.n_trials = call->n_arguments,
                                       .path = (const char *const *)call->argument,
                                       .test = test,
                                       .only = only,
                                       .start = cli_text(call, "start"),
                                       .people = cli_integer(call, "people", 400),
                                       .rounds = (int)cli_integer(call, "rounds", 2),
                                       .n_shifts = (size_t)cli_integer(call, "traits", 8),
                                       .prior = cli_number(call, "prior"),
                                       .least_effective = 0.2,
                                       .session = {.n_threads = cli_threads(call)}};
    coley_calibration calibration;
    coley_text text = {.arena = call->arena};
    size_t at = 0;
    for (const char *path; (path = cli_next(call, "test", &at));) {
        if (options.n_tests == COLEY_CALIBRATE_MAX_TRIALS)
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--test"}), "more than %d trials",
                                 COLEY_CALIBRATE_MAX_TRIALS);
        test[options.n_tests++] = path;
    }
    at = 0;
    for (const char *name; (name = cli_next(call, "trait", &at));) {
        if (options.n_only == COLEY_CALIBRATE_MAX_SHIFTS)
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--trait"}), "more than %d traits",
                                 COLEY_CALIBRATE_MAX_SHIFTS);
        only[options.n_only++] = name;
    }
    if (!out)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results");
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &options.models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &options.catalog, err));
    COLEY_TRY(coley_folder_check(out, "calibration.json", cli_flag(call, "force"), err));
    options.session.progress = cli_progress(call);
    const coley_status status = coley_calibrate(call->arena, &options, &calibration, err);
    cli_progress_end();
    COLEY_TRY(status);
    COLEY_TRY(write_folder(call, &calibration, &options, err));
    COLEY_TRY(coley_calibration_words(call->arena, &calibration, &text, err));
    coley_text_addf(&text,
                    "\n%s/population.yaml holds the shifts; as catalog/populations/%s.yaml every trial of that "
                    "cancer takes them.\n",
                    out, calibration.cancer);
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"test", 't', CLI_TEXT, "TRIAL", NULL, NULL, 0, 0, 1, 0,
     "A trial that is not fitted, only compared before and after; may be repeated."},
    {"start", 0, CLI_TEXT, "FILE", NULL, NULL, 0, 0, 0, 0, "Go on from the population.yaml of an earlier calibration."},
    {"people", 'n', CLI_INTEGER, "N", NULL, "400", 20, 1000000, 0, 0, "People in every arm."},
    {"rounds", 0, CLI_INTEGER, "N", NULL, "2", 1, 20, 0, 0, "How often the people are simulated anew around the fit."},
    {"traits", 0, CLI_INTEGER, "N", NULL, "8", 1, COLEY_CALIBRATE_MAX_SHIFTS, 0, 0, "Fit at most N traits."},
    {"trait", 0, CLI_TEXT, "NAME", NULL, NULL, 0, 0, 1, 0,
     "Choose among these traits only, those that are known to differ; may be repeated. Any trait unless given."},
    {"prior", 0, CLI_NUMBER, "SD", NULL, "0.5", 0.01, 5, 0, 0,
     "How far from 0 a shift is expected to lie, in standard deviations between people."},
    {0}};

static const char *const examples[] = {
    "coley calibrate catalog/evidence/trials/checkmate-067.yaml --test catalog/evidence/trials/mdx010-20.yaml --out "
    "fit",
    "Fit the population of melanoma to one trial and look at another.",
    NULL,
};

const cli_command cli_command_calibrate = {
    .name = "calibrate",
    .topic = "Trials",
    .summary = "Fit a cancer's population to published trials",
    .arguments = "TRIAL...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description =
        "Each TRIAL is a trial file with published figures, all of one cancer. The people of its arms are simulated, "
        "and "
        "the means of a few traits are shifted so that responses, progression-free and overall survival agree: by "
        "prevalence weighting, with a ridge that keeps at 0 what the figures do not speak about, and simulated anew "
        "around each fit.\n\n"
        "The folder holds population.yaml, which is a file of catalog/populations, and calibration.json: every figure "
        "before and after, each shift with its error and how much of it the figures told, and the effective share of "
        "people.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_THREADS,
    .run = run_calibrate,
};
