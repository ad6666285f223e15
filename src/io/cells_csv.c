/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells_csv.c -- one row a cell, nine digits a number: what a float holds comes back the same. */
#include "io/cells_csv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/whole_file.h"

/* Rows are handed to the file in pieces of about this size. */
enum { PIECE_BYTES = 1 << 16 };

/* RFC 4180: quotes around what holds a comma, a quote or a line break. */
static void add_field(coley_text *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        coley_text_addf(out, "%s", text);
        return;
    }
    coley_text_addf(out, "\"");
    for (const char *p = text; *p; p++) coley_text_addf(out, *p == '"' ? "\"\"" : "%c", *p);
    coley_text_addf(out, "\"");
}

static void add_head(coley_arena *scratch, const coley_tissue_frame *f, coley_text *out)
{
    coley_text_addf(out, "x,y,z,type,state,volume,ID");
    for (size_t k = 0; k < f->n_columns; k++) {
        const char *name = coley_frame_column_name(scratch, &f->column[k]);
        out->failed |= !name;
        coley_text_addf(out, ",");
        if (name) add_field(out, name);
    }
    coley_text_addf(out, "\n");
}

static void add_row(const coley_tissue_frame *f, size_t i, coley_text *out)
{
    static const char *const state[] = {"live", "apoptotic", "necrotic"};
    coley_text_addf(out, "%.9g,%.9g,%.9g,", (double)f->x_um[i], (double)f->y_um[i], f->z_um ? (double)f->z_um[i] : 0.0);
    add_field(out, f->type[f->type_of[i]].name);
    coley_text_addf(out, ",%s,%.9g,%u", state[f->death[i]], (double)f->volume_um3[i], f->id[i]);
    for (size_t k = 0; k < f->n_columns; k++) coley_text_addf(out, ",%.9g", (double)f->column[k].value[i]);
    coley_text_addf(out, "\n");
}

coley_status coley_cells_csv_write(coley_arena *scratch, const coley_tissue_frame *f, const char *folder,
                                   coley_error *err)
{
    const char *path = coley_arena_printf(scratch, "%s/cells%08zu.csv", folder, f->number);
    coley_text out = {.arena = scratch};
    coley_whole_file file;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    add_head(scratch, f, &out);
    for (size_t i = 0; i < f->n_cells && !out.failed; i++) {
        add_row(f, i, &out);
        if (out.length < PIECE_BYTES || out.failed) continue;
        coley_whole_file_put(&file, out.data, out.length);
        out.length = 0;
    }
    if (out.failed) {
        coley_whole_file_drop(&file);
        return COLEY_FAIL_MEMORY(err);
    }
    coley_whole_file_put(&file, out.data, out.length);
    return coley_whole_file_keep(&file, err);
}
