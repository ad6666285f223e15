/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_run.c -- coley run: one scenario, one folder of results. */
#include "cli/assay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/data.h"
#include "run/forecast_run.h"
#include "run/report.h"
#include "run/session.h"

static size_t terminal_width(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : CLI_WIDTH;
}

/* The locale's promise, as the shell sets it. */
static int speaks_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return 0;
}

static coley_status run_scenario(cli_call *call, const coley_scenario *scenario, const coley_session *session,
                                 coley_error *err)
{
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    const coley_record_options record = {.folder = cli_text(call, "out"),
                                         .force = cli_flag(call, "force"),
                                         .scenario = scenario,
                                         .n_inputs = session->n_inputs,
                                         .input = session->input};
    coley_course *course;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_session_run(call->arena, session, &options, &course, err));
    cli_progress_end();
    cli_writing_begin();
    const coley_status status = coley_record_write(call->arena, course, &record, err);
    cli_writing_end();
    COLEY_TRY(status);
    COLEY_TRY(coley_report_terminal(call->arena, course, terminal_width(), !speaks_utf8(), &text, err));
    coley_text_addf(&text, "\nResults are in %s; report.html there is for reading.\n", record.folder);
    return cli_print(&text, err);
}

/* A scenario with a forecast section: the person's scans are real, the forecast conditions on the first ones. */
static coley_status run_forecast_scenario(cli_call *call, const coley_scenario *scenario, coley_error *err)
{
    const coley_scenario_drug *drug = scenario->regimen.item;
    coley_forecast_request request = {.lesions = scenario->forecast_lesions_path,
                                      .patient = scenario->forecast.patient,
                                      .title = scenario->title,
                                      .cancer = scenario->cancer,
                                      .biomarkers = scenario->biomarkers_path,
                                      .regimen = scenario->regimen.n ? drug[0].dose.label : NULL,
                                      .using_first = (size_t)scenario->forecast.using_first,
                                      .beyond_day = 180.0,
                                      .seed = (uint64_t)scenario->run.seed,
                                      .n_threads = cli_threads(call),
                                      .progress = cli_progress(call)};
    COLEY_TRY(coley_data_path(call->arena, "", &request.data, err));
    const coley_record_input input[] = {{.path = scenario->path, .role = "scenario"},
                                        {.path = request.lesions, .role = "lesions"},
                                        {.path = request.biomarkers, .role = "biomarkers"}};
    const coley_record_options record = {.folder = cli_text(call, "out"),
                                         .force = cli_flag(call, "force"),
                                         .scenario = scenario,
                                         .n_inputs = request.biomarkers ? 3 : 2,
                                         .input = input};
    coley_course course;
    coley_outlook outlook;
    coley_text text = {.arena = call->arena};
    const coley_status status = coley_forecast_run(call->arena, &request, &course, &outlook, err);
    cli_progress_end();
    COLEY_TRY(status);
    cli_writing_begin();
    const coley_status written = coley_record_write(call->arena, &course, &record, err);
    cli_writing_end();
    COLEY_TRY(written);
    COLEY_TRY(coley_report_terminal(call->arena, &course, terminal_width(), !speaks_utf8(), &text, err));
    coley_text_addf(&text, "\n");
    COLEY_TRY(coley_forecast_print(&course, &outlook, 0, &text, err));
    coley_text_addf(&text, "\nResults are in %s; report.html there is for reading.\n", record.folder);
    return cli_print(&text, err);
}

static coley_status print_resolved(cli_call *call, const coley_scenario *scenario, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    coley_scenario_write(scenario, COLEY_EMIT_YAML, &text);
    return cli_print(&text, err);
}

static coley_status run_run(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    const int dry = cli_flag(call, "dry-run");
    coley_scenario *scenario;
    coley_session *session;
    if (!out && !dry)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results, as in coley run %.80s --out results",
                             call->argument[0]);
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_record_check(out, cli_flag(call, "force"), err));
    COLEY_TRY(coley_scenario_load(call->arena, call->argument[0], catalog, &scenario, err));
    COLEY_TRY(cli_take_biomarkers(call, scenario, err));
    if (cli_is_given(call, "seed")) scenario->run.seed = (int64_t)cli_seed(call);
    if (scenario->forecast.lesions && !dry) return run_forecast_scenario(call, scenario, err);
    if (scenario->forecast.lesions) return print_resolved(call, scenario, err);
    COLEY_TRY(coley_session_prepare(call->arena, scenario, models, catalog, &session, err));
    if (!dry) return run_scenario(call, scenario, session, err);
    return print_resolved(call, scenario, err);
}

static const cli_option options[] = {CLI_BIOMARKERS_OPTION, {0}};

static const char *const examples[] = {
    "coley run examples/01-melanoma-pembrolizumab/scenario.yaml --out results",
    "A year of pembrolizumab; open results/report.html in a browser.",
    "coley run scenario.yaml --dry-run",
    "Check a scenario and print it with every default filled in.",
    NULL,
};

const cli_command cli_command_run = {
    .name = "run",
    .topic = "Runs",
    .summary = "Run a scenario: tumours, drugs, scans, response, report",
    .arguments = "SCENARIO",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "The scenario is a YAML file: the patient, the cancer, the lesions, the regimen, the scans. One person is "
        "followed through it; virtual people who share all that is known of that person give the bands of 50 and 90 "
        "%.\n\n"
        "The folder holds summary.json, trajectory.csv and .h5, lesions.csv, events.csv, report.html and "
        "manifest.json. --seed takes the place of run.seed. --dry-run prints the scenario with every default filled "
        "in.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_run,
};
