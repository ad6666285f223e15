/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mechanism_page.c -- a mechanism file as a page for people, in Markdown. */
#include "run/mechanism_page.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the folder ------------------------------------------------------------------------------------------------------
 */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const coley_mechanism *)a)->id, ((const coley_mechanism *)b)->id);
}

static coley_status read_files(coley_arena *arena, DIR *folder, coley_mechanisms *all, coley_error *err)
{
    size_t cap = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".ant") || *entry->d_name == '.') continue;
        const char *id = coley_arena_text(arena, entry->d_name, length - 4);
        const char *path = coley_arena_printf(arena, "%s/%s", all->folder, entry->d_name);
        if (!id || !path || !COLEY_RESERVE(arena, all->file, cap, all->n + 1)) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_mechanism_read(arena, path, id, &all->file[all->n], err));
        all->n++;
    }
    if (all->n) qsort(all->file, all->n, sizeof *all->file, by_id);
    return COLEY_OK;
}

static coley_status read_class(coley_arena *arena, const coley_yaml *classes, size_t i, coley_mechanism_class *made,
                               coley_error *err)
{
    const coley_yaml *entry = classes->item[i], *found;
    *made = (coley_mechanism_class){.name = classes->key[i], .unit = "mg"};
    COLEY_TRY(coley_yaml_expect(entry, COLEY_YAML_MAP, err));
    if (!(made->mechanisms = coley_yaml_find(entry, "mechanism")))
        return coley_yaml_fail(entry, err, "the key 'mechanism' is missing here");
    COLEY_TRY(coley_yaml_text(coley_yaml_find(entry, "dose_state"), &made->dose_state, err));
    if ((found = coley_yaml_find(entry, "unit"))) COLEY_TRY(coley_yaml_text(found, &made->unit, err));
    if ((found = coley_yaml_find(entry, "by_lesion"))) COLEY_TRY(coley_yaml_flag(found, &made->by_lesion, err));
    (void)arena;
    return COLEY_OK;
}

static coley_status read_drugs(coley_arena *arena, const char *catalog, coley_mechanisms *all, coley_error *err)
{
    const char *const *names;
    size_t n;
    COLEY_TRY(coley_catalog_names(arena, catalog, "drugs", &names, &n, err));
    for (size_t c = 0; c < all->n_classes; c++)
        if (!(all->class[c].drug = COLEY_NEW(arena, const coley_catalog_drug *, n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        coley_catalog_drug *drug;
        COLEY_TRY(coley_catalog_drug_read(arena, catalog, names[i], &drug, err));
        for (size_t c = 0; c < all->n_classes; c++)
            if (!strcmp(all->class[c].name, drug->drug_class)) all->class[c].drug[all->class[c].n_drugs++] = drug;
    }
    return COLEY_OK;
}

static coley_status read_lists(coley_arena *arena, const char *catalog, coley_mechanisms *all, coley_error *err)
{
    const coley_yaml *root;
    const char *list = coley_arena_printf(arena, "%s/patient.yaml", all->folder);
    const char *figures = coley_arena_printf(arena, "%s/figures.yaml", all->folder);
    if (!list || !figures) return COLEY_FAIL_MEMORY(err);
    if (access(list, R_OK)) return COLEY_OK;
    COLEY_TRY(coley_yaml_load(arena, list, &root, err));
    const coley_yaml *classes = coley_yaml_find(root, "classes");
    all->core = coley_yaml_find(root, "core");
    if (!all->core || !classes) return coley_yaml_fail(root, err, "needs both \"core\" and \"classes\"");
    COLEY_TRY(coley_yaml_expect(classes, COLEY_YAML_MAP, err));
    if (!(all->class = COLEY_NEW(arena, coley_mechanism_class, classes->n))) return COLEY_FAIL_MEMORY(err);
    for (; all->n_classes < classes->n; all->n_classes++)
        COLEY_TRY(read_class(arena, classes, all->n_classes, &all->class[all->n_classes], err));
    if (!access(figures, R_OK)) COLEY_TRY(coley_yaml_load(arena, figures, &all->figures, err));
    return read_drugs(arena, catalog, all, err);
}

coley_status coley_mechanisms_read(coley_arena *arena, const char *folder, const char *catalog, coley_mechanisms *all,
                                   coley_error *err)
{
    *all = (coley_mechanisms){.folder = folder};
    DIR *opened = opendir(folder);
    if (!opened)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = folder}), "cannot open this folder: %s",
                             strerror(errno));
    const coley_status status = read_files(arena, opened, all, err);
    closedir(opened);
    COLEY_TRY(status);
    if (!all->n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = folder}),
                             "holds no mechanism file, NAME.ant");
    return read_lists(arena, catalog, all, err);
}

ptrdiff_t coley_mechanisms_find(const coley_mechanisms *all, const char *id)
{
    for (size_t i = 0; i < all->n; i++)
        if (!strcmp(all->file[i].id, id)) return (ptrdiff_t)i;
    return -1;
}

int coley_mechanism_listed(const coley_yaml *names, const char *id)
{
    if (!names) return 0;
    if (names->kind == COLEY_YAML_TEXT) return !strcmp(names->text, id);
    for (size_t i = 0; names->kind == COLEY_YAML_LIST && i < names->n; i++)
        if (coley_mechanism_listed(names->item[i], id)) return 1;
    return 0;
}

/* --- whose a name is -------------------------------------------------------------------------------------------------
 */

/* A name that some file lists in "model lesion(...)" is the body's in every lesion. */
static const char *scope_of(const coley_mechanisms *all, const char *block, const char *id)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->file[i].n_shared; k++)
            if (!strcmp(all->file[i].shared[k].id, id) && !strcmp(all->file[i].shared[k].block, block)) return "body";
    return block;
}

typedef enum giving { GIVES_NOT, GIVES_NUMBER, GIVES_RULE } giving;

/* Does the file say what this name is? A state and a reaction's rate count as rules. */
static giving gives(const coley_mechanism *m, const char *scope, const char *id)
{
    const coley_mechanism_name *name = coley_mechanism_find(m, scope, id);
    if (name && (name->rule || name->rate || name->is_species)) return GIVES_RULE;
    if (name && name->value) return GIVES_NUMBER;
    for (size_t i = 0; i < m->n_laws; i++)
        if (m->law[i].kind == COLEY_LAW_REACTION && !strcmp(m->law[i].id, id) && !strcmp(m->law[i].block, scope))
            return GIVES_RULE;
    return GIVES_NOT;
}

/* A use of the name of this scope in a file, or NULL. */
static const coley_mechanism_use *use_of(const coley_mechanisms *all, const coley_mechanism *m, const char *scope,
                                         const char *id)
{
    const coley_mechanism_use *found = NULL;
    for (size_t i = 0; i < m->n_uses; i++)
        if (!strcmp(m->use[i].id, id) && !strcmp(scope_of(all, m->use[i].block, id), scope))
            if (!found || m->use[i].changes) found = &m->use[i];
    return found;
}

/* --- words -----------------------------------------------------------------------------------------------------------
 */

/* Words that stand in a cell of a table. */
static void add_words(coley_text *text, const char *words)
{
    for (const char *p = words ? words : ""; *p; p++) {
        if (*p == '|' || *p == '*')
            coley_text_addf(text, "\\%c", *p);
        else if (*p == '<')
            coley_text_addf(text, "&lt;");
        else
            coley_text_add(text, p, 1);
    }
}

/* A formula with a dot for the product. */
static void add_formula(coley_text *text, const char *formula)
{
    for (const char *p = formula; *p; p++) {
        if (*p == '*')
            coley_text_addf(text, "·");
        else
            coley_text_add(text, p, 1);
    }
}

/* "nmol_per_cell_day" as "nmol/cell/day". */
static void add_unit(coley_text *text, const char *unit)
{
    if (!unit || !strcmp(unit, "dimensionless")) return;
    const char *per = !strncmp(unit, "per_", 4) ? unit : strstr(unit, "_per_");
    if (per == unit)
        coley_text_addf(text, "1");
    else
        coley_text_addf(text, "%.*s", (int)(per ? per - unit : (ptrdiff_t)strlen(unit)), unit);
    if (!per) return;
    for (const char *p = per + (per == unit ? 4 : 5); *p;) {
        const size_t length = strcspn(p, "_");
        coley_text_addf(text, "/%.*s", (int)length, p);
        p += length + (p[length] == '_');
    }
}

static void add_spread(coley_text *text, coley_spread_kind kind, double a, double b, const char *value)
{
    char number[32];
    double given = 0;
    const int around = coley_text_number(value ? value : "", &given) && given == a;
    snprintf(number, sizeof number, "%g, ", a);
    switch (kind) {
    case COLEY_SPREAD_NONE:
        break;
    case COLEY_SPREAD_LOGNORMAL:
        coley_text_addf(text, "log-normal, %s%s%g", around ? "" : "median ", around ? "" : number, b);
        break;
    case COLEY_SPREAD_NORMAL:
        coley_text_addf(text, "normal, %s%s%g", around ? "" : "mean ", around ? "" : number, b);
        break;
    case COLEY_SPREAD_UNIFORM:
        coley_text_addf(text, "uniform, %g to %g", a, b);
        break;
    case COLEY_SPREAD_LOGUNIFORM:
        coley_text_addf(text, "log-uniform, %g to %g", a, b);
        break;
    case COLEY_SPREAD_LOGITNORMAL:
        coley_text_addf(text, "logit-normal, %s%s%g", around ? "" : "median ", around ? "" : number, b);
        break;
    default: /* a kind that is younger than this page */
        coley_text_addf(text, "%g to %g", a, b);
    }
}

/* --- parts of a page -------------------------------------------------------------------------------------------------
 */

typedef struct page {
    coley_arena *arena;
    const coley_mechanisms *all;
    const coley_mechanism *m;
    const coley_mechanism_page_options *options;
    coley_text *out;
} page;

/* "anti-PD-1: two compartments ..." of the head's first sentence. */
static const char *title_of(coley_arena *arena, const coley_mechanism *m)
{
    const char *start = strstr(m->head, " -- ");
    coley_text text = {.arena = arena};
    for (const char *p = start ? start + 4 : m->head; *p && strncmp(p, "\n\n", 2) && strncmp(p, "\n ", 2); p++)
        coley_text_addf(&text, "%c", *p == '\n' ? ' ' : *p);
    while (text.length && (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '.'))
        text.data[--text.length] = '\0';
    return text.length ? text.data : m->id;
}

/* The head comment behind its title: paragraphs as they are, what is indented as a block of text. */
static void add_head(page *p)
{
    const char *at = strstr(p->m->head, "\n\n");
    int in_block = 0;
    for (at = at ? at + 2 : ""; *at;) {
        const size_t length = strcspn(at, "\n");
        const int indented = length > 2 && !strncmp(at, "  ", 2);
        if (indented != in_block && length) {
            coley_text_addf(p->out, indented ? "```text\n" : "```\n\n");
            in_block = indented;
        }
        if (indented || !in_block || length)
            coley_text_addf(p->out, "%.*s\n", (int)(indented ? length - 2 : length), at + (indented ? 2 : 0));
        at += length + (at[length] == '\n');
    }
    coley_text_addf(p->out, in_block ? "```\n\n" : "\n");
}

static void add_link(page *p, const char *id)
{
    if (p->options->root)
        coley_text_addf(p->out, "[%s](%s.md)", id, id);
    else
        coley_text_addf(p->out, "%s", id);
}

static void add_drugs(page *p, const coley_mechanism_class *class)
{
    for (size_t i = 0; i < class->n_drugs; i++) {
        coley_text_addf(p->out, i ? ", " : ": ");
        if (p->options->root)
            coley_text_addf(p->out, "[%s](%s/catalog/drugs/%s.yaml)", class->drug[i]->name, p->options->root,
                            class->drug[i]->name);
        else
            coley_text_addf(p->out, "%s", class->drug[i]->name);
    }
}

static int takes_dose(const coley_mechanism *m, const coley_mechanism_class *class)
{
    return coley_mechanism_listed(class->mechanisms, m->id) &&
           coley_mechanism_find(m, class->by_lesion ? "lesion" : "body", class->dose_state) != NULL;
}

/* What brings the mechanism into a patient. */
static void add_loaded(page *p)
{
    size_t n = 0;
    const coley_mechanisms *all = p->all;
    if (!all->core) return;
    if (coley_mechanism_listed(all->core, p->m->id)) {
        coley_text_addf(p->out, "Part of the core: in every patient.\n\n");
        return;
    }
    for (size_t i = 0; i < all->n_classes; i++) {
        const coley_mechanism_class *class = &all->class[i];
        if (!coley_mechanism_listed(class->mechanisms, p->m->id)) continue;
        coley_text_addf(p->out, "%s `%s`", n++ ? ";" : "Loaded with drugs of class", class->name);
        if (!takes_dose(p->m, class)) continue;
        add_drugs(p, class);
        coley_text_addf(p->out, " (doses go to `%s` [%s]%s)", class->dose_state, class->unit,
                        class->by_lesion ? " of the lesions that are named" : "");
    }
    if (n)
        coley_text_addf(p->out, ".\n\n");
    else
        coley_text_addf(p->out, "Loaded when a scenario asks for it: `model: {also: [%s]}`.\n\n", p->m->id);
}

static void add_states(page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->m->n_names; i++) {
        const coley_mechanism_name *s = &p->m->name[i];
        if (!s->is_species) continue;
        if (!n++)
            coley_text_addf(p->out, "## States\n\n| | state | what | unit | at the start |\n|---|---|---|---|---|\n");
        coley_text_addf(p->out, "| %s | `%s` | ", s->block, s->id);
        add_words(p->out, s->title ? s->title : s->note ? s->note->source : "");
        coley_text_addf(p->out, " | ");
        add_unit(p->out, s->unit);
        coley_text_addf(p->out, " | ");
        if (s->value) {
            coley_text_addf(p->out, "`");
            add_formula(p->out, s->value);
            coley_text_addf(p->out, "`");
        }
        coley_text_addf(p->out, " |\n");
    }
    if (n) coley_text_addf(p->out, "\n");
}

enum { MAX_PARTS = 8 };

static void add_part(coley_text *text, const char *sign, const coley_mechanism_part *part, const char *rate)
{
    coley_text_addf(text, " %s %s%s%s", sign, part->amount, *part->amount ? " " : "", rate);
}

/* virus' = virus_made - virus_lost - virus_taken, of what this file's reactions do to the species. */
static int add_balance(page *p, const char *block, const char *id, int own)
{
    coley_text sum = {.arena = p->arena};
    for (size_t i = 0; i < p->m->n_laws; i++) {
        const coley_mechanism_law *law = &p->m->law[i];
        coley_mechanism_part part[MAX_PARTS];
        if (law->kind != COLEY_LAW_REACTION || strcmp(law->block, block)) continue;
        size_t n = coley_mechanism_side(p->arena, law->right, part, MAX_PARTS);
        for (size_t k = 0; k < n; k++)
            if (!strcmp(part[k].id, id)) add_part(&sum, "+", &part[k], law->id);
        n = coley_mechanism_side(p->arena, law->left, part, MAX_PARTS);
        for (size_t k = 0; k < n; k++)
            if (!strcmp(part[k].id, id)) add_part(&sum, "−", &part[k], law->id);
    }
    if (!sum.length) return 0;
    const char *right = sum.data + (own && !strncmp(sum.data, " + ", 3) ? 3 : 1);
    coley_text_addf(p->out, "%s' = %s%s\n", id, own ? "" : "... ", right);
    return 1;
}

static void add_balances(page *p, const char *block)
{
    int n = 0;
    for (size_t i = 0; i < p->m->n_names; i++)
        if (p->m->name[i].is_species && !strcmp(p->m->name[i].block, block))
            n += add_balance(p, block, p->m->name[i].id, 1);
    for (size_t i = 0; i < p->m->n_uses; i++) {
        const coley_mechanism_use *use = &p->m->use[i];
        const coley_mechanism_name *name = coley_mechanism_find(p->m, block, use->id);
        if (use->changes && !strcmp(use->block, block) && !(name && name->is_species))
            n += add_balance(p, block, use->id, 0);
    }
    if (n) coley_text_addf(p->out, "\n");
}

static void add_law(page *p, const coley_mechanism_law *law)
{
    const coley_mechanism_name *name = coley_mechanism_find(p->m, law->block, law->id);
    if (law->remark) coley_text_addf(p->out, "\n# %s\n", law->remark);
    switch (law->kind) {
    case COLEY_LAW_RULE:
        coley_text_addf(p->out, "%s = ", law->id);
        break;
    case COLEY_LAW_RATE:
        coley_text_addf(p->out, "%s' = ", law->id);
        break;
    case COLEY_LAW_REACTION:
        coley_text_addf(p->out, "%s [%s%s→%s%s] = ", law->id, law->left, *law->left ? " " : "", *law->right ? " " : "",
                        law->right);
        break;
    case COLEY_LAW_TERM:
        coley_text_addf(p->out, "%s = ... + ", law->id);
        break;
    case COLEY_LAW_FACTOR:
        coley_text_addf(p->out, "%s = ... · ", law->id);
        break;
    case COLEY_LAW_SUBMODEL:
        coley_text_addf(p->out, "%s is one ", law->id);
        break;
    case COLEY_LAW_EVENT:
        coley_text_addf(p->out, "when ");
        add_formula(p->out, law->left);
        coley_text_addf(p->out, ": ");
        break;
    }
    const int bracket = law->kind == COLEY_LAW_FACTOR && strpbrk(law->formula, "+-");
    coley_text_addf(p->out, bracket ? "(" : "");
    add_formula(p->out, law->formula);
    coley_text_addf(p->out, bracket ? ")" : "");
    if (name && name->title && law->kind != COLEY_LAW_TERM && law->kind != COLEY_LAW_FACTOR)
        coley_text_addf(p->out, "    # %s", name->title);
    coley_text_addf(p->out, "\n");
}

/* The equations of each model block that the file opens, in the order of the file. */
static void add_equations(page *p)
{
    const char *block = NULL;
    for (size_t i = 0; i < p->m->n_laws; i++) {
        const coley_mechanism_law *law = &p->m->law[i];
        int seen = 0;
        for (size_t k = 0; k < i; k++) seen |= !strcmp(p->m->law[k].block, law->block);
        if (seen) continue;
        if (!block)
            coley_text_addf(p->out,
                            "## Equations\n\nx' is the change of a state a day; [A → B] is what a rate turns into "
                            "what; ... is what other files say.\n\n");
        block = law->block;
        coley_text_addf(p->out, "### %s\n\n```text\n",
                        !strcmp(block, "body")     ? "In the body"
                        : !strcmp(block, "lesion") ? "In each lesion"
                                                   : block);
        add_balances(p, block);
        for (size_t k = i; k < p->m->n_laws; k++)
            if (!strcmp(p->m->law[k].block, block)) add_law(p, &p->m->law[k]);
        coley_text_addf(p->out, "```\n\n");
    }
}

static int is_number(const coley_mechanism_name *name)
{
    return name->value && !name->is_species && !name->rule && !name->rate;
}

static void add_numbers(page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->m->n_names; i++) {
        const coley_mechanism_name *name = &p->m->name[i];
        if (!is_number(name)) continue;
        if (!n++)
            coley_text_addf(p->out, "## Parameters\n\n| name | value | unit | between people | what, and where from |\n"
                                    "|---|---:|---|---|---|\n");
        coley_text_addf(p->out, "| `%s` | ", name->id);
        add_formula(p->out, name->value);
        coley_text_addf(p->out, " | ");
        add_unit(p->out, name->unit);
        coley_text_addf(p->out, " | ");
        if (name->note) add_spread(p->out, name->note->spread, name->note->a, name->note->b, name->value);
        coley_text_addf(p->out, " | ");
        if (name->title) add_words(p->out, name->title);
        if (name->note && name->note->source && *name->note->source) {
            coley_text_addf(p->out, name->title ? "; " : "");
            add_words(p->out, name->note->source);
        }
        coley_text_addf(p->out, " |\n");
    }
    if (!n) return;
    coley_text_addf(
        p->out, "\nBetween people: the number behind the name is the standard deviation, of the logarithm (log-normal) "
                "or of the logit (logit-normal), around the value.\n\n");
}

/* The numbers of the class's drugs, side by side. */
static void add_drug_numbers(page *p, const coley_mechanism_class *class)
{
    size_t n_values = 0;
    for (size_t i = 0; i < class->n_drugs; i++) n_values += class->drug[i]->n_values;
    if (!n_values) return;
    coley_text_addf(p->out, "## By drug\n\nSources and notes stand in the drug's file.\n\n| |");
    for (size_t i = 0; i < class->n_drugs; i++) coley_text_addf(p->out, " %s |", class->drug[i]->name);
    coley_text_addf(p->out, "\n|---|");
    for (size_t i = 0; i < class->n_drugs; i++) coley_text_addf(p->out, "---|");
    coley_text_addf(p->out, "\n");
    for (size_t i = 0; i < class->n_drugs; i++)
        for (size_t k = 0; k < class->drug[i]->n_values; k++) {
            const char *symbol = class->drug[i]->value[k].symbol;
            int seen = 0;
            for (size_t j = 0; j < i; j++)
                seen |= coley_catalog_find(class->drug[j]->value, class->drug[j]->n_values, symbol) != NULL;
            if (seen) continue;
            coley_text_addf(p->out, "| `%s` |", symbol);
            for (size_t j = 0; j < class->n_drugs; j++) {
                const coley_catalog_value *v =
                    coley_catalog_find(class->drug[j]->value, class->drug[j]->n_values, symbol);
                char number[32] = "";
                if (v) snprintf(number, sizeof number, "%g", v->value);
                coley_text_addf(p->out, " %s%s%s", number, v && strcmp(v->unit, "dimensionless") ? " " : "",
                                v && strcmp(v->unit, "dimensionless") ? v->unit : "");
                if (v && v->spread) {
                    coley_text_addf(p->out, "; ");
                    add_spread(p->out, v->spread, v->spread_a, v->spread_b, number);
                }
                if (v && v->weak) coley_text_addf(p->out, "; weak");
                coley_text_addf(p->out, " |");
            }
            coley_text_addf(p->out, "\n");
        }
    coley_text_addf(p->out, "\n");
}

/* What other files give to this one. */
static void add_taken(page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->m->n_uses; i++) {
        const coley_mechanism_use *use = &p->m->use[i];
        const char *scope = scope_of(p->all, use->block, use->id);
        int seen = gives(p->m, scope, use->id) || gives(p->m, use->block, use->id);
        for (size_t k = 0; k < i && !seen; k++)
            seen = !strcmp(p->m->use[k].id, use->id) && !strcmp(scope_of(p->all, p->m->use[k].block, use->id), scope);
        if (seen) continue;
        if (!n++) coley_text_addf(p->out, "## Taken from other files\n\n| name | what | from |\n|---|---|---|\n");
        const coley_mechanism_name *told = NULL;
        for (size_t k = 0; k < p->all->n; k++) {
            const coley_mechanism_name *name = coley_mechanism_find(&p->all->file[k], scope, use->id);
            if (name && name->title) told = name;
        }
        coley_text_addf(p->out, "| `%s`%s | ", use->id, use->changes ? " (changed here)" : "");
        add_words(p->out, told ? told->title : "");
        coley_text_addf(p->out, " | ");
        size_t n_from = 0;
        for (giving how = GIVES_RULE; how >= GIVES_NUMBER; how--)
            for (size_t k = 0; k < p->all->n; k++) {
                if (gives(&p->all->file[k], scope, use->id) != how) continue;
                coley_text_addf(p->out, n_from++ ? ", " : "");
                add_link(p, p->all->file[k].id);
                if (how == GIVES_NUMBER) coley_text_addf(p->out, " (a number)");
            }
        coley_text_addf(p->out, "%s |\n", n_from ? "" : "not in this folder");
    }
    if (n) coley_text_addf(p->out, "\n");
}

/* One name of this file that others use or take over. */
static void add_given_name(page *p, const char *block, const char *id, size_t *n)
{
    const char *scope = scope_of(p->all, block, id);
    const giving here = gives(p->m, block, id);
    coley_text who = {.arena = p->arena};
    coley_text *out = p->out;
    p->out = &who;
    for (size_t k = 0; k < p->all->n; k++) {
        const coley_mechanism *other = &p->all->file[k];
        if (other == p->m) continue;
        const coley_mechanism_use *use = use_of(p->all, other, scope, id);
        const giving there = gives(other, scope, id);
        if (!use && !there) continue;
        coley_text_addf(&who, who.length ? ", " : "");
        add_link(p, other->id);
        if (there)
            coley_text_addf(&who, there > here ? " (takes it over)" : " (its neutral number)");
        else if (use->changes)
            coley_text_addf(&who, " (adds to it)");
    }
    p->out = out;
    if (!who.length) return;
    if (!(*n)++) coley_text_addf(out, "## Given to other files\n\n| name | to |\n|---|---|\n");
    coley_text_addf(out, "| `%s` | %s |\n", id, who.data);
}

static void add_given(page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->m->n_names; i++)
        if (gives(p->m, p->m->name[i].block, p->m->name[i].id))
            add_given_name(p, p->m->name[i].block, p->m->name[i].id, &n);
    for (size_t i = 0; i < p->m->n_laws; i++)
        if (p->m->law[i].kind == COLEY_LAW_REACTION) add_given_name(p, p->m->law[i].block, p->m->law[i].id, &n);
    if (n) coley_text_addf(p->out, "\n");
}

coley_status coley_mechanism_page(coley_arena *arena, const coley_mechanisms *all, size_t i,
                                  const coley_mechanism_page_options *options, coley_text *text, coley_error *err)
{
    page p = {.arena = arena, .all = all, .m = &all->file[i], .options = options, .out = text};
    coley_text_addf(text, "<!-- Printed from %s.ant by coley model page; a change here is lost. -->\n", p.m->id);
    coley_text_addf(text, "# %s: ", p.m->id);
    add_words(text, title_of(arena, p.m));
    coley_text_addf(text, "\n\n");
    add_loaded(&p);
    add_head(&p);
    if (options->root)
        coley_text_addf(text, "The file: [models/patient/%s.ant](%s/models/patient/%s.ant).\n\n", p.m->id,
                        options->root, p.m->id);
    if (options->figure) {
        coley_text_addf(text, "![%s of a simulated person](%s)\n\n", p.m->id, options->figure);
        if (options->caption && *options->caption) coley_text_addf(text, "*%s*\n\n", options->caption);
    }
    add_states(&p);
    add_equations(&p);
    add_numbers(&p);
    for (size_t c = 0; c < all->n_classes; c++)
        if (takes_dose(p.m, &all->class[c])) add_drug_numbers(&p, &all->class[c]);
    add_taken(&p);
    add_given(&p);
    while (text->length > 1 && text->data[text->length - 2] == '\n' && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0';
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

coley_status coley_mechanism_contents(coley_arena *arena, const coley_mechanisms *all, coley_text *text,
                                      coley_error *err)
{
    coley_text_addf(text,
                    "<!-- Printed by coley model page; a change here is lost. -->\n# Mechanisms\n\n"
                    "One page a file of models/patient: states, equations, parameters with their spread and source, "
                    "and a figure.\n\n| mechanism | what | in | states | numbers | spread |\n"
                    "|---|---|---|---:|---:|---:|\n");
    for (size_t i = 0; i < all->n; i++) {
        const coley_mechanism *m = &all->file[i];
        size_t states = 0, numbers = 0, spread = 0, n = 0;
        for (size_t k = 0; k < m->n_names; k++) {
            states += (size_t)m->name[k].is_species;
            numbers += (size_t)is_number(&m->name[k]);
            spread += m->name[k].note && m->name[k].note->spread != COLEY_SPREAD_NONE;
        }
        coley_text_addf(text, "| [%s](%s.md) | ", m->id, m->id);
        add_words(text, title_of(arena, m));
        coley_text_addf(text, " | ");
        if (coley_mechanism_listed(all->core, m->id)) {
            coley_text_addf(text, "core");
            n++;
        }
        for (size_t c = 0; c < all->n_classes && !n; c++)
            if (coley_mechanism_listed(all->class[c].mechanisms, m->id)) {
                coley_text_addf(text, "%s", all->class[c].name);
                n++;
            }
        coley_text_addf(text, "%s | %zu | %zu | %zu |\n", n ? "" : "asked for", states, numbers, spread);
    }
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
