/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_explain.c -- coley explain: the story of a run in plain words, each claim with the quantity it rests on. */
#include "cli/cli.h"

#include <math.h>
#include <string.h>

#include "base/readability.h"
#include "base/yaml.h"
#include "io/emit.h"
#include "io/plot.h"

enum { WIDTH = 80, MAX_LINES = 4096 };

typedef struct line {
    const char *part, *text, *quantity;
    double day, value;
} line;

typedef struct explained {
    const char *title, *notice;
    size_t n;
    line *line;
} explained;

static coley_status text_of(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *entry = coley_yaml_find(map, key);
    *text = NULL;
    return entry ? coley_yaml_text(entry, text, err) : COLEY_OK;
}

static coley_status number_of(const coley_yaml *map, const char *key, double *value, coley_error *err)
{
    const coley_yaml *entry = coley_yaml_find(map, key);
    *value = NAN;
    return entry ? coley_yaml_number(entry, -1e300, 1e300, value, err) : COLEY_OK;
}

static coley_status read_line(const coley_yaml *entry, line *to, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(entry, COLEY_YAML_MAP, err));
    COLEY_TRY(text_of(entry, "part", &to->part, err));
    COLEY_TRY(text_of(entry, "text", &to->text, err));
    COLEY_TRY(text_of(entry, "quantity", &to->quantity, err));
    COLEY_TRY(number_of(entry, "day", &to->day, err));
    COLEY_TRY(number_of(entry, "value", &to->value, err));
    return to->part && to->text ? COLEY_OK : coley_yaml_fail(entry, err, "a line of the story has part and text");
}

static coley_status read_run(cli_call *call, const char *folder, explained *e, coley_error *err)
{
    const coley_yaml *root;
    const char *path = coley_arena_printf(call->arena, "%s/summary.json", folder);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(call->arena, path, &root, err));
    const coley_yaml *story = coley_yaml_find(root, "story");
    if (!story)
        return coley_yaml_fail(root, err, "holds no story; run the scenario again with this version of coley run");
    COLEY_TRY(coley_yaml_expect(story, COLEY_YAML_LIST, err));
    if (story->n > MAX_LINES) return coley_yaml_fail(story, err, "%zu lines; at most %d", story->n, MAX_LINES);
    COLEY_TRY(text_of(root, "title", &e->title, err));
    COLEY_TRY(text_of(root, "notice", &e->notice, err));
    if (!(e->line = COLEY_NEW(call->arena, line, story->n + 1))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < story->n; i++) COLEY_TRY(read_line(story->item[i], &e->line[e->n++], err));
    return COLEY_OK;
}

/* Lines of at most WIDTH columns between words, the later ones indented. */
static void add_wrapped(coley_text *out, const char *text)
{
    size_t column = 1;
    coley_text_addf(out, "-");
    for (const char *p = text; *p;) {
        const size_t length = strcspn(p, " ");
        if (column > 1 && column + 1 + length > WIDTH) {
            coley_text_addf(out, "\n ");
            column = 1;
        }
        coley_text_add(out, " ", 1);
        coley_text_add(out, p, length);
        column += 1 + length;
        p += length;
        while (*p == ' ') p++;
    }
    coley_text_addf(out, "\n");
}

static void add_tie(coley_text *out, const line *l)
{
    if (!l->quantity) return;
    coley_text_addf(out, "    [%s", l->quantity);
    if (isfinite(l->value)) coley_text_addf(out, " = %s", coley_figure_of(l->value).text);
    if (isfinite(l->day)) coley_text_addf(out, " on day %s", coley_figure_of(l->day).text);
    coley_text_addf(out, "]\n");
}

static void add_json(coley_text *out, const explained *e, const coley_readability *r)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "notice", e->notice);
    coley_emit_text(&emit, "title", e->title);
    coley_emit_number(&emit, "reading_grade", r->grade);
    coley_emit_list(&emit, "story");
    for (size_t i = 0; i < e->n; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "part", e->line[i].part);
        coley_emit_text(&emit, "text", e->line[i].text);
        coley_emit_text(&emit, "quantity", e->line[i].quantity);
        coley_emit_number(&emit, "day", e->line[i].day);
        coley_emit_number(&emit, "value", e->line[i].value);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

static coley_status run_explain(cli_call *call, coley_error *err)
{
    explained e = {0};
    coley_text all = {.arena = call->arena}, out = {.arena = call->arena};
    COLEY_TRY(read_run(call, call->argument[0], &e, err));
    for (size_t i = 0; i < e.n; i++) coley_text_addf(&all, "%s\n", e.line[i].text);
    if (all.failed) return COLEY_FAIL_MEMORY(err);
    const coley_readability r = coley_readability_of(all.data ? all.data : "");
    if (cli_flag(call, "json")) {
        add_json(&out, &e, &r);
        return cli_print(&out, err);
    }
    coley_text_addf(&out, "%s\n", e.title ? e.title : "A run");
    for (size_t i = 0; i < e.n; i++) {
        if (!i || strcmp(e.line[i].part, e.line[i - 1].part)) coley_text_addf(&out, "\n%s\n\n", e.line[i].part);
        add_wrapped(&out, e.line[i].text);
        if (cli_flag(call, "ties")) add_tie(&out, &e.line[i]);
    }
    coley_text_addf(&out, "\nReading level: school year %.1f (Flesch-Kincaid), %zu words.\n", r.grade, r.words);
    coley_text_addf(&out, "A computer worked this out for research and teaching. It is not medical advice.\n");
    return cli_print(&out, err);
}

static const cli_option options[] = {
    {.name = "ties", .kind = CLI_FLAG, .help = "After each sentence, the quantity, value and day that it rests on."},
    {.name = "json", .kind = CLI_FLAG, .help = "The same as JSON."},
    {0},
};

static const char *const examples[] = {
    "coley explain results",
    "What happened in the run whose folder is results.",
    "coley explain results --ties",
    "The same, with the quantity of trajectory.csv behind each sentence.",
    NULL,
};

const cli_command cli_command_explain = {
    .name = "explain",
    .topic = "Runs",
    .summary = "Tell what happened in a run, in plain words",
    .arguments = "RUN-FOLDER",
    .argument_kind = CLI_FOLDER,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "The story of a run of coley run, for somebody of fourteen: what was given and what it does, what "
                   "happened and when, how it ended and why, how it goes for others, and questions to ask a care team. "
                   "Every number in it is a quantity's of the run; --ties shows which. How hard the text reads is "
                   "printed below it.\n\nFor research and teaching; not medical advice.",
    .options = options,
    .examples = examples,
    .run = run_explain,
};
