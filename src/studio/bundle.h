/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle.h -- the page that studio/build.mjs makes, embedded in the program. */
#ifndef COLEY_STUDIO_BUNDLE_H
#define COLEY_STUDIO_BUNDLE_H

#include <stddef.h>

typedef struct coley_studio_page {
    const char *html, *gz;
    size_t html_length, gz_length;
    const char *policy, *tag; /* Content-Security-Policy, ETag */
} coley_studio_page;

coley_studio_page coley_studio_page_get(void);

#endif
