/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frames.c -- MultiCellDS snapshots: the XML says what the rows of the matrices are */
#include "studio/tissue_frames.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_LABELS = 512, MAX_TYPES = 256, MAX_ROWS = 100000, PHASE_APOPTOTIC = 100 };

coley_status coley_frame_matrix_open(const char *path, coley_frame_matrix *m, coley_error *err)
{
    const coley_place place = {.file = path};
    struct stat info;
    int32_t head[5];
    *m = (coley_frame_matrix){0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "can't be read: %s", strerror(errno));
    const int fits = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > (off_t)sizeof head;
    void *map = fits ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (map == MAP_FAILED) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "can't be read");
    m->map = map;
    m->length = (size_t)info.st_size;
    memcpy(head, map, sizeof head);
    const size_t rows = (size_t)(uint32_t)head[1], n = (size_t)(uint32_t)head[2], name = (size_t)(uint32_t)head[4];
    if (head[0] != 0 || rows == 0 || rows > MAX_ROWS || name > 1024 ||
        m->length != sizeof head + name + rows * n * sizeof(double)) {
        coley_frame_matrix_close(m);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is no whole matrix of doubles of MATLAB's level 4");
    }
    m->rows = rows;
    m->n = n;
    m->value = (const char *)map + sizeof head + name;
    return COLEY_OK;
}

void coley_frame_matrix_close(coley_frame_matrix *m)
{
    if (m->map) munmap(m->map, m->length);
    *m = (coley_frame_matrix){0};
}

double coley_frame_at(const coley_frame_matrix *m, size_t row, size_t column)
{
    double value;
    if (row >= m->rows || column >= m->n) return NAN;
    memcpy(&value, m->value + (column * m->rows + row) * sizeof value, sizeof value);
    return value;
}

size_t coley_frames_count(const char *out)
{
    char path[4096];
    size_t low = 0, high = 1;
    const size_t most = 1 << 20;
    for (;;) { /* frames are numbered without gaps, so that doubling and halving finds the last */
        snprintf(path, sizeof path, "%s/multicellds/output%08zu.xml", out, high - 1);
        if (access(path, R_OK) != 0 || high >= most) break;
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        snprintf(path, sizeof path, "%s/multicellds/output%08zu.xml", out, middle - 1);
        if (access(path, R_OK) == 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The first element of that name at or below `node`. */
static coley_xml *find(coley_xml *node, const char *name)
{
    for (; node; node = node->next) {
        if (!strcmp(node->name, name)) return node;
        coley_xml *inside = find(node->first, name);
        if (inside) return inside;
    }
    return NULL;
}

static size_t size_attribute(const coley_xml *node, const char *name)
{
    const char *text = coley_xml_attribute_text(node, name);
    return text ? (size_t)strtoul(text, NULL, 10) : 0;
}

static size_t count_words(const coley_xml *node)
{
    size_t n = 0;
    for (const char *p = node ? node->text : ""; *p;) {
        p += strspn(p, " \t\n");
        if (*p) n++;
        p += strcspn(p, " \t\n");
    }
    return n;
}

static coley_status read_lists(coley_arena *arena, coley_xml *root, coley_frame_head *h, coley_error *err)
{
    int *ids = COLEY_NEW(arena, int, MAX_TYPES);
    h->type = COLEY_NEW(arena, const char *, MAX_TYPES);
    h->label = COLEY_NEW(arena, coley_frame_label, MAX_LABELS);
    h->field = COLEY_NEW(arena, coley_frame_label, MAX_LABELS);
    if (!ids || !h->type || !h->label || !h->field) return COLEY_FAIL_MEMORY(err);
    h->type_id = ids;
    coley_xml *types = find(root, "cell_types"), *labels = find(root, "labels"), *variables = find(root, "variables");
    for (coley_xml *x = types ? types->first : NULL; x && h->n_types < MAX_TYPES; x = x->next) {
        ids[h->n_types] = (int)size_attribute(x, "ID");
        h->type[h->n_types++] = x->text;
    }
    for (coley_xml *x = labels ? labels->first : NULL; x && h->n_labels < MAX_LABELS; x = x->next) {
        const char *unit = coley_xml_attribute_text(x, "units");
        h->label[h->n_labels++] =
            (coley_frame_label){x->text, unit ? unit : "", size_attribute(x, "index"), size_attribute(x, "size")};
    }
    for (coley_xml *x = variables ? variables->first : NULL; x && h->n_fields < MAX_LABELS; x = x->next) {
        const char *name = coley_xml_attribute_text(x, "name"), *unit = coley_xml_attribute_text(x, "units");
        h->field[h->n_fields] = (coley_frame_label){name ? name : "", unit ? unit : "", h->n_fields, 1};
        h->n_fields++;
    }
    return COLEY_OK;
}

coley_status coley_frame_head_read(coley_arena *arena, const char *out, size_t number, coley_frame_head *h,
                                   coley_error *err)
{
    static const char *const axes[] = {"x_coordinates", "y_coordinates", "z_coordinates"};
    coley_xml *root;
    const char *path = coley_arena_printf(arena, "%s/multicellds/output%08zu.xml", out, number);
    *h = (coley_frame_head){.number = number, .folder = coley_arena_printf(arena, "%s/multicellds", out)};
    if (!path || !h->folder) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_xml_read(arena, path, &root, err));
    COLEY_TRY(read_lists(arena, root, h, err));
    const coley_xml *time = find(root, "current_time"), *box = find(root, "bounding_box");
    if (!time || !box ||
        sscanf(box->text, "%lf %lf %lf %lf %lf %lf", &h->low_um[0], &h->low_um[1], &h->low_um[2], &h->high_um[0],
               &h->high_um[1], &h->high_um[2]) != 6)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path}), "has no time or no bounding box");
    h->time_min = strtod(time->text, NULL);
    for (size_t k = 0; k < 3; k++) h->n_voxels[k] = count_words(find(root, axes[k]));
    return COLEY_OK;
}

static coley_status open_part(const coley_frame_head *h, const char *what, coley_frame_matrix *m, coley_error *err)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/output%08zu_%s.mat", h->folder, h->number, what) >= (int)sizeof path)
        return COLEY_FAIL(err, COLEY_ERR_IO, "the path is too long");
    return coley_frame_matrix_open(path, m, err);
}

coley_status coley_frame_cells_open(const coley_frame_head *h, coley_frame_matrix *cells, coley_error *err)
{
    return open_part(h, "cells", cells, err);
}

coley_status coley_frame_fields_open(const coley_frame_head *h, coley_frame_matrix *fields, coley_error *err)
{
    return open_part(h, "microenvironment0", fields, err);
}

const coley_frame_label *coley_frame_label_find(const coley_frame_label *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].name, name)) return &list[i];
    return NULL;
}

static double labelled(const coley_frame_head *h, const coley_frame_matrix *cells, const char *name, size_t cell)
{
    const coley_frame_label *label = coley_frame_label_find(h->label, h->n_labels, name);
    return label ? coley_frame_at(cells, label->row, cell) : NAN;
}

size_t coley_frame_type_of(const coley_frame_head *h, const coley_frame_matrix *cells, size_t cell)
{
    const double id = labelled(h, cells, "cell_type", cell);
    for (size_t i = 0; i < h->n_types; i++)
        if (h->type_id[i] == id) return i;
    return 0;
}

int coley_frame_state_of(const coley_frame_head *h, const coley_frame_matrix *cells, size_t cell)
{
    if (!(labelled(h, cells, "dead", cell) > 0)) return 0;
    return labelled(h, cells, "current_phase", cell) == PHASE_APOPTOTIC ? 1 : 2;
}
