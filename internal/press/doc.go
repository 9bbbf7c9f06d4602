// Package press makes article pages out of a folder of Markdown files, for small publications that have no
// content system of their own and for the sample site.
//
// A file SLUG.md opens with YAML front matter between two lines of "---" and goes on in Markdown:
//
//	---
//	title: Two ships at the Long Quay      required
//	published: 2026-11-16T06:30:00+01:00   required, RFC 3339; the zone is kept and shown
//	standfirst: What the piece says, in a sentence or two.
//	section: Opinion
//	author: Aurel Whitcombe
//	updated: 2026-11-17T09:00:00+01:00     when it was last changed
//	written: 2026-11-12T18:00:00+01:00     when the author finished it, where that was long before
//	author_email: aurel@meridian.example   whose account with this confirmed address is the author's; never shown
//	picture: two-ships.svg                 png, jpg, jpeg, webp or svg in the same folder
//	caption: Two ships for two customers.
//	alt: What the picture shows, for those who do not see it.
//	note: Who the author is; stands at the end.
//	passages: false                        no talk about single passages
//	questions: false                       no open question
//	closed: true                           closes the conversation; taking the line out does not open it again
//	---
//
// A [Publication] looks at its folder again when it is asked, at most once a second, and reads only what
// changed. What it gives out is an [Edition] that never changes afterwards, so a page in the making sees one
// state of things. A file with a mistake is named in [Edition.Problems] and left out, and the others are
// served; when a file that was good is spoiled, the last good text stays until it is mended.
//
// The folder is an [io/fs.FS]. For a folder on disk give the FS of an [os.Root]: then no link and no name
// leads out of it.
package press
