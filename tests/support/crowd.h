/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crowd.h -- a scenario written in a test, simulated: named symbols of the typical patient and of virtual people. */
#ifndef COLEY_TESTS_CROWD_H
#define COLEY_TESTS_CROWD_H

#include "run/outcome.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { CROWD_MAX_SYMBOLS = 12 };

typedef struct crowd {
    coley_arena *arena;
    const coley_session *session;
    coley_crowd people;
    size_t first; /* column of the first of the symbols asked for */
} crowd;

/* `symbols`: names with spaces between. */
static crowd crowd_run(const char *scenario, const char *symbols)
{
    crowd c = {.arena = coley_arena_create()};
    coley_error err = {0};
    const coley_yaml *root = NULL;
    coley_scenario *read = NULL;
    coley_session *session = NULL;
    int32_t symbol[CROWD_MAX_SYMBOLS];
    size_t n = 0;
    coley_status status = coley_yaml_parse(c.arena, "test", scenario, strlen(scenario), &root, &err);
    if (!status) status = coley_scenario_of_node(c.arena, root, CATALOG, &read, &err);
    if (!status) status = coley_session_prepare(c.arena, read, MODELS, CATALOG, &session, &err);
    for (const char *at = symbols; !status && *at;) {
        const size_t length = strcspn(at, " ");
        const char *name = coley_arena_printf(c.arena, "%.*s", (int)length, at);
        symbol[n] = coley_network_symbol(session->body->network, name);
        if (symbol[n] < 0) CHECK_FAIL_("there is no %s", name);
        n += symbol[n] >= 0;
        at += length + (at[length] == ' ');
    }
    const coley_session_options options = {.n_threads = 2};
    if (!status) status = coley_session_people(c.arena, session, &options, n, symbol, &c.people, &err);
    if (status) CHECK_FAIL_("%s:%d: %s: %s", err.file, err.line, err.key, err.text);
    c.session = session;
    if (session) c.first = session->watch.n;
    return c;
}

/* The `symbol`th of those asked for, in a person on a row of the session's days; person 0 is the patient. */
static double crowd_at(const crowd *c, size_t person, size_t row, size_t symbol)
{
    return c->people.n_days ? coley_crowd_at(&c->people, person, row, c->first + symbol) : NAN;
}

static void crowd_free(crowd *c)
{
    coley_arena_destroy(c->arena);
}

/* Largest and smallest value of the patient's symbol, and the day of it. */
typedef struct extreme {
    double value, day;
} extreme;

static inline extreme crowd_extreme(const crowd *c, size_t symbol, int sign)
{
    extreme e = {.value = -INFINITY};
    for (size_t r = 0; r < c->people.n_days; r++) {
        const double now = sign * crowd_at(c, 0, r, symbol);
        if (now > e.value) e = (extreme){now, c->session->day[r]};
    }
    e.value *= sign;
    return e;
}

#endif
