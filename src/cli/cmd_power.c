/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_power.c -- coley power: power, type I error and size of a two-arm trial by simulation. */
#include <math.h>

#include "cli/cli.h"
#include "run/power_file.h"

static coley_status run_power(cli_call *call, coley_error *err)
{
    coley_power_request request = {.file = call->argument[0],
                                   .seed = cli_seed(call),
                                   .n_trials = cli_integer(call, "trials", 10000),
                                   .n_threads = cli_threads(call),
                                   .no_effect = cli_flag(call, "no-effect"),
                                   .most = cli_integer(call, "most", 5000),
                                   .json = cli_flag(call, "json")};
    if (cli_is_given(call, "size")) request.target = cli_number(call, "size");
    request.look = cli_integer(call, "look", 0);
    request.z = cli_is_given(call, "z") ? cli_number(call, "z") : NAN;
    if ((request.look > 0) == isnan(request.z))
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = request.look > 0 ? "--z" : "--look"}),
                             "is missing: conditional power needs both --look and --z");
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_power_run(call->arena, &request, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"trials", 0, CLI_INTEGER, "N", NULL, "10000", 1, 10000000, 0, 0, "Trials to simulate."},
    {"no-effect", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Give both arms the control's hazard: the type I error."},
    {"size", 0, CLI_NUMBER, "POWER", NULL, NULL, 0.01, 0.99, 0, 0,
     "Find the least number of people, from the design's own up, that has this power; events of looks grow with it."},
    {"most", 0, CLI_INTEGER, "N", NULL, "5000", 2, 1000000, 0, 0, "With --size: people at most."},
    {"look", 0, CLI_INTEGER, "N", NULL, NULL, 1, 19, 0, 0,
     "With --z: nothing is simulated; print the decision at that look and the chances to win at the end."},
    {"z", 0, CLI_NUMBER, "Z", NULL, NULL, -20, 20, 0, 0,
     "What the test was at that look; above 0: fewer events treated."},
    {0}};

static const char *const examples[] = {
    "coley power examples/data/delayed_effect.yaml",
    "Power of a trial whose effect comes after six months, with one early look.",
    "coley power examples/data/delayed_effect.yaml --no-effect",
    "Its type I error.",
    "coley power examples/data/delayed_effect.yaml --size 0.9",
    "How many people 90 % needs.",
    "coley power examples/data/delayed_effect.yaml --look 1 --z 1.2",
    "Conditional and predictive power, having seen that at the first look.",
    NULL,
};

const cli_command cli_command_power = {
    .name = "power",
    .topic = "Trials",
    .summary = "Simulate a trial's power with delayed effects and early looks",
    .arguments = "DESIGN.yaml",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "Simulates trials of two arms with piecewise constant hazards and analyses each as planned: by the "
                   "log-rank test, weights for late effects, the largest of four weighted tests, or restricted means, "
                   "at looks that spend alpha. People are statistical here, not virtual patients.\n\n"
                   "The keys of DESIGN.yaml are in docs/statistics.md.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_power,
};
