/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a quantity: it converts to itself, or an error says why not. */
#include "base/units.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[512];
    if (size >= sizeof text) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    coley_error err = {0};
    double value, same;
    const char *unit;
    if (coley_quantity_split(text, &value, &unit, &err) != COLEY_OK || !*unit) {
        unit = text;
        value = 1;
    }
    coley_unit parsed;
    if (coley_unit_parse(unit, &parsed, &err) != COLEY_OK) {
        assert(err.text[0]);
        return 0;
    }
    assert(isfinite(parsed.scale) && parsed.scale > 0);
    if (coley_unit_convert(value, unit, unit, &same, &err) == COLEY_OK) assert(same == value);
    return 0;
}
