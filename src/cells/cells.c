/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.c -- names of types and regions. */
#include "cells/cells.h"

#include <string.h>

static const char *const type_names[] = {
#define COLEY_CELL_TYPE_TEXT(name, text) text,
    COLEY_CELL_TYPE_LIST(COLEY_CELL_TYPE_TEXT)
#undef COLEY_CELL_TYPE_TEXT
};

const char *coley_cell_type_name(coley_cell_kind type)
{
    return type < COLEY_CELL_TYPE_COUNT ? type_names[type] : "?";
}

int coley_cell_type_find(const char *name)
{
    for (int i = 0; i < COLEY_CELL_TYPE_COUNT; i++)
        if (strcmp(name, type_names[i]) == 0) return i;
    return -1;
}

const char *coley_cell_region_name(coley_cell_region region)
{
    static const char *const names[] = {"outside", "tumour", "stroma"};
    return region < COLEY_REGION_COUNT ? names[region] : "?";
}
