/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record_view.c -- the folder of a run (run/record.h) as the page draws it: for what can't be asked anew, a forecast.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "studio/views.h"

enum { MAX_FILE = 256 << 20, MAX_COLUMNS = 8192 };

typedef struct patient {
    json_t *head; /* everything but the long columns */
    coley_csv lesions, events;
} patient;

static void set_number(json_t *to, const char *key, double value)
{
    json_object_set_new(to, key, isfinite(value) ? json_real(value) : json_null());
}

/* A cell as a number; NaN when it is none. */
static double cell_number(const coley_csv *csv, size_t row, const char *name)
{
    double value;
    return coley_text_number(coley_csv_cell(csv, row, coley_csv_column(csv, name)), &value) ? value : NAN;
}

static const char *cell_text(const coley_csv *csv, size_t row, const char *name)
{
    return coley_csv_cell(csv, row, coley_csv_column(csv, name));
}

static json_t *scans_of(const patient *p, const json_t *visits)
{
    json_t *scans = json_array(), *visit;
    size_t i;
    json_array_foreach(visits, i, visit)
    {
        json_t *scan = json_object(), *list = json_array();
        const double day = json_number_value(json_object_get(visit, "day"));
        for (size_t row = 0; row < p->lesions.n_rows; row++) {
            if (fabs(cell_number(&p->lesions, row, "day") - day) > 1e-9) continue;
            json_t *lesion = json_object();
            json_object_set_new(lesion, "id", json_string(cell_text(&p->lesions, row, "lesion")));
            set_number(lesion, "mm", cell_number(&p->lesions, row, "diameter_mm"));
            json_object_set_new(lesion, "finding", json_string(cell_text(&p->lesions, row, "finding")));
            json_object_set_new(lesion, "organ", json_string(cell_text(&p->lesions, row, "organ")));
            json_array_append_new(list, lesion);
        }
        set_number(scan, "day", day);
        json_object_set_new(scan, "lesions", list);
        static const char *const pairs[][2] = {{"sum_mm", "sum_mm"}, {"change_pct", "change_from_start_pct"},
                                               {"recist", "recist"}, {"irecist", "irecist"},
                                               {"why", "why"},       {"new_lesions", "new_lesions"}};
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
            json_t *value = json_object_get(visit, pairs[k][1]);
            json_object_set(scan, pairs[k][0], value ? value : json_null());
        }
        json_array_append_new(scans, scan);
    }
    return scans;
}

static void add_events(const patient *p)
{
    json_t *doses = json_array(), *events = json_array();
    for (size_t row = 0; row < p->events.n_rows; row++) {
        json_t *made = json_object();
        const char *kind = cell_text(&p->events, row, "kind"), *what = cell_text(&p->events, row, "what");
        const int dose = !strcmp(kind, "dose") && *cell_text(&p->events, row, "unit");
        set_number(made, "day", cell_number(&p->events, row, "day"));
        json_object_set_new(made, dose ? "drug" : "what", json_string(what));
        if (dose) {
            set_number(made, "amount", cell_number(&p->events, row, "amount"));
            json_object_set_new(made, "unit", json_string(cell_text(&p->events, row, "unit")));
            set_number(made, "duration_day", cell_number(&p->events, row, "duration_day"));
            json_object_set_new(made, "lesion", json_string(cell_text(&p->events, row, "lesion")));
        } else {
            json_object_set_new(made, "kind", json_string(kind));
        }
        json_array_append_new(dose ? doses : events, made);
    }
    json_object_set_new(p->head, "doses", doses);
    json_object_set_new(p->head, "events", events);
}

static void add_json_text(coley_text *out, const char *text)
{
    coley_text_add(out, "\"", 1);
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '"' || *p == '\\') coley_text_add(out, "\\", 1);
        if ((unsigned char)*p >= 32) coley_text_add(out, p, 1);
    }
    coley_text_add(out, "\"", 1);
}

static void add_quantity_head(coley_text *out, const char *id, const char *label, const char *unit, const char *group,
                              int first)
{
    coley_text_addf(out, first ? "{\"id\":" : ",{\"id\":");
    add_json_text(out, id);
    coley_text_addf(out, ",\"label\":");
    add_json_text(out, label);
    coley_text_addf(out, ",\"unit\":");
    add_json_text(out, unit);
    coley_text_addf(out, ",\"group\":");
    add_json_text(out, group);
    if (id[0] == 'L' && id[1] >= '1' && id[1] <= '9' && id[2] == '.') coley_text_addf(out, ",\"lesion\":%c", id[1]);
}

/* trajectory.csv: columns "id [unit]" and "id.low90 [unit]"; where each begins in each row. */
typedef struct trajectory {
    size_t n_columns, n_rows;
    const char **name;
    const char **cell; /* [row * n_columns + column], each ended by 0 */
} trajectory;

static size_t split_line(char *line, const char **cell, size_t cap)
{
    size_t n = 0;
    for (char *p = line;; p++) {
        char *begin = p, *to = p;
        if (*p == '"') {
            begin = to = ++p;
            for (; *p && !(*p == '"' && p[1] != '"'); p++) {
                if (*p == '"') p++;
                *to++ = *p;
            }
            if (*p == '"') p++;
        } else {
            while (*p && *p != ',') p++;
            to = p;
        }
        const int more = *p == ',';
        if (cell && n < cap) cell[n] = begin;
        n++;
        *to = 0;
        if (!more) return n;
    }
}

static coley_status read_trajectory(coley_arena *arena, char *text, trajectory *t, coley_error *err)
{
    const char *cells[MAX_COLUMNS];
    char *save = NULL, *line = strtok_r(text, "\n", &save);
    if (!line) return COLEY_FAIL(err, COLEY_ERR_INPUT, "trajectory.csv is empty");
    size_t n_lines = 0;
    for (const char *p = line + strlen(line) + 1; (p = strchr(p, '\n')); p++) n_lines++;
    t->n_columns = split_line(line, cells, MAX_COLUMNS);
    if (t->n_columns > MAX_COLUMNS) return COLEY_FAIL(err, COLEY_ERR_INPUT, "trajectory.csv has too many columns");
    t->name = COLEY_NEW(arena, const char *, t->n_columns);
    t->cell = COLEY_NEW(arena, const char *, t->n_columns *(n_lines + 1));
    if (!t->name || !t->cell) return COLEY_FAIL_MEMORY(err);
    memcpy(t->name, cells, t->n_columns * sizeof *cells);
    while (t->n_rows < n_lines + 1 && (line = strtok_r(NULL, "\n", &save))) {
        if (split_line(line, t->cell + t->n_rows * t->n_columns, t->n_columns) != t->n_columns)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "trajectory.csv: row %zu has not as many cells as the head",
                              t->n_rows + 1);
        t->n_rows++;
    }
    return COLEY_OK;
}

static int find_column(const trajectory *t, const char *id, const char *suffix)
{
    char head[256];
    const int n = snprintf(head, sizeof head, "%s%s [", id, suffix);
    for (size_t i = 0; i < t->n_columns; i++)
        if (!strncmp(t->name[i], head, (size_t)n)) return (int)i;
    return -1;
}

static void add_recorded(coley_text *out, const trajectory *t, const char *key, int column)
{
    if (column < 0) return;
    coley_text_addf(out, ",\"%s\":[", key);
    for (size_t row = 0; row < t->n_rows; row++) {
        const char *cell = t->cell[row * t->n_columns + (size_t)column];
        double value;
        coley_text_addf(out, "%s%s", row ? "," : "", coley_text_number(cell, &value) ? cell : "null");
    }
    coley_text_addf(out, "]");
}

static coley_status read_rows(coley_arena *arena, const char *out, trajectory *t, coley_error *err)
{
    char *text;
    size_t length;
    const char *path = coley_arena_printf(arena, "%s/trajectory.csv", out);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_read(arena, path, MAX_FILE, &text, &length, err));
    return read_trajectory(arena, text, t, err);
}

/* RECIST's visits begin after the baseline; the page begins with it. */
static json_t *with_baseline(const patient *p, const json_t *response)
{
    json_t *visits = json_copy(json_object_get(response, "visits"));
    const double first = json_number_value(json_object_get(json_array_get(visits, 0), "day"));
    double day = INFINITY;
    for (size_t row = 0; row < p->lesions.n_rows; row++) day = fmin(day, cell_number(&p->lesions, row, "day"));
    if (json_array_size(visits) && day < first)
        json_array_insert_new(visits, 0,
                              json_pack("{s:f, s:O, s:f, s:s}", "day", day, "sum_mm",
                                        json_object_get(response, "sum_at_start_mm"), "change_from_start_pct", 0.0,
                                        "why", "baseline"));
    return visits;
}

static void make_head(patient *p, json_t *summary, const char *command, const char *yaml)
{
    static const char *const lifted[] = {"notice", "title",          "patient",           "cancer", "seed",
                                         "story",  "in_plain_words", "forecast_from_day", "ending"};
    p->head = json_object();
    for (size_t i = 0; i < sizeof lifted / sizeof *lifted; i++) {
        json_t *value = json_object_get(summary, lifted[i]);
        json_object_set(p->head, lifted[i], value ? value : json_null());
    }
    if (!json_object_get(summary, "story")) json_object_set_new(p->head, "story", json_array());
    json_t *response = json_object_get(summary, "response");
    json_object_set_new(p->head, "twins", json_incref(json_object_get(summary, "virtual_people")));
    json_t *visits = with_baseline(p, response);
    json_object_set_new(p->head, "scans", scans_of(p, visits));
    json_decref(visits);
    json_object_set_new(p->head, "response", response ? json_copy(response) : json_object());
    add_events(p);
    json_object_set_new(p->head, "adverse_events", json_array());
    json_object_set_new(p->head, "steroid", json_pack("{s:[],s:[]}", "day", "mg"));
    json_object_set_new(p->head, "spider", json_array());
    json_object_set_new(p->head, "command", command ? json_string(command) : json_null());
    json_object_set_new(p->head, "yaml", yaml ? json_string(yaml) : json_null());
}

static void add_quantities(coley_arena *arena, const json_t *summary, const trajectory *t, coley_text *text)
{
    static const char *const bands[] = {"low90", "low50", "high50", "high90"};
    json_t *quantity;
    size_t i, n = 0;
    add_recorded(text, t, "day", 0);
    coley_text_addf(text, ",\"quantities\":[");
    json_array_foreach(json_object_get(summary, "quantities"), i, quantity)
    {
        const char *id = json_string_value(json_object_get(quantity, "id"));
        const char *group = json_string_value(json_object_get(quantity, "group"));
        if (!id || find_column(t, id, "") < 0) continue;
        add_quantity_head(text, id, json_string_value(json_object_get(quantity, "label")),
                          json_string_value(json_object_get(quantity, "unit")), group ? group : "tumour", !n++);
        add_recorded(text, t, "value", find_column(t, id, ""));
        for (size_t b = 0; b < 4; b++) {
            const char *suffix = coley_arena_printf(arena, ".%s", bands[b]);
            add_recorded(text, t, bands[b], suffix ? find_column(t, id, suffix) : -1);
        }
        coley_text_addf(text, "}");
    }
    coley_text_addf(text, "]}");
}

coley_status coley_studio_record(coley_arena *arena, const char *out, const char *command, const char *yaml,
                                 coley_text *text, coley_error *err)
{
    patient p = {0};
    trajectory t = {0};
    const char *paths[3];
    static const char *const names[] = {"summary.json", "lesions.csv", "events.csv"};
    for (size_t i = 0; i < 3; i++)
        if (!(paths[i] = coley_arena_printf(arena, "%s/%s", out, names[i]))) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_csv_read(arena, paths[1], &p.lesions, err));
    COLEY_TRY(coley_csv_read(arena, paths[2], &p.events, err));
    COLEY_TRY(read_rows(arena, out, &t, err));
    json_t *summary = json_load_file(paths[0], 0, NULL);
    if (!summary) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the run's summary.json can't be read");
    make_head(&p, summary, command, yaml);
    char *head = json_dumps(p.head, JSON_COMPACT | JSON_REAL_PRECISION(10));
    if (head) coley_text_add(text, head, strlen(head) - 1); /* without its '}': the columns follow */
    free(head);
    json_decref(p.head);
    add_quantities(arena, summary, &t, text);
    json_decref(summary);
    return head && !text->failed ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}
