/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a MAF or VCF: counted, or refused with a sentence. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "assay/tmb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    static const coley_tmb_definition definition = {"fuzz", "fuzz", "fuzz",
                                                    COLEY_EFFECT_BIT(MISSENSE) | COLEY_EFFECT_BIT(STOP_GAINED)};
    static const coley_tmb_facts facts = {
        .cutoff_per_Mb = 10, .least_megabases = 1, .cutoff_source = "", .least_source = ""};
    static const coley_driver driver[] = {{"KRAS", "G12"}, {"TP53", NULL}};
    const coley_drivers drivers = {.file = "fuzz", .n = 2, .driver = (coley_driver *)driver};
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    coley_tmb_report report;
    coley_error err = {0};
    const coley_tmb_options options = {.facts = &facts,
                                       .definition = &definition,
                                       .min_depth = 2,
                                       .min_fraction = 0.01,
                                       .max_frequency = size % 2 ? 0.01 : NAN,
                                       .picked = size % 3 == 0,
                                       .unique = size % 5 == 0,
                                       .megabases = 1,
                                       .denominator = "fuzz",
                                       .drivers = &drivers};
    if (coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err) == COLEY_OK &&
        coley_tmb_count(arena, lines, &options, &report, &err) != COLEY_OK && !err.text[0])
        abort();
    coley_arena_destroy(arena);
    return 0;
}
