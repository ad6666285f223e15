/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_counts.c -- rows by one write each at the end of the file. */
#include "io/tissue_counts.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const states[3] = {"live", "apoptotic", "necrotic"};

/* A cell of text: quoted if it must be. */
static void add_name(coley_text *out, const char *name, const char *more)
{
    const int quote = strpbrk(name, ",\"\n\r") != NULL;
    if (quote) coley_text_addf(out, "\"");
    for (const char *p = name; *p; p++) {
        if (*p == '"') coley_text_add(out, p, 1);
        coley_text_add(out, p, 1);
    }
    coley_text_addf(out, "%s%s", more, quote ? "\"" : "");
}

static void add_header(coley_text *out, const coley_tissue_frame *f)
{
    coley_text_addf(out, "time_min,cells");
    for (size_t t = 0; t < f->n_types; t++)
        for (int s = 0; s < 3; s++) {
            coley_text_addf(out, ",");
            coley_text tail = {.arena = out->arena};
            coley_text_addf(&tail, " %s", states[s]);
            add_name(out, f->type[t].name, tail.failed ? "" : tail.data);
        }
    for (size_t k = 0; k < f->n_fields; k++) {
        coley_text_addf(out, ",");
        add_name(out, f->field[k].name, " mean");
    }
    coley_text_addf(out, "\n");
}

/* Length of the part of an older table that stays: whole rows before that time, if the header is ours; else 0. */
static size_t kept_length(const char *old, const coley_text *header, double from_min)
{
    if (strncmp(old, header->data, header->length)) return 0;
    size_t length = header->length;
    for (const char *row = old + length, *end; (end = strchr(row, '\n')); row = end + 1) {
        char *stop;
        const double time_min = strtod(row, &stop);
        if (*stop != ',' || !(time_min < from_min)) break;
        length = (size_t)(end + 1 - old);
    }
    return length;
}

static coley_status fail(const coley_tissue_counts *counts, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = counts->path}), "cannot write: %s", strerror(errno));
}

/* All of it, or the file stays as it was. */
static coley_status append(coley_tissue_counts *counts, const coley_text *row, coley_error *err)
{
    for (size_t n = 0; n < row->length;) {
        const ssize_t put = write(counts->fd, row->data + n, row->length - n);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            const coley_status status = fail(counts, err);
            if (ftruncate(counts->fd, (off_t)counts->length)) return status;
            return status;
        }
        n += (size_t)put;
    }
    counts->length += row->length;
    return COLEY_OK;
}

coley_status coley_tissue_counts_open(coley_arena *arena, const coley_tissue_frame *frame, const char *path,
                                      double from_min, coley_tissue_counts *counts, coley_error *err)
{
    *counts =
        (coley_tissue_counts){.path = coley_arena_text(arena, path, strlen(path)), .fd = -1, .row = {.arena = arena}};
    coley_text header = {.arena = arena};
    add_header(&header, frame);
    if (header.failed || !counts->path) return COLEY_FAIL_MEMORY(err);
    if (from_min > -INFINITY && !access(path, F_OK)) {
        char *old = NULL;
        size_t length = 0;
        COLEY_TRY(coley_file_read(arena, path, (size_t)1 << 30, &old, &length, err));
        counts->length = kept_length(old, &header, from_min);
        if (!counts->length && strncmp(old, header.data, length))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path, .line = 1}),
                                 "the columns are not those of this model (%.60s...); name another file", header.data);
    }
    counts->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (counts->fd < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}), "cannot create: %s", strerror(errno));
    coley_status status = ftruncate(counts->fd, (off_t)counts->length) ? fail(counts, err) : COLEY_OK;
    if (status == COLEY_OK && !counts->length) status = append(counts, &header, err);
    if (status != COLEY_OK) coley_tissue_counts_close(counts);
    return status;
}

coley_status coley_tissue_counts_add(coley_tissue_counts *counts, const coley_tissue_frame *f, coley_error *err)
{
    size_t n[256][3] = {{0}};
    coley_text *row = &counts->row;
    row->length = 0;
    for (size_t i = 0; i < f->n_cells; i++) n[f->type_of[i]][f->death[i] < 3 ? f->death[i] : 0]++;
    coley_text_addf(row, "%.10g,%zu", f->time_min, f->n_cells);
    for (size_t t = 0; t < f->n_types; t++) coley_text_addf(row, ",%zu,%zu,%zu", n[t][0], n[t][1], n[t][2]);
    const size_t n_voxels = f->n_voxels[0] * f->n_voxels[1] * f->n_voxels[2];
    for (size_t k = 0; k < f->n_fields; k++) {
        double sum = 0;
        for (size_t v = 0; v < n_voxels; v++) sum += (double)f->field[k].value[v];
        coley_text_addf(row, ",%.7g", n_voxels ? sum / (double)n_voxels : NAN);
    }
    coley_text_addf(row, "\n");
    return row->failed ? COLEY_FAIL_MEMORY(err) : append(counts, row, err);
}

void coley_tissue_counts_close(coley_tissue_counts *counts)
{
    if (counts->fd >= 0) close(counts->fd);
    counts->fd = -1;
}
