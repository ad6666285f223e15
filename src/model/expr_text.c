/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_text.c -- see expr_text.h. */
#include "model/expr_text.h"

#include <ctype.h>
#include <stdio.h>

typedef struct writer {
    coley_text *text;
    const coley_network *network;
    size_t end; /* stop when the text is this long */
    int depth;
} writer;

enum { MAX_DEPTH = 2000 };

/* How tightly an operator holds its arguments; a function call or a name holds tightest. */
enum { OR = 1, AND, EQUAL, ORDER, SUM, PRODUCT, SIGN, POWER, CALL };

static const struct {
    const char *sign; /* NULL: a function, written with its name in small letters */
    int hold;
} notation[COLEY_OP_COUNT] = {
    [COLEY_OP_ADD] = {" + ", SUM},     [COLEY_OP_SUB] = {" - ", SUM},   [COLEY_OP_MUL] = {" * ", PRODUCT},
    [COLEY_OP_DIV] = {" / ", PRODUCT}, [COLEY_OP_POW] = {"^", POWER},   [COLEY_OP_LT] = {" < ", ORDER},
    [COLEY_OP_LE] = {" <= ", ORDER},   [COLEY_OP_GT] = {" > ", ORDER},  [COLEY_OP_GE] = {" >= ", ORDER},
    [COLEY_OP_EQ] = {" == ", EQUAL},   [COLEY_OP_NE] = {" != ", EQUAL}, [COLEY_OP_AND] = {" && ", AND},
    [COLEY_OP_OR] = {" || ", OR},
};

static void write(writer *w, const coley_expr *e, int hold);

/* The operation's name in small letters; Antimony's log is to the base 10. */
static void write_call(writer *w, const char *name, const coley_expr *e)
{
    if (e->op == COLEY_OP_LOG) name = "ln";
    for (const char *p = name; *p; p++) coley_text_addf(w->text, "%c", tolower((unsigned char)*p));
    coley_text_add(w->text, "(", 1);
    for (int i = 0; i < coley_op_arity(e->op); i++) {
        if (i) coley_text_add(w->text, ", ", 2);
        write(w, e->arg[i], 0);
    }
    coley_text_add(w->text, ")", 1);
}

/* Antimony puts the value before its condition. */
static void write_select(writer *w, const coley_expr *e)
{
    coley_text_addf(w->text, "piecewise(");
    write(w, e->arg[1], 0);
    coley_text_add(w->text, ", ", 2);
    write(w, e->arg[0], 0);
    coley_text_add(w->text, ", ", 2);
    write(w, e->arg[2], 0);
    coley_text_add(w->text, ")", 1);
}

static void write_number(writer *w, double number, int hold)
{
    const int bracket = number < 0 && hold > SUM;
    char digits[32];
    for (int precision = 6; precision <= 17; precision++) { /* the fewest that read back as the same number */
        double same;
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (coley_text_number(digits, &same) && same == number) break;
    }
    coley_text_addf(w->text, bracket ? "(%s)" : "%s", digits);
}

/* How tightly a formula holds together. */
static int own_of(const coley_expr *e)
{
    if (e->op == COLEY_OP_NEG || e->op == COLEY_OP_NOT) return SIGN;
    if (e->op == COLEY_OP_NUMBER && e->number < 0) return SUM;
    return notation[e->op].sign ? notation[e->op].hold : CALL;
}

static void write_operation(writer *w, const coley_expr *e, int hold)
{
    const int own = own_of(e);
    if (own < hold) coley_text_add(w->text, "(", 1);
    /* The part that is of the same kind comes first, so that it needs no brackets: a + b + c. */
    const int turn =
        (e->op == COLEY_OP_ADD || e->op == COLEY_OP_MUL) && own_of(e->arg[1]) == own && own_of(e->arg[0]) > own;
    if (own == SIGN) {
        coley_text_add(w->text, e->op == COLEY_OP_NEG ? "-" : "!", 1);
        write(w, e->arg[0], SIGN + 1);
    } else {
        write(w, e->arg[turn], own == POWER ? own + 1 : own);
        coley_text_addf(w->text, "%s", notation[e->op].sign);
        write(w, e->arg[!turn], own == POWER ? own : own + 1);
    }
    if (own < hold) coley_text_add(w->text, ")", 1);
}

static void write(writer *w, const coley_expr *e, int hold)
{
    if (w->text->failed || w->text->length >= w->end) return;
    if (w->depth >= MAX_DEPTH) {
        coley_text_add(w->text, "...", 3);
        return;
    }
    w->depth++;
    if (e->op == COLEY_OP_NUMBER)
        write_number(w, e->number, hold);
    else if (e->op == COLEY_OP_SYMBOL)
        coley_text_addf(w->text, "%s", w->network->symbol[e->symbol].id);
    else if (e->op == COLEY_OP_TIME)
        coley_text_add(w->text, "time", 4);
    else if (e->op == COLEY_OP_SELECT)
        write_select(w, e);
    else if (e->op == COLEY_OP_NEG || e->op == COLEY_OP_NOT || notation[e->op].sign)
        write_operation(w, e, hold);
    else
        write_call(w, coley_op_name(e->op), e);
    w->depth--;
}

void coley_expr_text_add(coley_text *text, const coley_network *network, const coley_expr *expr, size_t limit)
{
    writer w = {.text = text, .network = network, .end = text->length + limit};
    write(&w, expr, 0);
    if (!text->failed && text->length > w.end) {
        text->length = w.end;
        text->data[w.end] = '\0';
        coley_text_add(text, "...", 3);
    }
}
