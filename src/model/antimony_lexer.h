/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_lexer.h -- Antimony text to tokens, with the notes (//!) that follow a number. */
#ifndef COLEY_MODEL_ANTIMONY_LEXER_H
#define COLEY_MODEL_ANTIMONY_LEXER_H

#include "model/antimony.h"

typedef enum coley_token_kind {
    COLEY_TOKEN_NAME,
    COLEY_TOKEN_NUMBER,
    COLEY_TOKEN_TEXT,
    COLEY_TOKEN_SIGN,
    COLEY_TOKEN_BREAK, /* ";" or the end of a line */
    COLEY_TOKEN_END,
} coley_token_kind;

/* lognormal(0.007, 1.0); Usuda 1994 */
typedef struct coley_note {
    coley_spread_kind spread;
    double a, b;
    const char *source;
    int line, column;
    int used; /* stands behind a value that was read */
} coley_note;

typedef struct coley_token {
    coley_token_kind kind;
    const char *text; /* terminated; quotes taken off */
    double number;
    const char *file;
    int line, column;
    coley_note *note; /* on a break: what the line's //! says */
} coley_token;

/* Tokens of all texts in order; token[n] is the END. */
COLEY_MUST_CHECK coley_status coley_antimony_tokens(coley_arena *arena, const coley_antimony_source *sources,
                                                    size_t n_sources, coley_token **token, size_t *n, coley_error *err);

#endif
