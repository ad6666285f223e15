/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story.c -- see story.h. */
#include "run/story.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "io/plot.h"

typedef enum moment_when { WHEN_HALF, WHEN_DOUBLE, WHEN_ABOVE, WHEN_BELOW, WHEN_PEAK, WHEN_LOWEST } moment_when;

typedef struct moment {
    const char *symbol, *text;
    int of_lesion;
    moment_when when;
    double limit; /* NaN: none */
} moment;

struct coley_story_words {
    const coley_yaml *classes, *fates, *rechallenge;
    size_t n_moments, n_questions;
    moment *moment;
    const char **question;
};

/* --- words -----------------------------------------------------------------------------------------------------------
 */

static coley_status read_moment(const coley_yaml *entry, moment *m, coley_error *err)
{
    static const char *const keys[] = {"symbol", "lesion", "when", "limit", "text"};
    static const char *const whens[] = {"half", "double", "above", "below", "peak", "lowest"};
    int when;
    *m = (moment){.limit = NAN};
    COLEY_TRY(coley_yaml_expect(entry, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(entry, keys, sizeof keys / sizeof *keys, err));
    const coley_yaml *symbol = coley_yaml_find(entry, "symbol"), *text = coley_yaml_find(entry, "text"),
                     *at = coley_yaml_find(entry, "when"), *limit = coley_yaml_find(entry, "limit"),
                     *lesion = coley_yaml_find(entry, "lesion");
    if (!symbol || !text || !at) return coley_yaml_fail(entry, err, "a moment has symbol, when and text");
    COLEY_TRY(coley_yaml_text(symbol, &m->symbol, err));
    COLEY_TRY(coley_yaml_text(text, &m->text, err));
    COLEY_TRY(coley_yaml_choice(at, whens, sizeof whens / sizeof *whens, &when, err));
    m->when = (moment_when)when;
    if (limit) COLEY_TRY(coley_yaml_number(limit, -1e300, 1e300, &m->limit, err));
    if (lesion) COLEY_TRY(coley_yaml_flag(lesion, &m->of_lesion, err));
    if ((m->when == WHEN_ABOVE || m->when == WHEN_BELOW) && !limit)
        return coley_yaml_fail(entry, err, "'%s' needs a limit", whens[when]);
    return COLEY_OK;
}

coley_status coley_story_words_read(coley_arena *arena, const char *models, const coley_story_words **out,
                                    coley_error *err)
{
    static const char *const keys[] = {"classes", "moments", "fates", "rechallenge", "questions"};
    const char *path = coley_arena_printf(arena, "%s/story.yaml", models);
    const coley_yaml *root;
    coley_story_words *words = COLEY_NEW(arena, coley_story_words, 1);
    if (!path || !words) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    const coley_yaml *moments = coley_yaml_find(root, "moments"), *questions = coley_yaml_find(root, "questions");
    words->classes = coley_yaml_find(root, "classes");
    words->fates = coley_yaml_find(root, "fates");
    words->rechallenge = coley_yaml_find(root, "rechallenge");
    if (!words->rechallenge || !moments || !questions || !words->classes || !words->fates)
        return coley_yaml_fail(root, err, "needs classes, moments, fates, rechallenge and questions");
    COLEY_TRY(coley_yaml_expect(words->classes, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_expect(words->fates, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_expect(moments, COLEY_YAML_LIST, err));
    COLEY_TRY(coley_yaml_expect(questions, COLEY_YAML_LIST, err));
    if (!(words->moment = COLEY_NEW(arena, moment, moments->n + 1)) ||
        !(words->question = COLEY_NEW(arena, const char *, questions->n + 1)))
        return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < moments->n; i++)
        COLEY_TRY(read_moment(moments->item[i], &words->moment[words->n_moments++], err));
    for (size_t i = 0; i < questions->n; i++)
        COLEY_TRY(coley_yaml_text(questions->item[i], &words->question[words->n_questions++], err));
    *out = words;
    return COLEY_OK;
}

/* --- lines -----------------------------------------------------------------------------------------------------------
 */

typedef struct telling {
    coley_arena *arena;
    const coley_course *course;
    coley_story_line *line;
    size_t n, cap;
    int failed;
} telling;

static void tell(telling *t, coley_story_part part, const char *text, const char *quantity, double day, double value)
{
    if (!text || !COLEY_RESERVE(t->arena, t->line, t->cap, t->n + 1)) {
        t->failed = 1;
        return;
    }
    size_t i = t->n++;
    if (part == COLEY_STORY_HAPPENED) /* by day; of one day in the order of the words */
        for (; i > 0 && t->line[i - 1].part == part && t->line[i - 1].day > day; i--) t->line[i] = t->line[i - 1];
    t->line[i] = (coley_story_line){.part = part, .text = text, .quantity = quantity, .day = day, .value = value};
}

#define FIGURE(number) coley_figure_of(number).text

/* A share as a whole number of `of`; "fewer than 1" when it rounds to none, so that little never reads as nothing. */
static const char *share(telling *t, double value, double of)
{
    const double n = round(of * value);
    const char *text = n < 1 && value > 0 ? "fewer than 1" : coley_arena_printf(t->arena, "%s", FIGURE(n));
    if (!text) t->failed = 1;
    return text ? text : "";
}

/* `text` with its {names} replaced; an unknown name stays as it is, for everybody to see. */
static const char *fill(telling *t, const char *text, const char *drug, double day, double value)
{
    coley_text out = {.arena = t->arena};
    const struct {
        const char *name, *text;
    } rows[] = {
        {"{drug}", drug ? drug : ""},
        {"{day}", coley_arena_printf(t->arena, "%s", FIGURE(round(day)))},
        {"{value}", coley_arena_printf(t->arena, "%s", FIGURE(value))},
        {"{grade}", coley_arena_printf(t->arena, "%.0f", fmin(5, fmax(1, round(value))))},
        {"{percent}", share(t, value, 100)},
        {"{in_1000}", share(t, -expm1(-value), 1000)}, /* of a rate: those that a day of it takes */
    };
    for (const char *p = text; *p;) {
        size_t i = 0, length = 0;
        while (i < sizeof rows / sizeof *rows && strncmp(p, rows[i].name, length = strlen(rows[i].name))) i++;
        if (i == sizeof rows / sizeof *rows) {
            coley_text_add(&out, p++, 1);
            continue;
        }
        if (!rows[i].text)
            t->failed = 1;
        else
            coley_text_add(&out, rows[i].text, strlen(rows[i].text));
        p += length;
    }
    if (out.failed) t->failed = 1;
    return out.data;
}

static const coley_series *series_of(const coley_course *course, const char *name, int of_lesion)
{
    char id[128];
    snprintf(id, sizeof id, "%s%s", of_lesion ? "L1." : "", name);
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, id)) return &course->series[i];
    return NULL;
}

/* The row of a moment; n_days when it did not come. A course's first row is no event, but may be an extreme. */
static size_t row_of(const moment *m, const coley_series *series, size_t n_days)
{
    const double *v = series->value;
    const double sign = m->when == WHEN_HALF || m->when == WHEN_BELOW || m->when == WHEN_LOWEST ? -1 : 1;
    if (m->when == WHEN_PEAK || m->when == WHEN_LOWEST) {
        size_t best = 0;
        for (size_t i = 1; i < n_days; i++)
            if (sign * v[i] > sign * v[best]) best = i;
        return isnan(m->limit) || sign * v[best] >= sign * m->limit ? best : n_days;
    }
    const double limit = m->when == WHEN_HALF ? 0.5 * v[0] : m->when == WHEN_DOUBLE ? 2 * v[0] : m->limit;
    if (sign * v[0] >= sign * limit) return n_days; /* so from the start */
    size_t i = 1;
    while (i < n_days && !(sign * v[i] >= sign * limit)) i++;
    return i;
}

static void tell_plan(telling *t, const coley_story_words *words, size_t n_drugs, const coley_story_drug *drug)
{
    for (size_t i = 0; i < n_drugs; i++) {
        size_t n = 0;
        double first = NAN;
        for (size_t k = 0; k < t->course->n_doses; k++) {
            if (strcmp(t->course->dose[k].drug, drug[i].name)) continue;
            if (!n++) first = t->course->dose[k].day;
        }
        if (!n) continue;
        char *name = coley_arena_printf(t->arena, "%s", drug[i].name);
        if (!name) {
            t->failed = 1;
            return;
        }
        *name = (char)toupper((unsigned char)*name);
        tell(t, COLEY_STORY_PLAN,
             coley_arena_printf(t->arena, "The person got %s, %zu time%s, from day %s on.", drug[i].name, n,
                                n == 1 ? "" : "s", FIGURE(round(first))),
             "doses", first, (double)n);
        const coley_yaml *says = coley_yaml_find(words->classes, drug[i].drug_class);
        if (says && says->kind == COLEY_YAML_TEXT)
            tell(t, COLEY_STORY_PLAN, fill(t, says->text, name, first, 0), NULL, NAN, NAN);
    }
    if (!t->course->n_doses) tell(t, COLEY_STORY_PLAN, "The person got no treatment in this run.", "doses", NAN, 0);
}

static void tell_moments(telling *t, const coley_story_words *words)
{
    const coley_course *c = t->course;
    for (size_t i = 0; i < words->n_moments; i++) {
        const moment *m = &words->moment[i];
        const coley_series *series = series_of(c, m->symbol, m->of_lesion);
        const size_t row = series ? row_of(m, series, c->n_days) : c->n_days;
        if (row == c->n_days) continue;
        tell(t, COLEY_STORY_HAPPENED, fill(t, m->text, NULL, c->day[row], series->value[row]), series->id, c->day[row],
             series->value[row]);
    }
}

static void tell_size(telling *t)
{
    const coley_course *c = t->course;
    const coley_series *sum = series_of(c, "SOD", 0);
    if (!sum) return;
    size_t least = 0, most = 0;
    for (size_t i = 1; i < c->n_days; i++)
        if (sum->value[i] < sum->value[least]) least = i;
    for (size_t i = 1; i < least; i++)
        if (sum->value[i] > sum->value[most]) most = i;
    tell(t, COLEY_STORY_HAPPENED,
         coley_arena_printf(t->arena, "At the start the tumours were %s millimetres across, when added up.",
                            FIGURE(round(sum->value[0]))),
         "SOD", c->day[0], sum->value[0]);
    /* Swollen, or grown: by the tumour cells in the first lesion. */
    const coley_series *cells = series_of(c, "C_s", 1);
    const int grown = cells && cells->value[most] > 1.15 * cells->value[0];
    if (sum->value[most] > 1.05 * sum->value[0])
        tell(t, COLEY_STORY_HAPPENED,
             coley_arena_printf(t->arena,
                                grown
                                    ? "First they grew: %s millimetres on day %s."
                                    : "First they looked larger: %s millimetres on day %s. When immune cells move in, "
                                      "a tumour can swell before it shrinks.",
                                FIGURE(round(sum->value[most])), FIGURE(round(c->day[most]))),
             "SOD", c->day[most], sum->value[most]);
    if (sum->value[least] < 0.95 * sum->value[0])
        tell(t, COLEY_STORY_HAPPENED,
             coley_arena_printf(t->arena, "They were smallest on day %s: %s millimetres, %s of every 100 gone.",
                                FIGURE(round(c->day[least])), FIGURE(round(sum->value[least])),
                                FIGURE(round(100 * (1 - sum->value[least] / sum->value[0])))),
             "SOD", c->day[least], sum->value[least]);
    const size_t end = c->n_days - 1;
    tell(t, COLEY_STORY_HAPPENED,
         coley_arena_printf(t->arena, "On the last day, day %s, they were %s millimetres.", FIGURE(round(c->day[end])),
                            FIGURE(round(sum->value[end]))),
         "SOD", c->day[end], sum->value[end]);
}

/* A sentence of `rechallenge` in the words, its {names} filled in. */
static void tell_cells(telling *t, const coley_yaml *words, const char *key, const coley_rechallenge *r, double day)
{
    const coley_yaml *says = coley_yaml_find(words, key);
    const struct {
        const char *name;
        double value;
    } rows[] = {
        {"{cells}", r->cells}, {"{lesion}", r->lesion}, {"{day}", round(r->day)}, {"{outcome_day}", round(r->outcome_day)}};
    coley_text out = {.arena = t->arena};
    if (!says || says->kind != COLEY_YAML_TEXT) return;
    for (const char *p = says->text; *p;) {
        size_t i = 0, length = 0;
        while (i < sizeof rows / sizeof *rows && strncmp(p, rows[i].name, length = strlen(rows[i].name))) i++;
        if (i < sizeof rows / sizeof *rows)
            coley_text_addf(&out, "%s", FIGURE(rows[i].value));
        else
            coley_text_add(&out, p, length = 1);
        p += length;
    }
    if (out.failed) t->failed = 1;
    tell(t, COLEY_STORY_HAPPENED, out.data, "rechallenge", day, r->cells);
}

static void tell_rechallenges(telling *t, const coley_story_words *words)
{
    for (size_t i = 0; i < t->course->n_rechallenges; i++) {
        const coley_rechallenge *r = &t->course->rechallenge[i];
        tell_cells(t, words->rechallenge, r->antigen, r, r->day);
        tell_cells(t, words->rechallenge, r->outcome, r, isnan(r->outcome_day) ? r->day : r->outcome_day);
    }
}

static void tell_end(telling *t, const coley_story_words *words, const coley_fate *fate)
{
    const coley_yaml *says = coley_yaml_find(words->fates, coley_fate_name(fate->kind));
    const coley_series *sum = series_of(t->course, "SOD", 0);
    const size_t end = t->course->n_days - 1;
    if (says && says->kind == COLEY_YAML_TEXT && sum)
        tell(t, COLEY_STORY_END, says->text, "SOD", t->course->day[end], sum->value[end]);
    if (fate->cause)
        tell(t, COLEY_STORY_END,
             coley_arena_printf(t->arena, "The main reason in this run: %s. %s", fate->cause->name, fate->cause->words),
             fate->quantity, fate->cause_day, fate->cause_value);
}

static void tell_others(telling *t)
{
    const coley_course *c = t->course;
    if (!c->n_twins) return;
    const double n = (double)c->n_twins;
    tell(t, COLEY_STORY_OTHERS,
         coley_arena_printf(t->arena,
                            "People differ. We ran %zu made-up people with the same tumours and the same treatment.",
                            c->n_twins),
         "people", NAN, n);
    tell(t, COLEY_STORY_OTHERS,
         coley_arena_printf(t->arena, "Of every 100 of them, the tumours of %s shrank by 30 parts in 100 or more.",
                            share(t, (double)c->n_twins_responded / n, 100)),
         "people_respond", NAN, (double)c->n_twins_responded);
    tell(t, COLEY_STORY_OTHERS,
         coley_arena_printf(t->arena, "In %s of every 100, scans of the first year showed no growth.",
                            share(t, (double)c->n_twins_steady / n, 100)),
         "people_steady", NAN, (double)c->n_twins_steady);
    tell(t, COLEY_STORY_OTHERS, "Nobody can say which of them is you. This is a model, not a promise.", NULL, NAN, NAN);
}

coley_status coley_story_tell(coley_arena *arena, const coley_course *course, const coley_story_words *words,
                              const coley_fate *fate, size_t n_drugs, const coley_story_drug *drug, coley_story *story,
                              coley_error *err)
{
    telling t = {.arena = arena, .course = course};
    if (!course->n_days) return COLEY_FAIL(err, COLEY_ERR_ARG, "a course without days has no story");
    tell_plan(&t, words, n_drugs, drug);
    tell_size(&t);
    tell_moments(&t, words);
    tell_rechallenges(&t, words);
    tell_end(&t, words, fate);
    tell_others(&t);
    for (size_t i = 0; i < words->n_questions; i++) tell(&t, COLEY_STORY_QUESTIONS, words->question[i], NULL, NAN, NAN);
    *story = (coley_story){.n = t.n, .line = t.line};
    return t.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

const char *coley_story_title(coley_story_part part)
{
    static const char *const titles[] = {
        [COLEY_STORY_PLAN] = "What was given, and what it does",
        [COLEY_STORY_HAPPENED] = "What happened, in order",
        [COLEY_STORY_END] = "How it ended, and why",
        [COLEY_STORY_OTHERS] = "How it went for others",
        [COLEY_STORY_QUESTIONS] = "Questions to ask a care team",
    };
    return titles[part];
}

const char *coley_story_text(coley_arena *arena, const coley_story *story)
{
    coley_text text = {.arena = arena};
    for (size_t i = 0; i < story->n; i++) coley_text_addf(&text, "%s\n", story->line[i].text);
    return text.failed ? NULL : text.data ? text.data : "";
}
