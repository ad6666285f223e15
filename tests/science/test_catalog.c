/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_catalog.c -- the shipped catalog, read as a reviewer would: every number has a unit and a source. */
#include "catalog/catalog.h"

#include "base/units.h"
#include "support/check.h"

static coley_error err;

#define CATALOG COLEY_SOURCE_DIR "/catalog"

static void the_whole_catalog_holds(void)
{
    coley_arena *arena = coley_arena_create();
    size_t n = 0;
    char message[1400];
    const coley_status status = coley_catalog_check(arena, CATALOG, &n, &err);
    if (status != COLEY_OK) {
        coley_error_format(&err, message, sizeof message);
        printf("# %s\n", message);
    }
    CHECK(status == COLEY_OK);
    CHECK(n > 50);
    coley_arena_destroy(arena);
}

static void label_doses_lie_where_checkpoint_antibodies_are_given(void)
{
    coley_arena *arena = coley_arena_create();
    const char *const *names;
    size_t n;
    CHECK(coley_catalog_names(arena, CATALOG, "drugs", &names, &n, &err) == COLEY_OK && n > 0);
    for (size_t i = 0; i < n; i++) {
        coley_catalog_drug *drug;
        CHECK(coley_catalog_drug_read(arena, CATALOG, names[i], &drug, &err) == COLEY_OK);
        CHECK(drug->n_labels > 0);
        if (strncmp(drug->drug_class, "anti_", 5) != 0) continue; /* not an antibody */
        for (size_t j = 0; j < drug->n_labels; j++) {
            const coley_catalog_label *label = &drug->label[j];
            if (strncmp(drug->drug_class, "anti_pd", 7) && strcmp(drug->drug_class, "anti_ctla4")) continue;
            double mg = 0;
            CHECK(coley_unit_convert(label->dose, label->dose_unit, "mg", &mg, &err) == COLEY_OK);
            CHECK(label->basis == COLEY_DOSE_PER_KG ? mg >= 0.3 && mg <= 20 : mg >= 20 && mg <= 2000);
            CHECK(label->every_day >= 7 && label->every_day <= 92);
            CHECK(label->infusion_day > 0 && label->infusion_day <= 0.1);
        }
    }
    coley_arena_destroy(arena);
}

static void a_spread_is_about_its_value(void)
{
    coley_arena *arena = coley_arena_create();
    const char *const *names;
    size_t n;
    CHECK(coley_catalog_names(arena, CATALOG, "cancers", &names, &n, &err) == COLEY_OK && n > 0);
    for (size_t i = 0; i < n; i++) {
        coley_catalog_cancer *cancer;
        CHECK(coley_catalog_cancer_read(arena, CATALOG, names[i], &cancer, &err) == COLEY_OK);
        for (size_t j = 0; j < cancer->n_values; j++) {
            const coley_catalog_value *value = &cancer->value[j];
            if (value->spread != COLEY_SPREAD_LOGNORMAL) continue;
            CHECK(value->spread_a > 0 && value->spread_b < 6);
            CHECK_NEAR(value->spread_a / value->value, 1, 0.5);
        }
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(the_whole_catalog_holds);
    RUN(label_doses_lie_where_checkpoint_antibodies_are_given);
    RUN(a_spread_is_about_its_value);
    return check_done();
}
