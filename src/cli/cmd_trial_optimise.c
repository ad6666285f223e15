/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_trial_optimise.c -- coley trial optimise: a search file, one folder of results. */
#include "base/data.h"
#include "cli/unfinished.h"
#include "io/folder.h"
#include "run/trial_search_files.h"

static const char making_mark[] = "search.json", made_mark[] = "summary.json";

typedef struct keeping {
    const char *folder; /* the unfinished one */
    char fingerprint[65];
} keeping;

static coley_status keep(void *self, const coley_search *search, coley_error *err)
{
    const keeping *k = self;
    coley_arena *arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    cli_writing_begin();
    const coley_status status = coley_search_save(arena, search, k->folder, k->fingerprint, err);
    cli_writing_end();
    coley_arena_destroy(arena);
    return status;
}

/* The unfinished folder beside the one for the results, with what was tried before. */
static coley_status take_up(cli_call *call, coley_search *search, keeping *k, coley_error *err)
{
    cli_unfinished unfinished;
    COLEY_TRY(cli_unfinished_find(call, making_mark, made_mark, &unfinished, err));
    k->folder = unfinished.folder;
    COLEY_TRY(coley_search_hash(call->arena, search->design->path, &search->space, k->fingerprint, err));
    if (unfinished.from)
        COLEY_TRY(coley_search_restore(call->arena, search, unfinished.from, unfinished.mark, k->fingerprint, err));
    COLEY_TRY(cli_unfinished_make(&unfinished, making_mark, err));
    return keep(k, search, err);
}

static coley_status write_folder(cli_call *call, const coley_search *search, const keeping *k, coley_error *err)
{
    coley_text text[4] = {
        {.arena = call->arena}, {.arena = call->arena}, {.arena = call->arena}, {.arena = call->arena}};
    coley_search_evaluations(search, &text[0]);
    coley_search_replicates(search, &text[1]);
    coley_search_summary(search, k->fingerprint, &text[2]);
    COLEY_TRY(coley_search_page(call->arena, search, &text[3], err));
    static const char *const names[] = {"evaluations.csv", "replicates.csv", "summary.json", "report.html"};
    coley_folder_file file[4];
    for (int i = 0; i < 4; i++) {
        if (text[i].failed) return COLEY_FAIL_MEMORY(err);
        file[i] = (coley_folder_file){names[i], text[i].data, text[i].length};
    }
    cli_writing_begin();
    const coley_status status = coley_folder_write(call->arena, cli_text(call, "out"), file, 4, made_mark,
                                                   cli_flag(call, "force") || cli_flag(call, "resume"), err);
    if (status == COLEY_OK) coley_folder_remove(k->folder, making_mark);
    cli_writing_end();
    return status;
}

static coley_status print_design(cli_call *call, const coley_search_design *design, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_YAML};
    coley_emit_map(&emit, NULL);
    coley_fields_write(coley_search_fields, design, &emit);
    coley_emit_end(&emit);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static coley_status run_trial_optimise(cli_call *call, coley_error *err)
{
    const char *models, *catalog, *out = cli_text(call, "out");
    const int dry = cli_flag(call, "dry-run");
    coley_search_design *design;
    coley_search *search = COLEY_NEW(call->arena, coley_search, 1);
    coley_text text = {.arena = call->arena};
    keeping k = {0};
    if (!search) return COLEY_FAIL_MEMORY(err);
    if (!out && !dry)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
            "is missing: name the folder for the results, as in coley trial optimise %.80s --out results",
            call->argument[0]);
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &catalog, err));
    if (out) COLEY_TRY(coley_folder_check(out, made_mark, cli_flag(call, "force") || cli_flag(call, "resume"), err));
    COLEY_TRY(coley_search_load(call->arena, call->argument[0], &design, err));
    if (cli_is_given(call, "seed")) design->seed = (int64_t)cli_seed(call);
    if (cli_is_given(call, "people")) design->people = cli_integer(call, "people", 100);
    if (cli_is_given(call, "evaluations")) design->evaluations = cli_integer(call, "evaluations", 40);
    COLEY_TRY(coley_search_open(call->arena, design, models, catalog, search, err));
    if (dry) return print_design(call, design, err);
    COLEY_TRY(take_up(call, search, &k, err));
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    const coley_status status = coley_search_run(call->arena, search, &options, keep, &k, err);
    cli_progress_end();
    COLEY_TRY(status);
    COLEY_TRY(write_folder(call, search, &k, err));
    coley_search_words(call->arena, search, &text);
    coley_text_addf(&text, "\nResults are in %s; report.html there is for reading.\n", out);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {
    {"evaluations", 'e', CLI_INTEGER, "N", NULL, NULL, 3, COLEY_SEARCH_MOST, 0, 0,
     "Try N designs in all in place of the file's number."},
    {"people", 'n', CLI_INTEGER, "N", NULL, NULL, 5, 1000000, 0, 0,
     "Simulate N people in each arm in place of the file's number."},
    {"resume", 'r', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Go on with an interrupted search, or with a finished one and more --evaluations; the results are those of one "
     "search without a break."},
    {0}};

static const char *const examples[] = {
    "coley trial optimise examples/26-optimise-dose/optimise.yaml --out results",
    "Dose and interval of an antibody against response and side effects.",
    "coley trial optimise optimise.yaml --out results --resume --evaluations 80",
    "Go on to eighty designs.",
    NULL,
};

const cli_command cli_command_trial_optimise = {
    .name = "trial optimise",
    .topic = "Trials",
    .summary = "Search a trial's best dose, interval, sequence or cut-off",
    .arguments = "DESIGN.yaml",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "DESIGN.yaml names a trial file, keys of it with ranges or choices, and a utility: endpoints with weights. "
        "Designs are tried one after another on the same people with the same luck, each where a Gaussian process "
        "through those tried before promises most.\n\n"
        "The folder holds evaluations.csv (every design), replicates.csv (its utility in each bootstrap replicate of "
        "the people), summary.json (the optimum, with intervals) and report.html. The best design and the one as "
        "written are compared at the end on new people.\n\n"
        "The keys of DESIGN.yaml are in docs/design-search.md. For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS,
    .run = run_trial_optimise,
};
