// Package markup turns text that strangers wrote into HTML that is safe to
// put into a newspaper's own page, and back.
//
// A comment is Markdown of a small dialect: paragraphs, emphasis, strong,
// ~~struck~~, block quotes, lists, code, links, thematic breaks. What the
// dialect leaves out is shown as the reader typed it: raw HTML, tables,
// footnotes, reference links, underlined headings, links to other schemes than
// http, https and mailto. Headings become a strong paragraph and
// images a link to the picture. A single newline breaks the line, because
// that is what people who never heard of Markdown expect.
//
// Three walls stand between a body and a page:
//
//  1. the length is bounded before the parser starts, and nesting and marks
//     while it runs, so that no body costs more than hundredths of a second;
//  2. the renderer of this package knows about a dozen elements and three
//     attributes and cannot write anything else;
//  3. a strict bluemonday policy runs over its output. It never has anything
//     to do, and a test says so.
//
// Text may not change the direction of what stands around it: characters that
// embed, override or isolate direction (U+202A–U+202E, U+2066–U+2069) are
// removed, also when written as entities. Marks without scope (U+200E, U+200F,
// U+061C), which honest right-to-left text needs, stay. Templates add dir=auto.
package markup
