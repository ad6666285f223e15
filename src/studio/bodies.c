/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bodies.c -- a few bodies, each in an arena of its own, by what they were made of */
#include "studio/bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 6, KEY_BYTES = 4096 };

typedef struct kept {
    coley_arena *arena;
    coley_body *body;
    char key[KEY_BYTES];
    size_t used; /* when, counted in questions */
} kept;

struct coley_studio_bodies {
    kept slot[KEPT];
    size_t asked, made;
    char *regimens;
};

coley_studio_bodies *coley_studio_bodies_create(void)
{
    return calloc(1, sizeof(coley_studio_bodies));
}

void coley_studio_bodies_destroy(coley_studio_bodies *b)
{
    for (size_t i = 0; b && i < KEPT; i++) coley_arena_destroy(b->slot[i].arena);
    if (b) free(b->regimens);
    free(b);
}

static int add_list(char *key, size_t *n, const char *what, size_t count, const char *const *name)
{
    *n += (size_t)snprintf(key + *n, KEY_BYTES - *n, "|%s", what);
    for (size_t i = 0; i < count && *n < KEY_BYTES; i++)
        *n += (size_t)snprintf(key + *n, KEY_BYTES - *n, " %s", name[i]);
    return *n < KEY_BYTES;
}

/* Everything that coley_body_assemble looks at; 0: too long to be kept. */
static int key_of(const coley_body_options *o, char key[KEY_BYTES])
{
    size_t n = (size_t)snprintf(key, KEY_BYTES, "%s %zu", o->models, o->n_lesions);
    return n < KEY_BYTES && add_list(key, &n, "core", o->n_core, o->core) &&
           add_list(key, &n, "also", o->n_also, o->also) && add_list(key, &n, "classes", o->n_classes, o->drug_class);
}

static coley_status body_of(void *self, const coley_body_options *options, const coley_body **body, coley_error *err)
{
    coley_studio_bodies *b = self;
    char key[KEY_BYTES];
    kept *oldest = &b->slot[0];
    if (!key_of(options, key)) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the list of mechanisms is too long");
    b->asked++;
    for (size_t i = 0; i < KEPT; i++) {
        kept *k = &b->slot[i];
        if (k->body && !strcmp(k->key, key)) {
            k->used = b->asked;
            *body = k->body;
            return COLEY_OK;
        }
        if (k->used < oldest->used) oldest = k;
    }
    coley_arena_destroy(oldest->arena);
    *oldest = (kept){.arena = coley_arena_create()};
    if (!oldest->arena) return COLEY_FAIL_MEMORY(err);
    coley_body *made = NULL;
    COLEY_TRY(coley_body_assemble(oldest->arena, options, &made, err));
    oldest->body = made;
    oldest->used = b->asked;
    memcpy(oldest->key, key, sizeof key);
    b->made++;
    *body = made;
    return COLEY_OK;
}

coley_body_source coley_studio_bodies_source(coley_studio_bodies *b)
{
    return (coley_body_source){.body = body_of, .self = b};
}

size_t coley_studio_bodies_made(const coley_studio_bodies *b)
{
    return b->made;
}

const char *coley_studio_bodies_regimens(coley_studio_bodies *b, const char *set)
{
    if (set && !b->regimens) b->regimens = strdup(set);
    return b->regimens ? b->regimens : "";
}
