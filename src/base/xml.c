/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml.c -- libxml2's tree without network, entities and document types, copied element by element. */
#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <string.h>

#include "base/text.h"

typedef struct tree_copy {
    coley_arena *arena;
    const char *file;
    size_t n_elements;
    coley_error *err;
} tree_copy;

static const char *text_of(const xmlChar *text)
{
    return (const char *)text;
}

/* The text and CDATA directly inside, blanks around it cut off. */
static const char *inner_text(coley_arena *arena, const xmlNode *from)
{
    coley_text all = {.arena = arena};
    for (const xmlNode *n = from->children; n; n = n->next)
        if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
            coley_text_add(&all, text_of(n->content), strlen(text_of(n->content)));
    if (all.failed) return NULL;
    if (!all.data) return "";
    static const char blank[] = " \t\r\n";
    char *text = all.data + strspn(all.data, blank);
    size_t length = strlen(text);
    while (length && strchr(blank, text[length - 1])) length--;
    text[length] = '\0';
    return text;
}

static coley_status copy_attributes(tree_copy *c, const xmlNode *from, coley_xml *to)
{
    size_t n = 0;
    for (const xmlAttr *a = from->properties; a; a = a->next) n++;
    coley_xml_attribute *list = COLEY_NEW(c->arena, coley_xml_attribute, n);
    if (!list) return COLEY_FAIL_MEMORY(c->err);
    to->n_attributes = n;
    to->attribute = list;
    for (const xmlAttr *a = from->properties; a; a = a->next, list++) {
        const char *value = a->children && a->children->content ? text_of(a->children->content) : "";
        list->name = coley_arena_text(c->arena, text_of(a->name), strlen(text_of(a->name)));
        list->value = coley_arena_text(c->arena, value, strlen(value));
        if (!list->name || !list->value) return COLEY_FAIL_MEMORY(c->err);
    }
    return COLEY_OK;
}

/* libxml2 allows 256 levels, so this may call itself. */
static coley_status copy_element(tree_copy *c, const xmlNode *from, coley_xml *parent, coley_xml **made)
{
    const int line = (int)xmlGetLineNo((xmlNode *)from);
    if (++c->n_elements > COLEY_XML_MAX_ELEMENTS)
        return COLEY_FAIL_AT(c->err, COLEY_ERR_INPUT, ((coley_place){.file = c->file, .line = line}),
                             "more than %d elements", COLEY_XML_MAX_ELEMENTS);
    coley_xml *to = COLEY_NEW(c->arena, coley_xml, 1);
    if (!to) return COLEY_FAIL_MEMORY(c->err);
    *made = to;
    to->name = coley_arena_text(c->arena, text_of(from->name), strlen(text_of(from->name)));
    to->text = inner_text(c->arena, from);
    if (!to->name || !to->text) return COLEY_FAIL_MEMORY(c->err);
    to->line = line;
    to->parent = parent;
    COLEY_TRY(copy_attributes(c, from, to));
    coley_xml **next = &to->first;
    for (const xmlNode *n = from->children; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE) continue;
        COLEY_TRY(copy_element(c, n, to, next));
        next = &(*next)->next;
    }
    return COLEY_OK;
}

/* A document type is where entities and addresses of other files come from: the parser stops there. */
static void stop_at_doctype(void *self, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    xmlParserCtxtPtr parser = self;
    *(int *)parser->_private = parser->input ? parser->input->line : 1;
    xmlStopParser(parser);
}

static coley_status fault_of(xmlParserCtxtPtr parser, const char *name, int doctype_line, coley_error *err)
{
    if (doctype_line)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = name, .line = doctype_line}),
                             "a DOCTYPE, which may define entities, is not taken; delete it");
    const xmlError *e = xmlCtxtGetLastError(parser);
    const char *message = e && e->message ? e->message : "not XML";
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT,
                         ((coley_place){.file = name, .line = e ? e->line : 0, .column = e ? e->int2 : 0}),
                         "not well-formed XML: %.*s", (int)strcspn(message, "\n"), message);
}

coley_status coley_xml_parse(coley_arena *arena, const char *name, const char *bytes, size_t length, coley_xml **root,
                             coley_error *err)
{
    if (length > COLEY_XML_MAX_BYTES)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = name}), "longer than %d bytes",
                             COLEY_XML_MAX_BYTES);
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser) return COLEY_FAIL_MEMORY(err);
    int doctype_line = 0;
    parser->_private = &doctype_line;
    parser->sax->internalSubset = stop_at_doctype;
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;
    xmlDocPtr document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL, options);
    coley_status status;
    if (!document || doctype_line || !xmlDocGetRootElement(document)) {
        status = fault_of(parser, name, doctype_line, err);
    } else {
        tree_copy copy = {.arena = arena, .file = name, .err = err};
        status = copy_element(&copy, xmlDocGetRootElement(document), NULL, root);
    }
    xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    return status;
}

coley_status coley_xml_read(coley_arena *arena, const char *path, coley_xml **root, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, COLEY_XML_MAX_BYTES, &bytes, &length, err));
    return coley_xml_parse(arena, path, bytes, length, root, err);
}

static coley_xml *named(coley_xml *node, const char *name)
{
    while (node && strcmp(node->name, name) != 0) node = node->next;
    if (node) node->seen = true;
    return node;
}

coley_xml *coley_xml_child(const coley_xml *node, const char *name)
{
    return node ? named(node->first, name) : NULL;
}

coley_xml *coley_xml_next(const coley_xml *node)
{
    return named(node->next, node->name);
}

const char *coley_xml_attribute_text(const coley_xml *node, const char *name)
{
    for (size_t i = 0; node && i < node->n_attributes; i++)
        if (strcmp(node->attribute[i].name, name) == 0) return node->attribute[i].value;
    return NULL;
}

void coley_xml_see_all(coley_xml *node)
{
    if (!node) return;
    node->seen = true;
    for (coley_xml *child = node->first; child; child = child->next) coley_xml_see_all(child);
}
