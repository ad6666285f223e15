/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog.c -- reads catalog/drugs/NAME.yaml and catalog/cancers/NAME.yaml and holds them to the rules of catalog.h. */
#include "catalog/catalog.h"

#include "base/units.h"
#include "base/yaml.h"
#include "catalog/drug_events.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- spreads ----------------------------------------------------------------------------------------------------- */

int coley_spread_parse(const char *text, double value, coley_spread_kind *kind, double *a, double *b)
{
    static const struct {
        const char *name;
        coley_spread_kind kind;
        int about_value; /* one number is the width about the value */
    } rows[] = {
        {"lognormal", COLEY_SPREAD_LOGNORMAL, 1}, {"logitnormal", COLEY_SPREAD_LOGITNORMAL, 1},
        {"normal", COLEY_SPREAD_NORMAL, 1},       {"loguniform", COLEY_SPREAD_LOGUNIFORM, 0},
        {"uniform", COLEY_SPREAD_UNIFORM, 0},
    };
    *kind = COLEY_SPREAD_NONE;
    *a = *b = 0;
    if (!strcmp(text, "none")) return 1;
    char copy[96];
    if (strlen(text) >= sizeof copy) return 0;
    for (size_t i = 0; i <= strlen(text); i++) copy[i] = strchr("(),", text[i]) && text[i] ? ' ' : text[i];
    char *rest, *name = strtok_r(copy, " ", &rest), *first = strtok_r(NULL, " ", &rest),
                *second = strtok_r(NULL, " ", &rest);
    double x, y;
    if (!name || !first || strtok_r(NULL, " ", &rest) || !coley_text_number(first, &x)) return 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(name, rows[i].name)) continue;
        if (!second) {
            if (!rows[i].about_value) return 0;
            y = x;
            x = value;
        } else if (!coley_text_number(second, &y)) {
            return 0;
        }
        const int width = rows[i].about_value;
        if (width ? y < 0 : y <= x) return 0;
        if ((rows[i].kind == COLEY_SPREAD_LOGNORMAL || rows[i].kind == COLEY_SPREAD_LOGUNIFORM) && x <= 0) return 0;
        if (rows[i].kind == COLEY_SPREAD_LOGITNORMAL && (x <= 0 || x >= 1)) return 0;
        *kind = rows[i].kind;
        *a = x;
        *b = y;
        return 1;
    }
    return 0;
}

/* ---- the pieces both kinds of file share ------------------------------------------------------------------------- */

static coley_status required(const coley_yaml *map, const char *key, const coley_yaml **found, coley_error *err)
{
    *found = coley_yaml_find(map, key);
    if (*found) return COLEY_OK;
    return coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status required_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *found;
    COLEY_TRY(required(map, key, &found, err));
    COLEY_TRY(coley_yaml_text(found, text, err));
    if (!**text) return coley_yaml_fail(found, err, "this may not be empty");
    return COLEY_OK;
}

/* "0.315 L/day", or a number with its unit in a key beside it. */
static coley_status read_amount(const coley_yaml *map, coley_catalog_value *value, coley_error *err)
{
    const coley_yaml *found;
    const char *text, *unit;
    COLEY_TRY(required(map, "value", &found, err));
    COLEY_TRY(coley_yaml_text(found, &text, err));
    coley_error why = {0};
    if (coley_quantity_split(text, &value->value, &unit, &why) != COLEY_OK)
        return coley_yaml_fail(found, err, "%s", why.text);
    const coley_yaml *beside = coley_yaml_find(map, "unit");
    if (beside && *unit) return coley_yaml_fail(beside, err, "the unit is given twice; keep one");
    if (beside) COLEY_TRY(coley_yaml_text(beside, &unit, err));
    if (!*unit)
        return coley_yaml_fail(found, err, "%s has no unit; write for example '0.2 L/day', '1 dimensionless'", text);
    coley_unit parsed;
    if (coley_unit_parse(unit, &parsed, &why) != COLEY_OK) return coley_yaml_fail(found, err, "%s", why.text);
    value->unit = unit;
    return COLEY_OK;
}

static coley_status read_values(coley_arena *arena, const coley_yaml *map, size_t *n, coley_catalog_value **values,
                                coley_error *err)
{
    static const char *const keys[] = {"value", "unit", "spread", "source", "note"};
    *n = 0;
    if (!map) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    *n = map->n;
    if (!(*values = COLEY_NEW(arena, coley_catalog_value, map->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < map->n; i++) {
        const coley_yaml *row = map->item[i];
        coley_catalog_value *value = &(*values)[i];
        COLEY_TRY(coley_yaml_keys(row, keys, COUNT(keys), err));
        value->symbol = map->key[i];
        value->file = row->file;
        value->line = row->line;
        COLEY_TRY(read_amount(row, value, err));
        COLEY_TRY(required_text(row, "source", &value->source, err));
        const coley_yaml *note = coley_yaml_find(row, "note"), *spread;
        if (note) COLEY_TRY(coley_yaml_text(note, &value->note, err));
        value->weak = value->note && !strncmp(value->note, "weak", 4);
        COLEY_TRY(required(row, "spread", &spread, err));
        COLEY_TRY(coley_yaml_expect(spread, COLEY_YAML_TEXT, err));
        if (!coley_spread_parse(spread->text, value->value, &value->spread, &value->spread_a, &value->spread_b))
            return coley_yaml_fail(spread, err,
                                   "%s is no spread; write 'none', 'lognormal 0.4' (SD of the logarithm), 'logitnormal "
                                   "0.4', 'normal 0.4', 'uniform 1 3' or 'loguniform 1 3'",
                                   coley_quote_make(spread->text).text);
    }
    return COLEY_OK;
}

const coley_catalog_value *coley_catalog_find(const coley_catalog_value *values, size_t n, const char *symbol)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(values[i].symbol, symbol)) return &values[i];
    return NULL;
}

static int same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) return 0;
    return *a == *b;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static coley_status list_names(coley_arena *arena, DIR *open_folder, const char *path, const char ***names, size_t *n,
                               coley_error *err)
{
    size_t cap = 0;
    const coley_place place = {.file = path};
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(open_folder);
        if (!entry && errno) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot list: %s", strerror(errno));
        if (!entry) break;
        const size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length < 6 || strcmp(entry->d_name + length - 5, ".yaml")) continue;
        if (!COLEY_RESERVE(arena, *names, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
        if (!((*names)[*n] = coley_arena_text(arena, entry->d_name, length - 5))) return COLEY_FAIL_MEMORY(err);
        ++*n;
    }
    if (*n) qsort(*names, *n, sizeof **names, by_text);
    return COLEY_OK;
}

coley_status coley_catalog_names(coley_arena *arena, const char *folder, const char *kind, const char *const **names,
                                 size_t *n, coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/%s", folder, kind);
    if (!path) return COLEY_FAIL_MEMORY(err);
    DIR *open_folder = opendir(path);
    const coley_place place = {.file = path};
    if (!open_folder)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot open this folder of the catalog: %s", strerror(errno));
    const char **found = NULL;
    *n = 0;
    const coley_status status = list_names(arena, open_folder, path, &found, n, err);
    closedir(open_folder);
    *names = found;
    return status;
}

/* The file of `name` among those of its kind, parsed. The name is looked up in the listing, never pasted into a path.
 */
static coley_status open_entry(coley_arena *arena, const char *folder, const char *kind, const char *name,
                               const coley_yaml **root, coley_error *err)
{
    const char *const *names;
    size_t n, i = 0;
    COLEY_TRY(coley_catalog_names(arena, folder, kind, &names, &n, err));
    while (i < n && !same_name(names[i], name)) i++;
    if (i == n) {
        coley_text all = {.arena = arena};
        for (size_t k = 0; k < n; k++) coley_text_addf(&all, "%s%s", k ? ", " : "", names[k]);
        const char *near = coley_text_nearest(name, names, n);
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%s is not in the catalog's %s%s%s%s; there are: %s",
                          coley_quote_make(name).text, kind, near ? " (did you mean '" : "", near ? near : "",
                          near ? "'?)" : "", all.data ? all.data : "none");
    }
    const char *path = coley_arena_printf(arena, "%s/%s/%s.yaml", folder, kind, names[i]);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, root, err));
    const char *inside;
    COLEY_TRY(required_text(*root, "name", &inside, err));
    if (strcmp(inside, names[i]))
        return coley_yaml_fail(coley_yaml_find(*root, "name"), err,
                               "the file is called %s.yaml, so the name must be '%s'", names[i], names[i]);
    return COLEY_OK;
}

/* ---- doses ----------------------------------------------------------------------------------------------------------
 */

/* Something that can be given: one of these, to the first power, and nothing else. */
static int is_amount(const coley_unit *unit)
{
    static const coley_dimension amounts[] = {COLEY_DIMENSION_MASS,  COLEY_DIMENSION_SUBSTANCE,
                                              COLEY_DIMENSION_CELL,  COLEY_DIMENSION_ACTIVITY,
                                              COLEY_DIMENSION_VIRUS, COLEY_DIMENSION_DOSE};
    int total = 0, amount = 0;
    for (int i = 0; i < COLEY_DIMENSION_COUNT; i++) total += abs(unit->power[i]);
    for (size_t i = 0; i < COUNT(amounts); i++) amount |= unit->power[amounts[i]] == 1;
    return amount && total == 1;
}

const char *coley_dose_basis_text(coley_dose_basis basis)
{
    static const char *const text[] = {"", "/kg", "/m2"};
    return text[basis];
}

coley_status coley_dose_parse(coley_arena *arena, const char *text, double *amount, const char **unit,
                              coley_dose_basis *basis, coley_error *why)
{
    const char *written;
    coley_unit parsed, mg;
    if (strlen(text) > 60)
        return COLEY_FAIL(why, COLEY_ERR_INPUT, "%s is too long for a dose", coley_quote_make(text).text);
    COLEY_TRY(coley_quantity_split(text, amount, &written, why));
    if (!*written)
        return COLEY_FAIL(why, COLEY_ERR_INPUT, "%s has no unit; write for example '200 mg' or '3 mg/kg'",
                          coley_quote_make(text).text);
    size_t length = strlen(written);
    *basis = COLEY_DOSE_FLAT;
    for (coley_dose_basis b = COLEY_DOSE_PER_KG; b <= COLEY_DOSE_PER_M2; b++)
        if (length > 3 && !strcmp(written + length - 3, coley_dose_basis_text(b))) *basis = b;
    if (*basis != COLEY_DOSE_FLAT) length -= 3;
    while (length && written[length - 1] == ' ') length--;
    if (!(*unit = coley_arena_text(arena, written, length))) return COLEY_FAIL_MEMORY(why);
    COLEY_TRY(coley_unit_parse(*unit, &parsed, why));
    COLEY_TRY(coley_unit_parse("mg", &mg, why));
    if (!is_amount(&parsed))
        return COLEY_FAIL(
            why, COLEY_ERR_INPUT,
            "%s is no dose; a dose is an amount as '200 mg', per weight as '3 mg/kg', or per body surface as "
            "'75 mg/m2'",
            coley_quote_make(text).text);
    if (coley_unit_compatible(&parsed, &mg)) {
        COLEY_TRY(coley_unit_convert(*amount, *unit, "mg", amount, why));
        *unit = "mg";
    }
    return COLEY_OK;
}

/* ---- drugs ------------------------------------------------------------------------------------------------------- */

static coley_status read_label(coley_arena *arena, const coley_yaml *row, const char *drug, coley_catalog_label *label,
                               coley_error *err)
{
    static const char *const keys[] = {"name", "dose", "every", "infusion", "cycles", "until", "source"};
    const coley_yaml *found;
    const char *text;
    COLEY_TRY(coley_yaml_keys(row, keys, COUNT(keys), err));
    COLEY_TRY(required_text(row, "name", &label->name, err));
    COLEY_TRY(required_text(row, "source", &label->source, err));
    label->drug = drug;

    COLEY_TRY(required(row, "dose", &found, err));
    COLEY_TRY(coley_yaml_text(found, &text, err));
    coley_error why = {0};
    const coley_status status = coley_dose_parse(arena, text, &label->dose, &label->dose_unit, &label->basis, &why);
    if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
    if (status != COLEY_OK) return coley_yaml_fail(found, err, "%s", why.text);
    if (!(label->dose > 0)) return coley_yaml_fail(found, err, "a dose is above 0");

    label->every_day = label->until_day = NAN;
    if ((found = coley_yaml_find(row, "every")))
        COLEY_TRY(coley_yaml_quantity(found, "day", 1e-3, 3650, &label->every_day, err));
    if ((found = coley_yaml_find(row, "infusion")))
        COLEY_TRY(coley_yaml_quantity(found, "day", 0, 365, &label->infusion_day, err));
    if ((found = coley_yaml_find(row, "cycles"))) COLEY_TRY(coley_yaml_integer(found, 1, 10000, &label->cycles, err));
    if ((found = coley_yaml_find(row, "until")))
        COLEY_TRY(coley_yaml_quantity(found, "day", 0, 36500, &label->until_day, err));
    if (isnan(label->every_day) && label->cycles != 1)
        return coley_yaml_fail(row, err, "the key 'every' is missing here; without it write 'cycles: 1'");
    return COLEY_OK;
}

static coley_status read_drug(coley_arena *arena, const coley_yaml *root, coley_catalog_drug **drug, coley_error *err)
{
    static const char *const keys[] = {"name", "doc", "class", "target", "label", "parameters", "events"};
    const coley_yaml *list;
    COLEY_TRY(coley_yaml_keys(root, keys, COUNT(keys), err));
    coley_catalog_drug *made = COLEY_NEW(arena, coley_catalog_drug, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(required_text(root, "name", &made->name, err));
    COLEY_TRY(required_text(root, "doc", &made->doc, err));
    COLEY_TRY(required_text(root, "class", &made->drug_class, err));
    COLEY_TRY(required_text(root, "target", &made->target, err));
    COLEY_TRY(required(root, "label", &list, err));
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    made->n_labels = list->n;
    if (!(made->label = COLEY_NEW(arena, coley_catalog_label, list->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < list->n; i++) COLEY_TRY(read_label(arena, list->item[i], made->name, &made->label[i], err));
    COLEY_TRY(read_values(arena, coley_yaml_find(root, "parameters"), &made->n_values, &made->value, err));
    COLEY_TRY(coley_drug_events_read(arena, coley_yaml_find(root, "events"), made, &made->events, err));
    *drug = made;
    return COLEY_OK;
}

coley_status coley_catalog_drug_parse(coley_arena *arena, const char *file, const char *bytes, size_t length,
                                      coley_catalog_drug **drug, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_parse(arena, file, bytes, length, &root, err));
    return read_drug(arena, root, drug, err);
}

coley_status coley_catalog_drug_read(coley_arena *arena, const char *folder, const char *name,
                                     coley_catalog_drug **drug, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(open_entry(arena, folder, "drugs", name, &root, err));
    return read_drug(arena, root, drug, err);
}

coley_status coley_catalog_label_read(coley_arena *arena, const char *folder, const char *name,
                                      coley_catalog_label *label, coley_error *err)
{
    const char *const *drugs;
    const char **labels = NULL;
    size_t n_drugs, n_labels = 0, cap = 0;
    COLEY_TRY(coley_catalog_names(arena, folder, "drugs", &drugs, &n_drugs, err));
    /* "pembrolizumab-200-q3w" is of pembrolizumab, most likely: that file is read first, and again in its turn. */
    size_t likely = 0;
    while (likely < n_drugs && strncasecmp(drugs[likely], name, strlen(drugs[likely]))) likely++;
    for (size_t i = likely < n_drugs ? 0 : 1; i <= n_drugs; i++) {
        coley_catalog_drug *drug;
        COLEY_TRY(coley_catalog_drug_read(arena, folder, drugs[i ? i - 1 : likely], &drug, err));
        for (size_t j = 0; j < drug->n_labels; j++) {
            if (same_name(drug->label[j].name, name)) {
                *label = drug->label[j];
                return COLEY_OK;
            }
            if (!i) continue;
            if (!COLEY_RESERVE(arena, labels, cap, n_labels + 1)) return COLEY_FAIL_MEMORY(err);
            labels[n_labels++] = drug->label[j].name;
        }
    }
    const char *near = coley_text_nearest(name, labels, n_labels);
    return COLEY_FAIL(err, COLEY_ERR_INPUT, "no drug of the catalog has a regimen called %s%s%s%s",
                      coley_quote_make(name).text, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* ---- cancers ----------------------------------------------------------------------------------------------------- */

static coley_status read_sites(coley_arena *arena, const coley_yaml *list, coley_catalog_cancer *cancer,
                               coley_error *err)
{
    static const char *const keys[] = {"site", "share", "nodal", "source"};
    const coley_yaml *found;
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    cancer->n_sites = list->n;
    if (!(cancer->site = COLEY_NEW(arena, coley_catalog_site, list->n))) return COLEY_FAIL_MEMORY(err);
    double sum = 0;
    for (size_t i = 0; i < list->n; i++) {
        coley_catalog_site *site = &cancer->site[i];
        COLEY_TRY(coley_yaml_keys(list->item[i], keys, COUNT(keys), err));
        COLEY_TRY(required_text(list->item[i], "site", &site->site, err));
        COLEY_TRY(required_text(list->item[i], "source", &site->source, err));
        COLEY_TRY(required(list->item[i], "share", &found, err));
        COLEY_TRY(coley_yaml_number(found, 0, 1, &site->share, err));
        if ((found = coley_yaml_find(list->item[i], "nodal"))) COLEY_TRY(coley_yaml_flag(found, &site->nodal, err));
        sum += site->share;
    }
    if (fabs(sum - 1) > 1e-6) return coley_yaml_fail(list, err, "the shares add up to %g, not to 1", sum);
    return COLEY_OK;
}

static coley_status read_expectations(coley_arena *arena, const coley_yaml *list, coley_catalog_cancer *cancer,
                                      coley_error *err)
{
    static const char *const keys[] = {"regimen", "orr", "source"};
    const coley_yaml *found;
    if (!list) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    cancer->n_expectations = list->n;
    if (!(cancer->expectation = COLEY_NEW(arena, coley_catalog_expectation, list->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < list->n; i++) {
        coley_catalog_expectation *row = &cancer->expectation[i];
        COLEY_TRY(coley_yaml_keys(list->item[i], keys, COUNT(keys), err));
        COLEY_TRY(required_text(list->item[i], "regimen", &row->regimen, err));
        COLEY_TRY(required_text(list->item[i], "source", &row->source, err));
        row->file = list->item[i]->file;
        row->line = list->item[i]->line;
        COLEY_TRY(required(list->item[i], "orr", &found, err));
        COLEY_TRY(coley_yaml_number(found, 0, 1, &row->orr, err));
    }
    return COLEY_OK;
}

static coley_status read_cancer(coley_arena *arena, const coley_yaml *root, coley_catalog_cancer **cancer,
                                coley_error *err)
{
    static const char *const keys[] = {"name", "doc", "sites", "trial_expectations", "parameters"};
    const coley_yaml *list;
    COLEY_TRY(coley_yaml_keys(root, keys, COUNT(keys), err));
    coley_catalog_cancer *made = COLEY_NEW(arena, coley_catalog_cancer, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(required_text(root, "name", &made->name, err));
    COLEY_TRY(required_text(root, "doc", &made->doc, err));
    COLEY_TRY(required(root, "sites", &list, err));
    COLEY_TRY(read_sites(arena, list, made, err));
    COLEY_TRY(read_expectations(arena, coley_yaml_find(root, "trial_expectations"), made, err));
    COLEY_TRY(read_values(arena, coley_yaml_find(root, "parameters"), &made->n_values, &made->value, err));
    *cancer = made;
    return COLEY_OK;
}

coley_status coley_catalog_cancer_parse(coley_arena *arena, const char *file, const char *bytes, size_t length,
                                        coley_catalog_cancer **cancer, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_parse(arena, file, bytes, length, &root, err));
    return read_cancer(arena, root, cancer, err);
}

coley_status coley_catalog_cancer_read(coley_arena *arena, const char *folder, const char *name,
                                       coley_catalog_cancer **cancer, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(open_entry(arena, folder, "cancers", name, &root, err));
    return read_cancer(arena, root, cancer, err);
}

/* ---- the whole catalog ------------------------------------------------------------------------------------------- */

static coley_status check_expectations(coley_arena *arena, const char *folder, const coley_catalog_cancer *cancer,
                                       coley_error *err)
{
    for (size_t i = 0; i < cancer->n_expectations; i++) {
        char *copy = coley_arena_text(arena, cancer->expectation[i].regimen, strlen(cancer->expectation[i].regimen));
        if (!copy) return COLEY_FAIL_MEMORY(err);
        char *rest;
        for (char *name = strtok_r(copy, " +", &rest); name; name = strtok_r(NULL, " +", &rest)) {
            coley_catalog_label label;
            coley_error why = {0};
            const coley_status status = coley_catalog_label_read(arena, folder, name, &label, &why);
            if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
            const coley_place place = {.file = cancer->expectation[i].file, .line = cancer->expectation[i].line};
            if (status != COLEY_OK) return COLEY_FAIL_AT(err, status, place, "%s", why.text);
        }
    }
    return COLEY_OK;
}

coley_status coley_catalog_check(coley_arena *arena, const char *folder, size_t *n_values, coley_error *err)
{
    const char *const *names;
    const char **labels = NULL;
    size_t n, n_labels = 0, cap = 0, total = 0;
    COLEY_TRY(coley_catalog_names(arena, folder, "drugs", &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        coley_catalog_drug *drug;
        COLEY_TRY(coley_catalog_drug_read(arena, folder, names[i], &drug, err));
        total += drug->n_values;
        for (size_t j = 0; j < drug->n_labels; j++) {
            for (size_t k = 0; k < n_labels; k++)
                if (same_name(labels[k], drug->label[j].name))
                    return COLEY_FAIL(err, COLEY_ERR_INPUT, "two regimens of the catalog are called '%s'", labels[k]);
            if (!COLEY_RESERVE(arena, labels, cap, n_labels + 1)) return COLEY_FAIL_MEMORY(err);
            labels[n_labels++] = drug->label[j].name;
        }
    }
    COLEY_TRY(coley_catalog_names(arena, folder, "cancers", &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        coley_catalog_cancer *cancer;
        COLEY_TRY(coley_catalog_cancer_read(arena, folder, names[i], &cancer, err));
        total += cancer->n_values;
        COLEY_TRY(check_expectations(arena, folder, cancer, err));
    }
    if (n_values) *n_values = total;
    return COLEY_OK;
}
