/* SPDX-License-Identifier: GPL-3.0-or-later */
/* population.c -- traits from the model's spreads and from settings; scores; inputs. */
#include "patient/population.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

/* FNV-1a: a name's key must not change when names are added or moved. */
static uint64_t name_key(const char *name)
{
    uint64_t key = 1469598103934665603ULL;
    for (; *name; name++) key = (key ^ (unsigned char)*name) * 1099511628211ULL;
    return key;
}

/* "k_growth" of "L1.k_growth", or NULL when the name is the body's own. */
static const char *lesion_local(const char *id)
{
    if (id[0] != 'L' || id[1] < '1' || id[1] > '9' || id[2] != '.') return NULL;
    return id + 3;
}

static double trait_value(const coley_trait *trait, double z)
{
    const double a = trait->a, b = trait->b;
    switch (trait->spread) {
    case COLEY_SPREAD_LOGNORMAL:
        return a * exp(b * z);
    case COLEY_SPREAD_NORMAL:
        return a + b * z;
    case COLEY_SPREAD_UNIFORM:
    case COLEY_SPREAD_CHANCE:
        return a + (b - a) * 0.5 * erfc(-z * M_SQRT1_2);
    case COLEY_SPREAD_LOGUNIFORM:
        return a * pow(b / a, 0.5 * erfc(-z * M_SQRT1_2));
    case COLEY_SPREAD_LOGITNORMAL:
        return 1.0 / (1.0 + (1.0 - a) / a * exp(-b * z));
    case COLEY_SPREAD_NONE:
        break;
    }
    return a;
}

static ptrdiff_t find_trait(const coley_trait *trait, size_t n, int32_t input)
{
    for (size_t i = 0; i < n; i++)
        if (trait[i].input == input) return (ptrdiff_t)i;
    return -1;
}

typedef struct making {
    const coley_body *body;
    coley_trait *trait;
    size_t n;
    double *base;
} making;

static void set_trait(making *m, int32_t symbol, int32_t input, coley_spread_kind spread, double a, double b)
{
    const char *id = m->body->network->symbol[symbol].id;
    const char *local = lesion_local(id);
    ptrdiff_t at = find_trait(m->trait, m->n, input);
    if (spread == COLEY_SPREAD_NONE) {
        if (at >= 0) m->trait[at] = m->trait[--m->n];
        return;
    }
    if (at < 0) at = (ptrdiff_t)m->n++;
    m->trait[at] = (coley_trait){.id = id,
                                 .key = name_key(id),
                                 .shared_key = name_key(local && spread != COLEY_SPREAD_CHANCE ? local : id),
                                 .input = input,
                                 .spread = spread,
                                 .a = a,
                                 .b = b};
}

static int apply(making *m, const char *id, const coley_setting *s)
{
    const int32_t symbol = coley_network_symbol(m->body->network, id);
    const int32_t input = symbol < 0 ? -1 : coley_program_input_of(m->body->program, symbol);
    if (input < 0) return 0;
    m->base[input] = s->value;
    set_trait(m, symbol, input, s->spread, s->a, s->b);
    return 1;
}

coley_status coley_population_create(coley_arena *arena, const coley_body *body, size_t n_settings,
                                     const coley_setting *setting, int strict, coley_population **out, coley_error *err)
{
    const size_t n_inputs = coley_program_input_count(body->program);
    coley_population *population = COLEY_NEW(arena, coley_population, 1);
    making m = {
        .body = body, .trait = COLEY_NEW(arena, coley_trait, n_inputs), .base = COLEY_NEW(arena, double, n_inputs)};
    if (!population || !m.trait || !m.base) return COLEY_FAIL_MEMORY(err);
    memcpy(m.base, coley_program_input_default(body->program), n_inputs * sizeof *m.base);
    for (size_t i = 0; i < n_inputs; i++) {
        const int32_t symbol = coley_program_input_symbol(body->program, i);
        const coley_symbol *s = &body->network->symbol[symbol];
        set_trait(&m, symbol, (int32_t)i, s->spread, s->spread_a, s->spread_b);
    }
    for (size_t i = 0; i < n_settings; i++) {
        int used = apply(&m, setting[i].symbol, &setting[i]);
        for (size_t lesion = 0; lesion < body->n_lesions; lesion++) {
            char id[160];
            snprintf(id, sizeof id, "L%zu.%s", lesion + 1, setting[i].symbol);
            used |= apply(&m, id, &setting[i]);
        }
        if (!used && strict)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, setting[i].place,
                                 "the patient model has no parameter \"%s\"; `coley model show` lists them",
                                 setting[i].symbol);
    }
    *population = (coley_population){.body = body, .n_traits = m.n, .trait = m.trait, .base = m.base};
    *out = population;
    return COLEY_OK;
}

void coley_population_scores_by(const coley_population *population, coley_score_source *source, const void *self,
                                uint64_t id, double *z)
{
    for (size_t i = 0; i < population->n_traits; i++) {
        const coley_trait *trait = &population->trait[i];
        z[i] = source(self, id, trait->shared_key);
        if (trait->key == trait->shared_key) continue;
        const double own = source(self, id, trait->key);
        z[i] = sqrt(COLEY_LESION_SHARED) * z[i] + sqrt(1.0 - COLEY_LESION_SHARED) * own;
    }
}

static double drawn(const void *seed, uint64_t id, uint64_t key)
{
    return coley_rng_normal(*(const uint64_t *)seed, COLEY_STREAM_PARAMETER, id, key);
}

void coley_population_scores(const coley_population *population, uint64_t seed, uint64_t id, double *z)
{
    coley_population_scores_by(population, drawn, &seed, id, z);
}

void coley_population_inputs(const coley_population *population, const double *z, double *inputs)
{
    memcpy(inputs, population->base, coley_program_input_count(population->body->program) * sizeof *inputs);
    for (size_t i = 0; i < population->n_traits; i++) {
        const coley_trait *trait = &population->trait[i];
        inputs[trait->input] = trait_value(trait, z ? z[i] : 0.0);
    }
}

size_t coley_population_shift(coley_population *population, const char *name, double shift)
{
    coley_trait *trait = (coley_trait *)population->trait;
    size_t n = 0;
    for (size_t i = 0; i < population->n_traits; i++) {
        const char *local = lesion_local(trait[i].id);
        if (strcmp(local ? local : trait[i].id, name) != 0) continue;
        const int endless = trait[i].spread == COLEY_SPREAD_LOGNORMAL || trait[i].spread == COLEY_SPREAD_NORMAL ||
                            trait[i].spread == COLEY_SPREAD_LOGITNORMAL;
        if (!endless) continue;
        trait[i].a = trait_value(&trait[i], shift);
        n++;
    }
    return n;
}

ptrdiff_t coley_population_trait(const coley_population *population, const char *id)
{
    for (size_t i = 0; i < population->n_traits; i++)
        if (strcmp(population->trait[i].id, id) == 0) return (ptrdiff_t)i;
    return -1;
}
