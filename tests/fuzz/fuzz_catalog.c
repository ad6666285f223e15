/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_catalog.c -- any bytes as a drug and as a cancer of the catalog: what is read has a unit and a source. */
#include "catalog/catalog.h"

#include "base/units.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static void check_values(const coley_catalog_value *values, size_t n)
{
    coley_unit unit;
    for (size_t i = 0; i < n; i++)
        if (!*values[i].source || coley_unit_parse(values[i].unit, &unit, NULL) != COLEY_OK) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_drug *drug;
    coley_catalog_cancer *cancer;
    coley_error err;
    if (coley_catalog_drug_parse(arena, "fuzz", (const char *)data, size, &drug, &err) == COLEY_OK)
        check_values(drug->value, drug->n_values);
    if (coley_catalog_cancer_parse(arena, "fuzz", (const char *)data, size, &cancer, &err) == COLEY_OK)
        check_values(cancer->value, cancer->n_values);
    coley_arena_destroy(arena);
    return 0;
}
