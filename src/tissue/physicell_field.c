/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_field.c -- microenvironment_setup: substrates, what is held at the faces, values at the start. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/rows.h"
#include "tissue/physicell_parts.h"

static coley_status read_faces(physicell_reader *r, coley_xml *variable, coley_substrate *s)
{
    static const char *const face[COLEY_FACE_COUNT] = {"xmin", "xmax", "ymin", "ymax", "zmin", "zmax"};
    const coley_xml *all = coley_xml_child(variable, "Dirichlet_boundary_condition");
    bool enabled = false;
    double value = 0;
    if (all) {
        COLEY_TRY(coley_settings_flag_attribute(r, all, "enabled", false, &enabled));
        COLEY_TRY(coley_settings_number(r, all, -PHYSICELL_LARGEST, PHYSICELL_LARGEST, &value));
    }
    for (int f = 0; f < COLEY_FACE_COUNT; f++) {
        s->face_fixed[f] = enabled;
        s->face_value[f] = value;
    }
    const coley_xml *options = coley_xml_child(variable, "Dirichlet_options");
    for (coley_xml *n = coley_xml_child(options, "boundary_value"); n; n = coley_xml_next(n)) {
        const char *id = coley_xml_attribute_text(n, "ID");
        int f = 0;
        while (f < COLEY_FACE_COUNT && (!id || strcmp(id, face[f]) != 0)) f++;
        if (f == COLEY_FACE_COUNT)
            return PHYSICELL_FAIL(r, n, "ID=\"%.40s\" is none of xmin, xmax, ymin, ymax, zmin, zmax", id ? id : "");
        COLEY_TRY(coley_settings_flag_attribute(r, n, "enabled", false, &s->face_fixed[f]));
        if (*n->text || s->face_fixed[f])
            COLEY_TRY(coley_settings_number(r, n, -PHYSICELL_LARGEST, PHYSICELL_LARGEST, &s->face_value[f]));
    }
    return COLEY_OK;
}

static coley_status read_supply(physicell_reader *r, const coley_xml *supply, coley_substrate *s)
{
    coley_xml *n;
    if (!supply) return COLEY_OK;
    COLEY_TRY(coley_settings_need(r, supply, "rate", &n));
    COLEY_TRY(coley_settings_number(r, n, 0, 1e12, &s->supply_per_min));
    COLEY_TRY(coley_settings_need(r, supply, "target", &n));
    return coley_settings_number(r, n, 0, PHYSICELL_LARGEST, &s->supply_target);
}

static coley_status read_variable(physicell_reader *r, coley_xml *n, coley_substrate *s)
{
    const char *name = coley_xml_attribute_text(n, "name"), *unit = coley_xml_attribute_text(n, "units");
    coley_xml *set, *diffusion, *decay;
    if (!name || !*name) return PHYSICELL_FAIL(r, n, "has no name=\"...\"");
    if (coley_settings_substrate(r, name) >= 0) return PHYSICELL_FAIL(r, n, "a substrate of this name stands above");
    *s = (coley_substrate){.name = name, .unit = unit ? unit : ""};
    COLEY_TRY(coley_settings_need(r, n, "physical_parameter_set", &set));
    COLEY_TRY(coley_settings_need(r, set, "diffusion_coefficient", &diffusion));
    COLEY_TRY(coley_settings_need(r, set, "decay_rate", &decay));
    COLEY_TRY(coley_settings_number(r, diffusion, 0, 1e12, &s->diffusion_um2_per_min));
    COLEY_TRY(coley_settings_number(r, decay, 0, 1e12, &s->decay_per_min));
    COLEY_TRY(
        coley_settings_child_number(r, n, "initial_condition", -PHYSICELL_LARGEST, PHYSICELL_LARGEST, &s->initial));
    COLEY_TRY(read_faces(r, n, s));
    return read_supply(r, coley_xml_child(n, "bulk_supply"), s);
}

/* PhysiCell holds faces only when some substrate is held as a whole: without that, single faces do nothing. */
static void drop_lone_faces(physicell_reader *r, const coley_xml *setup)
{
    bool any = false, lone = false;
    for (coley_xml *n = coley_xml_child(setup, "variable"); n; n = coley_xml_next(n)) {
        bool enabled = false;
        const char *text = coley_xml_attribute_text(coley_xml_child(n, "Dirichlet_boundary_condition"), "enabled");
        any = any || (text && coley_settings_flag_text(text, &enabled) && enabled);
    }
    if (any) return;
    for (size_t i = 0; i < r->model->n_substrates; i++)
        for (int f = 0; f < COLEY_FACE_COUNT; f++) {
            lone = lone || r->substrate[i].face_fixed[f];
            r->substrate[i].face_fixed[f] = false;
        }
    if (lone)
        coley_settings_note(r, r->path, setup->line,
                            "faces of Dirichlet_options are held only when some Dirichlet_boundary_condition "
                            "is enabled, as in PhysiCell; here none is, so no face is held");
}

coley_status coley_settings_read_substrates(physicell_reader *r)
{
    coley_xml *setup = coley_xml_child(r->root, "microenvironment_setup");
    r->substrate = COLEY_NEW(r->arena, coley_substrate, COLEY_TISSUE_SUBSTRATES_MAX);
    if (!r->substrate) return COLEY_FAIL_MEMORY(r->err);
    r->model->substrate = r->substrate;
    for (coley_xml *n = coley_xml_child(setup, "variable"); n; n = coley_xml_next(n)) {
        if (r->model->n_substrates == COLEY_TISSUE_SUBSTRATES_MAX)
            return PHYSICELL_FAIL(r, n, "more than %d substrates", COLEY_TISSUE_SUBSTRATES_MAX);
        COLEY_TRY(read_variable(r, n, &r->substrate[r->model->n_substrates]));
        r->model->n_substrates++;
    }
    drop_lone_faces(r, setup);
    const coley_xml *options = coley_xml_child(setup, "options");
    COLEY_TRY(coley_settings_child_flag(r, options, "calculate_gradients", &r->model->gradients));
    return coley_settings_child_flag(r, options, "track_internalized_substrates_in_each_agent",
                                     &r->model->track_internal);
}

/* --- tables of values by place ---------------------------------------------------------------------------------- */

typedef struct place_table {
    physicell_reader *r;
    coley_rows rows;
    int substrate[COLEY_TISSUE_SUBSTRATES_MAX]; /* of each column after x, y, z */
    size_t n_columns;
    bool header;
} place_table;

static bool begins_with_x(const coley_rows *rows)
{
    return *rows->cell[0] == 'x' || *rows->cell[0] == 'X';
}

static coley_status name_columns(place_table *t)
{
    physicell_reader *r = t->r;
    const coley_rows *rows = &t->rows;
    if (rows->n_cells < 4 || rows->n_cells > 3 + r->model->n_substrates)
        return COLEY_ROWS_FAIL(rows, NULL, r->err,
                               "%zu columns; the table has x, y, z and one for each of up to %zu "
                               "substrates",
                               rows->n_cells, r->model->n_substrates);
    t->n_columns = rows->n_cells - 3;
    t->header = begins_with_x(rows);
    for (size_t i = 0; i < t->n_columns; i++) {
        t->substrate[i] = t->header ? coley_settings_substrate(r, rows->cell[3 + i]) : (int)i;
        if (t->substrate[i] < 0)
            return COLEY_ROWS_FAIL(rows, NULL, r->err, "there is no substrate \"%.60s\"", rows->cell[3 + i]);
    }
    return COLEY_OK;
}

static coley_status read_place(place_table *t, double at[3])
{
    static const char *const axis[] = {"x", "y", "z"};
    if (t->rows.n_cells < 3 || t->rows.n_cells > 3 + t->n_columns)
        return COLEY_ROWS_FAIL(&t->rows, NULL, t->r->err, "%zu cells; this table has %zu columns", t->rows.n_cells,
                               3 + t->n_columns);
    for (size_t a = 0; a < 3; a++) COLEY_TRY(coley_rows_number(&t->rows, a, axis[a], -1e7, 1e7, &at[a], t->r->err));
    return COLEY_OK;
}

static size_t voxel_at(const coley_tissue_model *m, const size_t n[3], const double at[3])
{
    size_t voxel = 0;
    for (int a = 2; a >= 0; a--) {
        double i = (at[a] - m->low_um[a]) / m->voxel_um[a];
        if (i < 0 || (m->plane && a == 2)) i = 0;
        if (i > (double)(n[a] - 1)) i = (double)(n[a] - 1);
        voxel = voxel * n[a] + (size_t)i;
    }
    return voxel;
}

typedef struct start_table {
    place_table table;
    size_t n[3], n_seen, n_all;
    bool *seen;
    float *field[COLEY_TISSUE_SUBSTRATES_MAX]; /* by column */
} start_table;

/* When the columns are known. */
static coley_status start_fields(start_table *s)
{
    physicell_reader *r = s->table.r;
    coley_tissue_model *m = r->model;
    coley_tissue_model_voxels(m, s->n);
    s->n_all = s->n[0] * s->n[1] * s->n[2];
    s->seen = COLEY_NEW(r->arena, bool, s->n_all);
    if (!s->seen) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < s->table.n_columns; i++) {
        s->field[i] = COLEY_NEW(r->arena, float, s->n_all);
        if (!s->field[i]) return COLEY_FAIL_MEMORY(r->err);
        m->start_field[s->table.substrate[i]] = s->field[i];
    }
    for (size_t i = 0; i < m->n_substrates; i++) {
        if (m->start_field[i]) continue;
        if (r->substrate[i].initial != 0)
            coley_settings_note(r, s->table.rows.file, s->table.rows.line,
                                "\"%s\" has no column and so begins with 0, as in "
                                "PhysiCell, not with its initial_condition",
                                r->substrate[i].name);
        r->substrate[i].initial = 0;
    }
    return COLEY_OK;
}

static coley_status start_row(start_table *s)
{
    const coley_rows *rows = &s->table.rows;
    coley_error *err = s->table.r->err;
    double at[3], value;
    COLEY_TRY(read_place(&s->table, at));
    const size_t voxel = voxel_at(s->table.r->model, s->n, at);
    if (s->seen[voxel]) return COLEY_ROWS_FAIL(rows, NULL, err, "a line above is of the same voxel already");
    s->seen[voxel] = true;
    s->n_seen++;
    for (size_t i = 0; i < s->table.n_columns; i++) {
        COLEY_TRY(coley_rows_number(rows, 3 + i, s->table.r->substrate[s->table.substrate[i]].name, -1e30, 1e30, &value,
                                    err));
        s->field[i][voxel] = (float)value;
    }
    return COLEY_OK;
}

static coley_status check_count(const start_table *s, const char *path)
{
    if (s->n_seen == s->n_all && s->n_all) return COLEY_OK;
    return COLEY_FAIL_AT(s->table.r->err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                         "values for %zu voxels, but the domain has %zu; write a line for each", s->n_seen, s->n_all);
}

static coley_status read_start(physicell_reader *r, const char *path)
{
    start_table *s = COLEY_NEW(r->arena, start_table, 1);
    if (!s) return COLEY_FAIL_MEMORY(r->err);
    s->table.r = r;
    COLEY_TRY(coley_rows_read(r->arena, path, &s->table.rows, r->err));
    bool more;
    for (bool first = true;; first = false) {
        COLEY_TRY(coley_rows_next(&s->table.rows, &more, r->err));
        if (!more) break;
        if (first) {
            COLEY_TRY(name_columns(&s->table));
            COLEY_TRY(start_fields(s));
        }
        if (!first || !s->table.header) COLEY_TRY(start_row(s));
    }
    return check_count(s, path);
}

/* --- a matrix in MATLAB's form of level 4 ------------------------------------------------------------------------ */

typedef struct matrix {
    const char *path, *data;
    uint32_t n_rows, n_columns;
    size_t width; /* bytes of a number: 4 or 8 */
} matrix;

/* Five whole numbers, the name, then the columns one after another, little-endian. */
static coley_status open_matrix(physicell_reader *r, matrix *a)
{
    char *bytes;
    size_t length;
    uint32_t head[5];
    const coley_place place = {.file = a->path};
    COLEY_TRY(coley_file_read(r->arena, a->path, COLEY_ROWS_MAX_BYTES, &bytes, &length, r->err));
    if (length < sizeof head) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place, "%zu bytes are no matrix", length);
    memcpy(head, bytes, sizeof head);
    if ((head[0] != 0 && head[0] != 10) || head[3] != 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place,
                             "not a full matrix of real numbers in MATLAB's level 4; save it with -v4");
    a->width = head[0] == 10 ? sizeof(float) : sizeof(double);
    a->n_rows = head[1];
    a->n_columns = head[2];
    const double whole = (double)a->n_rows * a->n_columns * (double)a->width + sizeof head + head[4];
    if (whole > (double)length)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place, "%zu bytes, but %u x %u numbers need %.0f", length,
                             a->n_rows, a->n_columns, whole);
    a->data = bytes + sizeof head + head[4];
    return COLEY_OK;
}

static double number_at(const matrix *a, size_t row, size_t column)
{
    const char *at = a->data + (column * a->n_rows + row) * a->width;
    float narrow;
    double wide;
    if (a->width == sizeof narrow) return memcpy(&narrow, at, sizeof narrow), (double)narrow;
    memcpy(&wide, at, sizeof wide);
    return wide;
}

/* One row a voxel: x, y, z, then every substrate. */
static coley_status read_start_matrix(physicell_reader *r, const char *path)
{
    matrix a = {.path = path};
    start_table *s = COLEY_NEW(r->arena, start_table, 1);
    if (!s) return COLEY_FAIL_MEMORY(r->err);
    const size_t n = r->model->n_substrates;
    *s = (start_table){.table = {.r = r, .rows = {.file = path}, .n_columns = n}};
    for (size_t i = 0; i < n; i++) s->table.substrate[i] = (int)i;
    COLEY_TRY(open_matrix(r, &a));
    COLEY_TRY(start_fields(s));
    if (a.n_columns != 3 + n || a.n_rows != s->n_all)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                             "a matrix of %u x %u; it has a row for each of %zu voxels and %zu columns", a.n_rows,
                             a.n_columns, s->n_all, 3 + n);
    for (size_t row = 0; row < a.n_rows; row++) {
        double x[3 + COLEY_TISSUE_SUBSTRATES_MAX];
        for (size_t i = 0; i < 3 + n; i++) {
            x[i] = number_at(&a, row, i);
            if (!(fabs(x[i]) <= (i < 3 ? 1e7 : 1e30)))
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                                     "row %zu, column %zu is %g", row + 1, i + 1, x[i]);
        }
        const size_t voxel = voxel_at(r->model, s->n, x);
        s->n_seen += !s->seen[voxel];
        s->seen[voxel] = true;
        for (size_t i = 0; i < n; i++) s->field[i][voxel] = (float)x[3 + i];
    }
    return check_count(s, path);
}

/* --- voxels that are held ---------------------------------------------------------------------------------------- */

static coley_status read_fixed(physicell_reader *r, const char *path)
{
    place_table t = {.r = r};
    coley_fixed_voxel *fixed = NULL;
    size_t n = 0, cap = 0;
    bool more;
    COLEY_TRY(coley_rows_read(r->arena, path, &t.rows, r->err));
    for (bool first = true;; first = false) {
        COLEY_TRY(coley_rows_next(&t.rows, &more, r->err));
        if (!more) break;
        if (first) COLEY_TRY(name_columns(&t));
        if (first && t.header) continue;
        double at[3];
        COLEY_TRY(read_place(&t, at));
        for (size_t i = 0; i < t.n_columns && 3 + i < t.rows.n_cells; i++) {
            if (!*t.rows.cell[3 + i]) continue; /* not held */
            if (!COLEY_RESERVE(r->arena, fixed, cap, n + 1)) return COLEY_FAIL_MEMORY(r->err);
            coley_fixed_voxel *v = &fixed[n++];
            *v = (coley_fixed_voxel){.substrate = t.substrate[i], .at_um = {at[0], at[1], at[2]}};
            COLEY_TRY(
                coley_rows_number(&t.rows, 3 + i, r->substrate[v->substrate].name, -1e30, 1e30, &v->value, r->err));
        }
    }
    r->model->fixed_voxel = fixed;
    r->model->n_fixed_voxels = n;
    return COLEY_OK;
}

typedef coley_status table_reader(physicell_reader *r, const char *path);

/* A table named by an element of options, if it is enabled. */
static coley_status read_table(physicell_reader *r, coley_xml *node, table_reader *csv, table_reader *matlab)
{
    bool enabled;
    if (!node) return COLEY_OK;
    COLEY_TRY(coley_settings_flag_attribute(r, node, "enabled", false, &enabled));
    coley_xml_see_all(node);
    if (!enabled) return COLEY_OK;
    const char *type = coley_xml_attribute_text(node, "type"), *path;
    table_reader *read = type && strcasecmp(type, "csv") == 0 ? csv : NULL;
    if (type && strcmp(type, "matlab") == 0) read = matlab;
    if (!read)
        return coley_settings_refuse(r, coley_settings_place(r, node),
                                     "a table of type \"%.40s\" is not supported; write it as csv", type ? type : "");
    if (r->options.without_files) return COLEY_OK;
    COLEY_TRY(coley_settings_file(r, node, &path));
    return read(r, path);
}

coley_status coley_settings_read_start_values(physicell_reader *r)
{
    const coley_xml *options = coley_xml_child(coley_xml_child(r->root, "microenvironment_setup"), "options");
    COLEY_TRY(read_table(r, coley_xml_child(options, "initial_condition"), read_start, read_start_matrix));
    return read_table(r, coley_xml_child(options, "dirichlet_nodes"), read_fixed, NULL);
}
