/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle.c -- see bundle.h; the build says where the page is (COLEY_STUDIO_FOLDER) and makes studio_csp.h beside it. */
#include "studio/bundle.h"

#include "studio/studio_csp.h"

__asm__(".section .rodata\n"
        ".balign 16\n"
        "coley_studio_html: .incbin \"" COLEY_STUDIO_FOLDER "/index.html\"\n"
        "coley_studio_html_end: .byte 0\n"
        ".balign 16\n"
        "coley_studio_gz: .incbin \"" COLEY_STUDIO_FOLDER "/index.html.gz\"\n"
        "coley_studio_gz_end: .byte 0\n"
        ".text\n");

extern const char html_begin[] __asm__("coley_studio_html"), html_end[] __asm__("coley_studio_html_end");
extern const char gz_begin[] __asm__("coley_studio_gz"), gz_end[] __asm__("coley_studio_gz_end");

coley_studio_page coley_studio_page_get(void)
{
    return (coley_studio_page){
        .html = html_begin,
        .gz = gz_begin,
        .html_length = (size_t)(html_end - html_begin),
        .gz_length = (size_t)(gz_end - gz_begin),
        .policy =
            "default-src 'none'; script-src " COLEY_STUDIO_SCRIPT_HASH "; style-src " COLEY_STUDIO_STYLE_HASH
            "; img-src 'self' data: blob:; media-src blob:; connect-src 'self'; frame-src 'self'; font-src data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        .tag = "\"" COLEY_STUDIO_SCRIPT_HASH COLEY_STUDIO_STYLE_HASH "\"",
    };
}
