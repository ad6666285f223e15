/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rechallenge.c -- see rechallenge.h. */
#include "run/rechallenge.h"

#include <math.h>

enum { SAME, LOST, N_ANTIGENS };

/* Symbols of a lesion. */
typedef struct clone_names {
    const char *cells, *life, *again, *lives, *unseen; /* `unseen` may be NULL */
} clone_names;

static coley_status read_names(coley_arena *arena, const char *models, const char **mechanism,
                               clone_names names[N_ANTIGENS], coley_error *err)
{
    static const char *const keys[] = {"mechanism", "same", "lost"};
    static const char *const symbols[] = {"cells", "life", "again", "lives", "unseen"};
    const char *path = coley_arena_printf(arena, "%s/patient.yaml", models);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    const coley_yaml *section = coley_yaml_find(root, "rechallenge");
    if (!section) return coley_yaml_fail(root, err, "the key 'rechallenge' is missing here; a scenario asks for it");
    COLEY_TRY(coley_yaml_keys(section, keys, 3, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(section, "mechanism"), mechanism, err));
    for (size_t k = 0; k < N_ANTIGENS; k++) {
        const coley_yaml *map = coley_yaml_find(section, coley_rechallenge_antigens[k]);
        const char **to[] = {&names[k].cells, &names[k].life, &names[k].again, &names[k].lives, &names[k].unseen};
        names[k] = (clone_names){0};
        if (!map) return coley_yaml_fail(section, err, "the key '%s' is missing here", coley_rechallenge_antigens[k]);
        COLEY_TRY(coley_yaml_keys(map, symbols, 5, err));
        for (size_t i = 0; i < 5; i++) {
            const coley_yaml *entry = coley_yaml_find(map, symbols[i]);
            if (entry) {
                COLEY_TRY(coley_yaml_text(entry, to[i], err));
            } else if (i < 4) {
                return coley_yaml_fail(map, err, "the key '%s' is missing here", symbols[i]);
            }
        }
    }
    return COLEY_OK;
}

coley_status coley_rechallenge_mechanism(coley_arena *arena, const coley_scenario *scenario, const char *models,
                                         const char **mechanism, coley_error *err)
{
    clone_names names[N_ANTIGENS];
    *mechanism = NULL;
    return scenario->rechallenge.n ? read_names(arena, models, mechanism, names, err) : COLEY_OK;
}

/* --- doses -----------------------------------------------------------------------------------------------------------
 */

/* Number of a lesion's state, or of its input. */
static coley_status find(const coley_body *body, size_t lesion, const char *name, int is_input, int32_t *number,
                         coley_error *err)
{
    const int32_t symbol = coley_body_lesion_symbol(body, lesion, name);
    *number = symbol < 0 ? -1
              : is_input ? coley_program_input_of(body->program, symbol)
                         : coley_program_state_of(body->program, symbol);
    if (*number < 0)
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "a rechallenge changes the %s \"%s\" of a lesion, and the patient model has none; load the "
                          "mechanisms of patient.yaml",
                          is_input ? "number" : "state", name);
    return COLEY_OK;
}

coley_status coley_rechallenge_place(coley_arena *arena, coley_session *session, const char *models, coley_error *err)
{
    const coley_scenario *scenario = session->scenario;
    const size_t n = scenario->rechallenge.n;
    clone_names names[N_ANTIGENS];
    const char *mechanism;
    if (!n) return COLEY_OK;
    COLEY_TRY(read_names(arena, models, &mechanism, names, err));
    coley_dose *dose = COLEY_NEW(arena, coley_dose, 4 * n);
    if (!dose) return COLEY_FAIL_MEMORY(err);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const coley_scenario_rechallenge *r = COLEY_SCENARIO_RECHALLENGE(scenario, i);
        const clone_names *clone = &names[r->antigen];
        const size_t lesion = (size_t)r->lesion - 1;
        int32_t cells, life, again, unseen;
        COLEY_TRY(find(session->body, lesion, clone->cells, 0, &cells, err));
        COLEY_TRY(find(session->body, lesion, clone->life, 0, &life, err));
        COLEY_TRY(find(session->body, lesion, clone->again, 0, &again, err));
        dose[at++] = (coley_dose){.t_day = r->day, .amount = r->cells, .state = cells};
        dose[at++] = (coley_dose){.t_day = r->day, .amount = 1, .state = life, .kind = COLEY_DOSE_REPLACE};
        dose[at++] = (coley_dose){.t_day = r->day, .amount = 1, .state = again, .kind = COLEY_DOSE_REPLACE};
        if (!clone->unseen) continue;
        COLEY_TRY(find(session->body, lesion, clone->unseen, 1, &unseen, err));
        dose[at++] = (coley_dose){.t_day = r->day, .amount = 0, .state = unseen, .kind = COLEY_DOSE_INPUT};
    }
    session->reseed = dose;
    session->n_reseed = at;
    return COLEY_OK;
}

/* --- what became of them
 * -----------------------------------------------------------------------------------------------
 */

typedef enum fate { REJECTED_UNSEEN, REJECTED, HELD, GREW, NOT_CURED } fate;

/* Columns of the watch. */
typedef struct columns {
    size_t n_lesions, diameter[COLEY_SCENARIO_MAX_LESIONS], lives[COLEY_SCENARIO_MAX_LESIONS][2];
    size_t cells;
} columns;

static coley_status find_columns(const coley_session *s, const coley_scenario_rechallenge *r, columns *c,
                                 coley_error *err)
{
    const char *lives[2] = {s->fate_rules.seen_lives, s->fate_rules.hidden_lives};
    const char *cells = r->antigen == LOST ? s->fate_rules.hidden : s->fate_rules.seen;
    c->n_lesions = s->scenario->lesions.n;
    for (size_t i = 0; i < c->n_lesions; i++) {
        const ptrdiff_t d = coley_watch_row(&s->watch, (ptrdiff_t)i, "diameter"),
                        a = coley_watch_row(&s->watch, (ptrdiff_t)i, lives[0]),
                        b = coley_watch_row(&s->watch, (ptrdiff_t)i, lives[1]);
        const ptrdiff_t n = coley_watch_row(&s->watch, (ptrdiff_t)i, cells);
        if (d < 0 || a < 0 || b < 0 || n < 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = s->scenario->path, .key = "rechallenge"}),
                                 "patient.yaml does not watch diameter, %s, %s and %s", cells, lives[0], lives[1]);
        c->diameter[i] = (size_t)d;
        c->lives[i][0] = (size_t)a;
        c->lives[i][1] = (size_t)b;
        if (i + 1 == (size_t)r->lesion) c->cells = (size_t)n;
    }
    return COLEY_OK;
}

/* Rows (first, end) after the cells were put back, up to the next time in the same lesion; the row of that very moment
 * is before it. */
static void find_rows(const coley_session *s, size_t i, size_t *first, size_t *end)
{
    const coley_scenario_rechallenge *r = COLEY_SCENARIO_RECHALLENGE(s->scenario, i);
    double until = INFINITY;
    for (size_t k = i + 1; k < s->scenario->rechallenge.n; k++)
        if (COLEY_SCENARIO_RECHALLENGE(s->scenario, k)->lesion == r->lesion)
            until = fmin(until, COLEY_SCENARIO_RECHALLENGE(s->scenario, k)->day);
    for (*first = 0; *first < s->n_days && s->day[*first] <= r->day;) ++*first;
    for (*end = *first; *end < s->n_days && s->day[*end] <= until;) ++*end;
}

static fate fate_of(const coley_session *s, const coley_crowd *crowd, size_t person, size_t i, const columns *c,
                    coley_rechallenge *told)
{
    const coley_scenario_rechallenge *r = COLEY_SCENARIO_RECHALLENGE(s->scenario, i);
    const size_t lesion = (size_t)r->lesion - 1, lives = c->lives[lesion][r->antigen], mm = c->diameter[lesion];
    size_t first, end;
    find_rows(s, i, &first, &end);
    const double before_mm = coley_crowd_at(crowd, person, first - 1, mm);
    double seen_day = NAN, gone_day = NAN;
    told->most_cells = r->cells;
    told->most_mm = before_mm;
    for (size_t k = first; k < end; k++) {
        const double now_mm = coley_crowd_at(crowd, person, k, mm);
        told->most_cells = fmax(told->most_cells, coley_crowd_at(crowd, person, k, c->cells));
        told->most_mm = fmax(told->most_mm, now_mm);
        /* A scar that was there before is no tumour that is seen. */
        if (isnan(seen_day) && now_mm >= s->fate_rules.not_seen_mm && now_mm >= s->fate_rules.grew * before_mm)
            seen_day = s->day[k];
        if (coley_crowd_at(crowd, person, k, lives) >= 0.5)
            gone_day = NAN;
        else if (isnan(gone_day))
            gone_day = s->day[k];
    }
    int cured = 1;
    for (size_t k = 0; k < c->n_lesions; k++)
        for (size_t clone = 0; clone < 2; clone++)
            cured &= coley_crowd_at(crowd, person, first - 1, c->lives[k][clone]) < 0.5;
    told->outcome_day = !isnan(gone_day) ? gone_day : seen_day;
    if (!cured) return NOT_CURED;
    if (!isnan(gone_day)) return isnan(seen_day) ? REJECTED_UNSEEN : REJECTED;
    return end > first && coley_crowd_at(crowd, person, end - 1, c->cells) > r->cells ? GREW : HELD;
}

coley_status coley_rechallenge_judge(coley_arena *arena, const coley_session *session, const coley_crowd *crowd,
                                     coley_course *course, coley_error *err)
{
    static const char *const names[] = {[REJECTED_UNSEEN] = "rejected unseen",
                                        [REJECTED] = "rejected",
                                        [HELD] = "held",
                                        [GREW] = "grew",
                                        [NOT_CURED] = "onto a living tumour"};
    const size_t n = session->scenario->rechallenge.n;
    coley_rechallenge *list = COLEY_NEW(arena, coley_rechallenge, n);
    if (!list) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        const coley_scenario_rechallenge *r = COLEY_SCENARIO_RECHALLENGE(session->scenario, i);
        columns c = {0};
        COLEY_TRY(find_columns(session, r, &c, err));
        for (size_t person = 1; person < crowd->n; person++) {
            coley_rechallenge other;
            const fate became = fate_of(session, crowd, person, i, &c, &other);
            list[i].n_people += became != NOT_CURED;
            list[i].n_rejected += became == REJECTED || became == REJECTED_UNSEEN;
            list[i].n_grew += became == GREW;
        }
        list[i].outcome = names[fate_of(session, crowd, 0, i, &c, &list[i])];
        list[i].day = r->day;
        list[i].cells = r->cells;
        list[i].lesion = (int)r->lesion;
        list[i].antigen = coley_rechallenge_antigens[r->antigen];
    }
    course->n_rechallenges = n;
    course->rechallenge = list;
    return COLEY_OK;
}
