/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.c -- see page.h. */
#include "run/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "io/emit.h"
#include "run/report_style.h"

#define ADD(...)   coley_text_addf(out, __VA_ARGS__)
#define SAFE(text) coley_text_add_escaped(out, (text) ? (text) : "")

void coley_page_open(coley_text *out, const char *brand, const char *title, const char *doc, const char *notice)
{
    ADD("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    SAFE(title);
    ADD(" – Coley</title>\n<style>\n%ssvg.figure{display:block;width:100%%;height:auto}</style>\n</head>\n<body>\n"
        "<header>\n<p class=\"brand\">Coley · ",
        report_style);
    SAFE(brand);
    ADD("</p>\n<h1>");
    SAFE(title);
    ADD("</h1>\n");
    if (doc) {
        ADD("<p>");
        SAFE(doc);
        ADD("</p>\n");
    }
    ADD("<p class=\"notice\" role=\"note\"><strong>");
    SAFE(notice);
    ADD("</strong></p>\n</header>\n<main>\n");
}

void coley_page_close(coley_text *out, const char *foot)
{
    ADD("</main>\n<footer><p>");
    SAFE(foot);
    ADD("</p></footer>\n</body>\n</html>\n");
}

void coley_page_section(coley_text *out, const char *title, const char *lead)
{
    ADD("<section>\n<h2>");
    SAFE(title);
    ADD("</h2>\n<p class=\"lead\">");
    SAFE(lead);
    ADD("</p>\n");
}

void coley_page_section_end(coley_text *out)
{
    ADD("</section>\n");
}

void coley_page_table(coley_text *out, const char *const *heads, size_t n)
{
    ADD("<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < n; i++) {
        ADD("<th scope=\"col\">");
        SAFE(heads[i]);
        ADD("</th>");
    }
    ADD("</tr></thead><tbody>\n");
}

void coley_page_cell(coley_text *out, int head, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    ADD(head ? "<th scope=\"row\">" : "<td>");
    coley_text_add_escaped(out, text);
    ADD(head ? "</th>" : "</td>");
}

void coley_page_row(coley_text *out)
{
    ADD("<tr>");
}

void coley_page_row_end(coley_text *out)
{
    ADD("</tr>\n");
}

void coley_page_table_end(coley_text *out)
{
    ADD("</tbody></table></div>\n");
}
