// Package render holds the one set of templates that every page, fragment and answer shows a conversation
// with, and the cache that keeps the finished bytes.
//
// Views are built for nobody: no byte of them depends on who asks, so one rendering serves every reader and
// every cache in between. What belongs to one reader is laid over it in the browser, from `me`.
//
// Addresses are absolute, from [parley.Site.BaseURL], because the same bytes stand on the forum's own pages
// and under articles on other hosts.
package render
