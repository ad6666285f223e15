/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_compare.c -- coley compare: one person under several scenarios, side by side. */
#include "cli/cli.h"

#include "base/data.h"
#include "io/folder.h"
#include "run/compare.h"

#define MARK "compare.json"

static coley_status write_folder(cli_call *call, const coley_compared *compared, size_t n, coley_error *err)
{
    coley_text csv = {.arena = call->arena}, json = {.arena = call->arena}, page = {.arena = call->arena};
    coley_compare_csv(compared, n, &csv);
    coley_compare_json(compared, n, &json);
    COLEY_TRY(coley_compare_page(call->arena, compared, n, &page, err));
    if (csv.failed || json.failed) return COLEY_FAIL_MEMORY(err);
    const coley_folder_file file[] = {{"compare.csv", csv.data, csv.length},
                                      {"compare.html", page.data, page.length},
                                      {MARK, json.data, json.length}};
    cli_writing_begin();
    const coley_status status = coley_folder_write(call->arena, cli_text(call, "out"), file,
                                                   sizeof file / sizeof *file, MARK, cli_flag(call, "force"), err);
    cli_writing_end();
    return status;
}

static coley_status run_compare(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    const size_t n = call->n_arguments;
    coley_scenario *scenario[COLEY_COMPARE_MAX];
    const coley_session *session[COLEY_COMPARE_MAX];
    coley_compared compared[COLEY_COMPARE_MAX];
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, MARK, cli_flag(call, "force"), err));
    for (size_t i = 0; i < n; i++) {
        COLEY_TRY(coley_scenario_load(call->arena, call->argument[i], catalog, &scenario[i], err));
        if (cli_is_given(call, "seed")) scenario[i]->run.seed = (int64_t)cli_seed(call);
        if (scenario[i]->forecast.lesions)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = scenario[i]->path, .key = "forecast"}),
                                 "a forecast of real scans cannot be compared; take the section out");
    }
    COLEY_TRY(coley_compare_check((const coley_scenario *const *)scenario, n, err));
    for (size_t i = 0; i < n; i++) {
        coley_session *made;
        COLEY_TRY(coley_session_prepare(call->arena, scenario[i], models, catalog, &made, err));
        session[i] = made;
    }
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    COLEY_TRY(coley_compare_run(call->arena, session, n, &options, compared, err));
    cli_progress_end();
    if (out) COLEY_TRY(write_folder(call, compared, n, err));
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_compare_terminal(call->arena, compared, n, 1, &text, err));
    if (out) coley_text_addf(&text, "\nResults are in %s; compare.html there is for reading.\n", out);
    return cli_print(&text, err);
}

static const char *const examples[] = {
    "coley compare untreated.yaml pembrolizumab.yaml combination.yaml --out compared",
    "The same person three ways; open compared/compare.html in a browser.",
    NULL,
};

const cli_command cli_command_compare = {
    .name = "compare",
    .topic = "Runs",
    .summary = "Compare treatments: one person under several scenarios, side by side",
    .arguments = "SCENARIO SCENARIO...",
    .argument_kind = CLI_FILE,
    .min_arguments = 2,
    .max_arguments = COLEY_COMPARE_MAX,
    .description =
        "Each scenario is run on the same person: patient, cancer, tumours and seed must be the same in all; what is "
        "given, when, and what biology is loaded may differ. The table has the person's own course and, of virtual "
        "people who share all that is known of the person, how many of 100 respond.\n\n"
        "With --out the folder holds compare.csv, compare.html and compare.json.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_compare,
};
