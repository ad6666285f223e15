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

enum { MAX_BYTES = 64 << 20 };

typedef enum column { ID, TIME, AMT, RATE, II, ADDL, SS, EVID, CMT, DV, MDV, N_COLUMNS } column;
static const char *const column_names[N_COLUMNS] = {"ID", "TIME", "AMT", "RATE", "II", "ADDL",
                                                    "SS", "EVID", "CMT", "DV",   "MDV"};
/* Unit inside a patient's table, and when the head names none. NULL: a count or a name, or left alone. */
static const char *const column_units[N_COLUMNS] = {[TIME] = "day", [AMT] = "mg", [RATE] = "mg/day", [II] = "day"};

typedef struct table_reader {
    coley_arena *arena;
    coley_event_table_kind kind;
    const char *name;
    coley_error *err;
    coley_status status;
    int line;
    const char **field; /* of the row at hand */
    size_t n_fields, cap_fields;
    size_t n_columns;
    int place[N_COLUMNS]; /* of each column, or -1 */
    const char *unit[N_COLUMNS];
    size_t n_other, *other; /* places of the other columns */
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

/* Cut "TIME [h]" into its name, in place, and its unit, or NULL. */
static coley_status split_head(table_reader *r, char *name, const char **unit)
{
    char *bracket = strchr(name, '[');
    *unit = NULL;
    if (!bracket) return COLEY_OK;
    char *close = strchr(bracket, ']');
    if (!close || close[1])
        return FAIL_ROW(r, N_COLUMNS, "the head %s has no closing ']'", coley_quote_make(name).text);
    *close = '\0';
    *unit = bracket + 1;
    while (bracket > name && bracket[-1] == ' ') bracket--;
    *bracket = '\0';
    return COLEY_OK;
}

/* Column c stands at place i. */
static coley_status take_column(table_reader *r, column c, size_t i, const char *unit)
{
    if (r->place[c] >= 0) return FAIL_ROW(r, c, "the column is there twice; keep one");
    r->place[c] = (int)i;
    if (unit && !column_units[c] && c != DV) return FAIL_ROW(r, c, "this column has no unit; leave out [%s]", unit);
    r->unit[c] = unit;
    if (r->kind == COLEY_EVENTS_OF_MODEL || !column_units[c]) return COLEY_OK;
    r->unit[c] = unit ? unit : column_units[c];
    coley_error why = {0};
    double factor;
    if (unit && coley_unit_convert(1, unit, column_units[c], &factor, &why) != COLEY_OK)
        return FAIL_ROW(r, c, "%s", why.text);
    return COLEY_OK;
}

static coley_status read_head(table_reader *r)
{
    const char **name = COLEY_NEW(r->arena, const char *, r->n_fields);
    const char **unit = COLEY_NEW(r->arena, const char *, r->n_fields);
    r->other = COLEY_NEW(r->arena, size_t, r->n_fields);
    if (!name || !unit || !r->other) return COLEY_FAIL_MEMORY(r->err);
    for (int c = 0; c < N_COLUMNS; c++) r->place[c] = -1;
    r->n_columns = r->n_fields;
    for (size_t i = 0; i < r->n_fields; i++) {
        char *head = (char *)r->field[i]; /* our own copy */
        const char *unit_here;
        int which = 0;
        COLEY_TRY(split_head(r, head, &unit_here));
        while (which < N_COLUMNS && strcasecmp(head, column_names[which])) which++;
        if (which < N_COLUMNS) {
            COLEY_TRY(take_column(r, (column)which, i, unit_here));
            continue;
        }
        for (size_t k = 0; k < r->n_other; k++)
            if (*head && !strcmp(name[k], head))
                return FAIL_ROW(r, N_COLUMNS, "the column %s is there twice; keep one", coley_quote_make(head).text);
        name[r->n_other] = head;
        unit[r->n_other] = unit_here;
        r->other[r->n_other++] = i;
    }
    if (r->place[TIME] < 0) return FAIL_ROW(r, N_COLUMNS, "the first line must name the columns; TIME is missing");
    if (r->place[AMT] < 0) return FAIL_ROW(r, N_COLUMNS, "the first line must name the columns; AMT is missing");
    coley_event_table *table = r->table;
    table->has_id = r->place[ID] >= 0;
    table->n_other = r->n_other;
    table->other_name = name;
    table->other_unit = unit;
    table->time_unit = r->unit[TIME];
    table->amount_unit = r->unit[AMT];
    table->rate_unit = r->unit[RATE];
    table->interval_unit = r->unit[II];
    return COLEY_OK;
}

static const char *text_at(const table_reader *r, size_t i)
{
    return i >= r->n_fields || !strcmp(r->field[i], ".") ? "" : r->field[i];
}

static const char *cell(const table_reader *r, column c)
{
    return r->place[c] < 0 ? "" : text_at(r, (size_t)r->place[c]);
}

static coley_status read_amount(table_reader *r, column c, double low, double *value)
{
    const char *text = cell(r, c);
    double number;
    *value = 0;
    if (!*text) return COLEY_OK;
    if (!coley_text_number(text, &number)) return FAIL_ROW(r, c, "%s is not a number", coley_quote_make(text).text);
    if (c == RATE && (number == -1 || number == -2))
        return FAIL_ROW(r, c, "a rate of %g (modelled rate or duration) is not supported; write the rate itself",
                        number);
    *value = number;
    if (r->kind == COLEY_EVENTS_OF_PATIENT && column_units[c])
        COLEY_TRY(coley_unit_convert(number, r->unit[c], column_units[c], value, r->err));
    if (!(*value >= low)) return FAIL_ROW(r, c, "%s is below %g", text, low);
    if (!(*value <= 1e15)) return FAIL_ROW(r, c, "%s is above 1e15", text);
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

/* What a patient's table may not ask for. */
static coley_status check_patient(table_reader *r, const coley_event_record *row)
{
    if (row->steady)
        return FAIL_ROW(r, SS, "steady state is not supported; write the doses that lead up to it with ADDL and II");
    if (row->evid == COLEY_EVID_RESET || row->evid == COLEY_EVID_RESET_AND_DOSE)
        return FAIL_ROW(r, EVID, "%d (reset) is not supported: a patient cannot be emptied", (int)row->evid);
    return COLEY_OK;
}

/* What a record that gives no dose may not hold: NONMEM wants zeros there, too. */
static coley_status check_plain(table_reader *r, const coley_event_record *row)
{
    if (row->amount > 0)
        return FAIL_ROW(r, AMT, "an amount of %g on a record that is no dose (EVID %d)", row->amount, (int)row->evid);
    if (r->kind == COLEY_EVENTS_OF_PATIENT) return COLEY_OK;
    if (row->rate > 0)
        return FAIL_ROW(r, RATE, "a rate of %g on a record that is no dose (EVID %d)", row->rate, (int)row->evid);
    if (row->steady) return FAIL_ROW(r, SS, "steady state on a record that is no dose (EVID %d)", (int)row->evid);
    if (row->additional)
        return FAIL_ROW(r, ADDL, "%lld further doses on a record that is no dose (EVID %d)", (long long)row->additional,
                        (int)row->evid);
    return COLEY_OK;
}

static coley_status check_dose(table_reader *r, const coley_event_record *row)
{
    const int endless = row->steady && row->amount == 0 && row->rate > 0 && row->interval == 0;
    if (!*cell(r, AMT) && !endless) return FAIL_ROW(r, AMT, "a dose (EVID %d) needs an amount", (int)row->evid);
    if (row->evid == COLEY_EVID_REPLACE && (row->rate > 0 || row->steady))
        return FAIL_ROW(r, row->steady ? SS : RATE,
                        "an amount that is replaced (EVID 8) has no rate and no steady state");
    if (endless && row->additional)
        return FAIL_ROW(r, ADDL, "%lld further doses of an infusion without end (SS %d, AMT 0); leave ADDL at 0",
                        (long long)row->additional, row->steady);
    if (row->steady && !endless && !(row->interval > 0))
        return FAIL_ROW(r, II, "SS %d needs the interval between the doses: II is %g", row->steady, row->interval);
    if (row->steady && row->amount == 0 && !endless)
        return FAIL_ROW(r, AMT, "SS %d of a dose of 0; for a constant infusion leave II at 0", row->steady);
    if (row->rate > 0 && row->amount == 0 && !endless)
        return FAIL_ROW(r, AMT,
                        "a rate of %g and no amount: the infusion has no end. Give AMT, or SS 1 for a steady one",
                        row->rate);
    if (row->additional && !(row->interval > 0))
        return FAIL_ROW(r, II, "ADDL %lld needs an interval above 0", (long long)row->additional);
    return COLEY_OK;
}

static coley_status read_evid(table_reader *r, coley_event_record *row)
{
    const int model = r->kind == COLEY_EVENTS_OF_MODEL;
    const int dose = row->amount > 0 || (model && row->rate > 0);
    int64_t evid;
    COLEY_TRY(read_count(r, EVID, model ? 8 : 4, dose ? COLEY_EVID_DOSE : COLEY_EVID_OBSERVATION, &evid));
    if (evid > 4 && evid < 8)
        return FAIL_ROW(r, EVID,
                        "%lld is not supported: 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, "
                        "8 replace",
                        (long long)evid);
    row->evid = (coley_evid)evid;
    return COLEY_OK;
}

static coley_status read_observed(table_reader *r, coley_event_record *row)
{
    int64_t missing;
    COLEY_TRY(read_count(r, MDV, 1, 0, &missing));
    const char *text = cell(r, DV);
    if (row->evid != COLEY_EVID_OBSERVATION || missing || !*text) return COLEY_OK;
    if (!coley_text_number(text, &row->dv))
        return FAIL_ROW(r, DV, "%s is not a number; a value that is missing is '.'", coley_quote_make(text).text);
    row->has_dv = 1;
    return COLEY_OK;
}

static coley_status read_row(table_reader *r)
{
    if (r->n_fields != r->n_columns)
        return FAIL_ROW(r, N_COLUMNS, "%zu fields, but the first line names %zu columns", r->n_fields, r->n_columns);
    if (!COLEY_RESERVE(r->arena, r->table->row, r->cap_rows, r->table->n + 1)) return COLEY_FAIL_MEMORY(r->err);
    coley_event_record *row = &r->table->row[r->table->n];
    const int model = r->kind == COLEY_EVENTS_OF_MODEL;
    int64_t steady;
    *row = (coley_event_record){.id = cell(r, ID), .compartment = cell(r, CMT), .line = r->line};
    if (!*cell(r, TIME)) return FAIL_ROW(r, TIME, "the time is missing");
    COLEY_TRY(read_amount(r, TIME, model ? -1e15 : 0, &row->time));
    COLEY_TRY(read_amount(r, AMT, 0, &row->amount));
    COLEY_TRY(read_amount(r, RATE, 0, &row->rate));
    COLEY_TRY(read_amount(r, II, 0, &row->interval));
    COLEY_TRY(read_count(r, ADDL, COLEY_EVENT_TABLE_MAX_DOSES, 0, &row->additional));
    COLEY_TRY(read_count(r, SS, 2, 0, &steady));
    row->steady = (int)steady;
    COLEY_TRY(read_evid(r, row));
    if (!model) COLEY_TRY(check_patient(r, row));
    const int gives =
        row->evid == COLEY_EVID_DOSE || row->evid == COLEY_EVID_RESET_AND_DOSE || row->evid == COLEY_EVID_REPLACE;
    COLEY_TRY(gives ? check_dose(r, row) : check_plain(r, row));
    if (model) COLEY_TRY(read_observed(r, row));
    if (r->table->n) {
        const coley_event_record *before = row - 1;
        const char *unit = model ? (r->unit[TIME] ? r->unit[TIME] : "") : column_units[TIME];
        if (!strcmp(before->id, row->id) && row->time < before->time)
            return FAIL_ROW(r, TIME, "%g%s%s is earlier than %g%s%s on line %d; sort each patient's records by time",
                            row->time, *unit ? " " : "", unit, before->time, *unit ? " " : "", unit, before->line);
    }
    const char **other = COLEY_NEW(r->arena, const char *, r->n_other);
    if (!other) return COLEY_FAIL_MEMORY(r->err);
    for (size_t k = 0; k < r->n_other; k++) other[k] = text_at(r, r->other[k]);
    row->other = other;
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

coley_status coley_event_table_parse(coley_arena *arena, coley_event_table_kind kind, const char *name,
                                     const char *bytes, size_t length, coley_event_table *table, coley_error *err)
{
    *table = (coley_event_table){.file = name};
    table_reader r = {.arena = arena, .kind = kind, .name = name, .err = err, .table = table};
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

coley_status coley_event_table_load(coley_arena *arena, coley_event_table_kind kind, const char *path,
                                    coley_event_table *table, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, MAX_BYTES, &bytes, &length, err));
    return coley_event_table_parse(arena, kind, path, bytes, length, table, err);
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
            const double time_day = row->time + (double)k * row->interval;
            if (!(time_day < until_day)) break;
            if (*n == COLEY_EVENT_TABLE_MAX_DOSES)
                return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d doses", COLEY_EVENT_TABLE_MAX_DOSES);
            if (!COLEY_RESERVE(arena, *dose, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
            (*dose)[(*n)++] = (coley_event_dose){
                .time_day = time_day,
                .amount_mg = row->amount,
                .duration_day = row->rate > 0 ? row->amount / row->rate : 0,
                .id = row->id,
                .drug = row->compartment,
                .line = row->line,
            };
        }
    }
    if (*n) qsort(*dose, *n, sizeof **dose, by_time);
    return COLEY_OK;
}
