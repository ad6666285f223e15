/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/units.h"
#include "support/check.h"

static double in(double value, const char *from, const char *to)
{
    coley_error err = {0};
    double out = NAN;
    if (coley_unit_convert(value, from, to, &out, &err) != COLEY_OK) printf("# %s\n", err.text);
    return out;
}

static void decimal_conversions_are_exact_to_the_last_bit(void)
{
    CHECK(in(200, "mg", "g") == 0.2);
    CHECK(in(0.2, "g", "mg") == 200);
    CHECK(in(1, "mg/L", "ug/mL") == 1);
    CHECK(in(3.3, "uM", "nM") == 3300);
    CHECK(in(7, "mm", "um") == 7000);
    CHECK(in(1, "mm^3", "uL") == 1);
    CHECK(in(5e9, "cell/L", "cell/uL") == 5000);
    CHECK(in(50, "%", "1") == 0.5);
    CHECK(in(10, "mutations/Mb", "1/kb") == 0.01);
    CHECK(in(600, "kIU/kg", "IU/kg") == 600000);
    CHECK(in(150, "kDa", "g/mol") == 150000);
}

static void times_and_rates_convert_both_ways(void)
{
    CHECK_NEAR(in(1, "1/day", "1/h"), 1.0 / 24, 1e-15);
    CHECK_NEAR(in(3, "weeks", "day"), 21, 1e-15);
    CHECK_NEAR(in(1, "year", "month"), 12, 1e-14);
    CHECK_NEAR(in(1, "1/(nM*s)", "1/(M*s)"), 1e9, 1e-15);
    CHECK_NEAR(in(1, "1/nM/s", "1/(nM day)"), 86400, 1e-15);
    CHECK_NEAR(in(1, "mmHg", "Pa"), 133.322387415, 1e-12);
    CHECK_NEAR(in(1, "mol", "molecules"), 6.02214076e23, 1e-12);
    CHECK_NEAR(in(1, "nM", "molecule/um^3"), 0.602214076, 1e-12);
}

static void units_are_read_in_all_the_ways_people_write_them(void)
{
    CHECK(in(1, "\xc2\xb5g/mL", "ug/mL") == 1 && in(1, "\xce\xbcg/mL", "mcg/mL") == 1);
    CHECK(in(1, "m2", "m^2") == 1 && in(1, "m\xc2\xb2", "m^2") == 1 && in(1, "um3", "um\xc2\xb3") == 1);
    CHECK(in(1, "day-1", "1/day") == 1 && in(1, "day^-1", "1/d") == 1);
    CHECK(in(1, "10^6 cells/kg", "cells/kg") == 1e6 && in(1, "1e6 cells/kg", "cells/kg") == 1e6);
    CHECK(in(1, "mL\xc2\xb7min", "mL*min") == 1 && in(1, "mL.min", "mL min") == 1);
    CHECK_NEAR(in(90, "mL/min/1.73 m^2", "mL/min/m^2"), 90 / 1.73, 1e-14);
    CHECK(in(38.5, "\xc2\xb0""C", "degC") == 38.5);
    CHECK(in(2, "cell / uL", "cell/uL") == 2);
    CHECK(in(3, "nmol_per_cell_day", "nmol/cell/day") == 3 && in(3, "per_day", "1/day") == 3);
    CHECK(in(3, "cell_per_mL_day", "cells/(mL day)") == 3 && in(3, "mg_day", "mg*day") == 3);
}

static void a_clash_of_dimensions_says_both(void)
{
    coley_error err = {0};
    double out;
    CHECK(coley_unit_convert(1, "ug/mL", "nM", &out, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "mass per length^3");
    CHECK_HAS(err.text, "substance per length^3");
    CHECK_HAS(err.text, "without a molar mass");
    CHECK(coley_unit_convert(2, "mg/kg", "mg", &out, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "mass per body mass");
    CHECK(coley_unit_convert(2, "mg/kg", "%", &out, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "a pure number");
    CHECK(coley_unit_convert(2, "week", "1/day", &out, NULL) == COLEY_ERR_INPUT);
}

static void an_unknown_unit_is_refused_with_the_nearest_name(void)
{
    coley_error err = {0};
    coley_unit unit;
    CHECK(coley_unit_parse("weaks", &unit, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean weeks?");
    CHECK(coley_unit_parse("mg/wombat", &unit, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "\"wombat\" is not a unit (in \"mg/wombat\")");
    static const char *const bad[] = {"",     " ",     "/",   "mg/",  "mg//kg", "(mg",     "mg)",      "mg_per", "per_", "mg_per_per_day", "_", "mg^",     "mg^x",
                                      "0 mg", "mg^99", "1e999", "m&s", "m^-",    "kday",    "mg^1.5",   "10^999",  "\xff",
                                      "((((((((((((((((((((m))))))))))))))))))))", "gggggggggggggggggggggggggggggggggggggggggggg"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (coley_unit_parse(bad[i], &unit, &err) == COLEY_OK) CHECK_FAIL_("\"%s\" was accepted", bad[i]);
        CHECK(err.text[0]);
    }
}

static void quantities_are_a_number_and_a_unit(void)
{
    coley_error err = {0};
    double value = 0;
    const char *unit = NULL;
    CHECK(coley_quantity_parse("200 mg", "mg", &value, &err) == COLEY_OK && value == 200);
    CHECK(coley_quantity_parse("200mg", "g", &value, &err) == COLEY_OK && value == 0.2);
    CHECK(coley_quantity_parse("1e6 cells/kg", "cell/kg", &value, &err) == COLEY_OK && value == 1e6);
    CHECK(coley_quantity_parse("-3.5 mm", "um", &value, &err) == COLEY_OK && value == -3500);
    CHECK(coley_quantity_parse("0.5", "1", &value, &err) == COLEY_OK && value == 0.5);
    CHECK(coley_quantity_parse("50 %", "fraction", &value, &err) == COLEY_OK && value == 0.5);
    CHECK(coley_quantity_parse("200", "mg", &value, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "\"200\" has no unit: write 200 mg");
    CHECK(coley_quantity_parse("two mg", "mg", &value, &err) == COLEY_ERR_INPUT);
    CHECK(coley_quantity_parse("1e999 mg", "mg", &value, &err) == COLEY_ERR_INPUT);
    CHECK(coley_quantity_parse("1e300 Gm^12", "fm^12", &value, &err) == COLEY_ERR_INPUT);
    CHECK(coley_quantity_split("2 mg/kg", &value, &unit, &err) == COLEY_OK && value == 2);
    CHECK_TEXT(unit, "mg/kg");
    CHECK(coley_quantity_split("7", &value, &unit, &err) == COLEY_OK);
    CHECK_TEXT(unit, "");
}

/* Every pair of compatible units takes a value there and back. */
static void conversions_there_and_back_agree(void)
{
    static const char *const units[] = {"nM", "uM", "pmol/mL", "molecule/um^3", "mg/mL", "g/L", "1/day", "1/h",
                                        "cell/mL", "cell/uL", "mm", "um", "kGy", "Gy", "ug/kg", "mg/kg"};
    const int n = sizeof units / sizeof *units;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double there, back;
            if (coley_unit_convert(1.25, units[i], units[j], &there, NULL) != COLEY_OK) continue;
            CHECK(coley_unit_convert(there, units[j], units[i], &back, NULL) == COLEY_OK);
            CHECK_NEAR(back, 1.25, 1e-15);
        }
}

int main(void)
{
    RUN(decimal_conversions_are_exact_to_the_last_bit);
    RUN(times_and_rates_convert_both_ways);
    RUN(units_are_read_in_all_the_ways_people_write_them);
    RUN(a_clash_of_dimensions_says_both);
    RUN(an_unknown_unit_is_refused_with_the_nearest_name);
    RUN(quantities_are_a_number_and_a_unit);
    RUN(conversions_there_and_back_agree);
    return check_done();
}
