/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mechanism_figure.c -- the figure of a mechanism's page: a typical person of a scenario, the mechanism's own
 * quantities.
 *
 * models/patient/figures.yaml names a scenario and what to show where the usual ones do not fit. The usual scenario is
 * the first drug of the catalog whose class loads the mechanism, by its first label regimen, in a cancer that the
 * catalog has a trial of it in; without a class, figures.yaml's own. Shown are the quantities of the file that have a
 * title and change. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/plot.h"
#include "run/mechanism_page.h"
#include "run/session.h"

enum { MAX_PANELS = 3, MAX_LINES = 5, MAX_SHOWN = 64, PANEL_HEIGHT = 150, POINTS = 168 };

/* --- the scenario ----------------------------------------------------------------------------------------------------
 */

static int mentions(const coley_catalog_cancer *cancer, const coley_catalog_drug *drug)
{
    for (size_t i = 0; i < cancer->n_expectations; i++)
        for (size_t k = 0; k < drug->n_labels; k++) {
            const char *found = strstr(cancer->expectation[i].regimen, drug->label[k].name);
            const size_t length = strlen(drug->label[k].name);
            if (found && (!found[length] || found[length] == ' ')) return 1;
        }
    return 0;
}

static coley_status usual_cancer(coley_arena *arena, const char *catalog, const coley_catalog_drug *drug,
                                 const char **name, coley_error *err)
{
    const char *const *names;
    size_t n;
    COLEY_TRY(coley_catalog_names(arena, catalog, "cancers", &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        coley_catalog_cancer *cancer;
        COLEY_TRY(coley_catalog_cancer_read(arena, catalog, names[i], &cancer, err));
        if (!mentions(cancer, drug)) continue;
        *name = cancer->name;
        return COLEY_OK;
    }
    *name = "nsclc";
    return COLEY_OK;
}

/* The class whose doses the mechanism takes, else the first that loads it; NULL for none with a drug. */
static const coley_mechanism_class *class_of(const coley_mechanisms *all, const coley_mechanism *m)
{
    const coley_mechanism_class *found = NULL;
    for (size_t i = 0; i < all->n_classes; i++) {
        const coley_mechanism_class *class = &all->class[i];
        if (!class->n_drugs || !coley_mechanism_listed(class->mechanisms, m->id)) continue;
        if (coley_mechanism_find(m, class->by_lesion ? "lesion" : "body", class->dose_state)) return class;
        if (!found) found = class;
    }
    return found;
}

static coley_status usual_scenario(coley_arena *arena, const coley_mechanisms *all, const coley_mechanism *m,
                                   const char *catalog, const coley_yaml **scenario, coley_error *err)
{
    const coley_mechanism_class *class = coley_mechanism_listed(all->core, m->id) ? NULL : class_of(all, m);
    coley_text text = {.arena = arena};
    *scenario = coley_yaml_find(all->figures, "usual");
    if (class && class->drug[0]->n_labels) {
        const char *cancer;
        COLEY_TRY(usual_cancer(arena, catalog, class->drug[0], &cancer, err));
        coley_text_addf(&text, "cancer: %s\nlesions: [{site: lung, diameter: 40 mm}]\nregimen: [{dose: %s%s}]\n",
                        cancer, class->drug[0]->label[0].name, class->by_lesion ? ", lesions: all" : "");
    } else if (*scenario && coley_mechanism_listed(all->core, m->id)) {
        return COLEY_OK;
    } else {
        coley_text_addf(&text,
                        "cancer: nsclc\nlesions: [{site: lung, diameter: 40 mm}]\nregimen: pembrolizumab-200-q3w\n"
                        "model: {also: [%s]}\n",
                        m->id);
    }
    coley_text_addf(&text, "run: {duration: 168 day}\n");
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    return coley_yaml_parse(arena, m->file, text.data, text.length, scenario, err);
}

static const coley_yaml *entry_of(const coley_mechanisms *all, const coley_mechanism *m)
{
    return coley_yaml_find(coley_yaml_find(all->figures, "mechanisms"), m->id);
}

static coley_status scenario_of(coley_arena *arena, const coley_mechanisms *all, const coley_mechanism *m,
                                const char *catalog, coley_scenario **made, coley_error *err)
{
    static const char *const keys[] = {"scenario", "show"};
    const coley_yaml *entry = entry_of(all, m), *scenario = coley_yaml_find(entry, "scenario");
    if (entry) COLEY_TRY(coley_yaml_keys(entry, keys, 2, err));
    if (!scenario) COLEY_TRY(usual_scenario(arena, all, m, catalog, &scenario, err));
    COLEY_TRY(coley_scenario_of_node(arena, scenario, catalog, made, err));
    (*made)->run.population = 0;
    (*made)->run.output_every_day = (*made)->run.duration_day / POINTS;
    return COLEY_OK;
}

static int was_said(const coley_scenario *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!strcmp(COLEY_SCENARIO_DRUG(s, k)->drug, COLEY_SCENARIO_DRUG(s, i)->drug)) return 1;
    return 0;
}

coley_status coley_mechanism_caption(coley_arena *arena, const coley_mechanisms *all, size_t i, const char *catalog,
                                     const char **words, coley_error *err)
{
    coley_scenario *s;
    coley_text text = {.arena = arena};
    *words = "";
    if (!all->core) return COLEY_OK;
    COLEY_TRY(scenario_of(arena, all, &all->file[i], catalog, &s, err));
    coley_text_addf(&text, "Simulated: a typical person, cancer `%s`, ", s->cancer);
    for (size_t k = 0; k < s->lesions.n; k++)
        coley_text_addf(&text, "%s%s %g mm", k ? ", " : "", COLEY_SCENARIO_LESION(s, k)->site,
                        COLEY_SCENARIO_LESION(s, k)->diameter_mm);
    for (size_t k = 0; k < s->regimen.n; k++) {
        const coley_scenario_drug *drug = COLEY_SCENARIO_DRUG(s, k);
        if (drug->dose.label)
            coley_text_addf(&text, "%s%s", k ? " + " : "; ", drug->dose.label);
        else if (!was_said(s, k))
            coley_text_addf(&text, "%s%s %g %s%s", k ? " + " : "; ", drug->drug, drug->dose.amount, drug->dose.unit,
                            coley_dose_basis_text(drug->dose.basis));
        if (drug->start_day > 0) coley_text_addf(&text, " from day %g", drug->start_day);
    }
    coley_text_addf(&text, ".");
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    *words = text.data;
    return COLEY_OK;
}

/* --- what is shown ---------------------------------------------------------------------------------------------------
 */

typedef struct shown {
    int32_t symbol;
    char title[64], unit[32]; /* "virus in the lesion", "PFU/mL" */
    const double *value;
} shown;

/* A title such as "virus in the lesion [PFU/mL]" in its parts; without a unit there, the symbol's. */
static void name_it(shown *s, const coley_symbol *symbol)
{
    const char *title = symbol->name ? symbol->name : symbol->id + (strncmp(symbol->id, "L1.", 3) ? 0 : 3);
    const char *bracket = strrchr(title, '[');
    const size_t length = bracket && bracket > title ? (size_t)(bracket - title) : strlen(title);
    snprintf(s->title, sizeof s->title, "%.*s", (int)length, title);
    if (bracket)
        snprintf(s->unit, sizeof s->unit, "%.*s", (int)strcspn(bracket + 1, "]"), bracket + 1);
    else if (symbol->unit && strcmp(symbol->unit, "dimensionless"))
        snprintf(s->unit, sizeof s->unit, "%s", symbol->unit);
    for (size_t n = strlen(s->title); n && s->title[n - 1] == ' ';) s->title[--n] = '\0';
}

static const char *file_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "";
}

/* With titles: states and rules of the file that have one; without: its states. */
static size_t own_symbols(const coley_network *network, const coley_mechanism *m, int titles, shown *list, size_t n)
{
    for (size_t i = 0; i < network->n_symbols && n < MAX_SHOWN; i++) {
        const coley_symbol *s = &network->symbol[i];
        const int changes = s->kind == COLEY_SPECIES || s->rule_kind != COLEY_RULE_NONE;
        if (!changes || strcmp(file_name(s->file), file_name(m->file)) || !s->name != !titles) continue;
        if (strchr(s->id, '.') && strncmp(s->id, "L1.", 3)) continue;
        if (!titles && s->kind != COLEY_SPECIES) continue;
        list[n].symbol = (int32_t)i;
        name_it(&list[n++], s);
    }
    return n;
}

static coley_status asked_symbols(const coley_network *network, const coley_yaml *show, shown *list, size_t *n,
                                  coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(show, COLEY_YAML_LIST, err));
    for (*n = 0; *n < show->n && *n < MAX_SHOWN; ++*n) {
        const char *name;
        char id[160];
        COLEY_TRY(coley_yaml_text(show->item[*n], &name, err));
        snprintf(id, sizeof id, "L1.%.100s", name);
        int32_t symbol = coley_network_symbol(network, name);
        if (symbol < 0) symbol = coley_network_symbol(network, id);
        if (symbol < 0)
            return coley_yaml_fail(show->item[*n], err,
                                   "the figure's patient has no '%.60s', in the body or in a lesion", name);
        list[*n].symbol = symbol;
        name_it(&list[*n], &network->symbol[symbol]);
    }
    return COLEY_OK;
}

static int varies(const shown *s, size_t n)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(s->value[i])) return 0;
        low = fmin(low, s->value[i]);
        high = fmax(high, s->value[i]);
    }
    return high - low > 2e-3 * fmax(fabs(low), fabs(high)) && high > 1e-9;
}

/* What is left of a drug that is gone, a solver's error around zero, is drawn as nothing. */
static void settle_at_nothing(double *value, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(value[i]));
    for (size_t i = 0; i < n; i++)
        if (fabs(value[i]) < 1e-9 * most) value[i] = 0;
}

/* --- drawing ---------------------------------------------------------------------------------------------------------
 */

/* A decade or two apart are read better on a logarithmic axis. */
static int wants_logarithm(const coley_plot_line *line, size_t n)
{
    double least = INFINITY, most = 0, least_top = INFINITY;
    for (size_t k = 0; k < n; k++) {
        double top = 0;
        for (size_t i = 0; i < line[k].n; i++) {
            if (line[k].y[i] < 0) return 0;
            top = fmax(top, line[k].y[i]);
            if (line[k].y[i] > 0) least = fmin(least, line[k].y[i]);
        }
        least_top = fmin(least_top, top);
        most = fmax(most, top);
    }
    return most > 30 * least_top || (most > 1e4 && most > 1e3 * least);
}

typedef struct drawing {
    const coley_session *session;
    size_t n_shown;
    shown *shown;
    coley_plot plot[MAX_PANELS];
    coley_plot_line line[MAX_PANELS][MAX_LINES];
    char unit[MAX_PANELS][40];
} drawing;

/* Quantities of one unit share a chart. */
static size_t lay_out(drawing *d)
{
    size_t n = 0;
    const coley_session *s = d->session;
    for (size_t i = 0; i < d->n_shown; i++) {
        size_t panel = 0, first = 1;
        for (size_t k = 0; k < i; k++) first &= strcmp(d->shown[k].unit, d->shown[i].unit) != 0;
        if (!first || n == MAX_PANELS) continue;
        coley_plot *plot = &d->plot[n];
        for (size_t k = i; k < d->n_shown && panel < MAX_LINES; k++) {
            if (strcmp(d->shown[k].unit, d->shown[i].unit)) continue;
            d->line[n][panel] = (coley_plot_line){.label = d->shown[k].title,
                                                  .x = s->day,
                                                  .y = d->shown[k].value,
                                                  .n = s->n_days,
                                                  .colour = (int)panel,
                                                  .weight = 2};
            panel++;
        }
        snprintf(d->unit[n], sizeof d->unit[n], *d->shown[i].unit ? "[%s]" : "%s", d->shown[i].unit);
        *plot = (coley_plot){.unit = *d->unit[n] ? d->unit[n] : NULL,
                             .day_high = s->scenario->run.duration_day,
                             .low = NAN,
                             .high = NAN,
                             .logarithmic = wants_logarithm(d->line[n], panel),
                             .height = PANEL_HEIGHT,
                             .shade_from_day = NAN,
                             .line = d->line[n],
                             .n_lines = panel};
        n++;
    }
    for (size_t k = 0; k + 1 < n; k++) d->plot[k].no_axis = 1;
    return n;
}

static coley_status simulate(coley_arena *arena, drawing *d, coley_error *err)
{
    int32_t extra[MAX_SHOWN];
    coley_crowd crowd;
    const coley_session *s = d->session;
    const coley_session_options options = {.n_threads = 1};
    for (size_t i = 0; i < d->n_shown; i++) extra[i] = d->shown[i].symbol;
    COLEY_TRY(coley_session_people(arena, s, &options, d->n_shown, extra, &crowd, err));
    double *value = COLEY_NEW(arena, double, d->n_shown *crowd.n_days);
    if (!value) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t i = 0; i < d->n_shown; i++) {
        double *column = value + i * crowd.n_days;
        for (size_t day = 0; day < crowd.n_days; day++) column[day] = coley_crowd_at(&crowd, 0, day, s->watch.n + i);
        settle_at_nothing(column, crowd.n_days);
        d->shown[i].value = column;
        if (varies(&d->shown[i], crowd.n_days)) d->shown[n++] = d->shown[i];
    }
    d->n_shown = n;
    return COLEY_OK;
}

coley_status coley_mechanism_figure(coley_arena *arena, const coley_mechanisms *all, size_t i, const char *catalog,
                                    coley_text *svg, coley_error *err)
{
    const coley_mechanism *m = &all->file[i];
    const coley_yaml *show = coley_yaml_find(entry_of(all, m), "show");
    coley_scenario *scenario;
    coley_session *session;
    drawing *d = COLEY_NEW(arena, drawing, 1);
    if (!d || !(d->shown = COLEY_NEW(arena, shown, MAX_SHOWN))) return COLEY_FAIL_MEMORY(err);
    if (!all->core)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = all->folder}),
                             "has no patient.yaml, so that there is no patient to simulate");
    COLEY_TRY(scenario_of(arena, all, m, catalog, &scenario, err));
    COLEY_TRY(coley_session_prepare(arena, scenario, all->folder, catalog, &session, err));
    d->session = session;
    const coley_network *network = session->body->network;
    if (show) {
        COLEY_TRY(asked_symbols(network, show, d->shown, &d->n_shown, err));
    } else {
        d->n_shown = own_symbols(network, m, 1, d->shown, 0);
        if (!d->n_shown) d->n_shown = own_symbols(network, m, 0, d->shown, 0);
    }
    COLEY_TRY(simulate(arena, d, err));
    const size_t n = lay_out(d);
    if (!n)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, ((coley_place){.file = m->file}),
            "nothing of it changes in the figure's patient; name a scenario or what to show for '%s' in "
            "figures.yaml",
            m->id);
    const char *alt = coley_arena_printf(arena, "Simulated course of %s", m->id);
    if (!alt) return COLEY_FAIL_MEMORY(err);
    coley_plot_sheet(d->plot, n, alt, svg);
    return svg->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
