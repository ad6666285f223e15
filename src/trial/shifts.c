/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shifts.c -- see shifts.h. */
#include "trial/shifts.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "patient/facts.h"

coley_status coley_trial_shifts_load(coley_arena *arena, const char *path, coley_trial_shifts *shifts, coley_error *err)
{
    static const char *const keys[] = {"doc", "shifts", "at_100_mm"};
    const coley_yaml *root;
    coley_fact fact;
    *shifts = (coley_trial_shifts){.at_100_mm = NAN};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 3, err));
    const coley_yaml *list = coley_yaml_find(root, "shifts");
    if (list) {
        COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_MAP, err));
        if (list->n > COLEY_SHIFTS_MAX)
            return coley_yaml_fail(list, err, "%zu shifts; at most %d", list->n, COLEY_SHIFTS_MAX);
        for (; shifts->n < list->n; shifts->n++) {
            COLEY_TRY(coley_fact_read(list, list->key[shifts->n], "dimensionless", -6, 6, &fact, err));
            shifts->name[shifts->n] = list->key[shifts->n];
            shifts->shift[shifts->n] = fact.value;
            shifts->error[shifts->n] = fact.spread == COLEY_SPREAD_NORMAL ? fact.b : NAN;
        }
    }
    if (coley_yaml_find(root, "at_100_mm")) {
        COLEY_TRY(coley_fact_read(root, "at_100_mm", "1/day", 0, 1, &fact, err));
        shifts->at_100_mm = fact.value;
    }
    return COLEY_OK;
}

coley_status coley_trial_shifts_read(coley_arena *arena, const char *catalog, const char *cancer,
                                     coley_trial_shifts *shifts, coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/populations/%s.yaml", catalog, cancer);
    if (!path) return COLEY_FAIL_MEMORY(err);
    *shifts = (coley_trial_shifts){.at_100_mm = NAN};
    return access(path, F_OK) ? COLEY_OK : coley_trial_shifts_load(arena, path, shifts, err);
}

void coley_trial_shifts_write(const coley_trial_shifts *shifts, const char *const *how, size_t n_how,
                              const char *source, coley_text *out)
{
    coley_text_addf(out, "# SPDX-License-Identifier: GPL-3.0-or-later\n");
    for (size_t i = 0; i < n_how; i++) coley_text_addf(out, "# %s\n", how[i]);
    coley_text_addf(out,
                    "doc: by how many standard deviations the people of trials differ from the cancer's own file\n");
    if (shifts->n) coley_text_addf(out, "shifts:\n");
    for (size_t i = 0; i < shifts->n; i++) {
        coley_text_addf(out, "  %s: {value: %.4g", shifts->name[i], shifts->shift[i]);
        if (isfinite(shifts->error[i])) coley_text_addf(out, ", spread: normal %.2g", shifts->error[i]);
        coley_text_addf(out, ", source: \"%s\"}\n", source);
    }
    if (isfinite(shifts->at_100_mm))
        coley_text_addf(out, "at_100_mm: {value: %.4g 1/day, source: \"%s\"}\n", shifts->at_100_mm, source);
}
