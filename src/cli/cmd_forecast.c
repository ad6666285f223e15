/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_forecast.c -- coley forecast: what a person's next scans will show, from the first ones. */
#include "base/data.h"
#include "cli/assay.h"
#include "run/forecast_run.h"
#include "run/record.h"

static coley_status evaluate(cli_call *call, coley_forecast_request *request, coley_error *err)
{
    coley_split_options split = COLEY_SPLIT_DEFAULT;
    split.use_first = (size_t)cli_integer(call, "using-first", 0);
    split.hold_last = (size_t)cli_integer(call, "hold-last", (int64_t)split.hold_last);
    coley_text text = {.arena = call->arena};
    const coley_status status =
        coley_forecast_evaluate(call->arena, request, &split, cli_flag(call, "json"), &text, err);
    cli_progress_end();
    COLEY_TRY(status);
    return cli_print(&text, err);
}

static coley_status run_forecast(cli_call *call, coley_error *err)
{
    coley_forecast_request request = {.patient = cli_text(call, "patient"),
                                      .cancer = cli_text(call, "cancer"),
                                      .regimen = cli_text(call, "regimen"),
                                      .biomarkers = cli_text(call, "biomarkers"),
                                      .using_first = (size_t)cli_integer(call, "using-first", 0),
                                      .people = (size_t)cli_integer(call, "people", 0),
                                      .beyond_day = cli_number(call, "beyond"),
                                      .seed = cli_seed(call),
                                      .n_threads = cli_threads(call),
                                      .progress = cli_progress(call)};
    COLEY_TRY(coley_data_path(call->arena, "", &request.data, err));
    request.lesions = call->n_arguments ? call->argument[0] : NULL;
    if (!request.lesions && cli_flag(call, "evaluate"))
        COLEY_TRY(
            coley_data_path(call->arena, "examples/data/atezolizumab_fir_poplar_birch.csv", &request.lesions, err));
    if (!request.lesions) return COLEY_FAIL(err, COLEY_ERR_USAGE, "no LESIONS.csv; only --evaluate has one of its own");
    const char *folder = cli_text(call, "out");
    if (cli_flag(call, "evaluate")) {
        if (folder) return COLEY_FAIL(err, COLEY_ERR_USAGE, "--evaluate prints its table; --out is for one person");
        return evaluate(call, &request, err);
    }
    if (folder) COLEY_TRY(coley_record_check(folder, cli_flag(call, "force"), err));
    coley_course course;
    coley_outlook outlook;
    const coley_status status = coley_forecast_run(call->arena, &request, &course, &outlook, err);
    cli_progress_end();
    COLEY_TRY(status);
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_forecast_print(&course, &outlook, cli_flag(call, "json"), &text, err));
    if (folder && !cli_flag(call, "dry-run")) {
        const coley_record_input input[] = {{.path = request.lesions, .role = "lesions"},
                                            {.path = request.biomarkers, .role = "biomarkers"}};
        const coley_record_options record = {.folder = folder,
                                             .force = cli_flag(call, "force"),
                                             .n_inputs = request.biomarkers ? 2 : 1,
                                             .input = input};
        cli_writing_begin();
        const coley_status written = coley_record_write(call->arena, &course, &record, err);
        cli_writing_end();
        COLEY_TRY(written);
    }
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"patient", 'p', CLI_TEXT, "ID", NULL, NULL, 0, 0, 0, 0,
     "The patient of the file to look at; not needed when there is one."},
    {"using-first", 'u', CLI_INTEGER, "N", NULL, NULL, 1, 1000, 0, 0,
     "Let the forecast see the first N scans only; the later ones are shown beside it. All of them unless given; with "
     "--evaluate all but the "
     "last three."},
    {"evaluate", 'e', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Forecast every patient with at least six visits from the first ones, and score the later ones, beside six "
     "classical laws. Without a file: "
     "the 628 patients that come with Coley."},
    {"hold-last", 0, CLI_INTEGER, "N", NULL, "3", 1, 100, 0, 0,
     "With --evaluate: how many visits of each patient are held out."},
    {"beyond", 0, CLI_NUMBER, "DAYS", NULL, "180", 0, 2000, 0, 0, "How far past the last scan of the file to go."},
    {"regimen", 'r', CLI_TEXT, "NAME", NULL, NULL, 0, 0, 0, 0,
     "The label regimen that was given; else that of models/patient/forecast.yaml."},
    CLI_BIOMARKERS_OPTION,
    {"cancer", 'c', CLI_TEXT, "NAME", NULL, NULL, 0, 0, 0, 0,
     "The cancer, by its name in the catalog; else that of models/patient/forecast.yaml."},
    {"people", 0, CLI_INTEGER, "N", NULL, NULL, 16, 1000000, 0, 0,
     "How many virtual people to compare with; else as models/patient/forecast.yaml says."},
    {0}};

static const char *const examples[] = {
    "coley forecast examples/data/atezolizumab_fir_poplar_birch.csv --patient 3657015667902160896 --using-first 3",
    "See three scans of one person, forecast the later ones.",
    "coley forecast mine.csv --patient 7 --out forecast7",
    "The same with a report to open in a browser.",
    "coley forecast --evaluate",
    "How good are the forecasts? The later scans of 300 people, held out.",
    NULL,
};

const cli_command cli_command_forecast = {
    .name = "forecast",
    .topic = "Patients",
    .summary = "Forecast a person's later scans from the first ones",
    .arguments = "[LESIONS.csv]",
    .argument_kind = CLI_FILE,
    .min_arguments = 0,
    .max_arguments = 1,
    .description = "A large virtual population of the patient model is simulated under the regimen. A person's first "
                   "scans weight it; "
                   "virtual people near the best are simulated anew with the person's own lesion size. The mixture "
                   "says what the later scans "
                   "will show, with ranges that should hold 50 and 90 of 100 scans.\n\n"
                   "LESIONS.csv has the columns patient, day, diameter_mm (days from the first dose, negative before), "
                   "and may have lesion, "
                   "organ, nodal, role and finding; the layout of the public atezolizumab trials is read too. Several "
                   "lesions are added up.\n\n"
                   "For research and teaching. It gives no medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON | CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_forecast,
};
