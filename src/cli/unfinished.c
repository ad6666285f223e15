/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unfinished.c -- see unfinished.h. */
#include "cli/unfinished.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "io/folder.h"

coley_status cli_unfinished_find(cli_call *call, const char *making_mark, const char *made_mark, cli_unfinished *u,
                                 coley_error *err)
{
    const char *out = cli_text(call, "out");
    const int resume = cli_flag(call, "resume"), force = cli_flag(call, "force");
    size_t length = strlen(out);
    while (length > 1 && out[length - 1] == '/') length--;
    *u = (cli_unfinished){.folder = coley_arena_printf(call->arena, "%.*s.unfinished", (int)length, out)};
    if (!u->folder) return COLEY_FAIL_MEMORY(err);
    const int there = coley_folder_is_ours(u->folder, making_mark);
    if (there && !force && !resume)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = u->folder}),
                             "interrupted work is there: --resume goes on with it, --force starts again");
    if (there && !force) {
        u->from = u->folder;
        u->mark = making_mark;
    } else if (resume && !force && coley_folder_is_ours(out, made_mark)) {
        u->from = out;
        u->mark = made_mark;
    }
    return COLEY_OK;
}

coley_status cli_unfinished_make(const cli_unfinished *u, const char *making_mark, coley_error *err)
{
    if (u->from == u->folder) return COLEY_OK;
    coley_folder_remove(u->folder, making_mark);
    if (mkdir(u->folder, 0777))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = u->folder}), "cannot create the folder: %s",
                             strerror(errno));
    return COLEY_OK;
}
