/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesions.c -- rows to patients, lesions and visits. */
#include "run/lesions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/csv.h"

#define DIAMETER_MAX_MM 500.0
#define DAY_MAX         20000.0

/* One row, understood. */
typedef struct row {
    size_t patient, lesion, order; /* order in the file */
    coley_measurement m;
} row;

typedef struct lesion_list {
    size_t n, cap;
    coley_lesion *lesion;
} lesion_list;

typedef struct building {
    coley_arena *arena;
    const coley_csv *csv;
    coley_error *err;
    int public_layout;
    int study, arm, patient, day, diameter, lesion, organ, nodal, role, finding;
    size_t n_patients, cap_patients, cap_lists, n_rows;
    const char **id;
    lesion_list *list;
    row *row;
    size_t n_not_evaluable, n_slots;
    size_t *slot; /* index of patients by name: number + 1 */
} building;

static coley_status find_columns(building *b)
{
    static const char *const own[] = {"patient", "day", "lesion", "organ", "diameter_mm", "finding", "role", "nodal"};
    static const char *const public_names[] = {"study", "arm", "patient", "day", "longest_diameter_mm", "censor"};
    const coley_csv *c = b->csv;
    b->public_layout = coley_csv_column(c, "longest_diameter_mm") >= 0;
    COLEY_TRY(b->public_layout ? coley_csv_expect(c, public_names, sizeof public_names / sizeof *public_names, b->err)
                               : coley_csv_expect(c, own, sizeof own / sizeof *own, b->err));
    b->study = coley_csv_column(c, "study");
    b->arm = coley_csv_column(c, "arm");
    b->patient = coley_csv_column(c, "patient");
    b->day = coley_csv_column(c, "day");
    b->diameter = coley_csv_column(c, b->public_layout ? "longest_diameter_mm" : "diameter_mm");
    b->lesion = coley_csv_column(c, "lesion");
    b->organ = coley_csv_column(c, "organ");
    b->nodal = coley_csv_column(c, "nodal");
    b->role = coley_csv_column(c, "role");
    b->finding = coley_csv_column(c, b->public_layout ? "censor" : "finding");
    static const char *const needed[] = {"patient", "day", "diameter_mm"};
    const int found[] = {b->patient, b->day, b->diameter};
    for (int i = 0; i < 3; i++)
        if (found[i] < 0)
            return COLEY_FAIL_AT(b->err, COLEY_ERR_INPUT, ((coley_place){.file = c->file, .line = 1}),
                                 "no column \"%s\"; it is needed", needed[i]);
    return COLEY_OK;
}

static size_t text_hash(const char *text)
{
    uint64_t h = 1469598103934665603u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (size_t)h;
}

static coley_status patient_number(building *b, const char *id, size_t *number)
{
    if (2 * (b->n_patients + 1) > b->n_slots) {
        const size_t n = b->n_slots ? 2 * b->n_slots : 1024;
        size_t *slot = COLEY_NEW(b->arena, size_t, n);
        if (!slot) return COLEY_FAIL_MEMORY(b->err);
        for (size_t i = 0; i < b->n_patients; i++) {
            size_t at = text_hash(b->id[i]) & (n - 1);
            while (slot[at]) at = (at + 1) & (n - 1);
            slot[at] = i + 1;
        }
        b->slot = slot;
        b->n_slots = n;
    }
    size_t at = text_hash(id) & (b->n_slots - 1);
    for (; b->slot[at]; at = (at + 1) & (b->n_slots - 1))
        if (strcmp(b->id[b->slot[at] - 1], id) == 0) {
            *number = b->slot[at] - 1;
            return COLEY_OK;
        }
    if (!COLEY_RESERVE(b->arena, b->id, b->cap_patients, b->n_patients + 1) ||
        !COLEY_RESERVE(b->arena, b->list, b->cap_lists, b->n_patients + 1))
        return COLEY_FAIL_MEMORY(b->err);
    b->id[b->n_patients] = id;
    b->slot[at] = b->n_patients + 1;
    *number = b->n_patients++;
    return COLEY_OK;
}

/* One of n words at a cell, or `otherwise` when it is empty. */
static coley_status read_word(building *b, size_t r, int column, const char *const *words, size_t n, int otherwise,
                              int *index)
{
    const char *text = coley_csv_cell(b->csv, r, column);
    *index = otherwise;
    if (!*text) return COLEY_OK;
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], text) == 0) {
            *index = (int)i;
            return COLEY_OK;
        }
    const char *near = coley_text_nearest(text, words, n);
    return coley_csv_fail(b->csv, r, column, b->err, "\"%.40s\" is not known; \"%s\" is", text, near ? near : words[0]);
}

static coley_status lesion_number(building *b, size_t r, size_t patient, size_t *number)
{
    static const char *const yes_no[] = {"no", "yes"};
    static const char *const roles[] = {"auto", "target", "non-target", "new"};
    const char *id = coley_csv_cell(b->csv, r, b->lesion);
    if (!*id) id = "1";
    lesion_list *list = &b->list[patient];
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->lesion[i].id, id) == 0) {
            *number = i;
            return COLEY_OK;
        }
    int nodal, role;
    COLEY_TRY(read_word(b, r, b->nodal, yes_no, 2, 0, &nodal));
    COLEY_TRY(read_word(b, r, b->role, roles, 4, COLEY_LESION_AUTO, &role));
    if (!COLEY_RESERVE(b->arena, list->lesion, list->cap, list->n + 1)) return COLEY_FAIL_MEMORY(b->err);
    const char *organ = coley_csv_cell(b->csv, r, b->organ);
    list->lesion[list->n] = (coley_lesion){.id = id,
                                           .organ = *organ             ? organ
                                                    : b->public_layout ? "lung"
                                                                       : "not stated",
                                           .nodal = nodal,
                                           .role = (coley_lesion_role)role,
                                           .merged_into = -1,
                                           .split_from = -1};
    *number = list->n++;
    return COLEY_OK;
}

static coley_status read_finding(building *b, size_t r, coley_measurement *m)
{
    static const char *const words[] = {"measured",  "too small",  "absent",       "present",
                                        "increased", "progressed", "not evaluable"};
    static const char *const public_words[] = {"", "TOO SMALL TO MEASURE", "NOT EVALUABLE", "nan"};
    static const coley_finding public_finding[] = {COLEY_FINDING_MEASURED, COLEY_FINDING_TOO_SMALL,
                                                   COLEY_FINDING_NOT_EVALUABLE, COLEY_FINDING_NOT_EVALUABLE};
    int index;
    if (b->public_layout) {
        COLEY_TRY(read_word(b, r, b->finding, public_words, 4, 0, &index));
        m->finding = public_finding[index];
    } else {
        COLEY_TRY(read_word(b, r, b->finding, words, 7, 0, &index));
        m->finding = (coley_finding)index;
    }
    const char *text = coley_csv_cell(b->csv, r, b->diameter);
    m->diameter_mm = NAN;
    if (m->finding == COLEY_FINDING_MEASURED || (*text && strcmp(text, "nan") != 0)) {
        if (b->public_layout && m->finding == COLEY_FINDING_MEASURED && (!*text || strcmp(text, "nan") == 0))
            m->finding = COLEY_FINDING_NOT_EVALUABLE;
        else
            COLEY_TRY(coley_csv_number(b->csv, r, b->diameter, 0.0, DIAMETER_MAX_MM, &m->diameter_mm, b->err));
    }
    if (m->finding == COLEY_FINDING_MEASURED && m->diameter_mm == 0.0) m->finding = COLEY_FINDING_ABSENT;
    if (m->finding == COLEY_FINDING_TOO_SMALL) m->diameter_mm = COLEY_TOO_SMALL_MM;
    if (m->finding == COLEY_FINDING_ABSENT) m->diameter_mm = 0.0;
    b->n_not_evaluable += m->finding == COLEY_FINDING_NOT_EVALUABLE;
    return COLEY_OK;
}

static coley_status read_row(building *b, size_t r)
{
    row *out = &b->row[r];
    const char *id = coley_csv_cell(b->csv, r, b->patient);
    if (!*id) return coley_csv_fail(b->csv, r, b->patient, b->err, "empty; every row names its patient");
    /* One number can stand for two people in two arms. */
    if (b->arm >= 0) id = coley_arena_printf(b->arena, "%s/%s", coley_csv_cell(b->csv, r, b->arm), id);
    if (!id) return COLEY_FAIL_MEMORY(b->err);
    COLEY_TRY(patient_number(b, id, &out->patient));
    COLEY_TRY(coley_csv_number(b->csv, r, b->day, -DAY_MAX, DAY_MAX, &out->m.day, b->err));
    COLEY_TRY(lesion_number(b, r, out->patient, &out->lesion));
    COLEY_TRY(read_finding(b, r, &out->m));
    out->m.lesion = out->lesion;
    out->order = r;
    return COLEY_OK;
}

static int by_patient_day_lesion(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->patient != y->patient) return x->patient < y->patient ? -1 : 1;
    if (x->m.day != y->m.day) return x->m.day < y->m.day ? -1 : 1;
    if (x->lesion != y->lesion) return x->lesion < y->lesion ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Two rows of one lesion on one day: their mean in public files, an error in ours. */
static coley_status merge(building *b, coley_measurement *kept, const row *again, size_t first_order)
{
    if (!b->public_layout)
        return coley_csv_fail(b->csv, again->order, b->day, b->err,
                              "day %g of this lesion is already on line %d; keep one of them", again->m.day,
                              b->csv->line[first_order]);
    if (again->m.finding == COLEY_FINDING_NOT_EVALUABLE) return COLEY_OK;
    if (kept->finding == COLEY_FINDING_MEASURED && again->m.finding == COLEY_FINDING_MEASURED)
        kept->diameter_mm = 0.5 * (kept->diameter_mm + again->m.diameter_mm);
    else
        *kept = again->m;
    return COLEY_OK;
}

static coley_status make_tables(building *b, coley_lesion_file *file)
{
    qsort(b->row, b->n_rows, sizeof *b->row, by_patient_day_lesion);
    *file = (coley_lesion_file){.n = b->n_patients,
                                .patient = COLEY_NEW(b->arena, coley_lesion_table, b->n_patients),
                                .n_not_evaluable = b->n_not_evaluable};
    coley_measurement *all = COLEY_NEW(b->arena, coley_measurement, b->n_rows);
    if (!file->patient || !all) return COLEY_FAIL_MEMORY(b->err);
    size_t n = 0, first_order = 0;
    for (size_t i = 0; i < b->n_rows; i++) {
        const row *r = &b->row[i];
        coley_lesion_table *t = &file->patient[r->patient];
        if (!t->patient)
            *t = (coley_lesion_table){.patient = b->id[r->patient],
                                      .n_lesions = b->list[r->patient].n,
                                      .lesion = b->list[r->patient].lesion,
                                      .measurement = all + n,
                                      .last_contact_day = NAN};
        coley_measurement *last = t->n_measurements ? &t->measurement[t->n_measurements - 1] : NULL;
        if (last && last->day == r->m.day && last->lesion == r->lesion) {
            COLEY_TRY(merge(b, last, r, first_order));
            continue;
        }
        first_order = r->order;
        all[n++] = r->m;
        t->n_measurements++;
    }
    return COLEY_OK;
}

coley_status coley_lesions_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                 coley_lesion_file *file, coley_error *err)
{
    coley_csv csv;
    COLEY_TRY(coley_csv_parse(arena, name, bytes, length, &csv, err));
    building b = {
        .arena = arena, .csv = &csv, .err = err, .n_rows = csv.n_rows, .row = COLEY_NEW(arena, row, csv.n_rows)};
    if (!b.row) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(find_columns(&b));
    if (!csv.n_rows)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = name}), "a header and no measurements");
    for (size_t r = 0; r < csv.n_rows; r++) COLEY_TRY(read_row(&b, r));
    return make_tables(&b, file);
}

coley_status coley_lesions_read(coley_arena *arena, const char *path, coley_lesion_file *file, coley_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    COLEY_TRY(coley_file_read(arena, path, COLEY_CSV_MAX_BYTES, &bytes, &length, err));
    return coley_lesions_parse(arena, path, bytes, length, file, err);
}

/* "Study_1_Arm_1/12" answers to "12" too. */
static int same_patient(const char *full, const char *id)
{
    const char *slash = strrchr(full, '/');
    return strcmp(full, id) == 0 || (slash && strcmp(slash + 1, id) == 0);
}

coley_status coley_lesions_patient(const coley_lesion_file *file, const char *id, const coley_lesion_table **table,
                                   coley_error *err)
{
    if (!id && file->n == 1) {
        *table = &file->patient[0];
        return COLEY_OK;
    }
    if (!id)
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "the file has %zu patients; choose one with --patient, the first is \"%s\"", file->n,
                          file->patient[0].patient);
    for (size_t i = 0; i < file->n; i++)
        if (same_patient(file->patient[i].patient, id)) {
            *table = &file->patient[i];
            return COLEY_OK;
        }
    const char *near = NULL;
    for (size_t i = 0; i < file->n && !near; i++)
        near = coley_text_nearest(id, (const char *const *)&file->patient[i].patient, 1);
    return COLEY_FAIL(err, COLEY_ERR_INPUT, "no patient \"%.80s\" among the %zu of the file%s%s%s", id, file->n,
                      near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

coley_status coley_lesions_scans(coley_arena *arena, const coley_lesion_table *table, coley_scans *scans,
                                 coley_error *err)
{
    const size_t n = table->n_measurements;
    double *day = COLEY_NEW(arena, double, n), *sum = COLEY_NEW(arena, double, n);
    int *small = COLEY_NEW(arena, int, n);
    if (!day || !sum || !small) return COLEY_FAIL_MEMORY(err);
    size_t n_visits = 0;
    for (size_t i = 0; i < n;) {
        size_t j = i, n_small = 0, n_seen = 0;
        int usable = 1;
        double total = 0.0;
        for (; j < n && table->measurement[j].day == table->measurement[i].day; j++) {
            const coley_measurement *m = &table->measurement[j];
            if (table->lesion[m->lesion].role == COLEY_LESION_NEW ||
                table->lesion[m->lesion].role == COLEY_LESION_NON_TARGET)
                continue;
            usable &= isfinite(m->diameter_mm) && m->finding != COLEY_FINDING_NOT_EVALUABLE;
            n_small += m->finding == COLEY_FINDING_TOO_SMALL;
            n_seen += m->finding != COLEY_FINDING_ABSENT;
            total += m->diameter_mm;
        }
        if (usable && j > i) {
            day[n_visits] = table->measurement[i].day;
            sum[n_visits] = total;
            small[n_visits++] = n_small > 0 && n_small == n_seen;
        }
        i = j;
    }
    *scans =
        (coley_scans){.patient = table->patient, .n = n_visits, .day = day, .diameter_mm = sum, .too_small = small};
    return COLEY_OK;
}
