/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml.h -- an XML document as a tree of elements that know their line; read by libxml2, then copied into an arena.
 *
 * Refused, with file, line and column: what is not well-formed, a DOCTYPE (so that there are no entities to expand and
 * no file or address to fetch), more than COLEY_XML_MAX_ELEMENTS, files that are too long. */
#ifndef COLEY_BASE_XML_H
#define COLEY_BASE_XML_H

#include <stdbool.h>

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_XML_MAX_BYTES = 64 << 20, COLEY_XML_MAX_ELEMENTS = 1000000 };

typedef struct coley_xml_attribute {
    const char *name, *value;
} coley_xml_attribute;

typedef struct coley_xml coley_xml;
struct coley_xml {
    const char *name;
    const char *text; /* what stands directly inside, without blanks around it; "" when there is nothing */
    int line;
    size_t n_attributes;
    const coley_xml_attribute *attribute;
    coley_xml *parent, *first, *next;
    bool seen; /* someone asked for it: what nobody asks for can be pointed out as unknown */
};

COLEY_MUST_CHECK coley_status coley_xml_read(coley_arena *arena, const char *path, coley_xml **root, coley_error *err);
COLEY_MUST_CHECK coley_status coley_xml_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                              coley_xml **root, coley_error *err);

/* The first child of that name, or NULL; `node` may be NULL. Marks it as seen. */
coley_xml *coley_xml_child(const coley_xml *node, const char *name);
/* The next sibling of the same name, or NULL. Marks it as seen. */
coley_xml *coley_xml_next(const coley_xml *node);
/* Value of an attribute, or NULL; `node` may be NULL. */
const char *coley_xml_attribute_text(const coley_xml *node, const char *name);
/* Mark an element and all below it as seen. */
void coley_xml_see_all(coley_xml *node);

#endif
