/* SPDX-License-Identifier: GPL-3.0-or-later */
/* events.h -- a model with events for tests: Antimony's formulas, and events written as rows of texts. */
#ifndef COLEY_TESTS_EVENTS_H
#define COLEY_TESTS_EVENTS_H

#include "support/solving.h"

typedef struct event_row {
    const char *id, *trigger, *delay, *priority; /* delay and priority may be NULL */
    const char *set[3][2];                       /* state, formula */
    int forgets;                                 /* not persistent */
    int fires_at_start;                          /* if the trigger is true there */
    int late;                                    /* values of when it happens */
} event_row;

/* "e3_name := formula" for the reader; false when there is no formula. */
static inline int event_rule(char *text, size_t size, size_t e, const char *name, const char *formula)
{
    if (!formula) return 0;
    const size_t n = strlen(text);
    snprintf(text + n, size - n, "  e%zu_%s := %s;\n", e, name, formula);
    return 1;
}

static inline const coley_expr *event_formula(const solving *s, size_t e, const char *name)
{
    char id[64];
    snprintf(id, sizeof id, "e%zu_%s", e, name);
    const int32_t symbol = coley_network_symbol(s->network, id);
    return symbol < 0 ? NULL : coley_expr_symbol(s->network->pool, symbol);
}

/* `body` is the inside of a model block. Ends the program when it is wrong. */
static inline solving solving_events(const char *body, const event_row *row, size_t n)
{
    static char text[20000];
    static const char *const value[] = {"value0", "value1", "value2"};
    snprintf(text, sizeof text, "model m()\n%s\n", body);
    for (size_t e = 0; e < n; e++) {
        event_rule(text, sizeof text, e, "trigger", row[e].trigger);
        event_rule(text, sizeof text, e, "delay", row[e].delay);
        event_rule(text, sizeof text, e, "priority", row[e].priority);
        for (size_t i = 0; i < 3 && row[e].set[i][0]; i++) event_rule(text, sizeof text, e, value[i], row[e].set[i][1]);
    }
    strcat(text, "end\n");
    solving s = {.arena = coley_arena_create()};
    coley_error err = {0};
    const coley_antimony_source source = {.name = "test", .text = text, .length = strlen(text)};
    int good = coley_antimony_parse(s.arena, &source, 1, NULL, &s.network, &err) == COLEY_OK;
    if (good) {
        s.network->n_events = n;
        s.network->event = COLEY_NEW(s.arena, coley_model_event, n);
        for (size_t e = 0; e < n; e++) {
            coley_model_event *event = &s.network->event[e];
            *event = (coley_model_event){.id = row[e].id,
                                         .trigger = event_formula(&s, e, "trigger"),
                                         .delay = event_formula(&s, e, "delay"),
                                         .priority = event_formula(&s, e, "priority"),
                                         .persistent = !row[e].forgets,
                                         .initially_true = !row[e].fires_at_start,
                                         .values_at_trigger = !row[e].late,
                                         .assignment = COLEY_NEW(s.arena, coley_assignment, 3)};
            for (size_t i = 0; i < 3 && row[e].set[i][0]; i++)
                event->assignment[event->n_assignments++] =
                    (coley_assignment){.symbol = coley_network_symbol(s.network, row[e].set[i][0]),
                                       .value = event_formula(&s, e, value[i])};
        }
        good = coley_program_compile(s.arena, s.network, &s.program, &err) == COLEY_OK;
    }
    if (!good) {
        printf("# line %d: %s: %s\n", err.line, err.key, err.text);
        exit(1);
    }
    s.system = coley_system_of_program(s.program, NULL, 0);
    return s;
}

#endif
