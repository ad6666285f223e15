/* SPDX-License-Identifier: GPL-3.0-or-later */
/* anndata.c -- the on-disk format that anndata documents ("On-disk format", encoding versions 0.1.0 of the container
 * and 0.2.0 of its parts), element by element. Failures are gathered in one flag and said once: there is nothing to do
 * about one of HDF5's but to look at the disk. */
#include "io/anndata.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/colours.h"
#include "io/hdf5_make.h"

typedef struct writer {
    coley_arena *scratch;
    const coley_tissue_frame *f;
    hid_t file;
    int bad, no_memory;
    const char *listed[24]; /* columns of the table that is being written */
    size_t n_listed;
} writer;

static void encode(writer *w, hid_t at, const char *type, const char *version)
{
    if (at < 0 || coley_hdf5_note(at, "encoding-type", type) || coley_hdf5_note(at, "encoding-version", version))
        w->bad = 1;
}

static hid_t open_group(writer *w, hid_t at, const char *name, const char *type, const char *version)
{
    const hid_t group = coley_hdf5_group(at, name);
    encode(w, group, type, version);
    return group;
}

static void close_group(hid_t group)
{
    if (group >= 0) H5Gclose(group);
}

static void put(writer *w, hid_t at, const char *name, hid_t stored, hid_t given, int rank, const hsize_t *shape,
                const void *value, const char *type)
{
    if (w->bad || w->no_memory) return;
    const hid_t set = coley_hdf5_set(at, name, stored, given, rank, shape, value);
    encode(w, set, type, "0.2.0");
    if (set >= 0) H5Dclose(set);
}

static void list(writer *w, const char *name)
{
    if (w->n_listed < sizeof w->listed / sizeof *w->listed) w->listed[w->n_listed++] = name;
}

static void *room(writer *w, size_t size, size_t n)
{
    void *p = coley_arena_array(w->scratch, size, n);
    if (!p) w->no_memory = 1;
    return p;
}

static void put_texts(writer *w, hid_t at, const char *name, const char *const *text, size_t n)
{
    const hid_t type = coley_hdf5_text_type();
    const hsize_t shape[1] = {n};
    put(w, at, name, type, type, 1, shape, text, "string-array");
    H5Tclose(type);
}

static void put_text(writer *w, hid_t at, const char *name, const char *text)
{
    const hid_t type = coley_hdf5_text_type();
    if (text) put(w, at, name, type, type, 0, NULL, &text, "string");
    H5Tclose(type);
}

static void put_number(writer *w, hid_t at, const char *name, double value)
{
    put(w, at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, NULL, &value, "numeric-scalar");
}

/* Columns of obs; a NULL one is not there. */
static void put_floats(writer *w, hid_t at, const char *name, const float *value)
{
    const hsize_t shape[1] = {w->f->n_cells};
    if (!value) return;
    put(w, at, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 1, shape, value, "array");
    list(w, name);
}

static void put_bytes(writer *w, hid_t at, const char *name, const uint8_t *value)
{
    const hsize_t shape[1] = {w->f->n_cells};
    if (!value) return;
    put(w, at, name, H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, shape, value, "array");
    list(w, name);
}

static void put_category(writer *w, hid_t at, const char *name, const char *const *category, size_t n_categories,
                         const uint8_t *code, size_t n)
{
    const hsize_t shape[1] = {n};
    const hid_t group = open_group(w, at, name, "categorical", "0.2.0"), flag = coley_hdf5_bool_type();
    const hid_t space = H5Screate(H5S_SCALAR),
                ordered = H5Acreate2(group, "ordered", flag, space, H5P_DEFAULT, H5P_DEFAULT);
    const int8_t no = 0;
    if (ordered < 0 || H5Awrite(ordered, flag, &no) < 0) w->bad = 1;
    if (ordered >= 0) H5Aclose(ordered);
    H5Sclose(space);
    H5Tclose(flag);
    put_texts(w, group, "categories", category, n_categories);
    /* Signed, since a code of -1 is a missing value there. */
    put(w, group, "codes", H5T_STD_I16LE, H5T_NATIVE_UINT8, 1, shape, code, "array");
    close_group(group);
    list(w, name);
}

/* The names of the rows, and what makes a group a table. */
static void close_table(writer *w, hid_t group, const char *const *row_name, size_t n)
{
    put_texts(w, group, "_index", row_name, n);
    if (group < 0 || coley_hdf5_note(group, "_index", "_index") ||
        coley_hdf5_note_list(group, "column-order", w->listed, w->n_listed))
        w->bad = 1;
    close_group(group);
    w->n_listed = 0;
}

static const char **cell_names(writer *w)
{
    const size_t n = w->f->n_cells;
    const char **name = room(w, sizeof *name, n);
    char *text = room(w, 12, n);
    if (!name || !text) return NULL;
    for (size_t i = 0; i < n; i++) {
        name[i] = text + 12 * i;
        snprintf(text + 12 * i, 12, "%u", w->f->id[i]);
    }
    return name;
}

static void put_obs(writer *w)
{
    const coley_tissue_frame *f = w->f;
    static const char *const states[3] = {"live", "apoptotic", "necrotic"};
    const char **name = cell_names(w), **type = room(w, sizeof *type, f->n_types);
    float *radius = room(w, sizeof *radius, f->n_cells);
    int8_t *dead = room(w, 1, f->n_cells);
    if (w->no_memory) return;
    for (size_t t = 0; t < f->n_types; t++) type[t] = f->type[t].name;
    for (size_t i = 0; i < f->n_cells; i++) {
        radius[i] = (float)coley_frame_radius_um((double)f->volume_um3[i]);
        dead[i] = f->death[i] != COLEY_FRAME_LIVE;
    }
    const hsize_t shape[1] = {f->n_cells};
    const hid_t obs = open_group(w, w->file, "obs", "dataframe", "0.2.0"), flag = coley_hdf5_bool_type();
    put_category(w, obs, "cell_type", type, f->n_types, f->type_of, f->n_cells);
    put_category(w, obs, "state", states, 3, f->death, f->n_cells);
    put(w, obs, "dead", flag, flag, 1, shape, dead, "array");
    list(w, "dead");
    H5Tclose(flag);
    put_floats(w, obs, "total_volume", f->volume_um3);
    put_floats(w, obs, "nuclear_volume", f->nuclear_volume_um3);
    put_floats(w, obs, "radius", radius);
    put_floats(w, obs, "fluid_fraction", f->fluid_fraction);
    put_floats(w, obs, "calcified_fraction", f->calcified_fraction);
    put_bytes(w, obs, "cycle_model", f->cycle_code);
    put_bytes(w, obs, "current_phase", f->phase_code);
    put_floats(w, obs, "elapsed_time_in_phase", f->elapsed_min);
    put_floats(w, obs, "pressure", f->pressure);
    put_floats(w, obs, "damage", f->damage);
    put_floats(w, obs, "total_attack_time", f->attack_time_min);
    close_table(w, obs, name, f->n_cells);
}

static void put_var(writer *w)
{
    const coley_tissue_frame *f = w->f;
    static const char *const kinds[2] = {"field", "cell"};
    const size_t n = f->n_fields + f->n_columns;
    const char **name = room(w, sizeof *name, n), **unit = room(w, sizeof *unit, n);
    uint8_t *kind = room(w, 1, n);
    if (w->no_memory) return;
    for (size_t k = 0; k < n; k++) {
        kind[k] = k >= f->n_fields;
        name[k] = kind[k] ? coley_frame_column_name(w->scratch, &f->column[k - f->n_fields]) : f->field[k].name;
        unit[k] = kind[k] ? f->column[k - f->n_fields].unit : f->field[k].unit;
        if (!unit[k]) unit[k] = "";
        if (!name[k]) w->no_memory = 1;
    }
    const hid_t var = open_group(w, w->file, "var", "dataframe", "0.2.0");
    put_category(w, var, "kind", kinds, 2, kind, n);
    put_texts(w, var, "unit", unit, n);
    list(w, "unit");
    close_table(w, var, name, n);
}

static void put_x(writer *w)
{
    const coley_tissue_frame *f = w->f;
    const size_t n = f->n_fields + f->n_columns;
    float *x = room(w, sizeof *x, n * f->n_cells);
    if (!x) return;
    for (size_t i = 0; i < f->n_cells; i++) {
        const size_t voxel = f->n_fields ? coley_frame_voxel(f, i) : 0;
        for (size_t k = 0; k < f->n_fields; k++) x[i * n + k] = f->field[k].value[voxel];
        for (size_t k = 0; k < f->n_columns; k++)
            x[i * n + f->n_fields + k] = f->column[k].value ? f->column[k].value[i] : 0.0F;
    }
    const hsize_t shape[2] = {f->n_cells, n};
    put(w, w->file, "X", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 2, shape, x, "array");
}

static void put_places(writer *w)
{
    const coley_tissue_frame *f = w->f;
    const size_t n = f->plane || !f->z_um ? 2 : 3;
    float *at = room(w, sizeof *at, n * f->n_cells);
    if (!at) return;
    for (size_t i = 0; i < f->n_cells; i++) {
        at[n * i] = f->x_um[i];
        at[n * i + 1] = f->y_um[i];
        if (n == 3) at[n * i + 2] = f->z_um[i];
    }
    const hsize_t shape[2] = {f->n_cells, n};
    const hid_t obsm = open_group(w, w->file, "obsm", "dict", "0.1.0");
    put(w, obsm, "spatial", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 2, shape, at, "array");
    close_group(obsm);
}

static void put_uns(writer *w)
{
    const coley_tissue_frame *f = w->f;
    const char **colour = room(w, sizeof *colour, f->n_types);
    char *text = room(w, 8, f->n_types);
    if (w->no_memory) return;
    for (size_t t = 0; t < f->n_types; t++) {
        const coley_rgb c = coley_colour_of_type(f, t, 0);
        colour[t] = text + 8 * t;
        snprintf(text + 8 * t, 8, "#%02x%02x%02x", c.r, c.g, c.b);
    }
    const hid_t uns = open_group(w, w->file, "uns", "dict", "0.1.0");
    put_number(w, uns, "time_min", f->time_min);
    put_number(w, uns, "frame", (double)f->number);
    put_text(w, uns, "program", f->program);
    put_text(w, uns, "seed", f->seed_text);
    put_text(w, uns, "source", f->source);
    put_texts(w, uns, "cell_type_colors", colour, f->n_types);
    close_group(uns);
}

static void put_all(writer *w)
{
    static const char *const empty[4] = {"layers", "varm", "obsp", "varp"};
    encode(w, w->file, "anndata", "0.1.0");
    put_x(w);
    put_obs(w);
    put_var(w);
    put_places(w);
    put_uns(w);
    for (int i = 0; i < 4; i++) close_group(open_group(w, w->file, empty[i], "dict", "0.1.0"));
}

coley_status coley_anndata_write(coley_arena *scratch, const coley_tissue_frame *frame, const char *path,
                                 coley_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    const coley_hdf5_quiet quiet = coley_hdf5_hush();
    writer w = {.scratch = scratch, .f = frame, .file = coley_hdf5_create()};
    w.bad = w.file < 0;
    if (!w.bad) put_all(&w);
    coley_status status = COLEY_OK;
    if (w.no_memory)
        status = COLEY_FAIL_MEMORY(err);
    else if (w.bad)
        status = COLEY_FAIL_AT(err, COLEY_ERR_RUN, ((coley_place){.file = path}), "HDF5 could not make the file");
    else
        status = coley_hdf5_image(scratch, w.file, &bytes, &length, err);
    if (w.file >= 0) H5Fclose(w.file);
    coley_hdf5_unhush(quiet);
    return status == COLEY_OK ? coley_file_write(path, bytes, length, err) : status;
}
