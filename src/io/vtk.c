/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vtk.c -- "VTK File Formats" of VTK's documentation: the header in XML says at which byte of the appended data each
 * array begins; there stand its length as a 64-bit number and its values, little endian. */
#include "io/vtk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/whole_file.h"
#include "io/emit.h"

typedef enum kind { FLOAT_32, UINT_8, INT_32, UINT_32, INT_64 } kind;

static const struct {
    const char *name;
    size_t size;
} kinds[] = {{"Float32", 4}, {"UInt8", 1}, {"Int32", 4}, {"UInt32", 4}, {"Int64", 8}};

/* An array of n x width values: straight from memory if width is 1 and `value` given, else made by `make`, which fills
 * one tuple. */
typedef struct array {
    const char *name;
    kind kind;
    size_t n, width;
    const void *value[3];
    void (*make)(const coley_tissue_frame *f, size_t i, void *tuple);
} array;

static void make_radius(const coley_tissue_frame *f, size_t i, void *tuple)
{
    const float radius = (float)coley_frame_radius_um((double)f->volume_um3[i]);
    memcpy(tuple, &radius, sizeof radius);
}

static void make_type(const coley_tissue_frame *f, size_t i, void *tuple)
{
    const int32_t id = f->type[f->type_of[i]].id;
    memcpy(tuple, &id, sizeof id);
}

static void make_index(const coley_tissue_frame *f, size_t i, void *tuple)
{
    (void)f;
    const int64_t index = (int64_t)i;
    memcpy(tuple, &index, sizeof index);
}

static void make_end(const coley_tissue_frame *f, size_t i, void *tuple)
{
    make_index(f, i + 1, tuple);
}

static void make_vertex(const coley_tissue_frame *f, size_t i, void *tuple)
{
    (void)f;
    (void)i;
    *(uint8_t *)tuple = 1; /* VTK_VERTEX */
}

static size_t length_of(const array *a)
{
    return a->n * a->width * kinds[a->kind].size;
}

static void add_array(coley_text *out, const array *a, size_t *offset)
{
    coley_text_addf(out, "        <DataArray type=\"%s\" Name=\"", kinds[a->kind].name);
    coley_text_add_escaped(out, a->name);
    coley_text_addf(out, "\" NumberOfComponents=\"%zu\" format=\"appended\" offset=\"%zu\"/>\n", a->width, *offset);
    *offset += 8 + length_of(a);
}

/* Values of three columns as triples; a NULL column is zeros. */
static void make_triple(const array *a, size_t i, float tuple[3])
{
    for (size_t k = 0; k < 3; k++) tuple[k] = a->value[k] ? ((const float *)a->value[k])[i] : 0.0F;
}

static void put_array(coley_whole_file *file, const coley_tissue_frame *f, const array *a)
{
    const uint64_t length = length_of(a);
    const size_t step = a->width * kinds[a->kind].size;
    coley_whole_file_put(file, &length, sizeof length);
    if (a->width == 1 && !a->make) {
        coley_whole_file_put(file, a->value[0], length);
        return;
    }
    for (size_t i = 0; i < a->n; i++) {
        float tuple[3] = {0};
        if (a->make)
            a->make(f, i, tuple);
        else
            make_triple(a, i, tuple);
        coley_whole_file_put(file, tuple, step);
    }
}

static void add_time(coley_text *out, const coley_tissue_frame *f, int types)
{
    coley_text_addf(out,
                    "    <FieldData>\n      <DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" "
                    "format=\"ascii\">%.17g</DataArray>\n",
                    f->time_min);
    if (types && f->n_types) { /* names as codes of their bytes, each ended by 0 */
        coley_text_addf(
            out, "      <Array type=\"String\" Name=\"cell_type_names\" NumberOfTuples=\"%zu\" format=\"ascii\">",
            f->n_types);
        for (size_t t = 0; t < f->n_types; t++) {
            for (const char *p = f->type[t].name; *p; p++) coley_text_addf(out, "%u ", (unsigned char)*p);
            coley_text_addf(out, "0 ");
        }
        coley_text_addf(out, "</Array>\n");
    }
    coley_text_addf(out, "    </FieldData>\n");
}

static coley_status write_file(const coley_tissue_frame *f, const coley_text *head, const array *const *part,
                               const size_t *n_part, size_t n_parts, const char *path, coley_error *err)
{
    coley_whole_file file;
    if (head->failed) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    coley_whole_file_put(&file, head->data, head->length);
    for (size_t p = 0; p < n_parts; p++)
        for (size_t i = 0; i < n_part[p]; i++) put_array(&file, f, &part[p][i]);
    static const char tail[] = "\n  </AppendedData>\n</VTKFile>\n";
    coley_whole_file_put(&file, tail, sizeof tail - 1);
    return coley_whole_file_keep(&file, err);
}

static void add_head(coley_text *out, const char *type)
{
    coley_text_addf(out,
                    "<?xml version=\"1.0\"?>\n<VTKFile type=\"%s\" version=\"1.0\" byte_order=\"LittleEndian\" "
                    "header_type=\"UInt64\">\n  <%s",
                    type, type);
}

enum { CELL_ARRAYS = 16 };

/* What is known of every cell; `a` has room for CELL_ARRAYS and the columns. */
static size_t list_cells(coley_arena *scratch, const coley_tissue_frame *f, array *a)
{
    const size_t n = f->n_cells;
    const struct {
        const char *name;
        const float *value;
    } plain[] = {{"total_volume", f->volume_um3},
                 {"nuclear_volume", f->nuclear_volume_um3},
                 {"pressure", f->pressure},
                 {"damage", f->damage},
                 {"elapsed_time_in_phase", f->elapsed_min}};
    size_t k = 0;
    a[k++] = (array){"radius", FLOAT_32, n, 1, {NULL}, make_radius};
    a[k++] = (array){"cell_type", INT_32, n, 1, {NULL}, make_type};
    a[k++] = (array){"state", UINT_8, n, 1, {f->death}, NULL}; /* 0 live, 1 apoptotic, 2 necrotic */
    a[k++] = (array){"ID", UINT_32, n, 1, {f->id}, NULL};
    if (f->cycle_code) a[k++] = (array){"cycle_model", UINT_8, n, 1, {f->cycle_code}, NULL};
    if (f->phase_code) a[k++] = (array){"current_phase", UINT_8, n, 1, {f->phase_code}, NULL};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i].value) a[k++] = (array){plain[i].name, FLOAT_32, n, 1, {plain[i].value}, NULL};
    if (f->velocity_x)
        a[k++] = (array){"velocity", FLOAT_32, n, 3, {f->velocity_x, f->velocity_y, f->velocity_z}, NULL};
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = coley_frame_column_name(scratch, &f->column[i]);
        if (!name) return 0;
        if (f->column[i].value) a[k++] = (array){name, FLOAT_32, n, 1, {f->column[i].value}, NULL};
    }
    return k;
}

static coley_status write_cells(coley_arena *scratch, const coley_tissue_frame *f, const char *path, coley_error *err)
{
    array *data = COLEY_NEW(scratch, array, CELL_ARRAYS + f->n_columns);
    const size_t n_data = data ? list_cells(scratch, f, data) : 0;
    if (!n_data) return COLEY_FAIL_MEMORY(err);
    const array points = {"Points", FLOAT_32, f->n_cells, 3, {f->x_um, f->y_um, f->z_um}, NULL};
    const array cells[3] = {{"connectivity", INT_64, f->n_cells, 1, {NULL}, make_index},
                            {"offsets", INT_64, f->n_cells, 1, {NULL}, make_end},
                            {"types", UINT_8, f->n_cells, 1, {NULL}, make_vertex}};
    coley_text head = {.arena = scratch};
    size_t offset = 0;
    add_head(&head, "UnstructuredGrid");
    coley_text_addf(&head, ">\n");
    add_time(&head, f, 1);
    coley_text_addf(&head, "    <Piece NumberOfPoints=\"%zu\" NumberOfCells=\"%zu\">\n      <Points>\n", f->n_cells,
                    f->n_cells);
    add_array(&head, &points, &offset);
    coley_text_addf(&head, "      </Points>\n      <Cells>\n");
    for (int i = 0; i < 3; i++) add_array(&head, &cells[i], &offset);
    coley_text_addf(&head, "      </Cells>\n      <PointData Scalars=\"cell_type\">\n");
    for (size_t i = 0; i < n_data; i++) add_array(&head, &data[i], &offset);
    coley_text_addf(&head, "      </PointData>\n    </Piece>\n  </UnstructuredGrid>\n"
                           "  <AppendedData encoding=\"raw\">\n_");
    const array *const part[3] = {&points, cells, data};
    const size_t n_part[3] = {1, 3, n_data};
    return write_file(f, &head, part, n_part, 3, path, err);
}

static coley_status write_fields(coley_arena *scratch, const coley_tissue_frame *f, const char *path, coley_error *err)
{
    array *data = COLEY_NEW(scratch, array, f->n_fields);
    if (!data) return COLEY_FAIL_MEMORY(err);
    const size_t *n = f->n_voxels;
    coley_text head = {.arena = scratch};
    size_t offset = 0;
    add_head(&head, "ImageData");
    coley_text_addf(
        &head, " WholeExtent=\"0 %zu 0 %zu 0 %zu\" Origin=\"%.17g %.17g %.17g\" Spacing=\"%.17g %.17g %.17g\">\n", n[0],
        n[1], n[2], f->low_um[0], f->low_um[1], f->low_um[2], f->voxel_um[0], f->voxel_um[1], f->voxel_um[2]);
    add_time(&head, f, 0);
    coley_text_addf(&head, "    <Piece Extent=\"0 %zu 0 %zu 0 %zu\">\n      <CellData>\n", n[0], n[1], n[2]);
    for (size_t k = 0; k < f->n_fields; k++) {
        data[k] = (array){f->field[k].name, FLOAT_32, n[0] * n[1] * n[2], 1, {f->field[k].value}, NULL};
        add_array(&head, &data[k], &offset);
    }
    coley_text_addf(&head, "      </CellData>\n    </Piece>\n  </ImageData>\n  <AppendedData encoding=\"raw\">\n_");
    const array *const part[1] = {data};
    return write_file(f, &head, part, &f->n_fields, 1, path, err);
}

/* The list of a series with this frame at its end. One line a frame, by this very function. */
static coley_status list_frame(coley_arena *scratch, const coley_tissue_frame *f, const char *folder, const char *stem,
                               const char *ending, coley_error *err)
{
    static const char head[] = "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" "
                               "byte_order=\"LittleEndian\">\n  <Collection>\n";
    static const char line_head[] = "    <DataSet timestep=\"";
    const char *path = coley_arena_printf(scratch, "%s/%s.pvd", folder, stem);
    if (!path) return COLEY_FAIL_MEMORY(err);
    coley_text out = {.arena = scratch};
    coley_text_addf(&out, "%s", head);
    if (!access(path, F_OK)) {
        char *old = NULL, *number = NULL;
        size_t length = 0, frame = 0;
        COLEY_TRY(coley_file_read(scratch, path, (size_t)256 << 20, &old, &length, err));
        for (char *line = old, *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            if (strncmp(line, line_head, sizeof line_head - 1) || !(number = strstr(line, "file=\""))) continue;
            number += 6 + strlen(stem);
            if (strlen(number) >= 8 && sscanf(number, "%zu", &frame) == 1 && frame < f->number)
                coley_text_addf(&out, "%s\n", line);
        }
    }
    coley_text_addf(&out, "%s%.17g\" group=\"\" part=\"0\" file=\"%s%08zu.%s\"/>\n  </Collection>\n</VTKFile>\n",
                    line_head, f->time_min, stem, f->number, ending);
    if (out.failed) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, out.data, out.length, err);
}

coley_status coley_vtk_write(coley_arena *scratch, const coley_tissue_frame *frame, const char *folder,
                             coley_error *err)
{
    const char *cells = coley_arena_printf(scratch, "%s/cells%08zu.vtu", folder, frame->number);
    const char *fields = coley_arena_printf(scratch, "%s/fields%08zu.vti", folder, frame->number);
    if (!cells || !fields) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(write_cells(scratch, frame, cells, err));
    COLEY_TRY(write_fields(scratch, frame, fields, err));
    COLEY_TRY(list_frame(scratch, frame, folder, "cells", "vtu", err));
    return list_frame(scratch, frame, folder, "fields", "vti", err);
}
