/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units.c -- a table of unit names, and a small recursive reader of unit expressions.
 *
 *   quotient = product { ("*" | "." | "/") product }       read from left to right
 *   product  = power { " " power }                         "1.73 m^2" is one product
 *   power    = ( name | number | "(" quotient ")" ) [ [ "^" ] integer ] */
#include "base/units.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POWER = 12, MAX_DECADE = 250, MAX_DEPTH = 16, MAX_NAME = 32 };

typedef struct unit_name {
    const char *name;
    int prefixed; /* takes SI prefixes */
    double scale;
    int decade;
    struct {
        coley_dimension dimension;
        int power;
    } part[3]; /* unused parts have power 0 */
} unit_name;

#define PURE                                                                                                           \
    {                                                                                                                  \
        {                                                                                                              \
            0, 0                                                                                                       \
        }                                                                                                              \
    }
#define ONE(dimension, power)                                                                                          \
    {                                                                                                                  \
        {                                                                                                              \
            COLEY_DIMENSION_##dimension, (power)                                                                       \
        }                                                                                                              \
    }

/* Lengths in um, times in days, substance in 1e-24 mol, so that nM = 1e-9 mol / 1e15 um^3 is 1. */
static const unit_name names[] = {
    {"m", 1, 1, 6, ONE(LENGTH, 1)},
    {"L", 1, 1, 15, ONE(LENGTH, 3)},
    {"l", 1, 1, 15, ONE(LENGTH, 3)},
    {"litre", 0, 1, 15, ONE(LENGTH, 3)},
    {"liter", 0, 1, 15, ONE(LENGTH, 3)},
    {"metre", 0, 1, 6, ONE(LENGTH, 1)},
    {"day", 0, 1, 0, ONE(TIME, 1)},
    {"days", 0, 1, 0, ONE(TIME, 1)},
    {"d", 0, 1, 0, ONE(TIME, 1)},
    {"h", 0, 1.0 / 24, 0, ONE(TIME, 1)},
    {"hour", 0, 1.0 / 24, 0, ONE(TIME, 1)},
    {"hours", 0, 1.0 / 24, 0, ONE(TIME, 1)},
    {"min", 0, 1.0 / 1440, 0, ONE(TIME, 1)},
    {"minute", 0, 1.0 / 1440, 0, ONE(TIME, 1)},
    {"minutes", 0, 1.0 / 1440, 0, ONE(TIME, 1)},
    {"s", 1, 1.0 / 86400, 0, ONE(TIME, 1)},
    {"second", 0, 1.0 / 86400, 0, ONE(TIME, 1)},
    {"seconds", 0, 1.0 / 86400, 0, ONE(TIME, 1)},
    {"week", 0, 7, 0, ONE(TIME, 1)},
    {"weeks", 0, 7, 0, ONE(TIME, 1)},
    {"month", 0, 30.4375, 0, ONE(TIME, 1)}, /* a twelfth of the Julian year */
    {"months", 0, 30.4375, 0, ONE(TIME, 1)},
    {"year", 0, 365.25, 0, ONE(TIME, 1)},
    {"years", 0, 365.25, 0, ONE(TIME, 1)},
    {"g", 1, 1, 3, ONE(MASS, 1)},
    {"mcg", 0, 1, -3, ONE(MASS, 1)},
    {"kg", 0, 1, 0, ONE(BODY, 1)},
    {"gram", 0, 1, 3, ONE(MASS, 1)},
    {"mol", 1, 1, 24, ONE(SUBSTANCE, 1)},
    {"mole", 0, 1, 24, ONE(SUBSTANCE, 1)},
    {"M", 1, 1, 9, {{COLEY_DIMENSION_SUBSTANCE, 1}, {COLEY_DIMENSION_LENGTH, -3}}},
    {"molecule", 0, 1 / 6.02214076, 1, ONE(SUBSTANCE, 1)},
    {"molecules", 0, 1 / 6.02214076, 1, ONE(SUBSTANCE, 1)},
    {"Da", 1, 1, -21, {{COLEY_DIMENSION_MASS, 1}, {COLEY_DIMENSION_SUBSTANCE, -1}}}, /* as a molar mass, g/mol */
    {"cell", 0, 1, 0, ONE(CELL, 1)},
    {"cells", 0, 1, 0, ONE(CELL, 1)},
    {"item", 0, 1, 0, ONE(CELL, 1)}, /* SBML's word for things that are counted */
    {"Gy", 1, 1, 0, ONE(DOSE, 1)},
    {"gray", 0, 1, 0, ONE(DOSE, 1)},
    {"b", 1, 1, 0, ONE(BASE, 1)},
    {"bp", 0, 1, 0, ONE(BASE, 1)},
    {"U", 1, 1, 0, ONE(ACTIVITY, 1)},
    {"IU", 1, 1, 0, ONE(ACTIVITY, 1)},
    {"PFU", 0, 1, 0, ONE(VIRUS, 1)},
    {"pfu", 0, 1, 0, ONE(VIRUS, 1)},
    {"degC", 0, 1, 0, ONE(TEMPERATURE, 1)},
    {"\xc2\xb0"
     "C",
     0, 1, 0, ONE(TEMPERATURE, 1)},
    {"ULN", 0, 1, 0, ONE(LIMIT, 1)},
    /* kg m^-1 s^-2 in mg um^-1 day^-2: 1e6 / 1e6 * 86400^2 */
    {"Pa",
     1,
     86400.0 * 86400,
     0,
     {{COLEY_DIMENSION_MASS, 1}, {COLEY_DIMENSION_LENGTH, -1}, {COLEY_DIMENSION_TIME, -2}}},
    {"mmHg",
     0,
     133.322387415 * 86400 * 86400,
     0,
     {{COLEY_DIMENSION_MASS, 1}, {COLEY_DIMENSION_LENGTH, -1}, {COLEY_DIMENSION_TIME, -2}}},
    {"%", 0, 1, -2, PURE},
    {"fraction", 0, 1, 0, PURE},
    {"dimensionless", 0, 1, 0, PURE},
    {"mutation", 0, 1, 0, PURE},
    {"mutations", 0, 1, 0, PURE},
    {"mut", 0, 1, 0, PURE},
    {"beat", 0, 1, 0, PURE},
    {"beats", 0, 1, 0, PURE},
};

static const struct {
    const char *text;
    int decade;
} prefixes[] = {
    {"f", -15}, {"p", -12}, {"n", -9}, {"u", -6}, {"\xc2\xb5", -6}, {"\xce\xbc", -6},
    {"m", -3},  {"c", -2},  {"d", -1}, {"k", 3},  {"M", 6},         {"G", 9},
};

static const char *const dimension_words[] = {
#define DIMENSION_WORD(name, text) text,
    COLEY_DIMENSION_LIST(DIMENSION_WORD)
#undef DIMENSION_WORD
};

typedef struct reader {
    const char *text, *p;
    int depth;
    coley_error *err;
} reader;

static coley_unit unit_of_name(const unit_name *row, int decade)
{
    coley_unit unit = {.scale = row->scale, .decade = row->decade};
    for (int i = 0; i < 3; i++)
        if (row->part[i].power) unit.power[row->part[i].dimension] = (signed char)row->part[i].power;
    unit.decade += decade;
    return unit;
}

static int find_name(const char *name, coley_unit *unit)
{
    const size_t n = sizeof names / sizeof *names;
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i].name, name) == 0) {
            *unit = unit_of_name(&names[i], 0);
            return 1;
        }
    for (size_t j = 0; j < sizeof prefixes / sizeof *prefixes; j++) {
        const size_t length = strlen(prefixes[j].text);
        if (strncmp(name, prefixes[j].text, length) != 0) continue;
        for (size_t i = 0; i < n; i++)
            if (names[i].prefixed && strcmp(names[i].name, name + length) == 0) {
                *unit = unit_of_name(&names[i], prefixes[j].decade);
                return 1;
            }
    }
    return 0;
}

static coley_status unknown_name(const reader *r, const char *name)
{
    const char *known[sizeof names / sizeof *names];
    const size_t n = sizeof names / sizeof *names;
    for (size_t i = 0; i < n; i++) known[i] = names[i].name;
    const char *near = strlen(name) > 2 ? coley_text_nearest(name, known, n) : NULL;
    char in[96] = "", meant[64] = "";
    if (strcmp(name, r->text) != 0) snprintf(in, sizeof in, " (in \"%.80s\")", r->text);
    if (near) snprintf(meant, sizeof meant, "; did you mean %s?", near);
    return COLEY_FAIL(r->err, COLEY_ERR_INPUT,
                      "\"%s\" is not a unit%s%s Units are written like mg/kg, 1/day, ug/mL, nM, cell/mL, mm, %%", name,
                      in, near ? meant : ".");
}

static coley_status too_large(const reader *r)
{
    return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": a power in this unit is too large", r->text);
}

/* *unit *= other^power */
static coley_status multiply(const reader *r, coley_unit *unit, const coley_unit *other, int power)
{
    unit->scale *= pow(other->scale, power);
    unit->decade += other->decade * power;
    if (unit->decade > MAX_DECADE || unit->decade < -MAX_DECADE || !(unit->scale > 1e-50 && unit->scale < 1e50))
        return too_large(r);
    for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
        const int sum = unit->power[d] + other->power[d] * power;
        if (sum > MAX_POWER || sum < -MAX_POWER) return too_large(r);
        unit->power[d] = (signed char)sum;
    }
    return COLEY_OK;
}

/* Length of the decimal number at p, 0 when there is none. An e counts only when digits follow. */
static size_t number_length(const char *p)
{
    size_t n = 0, digits = 0;
    for (; isdigit((unsigned char)p[n]); n++) digits++;
    if (p[n] == '.' && (digits || isdigit((unsigned char)p[n + 1])))
        for (n++; isdigit((unsigned char)p[n]); n++) digits++;
    if (!digits) return 0;
    if (p[n] == 'e' || p[n] == 'E') {
        size_t m = n + 1;
        if (p[m] == '+' || p[m] == '-') m++;
        if (isdigit((unsigned char)p[m])) {
            while (isdigit((unsigned char)p[m])) m++;
            n = m;
        }
    }
    return n;
}

static coley_status read_number(reader *r, coley_unit *unit)
{
    const size_t n = number_length(r->p);
    char digits[MAX_NAME];
    if (n >= sizeof digits)
        return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": this number is too long for a unit", r->text);
    memcpy(digits, r->p, n);
    digits[n] = '\0';
    r->p += n;
    *unit = (coley_unit){.scale = 1};
    char *exponent = strpbrk(digits, "eE");
    if (exponent) {
        *exponent++ = '\0';
        int64_t decade;
        if (!coley_text_integer(exponent, -MAX_DECADE, MAX_DECADE, &decade)) return too_large(r);
        unit->decade = (int)decade;
    }
    if (!coley_text_number(digits, &unit->scale) || !(unit->scale > 0))
        return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": a unit cannot be zero", r->text);
    while (unit->scale >= 10 && fmod(unit->scale, 10) == 0) { /* exact: 10^6 is a decade, not a scale */
        unit->scale /= 10;
        unit->decade++;
    }
    return COLEY_OK;
}

/* Length of a letter of a name at p: ASCII letters, %, micro, degree; 0 when it is none. */
static size_t letter_length(const char *p)
{
    if (isalpha((unsigned char)*p) || *p == '%') return 1;
    static const char *const signs[] = {"\xc2\xb5", "\xce\xbc", "\xc2\xb0"};
    for (size_t i = 0; i < 3; i++)
        if (strncmp(p, signs[i], 2) == 0) return 2;
    return 0;
}

static coley_status read_name(reader *r, coley_unit *unit)
{
    char name[MAX_NAME];
    size_t n = 0, more;
    const char *p = r->p;
    for (; (more = letter_length(p)) && n + more < sizeof name; p += more, n += more) memcpy(name + n, p, more);
    if (more) return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": this name is too long for a unit", r->text);
    name[n] = '\0';
    if (!find_name(name, unit)) return unknown_name(r, name);
    r->p = p;
    return COLEY_OK;
}

static coley_status read_quotient(reader *r, coley_unit *unit);

static coley_status read_power(reader *r, coley_unit *unit)
{
    const int starts_with_digit = number_length(r->p) > 0;
    coley_unit base = {.scale = 1};
    if (*r->p == '(') {
        if (++r->depth > MAX_DEPTH) return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "this unit has too many brackets");
        r->p++;
        COLEY_TRY(read_quotient(r, &base));
        if (*r->p != ')') return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": a bracket is not closed", r->text);
        r->p++;
        r->depth--;
    } else if (starts_with_digit) {
        COLEY_TRY(read_number(r, &base));
    } else if (letter_length(r->p)) {
        COLEY_TRY(read_name(r, &base));
    } else if (*r->p == '\0') {
        return COLEY_FAIL(r->err, COLEY_ERR_INPUT,
                          "\"%.80s\": a unit is missing at the end; a pure number has the unit 1", r->text);
    } else {
        return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": \"%.1s\" cannot stand here in a unit", r->text, r->p);
    }

    long power = 1;
    if (strncmp(r->p, "\xc2\xb2", 2) == 0 || strncmp(r->p, "\xc2\xb3", 2) == 0) {
        power = r->p[1] == '\xb2' ? 2 : 3;
        r->p += 2;
    } else {
        const char *digits = r->p + (*r->p == '^');
        const int is_power =
            *r->p == '^' || (!starts_with_digit && (isdigit((unsigned char)*digits) ||
                                                    (*digits == '-' && isdigit((unsigned char)digits[1]))));
        if (is_power) {
            if (!isdigit((unsigned char)digits[*digits == '-' || *digits == '+']))
                return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": after ^ comes a whole number", r->text);
            char *end;
            power = strtol(digits, &end, 10);
            if (power > MAX_DECADE || power < -MAX_DECADE) return too_large(r);
            if (*end == '.' && isdigit((unsigned char)end[1]))
                return COLEY_FAIL(r->err, COLEY_ERR_INPUT, "\"%.80s\": a power in a unit is a whole number", r->text);
            r->p = end;
        }
    }
    return multiply(r, unit, &base, (int)power);
}

static void skip_spaces(reader *r)
{
    while (*r->p == ' ') r->p++;
}

static coley_status read_product(reader *r, coley_unit *unit)
{
    for (;;) {
        skip_spaces(r);
        COLEY_TRY(read_power(r, unit));
        skip_spaces(r);
        if (*r->p != '(' && !letter_length(r->p) && !number_length(r->p)) return COLEY_OK;
    }
}

static coley_status read_quotient(reader *r, coley_unit *unit)
{
    int power = 1;
    for (;;) {
        coley_unit product = {.scale = 1};
        COLEY_TRY(read_product(r, &product));
        COLEY_TRY(multiply(r, unit, &product, power));
        if (*r->p == '*' || *r->p == '.') {
            power = 1;
            r->p++;
        } else if (strncmp(r->p, "\xc2\xb7", 2) == 0) {
            power = 1;
            r->p += 2;
        } else if (*r->p == '/') {
            power = -1;
            r->p++;
        } else {
            return COLEY_OK;
        }
    }
}

/* Names as models declare them, "nmol_per_cell_day", in the notation of quotients: "nmol/(cell day)". What is no such
 * name is copied. */
static void spell_out(const char *text, char *buffer, size_t size)
{
    size_t n = 0;
    int below = 0, start = 1;
    const int is_name = strchr(text, '_') &&
                        strspn(text, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(text);
    while (is_name && *text && n + MAX_NAME < size) {
        const size_t length = strcspn(text, "_");
        if (length == 3 && strncmp(text, "per", 3) == 0 && !below) {
            n += (size_t)snprintf(buffer + n, size - n, start ? "1/(" : "/(");
            below = start = 1;
        } else {
            n += (size_t)snprintf(buffer + n, size - n, "%s%.*s", start ? "" : " ", (int)length, text);
            start = 0;
        }
        text += length + (text[length] == '_');
    }
    snprintf(buffer + n, size - n, "%s%s", text, below ? ")" : "");
}

coley_status coley_unit_parse(const char *name, coley_unit *unit, coley_error *err)
{
    char text[256];
    if (strlen(name) >= sizeof text / 2)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s...\" is too long for a unit", name);
    spell_out(name, text, sizeof text);
    reader r = {.text = text, .p = text, .err = err};
    *unit = (coley_unit){.scale = 1};
    COLEY_TRY(read_quotient(&r, unit));
    if (*r.p) return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s\": \"%.1s\" cannot stand here in a unit", text, r.p);
    return COLEY_OK;
}

int coley_unit_compatible(const coley_unit *a, const coley_unit *b)
{
    return memcmp(a->power, b->power, sizeof a->power) == 0;
}

void coley_unit_dimensions(const coley_unit *unit, char *buffer, size_t size)
{
    size_t n = 0;
    buffer[0] = '\0';
    for (int sign = 1; sign >= -1; sign -= 2)
        for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
            const int power = unit->power[d] * sign;
            if (power <= 0 || n >= size) continue;
            n += (size_t)snprintf(buffer + n, size - n, "%s%s", sign < 0 ? (n ? " per " : "per ") : (n ? " * " : ""),
                                  dimension_words[d]);
            if (power > 1 && n < size) n += (size_t)snprintf(buffer + n, size - n, "^%d", power);
        }
    if (!n) snprintf(buffer, size, "a pure number");
}

static coley_status convert(double value, const coley_unit *from, const char *from_text, const coley_unit *to,
                            const char *to_text, double *out, coley_error *err)
{
    if (!coley_unit_compatible(from, to)) {
        char has[160], wants[160];
        coley_unit_dimensions(from, has, sizeof has);
        coley_unit_dimensions(to, wants, sizeof wants);
        const int molar = from->power[COLEY_DIMENSION_SUBSTANCE] != to->power[COLEY_DIMENSION_SUBSTANCE] &&
                          from->power[COLEY_DIMENSION_SUBSTANCE] + from->power[COLEY_DIMENSION_MASS] ==
                              to->power[COLEY_DIMENSION_SUBSTANCE] + to->power[COLEY_DIMENSION_MASS];
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%.60s is %s, but %.60s is %s: they do not convert%s",
                          *from_text ? from_text : "a number without a unit", has, to_text, wants,
                          molar ? " without a molar mass" : "");
    }
    const int decade = from->decade - to->decade;
    const double scaled = value * (from->scale / to->scale);
    *out = decade >= 0 ? scaled * pow(10, decade) : scaled / pow(10, -decade);
    if (!isfinite(*out))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%g %.60s in %.60s is too large to compute with", value, from_text,
                          to_text);
    return COLEY_OK;
}

coley_status coley_unit_convert(double value, const char *from, const char *to, double *out, coley_error *err)
{
    coley_unit a, b;
    COLEY_TRY(coley_unit_parse(from, &a, err));
    COLEY_TRY(coley_unit_parse(to, &b, err));
    return convert(value, &a, from, &b, to, out, err);
}

coley_status coley_quantity_split(const char *text, double *value, const char **unit, coley_error *err)
{
    const size_t sign = *text == '-' || *text == '+';
    const size_t length = number_length(text + sign);
    char number[64];
    if (!length || sign + length >= sizeof number)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s\" is not a number with a unit, such as 200 mg", text);
    memcpy(number, text, sign + length);
    number[sign + length] = '\0';
    if (!coley_text_number(number, value))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s\" is not a number that can be computed with", text);
    const char *rest = text + sign + length;
    while (*rest == ' ') rest++;
    *unit = rest;
    return COLEY_OK;
}

coley_status coley_quantity_parse(const char *text, const char *to, double *value, coley_error *err)
{
    double number;
    const char *unit;
    coley_unit from = {.scale = 1}, target;
    COLEY_TRY(coley_unit_parse(to, &target, err));
    COLEY_TRY(coley_quantity_split(text, &number, &unit, err));
    if (*unit)
        COLEY_TRY(coley_unit_parse(unit, &from, err));
    else if (!coley_unit_compatible(&from, &target))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s\" has no unit: write %.80s %.60s", text, text, to);
    return convert(number, &from, unit, &target, to, value, err);
}
