/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_survival.c -- coley survival: curves, tests and ratios from times to an event. */
#include <string.h>

#include "cli/cli.h"
#include "run/survival_file.h"

static coley_status many(const char *option, size_t most, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = option}), "given more than %zu times", most);
}

static coley_status read_lists(const cli_call *call, coley_survival_request *r, coley_error *err)
{
    const char *text;
    for (size_t at = 0; (text = cli_next(call, "covariate", &at));) {
        if (r->n_covariates == COLEY_SURVIVAL_COVARIATES) return many("--covariate", COLEY_SURVIVAL_COVARIATES, err);
        r->covariate[r->n_covariates++] = text;
    }
    for (size_t at = 0; (text = cli_next(call, "subgroup", &at));) {
        if (r->n_subgroups == COLEY_SURVIVAL_SUBGROUPS) return many("--subgroup", COLEY_SURVIVAL_SUBGROUPS, err);
        r->subgroup[r->n_subgroups++] = text;
    }
    for (size_t at = 0; (text = cli_next(call, "at", &at));) {
        if (r->n_times == COLEY_SURVIVAL_TIMES) return many("--at", COLEY_SURVIVAL_TIMES, err);
        if (!coley_text_number(text, &r->time[r->n_times++]))
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--at"}), "\"%.40s\" is no number", text);
    }
    return COLEY_OK;
}

static coley_status run_survival(cli_call *call, coley_error *err)
{
    const char *const scale = cli_text(call, "scale");
    coley_survival_request request = {.file = call->argument[0],
                                      .control = cli_text(call, "control"),
                                      .unit = cli_text(call, "unit"),
                                      .level = cli_number(call, "level") / 100.0,
                                      .cure = cli_flag(call, "cure"),
                                      .scale = strcmp(scale, "log-log") == 0 ? COLEY_KM_LOGLOG
                                               : strcmp(scale, "log") == 0   ? COLEY_KM_LOG
                                                                             : COLEY_KM_PLAIN,
                                      .ties = strcmp(cli_text(call, "ties"), "efron") == 0 ? COLEY_TIES_EFRON
                                                                                           : COLEY_TIES_BRESLOW};
    if (cli_is_given(call, "tau")) request.tau = cli_number(call, "tau");
    if (cli_flag(call, "plot")) request.chart = cli_unicode() ? 1 : 2;
    COLEY_TRY(read_lists(call, &request, err));
    if (cli_flag(call, "csv") + cli_flag(call, "svg") + cli_flag(call, "json") > 1)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--csv, --svg and --json exclude one another");
    if (cli_flag(call, "csv")) request.format = COLEY_SURVIVAL_CSV;
    if (cli_flag(call, "svg")) request.format = COLEY_SURVIVAL_SVG;
    if (cli_flag(call, "json")) request.format = COLEY_SURVIVAL_JSON;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_survival_run(call->arena, &request, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"control", 'c', CLI_TEXT, "ARM", NULL, NULL, 0, 0, 0, 0,
     "Arm that the others are compared with; the first of the file unless given."},
    {"covariate", 0, CLI_TEXT, "COLUMN", NULL, NULL, 0, 0, 1, 0,
     "A column of numbers that enters Cox's model beside the arms. May be given several times."},
    {"subgroup", 0, CLI_TEXT, "COLUMN", NULL, NULL, 0, 0, 1, 0,
     "A column of names: the hazard ratio in each, as a forest plot has it, and P of the interaction. May be given "
     "several "
     "times; for two arms."},
    {"at", 0, CLI_NUMBER, "TIME", NULL, NULL, 0, 1e6, 1, 0,
     "Survival and people at risk at this time. May be given several times; a few round times unless given."},
    {"tau", 0, CLI_NUMBER, "TIME", NULL, NULL, 1e-9, 1e6, 0, 0,
     "End of the restricted mean; the longest time that every arm covers unless given."},
    {"unit", 'u', CLI_CHOICE, "UNIT", "day|week|month|year", "month", 0, 0, 0, 0, "Unit of the times in the file."},
    {"level", 0, CLI_NUMBER, "PERCENT", NULL, "95", 50, 99.99, 0, 0, "Level of the intervals."},
    {"scale", 0, CLI_CHOICE, "SCALE", "log-log|log|plain", "log-log", 0, 0, 0, 0,
     "On which scale the intervals of a curve are symmetric."},
    {"ties", 0, CLI_CHOICE, "HOW", "efron|breslow", "efron", 0, 0, 0, 0, "How Cox's model takes events at one time."},
    {"cure", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Fit the share of each arm that never has the event."},
    {"plot", 'p', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Draw the curves in the terminal too."},
    {"csv", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "The curves, a row an arm and time, for a spreadsheet."},
    {"svg", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "The curves as a drawing, with the people at risk."},
    {0}};

static const char *const examples[] = {
    "coley survival curves.csv --control docetaxel",
    "Medians, log-rank, hazard ratio and restricted means of a trial.",
    "coley survival curves.csv --at 12 --at 24 --plot",
    "Survival at one and two years, and the curves.",
    "coley survival curves.csv --svg > curves.svg",
    "A Kaplan-Meier figure with the people at risk.",
    NULL,
};

const cli_command cli_command_survival = {
    .name = "survival",
    .topic = "Trials",
    .summary = "Analyse times to an event: curves, tests, hazard ratios",
    .arguments = "CURVES.csv",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "Kaplan-Meier curves with medians and people at risk, log-rank tests (plain, weighted to late and "
                   "early differences, and the largest of four weights), Cox's hazard ratios, and restricted means, as "
                   "a trial reports them. With several kinds of event also cumulative incidence and Gray's test.\n\n"
                   "CURVES.csv has the columns time (0 or more) and event (0 censored, 1 an event, 2 and more other "
                   "kinds that compete), and may have arm, stratum (tests and Cox's model then compare within strata) "
                   "and columns of numbers for --covariate. docs/statistics.md has the formulas.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_survival,
};
