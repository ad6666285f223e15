/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_table.c -- see hdf5_table.h. */
#include "io/hdf5_table.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { ROWS = 4096, CELL = 64, MOST_HEAD = 1 << 20, MOST_COLUMNS = 20000, BUFFER = 1 << 16 };

typedef struct column {
    char *name, *unit; /* unit may be NULL */
    int is_text;
    hid_t set;
    double *number; /* [ROWS] or */
    char *text;     /* [ROWS x CELL] */
} column;

typedef struct table {
    coley_arena *arena;
    const char *from, *to;
    uint64_t n_rows, written;
    size_t n_columns, at; /* at: column of the field that is read */
    column *column;
    size_t row; /* of the piece */
    char field[CELL];
    size_t length;
    hid_t file, text_type;
} table;

static coley_status bad_table(const table *t, const char *what, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_RUN, ((coley_place){.file = t->to}), "%s", what);
}

/* "T_final [cell]" */
static coley_status name_column(table *t, column *c, const char *head, size_t length, coley_error *err)
{
    const char *open = memchr(head, '[', length);
    size_t name = length;
    if (open && open > head + 1 && head[length - 1] == ']') {
        name = (size_t)(open - head) - 1;
        if (!(c->unit = coley_arena_text(t->arena, open + 1, length - name - 3))) return COLEY_FAIL_MEMORY(err);
    }
    if (!(c->name = coley_arena_text(t->arena, head, name))) return COLEY_FAIL_MEMORY(err);
    for (char *p = c->name; *p; p++)
        if (*p == '/') *p = '_';
    c->set = H5I_INVALID_HID;
    return COLEY_OK;
}

static coley_status read_head(table *t, const char *head, size_t length, coley_error *err)
{
    char *plain = COLEY_NEW(t->arena, char, length + 1);
    t->column = COLEY_NEW(t->arena, column, MOST_COLUMNS);
    if (!plain || !t->column) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    int quoted = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && head[i] == '"') {
            quoted = !quoted;
            continue;
        }
        if (i < length && (quoted || head[i] != ',')) {
            plain[n++] = head[i];
            continue;
        }
        if (t->n_columns == MOST_COLUMNS) return bad_table(t, "too many columns", err);
        COLEY_TRY(name_column(t, &t->column[t->n_columns++], plain, n, err));
        n = 0;
    }
    return COLEY_OK;
}

static int add_unit(hid_t set, const char *unit)
{
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(unit) + 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const hid_t attribute = H5Acreate2(set, "unit", type, space, H5P_DEFAULT, H5P_DEFAULT);
    const int bad = attribute < 0 || H5Awrite(attribute, type, unit) < 0;
    if (attribute >= 0) H5Aclose(attribute);
    H5Tclose(type);
    H5Sclose(space);
    return bad;
}

static coley_status start_column(table *t, column *c, coley_error *err)
{
    double number;
    t->field[t->length] = '\0';
    c->is_text = t->length && !coley_text_number(t->field, &number);
    if (c->is_text ? !(c->text = COLEY_NEW(t->arena, char, (size_t)ROWS *CELL))
                   : !(c->number = COLEY_NEW(t->arena, double, ROWS)))
        return COLEY_FAIL_MEMORY(err);
    const hsize_t shape = t->n_rows, chunk = t->n_rows < ROWS ? t->n_rows : ROWS;
    const hid_t space = H5Screate_simple(1, &shape, NULL), settings = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(settings, 0);
    H5Pset_chunk(settings, 1, &chunk);
    c->set = H5Dcreate2(t->file, c->name, c->is_text ? t->text_type : H5T_IEEE_F64LE, space, H5P_DEFAULT, settings,
                        H5P_DEFAULT);
    H5Pclose(settings);
    H5Sclose(space);
    if (c->set < 0 || (c->unit && add_unit(c->set, c->unit)))
        return bad_table(t, "HDF5 could not make a column: are there two of one name?", err);
    return COLEY_OK;
}

static coley_status end_field(table *t, coley_error *err)
{
    if (t->at == t->n_columns) return bad_table(t, "a row with too many fields", err);
    column *c = &t->column[t->at++];
    if (c->set < 0) COLEY_TRY(start_column(t, c, err));
    t->field[t->length] = '\0';
    if (c->is_text) {
        memset(c->text + t->row * CELL, 0, CELL);
        memcpy(c->text + t->row * CELL, t->field, t->length);
    } else if (!t->length)
        c->number[t->row] = NAN;
    else if (!coley_text_number(t->field, &c->number[t->row]))
        return bad_table(t, "a text in a column of numbers", err);
    t->length = 0;
    return COLEY_OK;
}

static coley_status write_piece(table *t, coley_error *err)
{
    const hsize_t first = t->written, n = t->row;
    if (!n) return COLEY_OK;
    const hid_t there = H5Screate_simple(1, &(hsize_t){t->n_rows}, NULL), here = H5Screate_simple(1, &n, NULL);
    int bad = H5Sselect_hyperslab(there, H5S_SELECT_SET, &first, NULL, &n, NULL) < 0;
    for (size_t i = 0; i < t->n_columns && !bad; i++) {
        const column *c = &t->column[i];
        bad = H5Dwrite(c->set, c->is_text ? t->text_type : H5T_NATIVE_DOUBLE, here, there, H5P_DEFAULT,
                       c->is_text ? (const void *)c->text : c->number) < 0;
    }
    H5Sclose(there);
    H5Sclose(here);
    if (bad) return bad_table(t, "HDF5 could not write: is the disk full?", err);
    t->written += n;
    t->row = 0;
    return COLEY_OK;
}

static coley_status end_row(table *t, coley_error *err)
{
    COLEY_TRY(end_field(t, err));
    if (t->at != t->n_columns) return bad_table(t, "a row with too few fields", err);
    t->at = 0;
    t->row++;
    if (t->written + t->row > t->n_rows) return bad_table(t, "too many rows", err);
    return t->row == ROWS ? write_piece(t, err) : COLEY_OK;
}

static coley_status read_rows(table *t, int file, coley_error *err)
{
    char *buffer = COLEY_NEW(t->arena, char, BUFFER);
    coley_text head = {.arena = t->arena};
    int quoted = 0;
    ssize_t n;
    if (!buffer) return COLEY_FAIL_MEMORY(err);
    while ((n = read(file, buffer, BUFFER)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            const char c = buffer[i];
            if (c == '"') quoted = !quoted;
            if (!t->n_columns) {
                if (c != '\n' || quoted)
                    coley_text_add(&head, &c, 1);
                else if (head.failed)
                    return COLEY_FAIL_MEMORY(err);
                else
                    COLEY_TRY(read_head(t, head.data, head.length, err));
                if (head.length > MOST_HEAD) return bad_table(t, "the header is too long", err);
            } else if (c == '\n' && !quoted)
                COLEY_TRY(end_row(t, err));
            else if (c == ',' && !quoted)
                COLEY_TRY(end_field(t, err));
            else if (c != '"' && t->length < CELL - 1)
                t->field[t->length++] = c;
        }
    if (n < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = t->from}), "cannot read: %s", strerror(errno));
    COLEY_TRY(write_piece(t, err));
    return t->written == t->n_rows ? COLEY_OK : bad_table(t, "rows are missing", err);
}

coley_status coley_hdf5_table_of_csv(coley_arena *arena, const char *csv_path, const char *path, uint64_t n_rows,
                                     coley_error *err)
{
    H5E_auto2_t print;
    void *print_to;
    table t = {.arena = arena, .from = csv_path, .to = path, .n_rows = n_rows};
    const int file = open(csv_path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = csv_path}), "cannot read: %s", strerror(errno));
    H5Eget_auto2(H5E_DEFAULT, &print, &print_to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* HDF5 prints its errors otherwise */
    const hid_t settings = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_obj_track_times(settings, 0);
    t.file = H5Fcreate(path, H5F_ACC_TRUNC, settings, H5P_DEFAULT);
    t.text_type = H5Tcopy(H5T_C_S1);
    H5Tset_size(t.text_type, CELL);
    H5Tset_cset(t.text_type, H5T_CSET_UTF8);
    coley_status status = t.file < 0 ? bad_table(&t, "HDF5 could not make the file", err) : read_rows(&t, file, err);
    for (size_t i = 0; i < t.n_columns; i++)
        if (t.column[i].set >= 0) H5Dclose(t.column[i].set);
    H5Tclose(t.text_type);
    if (t.file >= 0 && H5Fclose(t.file) < 0 && status == COLEY_OK) status = bad_table(&t, "HDF5 could not write", err);
    H5Pclose(settings);
    H5Eset_auto2(H5E_DEFAULT, print, print_to);
    close(file);
    return status;
}
