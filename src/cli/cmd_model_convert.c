/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_convert.c -- coley model convert: Antimony to SBML and back. */
#include "cli/cmd_model.h"

#include <string.h>
#include <sys/stat.h>

#include "io/emit.h"
#include "model/convert.h"

static int ends_in(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* The language that is asked for, or that the file's name ends in. */
static coley_status choose(const cli_call *call, const char *file, int *sbml, coley_error *err)
{
    const char *to = cli_text(call, "to");
    if (to)
        *sbml = strcmp(to, "sbml") == 0;
    else if (file && (ends_in(file, ".xml") || ends_in(file, ".sbml")))
        *sbml = 1;
    else if (file && (ends_in(file, ".ant") || ends_in(file, ".txt")))
        *sbml = 0;
    else
        return COLEY_FAIL_AT(err, COLEY_ERR_ARG, ((coley_place){.file = file}),
                             "which language? Give --to antimony or --to sbml, or a file ending in .ant or .xml");
    return COLEY_OK;
}

static coley_status run_model_convert(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_text text = {.arena = call->arena}, told = {.arena = call->arena};
    const char *file = cli_text(call, "out");
    struct stat info;
    int sbml = 0;
    COLEY_TRY(choose(call, file, &sbml, err));
    if (file && !cli_flag(call, "overwrite") && stat(file, &info) == 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = file}),
                             "is already there; --overwrite replaces it");
    COLEY_TRY(cli_read_model(call, &model, err));
    COLEY_TRY(sbml ? coley_convert_sbml(call->arena, model.network, &text, err)
                   : coley_convert_antimony(call->arena, model.network, &text, err));
    if (!file) return cli_print(&text, err);
    cli_writing_begin();
    const coley_status status = coley_file_write(file, text.data, text.length, err);
    cli_writing_end();
    if (status != COLEY_OK || !cli_flag(call, "json")) return status;
    coley_emit emit = {.out = &told, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "file", file);
    coley_emit_text(&emit, "language", sbml ? "sbml" : "antimony");
    coley_emit_integer(&emit, "bytes", (int64_t)text.length);
    coley_emit_end(&emit);
    return cli_print(&told, err);
}

static const cli_option options[] = {
    {.name = "out",
     .letter = 'o',
     .kind = CLI_FILE,
     .value = "FILE",
     .help = "Write here in place of standard output; .xml and .sbml mean SBML, .ant and .txt Antimony."},
    {.name = "to",
     .kind = CLI_CHOICE,
     .value = "LANGUAGE",
     .choices = "antimony|sbml",
     .help = "The language to write."},
    {.name = "overwrite", .kind = CLI_FLAG, .help = "The file of --out may be there already."},
    CLI_MODEL_OPTIONS,
    {0},
};

static const char *const examples[] = {
    "coley model convert mymodel.ant --out mymodel.xml",
    "Give the model to other programs as SBML.",
    "coley model convert models/patient --lesions 2 --to antimony | less",
    "Read the whole patient model as one file.",
    NULL,
};

const cli_command cli_command_model_convert = {
    .name = "model convert",
    .topic = "Models",
    .summary = "Write a model as SBML or as Antimony",
    .arguments = "FILE...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description =
        "SBML is Level 3 Version 2. Submodels and functions are written out; L1.T8 becomes L1__T8 and keeps its name "
        "as "
        "its title. What is written computes the same as what was read. Spreads and sources stay as //! comments in "
        "Antimony and become notes in SBML; layout, annotations and constraints are not carried "
        "over.\n\n" CLI_MODEL_FILES,
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_model_convert,
};
