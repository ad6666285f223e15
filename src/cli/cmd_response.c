/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_response.c -- coley response: RECIST 1.1 and iRECIST from measured lesions. */
#include "cli/cli.h"
#include "run/response_file.h"

static coley_status run_response(cli_call *call, coley_error *err)
{
    coley_response_request request = {
        .lesions = call->argument[0], .patient = cli_text(call, "patient"), .rules = COLEY_RESPONSE_DEFAULT};
    request.rules.confirm = cli_flag(call, "confirm");
    request.rules.missed_visits_censor = cli_number(call, "missed");
    if (cli_is_given(call, "interval")) request.rules.visit_interval_days = cli_number(call, "interval");
    if (cli_flag(call, "csv")) request.format = COLEY_RESPONSE_CSV;
    if (cli_flag(call, "json")) request.format = COLEY_RESPONSE_JSON;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_response_run(call->arena, &request, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"patient", 'p', CLI_TEXT, "ID", NULL, NULL, 0, 0, 0, 0, "Judge this patient only, visit by visit."},
    {"confirm", 'c', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Responses count from a confirmed one (four weeks later), as single-arm trials ask."},
    {"missed", 0, CLI_NUMBER, "N", NULL, "2", 0, 100, 0, 0,
     "Progression after this many missed visits is censored at the last adequate one before; 0: never."},
    {"interval", 0, CLI_NUMBER, "DAYS", NULL, NULL, 1, 1000, 0, 0,
     "Planned days between visits; else the patient's own median."},
    {"csv", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "A row a visit, for a spreadsheet."},
    {0}};

static const char *const examples[] = {
    "coley response examples/data/atezolizumab_fir_poplar_birch.csv",
    "Best response of every patient.",
    "coley response examples/data/atezolizumab_fir_poplar_birch.csv --patient 8987291926880773120",
    "One patient, visit by visit, with the reason for every call.",
    NULL,
};

const cli_command cli_command_response = {
    .name = "response",
    .topic = "Patients",
    .summary = "Judge measured lesions by RECIST 1.1 and iRECIST",
    .arguments = "LESIONS.csv",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "Chooses target lesions at baseline (five at most, two an organ, the largest), adds up diameters, "
                   "and calls every visit by both "
                   "rules, with the numbers that decided. Then best response, progression-free survival and duration "
                   "of response.\n\n"
                   "LESIONS.csv has the columns patient, day, diameter_mm (days from the first dose, negative before), "
                   "and may have lesion, "
                   "organ, nodal (yes/no), role (auto, target, non-target, new) and finding (measured, too small, "
                   "absent, present, increased, "
                   "progressed, not evaluable). The layout of the public atezolizumab trials is read too.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_response,
};
