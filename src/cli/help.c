/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c -- what --help prints. */
#include "cli/cli.h"

#include <string.h>

enum { HELP_COLUMN = 24 };

void cli_add_wrapped(coley_text *text, const char *words, size_t indent, size_t column)
{
    while (*words) {
        const size_t length = strcspn(words, " \n");
        if (column > indent && column + length > CLI_WIDTH) {
            coley_text_addf(text, "\n%*s", (int)indent, "");
            column = indent;
        }
        coley_text_add(text, words, length);
        column += length;
        words += length;
        if (*words == '\n') {
            coley_text_add(text, "\n", 1);
            if (words[1] && words[1] != '\n') coley_text_addf(text, "%*s", (int)indent, "");
            column = indent;
            words++;
        } else if (*words == ' ') {
            words++;
            const size_t next = strcspn(words, " \n");
            if (next && column + 1 + next <= CLI_WIDTH) {
                coley_text_add(text, " ", 1);
                column++;
            } else {
                column = CLI_WIDTH;
            }
        }
    }
}

void cli_add_option_name(coley_text *text, const cli_option *option)
{
    if (option->letter) coley_text_addf(text, "-%c, ", option->letter);
    coley_text_addf(text, "--%s", option->name);
    if (option->value) coley_text_addf(text, " %s", option->value);
}

static void add_option(coley_text *text, const cli_option *option)
{
    const size_t start = text->length;
    coley_text_addf(text, "  %s", option->letter ? "" : "    ");
    cli_add_option_name(text, option);
    size_t column = text->length - start;
    if (column > HELP_COLUMN - 2) {
        coley_text_add(text, "\n", 1);
        column = 0;
    }
    coley_text_addf(text, "%*s", (int)(HELP_COLUMN - column), "");
    const char *fallback = option->fallback;
    char *words = coley_arena_printf(text->arena, "%s%s%s%s%s%s%s%s", option->help, option->choices ? " One of " : "",
                                     option->choices ? option->choices : "", option->choices ? "." : "",
                                     option->repeats ? " May be given several times." : "",
                                     fallback ? " Default: " : "", fallback ? fallback : "", fallback ? "." : "");
    if (!words)
        text->failed = 1;
    else
        cli_add_wrapped(text, words, HELP_COLUMN, HELP_COLUMN);
    coley_text_add(text, "\n", 1);
}

static void add_rows(coley_text *text, const char *family)
{
    const char *topic = "";
    const size_t length = family ? strlen(family) : 0;
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_command *c = cli_commands[i];
        if (family && (strncmp(c->name, family, length) != 0 || c->name[length] != ' ')) continue;
        if (!family && strcmp(topic, c->topic) != 0) coley_text_addf(text, "\n%s:\n", c->topic);
        topic = c->topic;
        coley_text_addf(text, "  %-18s %s\n", c->name, c->summary);
    }
}

static void add_coley_help(coley_text *text)
{
    coley_text_addf(text, "coley %s: cancer immunotherapy in silico\n\nUsage: coley COMMAND [ARGUMENTS] [OPTIONS]\n",
                    COLEY_VERSION);
    add_rows(text, NULL);
    coley_text_addf(text, "\ncoley help COMMAND explains one of them. Every command takes --help, --quiet,\n"
                          "--verbose and --no-color. Data goes to standard output, messages to standard error.\n\n"
                          "For research and teaching. Coley gives no medical advice.\n");
}

void cli_add_family_help(coley_text *text, const char *family)
{
    coley_text_addf(text, "Usage: coley %s COMMAND [ARGUMENTS] [OPTIONS]\n\n", family);
    add_rows(text, family);
    coley_text_addf(text, "\ncoley help %s COMMAND explains one of them.\n", family);
}

void cli_add_help(coley_text *text, const cli_command *command)
{
    if (!command) {
        add_coley_help(text);
        return;
    }
    coley_text_addf(text, "Usage: coley %s%s%s [OPTIONS]\n\n%s.\n", command->name, command->arguments ? " " : "",
                    command->arguments ? command->arguments : "", command->summary);
    if (command->description) {
        coley_text_add(text, "\n", 1);
        cli_add_wrapped(text, command->description, 0, 0);
        coley_text_add(text, "\n", 1);
    }
    coley_text_addf(text, "\nOptions:\n");
    const cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i)); i++) add_option(text, option);
    if (command->examples) {
        coley_text_addf(text, "\nExamples:\n");
        for (size_t i = 0; command->examples[i]; i += 2) {
            coley_text_addf(text, "  %s\n      ", command->examples[i]);
            cli_add_wrapped(text, command->examples[i + 1], 6, 6);
            coley_text_add(text, "\n", 1);
        }
    }
}
