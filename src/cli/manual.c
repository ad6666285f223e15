/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual.c -- man pages (roff) and docs/cli.md (Markdown) from the table. */
#include "cli/cli.h"

#include <ctype.h>
#include <string.h>

/* Words with roff's own characters made harmless; an empty line starts a paragraph. */
static void add_roff(coley_text *text, const char *words)
{
    int line_start = 1;
    for (const char *p = words; *p; p++) {
        if (line_start && (*p == '.' || *p == '\'')) coley_text_addf(text, "\\&");
        line_start = 0;
        if (*p == '\\')
            coley_text_addf(text, "\\e");
        else if (*p == '-')
            coley_text_addf(text, "\\-");
        else if (*p == '\n' && p[1] == '\n') {
            coley_text_addf(text, "\n.PP\n");
            p++;
            line_start = 1;
        } else {
            coley_text_add(text, p, 1);
            line_start = *p == '\n';
        }
    }
}

/* "model check" becomes coley-model-check: the name of the page. */
static void add_page_name(coley_text *text, const cli_command *command, const char *dash)
{
    coley_text_addf(text, "coley%s", command ? dash : "");
    for (const char *p = command ? command->name : ""; *p; p++)
        if (*p == ' ')
            coley_text_addf(text, "%s", dash);
        else
            coley_text_add(text, p, 1);
}

static void add_title(coley_text *text, const cli_command *command)
{
    coley_text_addf(text, ".TH ");
    const size_t start = text->length;
    add_page_name(text, command, "-");
    for (size_t i = start; !text->failed && i < text->length; i++)
        text->data[i] = (char)toupper((unsigned char)text->data[i]);
    coley_text_addf(text, " 1 \"\" \"coley %s\" \"User Commands\"\n.SH NAME\n", COLEY_VERSION);
    add_page_name(text, command, "\\-");
    coley_text_addf(text, " \\- ");
    add_roff(text, command ? command->summary : "cancer immunotherapy in silico");
    coley_text_addf(text, "\n.SH SYNOPSIS\n.B coley");
}

static void add_roff_option(coley_text *text, const cli_option *option)
{
    coley_text_addf(text, ".TP\n");
    if (option->letter) coley_text_addf(text, "\\fB\\-%c\\fR, ", option->letter);
    coley_text_addf(text, "\\fB\\-\\-");
    add_roff(text, option->name);
    coley_text_addf(text, "\\fR");
    if (option->value) coley_text_addf(text, " \\fI%s\\fR", option->value);
    coley_text_add(text, "\n", 1);
    add_roff(text, option->help);
    if (option->choices) {
        coley_text_addf(text, "\nOne of ");
        add_roff(text, option->choices);
        coley_text_add(text, ".", 1);
    }
    if (option->repeats) coley_text_addf(text, "\nMay be given several times.");
    if (option->fallback) {
        coley_text_addf(text, "\nDefault: ");
        add_roff(text, option->fallback);
        coley_text_add(text, ".", 1);
    }
    coley_text_add(text, "\n", 1);
}

static void add_exit_codes(coley_text *text, int roff)
{
    static const struct {
        int code;
        const char *text;
    } codes[] = {
        {0, "Success."},
        {1, "The run failed."},
        {2, "The command line is wrong."},
        {3, "An input file is wrong; the message says where and what to change."},
        {4, "The solver could not go on."},
        {5, "A file, or standard output, could not be read or written."},
        {6, "Not supported in this build."},
        {130, "Interrupted (Ctrl-C). No file is left half written."},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        coley_text_addf(text, roff ? ".TP\n.B %d\n" : "| %d | ", codes[i].code);
        if (roff)
            add_roff(text, codes[i].text);
        else
            coley_text_addf(text, "%s |", codes[i].text);
        coley_text_add(text, "\n", 1);
    }
}

static const char environment_data[] =
    "Folder that holds models/ and catalog/, in place of the one that was installed.";
static const char environment_color[] = "When set and not empty, messages have no colour.";

static void add_coley_page(coley_text *text)
{
    add_title(text, NULL);
    coley_text_addf(text, "\n.I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n");
    add_roff(text,
             "Coley runs cancer immunotherapy in silico: a patient's tumour, immune system and drugs, followed to the "
             "endpoints that the clinic reports. It is for research and teaching and gives no medical advice.\n\n"
             "Data goes to standard output, messages to standard error. Every command takes --help.\n");
    coley_text_addf(text, ".SH COMMANDS\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        coley_text_addf(text, ".TP\n.B %s\n", cli_commands[i]->name);
        add_roff(text, cli_commands[i]->summary);
        coley_text_addf(text, ".\nSee\n.BR ");
        add_page_name(text, cli_commands[i], "\\-");
        coley_text_addf(text, " (1).\n");
    }
    coley_text_addf(text, ".SH EXIT STATUS\n");
    add_exit_codes(text, 1);
    coley_text_addf(text, ".SH ENVIRONMENT\n.TP\n.B COLEY_DATA\n%s\n.TP\n.B NO_COLOR\n%s\n", environment_data,
                    environment_color);
}

void cli_add_man(coley_text *text, const cli_command *command)
{
    if (!command) {
        add_coley_page(text);
        return;
    }
    add_title(text, command);
    coley_text_addf(text, " %s\n", command->name);
    if (command->arguments) coley_text_addf(text, ".I \"%s\"\n", command->arguments);
    coley_text_addf(text, "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n");
    add_roff(text, command->description ? command->description : command->summary);
    coley_text_addf(text, "\n.SH OPTIONS\n");
    const cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i)); i++) add_roff_option(text, option);
    if (command->examples) {
        coley_text_addf(text, ".SH EXAMPLES\n");
        for (size_t i = 0; command->examples[i]; i += 2) {
            coley_text_addf(text, ".TP\n.B ");
            add_roff(text, command->examples[i]);
            coley_text_add(text, "\n", 1);
            add_roff(text, command->examples[i + 1]);
            coley_text_add(text, "\n", 1);
        }
    }
    coley_text_addf(text, ".SH EXIT STATUS\n");
    add_exit_codes(text, 1);
    coley_text_addf(text, ".SH SEE ALSO\n.BR coley (1)\n");
}

/* In a table's cell, | would end the cell. */
static void add_cell(coley_text *text, const char *words)
{
    for (const char *p = words; *p; p++) {
        if (*p == '|' || *p == '<') coley_text_add(text, "\\", 1);
        coley_text_add(text, p, 1);
    }
}

static void add_markdown_option(coley_text *text, const cli_option *option)
{
    coley_text_addf(text, "| `");
    cli_add_option_name(text, option);
    coley_text_addf(text, "` | ");
    add_cell(text, option->help);
    if (option->choices) {
        coley_text_addf(text, " One of ");
        add_cell(text, option->choices);
        coley_text_add(text, ".", 1);
    }
    if (option->repeats) coley_text_addf(text, " May be given several times.");
    if (option->fallback) coley_text_addf(text, " Default: %s.", option->fallback);
    coley_text_addf(text, " |\n");
}

void cli_add_markdown(coley_text *text)
{
    coley_text_addf(text,
                    "# The command line\n\n<!-- Written by `make docs` from the table of options in src/cli: change "
                    "that, not this. -->\n\nEvery command prints data on standard output and messages on standard "
                    "error. `coley help COMMAND`, `man coley-COMMAND` and\nthe completions of bash, zsh and fish "
                    "say the same as this page.\n\n| command | |\n|---|---|\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        coley_text_addf(text, "| [`coley %s`](#", cli_commands[i]->name);
        add_page_name(text, cli_commands[i], "-");
        coley_text_addf(text, ") | %s |\n", cli_commands[i]->summary);
    }
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_command *c = cli_commands[i];
        coley_text_addf(text, "\n## coley %s\n\n    coley %s%s%s [OPTIONS]\n\n%s.\n", c->name, c->name,
                        c->arguments ? " " : "", c->arguments ? c->arguments : "", c->summary);
        if (c->description) coley_text_addf(text, "\n%s\n", c->description);
        coley_text_addf(text, "\n| option | |\n|---|---|\n");
        const cli_option *option;
        for (size_t j = 0; (option = cli_option_at(c, j)); j++)
            if (option->group != CLI_ALWAYS) add_markdown_option(text, option);
        coley_text_addf(text, "| `-h, --help` ... | The options of every command, below. |\n");
        for (size_t j = 0; c->examples && c->examples[j]; j += 2)
            coley_text_addf(text, "%s`%s`\n%s\n", j ? "\n" : "\n", c->examples[j], c->examples[j + 1]);
    }
    coley_text_addf(text, "\n## Options of every command\n\n| option | |\n|---|---|\n");
    for (const cli_option *o = cli_shared; o->name; o++)
        if (o->group == CLI_ALWAYS) add_markdown_option(text, o);
    coley_text_addf(text, "\n## Exit codes\n\n| code | |\n|---|---|\n");
    add_exit_codes(text, 0);
    coley_text_addf(text, "\n## Environment\n\n| variable | |\n|---|---|\n| `COLEY_DATA` | %s |\n| `NO_COLOR` | %s |\n",
                    environment_data, environment_color);
}
