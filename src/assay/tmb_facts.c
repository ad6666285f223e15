/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb_facts.c -- reads the tables. */
#include "assay/tmb_facts.h"

#include <ctype.h>
#include <string.h>

static coley_status required(const coley_yaml *map, const char *key, const coley_yaml **node, coley_error *err)
{
    *node = coley_yaml_find(map, key);
    return *node ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status read_definition(const coley_yaml *map, coley_tmb_definition *definition, coley_error *err)
{
    static const char *const keys[] = {"words", "effects", "source"};
    const coley_yaml *words, *effects, *source;
    COLEY_TRY(coley_yaml_keys(map, keys, 3, err));
    COLEY_TRY(required(map, "words", &words, err));
    COLEY_TRY(required(map, "effects", &effects, err));
    COLEY_TRY(required(map, "source", &source, err));
    COLEY_TRY(coley_yaml_text(words, &definition->words, err));
    COLEY_TRY(coley_yaml_text(source, &definition->source, err));
    COLEY_TRY(coley_yaml_expect(effects, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < effects->n; i++) {
        int effect;
        COLEY_TRY(coley_yaml_choice(effects->item[i], coley_effect_names, COLEY_EFFECT_COUNT, &effect, err));
        definition->counted |= 1u << effect;
    }
    return COLEY_OK;
}

static coley_status read_panel(const coley_yaml *map, coley_tmb_panel *panel, coley_error *err)
{
    static const char *const keys[] = {"megabases", "source"};
    const coley_yaml *megabases, *source;
    COLEY_TRY(coley_yaml_keys(map, keys, 2, err));
    COLEY_TRY(required(map, "megabases", &megabases, err));
    COLEY_TRY(required(map, "source", &source, err));
    COLEY_TRY(coley_yaml_number(megabases, 1e-3, 1e4, &panel->megabases, err));
    return coley_yaml_text(source, &panel->source, err);
}

static coley_status read_value(const coley_yaml *root, const char *key, const char *unit, double high, double *value,
                               const char **source, coley_error *err)
{
    static const char *const keys[] = {"value", "unit", "source"};
    const coley_yaml *map, *number, *named, *from;
    const char *text;
    COLEY_TRY(required(root, key, &map, err));
    COLEY_TRY(coley_yaml_keys(map, keys, 3, err));
    COLEY_TRY(required(map, "value", &number, err));
    COLEY_TRY(required(map, "unit", &named, err));
    COLEY_TRY(required(map, "source", &from, err));
    COLEY_TRY(coley_yaml_text(named, &text, err));
    if (strcmp(text, unit)) return coley_yaml_fail(named, err, "is %s; this file says it in %s", text, unit);
    COLEY_TRY(coley_yaml_number(number, 0, high, value, err));
    return coley_yaml_text(from, source, err);
}

coley_status coley_tmb_facts_read(coley_arena *arena, const char *catalog, coley_tmb_facts *facts, coley_error *err)
{
    static const char *const keys[] = {"definitions", "panels", "cutoff", "least_megabases"};
    const char *path = coley_arena_printf(arena, "%s/assays/tmb.yaml", catalog);
    const coley_yaml *root, *definitions, *panels;
    *facts = (coley_tmb_facts){0};
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 4, err));
    COLEY_TRY(required(root, "definitions", &definitions, err));
    COLEY_TRY(required(root, "panels", &panels, err));
    COLEY_TRY(coley_yaml_expect(definitions, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_expect(panels, COLEY_YAML_MAP, err));
    facts->n_definitions = definitions->n;
    facts->n_panels = panels->n;
    facts->definition = COLEY_NEW(arena, coley_tmb_definition, definitions->n);
    facts->panel = COLEY_NEW(arena, coley_tmb_panel, panels->n);
    if (!facts->definition || !facts->panel) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < definitions->n; i++) {
        facts->definition[i].name = definitions->key[i];
        COLEY_TRY(read_definition(definitions->item[i], &facts->definition[i], err));
    }
    for (size_t i = 0; i < panels->n; i++) {
        facts->panel[i].name = panels->key[i];
        COLEY_TRY(read_panel(panels->item[i], &facts->panel[i], err));
    }
    COLEY_TRY(read_value(root, "cutoff", "1/Mb", 1e4, &facts->cutoff_per_Mb, &facts->cutoff_source, err));
    return read_value(root, "least_megabases", "Mb", 1e4, &facts->least_megabases, &facts->least_source, err);
}

enum { MAX_NAMES = 64 };

static coley_status not_found(const char *what, const char *name, const char *const *names, size_t n, coley_error *err)
{
    const char *near = coley_text_nearest(name, names, n);
    char list[400] = "";
    for (size_t i = 0; i < n && strlen(list) + strlen(names[i]) + 3 < sizeof list; i++) {
        if (i) strcat(list, ", ");
        strcat(list, names[i]);
    }
    return COLEY_FAIL(err, COLEY_ERR_ARG, "there is no %s %s; there are %s%s%s%s", what, coley_quote_make(name).text,
                      list, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

coley_status coley_tmb_definition_find(const coley_tmb_facts *facts, const char *name,
                                       const coley_tmb_definition **definition, coley_error *err)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (size_t i = 0; i < facts->n_definitions; i++) {
        *definition = &facts->definition[i];
        if (!strcmp((*definition)->name, name)) return COLEY_OK;
        if (n < MAX_NAMES) names[n++] = (*definition)->name;
    }
    return not_found("definition", name, names, n, err);
}

coley_status coley_tmb_panel_find(const coley_tmb_facts *facts, const char *name, const coley_tmb_panel **panel,
                                  coley_error *err)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (size_t i = 0; i < facts->n_panels; i++) {
        *panel = &facts->panel[i];
        if (!strcmp((*panel)->name, name)) return COLEY_OK;
        if (n < MAX_NAMES) names[n++] = (*panel)->name;
    }
    return not_found("panel", name, names, n, err);
}

/* ---- drivers ----------------------------------------------------------------------------------------------------- */

static int is_residue(const char *text)
{
    if (!isupper((unsigned char)*text++) || !isdigit((unsigned char)*text)) return 0;
    return strspn(text, "0123456789") == strlen(text);
}

static coley_status read_drivers(coley_arena *arena, coley_lines *lines, coley_drivers *drivers, coley_error *err)
{
    char *line;
    size_t length;
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (!*line || *line == '#' || !strcmp(line, "gene\tchange")) continue;
        char *tab = strchr(line, '\t');
        if (!tab || tab == line || (strcmp(tab + 1, "truncating") && !is_residue(tab + 1)))
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, coley_lines_place(lines),
                "is no driver: write a gene, a tab, and a residue such as G12, or the word truncating");
        if (!COLEY_RESERVE(arena, drivers->driver, drivers->cap, drivers->n + 1)) return COLEY_FAIL_MEMORY(err);
        coley_driver *driver = &drivers->driver[drivers->n++];
        driver->gene = coley_arena_text(arena, line, (size_t)(tab - line));
        driver->residue = strcmp(tab + 1, "truncating") ? coley_arena_text(arena, tab + 1, strlen(tab + 1)) : NULL;
        if (!driver->gene || (!driver->residue && strcmp(tab + 1, "truncating"))) return COLEY_FAIL_MEMORY(err);
    }
    if (!drivers->n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = drivers->file}), "names no driver");
    return COLEY_OK;
}

coley_status coley_drivers_read(coley_arena *arena, const char *path, coley_drivers *drivers, coley_error *err)
{
    coley_lines *lines;
    *drivers = (coley_drivers){.file = path};
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = read_drivers(arena, lines, drivers, err);
    coley_lines_close(lines);
    return status;
}

static char one_letter(const char *three)
{
    static const char codes[] =
        "AlaA ArgR AsnN AspD CysC GlnQ GluE GlyG HisH IleI LeuL LysK MetM PheF ProP SerS ThrT TrpW TyrY ValV Ter* ";
    for (const char *p = codes; *p; p += 5)
        if (!strncmp(p, three, 3)) return p[3];
    return 0;
}

/* "G12" out of p.G12D, p.Gly12Asp, 12G>12D; "" when it is none of these. */
static void residue_of(const char *protein, size_t length, char residue[16])
{
    char text[64], letter = 0;
    residue[0] = '\0';
    if (!protein || !length) return;
    const char *colon = memchr(protein, ':', length);
    if (colon) {
        length -= (size_t)(colon + 1 - protein);
        protein = colon + 1;
    }
    if (length >= sizeof text) length = sizeof text - 1;
    memcpy(text, protein, length);
    text[length] = '\0';
    const char *p = text;
    if (!strncmp(p, "p.", 2)) p += 2;
    const char *digits = p;
    if (isdigit((unsigned char)*p)) { /* bcftools: 12G>12D */
        letter = p[strspn(p, "0123456789")];
    } else if (isupper((unsigned char)p[0]) && isdigit((unsigned char)p[1])) {
        letter = *p;
        digits = p + 1;
    } else if (strlen(p) > 3 && (letter = one_letter(p))) {
        digits = p + 3;
    }
    const size_t n = strspn(digits, "0123456789");
    if (!letter || !n || n > 10) return;
    residue[0] = letter;
    memcpy(residue + 1, digits, n);
    residue[n + 1] = '\0';
}

int coley_drivers_hold(const coley_drivers *drivers, const char *gene, size_t gene_length, const char *protein,
                       size_t protein_length, coley_effects effects)
{
    const coley_effects truncating = COLEY_EFFECT_BIT(STOP_GAINED) | COLEY_EFFECT_BIT(FRAMESHIFT_DELETION) |
                                     COLEY_EFFECT_BIT(FRAMESHIFT_INSERTION) | COLEY_EFFECT_BIT(SPLICE);
    char residue[16];
    if (!drivers || !gene) return 0;
    residue_of(protein, protein_length, residue);
    for (size_t i = 0; i < drivers->n; i++) {
        const coley_driver *d = &drivers->driver[i];
        if (strncmp(d->gene, gene, gene_length) || d->gene[gene_length]) continue;
        if (d->residue ? !strcmp(d->residue, residue) && (effects & COLEY_EFFECT_BIT(MISSENSE))
                       : (effects & truncating) != 0)
            return 1;
    }
    return 0;
}
