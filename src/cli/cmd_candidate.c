/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_candidate.c -- coley candidate: rules, cautions, scores and simulated chances for one person. */
#include "base/data.h"
#include "cli/assay.h"
#include "io/folder.h"
#include "run/candidate.h"

static coley_status write_folder(cli_call *call, const coley_candidate *candidate, coley_error *err)
{
    coley_text json = {.arena = call->arena}, csv = {.arena = call->arena}, page = {.arena = call->arena};
    coley_candidate_json(candidate, &json);
    coley_candidate_csv(candidate, &csv);
    coley_candidate_page(candidate, &page);
    if (json.failed || csv.failed || page.failed) return COLEY_FAIL_MEMORY(err);
    const coley_folder_file file[] = {{"candidate.json", json.data, json.length},
                                      {"candidate.csv", csv.data, csv.length},
                                      {"report.html", page.data, page.length}};
    cli_writing_begin();
    const coley_status status =
        coley_folder_write(call->arena, cli_text(call, "out"), file, 3, "candidate.json", cli_flag(call, "force"), err);
    cli_writing_end();
    return status;
}

static coley_status run_candidate(cli_call *call, coley_error *err)
{
    coley_candidate_request request = {.path = call->argument[0],
                                       .biomarkers = cli_text(call, "biomarkers"),
                                       .simulate = !cli_flag(call, "rules-only") && !cli_flag(call, "dry-run"),
                                       .n_threads = cli_threads(call),
                                       .progress = cli_progress(call)};
    const char *out = cli_text(call, "out");
    coley_candidate *candidate;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &request.models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &request.catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, "candidate.json", cli_flag(call, "force"), err));
    const coley_status status = coley_candidate_run(call->arena, &request, &candidate, err);
    cli_progress_end();
    COLEY_TRY(status);
    if (out && !cli_flag(call, "dry-run")) COLEY_TRY(write_folder(call, candidate, err));
    if (cli_flag(call, "json"))
        coley_candidate_json(candidate, &text);
    else
        coley_candidate_words(candidate, cli_flag(call, "all"), &text);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {
    {"all", 'a', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "List the rules that are not met too, each with why."},
    CLI_BIOMARKERS_OPTION,
    {"rules-only", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Rules, cautions and scores; simulate nothing."},
    {0}};

static const char *const examples[] = {
    "coley candidate examples/07-candidate/patient.yaml --out results",
    "The ranked list; open results/report.html in a browser.",
    "coley candidate patient.yaml --rules-only --all",
    "Every rule with the condition that it fails.",
    NULL,
};

const cli_command cli_command_candidate = {
    .name = "candidate",
    .topic = "Patients",
    .summary = "Hold a person against label rules, cautions and scores",
    .arguments = "PATIENT",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "PATIENT is a scenario with a history section. Each therapy's rule is met, not met or not known, and then it "
        "says which test would settle it. Rules that are met come first, by the chance of response: simulated where "
        "the model has the therapy and the cancer, published otherwise. Grade 3-4 events are published figures. "
        "Cautions, LORIS and other scores, what drives each number and what is not known follow.\n\n"
        "--out writes candidate.json, candidate.csv and report.html.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_JSON | CLI_TAKES_THREADS,
    .run = run_candidate,
};
