// Package demo is The Meridian, a small opinion site in a country that does not exist: seven pieces, the
// talk under each of them, five accounts to try, a second magazine on another host name of the same site,
// and a mailbox that shows what Parley would have sent.
//
// What was written by hand is in the folder content. A piece is SLUG.md; SLUG.talk is what readers say under it
// ([Said] has the form), SLUG.argument.yaml what its text said before, corrections, its question and what has
// happened since ([Argument]); almanac.yaml holds the small settled questions of the second magazine. One piece
// has passages, versions and an open question, another a settled one; of one, both are switched off.
//
// Everything is written through the verbs that readers and imports use, and nothing outside the data folder is
// touched. [Seed] brings in what was written by hand, [Generate] adds made-up talk for those who want to see
// a large forum; both add nothing when they run again on the same folder.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed content
var content embed.FS

// Pieces gives the folder of articles and pictures, for press.Load.
func Pieces() fs.FS {
	folder, err := fs.Sub(content, "content")
	if err != nil {
		panic("demo: " + err.Error()) // the name is a constant: only a broken build fails
	}
	return folder
}
