/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mechanism file as it is written, and the page about it. */
#include "model/mechanism.h"

#include <stdlib.h>
#include <unistd.h>

#include "patient/body.h"
#include "run/mechanism_page.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

static const char decay[] = "// decay.ant -- what decays.\n"
                            "//\n"
                            "//   A' = -k A\n"
                            "\n"
                            "model lesion(hold)\n"
                            "  unit per_day = 1 / 86400 second;\n"
                            "  // how fast\n"
                            "  k = 0.5 per_day;  //! lognormal(0.5, 0.3); Doe 2001, Table 2 | b\n"
                            "  substanceOnly species A, B;\n"
                            "  A has cell;\n"
                            "  A = 2 * k0; B = 0;\n"
                            "  A is \"what decays [cell]\";\n"
                            "  // --- hold keeps it ---\n"
                            "  move: 2 A + $F -> B; k * (1 - hold) *\n"
                            "    A;\n"
                            "  x := A / B;  // a remark that is no part of it\n"
                            "  danger += k * A;\n"
                            "  entry *= 1 - x;\n"
                            "  B' = 3;\n"
                            "  E1: at A < 1: A = 0, B = 2 * k;\n"
                            "end\n";

static coley_mechanism read_text(coley_arena *arena, const char *text, coley_error *err)
{
    coley_mechanism m = {0};
    char *path =
        coley_arena_printf(arena, "%s/coley-decay-%d.ant", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", getpid());
    CHECK(coley_file_write(path, text, strlen(text), err) == COLEY_OK);
    (void)!coley_mechanism_read(arena, path, "decay", &m, err);
    unlink(path);
    return m;
}

static const coley_mechanism_law *law(const coley_mechanism *m, const char *id, coley_law_kind kind)
{
    for (size_t i = 0; i < m->n_laws; i++)
        if (m->law[i].kind == kind && m->law[i].id && !strcmp(m->law[i].id, id)) return &m->law[i];
    return NULL;
}

static void formulas_numbers_and_notes_are_kept_as_they_are_written(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_mechanism m = read_text(arena, decay, &err);
    CHECK_TEXT(err.text, "");
    CHECK_TEXT(m.head, "decay.ant -- what decays.\n\n  A' = -k A\n");
    const coley_mechanism_name *k = coley_mechanism_find(&m, "lesion", "k"),
                               *A = coley_mechanism_find(&m, "lesion", "A");
    CHECK(k && A && !coley_mechanism_find(&m, "body", "k"));
    CHECK_TEXT(k->value, "0.5");
    CHECK_TEXT(k->unit, "per_day");
    CHECK_TEXT(k->note->source, "Doe 2001, Table 2 | b");
    CHECK(k->note->spread == COLEY_SPREAD_LOGNORMAL && k->note->b == 0.3);
    CHECK(A->is_species);
    CHECK_TEXT(A->value, "2 * k0");
    CHECK_TEXT(A->title, "what decays [cell]");
    CHECK_TEXT(law(&m, "move", COLEY_LAW_REACTION)->formula, "k * (1 - hold) * A");
    CHECK_TEXT(law(&m, "move", COLEY_LAW_REACTION)->remark, "hold keeps it");
    CHECK_TEXT(law(&m, "x", COLEY_LAW_RULE)->formula, "A / B");
    CHECK_TEXT(law(&m, "danger", COLEY_LAW_TERM)->formula, "k * A");
    CHECK_TEXT(law(&m, "entry", COLEY_LAW_FACTOR)->formula, "1 - x");
    CHECK_TEXT(law(&m, "B", COLEY_LAW_RATE)->formula, "3");
    CHECK_TEXT(law(&m, "E1", COLEY_LAW_EVENT)->left, "A < 1");
    CHECK_TEXT(law(&m, "E1", COLEY_LAW_EVENT)->formula, "A = 0, B = 2 * k");
    CHECK(m.n_shared == 1 && !strcmp(m.shared[0].id, "hold"));
    coley_mechanism_part part[4];
    CHECK(coley_mechanism_side(arena, law(&m, "move", COLEY_LAW_REACTION)->left, part, 4) == 2);
    CHECK_TEXT(part[0].amount, "2");
    CHECK_TEXT(part[0].id, "A");
    CHECK_TEXT(part[1].id, "F");
    coley_arena_destroy(arena);
}

static void a_statement_that_no_page_has_room_for_is_told_with_its_place(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    read_text(arena, "model body()\n  a = 1;\n  delete A.J1;\nend\n", &err);
    CHECK(err.code == COLEY_ERR_UNSUPPORTED && err.line == 3);
    err = (coley_error){0};
    read_text(arena, "a = 1\n", &err);
    CHECK(err.code == COLEY_ERR_UNSUPPORTED && err.line == 1);
    coley_arena_destroy(arena);
}

/* The reader of the network and this one read the same files by different code. */
static void numbers_of_the_core_are_those_of_the_network(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_mechanisms all;
    coley_body *body;
    size_t n = 0;
    const coley_body_options options = {.models = MODELS, .n_lesions = 1};
    CHECK(coley_mechanisms_read(arena, MODELS, CATALOG, &all, &err) == COLEY_OK);
    CHECK_TEXT(err.text, "");
    CHECK(coley_body_assemble(arena, &options, &body, &err) == COLEY_OK);
    for (size_t i = 0; i < body->network->n_symbols; i++) {
        const coley_symbol *s = &body->network->symbol[i];
        if (s->kind != COLEY_PARAMETER || s->rule || !s->initial || s->initial->op != COLEY_OP_NUMBER || !s->source)
            continue;
        const int in_lesion = !strncmp(s->id, "L1.", 3);
        const char *slash = strrchr(s->file, '/');
        const char *id = coley_arena_text(arena, slash + 1, strlen(slash + 1) - 4);
        const ptrdiff_t at = coley_mechanisms_find(&all, id);
        CHECK(at >= 0);
        const coley_mechanism_name *name =
            coley_mechanism_find(&all.file[at], in_lesion ? "lesion" : "body", s->id + (in_lesion ? 3 : 0));
        double value;
        CHECK(name && name->value && coley_text_number(name->value, &value));
        if (!name) continue;
        CHECK(value == s->initial->number);
        CHECK(name->line == s->line);
        CHECK_TEXT(name->note->source, s->source);
        CHECK_TEXT(name->unit ? name->unit : "", s->unit ? s->unit : "");
        CHECK(name->note->spread == s->spread);
        n++;
    }
    CHECK(n > 100);
    coley_arena_destroy(arena);
}

static const char *page_of(coley_arena *arena, const char *id)
{
    coley_error err = {0};
    coley_mechanisms all;
    coley_text text = {.arena = arena};
    const coley_mechanism_page_options options = {.root = "../.."};
    CHECK(coley_mechanisms_read(arena, MODELS, CATALOG, &all, &err) == COLEY_OK);
    const ptrdiff_t at = coley_mechanisms_find(&all, id);
    CHECK(at >= 0 && coley_mechanism_page(arena, &all, (size_t)at, &options, &text, &err) == COLEY_OK);
    return text.data;
}

static void a_page_says_what_passes_between_files(void)
{
    coley_arena *arena = coley_arena_create();
    const char *drug = page_of(arena, "anti_pd1"), *core = page_of(arena, "healthy"),
               *virus = page_of(arena, "oncolytic_virus");
    /* The drug's concentration takes over the body's neutral number, and healthy tissue uses it. */
    CHECK(strstr(drug, "| `aPD1_C` | [body](body.md) (its neutral number), [healthy](healthy.md) |"));
    CHECK(strstr(drug, "Loaded with drugs of class `anti_pd1`"));
    CHECK(strstr(drug, "[pembrolizumab](../../catalog/drugs/pembrolizumab.yaml)"));
    CHECK(strstr(core, "Part of the core"));
    CHECK(strstr(core, "(a number)"));
    CHECK(strstr(core, "| `T_auto_set` | 1 |  | log-normal, 1.3 | "));
    /* Cells leave a state of another file, and are not lost on the way. */
    CHECK(strstr(virus, "C_s' = ... − infect_s\n"));
    CHECK(strstr(virus, "C_inf' = infect_s + infect_low − lysis\n"));
    CHECK(strstr(virus, "| `C_s` (changed here) |"));
    coley_arena_destroy(arena);
}

static void running_out_of_memory_is_an_error_and_nothing_else(void)
{
    size_t k = 1;
    for (coley_status status = COLEY_ERR_MEMORY; status == COLEY_ERR_MEMORY && k < 5000; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_error err = {0};
        coley_mechanism m;
        if (!arena) continue;
        status = coley_mechanism_read(arena, MODELS "/oncolytic_virus.ant", "oncolytic_virus", &m, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(k > 2 && k < 5000);
}

int main(void)
{
    RUN(formulas_numbers_and_notes_are_kept_as_they_are_written);
    RUN(a_statement_that_no_page_has_room_for_is_told_with_its_place);
    RUN(numbers_of_the_core_are_those_of_the_network);
    RUN(a_page_says_what_passes_between_files);
    RUN(running_out_of_memory_is_an_error_and_nothing_else);
    return check_done();
}
