/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_view.c -- the folder of coley trial run, read back: people, curves, side effects over time. */
#include "studio/views.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/emit.h"
#include "math/competing.h"
#include "math/forest.h"
#include "math/survival.h"

enum {
    TABLE_BYTES = 256 << 20,
    MOST_COLUMNS = 32,
    MOST_ARMS = 12,
    MOST_ORGANS = 64,
    MOST_PEOPLE_SHOWN = 2000,
    RISK_POINTS = 8
};

static const double month = 365.25 / 12;

/* --- tables --------------------------------------------------------------------------------------------------------
 */

typedef struct csv {
    size_t n_columns, n_rows;
    const char *head[MOST_COLUMNS];
    const char **cell; /* [n_rows][n_columns] */
} csv;

/* Our own tables: no quotes in the columns that are asked for. */
static coley_status read_csv(coley_arena *arena, const char *out, const char *name, csv *t, coley_error *err)
{
    char *bytes;
    size_t length, lines = 0;
    const char *path = coley_arena_printf(arena, "%s/%s", out, name);
    *t = (csv){0};
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_read(arena, path, TABLE_BYTES, &bytes, &length, err));
    for (const char *p = bytes; *p; p++) lines += *p == '\n';
    char *line = bytes;
    for (size_t row = 0; *line; row++) {
        char *end = strchr(line, '\n');
        if (end) *end = '\0';
        size_t column = 0;
        for (char *cell = line; cell && column < MOST_COLUMNS; column++) {
            char *comma = strchr(cell, ',');
            if (comma) *comma = '\0';
            if (row == 0)
                t->head[t->n_columns++] = cell;
            else if (column < t->n_columns)
                t->cell[(row - 1) * t->n_columns + column] = cell;
            cell = comma ? comma + 1 : NULL;
        }
        if (row == 0) {
            t->cell = COLEY_NEW(arena, const char *, lines * t->n_columns + 1);
            if (!t->cell) return COLEY_FAIL_MEMORY(err);
        } else {
            t->n_rows = row;
        }
        if (!end) break;
        line = end + 1;
    }
    return COLEY_OK;
}

static size_t column_of(const csv *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (!strcmp(t->head[i], name)) return i;
    return SIZE_MAX;
}

static const char *cell(const csv *t, size_t row, const char *name)
{
    const size_t at = column_of(t, name);
    const char *text = at == SIZE_MAX || row >= t->n_rows ? NULL : t->cell[row * t->n_columns + at];
    return text ? text : "";
}

static double number(const csv *t, size_t row, const char *name)
{
    const char *text = cell(t, row, name);
    return *text ? strtod(text, NULL) : NAN;
}

/* --- people --------------------------------------------------------------------------------------------------------
 */

typedef struct person {
    const char *id, *arm;
    size_t row;
    int arm_number, os_event, pfs_event, worst;
    double os_day, pfs_day, until;
    size_t first_scan, n_scans;
    double best_change;
    const char *best;
} person;

typedef struct trial {
    csv people, scans, answers, times, events;
    size_t n, n_arms;
    const char *arm[MOST_ARMS];
    person *person;
} trial;

static int best_rank(const char *answer)
{
    static const char *const ranks[] = {"NE", "PD", "SD", "PR", "CR"};
    for (int i = 0; i < 5; i++)
        if (!strcmp(ranks[i], answer)) return i;
    return -1;
}

/* Rows of the other tables come in the order of people. */
static size_t rows_of(const csv *t, size_t from, const person *p, size_t *n)
{
    while (from < t->n_rows && (strcmp(cell(t, from, "USUBJID"), p->id) || strcmp(cell(t, from, "TRT01P"), p->arm)))
        from++;
    for (*n = 0; from + *n < t->n_rows && !strcmp(cell(t, from + *n, "USUBJID"), p->id) &&
                 !strcmp(cell(t, from + *n, "TRT01P"), p->arm);)
        ++*n;
    return from;
}

static size_t scan_person(trial *t, person *p, size_t from)
{
    size_t n;
    const size_t at = rows_of(&t->scans, from, p, &n);
    p->first_scan = at;
    p->n_scans = n;
    p->best_change = NAN;
    for (size_t i = at; i < at + n; i++) {
        const double change = number(&t->scans, i, "PCHG");
        if (!(change >= p->best_change)) p->best_change = isnan(change) ? p->best_change : change;
    }
    return n ? at + n : from;
}

static size_t time_person(trial *t, person *p, size_t from)
{
    size_t n;
    const size_t at = rows_of(&t->times, from, p, &n);
    for (size_t i = at; i < at + n; i++) {
        const char *what = cell(&t->times, i, "PARAMCD");
        const int event = strcmp(cell(&t->times, i, "CNSR"), "1") != 0;
        if (!strcmp(what, "PFS")) p->pfs_day = number(&t->times, i, "AVAL_DAY"), p->pfs_event = event;
        if (!strcmp(what, "OS")) p->os_day = number(&t->times, i, "AVAL_DAY"), p->os_event = event;
    }
    return n ? at + n : from;
}

/* The best answer until progression. */
static size_t answer_person(trial *t, person *p, size_t from)
{
    size_t n;
    const size_t at = rows_of(&t->answers, from, p, &n);
    p->best = "NE";
    for (size_t i = at; i < at + n; i++) {
        const char *answer = cell(&t->answers, i, "AVALC");
        if (strcmp(cell(&t->answers, i, "PARAMCD"), "OVRLRESP")) continue;
        if (best_rank(answer) > best_rank(p->best)) p->best = answer;
        if (!strcmp(answer, "PD")) break;
    }
    return n ? at + n : from;
}

static size_t harm_person(trial *t, person *p, size_t from)
{
    size_t n;
    const size_t at = rows_of(&t->events, from, p, &n);
    for (size_t i = at; i < at + n; i++) {
        const int grade = atoi(cell(&t->events, i, "ATOXGR"));
        if (grade > p->worst) p->worst = grade;
    }
    return n ? at + n : from;
}

static coley_status read_trial(coley_arena *arena, const char *out, trial *t, coley_error *err)
{
    size_t scan = 0, answer = 0, time = 0, harm = 0;
    COLEY_TRY(read_csv(arena, out, "adsl.csv", &t->people, err));
    COLEY_TRY(read_csv(arena, out, "adtr.csv", &t->scans, err));
    COLEY_TRY(read_csv(arena, out, "adrs.csv", &t->answers, err));
    COLEY_TRY(read_csv(arena, out, "adtte.csv", &t->times, err));
    COLEY_TRY(read_csv(arena, out, "adae.csv", &t->events, err));
    t->n = t->people.n_rows;
    if (!(t->person = COLEY_NEW(arena, person, t->n + 1))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < t->n; i++) {
        person *p = &t->person[i];
        *p = (person){.id = cell(&t->people, i, "USUBJID"),
                      .arm = cell(&t->people, i, "TRT01P"),
                      .row = i,
                      .until = number(&t->people, i, "TRTEDY")};
        size_t a = 0;
        while (a < t->n_arms && strcmp(t->arm[a], p->arm)) a++;
        if (a == t->n_arms && t->n_arms < MOST_ARMS) t->arm[t->n_arms++] = p->arm;
        p->arm_number = a < MOST_ARMS ? (int)a : 0;
        scan = scan_person(t, p, scan);
        answer = answer_person(t, p, answer);
        time = time_person(t, p, time);
        harm = harm_person(t, p, harm);
    }
    return COLEY_OK;
}

static void emit_scans(const trial *t, const person *p, coley_emit *emit)
{
    coley_emit_map(emit, "sum");
    for (int kind = 0; kind < 2; kind++) {
        coley_emit_list(emit, kind ? "change_pct" : "day");
        for (size_t i = p->first_scan; i < p->first_scan + p->n_scans; i++) {
            const double change = number(&t->scans, i, "PCHG"), day = number(&t->scans, i, "ADY");
            coley_emit_number(emit, NULL, kind ? isnan(change) && i == p->first_scan ? 0 : change : day);
        }
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void emit_people(const trial *t, coley_emit *emit)
{
    static const char *const known[] = {"AGE", "WEIGHT", "ECOG",     "LDH_ULN", "ALBUMIN_G_L",
                                        "NLR", "TMB",    "PDL1_TPS", "SOD_MM"};
    coley_emit_list(emit, "people");
    for (size_t i = 0; i < t->n && i < MOST_PEOPLE_SHOWN; i++) {
        const person *p = &t->person[i];
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", p->id);
        coley_emit_text(emit, "arm", p->arm);
        coley_emit_text(emit, "best", p->best);
        coley_emit_number(emit, "best_change_pct", p->best_change);
        emit_scans(t, p, emit);
        coley_emit_number(emit, "on_treatment_day", p->until);
        coley_emit_number(emit, "pfs_day", p->pfs_day);
        coley_emit_flag(emit, "pfs_event", p->pfs_event);
        coley_emit_number(emit, "os_day", p->os_day);
        coley_emit_flag(emit, "os_event", p->os_event);
        coley_emit_integer(emit, "worst_grade", p->worst);
        coley_emit_map(emit, "covariates");
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (column_of(&t->people, known[k]) != SIZE_MAX)
                coley_emit_number(emit, known[k], number(&t->people, i, known[k]));
        coley_emit_text(emit, "SEX", cell(&t->people, i, "SEX"));
        coley_emit_end(emit);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

/* --- curves --------------------------------------------------------------------------------------------------------
 */

static double risk_step(double longest)
{
    static const double steps[] = {1, 2, 3, 6, 12, 24, 36, 60};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (longest / steps[i] <= RISK_POINTS) return steps[i];
    return 120;
}

static void emit_curve(const coley_km *km, coley_emit *emit)
{
    static const char *const parts[] = {"t", "s", "low", "high"};
    for (int part = 0; part < 4; part++) {
        coley_emit_list(emit, parts[part]);
        coley_emit_number(emit, NULL, part ? 1 : 0);
        for (size_t i = 0; i < km->n; i++) {
            if (!km->n_events[i] && i + 1 < km->n) continue;
            const coley_km_point at = coley_km_entry(km, i, COLEY_KM_LOGLOG, 0.95);
            coley_emit_number(emit, NULL,
                              part == 0   ? km->time[i]
                              : part == 1 ? at.survival
                              : part == 2 ? at.interval.low
                                          : at.interval.high);
        }
        coley_emit_end(emit);
    }
    const double longest = km->n ? km->time[km->n - 1] : 0, step = risk_step(longest);
    coley_emit_list(emit, "at_risk_t");
    for (double at = 0; at <= longest; at += step) coley_emit_number(emit, NULL, at);
    coley_emit_end(emit);
    coley_emit_list(emit, "at_risk");
    for (double at = 0; at <= longest; at += step)
        coley_emit_integer(emit, NULL, (int64_t)coley_km_at(km, at, COLEY_KM_LOGLOG, 0.95).at_risk);
    coley_emit_end(emit);
    coley_emit_list(emit, "censor_t");
    for (size_t i = 0; i < km->n; i++)
        if (km->n_censored[i]) coley_emit_number(emit, NULL, km->time[i]);
    coley_emit_end(emit);
}

static coley_status emit_curves(coley_arena *arena, const trial *t, coley_emit *emit, coley_error *err)
{
    double *time = COLEY_NEW(arena, double, t->n + 1);
    int *event = COLEY_NEW(arena, int, t->n + 1), *arm = COLEY_NEW(arena, int, t->n + 1);
    if (!time || !event || !arm) return COLEY_FAIL_MEMORY(err);
    coley_emit_map(emit, "km");
    for (int kind = 0; kind < 2; kind++) {
        coley_survival s;
        for (size_t i = 0; i < t->n; i++) {
            time[i] = fmax(0, kind ? t->person[i].os_day : t->person[i].pfs_day) / month;
            event[i] = kind ? t->person[i].os_event : t->person[i].pfs_event;
            arm[i] = t->person[i].arm_number;
        }
        coley_emit_map(emit, kind ? "os" : "pfs");
        const coley_survival_input input = {.n = t->n, .time = time, .event = event, .arm = arm, .n_arms = t->n_arms};
        COLEY_TRY(coley_survival_prepare(arena, &input, &s, err));
        for (size_t a = 0; a < t->n_arms; a++) {
            coley_km km;
            COLEY_TRY(coley_km_curve(arena, &s, (int)a, &km, err));
            coley_emit_map(emit, t->arm[a]);
            emit_curve(&km, emit);
            coley_emit_end(emit);
        }
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

/* --- side effects over time ----------------------------------------------------------------------------------------
 */

/* First day of an organ's (NULL: any) event of at least that grade; infinity: none. */
static double first_day(const trial *t, size_t from, size_t to, const char *organ, int grade)
{
    double day = INFINITY;
    for (size_t i = from; i < to; i++)
        if (atoi(cell(&t->events, i, "ATOXGR")) >= grade && (!organ || !strcmp(cell(&t->events, i, "AEDECOD"), organ)))
            day = fmin(day, number(&t->events, i, "ASTDY"));
    return day;
}

static coley_status incidence_of(coley_arena *arena, const trial *t, size_t arm, const char *organ, int grade,
                                 const size_t *first, const double *grid, size_t n_grid, double *share,
                                 coley_error *err)
{
    double *time = COLEY_NEW(arena, double, t->n + 1);
    int *event = COLEY_NEW(arena, int, t->n + 1);
    size_t n = 0;
    if (!time || !event) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < t->n; i++) {
        const person *p = &t->person[i];
        if ((size_t)p->arm_number != arm) continue;
        const double day = first_day(t, first[i], first[i + 1], organ, grade);
        event[n] = day <= p->os_day ? 1 : p->os_event ? 2 : 0;
        time[n++] = fmax(0, fmin(day, p->os_day)) / month;
    }
    coley_survival s;
    coley_incidence curve;
    const coley_survival_input input = {.n = n, .time = time, .event = event};
    COLEY_TRY(coley_survival_prepare(arena, &input, &s, err));
    COLEY_TRY(coley_incidence_curve(arena, &s, COLEY_ALL_ARMS, 1, &curve, err));
    for (size_t g = 0; g < n_grid; g++) share[g] = coley_incidence_at(&curve, grid[g], 0.95).incidence;
    return COLEY_OK;
}

static coley_status emit_incidence(coley_arena *arena, const trial *t, coley_emit *emit, coley_error *err)
{
    enum { GRID = 25 };
    double grid[GRID], share[GRID], longest = 0;
    const char *organ[MOST_ORGANS];
    size_t n_organs = 0, *first = COLEY_NEW(arena, size_t, t->n + 2), at = 0, n;
    if (!first) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < t->n; i++) {
        const size_t from = rows_of(&t->events, at, &t->person[i], &n);
        first[i] = n ? from : at;
        if (n) at = from + n;
        longest = fmax(longest, t->person[i].os_day);
    }
    first[t->n] = at;
    for (size_t i = 0; i < t->events.n_rows; i++) {
        const char *name = cell(&t->events, i, "AEDECOD");
        size_t k = 0;
        while (k < n_organs && strcmp(organ[k], name)) k++;
        if (k == n_organs && n_organs < MOST_ORGANS) organ[n_organs++] = name;
    }
    for (size_t g = 0; g < GRID; g++) grid[g] = longest / month * (double)g / (GRID - 1);
    coley_emit_map(emit, "incidence");
    for (size_t a = 0; a < t->n_arms; a++) {
        coley_emit_map(emit, t->arm[a]);
        for (size_t k = 0; k <= n_organs; k++) {
            coley_emit_map(emit, k ? organ[k - 1] : "all");
            coley_emit_list(emit, "t");
            for (size_t g = 0; g < GRID; g++) coley_emit_number(emit, NULL, grid[g]);
            coley_emit_end(emit);
            for (int severe = 0; severe < 2; severe++) {
                COLEY_TRY(
                    incidence_of(arena, t, a, k ? organ[k - 1] : NULL, severe ? 3 : 1, first, grid, GRID, share, err));
                coley_emit_list(emit, severe ? "grade34" : "any");
                for (size_t g = 0; g < GRID; g++) coley_emit_number(emit, NULL, share[g]);
                coley_emit_end(emit);
            }
            coley_emit_end(emit);
        }
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

/* --- forest --------------------------------------------------------------------------------------------------------
 */

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* People cut at the middle of a column, or by its two words. members [n]: rows of people. */
static coley_status cut_people(coley_arena *arena, const trial *t, const size_t *members, size_t n, const char *column,
                               const char *words, const char *const value[2], coley_factor *factor, coley_error *err)
{
    int *const level = COLEY_NEW(arena, int, n + 1);
    double *const sorted = COLEY_NEW(arena, double, n + 1);
    const char **const names = COLEY_NEW(arena, const char *, 2);
    size_t known = 0;
    if (!level || !sorted || !names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        const double x = number(&t->people, members[i], column);
        if (!value[0] && isfinite(x)) sorted[known++] = x;
    }
    qsort(sorted, known, sizeof *sorted, rising);
    const double middle = known ? sorted[known / 2] : NAN;
    for (size_t i = 0; i < n; i++) {
        const char *text = cell(&t->people, members[i], column);
        const double x = number(&t->people, members[i], column);
        if (value[0])
            level[i] = !strcmp(text, value[0]) ? 0 : !strcmp(text, value[1]) ? 1 : -1;
        else
            level[i] = isfinite(x) ? x >= middle : -1;
    }
    names[0] = value[0] ? value[0] : coley_arena_printf(arena, "below %.3g", middle);
    names[1] = value[1] ? value[1] : coley_arena_printf(arena, "%.3g and above", middle);
    *factor = (coley_factor){.name = words, .level = level, .n_levels = 2, .level_name = names};
    return names[0] && names[1] ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

/* Progression-free survival of the first arm that is not the control against the control, in parts of the people. */
static coley_status emit_forest(coley_arena *arena, const trial *t, const char *control, coley_emit *emit,
                                coley_error *err)
{
    static const struct {
        const char *column, *words, *value[2];
    } parts[] = {{"AGE", "age", {NULL, NULL}},       {"SEX", "sex", {"F", "M"}},
                 {"ECOG", "ECOG", {"0", "1"}},       {"PDL1_TPS", "PD-L1 [%]", {NULL, NULL}},
                 {"TMB", "TMB [/Mb]", {NULL, NULL}}, {"SOD_MM", "sum of diameters [mm]", {NULL, NULL}}};
    enum { PARTS = sizeof parts / sizeof *parts };
    coley_factor factor[PARTS];
    coley_forest forest = {0};
    size_t c = 0, n = 0;
    while (c < t->n_arms && (!control || strcmp(t->arm[c], control))) c++;
    const size_t other = c == 0 ? 1 : 0;
    double *const time = COLEY_NEW(arena, double, t->n + 1);
    int *const event = COLEY_NEW(arena, int, t->n + 1), *const arm = COLEY_NEW(arena, int, t->n + 1);
    size_t *const member = COLEY_NEW(arena, size_t, t->n + 1);
    if (!time || !event || !arm || !member) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; c < t->n_arms && t->n_arms > 1 && i < t->n; i++) {
        const person *p = &t->person[i];
        if ((size_t)p->arm_number != c && (size_t)p->arm_number != other) continue;
        member[n] = p->row;
        time[n] = fmax(0, p->pfs_day);
        event[n] = p->pfs_event;
        arm[n++] = (size_t)p->arm_number == other;
    }
    for (size_t k = 0; k < PARTS; k++)
        COLEY_TRY(cut_people(arena, t, member, n, parts[k].column, parts[k].words, parts[k].value, &factor[k], err));
    const coley_survival_input input = {.n = n, .time = time, .event = event, .arm = arm, .n_arms = 2};
    if (n) COLEY_TRY(coley_forest_of(arena, &input, factor, PARTS, 0.95, &forest, err));
    coley_emit_list(emit, "forest");
    for (size_t k = 0; k < forest.n_rows; k++) {
        const coley_forest_row *r = &forest.row[k];
        const char *label = *r->level ? coley_arena_printf(arena, "%s %s", r->factor, r->level) : "all people";
        if (!label) return COLEY_FAIL_MEMORY(err);
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "label", label);
        coley_emit_number(emit, "hr", r->why ? NAN : r->ratio.ratio);
        coley_emit_number(emit, "low", r->why ? NAN : r->ratio.interval.low);
        coley_emit_number(emit, "high", r->why ? NAN : r->ratio.interval.high);
        coley_emit_integer(emit, "n", (int64_t)(r->people[0] + r->people[1]));
        coley_emit_integer(emit, "events", (int64_t)(r->events[0] + r->events[1]));
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

coley_status coley_studio_trial(coley_arena *arena, const char *out, const char *command, coley_text *text,
                                coley_error *err)
{
    trial t = {0};
    char *summary;
    size_t length;
    const char *path = coley_arena_printf(arena, "%s/summary.json", out);
    json_error_t where;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_read(arena, path, TABLE_BYTES, &summary, &length, err));
    json_t *root = json_loadb(summary, length, 0, &where);
    if (!root)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = "summary.json", .line = where.line}), "%s",
                             where.text);
    const char *title = json_string_value(json_object_get(root, "title"));
    title = title ? coley_arena_text(arena, title, strlen(title)) : "Trial";
    const char *control = json_string_value(json_object_get(root, "control"));
    control = control ? coley_arena_text(arena, control, strlen(control)) : NULL;
    json_t *published = json_object_get(root, "published");
    char *figures = published ? json_dumps(published, JSON_COMPACT) : NULL;
    const char *kept = figures ? coley_arena_text(arena, figures, strlen(figures)) : "[]";
    free(figures);
    json_decref(root);
    COLEY_TRY(read_trial(arena, out, &t, err));
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "title", title);
    coley_emit_text(&emit, "notice", "Simulated. For research and teaching; not medical advice.");
    coley_emit_text(&emit, "command", command);
    emit_people(&t, &emit);
    coley_emit_integer(&emit, "people_in_all", (int64_t)t.n);
    COLEY_TRY(emit_curves(arena, &t, &emit, err));
    COLEY_TRY(emit_incidence(arena, &t, &emit, err));
    COLEY_TRY(emit_forest(arena, &t, control, &emit, err));
    coley_emit_flag(&emit, "simulated", 1);
    coley_text_addf(text, ",\n  \"published\": %s,\n  \"summary\": %s", kept, summary);
    coley_emit_end(&emit);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
