/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_page.c -- coley model page: a mechanism file as a page for people, with a figure. */
#include "cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/data.h"
#include "run/mechanism_page.h"

typedef struct request {
    const char *folder, *catalog, *pages, *root;
    coley_mechanisms all;
} request;

/* "anti_pd1", or a file: its folder and its name without ".ant". */
static coley_status split(cli_call *call, const char *argument, const char **folder, const char **id, coley_error *err)
{
    const char *slash = strrchr(argument, '/'), *name = slash ? slash + 1 : argument;
    const size_t length = strlen(name);
    const int is_file = length > 4 && !strcmp(name + length - 4, ".ant");
    *folder = NULL;
    if (slash && !is_file)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = argument}),
                             "is neither the name of a mechanism of models/patient nor a file NAME.ant");
    if (is_file && !(*folder = slash ? coley_arena_text(call->arena, argument, (size_t)(slash - argument)) : "."))
        return COLEY_FAIL_MEMORY(err);
    if (!(*id = coley_arena_text(call->arena, name, length - (is_file ? 4 : 0)))) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

static coley_status read_folder(cli_call *call, request *r, const char *folder, coley_error *err)
{
    if (!folder) COLEY_TRY(coley_data_path(call->arena, "models/patient", &folder, err));
    if (r->folder && !strcmp(r->folder, folder)) return COLEY_OK;
    r->folder = folder;
    return coley_mechanisms_read(call->arena, folder, r->catalog, &r->all, err);
}

static coley_status write_text(cli_call *call, const request *r, const char *id, const char *ending,
                               const coley_text *text, coley_error *err)
{
    const char *path = coley_arena_printf(call->arena, "%s/%s%s", r->pages, id, ending);
    if (!path) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, text->data, text->length, err);
}

static coley_status write_page(cli_call *call, const request *r, size_t i, coley_error *err)
{
    coley_text text = {.arena = call->arena}, svg = {.arena = call->arena};
    const char *id = r->all.file[i].id, *figure = coley_arena_printf(call->arena, "%s.svg", id);
    const char *path = r->pages ? coley_arena_printf(call->arena, "%s/%s", r->pages, figure ? figure : "") : NULL;
    coley_mechanism_page_options options = {.root = r->root};
    if (!figure || (r->pages && !path)) return COLEY_FAIL_MEMORY(err);
    if (r->pages && cli_flag(call, "figures")) {
        COLEY_TRY(coley_mechanism_figure(call->arena, &r->all, i, r->catalog, &svg, err));
        COLEY_TRY(write_text(call, r, id, ".svg", &svg, err));
    }
    if (path && !access(path, R_OK)) {
        options.figure = figure;
        COLEY_TRY(coley_mechanism_caption(call->arena, &r->all, i, r->catalog, &options.caption, err));
    }
    COLEY_TRY(coley_mechanism_page(call->arena, &r->all, i, &options, &text, err));
    return r->pages ? write_text(call, r, id, ".md", &text, err) : cli_print(&text, err);
}

static coley_status write_all(cli_call *call, request *r, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    COLEY_TRY(read_folder(call, r, NULL, err));
    for (size_t i = 0; i < r->all.n; i++) COLEY_TRY(write_page(call, r, i, err));
    COLEY_TRY(coley_mechanism_contents(call->arena, &r->all, &text, err));
    return write_text(call, r, "README", ".md", &text, err);
}

static coley_status run_model_page(cli_call *call, coley_error *err)
{
    request r = {.pages = cli_text(call, "pages"), .root = cli_text(call, "root")};
    if (!r.pages && (cli_flag(call, "figures") || !call->n_arguments))
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--pages"}),
                             "is missing: name the folder for %s", call->n_arguments ? "the figures" : "all pages");
    COLEY_TRY(coley_data_path(call->arena, "catalog", &r.catalog, err));
    if (r.pages && mkdir(r.pages, 0777) != 0 && errno != EEXIST)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = r.pages}, "cannot make the folder: %s",
                             strerror(errno));
    if (!call->n_arguments) return write_all(call, &r, err);
    for (size_t i = 0; i < call->n_arguments; i++) {
        const char *folder, *id;
        COLEY_TRY(split(call, call->argument[i], &folder, &id, err));
        COLEY_TRY(read_folder(call, &r, folder, err));
        const ptrdiff_t at = coley_mechanisms_find(&r.all, id);
        if (at < 0) {
            const char **names = COLEY_NEW(call->arena, const char *, r.all.n);
            if (!names) return COLEY_FAIL_MEMORY(err);
            for (size_t k = 0; k < r.all.n; k++) names[k] = r.all.file[k].id;
            const char *near = coley_text_nearest(id, names, r.all.n);
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = r.folder}),
                                 "there is no mechanism '%.60s' here%s%s%s", id, near ? "; did you mean '" : "",
                                 near ? near : "", near ? "'?" : "");
        }
        COLEY_TRY(write_page(call, &r, (size_t)at, err));
    }
    return COLEY_OK;
}

static const cli_option options[] = {
    {.name = "pages",
     .kind = CLI_FOLDER,
     .value = "DIR",
     .help = "Write NAME.md for each mechanism into this folder, which is made; without a name, all of models/patient "
             "and a README.md that lists them. A NAME.svg that is there is shown."},
    {.name = "figures",
     .kind = CLI_FLAG,
     .help = "Also simulate each mechanism, as models/patient/figures.yaml says, and draw it as NAME.svg."},
    {.name = "root",
     .kind = CLI_TEXT,
     .value = "PATH",
     .help = "From the pages to the folder that holds models and catalog: with it, names become links."},
    {0},
};

static const char *const examples[] = {
    "coley model page oncolytic_virus | less",
    "Read about a mechanism of the patient.",
    "coley model page --pages pages --figures",
    "Write a page and a figure for every mechanism.",
    NULL,
};

const cli_command cli_command_model_page = {
    .name = "model page",
    .topic = "Models",
    .summary = "Print a page about a mechanism, from its file",
    .arguments = "[MECHANISM...]",
    .argument_kind = CLI_FILE,
    .max_arguments = -1,
    .description =
        "MECHANISM is a name in models/patient (\"anti_pd1\") or a file NAME.ant; the other files of its folder say "
        "what "
        "passes between them. The page is Markdown: what the file's head says, states, equations as they are written, "
        "parameters with value, unit, spread between people and source, the numbers of each drug of its class, and the "
        "names that it takes from other files and gives to them.",
    .examples = examples,
    .options = options,
    .run = run_model_page,
};
