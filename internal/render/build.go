package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
)

// Build gives a short name of this program's build for [NewCache]: the same for every copy of a build made from
// a clean checkout, another one whenever the templates or the code around them may be different.
var Build = sync.OnceValue(func() string {
	sum := sha256.New()
	info, _ := debug.ReadBuildInfo()
	clean := false
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				fmt.Fprintln(sum, s.Value)
			case "vcs.modified":
				clean = s.Value == "false"
			}
		}
	}
	if !clean {
		path, _ := os.Executable()
		if file, err := os.Stat(path); err == nil {
			fmt.Fprintln(sum, file.Size(), file.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:4])
})
