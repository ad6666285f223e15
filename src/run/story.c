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
    const coley_yaml *classes, *names, *sizes, *care, *fates, *rechallenge;
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
    static const char *const keys[] = {"classes", "names", "sizes",       "care",
                                       "moments", "fates", "rechallenge", "questions"};
    const char *path = coley_arena_printf(arena, "%s/story.yaml", models);
    const coley_yaml *root;
    coley_story_words *words = COLEY_NEW(arena, coley_story_words, 1);
    if (!path || !words) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    const coley_yaml *moments = coley_yaml_find(root, "moments"), *questions = coley_yaml_find(root, "questions");
    const struct {
        const char *key;
        const coley_yaml **to;
    } maps[] = {{"classes", &words->classes}, {"names", &words->names}, {"sizes", &words->sizes},
                {"care", &words->care},       {"fates", &words->fates}, {"rechallenge", &words->rechallenge}};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (!(*maps[i].to = coley_yaml_find(root, maps[i].key)))
            return coley_yaml_fail(root, err, "the key '%s' is missing here", maps[i].key);
        COLEY_TRY(coley_yaml_expect(*maps[i].to, COLEY_YAML_MAP, err));
    }
    if (!moments || !questions) return coley_yaml_fail(root, err, "needs moments and questions");
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

/* A number as it is said: 1 million, not 1 x 10^6. */
static const char *said(telling *t, double value)
{
    const int steps = value >= 1e9 ? 2 : value >= 1e6 ? 1 : 0;
    static const double unit[] = {1, 1e6, 1e9};
    static const char *const name[] = {"", " million", " billion"};
    const char *text = coley_arena_printf(t->arena, "%s%s", FIGURE(value / unit[steps]), name[steps]);
    if (!text) t->failed = 1;
    return text ? text : "";
}

static const char *size_of(telling *t, double mm)
{
    if (mm < 1) return "less than 1 millimetre";
    const char *text = coley_arena_printf(t->arena, "%s millimetre%s", FIGURE(round(mm)), round(mm) == 1 ? "" : "s");
    if (!text) t->failed = 1;
    return text ? text : "";
}

typedef struct blank {
    const char *name, *text; /* "{day}", "84" */
} blank;

/* `text` with its {names} replaced; an unknown name stays as it is, for everybody to see. NULL without a text. */
static const char *fill(telling *t, const char *text, size_t n, const blank *row)
{
    coley_text out = {.arena = t->arena};
    for (const char *p = text; p && *p;) {
        size_t i = 0, length = 0;
        while (i < n && strncmp(p, row[i].name, length = strlen(row[i].name))) i++;
        if (i == n)
            coley_text_add(&out, p, length = 1);
        else if (!row[i].text)
            t->failed = 1;
        else
            coley_text_add(&out, row[i].text, strlen(row[i].text));
        p += length;
    }
    if (out.failed) t->failed = 1;
    return out.data;
}

#define FILL(t, text, ...)                                                                                             \
    fill(t, text, sizeof((const blank[]){__VA_ARGS__}) / sizeof(blank), (const blank[]){__VA_ARGS__})

static const char *day_text(telling *t, double day)
{
    return coley_arena_printf(t->arena, "%s", FIGURE(round(day)));
}

/* The sentence under a key, NULL when there is none. */
static const char *sentence(const coley_yaml *map, const char *key)
{
    const coley_yaml *says = coley_yaml_find(map, key);
    return says && says->kind == COLEY_YAML_TEXT ? says->text : NULL;
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
        const char *called = sentence(words->names, drug[i].name), *says = sentence(words->classes, drug[i].drug_class);
        if (!called) called = drug[i].name;
        char *name = coley_arena_printf(t->arena, "%s", called);
        if (!name) {
            t->failed = 1;
            return;
        }
        *name = (char)toupper((unsigned char)*name);
        tell(t, COLEY_STORY_PLAN,
             n == 1 ? coley_arena_printf(t->arena, "The person got %s once, on day %s.", called, FIGURE(round(first)))
                    : coley_arena_printf(t->arena, "The person got %s %zu times, from day %s on.", called, n,
                                         FIGURE(round(first))),
             "doses", first, (double)n);
        if (says) tell(t, COLEY_STORY_PLAN, FILL(t, says, {"{drug}", name}), NULL, NAN, NAN);
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
        const double value = series->value[row];
        const char *text =
            FILL(t, m->text, {"{day}", day_text(t, c->day[row])},
                 {"{value}", coley_arena_printf(t->arena, "%s", FIGURE(value))},
                 {"{thousand}", coley_arena_printf(t->arena, "%s", FIGURE(round(1000 * value)))},
                 {"{grade}", coley_arena_printf(t->arena, "%.0f", fmin(5, fmax(1, round(value))))},
                 {"{percent}", share(t, value, 100)},
                 {"{in_1000}", share(t, -expm1(-value), 1000)}); /* of a rate: those that a day of it takes */
        tell(t, COLEY_STORY_HAPPENED, text, series->id, c->day[row], value);
    }
}

/* How sizes are told: by a site that all lesions share, else for one tumour or for many. */
static const coley_yaml *size_words(const telling *t, const coley_story_words *words)
{
    const coley_lesion_table *table = t->course->lesions;
    const size_t n = table ? table->n_lesions : 0;
    for (size_t i = 1; i < n; i++)
        if (strcmp(table->lesion[i].organ, table->lesion[0].organ)) return coley_yaml_find(words->sizes, "many");
    const coley_yaml *of_site = n ? coley_yaml_find(words->sizes, table->lesion[0].organ) : NULL;
    return of_site ? of_site : coley_yaml_find(words->sizes, n == 1 ? "one" : "many");
}

static void tell_size(telling *t, const coley_story_words *words)
{
    const coley_course *c = t->course;
    const coley_series *sum = series_of(c, "SOD", 0), *cells = series_of(c, "C_s", 1);
    const coley_yaml *says = size_words(t, words);
    if (!sum || !says) return;
    const size_t end = c->n_days - 1;
    size_t least = 0, most = 0;
    for (size_t i = 1; i < c->n_days; i++)
        if (sum->value[i] < sum->value[least]) least = i;
    for (size_t i = 1; i < least; i++)
        if (sum->value[i] > sum->value[most]) most = i;
    /* Swollen, or grown: by the tumour cells in the first lesion. */
    const int grown = cells && cells->value[most] > 1.15 * cells->value[0];
    const int shrank = sum->value[least] < 0.95 * sum->value[0];
    const struct {
        const char *key;
        size_t row;
        int told;
    } rows[] = {
        {"start", 0, 1},
        {grown ? "grown" : "swollen", most, sum->value[most] > 1.05 * sum->value[0]},
        {"smallest", least, shrank && least < end},
        {shrank && least == end ? "smallest" : "last", end, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double mm = sum->value[rows[i].row], day = c->day[rows[i].row];
        const char *text = sentence(says, rows[i].key);
        if (!rows[i].told || !text) continue;
        tell(t, COLEY_STORY_HAPPENED, FILL(t, text, {"{size}", size_of(t, mm)}, {"{day}", day_text(t, day)}), "SOD",
             day, mm);
    }
}

/* What the clinic gave and left out because of side effects. */
static void tell_care(telling *t, const coley_story_words *words)
{
    const coley_course_care *care = t->course->care;
    if (!care) return;
    size_t i = 0;
    while (i < care->n_rows && strcmp(care->row[i].deed, "steroid")) i++;
    const char *says = sentence(words->care, "steroid");
    if (i < care->n_rows && says && care->row[i].drug)
        tell(t, COLEY_STORY_HAPPENED,
             FILL(t, says, {"{drug}", care->row[i].drug}, {"{day}", day_text(t, care->row[i].day)},
                  {"{days}", day_text(t, care->steroid_day)}),
             "doses", care->row[i].day, care->steroid_day);
    says = sentence(words->care, "left out");
    const double out = (double)(care->n_held + care->n_stopped), end = t->course->day[t->course->n_days - 1];
    if (out > 0 && says)
        tell(t, COLEY_STORY_HAPPENED,
             FILL(t, says, {"{out}", day_text(t, out)}, {"{planned}", day_text(t, (double)care->n_planned)}), "doses",
             isnan(care->stopped_day) ? end : care->stopped_day, out);
}

/* A sentence of `rechallenge` in the words. */
static void tell_cells(telling *t, const coley_yaml *words, const char *key, const coley_rechallenge *r, double day)
{
    const char *says = sentence(words, key);
    if (!says) return;
    tell(t, COLEY_STORY_HAPPENED,
         FILL(t, says, {"{cells}", said(t, r->cells)}, {"{lesion}", day_text(t, r->lesion)},
              {"{day}", day_text(t, r->day)}, {"{outcome_day}", day_text(t, r->outcome_day)}),
         "rechallenge", day, r->cells);
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
    const char *says = sentence(words->fates, coley_fate_name(fate->kind));
    const coley_series *sum = series_of(t->course, "SOD", 0);
    const size_t end = t->course->n_days - 1;
    if (says && sum) tell(t, COLEY_STORY_END, says, "SOD", t->course->day[end], sum->value[end]);
    if (fate->cause)
        tell(t, COLEY_STORY_END,
             coley_arena_printf(t->arena, "The main reason in this run: %s. %s", fate->cause->name, fate->cause->words),
             fate->quantity, fate->cause_day, fate->cause_value);
}

static void tell_others(telling *t, const coley_story_words *words)
{
    const coley_course *c = t->course;
    const coley_series *sum = series_of(c, "SOD", 0);
    const coley_yaml *says = size_words(t, words);
    if (!c->n_twins) return;
    const double n = (double)c->n_twins, end = c->day[c->n_days - 1];
    const char *shrank = sum && sum->value[0] < 1 ? NULL : sentence(says, "others shrank");
    const char *steady = sentence(says, "others steady");
    const char *scans =
        end < 365 ? coley_arena_printf(t->arena, "up to day %s", FIGURE(round(end))) : "of the first year";
    tell(t, COLEY_STORY_OTHERS,
         coley_arena_printf(t->arena,
                            "People differ. We ran %zu made-up people with the same cancer and the same treatment.",
                            c->n_twins),
         "people", NAN, n);
    if (shrank)
        tell(t, COLEY_STORY_OTHERS, FILL(t, shrank, {"{percent}", share(t, (double)c->n_twins_responded / n, 100)}),
             "people_respond", NAN, (double)c->n_twins_responded);
    if (steady)
        tell(t, COLEY_STORY_OTHERS,
             FILL(t, steady, {"{percent}", share(t, (double)c->n_twins_steady / n, 100)}, {"{scans}", scans}),
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
    tell_size(&t, words);
    tell_moments(&t, words);
    tell_care(&t, words);
    tell_rechallenges(&t, words);
    tell_end(&t, words, fate);
    tell_others(&t, words);
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
