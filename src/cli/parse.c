/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parse.c -- the command line read against the table. --name VALUE, --name=VALUE, -n VALUE, -nVALUE, -fq; "--" ends the
 * options; "-" is an argument. Names are never shortened: a script that works today works tomorrow. */
#include "cli/cli.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *command_name(const cli_call *call)
{
    return call->command ? call->command->name : "";
}

/* " run" for "coley run", "" for coley itself. */
static const char *space_before(const cli_call *call)
{
    return call->command ? " " : "";
}

static const cli_option *find_option(const cli_call *call, const char *name, size_t length, char letter)
{
    const cli_option *o;
    if (call->command) {
        for (size_t i = 0; (o = cli_option_at(call->command, i)); i++)
            if (letter ? o->letter == letter : strlen(o->name) == length && strncmp(o->name, name, length) == 0)
                return o;
    } else {
        for (o = cli_shared; o->name; o++)
            if (letter ? o->letter == letter : strlen(o->name) == length && strncmp(o->name, name, length) == 0)
                return o;
    }
    return NULL;
}

static coley_status unknown_option(const cli_call *call, const char *given, const char *name, coley_error *err)
{
    const char *names[64];
    size_t n = 0;
    const cli_option *o;
    if (call->command)
        for (; n < 64 && (o = cli_option_at(call->command, n)); n++) names[n] = o->name;
    else
        for (; n < 64 && cli_shared[n].name; n++) names[n] = cli_shared[n].name;
    const char *near = *name ? coley_text_nearest(name, names, n) : NULL;
    return COLEY_FAIL(err, COLEY_ERR_USAGE, "%s is not an option of coley%s%s%s%s%s; see coley help%s%s", given,
                      space_before(call), command_name(call), near ? "; did you mean --" : "", near ? near : "",
                      near ? "?" : "", space_before(call), command_name(call));
}

/* A value's own range, choices and form; the error says what is allowed. */
static coley_status check_value(const cli_call *call, const cli_option *option, const char *text, coley_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "--%s", option->name);
    const coley_place place = {.key = name};
    const int any = option->low == 0 && option->high == 0;
    double number;
    int64_t integer;
    switch (option->kind) {
    case CLI_NUMBER:
        if (coley_text_number(text, &number) && (any || (number >= option->low && number <= option->high)))
            return COLEY_OK;
        if (any) return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is not a number", text);
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is not a number from %g to %g", text, option->low,
                             option->high);
    case CLI_INTEGER:
        if (coley_text_integer(text, any ? INT64_MIN : (int64_t)option->low, any ? INT64_MAX : (int64_t)option->high,
                               &integer))
            return COLEY_OK;
        if (any) return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is not a whole number", text);
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is not a whole number from %.0f to %.0f", text,
                             option->low, option->high);
    case CLI_SEED:
        if (strcmp(text, "random") == 0 || coley_text_integer(text, 0, INT64_MAX, &integer)) return COLEY_OK;
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is neither a whole number from 0 nor \"random\"",
                             text);
    case CLI_CHOICE: {
        const char *const *list = cli_choices(call->arena, option->choices);
        if (!list) return COLEY_FAIL_MEMORY(err);
        size_t n = 0;
        for (; list[n]; n++)
            if (strcmp(list[n], text) == 0) return COLEY_OK;
        const char *near = coley_text_nearest(text, list, n);
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "\"%s\" is not one of %s%s%s%s", text, option->choices,
                             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    default:
        if (!*text) return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, place, "the value is empty");
        return COLEY_OK;
    }
}

static coley_status give(cli_call *call, const cli_option *option, const char *text, coley_error *err)
{
    if (text) COLEY_TRY(check_value(call, option, text, err));
    if (strcmp(option->name, "help") == 0) call->show_help = 1;
    if (strcmp(option->name, "version") == 0) call->show_version = 1;
    if (!COLEY_RESERVE(call->arena, call->given, call->cap_given, call->n_given + 1)) return COLEY_FAIL_MEMORY(err);
    call->given[call->n_given++] = (cli_given){option, text};
    return COLEY_OK;
}

static coley_status no_value(const cli_option *option, coley_error *err)
{
    return COLEY_FAIL(err, COLEY_ERR_USAGE, "--%s needs a value: --%s %s", option->name, option->name, option->value);
}

static coley_status read_long(cli_call *call, const char *arg, char **argv, int *i, coley_error *err)
{
    const char *name = arg + 2, *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const cli_option *option = find_option(call, name, length, 0);
    if (!option) {
        const char *bare = coley_arena_text(call->arena, name, length);
        const char *given = coley_arena_text(call->arena, arg, length + 2);
        if (!bare || !given) return COLEY_FAIL_MEMORY(err);
        return unknown_option(call, given, bare, err);
    }
    if (option->kind == CLI_FLAG) {
        if (equals) return COLEY_FAIL(err, COLEY_ERR_USAGE, "--%s takes no value", option->name);
        return give(call, option, NULL, err);
    }
    const char *value = equals ? equals + 1 : argv[*i + 1];
    if (!value) return no_value(option, err);
    if (!equals) ++*i;
    return give(call, option, value, err);
}

static coley_status read_letters(cli_call *call, const char *arg, char **argv, int *i, coley_error *err)
{
    for (const char *p = arg + 1; *p; p++) {
        const cli_option *option = find_option(call, NULL, 0, *p);
        if (!option) {
            const char given[] = {'-', *p, '\0'};
            return unknown_option(call, given, "", err);
        }
        if (option->kind == CLI_FLAG) {
            COLEY_TRY(give(call, option, NULL, err));
            continue;
        }
        const char *value = p[1] ? p + 1 : argv[*i + 1];
        if (!value) return no_value(option, err);
        if (!p[1]) ++*i;
        return give(call, option, value, err);
    }
    return COLEY_OK;
}

static coley_status unknown_command(const char *name, const char *family, coley_error *err)
{
    const char *names[64];
    size_t n = 0;
    const size_t skip = family ? strlen(family) + 1 : 0;
    for (size_t i = 0; cli_commands[i] && n < 64; i++)
        if (!family ||
            (strncmp(cli_commands[i]->name, family, skip - 1) == 0 && cli_commands[i]->name[skip - 1] == ' '))
            names[n++] = cli_commands[i]->name + skip;
    const char *near = coley_text_nearest(name, names, n);
    return COLEY_FAIL(err, COLEY_ERR_USAGE, "\"%s\" is not a command of coley%s%s%s%s%s; coley help lists them", name,
                      family ? " " : "", family ? family : "", near ? "; did you mean " : "", near ? near : "",
                      near ? "?" : "");
}

/* The command called `word`, or `word next`; NULL when `word` is a family and `next` is NULL. */
static coley_status find_command(cli_call *call, const char *word, const char *next, const cli_command **command,
                                 coley_error *err)
{
    *command = cli_find(word);
    if (*command) return COLEY_OK;
    if (!cli_is_family(word)) return unknown_command(word, NULL, err);
    if (!next) return COLEY_OK;
    const char *both = coley_arena_printf(call->arena, "%s %s", word, next);
    if (!both) return COLEY_FAIL_MEMORY(err);
    *command = cli_find(both);
    return *command ? COLEY_OK : unknown_command(next, word, err);
}

coley_status cli_named_command(cli_call *call, const cli_command **command, coley_error *err)
{
    return find_command(call, call->argument[0], call->n_arguments > 1 ? call->argument[1] : NULL, command, err);
}

/* The command that starts at argv[*i], of one word or two. */
static coley_status read_command(cli_call *call, char **argv, int *i, coley_error *err)
{
    COLEY_TRY(find_command(call, argv[*i], argv[*i + 1], &call->command, err));
    if (!call->command)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "coley %s needs one more word; see coley help %s", argv[*i], argv[*i]);
    if (strchr(call->command->name, ' ')) ++*i;
    return COLEY_OK;
}

/* Shared options that came before the command must be among those that it takes. */
static coley_status check_early(const cli_call *call, coley_error *err)
{
    for (size_t i = 0; i < call->n_given; i++) {
        const cli_option *o = call->given[i].option;
        if (find_option(call, o->name, strlen(o->name), 0) != o) {
            char given[64];
            snprintf(given, sizeof given, "--%s", o->name);
            return unknown_option(call, given, "", err);
        }
    }
    return COLEY_OK;
}

static coley_status check_arguments(const cli_call *call, coley_error *err)
{
    const cli_command *c = call->command;
    if (c->max_arguments >= 0 && call->n_arguments > (size_t)c->max_arguments)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "\"%s\" is one argument too many; usage: coley %s%s%s",
                          call->argument[c->max_arguments], c->name, c->arguments ? " " : "",
                          c->arguments ? c->arguments : "");
    if (call->n_arguments < (size_t)c->min_arguments)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "an argument is missing; usage: coley %s %s", c->name, c->arguments);
    for (size_t i = 0; i < call->n_given; i++)
        for (size_t j = 0; j < i; j++) {
            const cli_option *o = call->given[i].option;
            if (o == call->given[j].option && o->kind != CLI_FLAG && !o->repeats)
                return COLEY_FAIL(err, COLEY_ERR_USAGE, "--%s is given twice", o->name);
        }
    return COLEY_OK;
}

coley_status cli_parse(cli_call *call, int argc, char **argv, coley_error *err)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) call->show_help = 1;
        if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0) call->show_version = 1;
    }
    int options = 1;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (options && strcmp(arg, "--") == 0) {
            options = 0;
        } else if (options && arg[0] == '-' && arg[1] == '-') {
            COLEY_TRY(read_long(call, arg, argv, &i, err));
        } else if (options && arg[0] == '-' && arg[1]) {
            COLEY_TRY(read_letters(call, arg, argv, &i, err));
        } else if (!call->command) {
            call->word = arg;
            COLEY_TRY(read_command(call, argv, &i, err));
            COLEY_TRY(check_early(call, err));
        } else {
            if (!COLEY_RESERVE(call->arena, call->argument, call->cap_arguments, call->n_arguments + 1))
                return COLEY_FAIL_MEMORY(err);
            call->argument[call->n_arguments++] = arg;
        }
    }
    if (!call->command) return COLEY_FAIL(err, COLEY_ERR_USAGE, "no command is given; coley help lists them");
    return check_arguments(call, err);
}

/* The last time that the option was given, or NULL; `option` becomes its row in the table. */
static const cli_given *find_given(const cli_call *call, const char *name, const cli_option **option)
{
    *option = find_option(call, name, strlen(name), 0);
    assert(*option && "the command does not have this option");
    for (size_t i = call->n_given; i-- > 0;)
        if (call->given[i].option == *option) return &call->given[i];
    return NULL;
}

int cli_is_given(const cli_call *call, const char *name)
{
    const cli_option *option;
    return find_given(call, name, &option) != NULL;
}

int cli_flag(const cli_call *call, const char *name)
{
    return cli_is_given(call, name);
}

const char *cli_text(const cli_call *call, const char *name)
{
    const cli_option *option;
    const cli_given *given = find_given(call, name, &option);
    return given ? given->text : option->fallback;
}

double cli_number(const cli_call *call, const char *name)
{
    const char *text = cli_text(call, name);
    double number = NAN;
    if (text && !coley_text_number(text, &number)) assert(!"checked when it was read");
    return number;
}

int64_t cli_integer(const cli_call *call, const char *name, int64_t otherwise)
{
    const char *text = cli_text(call, name);
    int64_t integer = otherwise;
    if (text && !coley_text_integer(text, INT64_MIN, INT64_MAX, &integer)) assert(!"checked when it was read");
    return integer;
}

const char *cli_next(const cli_call *call, const char *name, size_t *at)
{
    const cli_option *option;
    find_given(call, name, &option);
    while (*at < call->n_given)
        if (call->given[(*at)++].option == option) return call->given[*at - 1].text;
    return NULL;
}

int cli_threads(const cli_call *call)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return (int)cli_integer(call, "threads", cores > 0 ? cores : 1);
}
