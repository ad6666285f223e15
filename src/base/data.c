/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c -- see data.h. The build gives COLEY_SOURCE_DATA and COLEY_INSTALL_DATA. */
#include "base/data.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "/usr/bin/coley" gives "/usr/share/coley"; NULL when there is no memory, "" when the program cannot be found. */
static const char *beside_program(coley_arena *arena)
{
    char program[4096];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return "";
    program[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (!slash) return "";
        *slash = '\0';
    }
    return coley_arena_printf(arena, "%s/share/coley", program);
}

static int has(coley_arena *arena, const char *folder, const char *name)
{
    const char *path = coley_arena_printf(arena, "%s/%s", folder, name);
    return path && access(path, R_OK) == 0;
}

/* A data folder is one that holds facts or models. */
static int is_data(coley_arena *arena, const char *folder)
{
    return *folder && (has(arena, folder, "catalog") || has(arena, folder, "models"));
}

coley_status coley_data_path(coley_arena *arena, const char *name, const char **path, coley_error *err)
{
    const char *chosen = getenv("COLEY_DATA");
    const char *folders[] = {chosen, beside_program(arena), COLEY_SOURCE_DATA, COLEY_INSTALL_DATA};
    if (!folders[1]) return COLEY_FAIL_MEMORY(err);
    if (chosen && *chosen && !is_data(arena, chosen))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.key = "COLEY_DATA"},
                             "%s holds neither catalog nor models; set it to the folder that does", chosen);
    for (size_t i = chosen && *chosen ? 0 : 1; i < sizeof folders / sizeof *folders; i++) {
        if (!is_data(arena, folders[i])) continue;
        *path = coley_arena_printf(arena, *name ? "%s/%s" : "%s", folders[i], name);
        if (!*path) return COLEY_FAIL_MEMORY(err);
        if (access(*path, R_OK) == 0) return COLEY_OK;
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = *path},
                             "not there; is the installation complete?");
    }
    return COLEY_FAIL(err, COLEY_ERR_IO,
                      "no folder with Coley's models: looked in %.200s, %.200s and %.200s; set COLEY_DATA to it",
                      folders[1], COLEY_SOURCE_DATA, COLEY_INSTALL_DATA);
}
