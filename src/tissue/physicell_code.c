/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_code.c -- does the project's own C++ code, custom_modules/custom.cpp, do more than the stock one?
 *
 * Coley runs no C++. A stock project gives cells functions that do nothing; one that gives them a function of its own
 * would run differently here, so it is refused by the function's name. Only that is looked for: lines that set a member
 * of `functions`, and whether the function named there has a body. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "tissue/physicell_parts.h"

enum { MAX_CODE_BYTES = 4 << 20 };

/* Comments become blanks, so that line numbers stay. */
static void blank_comments(char *p)
{
    while (*p) {
        const char *end = NULL;
        if (strncmp(p, "//", 2) == 0) end = p + strcspn(p, "\n");
        if (strncmp(p, "/*", 2) == 0) {
            end = strstr(p + 2, "*/");
            end = end ? end + 2 : p + strlen(p);
        }
        if (!end) {
            p++;
            continue;
        }
        for (; p < end; p++)
            if (*p != '\n') *p = ' ';
    }
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *after_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* True when `name`(...) { ... } stands in the code and its body is empty or "return;". */
static bool does_nothing(const char *code, const char *name, size_t length)
{
    for (const char *p = strstr(code, name); p; p = strstr(p + 1, name)) {
        if (strncmp(p, name, length) != 0 || is_word(p[length]) || (p > code && is_word(p[-1]))) continue;
        const char *open = after_blanks(p + length);
        if (*open != '(') continue;
        const char *body = after_blanks(open + strcspn(open, ")") + (open[strcspn(open, ")")] == ')'));
        if (*body != '{') continue;
        body = after_blanks(body + 1);
        if (strncmp(body, "return", 6) == 0) body = after_blanks(body + 6);
        if (*body == ';') body = after_blanks(body + 1);
        return *body == '}';
    }
    return false;
}

static bool is_stock(const char *name, size_t length)
{
    static const char *const stock[] = {"NULL",
                                        "nullptr",
                                        "standard_volume_update_function",
                                        "standard_update_cell_velocity",
                                        "rule_phenotype_function",
                                        "up_orientation",
                                        "standard_agent_SVG",
                                        "standard_agent_legend"};
    for (size_t i = 0; i < sizeof stock / sizeof *stock; i++)
        if (strlen(stock[i]) == length && strncmp(stock[i], name, length) == 0) return true;
    return false;
}

static int line_of(const char *code, const char *at)
{
    int line = 1;
    for (; code < at; code++) line += *code == '\n';
    return line;
}

/* `p` is after "functions."; says what member is set to which function. */
static coley_status judge(physicell_reader *r, const char *file, const char *code, const char *p)
{
    size_t member = 0, name = 0;
    while (is_word(p[member])) member++;
    const char *set = after_blanks(p + member);
    if (!member || *set != '=' || set[1] == '=') return COLEY_OK;
    set = after_blanks(set + 1);
    while (is_word(set[name])) name++;
    if (!name || *after_blanks(set + name) != ';' || is_stock(set, name)) return COLEY_OK;
    const char *word = coley_arena_text(r->arena, set, name);
    if (!word) return COLEY_FAIL_MEMORY(r->err);
    if (does_nothing(code, word, name)) return COLEY_OK;
    return coley_settings_refuse(r, (coley_place){.file = file, .line = line_of(code, p), .key = word},
                                 "the project's own C++ code makes this the %.*s of cells; Coley does not run it",
                                 (int)(member > 60 ? 60 : member), p);
}

coley_status coley_settings_check_code(physicell_reader *r)
{
    static const char member[] = "functions.";
    const char *slash = strrchr(r->path, '/');
    const char *file = coley_arena_printf(r->arena, "%.*s../custom_modules/custom.cpp",
                                          slash ? (int)(slash + 1 - r->path) : 0, r->path);
    char *code;
    size_t length;
    if (!file) return COLEY_FAIL_MEMORY(r->err);
    if (r->options.without_files || access(file, R_OK) != 0) return COLEY_OK;
    COLEY_TRY(coley_file_read(r->arena, file, MAX_CODE_BYTES, &code, &length, r->err));
    blank_comments(code);
    for (const char *p = strstr(code, member); p; p = strstr(p + 1, member))
        COLEY_TRY(judge(r, file, code, p + strlen(member)));
    return COLEY_OK;
}
