package main

import (
	"strings"
	"testing"
)

func TestAnsweredAfterSync(t *testing.T) {
	const wrote = `7 pwrite64(5, "\0a\1"..., 4096, 32) = 4096` + "\n"
	const answered = `8 write(9, "HTTP/1.1 201 Created\r\n\r\na"..., 99) = 99` + "\n"
	for name, c := range map[string]struct {
		calls       string
		good, syncs int
	}{
		"in order":           {wrote + "7 fdatasync(5) = 0\n" + answered, 1, 1},
		"in pieces":          {wrote + "7 fdatasync(5 <unfinished ...>\n8 fsync(6) = 0\n7 <... fdatasync resumed>) = 0\n" + answered, 1, 2},
		"not saved":          {wrote + answered, 0, 0},
		"answered too early": {wrote + answered + "7 fdatasync(5) = 0\n", 0, 1},
		"meanwhile":          {wrote + "7 fdatasync(5 <unfinished ...>\n" + answered + "7 <... fdatasync resumed>) = 0\n", 0, 1},
		"saved before":       {"7 fdatasync(5) = 0\n" + wrote + answered, 0, 1},
		"begun before":       {"7 fdatasync(5 <unfinished ...>\n" + strings.Replace(wrote, "7", "6", 1) + "7 <... fdatasync resumed>) = 0\n" + answered, 0, 1},
		"another file":       {wrote + "7 fdatasync(6) = 0\n" + answered, 0, 1},
		"failed":             {wrote + "7 fdatasync(5) = -1 EIO (Input/output error)\n" + answered, 0, 1},
		"refused":            {wrote + "7 fdatasync(5) = 0\n" + strings.Replace(answered, "201", "500", 1), 0, 1},
		"never written":      {"7 fdatasync(5) = 0\n" + answered, 0, 1},
	} {
		good, syncs, err := answeredAfterSync(strings.NewReader(c.calls), []string{"a"})
		if good != c.good || syncs != c.syncs || err != nil {
			t.Errorf("%s: %d good, %d calls, %v", name, good, syncs, err)
		}
	}
}
