/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_table.c -- reads and checks a NONMEM-style event table, and writes out the doses that it means. */
#include "io/event_table.h"

#include "base/units.h"
#include "base/yaml.h"

#include <csv.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 64 << 20, MAX_DOSES = 1000000 };

typedef enum column { ID, TIME, AMT, RATE, II, ADDL, SS, EVID, CMT, N_COLUMNS } column;
static const char *const column_names[N_COLUMNS] = {"ID", "TIME", "AMT", "RATE", "II", "ADDL", "SS", "EVID", "CMT"};
/* Unit inside, and when the head names none. NULL: a count or a name. */
static const char *const column_units[N_COLUMNS] = {NULL, "day", "mg", "mg/day", "day", NULL, NULL, NULL, NULL};

typedef struct table_reader {
    coley_arena *arena;
    const char *name;
    coley_error *err;
    coley_status status;
    int line;
    const char **field; /* of the row at hand */
    size_t n_fields, cap_fields;
    int place[N_COLUMNS]; /* of each column, or -1 */
    const char *unit[N_COLUMNS];
    int has_head;
    coley_event_table *table;
    size_t cap_rows;
} table_reader;

static coley_place place_of(const table_reader *r, column which)
{
    return (coley_place){.file = r->name,
                         .line = r->line,
                         .column = which < N_COLUMNS ? r->place[which] + 1 : 0,
                         .key = which < N_COLUMNS ? column_names[which] : NULL};
}

#define FAIL_ROW(r, which, ...) COLEY_FAIL_AT((r)->err, COLEY_ERR_INPUT, place_of((r), (which)), __VA_ARGS__)

/* "TIME [h]" is column TIME in hours. */
static coley_status read_head(table_reader *r)
{
    for (int c = 0; c < N_COLUMNS; c++) r->place[c] = -1;
    for (size_t i = 0; i < r->n_fields; i++) {
        char *name = (char *)r->field[i]; /* our own copy */
        char *bracket = strchr(name, '[');
        const char *unit = NULL;
        if (bracket) {
            char *close = strchr(bracket, ']');
            if (!close || close[1])
                return FAIL_ROW(r, N_COLUMNS, "the head %s has no closing ']'", coley_quote_make(name).text);
            *close = '\0';
            unit = bracket + 1;
            while (bracket > name && bracket[-1] == ' ') bracket--;
            *bracket = '\0';
        }
        for (int c = 0; c < N_COLUMNS; c++) {
            if (strcasecmp(name, column_names[c])) continue;
            if (r->place[c] >= 0) return FAIL_ROW(r, (column)c, "the column is there twice; keep one");
            r->place[c] = (int)i;
            r->unit[c] = unit ? unit : column_units[c];
            coley_error why = {0};
            double factor;
            if (unit && !column_units[c])
                return FAIL_ROW(r, (column)c, "this column has no unit; leave out [%s]", unit);
            if (unit && coley_unit_convert(1, unit, column_units[c], &factor, &why) != COLEY_OK)
                return FAIL_ROW(r, (column)c, "%s", why.text);
        }
    }
    if (r->place[TIME] < 0) return FAIL_ROW(r, N_COLUMNS, "the first line must name the columns; TIME is missing");
    if (r->place[AMT] < 0) return FAIL_ROW(r, N_COLUMNS, "the first line must name the columns; AMT is missing");
    return COLEY_OK;
}

static const char *cell(const table_reader *r, column c)
{
    const int i = r->place[c];
    const char *text = i < 0 || (size_t)i >= r->n_fields ? "" : r->field[i];
    return !strcmp(text, ".") ? "" : text;
}

static coley_status read_amount(table_reader *r, column c, double low, double missing, double *value)
{
    const char *text = cell(r, c);
    double number;
    *value = missing;
    if (!*text) return COLEY_OK;
    if (!coley_text_number(text, &number)) return FAIL_ROW(r, c, "%s is not a number", coley_quote_make(text).text);
    if (c == RATE && (number == -1 || number == -2))
        return FAIL_ROW(r, c, "a rate of %g (modelled rate or duration) is not supported; write the rate itself",
                        number);
    COLEY_TRY(coley_unit_convert(number, r->unit[c], column_units[c], value, r->err));
    if (!(*value >= low && *value <= 1e15)) return FAIL_ROW(r, c, "%s is below %g", text, low);
    return COLEY_OK;
}

static coley_status read_count(table_reader *r, column c, int64_t high, int64_t missing, int64_t *value)
{
    const char *text = cell(r, c);
    *value = missing;
    if (*text && !coley_text_integer(text, 0, high, value))
        return FAIL_ROW(r, c, "%s is not a whole number from 0 to %lld", coley_quote_make(text).text, (long long)high);
    return COLEY_OK;
}

static coley_status read_row(table_reader *r)
{
    if (!COLEY_RESERVE(r->arena, r->table->row, r->cap_rows, r->table->n + 1)) return COLEY_FAIL_MEMORY(r->err);
    coley_event_record *row = &r->table->row[r->table->n];
    int64_t evid, steady;
    *row = (coley_event_record){.id = cell(r, ID), .compartment = cell(r, CMT), .line = r->line};
    if (!*cell(r, TIME)) return FAIL_ROW(r, TIME, "the time is missing");
    COLEY_TRY(read_amount(r, TIME, 0, 0, &row->time_day));
    COLEY_TRY(read_amount(r, AMT, 0, 0, &row->amount_mg));
    COLEY_TRY(read_amount(r, RATE, 0, 0, &row->rate_mg_per_day));
    COLEY_TRY(read_amount(r, II, 0, 0, &row->interval_day));
    COLEY_TRY(read_count(r, ADDL, MAX_DOSES, 0, &row->additional));
    COLEY_TRY(read_count(r, SS, 2, 0, &steady));
    COLEY_TRY(read_count(r, EVID, 4, row->amount_mg > 0 ? COLEY_EVID_DOSE : COLEY_EVID_OBSERVATION, &evid));
    row->evid = (coley_evid)evid;
    const int dose = evid == COLEY_EVID_DOSE || evid == COLEY_EVID_RESET_AND_DOSE;
    if (steady)
        return FAIL_ROW(r, SS, "steady state is not supported; write the doses that lead up to it with ADDL and II");
    if (evid == COLEY_EVID_RESET || evid == COLEY_EVID_RESET_AND_DOSE)
        return FAIL_ROW(r, EVID, "%lld (reset) is not supported: a patient cannot be emptied", (long long)evid);
    if (dose && !*cell(r, AMT)) return FAIL_ROW(r, AMT, "a dose (EVID %lld) needs an amount", (long long)evid);
    if (!dose && row->amount_mg > 0)
        return FAIL_ROW(r, AMT, "an amount of %g mg on a record that is no dose (EVID %lld)", row->amount_mg,
                        (long long)evid);
    if (row->additional && !(row->interval_day > 0))
        return FAIL_ROW(r, II, "ADDL %lld needs an interval above 0", (long long)row->additional);
    if (r->table->n) {
        const coley_event_record *before = row - 1;
        if (!strcmp(before->id, row->id) && row->time_day < before->time_day)
            return FAIL_ROW(r, TIME, "%g day is earlier than %g day on line %d; sort each patient's records by time",
                            row->time_day, before->time_day, before->line);
    }
    r->table->n++;
    return COLEY_OK;
}

static void take_field(void *text, size_t length, void *context)
{
    table_reader *r = context;
    if (r->status != COLEY_OK) return;
    const char *bytes = text ? text : "";
    while (length && isspace((unsigned char)*bytes)) bytes++, length--;
    while (length && isspace((unsigned char)bytes[length - 1])) length--;
    if (!COLEY_RESERVE(r->arena, r->field, r->cap_fields, r->n_fields + 1) ||
        !(r->field[r->n_fields] = coley_arena_text(r->arena, bytes, length)))
        r->status = COLEY_FAIL_MEMORY(r->err);
    else
        r->n_fields++;
}

static void take_row(int ending, void *context)
{
    (void)ending;
    table_reader *r = context;
    int empty = 1;
    for (size_t i = 0; i < r->n_fields; i++) empty &= !*r->field[i];
    if (r->status == COLEY_OK && !empty && *r->field[0] != '#') {
        r->status = r->has_head ? read_row(r) : read_head(r);
        r->has_head = 1;
    }
    r->n_fields = 0;
}

/* Line by line, so that a message knows its line. */
static coley_status read_lines(table_reader *r, struct csv_parser *parser, const char *bytes, size_t length)
{
    for (size_t at = 0; at < length && r->status == COLEY_OK;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        const size_t n = end ? (size_t)(end - (bytes + at)) + 1 : length - at;
        r->line++;
        if (csv_parse(parser, bytes + at, n, take_field, take_row, r) != n)
            return csv_error(parser) == CSV_EPARSE ? FAIL_ROW(r, N_COLUMNS, "a quote stands where none may be")
                                                   : COLEY_FAIL_MEMORY(r->err);
        at += n;
    }
    if (r->status == COLEY_OK && csv_fini(parser, take_field, take_row, r))
        return FAIL_ROW(r, N_COLUMNS, "the file ends inside a quoted field");
    return r->status;
}

coley_status coley_event_table_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                     coley_event_table *table, coley_error *err)
{
    *table = (coley_event_table){0};
    table_reader r = {.arena = arena, .name = name, .err = err, .table = table};
    size_t bad;
    if (!coley_text_utf8(bytes, length, &bad) || memchr(bytes, 0, length))
        return FAIL_ROW(&r, N_COLUMNS, "this is no text file in UTF-8");
    if (length >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3))
        bytes += 3, length -= 3; /* a byte-order mark of a spreadsheet */
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) return COLEY_FAIL_MEMORY(err);
    const coley_status status = read_lines(&r, &parser, bytes, length);
    csv_free(&parser);
    if (status != COLEY_OK) return status;
    if (!r.has_head) return FAIL_ROW(&r, N_COLUMNS, "the table is empty; the first line must name the columns");
    return COLEY_OK;
}

coley_status coley_event_table_load(coley_arena *arena, const char *path, coley_event_table *table, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, MAX_BYTES, &bytes, &length, err));
    return coley_event_table_parse(arena, path, bytes, length, table, err);
}

/* By time; then by the order of the file, which the line tells, and of the additional doses. */
static int by_time(const void *a, const void *b)
{
    const coley_event_dose *x = a, *y = b;
    if (x->time_day != y->time_day) return x->time_day < y->time_day ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

coley_status coley_event_table_doses(coley_arena *arena, const coley_event_table *table, const char *id,
                                     double until_day, coley_event_dose **dose, size_t *n, coley_error *err)
{
    size_t cap = 0;
    *dose = NULL;
    *n = 0;
    for (size_t i = 0; i < table->n; i++) {
        const coley_event_record *row = &table->row[i];
        if (row->evid != COLEY_EVID_DOSE || (id && strcmp(id, row->id))) continue;
        for (int64_t k = 0; k <= row->additional; k++) {
            const double time_day = row->time_day + (double)k * row->interval_day;
            if (!(time_day < until_day)) break;
            if (*n == MAX_DOSES) return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d doses", MAX_DOSES);
            if (!COLEY_RESERVE(arena, *dose, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
            (*dose)[(*n)++] = (coley_event_dose){
                .time_day = time_day,
                .amount_mg = row->amount_mg,
                .duration_day = row->rate_mg_per_day > 0 ? row->amount_mg / row->rate_mg_per_day : 0,
                .id = row->id,
                .drug = row->compartment,
                .line = row->line,
            };
        }
    }
    if (*n) qsort(*dose, *n, sizeof **dose, by_time);
    return COLEY_OK;
}
