/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unfinished.h -- the folder beside --out in which long work is kept until it is done, for commands with --resume. */
#ifndef COLEY_CLI_UNFINISHED_H
#define COLEY_CLI_UNFINISHED_H

#include "cli/cli.h"

typedef struct cli_unfinished {
    const char *folder;      /* --out with ".unfinished" behind it */
    const char *from, *mark; /* folder to go on from, and its file that says what the work is; NULL: nothing is there */
} cli_unfinished;

/* Without --resume an interrupted piece of work is an error, unless --force is given; with it, `from` is that piece, or
 * the finished folder. */
COLEY_MUST_CHECK coley_status cli_unfinished_find(cli_call *call, const char *making_mark, const char *made_mark,
                                                  cli_unfinished *unfinished, coley_error *err);

/* Make the folder, unless work goes on in it. */
COLEY_MUST_CHECK coley_status cli_unfinished_make(const cli_unfinished *unfinished, const char *making_mark,
                                                  coley_error *err);

#endif
