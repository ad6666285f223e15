/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate_sbml_suite.c -- the semantic cases of the SBML Test Suite (sbmlteam/sbml-test-suite), judged by its own
 * rule: at every row, |computed - expected| <= absolute + relative |expected|.
 *
 * Run as `validate-sbml-suite FILE.json DIR [CASE...]`, DIR being the suite's folder "semantic". The newest level and
 * version of each case is taken. Cases are dealt to as many processes as there are cores, each case with a time limit,
 * so that one that crashes or hangs is a failure of its own. */
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/table.h"
#include "base/text.h"
#include "model/program.h"
#include "model/sbml.h"
#include "solve/integrator.h"

enum { MAX_CASES = 4000, MAX_TAGS = 128, CASE_TAGS = 32, CASE_LIMIT_S = 20 };

typedef enum verdict { NOT_RUN, STARTED, PASSED, FAILED, UNSUPPORTED } verdict;

typedef struct suite_case {
    char name[16];
    verdict verdict;
    int n_tags, tag[CASE_TAGS];
    char why[300];
} suite_case;

/* In memory that all processes share. */
typedef struct suite {
    char folder[512];
    size_t n, n_tags;
    char tag[MAX_TAGS][48];
    suite_case cases[MAX_CASES];
} suite;

/* Features that Coley refuses by name: cases with one of these tags are not expected to pass. */
static const char *const refused[] = {"FastReaction",   "MultipleFastReactions",  "CSymbolDelay",
                                      "DelayInTrigger", "DelayInEventAssignment", "comp:ExternalModelDefinition"};

static int is_refused(const char *tag)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(tag, refused[i]) == 0) return 1;
    return strncmp(tag, "fbc:", 4) == 0;
}

/* --- files
 * ------------------------------------------------------------------------------------------------------------------ */

/* The file NAME-SUFFIX of a case, without carriage returns; NULL when there is none. */
static char *read_text(coley_arena *arena, const suite *s, const char *name, const char *suffix)
{
    char path[640];
    snprintf(path, sizeof path, "%s/%s/%s-%s", s->folder, name, name, suffix);
    char *text;
    size_t length, kept = 0;
    if (coley_file_read(arena, path, 64 << 20, &text, &length, NULL) != COLEY_OK) return NULL;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '\r') text[kept++] = text[i];
    text[kept] = 0;
    return text;
}

/* What stands behind "key:" at the start of a line, up to its end; "" when there is none. */
static const char *setting(coley_arena *arena, const char *text, const char *key)
{
    const size_t n = strlen(key);
    for (const char *p = text; p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
        if (strncmp(p, key, n) == 0 && p[n] == ':') {
            const char *end = strchr(p, '\n');
            return coley_arena_text(arena, p + n + 1, (size_t)((end ? end : p + strlen(p)) - p) - n - 1);
        }
    return "";
}

/* The next name of a list with commas and spaces; false at its end. */
static int next_name(const char **at, char *name, size_t size)
{
    const char *p = *at + strspn(*at, ", \t\"");
    const size_t n = strcspn(p, ", \t\"");
    if (!n) return 0;
    snprintf(name, size, "%.*s", (int)n, p);
    *at = p + n;
    return 1;
}

static int in_list(const char *list, const char *wanted)
{
    char name[160];
    while (next_name(&list, name, sizeof name))
        if (strcmp(name, wanted) == 0) return 1;
    return 0;
}

/* --- one case
 * --------------------------------------------------------------------------------------------------------------- */

typedef struct expected {
    size_t n_rows, n_columns;
    char (*name)[160];
    double *time, *value; /* [n_rows], [n_rows x n_columns] */
} expected;

static double csv_number(const char *text)
{
    const double sign = *text == '-' ? -1 : 1;
    const char *p = text + (*text == '-' || *text == '+');
    if (strncasecmp(p, "inf", 3) == 0) return sign * INFINITY;
    return strncasecmp(p, "nan", 3) == 0 ? NAN : strtod(text, NULL);
}

static int read_expected(coley_arena *arena, const char *text, expected *e)
{
    size_t n_lines = 0;
    for (const char *p = text; *p; p++) n_lines += *p == '\n';
    char name[160];
    const char *header = coley_arena_text(arena, text, strcspn(text, "\n")), *at = header;
    while (next_name(&at, name, sizeof name)) e->n_columns++;
    if (!e->n_columns--) return 0;
    e->name = coley_arena_alloc(arena, (e->n_columns + 1) * sizeof *e->name);
    e->time = COLEY_NEW(arena, double, n_lines + 1);
    e->value = COLEY_NEW(arena, double, (n_lines + 1) * e->n_columns);
    if (!e->name || !e->time || !e->value) return 0;
    next_name(&header, name, sizeof name);
    for (size_t i = 0; i < e->n_columns; i++) next_name(&header, e->name[i], sizeof e->name[i]);
    for (const char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        at = coley_arena_text(arena, line + 1, strcspn(line + 1, "\n"));
        if (!next_name(&at, name, sizeof name)) continue;
        e->time[e->n_rows] = csv_number(name);
        for (size_t i = 0; i < e->n_columns && next_name(&at, name, sizeof name); i++)
            e->value[e->n_rows * e->n_columns + i] = csv_number(name);
        e->n_rows++;
    }
    return e->n_rows > 0;
}

typedef struct judged {
    size_t n_judged; /* rows */
    const coley_program *program;
    const expected *expected;
    const int *scale; /* by column: observed value 2 i is multiplied (1) or divided (-1) by value 2 i + 1 */
    double absolute, relative;
    char *why;
    size_t size;
} judged;

static void default_inputs(void *self, size_t patient, double *inputs)
{
    (void)patient;
    const judged *j = self;
    const size_t n = coley_program_input_count(j->program);
    if (n) memcpy(inputs, coley_program_input_default(j->program), n * sizeof *inputs);
}

static void judge_row(void *self, const coley_sample *sample)
{
    judged *j = self;
    const expected *e = j->expected;
    j->n_judged++;
    for (size_t i = 0; i < e->n_columns && !j->why[0]; i++) {
        const double size = sample->value[(2 * i + 1) * sample->stride],
                     want = e->value[sample->index * e->n_columns + i];
        double value = sample->value[2 * i * sample->stride];
        if (j->scale[i]) value = j->scale[i] > 0 ? value * size : value / size;
        if ((isnan(value) && isnan(want)) || value == want) continue;
        if (fabs(value - want) <= j->absolute + j->relative * fabs(want)) continue;
        snprintf(j->why, j->size, "%s is %.9g at time %g, expected %.9g", e->name[i], value, sample->t_day, want);
    }
}

/* The symbol of that name; the rate of a reaction becomes one. -1 when there is none. */
static int32_t symbol_of(coley_network *network, const char *name)
{
    int32_t symbol = coley_network_symbol(network, name);
    for (size_t i = 0; symbol < 0 && i < network->n_reactions; i++) {
        if (strcmp(network->reaction[i].id, name) != 0) continue;
        symbol = coley_network_symbol_add(network, name, COLEY_PARAMETER);
        if (symbol < 0) return -1;
        network->symbol[symbol].rule_kind = COLEY_RULE_ASSIGNMENT;
        network->symbol[symbol].rule = network->reaction[i].rate;
    }
    return symbol;
}

static coley_status judge_network(coley_arena *arena, const suite *s, suite_case *c, coley_network *network,
                                  const char *settings, coley_error *err)
{
    const char *results = read_text(arena, s, c->name, "results.csv");
    expected e = {0};
    if (!results || !read_expected(arena, results, &e)) return COLEY_FAIL(err, COLEY_ERR_IO, "no results.csv");
    judged j = {.expected = &e,
                .absolute = strtod(setting(arena, settings, "absolute"), NULL),
                .relative = strtod(setting(arena, settings, "relative"), NULL),
                .why = c->why,
                .size = sizeof c->why};
    int32_t *symbol = COLEY_NEW(arena, int32_t, 2 * e.n_columns);
    int *scale = COLEY_NEW(arena, int, e.n_columns);
    if (!symbol || !scale) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < e.n_columns; i++) {
        symbol[2 * i] = symbol[2 * i + 1] = symbol_of(network, e.name[i]);
        if (symbol[2 * i] < 0) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the model has no symbol %s", e.name[i]);
        const coley_symbol *of = &network->symbol[symbol[2 * i]];
        if (of->kind != COLEY_SPECIES || of->compartment < 0) continue;
        symbol[2 * i + 1] = of->compartment;
        if (!of->substance_only && in_list(setting(arena, settings, "amount"), e.name[i])) scale[i] = 1;
        if (of->substance_only && in_list(setting(arena, settings, "concentration"), e.name[i])) scale[i] = -1;
    }
    j.scale = scale;
    const coley_observer *observer;
    COLEY_TRY(coley_program_compile(arena, network, &j.program, err));
    COLEY_TRY(coley_observer_compile(arena, j.program, symbol, 2 * e.n_columns, &observer, err));
    const coley_system system = coley_system_of_program(j.program, observer, 2 * e.n_columns);
    const coley_cohort cohort = {.self = &j,
                                 .n = 1,
                                 .t_start_day = e.time[0],
                                 .t_end_day = e.time[e.n_rows - 1],
                                 .n_samples = e.n_rows,
                                 .sample_day = e.time,
                                 .inputs = default_inputs,
                                 .sample = judge_row};
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = fmin(1e-7, 1e-3 * j.relative);
    options.atol = fmin(1e-12, 1e-6 * j.absolute);
    COLEY_TRY(coley_integrate_in(arena, &system, &cohort, &options, err));
    return j.n_judged == e.n_rows ? COLEY_OK : COLEY_FAIL(err, COLEY_ERR_RUN, "%zu rows of %zu", j.n_judged, e.n_rows);
}

static void judge(const suite *s, suite_case *c)
{
    static const char *const versions[] = {"sbml-l3v2.xml", "sbml-l3v1.xml", "sbml-l2v5.xml", "sbml-l2v4.xml",
                                           "sbml-l2v3.xml", "sbml-l2v2.xml", "sbml-l2v1.xml"};
    coley_arena *arena = coley_arena_create();
    coley_error err = {.text = "no model file"};
    coley_status status = COLEY_ERR_IO;
    const char *settings = read_text(arena, s, c->name, "settings.txt");
    c->why[0] = 0;
    for (size_t i = 0; settings && i < sizeof versions / sizeof *versions; i++) {
        char path[640];
        snprintf(path, sizeof path, "%s/%s/%s-%s", s->folder, c->name, c->name, versions[i]);
        if (access(path, R_OK) != 0) continue;
        coley_network *network;
        status = coley_sbml_load(arena, path, &network, &err);
        if (status == COLEY_OK) status = judge_network(arena, s, c, network, settings, &err);
        break;
    }
    const char *page = read_text(arena, s, c->name, "model.m");
    if (page && strstr(setting(arena, page, "testType"), "FluxBalance"))
        status = COLEY_FAIL(&err, COLEY_ERR_UNSUPPORTED, "asks for a flux balance, not for a time course");
    if (status != COLEY_OK) snprintf(c->why, sizeof c->why, "%.80s: %.200s", err.key, err.text);
    c->verdict = status == COLEY_ERR_UNSUPPORTED ? UNSUPPORTED : c->why[0] ? FAILED : PASSED;
    coley_arena_destroy(arena);
}

/* --- all cases
 * -------------------------------------------------------------------------------------------------------------- */

static int compare_cases(const void *a, const void *b)
{
    return strcmp(((const suite_case *)a)->name, ((const suite_case *)b)->name);
}

static int tag_index(suite *s, const char *tag)
{
    for (size_t i = 0; i < s->n_tags; i++)
        if (strcmp(s->tag[i], tag) == 0) return (int)i;
    if (s->n_tags == MAX_TAGS) return -1;
    snprintf(s->tag[s->n_tags], sizeof s->tag[0], "%.47s", tag);
    return (int)s->n_tags++;
}

/* Tags of a case from its page NAME-model.m. */
static void read_tags(suite *s, suite_case *c)
{
    coley_arena *arena = coley_arena_create();
    const char *page = read_text(arena, s, c->name, "model.m");
    static const char *const lists[] = {"componentTags", "testTags"};
    for (size_t i = 0; page && i < 2; i++) {
        const char *list = setting(arena, page, lists[i]);
        char name[64];
        while (next_name(&list, name, sizeof name) && c->n_tags < CASE_TAGS) {
            const int tag = tag_index(s, name);
            if (tag >= 0) c->tag[c->n_tags++] = tag;
        }
    }
    coley_arena_destroy(arena);
}

static int list_cases(suite *s, int n_wanted, char **wanted)
{
    DIR *folder = opendir(s->folder);
    if (!folder) return 0;
    for (struct dirent *entry; (entry = readdir(folder)) && s->n < MAX_CASES;) {
        int taken = strspn(entry->d_name, "0123456789") == 5 && !entry->d_name[5] && !n_wanted;
        for (int i = 0; i < n_wanted; i++) taken |= strcmp(entry->d_name, wanted[i]) == 0;
        if (taken) snprintf(s->cases[s->n++].name, sizeof s->cases[0].name, "%.15s", entry->d_name);
    }
    closedir(folder);
    qsort(s->cases, s->n, sizeof *s->cases, compare_cases);
    for (size_t i = 0; i < s->n; i++) read_tags(s, &s->cases[i]);
    return s->n > 0;
}

static void run_part(suite *s, size_t first, size_t step)
{
    for (size_t i = first; i < s->n; i += step) {
        suite_case *c = &s->cases[i];
        if (c->verdict != NOT_RUN) continue;
        c->verdict = STARTED;
        snprintf(c->why, sizeof c->why, "crashed, or took more than %d s", CASE_LIMIT_S);
        alarm(CASE_LIMIT_S);
        judge(s, c);
    }
}

static void run_all(suite *s, size_t n_workers)
{
    pid_t *worker = calloc(n_workers, sizeof *worker);
    for (size_t left = n_workers, i = 0; left;) {
        for (; i < n_workers; i++)
            if (!worker[i] && (worker[i] = fork()) == 0) {
                run_part(s, i, n_workers);
                _exit(0);
            }
        int status;
        const pid_t done = wait(&status);
        if (done < 0) break;
        for (size_t w = 0; w < n_workers; w++) {
            if (worker[w] != done) continue;
            for (size_t k = w; k < s->n; k += n_workers)
                if (s->cases[k].verdict == STARTED) s->cases[k].verdict = FAILED;
            if (WIFEXITED(status)) {
                left--;
                worker[w] = -1;
            } else { /* another process goes on with what is left of this part */
                worker[w] = 0;
                i = w;
                break;
            }
        }
        for (; i < n_workers && worker[i]; i++) continue;
    }
    free(worker);
}

/* Passed, failed and unsupported of the cases with a tag (-1: all), or only of those that Coley means to support. */
static void count(const suite *s, int tag, int supported_only, size_t n[3])
{
    memset(n, 0, 3 * sizeof *n);
    for (size_t i = 0; i < s->n; i++) {
        const suite_case *c = &s->cases[i];
        int has = tag < 0, supported = 1;
        for (int k = 0; k < c->n_tags; k++) {
            has |= c->tag[k] == tag;
            supported &= !is_refused(s->tag[c->tag[k]]);
        }
        if (has && (supported || !supported_only)) n[c->verdict == PASSED ? 0 : c->verdict == UNSUPPORTED ? 2 : 1]++;
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int report(suite *s, const char *file)
{
    coley_arena *arena = coley_arena_create();
    coley_text json = {.arena = arena}, text = {.arena = arena};
    static const char *const heading[] = {"tag", "cases", "pass", "fail", "unsupported"};
    coley_table table = coley_table_begin(arena, heading, 5);
    const char *name[MAX_TAGS];
    size_t n[3], known[3];
    for (size_t i = 0; i < s->n_tags; i++) name[i] = s->tag[i];
    qsort(name, s->n_tags, sizeof *name, compare_names);
    count(s, -1, 0, n);
    count(s, -1, 1, known);
    const size_t n_known = known[0] + known[1] + known[2];
    const double percent = n_known ? 100.0 * (double)known[0] / (double)n_known : 0;
    coley_text_addf(&json,
                    "{\n  \"cases\": %zu,\n  \"pass\": %zu,\n  \"fail\": %zu,\n  \"unsupported\": %zu,\n"
                    "  \"supported_cases\": %zu,\n  \"supported_pass\": %zu,\n  \"supported_pass_percent\": %.2f",
                    s->n, n[0], n[1], n[2], n_known, known[0], percent);
    for (size_t i = 0; i < s->n_tags; i++) {
        count(s, tag_index(s, name[i]), 0, known);
        coley_table_add(&table, "%s%s", name[i], is_refused(name[i]) ? " (refused)" : "");
        coley_table_add(&table, "%zu", known[0] + known[1] + known[2]);
        for (int k = 0; k < 3; k++) coley_table_add(&table, "%zu", known[k]);
        coley_text_addf(&json, ",\n  \"%s.pass\": %zu,\n  \"%s.fail\": %zu,\n  \"%s.unsupported\": %zu", name[i],
                        known[0], name[i], known[1], name[i], known[2]);
    }
    coley_text_addf(&json, "\n}\n");
    coley_table_draw(&table, &text);
    count(s, -1, 1, known);
    coley_text_addf(&text,
                    "\n%zu cases: %zu pass, %zu fail, %zu unsupported\n"
                    "of the %zu whose tags name supported features only, %zu pass: %.2f %%\n",
                    s->n, n[0], n[1], n[2], n_known, known[0], percent);
    if (text.failed || json.failed) return 1;
    for (size_t i = 0; i < s->n; i++)
        if (s->cases[i].verdict != PASSED)
            printf("%s %s: %s\n", s->cases[i].name, s->cases[i].verdict == UNSUPPORTED ? "unsupported" : "FAIL",
                   s->cases[i].why);
    fputs(text.data, stdout);
    const coley_status status = coley_file_write(file, json.data, json.length, NULL);
    coley_arena_destroy(arena);
    return status != COLEY_OK;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 2 ? argv[2] : getenv("COLEY_SBML_SUITE");
    if (!folder) {
        puts("The SBML Test Suite is not part of Coley: name its folder \"semantic\" in COLEY_SBML_SUITE.");
        return 0;
    }
    suite *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED) return 1;
    snprintf(s->folder, sizeof s->folder, "%s", folder);
    if (!list_cases(s, argc > 3 ? argc - 3 : 0, argv + 3)) {
        fprintf(stderr, "%s: no cases there; give the folder that holds 00001, 00002, ...\n", folder);
        return 1;
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    run_all(s, cores > 0 ? (size_t)cores : 1);
    return report(s, argv[1]);
}
