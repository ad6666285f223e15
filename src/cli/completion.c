/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.c -- the table as completions for bash, zsh and fish. */
#include "cli/cli.h"

#include <string.h>

/* Words in single quotes for any of the three shells. */
static void add_quoted(coley_text *text, const char *words, const char *quote)
{
    for (const char *p = words; *p; p++)
        if (*p == '\'')
            coley_text_addf(text, "%s", quote);
        else
            coley_text_add(text, p, 1);
}

/* The first sentence of an option's help, for a list of completions. */
static const char *first_sentence(coley_arena *arena, const char *help)
{
    const char *end = strstr(help, ". ");
    size_t length = end ? (size_t)(end - help) : strlen(help);
    if (!end && length && help[length - 1] == '.') length--;
    const char *text = coley_arena_text(arena, help, length);
    return text ? text : "";
}

static size_t first_word(const char *name)
{
    return strcspn(name, " ");
}

/* True when an earlier command has the same first word. */
static int seen_before(size_t i)
{
    const char *name = cli_commands[i]->name;
    const size_t length = first_word(name);
    for (size_t j = 0; j < i; j++)
        if (first_word(cli_commands[j]->name) == length && strncmp(cli_commands[j]->name, name, length) == 0) return 1;
    return 0;
}

static void add_first_words(coley_text *text)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (!seen_before(i))
            coley_text_addf(text, "%s%.*s", i ? " " : "", (int)first_word(cli_commands[i]->name),
                            cli_commands[i]->name);
}

static void add_second_words(coley_text *text, const char *family, size_t length)
{
    const char *gap = "";
    for (size_t i = 0; cli_commands[i]; i++) {
        const char *name = cli_commands[i]->name;
        if (first_word(name) != length || strncmp(name, family, length) != 0 || !name[length]) continue;
        coley_text_addf(text, "%s%s", gap, name + length + 1);
        gap = " ";
    }
}

/* --- bash ----------------------------------------------------------------------------------------------------------
 */

static void add_bash_values(coley_text *text, coley_arena *arena, const cli_option *o, const char *command)
{
    if (o->kind == CLI_FLAG) return;
    coley_text_addf(text, "    '%s --%s'", command, o->name);
    if (o->letter) coley_text_addf(text, "|'%s -%c'", command, o->letter);
    coley_text_addf(text, ") ");
    if (o->kind == CLI_CHOICE) {
        const char *const *list = cli_choices(arena, o->choices);
        coley_text_addf(text, "COMPREPLY=($(compgen -W '");
        for (size_t i = 0; list && list[i]; i++) coley_text_addf(text, "%s%s", i ? " " : "", list[i]);
        coley_text_addf(text, "' -- \"$cur\")); ");
    } else if (o->kind == CLI_FILE) {
        coley_text_addf(text, "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); ");
    } else if (o->kind == CLI_FOLDER) {
        coley_text_addf(text, "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); ");
    } else if (o->kind == CLI_SEED) {
        coley_text_addf(text, "COMPREPLY=($(compgen -W '1 random' -- \"$cur\")); ");
    }
    coley_text_addf(text, "return ;;\n");
}

void cli_add_completion_bash(coley_text *text, coley_arena *arena)
{
    coley_text_addf(text,
                    "# bash completion for coley: source it, or put it into share/bash-completion/completions/coley\n"
                    "_coley()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
                    "    COMPREPLY=()\n"
                    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                    "        case \"$command ${COMP_WORDS[i]}\" in\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const char *name = cli_commands[i]->name;
        const size_t length = first_word(name);
        if (!seen_before(i))
            coley_text_addf(text, "        ' %.*s') command='%.*s' ;;\n", (int)length, name, (int)length, name);
        if (name[length]) coley_text_addf(text, "        '%s') command='%s' ;;\n", name, name);
    }
    coley_text_addf(text, "        esac\n    done\n    case \"$command $prev\" in\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_option *o;
        for (size_t j = 0; (o = cli_option_at(cli_commands[i], j)); j++)
            add_bash_values(text, arena, o, cli_commands[i]->name);
    }
    coley_text_addf(text, "    esac\n    case $command in\n    '') COMPREPLY=($(compgen -W '");
    add_first_words(text);
    coley_text_addf(text, " --help --version' -- \"$cur\")) ;;\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_command *c = cli_commands[i];
        const size_t length = first_word(c->name);
        if (c->name[length] && !seen_before(i)) {
            coley_text_addf(text, "    '%.*s') COMPREPLY=($(compgen -W '", (int)length, c->name);
            add_second_words(text, c->name, length);
            coley_text_addf(text, "' -- \"$cur\")) ;;\n");
        }
        coley_text_addf(text, "    '%s')\n        if [[ $cur == -* ]]; then\n            COMPREPLY=($(compgen -W '",
                        c->name);
        const cli_option *o;
        for (size_t j = 0; (o = cli_option_at(c, j)); j++) coley_text_addf(text, "%s--%s", j ? " " : "", o->name);
        coley_text_addf(text, "' -- \"$cur\"))\n");
        if (c->argument_kind == CLI_FILE || c->argument_kind == CLI_FOLDER)
            coley_text_addf(text,
                            "        else\n            compopt -o filenames\n"
                            "            mapfile -t COMPREPLY < <(compgen -%c -- \"$cur\")\n",
                            c->argument_kind == CLI_FILE ? 'f' : 'd');
        if (c->argument_kind == CLI_COMMAND) {
            coley_text_addf(text, "        else\n            COMPREPLY=($(compgen -W '");
            add_first_words(text);
            coley_text_addf(text, "' -- \"$cur\"))\n");
        }
        if (c->argument_kind == CLI_CHOICE) {
            coley_text_addf(text, "        else\n            COMPREPLY=($(compgen -W '");
            const char *const *list = cli_choices(arena, c->arguments);
            for (size_t j = 0; list && list[j]; j++) coley_text_addf(text, "%s%s", j ? " " : "", list[j]);
            coley_text_addf(text, "' -- \"$cur\"))\n");
        }
        coley_text_addf(text, "        fi ;;\n");
    }
    coley_text_addf(text, "    esac\n}\ncomplete -F _coley coley\n");
}

/* --- zsh -----------------------------------------------------------------------------------------------------------
 */

/* In _arguments, : and [ ] part the fields of a row. */
static void add_zsh_words(coley_text *text, const char *words)
{
    for (const char *p = words; *p; p++)
        if (*p == '\'')
            coley_text_addf(text, "'\\''");
        else if (strchr(":[]\\", *p))
            coley_text_addf(text, "\\%c", *p);
        else
            coley_text_add(text, p, 1);
}

static void add_zsh_action(coley_text *text, coley_arena *arena, cli_kind kind, const char *choices)
{
    if (kind == CLI_FILE)
        coley_text_addf(text, "_files");
    else if (kind == CLI_FOLDER)
        coley_text_addf(text, "_files -/");
    else if (kind == CLI_SEED)
        coley_text_addf(text, "(1 random)");
    else if (kind == CLI_COMMAND || kind == CLI_CHOICE) {
        coley_text_addf(text, "(");
        const char *const *list = kind == CLI_CHOICE ? cli_choices(arena, choices) : NULL;
        for (size_t i = 0; list && list[i]; i++) coley_text_addf(text, "%s%s", i ? " " : "", list[i]);
        if (kind == CLI_COMMAND) add_first_words(text);
        coley_text_addf(text, ")");
    } else
        coley_text_addf(text, " ");
}

static void add_zsh_option(coley_text *text, coley_arena *arena, const cli_option *o, const char *name)
{
    coley_text_addf(text, " \\\n            '%s%s%s[", o->repeats ? "*" : "", name,
                    o->kind != CLI_FLAG && name[1] == '-' ? "=" : "");
    add_zsh_words(text, first_sentence(arena, o->help));
    coley_text_addf(text, "]");
    if (o->kind != CLI_FLAG) {
        coley_text_addf(text, ":%s:", o->value);
        add_zsh_action(text, arena, o->kind, o->choices);
    }
    coley_text_addf(text, "'");
}

static void add_zsh_case(coley_text *text, coley_arena *arena, const cli_command *c)
{
    coley_text_addf(text, "    '%s')\n        _arguments", c->name);
    const cli_option *o;
    for (size_t j = 0; (o = cli_option_at(c, j)); j++) {
        char name[64] = "--";
        strncat(name, o->name, sizeof name - 3);
        add_zsh_option(text, arena, o, name);
        if (o->letter) add_zsh_option(text, arena, o, (const char[]){'-', o->letter, '\0'});
    }
    if (c->argument_kind != CLI_NONE) {
        coley_text_addf(text, " \\\n            '*:argument:");
        add_zsh_action(text, arena, c->argument_kind, c->arguments);
        coley_text_addf(text, "'");
    }
    coley_text_addf(text, " ;;\n");
}

void cli_add_completion_zsh(coley_text *text, coley_arena *arena)
{
    coley_text_addf(
        text,
        "#compdef coley\n# zsh completion for coley: put it as _coley into a folder of $fpath\n_coley()\n{\n"
        "    local -a commands\n    local command=${words[2]}\n    if (( CURRENT == 2 )); then\n        commands=(\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const char *name = cli_commands[i]->name;
        if (seen_before(i)) continue;
        coley_text_addf(text, "            '%.*s:", (int)first_word(name), name);
        if (name[first_word(name)])
            add_second_words(text, name, first_word(name));
        else
            add_zsh_words(text, cli_commands[i]->summary);
        coley_text_addf(text, "'\n");
    }
    coley_text_addf(text,
                    "        )\n        _describe command commands\n        return\n    fi\n    case $command in\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const char *name = cli_commands[i]->name;
        const size_t length = first_word(name);
        if (!name[length] || seen_before(i)) continue;
        coley_text_addf(text, "    '%.*s')\n        if (( CURRENT == 3 )); then\n            compadd ", (int)length,
                        name);
        add_second_words(text, name, length);
        coley_text_addf(text, "\n            return\n        fi\n        command=\"$command ${words[3]}\"\n"
                              "        shift words\n        (( CURRENT-- )) ;;\n");
    }
    coley_text_addf(text, "    esac\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
    for (size_t i = 0; cli_commands[i]; i++) add_zsh_case(text, arena, cli_commands[i]);
    coley_text_addf(text, "    esac\n}\n_coley \"$@\"\n");
}

/* --- fish ----------------------------------------------------------------------------------------------------------
 */

void cli_add_completion_fish(coley_text *text, coley_arena *arena)
{
    coley_text_addf(text,
                    "# fish completion for coley: put it into share/fish/vendor_completions.d\ncomplete -c coley -f\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        const cli_command *c = cli_commands[i];
        const size_t length = first_word(c->name);
        if (!seen_before(i)) {
            coley_text_addf(text, "complete -c coley -n __fish_use_subcommand -a '%.*s' -d '", (int)length, c->name);
            if (!c->name[length]) add_quoted(text, c->summary, "\\'");
            coley_text_addf(text, "'\n");
        }
        char condition[160] = "__fish_seen_subcommand_from ";
        strncat(condition, c->name, length);
        if (c->name[length]) {
            coley_text_addf(text, "complete -c coley -n '%s; and not __fish_seen_subcommand_from ", condition);
            add_second_words(text, c->name, length);
            coley_text_addf(text, "' -a '%s' -d '", c->name + length + 1);
            add_quoted(text, c->summary, "\\'");
            coley_text_addf(text, "'\n");
            strncat(condition, "; and __fish_seen_subcommand_from ", sizeof condition - strlen(condition) - 1);
            strncat(condition, c->name + length + 1, sizeof condition - strlen(condition) - 1);
        }
        if (c->argument_kind == CLI_FILE) coley_text_addf(text, "complete -c coley -n '%s' -F\n", condition);
        if (c->argument_kind == CLI_COMMAND || c->argument_kind == CLI_CHOICE) {
            coley_text_addf(text, "complete -c coley -n '%s' -a '", condition);
            if (c->argument_kind == CLI_COMMAND) add_first_words(text);
            const char *const *list = c->argument_kind == CLI_CHOICE ? cli_choices(arena, c->arguments) : NULL;
            for (size_t j = 0; list && list[j]; j++) coley_text_addf(text, "%s%s", j ? " " : "", list[j]);
            coley_text_addf(text, "'\n");
        }
        const cli_option *o;
        for (size_t j = 0; (o = cli_option_at(c, j)); j++) {
            coley_text_addf(text, "complete -c coley -n '%s' -l %s", condition, o->name);
            if (o->letter) coley_text_addf(text, " -s %c", o->letter);
            if (o->kind != CLI_FLAG)
                coley_text_addf(text, o->kind == CLI_FILE || o->kind == CLI_FOLDER ? " -r -F" : " -x");
            if (o->kind == CLI_SEED) coley_text_addf(text, " -a '1 random'");
            if (o->kind == CLI_CHOICE) {
                const char *const *list = cli_choices(arena, o->choices);
                coley_text_addf(text, " -a '");
                for (size_t k = 0; list && list[k]; k++) coley_text_addf(text, "%s%s", k ? " " : "", list[k]);
                coley_text_addf(text, "'");
            }
            coley_text_addf(text, " -d '");
            add_quoted(text, first_sentence(arena, o->help), "\\'");
            coley_text_addf(text, "'\n");
        }
    }
}
