/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figures.h -- figures that another program computed: lines "name value" of a file in tests/data. "NA" reads as NaN. */
#ifndef COLEY_TESTS_FIGURES_H
#define COLEY_TESTS_FIGURES_H

#include <stdlib.h>

#include "base/text.h"
#include "support/check.h"

typedef struct figures {
    char *text;
    size_t looked_up;
} figures;

static inline figures figures_read(coley_arena *arena, const char *path)
{
    figures f = {0};
    size_t length;
    coley_error err = {0};
    if (coley_file_read(arena, path, 16 << 20, &f.text, &length, &err) != COLEY_OK) {
        printf("# %s\n", err.text);
        exit(1);
    }
    return f;
}

/* The figure of that name; a name that is not there ends the test. */
static inline double figure(figures *f, const char *name)
{
    const size_t length = strlen(name);
    for (char *line = f->text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (strncmp(line, name, length) != 0 || line[length] != ' ') continue;
        f->looked_up++;
        return strncmp(line + length + 1, "NA", 2) == 0 ? NAN : strtod(line + length + 1, NULL);
    }
    printf("# there is no figure \"%s\"\n", name);
    exit(1);
}

#endif
