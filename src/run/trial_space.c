/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_space.c -- see trial_space.h. */
#include "run/trial_space.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

/* --- a row's keys ----------------------------------------------------------------------------------------------------
 */

static coley_status read_paths(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_space_paths *paths = value;
    const size_t n = node->kind == COLEY_YAML_LIST ? node->n : 1;
    (void)arena;
    if (n < 1 || n > COLEY_SPACE_PATHS)
        return coley_yaml_fail(node, err, "%zu paths; 1 to %d are allowed", n, COLEY_SPACE_PATHS);
    for (; paths->n < n; paths->n++) {
        paths->node[paths->n] = node->kind == COLEY_YAML_LIST ? node->item[paths->n] : node;
        COLEY_TRY(coley_yaml_text(paths->node[paths->n], &paths->text[paths->n], err));
    }
    return COLEY_OK;
}

static void write_paths(coley_emit *emit, const char *key, const void *value)
{
    const coley_space_paths *paths = value;
    if (!paths->n) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < paths->n; i++) coley_emit_text(emit, NULL, paths->text[i]);
    coley_emit_end(emit);
}

/* A text, or {name, value} with anything for a value. */
static coley_status read_choices(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    static const char *const keys[] = {"name", "value"};
    coley_space_choices *choices = value;
    (void)arena;
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    if (node->n < 2 || node->n > COLEY_SPACE_CHOICES)
        return coley_yaml_fail(node, err, "%zu choices; 2 to %d are allowed", node->n, COLEY_SPACE_CHOICES);
    for (; choices->n < node->n; choices->n++) {
        const coley_yaml *item = node->item[choices->n];
        if (item->kind == COLEY_YAML_MAP) {
            COLEY_TRY(coley_yaml_keys(item, keys, 2, err));
            const coley_yaml *name = coley_yaml_find(item, "name");
            choices->value[choices->n] = coley_yaml_find(item, "value");
            if (!name || !choices->value[choices->n])
                return coley_yaml_fail(item, err, "needs `name` and `value`, or is a plain text");
            item = name;
        } else
            choices->value[choices->n] = item;
        COLEY_TRY(coley_yaml_text(item, &choices->name[choices->n], err));
        if (strpbrk(choices->name[choices->n], ",\"\n") || strlen(choices->name[choices->n]) > 80)
            return coley_yaml_fail(item, err,
                                   "a choice's name has at most 80 characters and no comma or quotes; "
                                   "write {name: ..., value: ...}");
    }
    return COLEY_OK;
}

static void write_choices(coley_emit *emit, const char *key, const void *value)
{
    const coley_space_choices *choices = value;
    if (!choices->n) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < choices->n; i++) coley_emit_text(emit, NULL, choices->name[i]);
    coley_emit_end(emit);
}

static const char *const scales[] = {"linear", "log", "whole", NULL};

#define ROW(name_, kind_, low_, high_, preset_, member_, doc_, ...)                                                    \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .low = low_, .high = high_, .preset = preset_,                     \
        .offset = offsetof(coley_space_row, member_), .doc = doc_, __VA_ARGS__                                         \
    }

const coley_field coley_space_fields[] = {
    ROW("name", TEXT, 0, 0, NULL, name, "A short name: a column of the results."),
    ROW("path", CUSTOM, 0, 0, "", path,
        "Where in the trial file, as in `arms[0].regimen[0].dose`; entries count from 0 or are called by their `name`. "
        "A list of paths: all get the same value.",
        .unit = "a path or a list", .read = read_paths, .write = write_paths),
    ROW("trait", TEXT, 0, 0, "", trait,
        "In place of a path: a parameter of the patient model whose mean over people is moved, in its standard "
        "deviations."),
    ROW("low", NUMBER, -1e12, 1e12, "", low, "Least value, in the unit that stands in the trial file."),
    ROW("high", NUMBER, -1e12, 1e12, "", high, "Greatest value."),
    ROW("scale", CHOICE, 0, 0, "linear", scale, "How the range is searched; `whole`: whole numbers.",
        .choices = scales),
    ROW("choices", CUSTOM, 0, 0, "", choices,
        "In place of low and high: what may stand there; a text, or {name, value} where the value is more than that.",
        .unit = "a list", .read = read_choices, .write = write_choices),
    ROW("as", TEXT, 0, 0, "", as,
        "What is written, with {} for the number, as in `{} day`; not given: the number in the text that stands there "
        "is "
        "replaced."),
    {0},
};

/* --- values ----------------------------------------------------------------------------------------------------------
 */

static double four_digits(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.4g", x);
    return strtod(text, NULL);
}

double coley_space_value(const coley_space_row *row, double u)
{
    const double place = coley_axis_place(row->axis, u);
    if (row->choices.n) return floor(place * (double)row->choices.n);
    if (row->scale == COLEY_SCALE_WHOLE) return row->low + floor(place * (double)row->axis.steps);
    const double x = row->scale == COLEY_SCALE_LOG ? row->low * pow(row->high / row->low, place)
                                                   : row->low + (row->high - row->low) * place;
    return fmin(fmax(four_digits(x), row->low), row->high);
}

coley_space_word coley_space_text(const coley_space_row *row, double u)
{
    coley_space_word word;
    const double value = coley_space_value(row, u);
    if (row->choices.n)
        snprintf(word.text, sizeof word.text, "%s", row->choices.name[(size_t)value]);
    else
        snprintf(word.text, sizeof word.text, row->scale == COLEY_SCALE_WHOLE ? "%.0f" : "%.10g", value);
    return word;
}

int coley_space_coordinate(const coley_space_row *row, double value, double *u)
{
    if (row->choices.n) {
        *u = (value + 0.5) / (double)row->choices.n;
        return value >= 0 && value < (double)row->choices.n;
    }
    if (!(value >= row->low && value <= row->high)) return 0;
    if (row->scale == COLEY_SCALE_WHOLE)
        *u = (floor(value - row->low) + 0.5) / (double)row->axis.steps;
    else if (row->scale == COLEY_SCALE_LOG)
        *u = log(value / row->low) / log(row->high / row->low);
    else
        *u = (value - row->low) / (row->high - row->low);
    return row->scale != COLEY_SCALE_WHOLE || value == floor(value);
}

/* --- a tree that may be changed --------------------------------------------------------------------------------------
 */

static coley_yaml *copy_of(coley_arena *arena, const coley_yaml *from, const coley_yaml *parent)
{
    coley_yaml *to = COLEY_NEW(arena, coley_yaml, 1);
    if (!to) return NULL;
    *to = *from;
    to->parent = parent;
    if (!from->n) return to;
    to->item = COLEY_NEW(arena, coley_yaml *, from->n + 1); /* room for one more key */
    to->key = from->key ? COLEY_NEW(arena, const char *, from->n + 1) : NULL;
    if (!to->item || (from->key && !to->key)) return NULL;
    for (size_t i = 0; i < from->n; i++) {
        if (from->key) to->key[i] = from->key[i];
        if (!(to->item[i] = copy_of(arena, from->item[i], to))) return NULL;
    }
    return to;
}

/* Put an entry into a map: over the one that stands there, or as a new one. */
static int put(coley_arena *arena, coley_yaml *map, const char *key, coley_yaml *value)
{
    for (size_t i = 0; i < map->n; i++)
        if (!strcmp(map->key[i], key)) {
            map->item[i] = value;
            return 1;
        }
    const char **keys = COLEY_NEW(arena, const char *, map->n + 1);
    coley_yaml **items = COLEY_NEW(arena, coley_yaml *, map->n + 1);
    if (!keys || !items) return 0;
    for (size_t i = 0; i < map->n; i++) keys[i] = map->key[i], items[i] = map->item[i];
    keys[map->n] = key;
    items[map->n++] = value;
    map->key = keys;
    map->item = items;
    return 1;
}

static coley_yaml *text_node(coley_arena *arena, const coley_yaml *map, const char *text)
{
    coley_yaml *node = COLEY_NEW(arena, coley_yaml, 1);
    if (node)
        *node = (coley_yaml){.kind = COLEY_YAML_TEXT,
                             .text = text,
                             .file = map->file,
                             .line = map->line,
                             .column = map->column,
                             .parent = map};
    return node;
}

/* Entry `name` of a list: its number, or the one of that `name`. What is no list is its own first entry. */
static coley_yaml *entry_called(coley_yaml *list, const char *name)
{
    int64_t k;
    const int counted = coley_text_integer(name, 0, 100000, &k);
    if (list->kind != COLEY_YAML_LIST) return counted && k == 0 ? list : NULL;
    if (counted) return (size_t)k < list->n ? list->item[k] : NULL;
    for (size_t i = 0; i < list->n; i++) {
        const coley_yaml *own = coley_yaml_find(list->item[i], "name");
        if (own && own->kind == COLEY_YAML_TEXT && !strcmp(own->text, name)) return list->item[i];
    }
    return NULL;
}

typedef struct spot {
    coley_yaml *parent, *node; /* node: NULL when the key is not there yet */
    char key[COLEY_YAML_MAX_KEY];
} spot;

/* Follow a path. The last key of a map may be missing. */
static coley_status follow(coley_yaml *root, const char *path, const coley_yaml *blame, spot *s, coley_error *err)
{
    *s = (spot){.node = root};
    for (const char *p = path; *p;) {
        const int entry = *p == '[';
        if (*p == '.' || *p == '[') p++;
        const size_t length = strcspn(p, entry ? "]" : ".[");
        if (!length || length >= sizeof s->key || (entry && p[length] != ']'))
            return coley_yaml_fail(blame, err, "'%.80s' is no path; write it as arms[0].regimen[0].dose", path);
        memcpy(s->key, p, length);
        s->key[length] = 0;
        p += length + (size_t)entry;
        coley_yaml *at = s->node;
        if (!at) return coley_yaml_fail(blame, err, "the trial has nothing at '%.*s'", (int)(p - path), path);
        if (entry) {
            if (!(s->node = entry_called(at, s->key)))
                return coley_yaml_fail(blame, err,
                                       "'%.80s': the trial has no entry [%s] there; %zu entries, from [0] on", path,
                                       s->key, at->kind == COLEY_YAML_LIST ? at->n : (size_t)1);
            if (s->node != at) s->parent = at;
        } else {
            if (at->kind != COLEY_YAML_MAP)
                return coley_yaml_fail(blame, err, "'%.80s': no keys stand above '%s' in the trial, only %s", path,
                                       s->key,
                                       at->kind == COLEY_YAML_TEXT ? coley_quote_make(at->text).text : "a list");
            s->parent = at;
            s->node = (coley_yaml *)coley_yaml_find(at, s->key);
        }
    }
    return s->parent ? COLEY_OK : coley_yaml_fail(blame, err, "the path is empty");
}

/* The only word of a text that is a number: where it begins, and its length; 0 when there is none, or more than one. */
static size_t only_number(const char *text, size_t *begin, double *value)
{
    size_t found = 0, n = 0;
    for (const char *p = text; *p;) {
        p += strspn(p, " ");
        const size_t length = strcspn(p, " ");
        char word[40];
        if (length && length < sizeof word) {
            memcpy(word, p, length);
            word[length] = 0;
            if (coley_text_number(word, value)) {
                *begin = (size_t)(p - text);
                found = length;
                n++;
            }
        }
        p += length;
    }
    if (n != 1) return 0;
    char word[40];
    memcpy(word, text + *begin, found);
    word[found] = 0;
    coley_text_number(word, value);
    return found;
}

/* What is to stand at a path. */
static coley_status written_text(coley_arena *arena, const coley_space_row *row, const spot *s, const coley_yaml *blame,
                                 double u, const char **text, coley_error *err)
{
    const coley_space_word word = coley_space_text(row, u);
    if (row->as) {
        const char *hole = strstr(row->as, "{}");
        *text = coley_arena_printf(arena, "%.*s%s%s", (int)(hole - row->as), row->as, word.text, hole + 2);
        return *text ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    }
    size_t begin = 0, length = 0;
    double value;
    if (!s->node || s->node->kind != COLEY_YAML_TEXT)
        return coley_yaml_fail(blame, err, "no text stands there in the trial; say what to write, as in as: \"{} mg\"");
    if (!(length = only_number(s->node->text, &begin, &value)))
        return coley_yaml_fail(blame, err,
                               "%s, which stands there in the trial, has not exactly one number; say what to write, as "
                               "in as: \"{} mg\"",
                               coley_quote_make(s->node->text).text);
    *text = coley_arena_printf(arena, "%.*s%s%s", (int)begin, s->node->text, word.text, s->node->text + begin + length);
    return *text ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status set_row(coley_arena *arena, coley_yaml *root, const coley_space_row *row, double u,
                            coley_error *err)
{
    for (size_t i = 0; i < row->path.n; i++) {
        const coley_yaml *blame = row->path.node[i];
        spot s;
        COLEY_TRY(follow(root, row->path.text[i], blame, &s, err));
        coley_yaml *value;
        if (row->choices.n && !row->as) {
            value = copy_of(arena, row->choices.value[(size_t)coley_space_value(row, u)], s.parent);
        } else {
            const char *text;
            COLEY_TRY(written_text(arena, row, &s, blame, u, &text, err));
            value = text_node(arena, s.node ? s.node : s.parent, text);
        }
        if (!value) return COLEY_FAIL_MEMORY(err);
        value->parent = s.parent;
        if (s.parent->kind == COLEY_YAML_MAP) {
            const char *key = coley_arena_text(arena, s.key, strlen(s.key));
            /* An entry [0] of what is no list is the map's own. */
            for (size_t k = 0; s.node && k < s.parent->n; k++)
                if (s.parent->item[k] == s.node) key = s.parent->key[k];
            if (!key || !put(arena, s.parent, key, value)) return COLEY_FAIL_MEMORY(err);
        } else
            for (size_t k = 0; k < s.parent->n; k++)
                if (s.parent->item[k] == s.node) s.parent->item[k] = value;
    }
    return COLEY_OK;
}

/* --- the trial at a point --------------------------------------------------------------------------------------------
 */

/* Whether people get another arm's drugs after progression, so that it must stay in the file. */
static int names_arm(const coley_yaml *node)
{
    const coley_yaml *later = coley_yaml_find(node, "after_progression");
    for (size_t i = 0; later && later->kind == COLEY_YAML_LIST && i < later->n; i++)
        if (coley_yaml_find(later->item[i], "arm")) return 1;
    if (later && coley_yaml_find(later, "arm")) return 1;
    const coley_yaml *arms = coley_yaml_find(node, "arms");
    for (size_t i = 0; arms && arms->kind == COLEY_YAML_LIST && i < arms->n; i++)
        if (names_arm(arms->item[i])) return 1;
    return 0;
}

/* Only the arms that are looked at, as many people in each, the same ones. */
static coley_status keep_arms(coley_arena *arena, const coley_space *space, coley_yaml *root, int64_t people,
                              coley_error *err)
{
    coley_yaml *arms = (coley_yaml *)coley_yaml_find(root, "arms");
    const char *number = coley_arena_printf(arena, "%lld", (long long)people);
    size_t n = 0;
    if (!number) return COLEY_FAIL_MEMORY(err);
    if (!arms || arms->kind != COLEY_YAML_LIST) return COLEY_OK; /* one arm, or the reader will say */
    coley_yaml *kept[COLEY_TRIAL_MAX_ARMS + 2] = {entry_called(arms, space->arm),
                                                  space->against ? entry_called(arms, space->against) : NULL};
    size_t most = space->against ? 2 : 1;
    for (size_t i = 0; names_arm(root) && i < arms->n && most < COLEY_TRIAL_MAX_ARMS; i++)
        if (arms->item[i] != kept[0] && arms->item[i] != kept[1]) kept[most++] = arms->item[i];
    for (size_t i = 0; i < most && kept[i]; i++) {
        coley_yaml *count = text_node(arena, kept[i], number), *none = text_node(arena, kept[i], "");
        if (!count || !none) return COLEY_FAIL_MEMORY(err);
        none->kind = COLEY_YAML_EMPTY;
        if (!put(arena, kept[i], "n", count) ||
            (coley_yaml_find(kept[i], "published") && !put(arena, kept[i], "published", none)))
            return COLEY_FAIL_MEMORY(err);
        arms->item[n++] = kept[i];
    }
    arms->n = n;
    coley_yaml *none = text_node(arena, root, "");
    if (!none) return COLEY_FAIL_MEMORY(err);
    none->kind = COLEY_YAML_EMPTY;
    if (coley_yaml_find(root, "control") && !put(arena, root, "control", none)) return COLEY_FAIL_MEMORY(err);
    if (n < 2) return COLEY_OK;
    coley_yaml *how = (coley_yaml *)coley_yaml_find(root, "people");
    if (!how) {
        if (!(how = text_node(arena, root, NULL))) return COLEY_FAIL_MEMORY(err);
        how->kind = COLEY_YAML_MAP;
        if (!put(arena, root, "people", how)) return COLEY_FAIL_MEMORY(err);
    }
    coley_yaml *yes = text_node(arena, how, "yes");
    if (!yes || (how->kind == COLEY_YAML_MAP && !put(arena, how, "same_in_every_arm", yes)))
        return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

static coley_status make_tree(coley_arena *arena, const coley_space *space, const double *u, int64_t people,
                              const coley_yaml **out, coley_error *err)
{
    coley_yaml *root = copy_of(arena, space->root, NULL);
    if (!root) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < space->n; i++) COLEY_TRY(set_row(arena, root, &space->row[i], u[i], err));
    COLEY_TRY(keep_arms(arena, space, root, people, err));
    *out = root;
    return COLEY_OK;
}

coley_status coley_space_tree(coley_arena *arena, const coley_space *space, const double *u, const coley_yaml **root,
                              coley_error *err)
{
    return make_tree(arena, space, u, space->people, root, err);
}

static coley_status load(coley_arena *arena, const coley_space *space, const double *u, int64_t people, int64_t seed,
                         coley_trial_design **design, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(make_tree(arena, space, u, people, &root, err));
    COLEY_TRY(coley_trial_of_node(arena, space->trial, root, space->catalog, design, err));
    coley_trial_set_seed(*design, seed);
    coley_trial_set_people(*design, people);
    return COLEY_OK;
}

coley_status coley_space_run(coley_arena *arena, const coley_space *space, const double *u, int64_t people,
                             int64_t seed, const coley_session_options *options, coley_trial **out, coley_error *err)
{
    coley_trial_design *design;
    coley_trial *trial;
    COLEY_TRY(load(arena, space, u, people, seed, &design, err));
    COLEY_TRY(coley_trial_prepare(arena, design, space->models, space->catalog, &trial, err));
    for (size_t i = 0; i < space->n; i++) {
        const coley_space_row *row = &space->row[i];
        size_t moved = 0;
        for (size_t a = 0; row->trait && a < trial->n_arms; a++)
            moved += coley_population_shift((coley_population *)trial->arm[a].session->population, row->trait,
                                            coley_space_value(row, u[i]));
        if (row->trait && !moved)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = row->name}),
                                 "no trait '%.60s' differs between people by a normal, lognormal or logit-normal "
                                 "number; `coley model show` lists them",
                                 row->trait);
    }
    COLEY_TRY(coley_trial_carry_out(arena, trial, options, err));
    *out = trial;
    return COLEY_OK;
}

/* --- checks ----------------------------------------------------------------------------------------------------------
 */

static coley_status check_row(const coley_space *space, size_t i, const coley_yaml *at, coley_error *err)
{
    coley_space_row *row = &space->row[i];
    const int range = !isnan(row->low) || !isnan(row->high);
    for (const char *p = row->name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return coley_yaml_fail(at, err, "the name '%.40s' has letters, digits and _ only", row->name);
    for (size_t k = 0; k < i; k++)
        if (!strcmp(space->row[k].name, row->name))
            return coley_yaml_fail(at, err, "the name '%.60s' is there twice", row->name);
    if (!row->path.n == !row->trait) return coley_yaml_fail(at, err, "needs either `path` or `trait`");
    if (range == (row->choices.n > 0)) return coley_yaml_fail(at, err, "needs either `low` and `high`, or `choices`");
    if (range && !(row->low < row->high))
        return coley_yaml_fail(at, err, "`low` and `high` must both be given, low below high");
    if (row->scale == COLEY_SCALE_LOG && range && !(row->low > 0))
        return coley_yaml_fail(at, err, "a range on a log scale lies above 0; low is %g", row->low);
    if (row->scale == COLEY_SCALE_WHOLE && range &&
        (row->low != floor(row->low) || row->high != floor(row->high) || row->high - row->low > 10000))
        return coley_yaml_fail(at, err, "a range of whole numbers ends at whole numbers, at most 10000 apart");
    if (row->as && (!strstr(row->as, "{}") || row->trait))
        return coley_yaml_fail(at, err, "`as` has {} where the value goes, and needs a path");
    if (row->trait && (row->choices.n || row->scale || fabs(row->low) > 5 || fabs(row->high) > 5))
        return coley_yaml_fail(at, err, "a trait is moved on a linear scale by -5 to 5 standard deviations");
    row->axis = row->choices.n                    ? (coley_axis){row->choices.n, 1}
                : row->scale == COLEY_SCALE_WHOLE ? (coley_axis){(size_t)(row->high - row->low) + 1, 0}
                                                  : (coley_axis){0, 0};
    return COLEY_OK;
}

void coley_space_blame(const coley_space *space, const double *u, coley_error *err)
{
    if (err && err->file[0] && strcmp(err->file, space->trial) != 0) return; /* of another file */
    for (size_t i = 0; err && i < space->n; i++) {
        const size_t length = strlen(err->text);
        snprintf(err->text + length, sizeof err->text - length, "%s%s = %s%s", i ? ", " : " (with ", space->row[i].name,
                 coley_space_text(&space->row[i], u[i]).text, i + 1 < space->n ? "" : ")");
    }
}

/* Every end of every range must be a trial, before anybody is simulated. */
static coley_status check_ends(const coley_space *space, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_status status = arena ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < space->n && status == COLEY_OK; i++) {
        const size_t most = space->row[i].choices.n ? space->row[i].choices.n : 2;
        for (size_t k = 0; k < most && status == COLEY_OK; k++) {
            double u[COLEY_SPACE_MOST];
            coley_trial_design *design;
            for (size_t j = 0; j < space->n; j++) u[j] = 0.5;
            u[i] = space->row[i].choices.n ? ((double)k + 0.5) / (double)most : (double)k;
            status = load(arena, space, u, space->people, space->seed, &design, err);
            if (status == COLEY_ERR_INPUT) coley_space_blame(space, u, err);
            coley_arena_reset(arena);
        }
    }
    coley_arena_destroy(arena);
    return status;
}

coley_status coley_space_open(coley_arena *arena, coley_space *space, const coley_yaml *list, coley_error *err)
{
    COLEY_TRY(coley_yaml_load(arena, space->trial, &space->root, err));
    for (size_t i = 0; i < space->n; i++) {
        COLEY_TRY(check_row(space, i, list->kind == COLEY_YAML_LIST ? list->item[i] : list, err));
        space->axis[i] = space->row[i].axis;
    }
    const coley_yaml *arms = coley_yaml_find(space->root, "arms");
    if (!arms) return coley_yaml_fail(space->root, err, "the key 'arms' is missing here");
    if (!space->arm) space->arm = "0";
    if (!entry_called((coley_yaml *)arms, space->arm))
        return coley_yaml_fail(arms, err, "there is no arm '%.60s', which `arm` asks for", space->arm);
    if (space->against &&
        (!entry_called((coley_yaml *)arms, space->against) ||
         entry_called((coley_yaml *)arms, space->against) == entry_called((coley_yaml *)arms, space->arm)))
        return coley_yaml_fail(arms, err, "there is no other arm '%.60s', which `against` asks for", space->against);
    return check_ends(space, err);
}

/* The number in a text that stands there: of a quantity in the unit of `as`, as in `{} week`, else the only one. */
static int number_of(const coley_space_row *row, const char *text, double *value)
{
    size_t begin;
    if (row->as && !strncmp(row->as, "{} ", 3) && coley_quantity_parse(text, row->as + 3, value, NULL) == COLEY_OK) {
        *value = four_digits(*value);
        return 1;
    }
    return only_number(text, &begin, value) > 0;
}

int coley_space_written(const coley_space *space, double *u)
{
    for (size_t i = 0; i < space->n; i++) {
        const coley_space_row *row = &space->row[i];
        double value = 0;
        spot s;
        size_t at = 0;
        if (!row->trait) {
            if (follow((coley_yaml *)space->root, row->path.text[0], row->path.node[0], &s, NULL) != COLEY_OK ||
                !s.node || s.node->kind != COLEY_YAML_TEXT)
                return 0;
            for (; at < row->choices.n && strcmp(row->choices.name[at], s.node->text) != 0;) at++;
            if (row->choices.n)
                value = (double)at;
            else if (!number_of(row, s.node->text, &value))
                return 0;
        }
        if (!coley_space_coordinate(row, value, &u[i])) return 0;
    }
    return 1;
}
