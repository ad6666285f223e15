/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c -- the table of commands, and the options that they share. A new command is one row here. */
#include "cli/cli.h"

#include <string.h>

#define COMMAND_LIST(X)                                                                                                \
    X(run)                                                                                                             \
    X(population)                                                                                                      \
    X(explain)                                                                                                         \
    X(studio)                                                                                                          \
    X(compare)                                                                                                         \
    X(forecast)                                                                                                        \
    X(candidate)                                                                                                       \
    X(response)                                                                                                        \
    X(assay_panel)                                                                                                     \
    X(assay_tmb)                                                                                                       \
    X(assay_neoantigen)                                                                                                \
    X(assay_pdl1)                                                                                                      \
    X(assay_infiltrate)                                                                                                \
    X(assay_expression)                                                                                                \
    X(assay_sites)                                                                                                     \
    X(assay_msi)                                                                                                       \
    X(trial_run)                                                                                                       \
    X(trial_people)                                                                                                    \
    X(trial_optimise)                                                                                                  \
    X(trial_sensitivity)                                                                                               \
    X(calibrate)                                                                                                       \
    X(survival)                                                                                                        \
    X(power)                                                                                                           \
    X(tissue_run)                                                                                                      \
    X(tissue_check)                                                                                                    \
    X(tissue_seed)                                                                                                     \
    X(model_check)                                                                                                     \
    X(model_show)                                                                                                      \
    X(model_page)                                                                                                      \
    X(model_simulate)                                                                                                  \
    X(model_convert)                                                                                                   \
    X(help)                                                                                                            \
    X(version)                                                                                                         \
    X(man)                                                                                                             \
    X(completion)

#define COMMAND_EXTERN(name) extern const cli_command cli_command_##name;
COMMAND_LIST(COMMAND_EXTERN)

#define COMMAND_ROW(name) &cli_command_##name,
const cli_command *const cli_commands[] = {COMMAND_LIST(COMMAND_ROW) NULL};

const cli_option cli_shared[] = {
    {"out", 'o', CLI_FOLDER, "DIR", NULL, NULL, 0, 0, 0, CLI_TAKES_OUT,
     "Write the results into this folder, which is made. Nothing is written anywhere else."},
    {"force", 'f', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_TAKES_OUT,
     "Write over files that are already there. Without it they are left alone and the command fails."},
    {"dry-run", 'n', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_TAKES_OUT,
     "Check everything, say what would be done, and write nothing."},
    {"seed", 's', CLI_SEED, "N", NULL, "1", 0, 0, 0, CLI_TAKES_SEED,
     "Seed of the random numbers: the same seed gives the same files, byte for byte. \"random\" draws one and prints "
     "it."},
    {"threads", 't', CLI_INTEGER, "N", NULL, NULL, 1, 1024, 0, CLI_TAKES_THREADS,
     "Threads to compute with; every core unless given. The results do not depend on it."},
    {"progress", 0, CLI_CHOICE, "HOW", "auto|bar|lines|json|none", "auto", 0, 0, 0, CLI_TAKES_THREADS,
     "How to show progress on standard error: a bar (auto does so on a terminal, for work of more than a second), a "
     "line "
     "every 10 %, one JSON object a line, or not at all."},
    {"json", 'j', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_TAKES_JSON,
     "Print JSON for programs in place of text for people."},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_ALWAYS, "Say nothing on standard error but errors."},
    {"verbose", 'v', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_ALWAYS, "Say more on standard error."},
    {"no-color", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_ALWAYS,
     "No colour, as when NO_COLOR is set or the output is not a terminal."},
    {"help", 'h', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_ALWAYS, "Explain the command."},
    {"version", 'V', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, CLI_ALWAYS, "Print the version."},
    {0},
};

const cli_command *cli_find(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0) return cli_commands[i];
    return NULL;
}

int cli_is_family(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; cli_commands[i]; i++)
        if (length && strncmp(cli_commands[i]->name, name, length) == 0 && cli_commands[i]->name[length] == ' ')
            return 1;
    return 0;
}

const cli_option *cli_option_at(const cli_command *command, size_t i)
{
    if (command->options)
        for (const cli_option *o = command->options; o->name; o++)
            if (i-- == 0) return o;
    for (const cli_option *o = cli_shared; o->name; o++)
        if ((o->group & (command->groups | CLI_ALWAYS)) && i-- == 0) return o;
    return NULL;
}

const char *const *cli_choices(coley_arena *arena, const char *choices)
{
    size_t n = 1;
    for (const char *p = choices; *p; p++) n += *p == '|';
    const char **list = COLEY_NEW(arena, const char *, n + 1);
    if (!list) return NULL;
    for (size_t i = 0; i < n; i++) {
        const size_t length = strcspn(choices, "|");
        if (!(list[i] = coley_arena_text(arena, choices, length))) return NULL;
        choices += length + 1;
    }
    return list;
}
