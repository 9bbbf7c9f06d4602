// Package parley holds the nouns of a readers' forum and the rules that need nothing but the nouns.
// It imports the standard library alone; everything else in the module imports it.
//
// # The words
//
// A [Site] has [Story] pages; a story has one conversation, made of threads (a root [Comment] with its
// replies). A [Reader] becomes a commenter by writing. A moderator, editor, author or administrator is a
// reader with a [Role]. Readers recommend comments, [Report] them, [Follow] readers, threads and stories,
// mute for themselves and block both ways. A feed lists what follows bring; a [Notice] tells one reader one
// thing. A [Decision] restricts or restores a comment. Everything that happens is an [Event].
//
// A story's text has a [Version] for each of its states; a [Passage] is words of it that readers talk about, a
// [Correction] what a reader says is wrong in it, a [Sequel] what has happened since. A story may carry one
// [Question]; a reader's [Answer] is a [Step] of a yardstick, its reason a comment, and a [Settlement] by two
// editors says how it ended. A [Milestone] marks a day on the picture of what readers thought.
//
// The same word stands for the same thing in Go, SQL, JSON, CSS and the documentation.
//
// # The map
//
//	internal/config  db  markup  mail  locale
//	         quota  anchor  forecast  chart      tools                                    floor 1
//	internal/store                               rows ↔ nouns; appends events             floor 2
//	internal/live                                event tail → hub → open pages            floor 3
//	internal/conversation  moderation  notify
//	         identity  transfer  press
//	         passages  question                  the verbs                                floor 4
//	internal/render                              the one set of conversation templates    floor 5
//	internal/web                                 handler type, sessions, errors, assets   floor 6
//	internal/web/page                            the frame of every HTML page             floor 7
//	internal/web/api  web/pages  web/ask
//	         web/desk  demo                      JSON v1, all pages, the sample site      floor 8
//	cmd/parley                                   flags and wiring                         floor 9
//
// A package imports only lower floors, never a neighbour; arch_test.go holds the table and says why.
package parley
