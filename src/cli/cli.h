/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h -- the command line: one table of commands and options that is parsed, explained, completed and documented.
 *
 * A command is one file, cmd_NAME.c, that defines one constant, and one row in commands.c. Parsing, --help, man pages,
 * docs/cli.md and the shells' completions all read that constant. Data goes to standard output, messages to standard
 * error; the exit code is that of the status (coley/status.h). */
#ifndef COLEY_CLI_CLI_H
#define COLEY_CLI_CLI_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/text.h"

typedef enum cli_kind {
    CLI_NONE,    /* arguments only: the command takes none */
    CLI_FLAG,    /* no value */
    CLI_TEXT,    /* any text */
    CLI_NUMBER,  /* low <= number <= high */
    CLI_INTEGER, /* low <= whole number <= high */
    CLI_SEED,    /* a whole number from 0, or "random" */
    CLI_CHOICE,  /* one word of `choices` */
    CLI_FILE,
    CLI_FOLDER,
    CLI_COMMAND, /* arguments only: the name of a command */
} cli_kind;

/* Options that several commands share: a command says which groups it takes. */
enum {
    CLI_ALWAYS = 1 << 0,       /* --help --version --quiet --verbose --no-color: every command */
    CLI_TAKES_JSON = 1 << 1,   /* --json */
    CLI_TAKES_SEED = 1 << 2,   /* --seed */
    CLI_TAKES_OUT = 1 << 3,    /* --out --force --dry-run */
    CLI_TAKES_THREADS = 1 << 4, /* --threads --progress */
};

typedef struct cli_option {
    const char *name; /* "out" for --out; NULL ends a list */
    char letter;      /* 'o' for -o, or 0 */
    cli_kind kind;
    const char *value;    /* what stands for the value in the help, "DIR"; NULL for a flag */
    const char *choices;  /* "auto|bar|none" */
    const char *fallback; /* the value when it is not given, as typed, or NULL */
    double low, high;     /* low = high = 0: any */
    int repeats;          /* may be given several times */
    int group;            /* shared options: the group it belongs to */
    const char *help;     /* sentences, ending in a full stop */
} cli_option;

typedef struct cli_call cli_call;

typedef struct cli_command {
    const char *name;      /* "run", or "model check" */
    const char *topic;     /* heading in the list of commands */
    const char *summary;   /* one line, starting with a verb, without a full stop */
    const char *arguments; /* "SCENARIO", "[COMMAND]", or NULL */
    cli_kind argument_kind;
    int min_arguments, max_arguments; /* max -1: any number */
    const char *description;          /* paragraphs, parted by an empty line */
    const char *const *examples;      /* command, what it does, ..., NULL */
    const cli_option *options;        /* its own, ended by {0}; or NULL */
    int groups;                       /* shared options that it takes */
    coley_status (*run)(cli_call *call, coley_error *err);
} cli_command;

/* All commands in the order in which they are listed, ended by NULL; and the shared options, ended by {0}. */
extern const cli_command *const cli_commands[];
extern const cli_option cli_shared[];

/* One use of the command line: what a command's run function sees. */
typedef struct cli_given {
    const cli_option *option;
    const char *text;
} cli_given;

struct cli_call {
    coley_arena *arena;         /* owned by main; lives until the command has ended */
    const cli_command *command; /* NULL until it is known */
    const char *word;           /* the first word that is not an option, or NULL */
    size_t n_arguments, cap_arguments;
    const char **argument;
    size_t n_given, cap_given;
    cli_given *given;
    int show_help, show_version;
    coley_log log; /* messages, already filtered by --quiet and --verbose */
};

/* What was given for option `name`, or its fallback. Asking for an option that the command does not have is a
 * programming error. */
int cli_flag(const cli_call *call, const char *name);
const char *cli_text(const cli_call *call, const char *name); /* NULL when there is neither */
double cli_number(const cli_call *call, const char *name);    /* NaN when there is neither */
int64_t cli_integer(const cli_call *call, const char *name, int64_t otherwise);
int cli_is_given(const cli_call *call, const char *name);

/* The next value of an option that repeats: start with *at = 0; NULL after the last. */
const char *cli_next(const cli_call *call, const char *name, size_t *at);

/* --seed: 1 unless given; "random" draws one. Said on standard error either way, so that a run can be repeated. */
uint64_t cli_seed(const cli_call *call);

/* --threads, or the number of cores. Results never depend on it. */
int cli_threads(const cli_call *call);

/* --progress on standard error: give it to a long run, and call cli_progress_end when it is over. */
coley_progress *cli_progress(const cli_call *call);
void cli_progress_end(void);

/* Between these two an interrupt (Ctrl-C) waits, so that files are written whole; elsewhere it ends the command at
 * once with 130. */
void cli_writing_begin(void);
void cli_writing_end(void);

/* True once an interrupt waits: a long run then ends in good order. */
int cli_interrupted(void);

/* True when the locale of the terminal takes UTF-8. */
int cli_unicode(void);

/* Messages on standard error: "coley: error: ...". */
void cli_say_error(const cli_call *call, const coley_error *err);

/* --- inside src/cli ------------------------------------------------------------------------------------------- */

enum { CLI_WIDTH = 80 };

/* Read the whole command line. With --help or --version given, the rest is not judged. */
coley_status cli_parse(cli_call *call, int argc, char **argv, coley_error *err);

const cli_command *cli_find(const char *name);
/* True when `name` is the first word of commands of two words ("model"). */
int cli_is_family(const char *name);
/* The command that a call's arguments name ("model check" as one or two words); NULL for a family such as "model". */
coley_status cli_named_command(cli_call *call, const cli_command **command, coley_error *err);
/* The i-th option that a command takes, its own first, or NULL after the last. */
const cli_option *cli_option_at(const cli_command *command, size_t i);
/* Up to n words of `choices` cut at | into the arena, ended by NULL. */
const char *const *cli_choices(coley_arena *arena, const char *choices);
/* "-o, --out DIR" */
void cli_add_option_name(coley_text *text, const cli_option *option);

/* Text broken at spaces to CLI_WIDTH columns, each line after the first indented; a line break in `words` stays. */
void cli_add_wrapped(coley_text *text, const char *words, size_t indent, size_t column);

void cli_add_help(coley_text *text, const cli_command *command); /* NULL: of coley itself */
void cli_add_family_help(coley_text *text, const char *family);
void cli_add_man(coley_text *text, const cli_command *command);  /* roff; NULL: coley(1) */
void cli_add_markdown(coley_text *text);                         /* docs/cli.md */
void cli_add_completion_bash(coley_text *text, coley_arena *arena);
void cli_add_completion_zsh(coley_text *text, coley_arena *arena);
void cli_add_completion_fish(coley_text *text, coley_arena *arena);

/* Put a finished text on standard output. */
coley_status cli_print(const coley_text *text, coley_error *err);

#endif
