package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sentences checks an error's lines against wanted ones, in any order; FILE in
// the wanted ones stands for path.
func sentences(t *testing.T, err error, path string, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	got := strings.Split(err.Error(), "\n")
	for _, w := range want {
		w = strings.ReplaceAll(w, "FILE", path)
		found := false
		for i, line := range got {
			if line == w {
				got, found = append(got[:i], got[i+1:]...), true
				break
			}
		}
		if !found {
			t.Errorf("missing %q\nin %v", w, err)
		}
	}
	if len(got) > 0 && !t.Failed() {
		t.Errorf("unwanted %q", got)
	}
}

func TestWrongFlags(t *testing.T) {
	for _, tt := range []struct {
		name, args string
		want       []string
	}{
		{"unknown", "--address :1", []string{`flag "--address" is not known; did you mean --addr?`}},
		{"unknown and far from all", "--frobnicate", []string{`flag "--frobnicate" is not known`}},
		{"environment name as a flag", "--PARLEY_ADDR=:1", []string{`flag "--PARLEY_ADDR" is not known`}},
		{"own flag mistyped", "--dryrun", []string{`flag "--dryrun" is not known; did you mean --dry-run?`}},
		{"own flag with a wrong value", "--dry-run=perhaps", []string{`flag --dry-run: "perhaps" does not fit: parse error`}},
		{"of another command", "--readers 5", []string{"flag --readers belongs to parley demo, not to parley serve"}},
		{"twice", "--site a --site b", []string{"flag --site is given twice; keep one of them"}},
		{"no value at the end", "--data", []string{"flag --data needs a value"}},
		{"no value before a flag", "--data --addr :1", []string{"flag --data needs a value"}},
		{"word not in the list", "--limits sometimes", []string{`flag --limits: "sometimes" is not one of on, off`}},
		{"bool", "--hold-unconfirmed=perhaps", []string{`flag --hold-unconfirmed: "perhaps" is neither true nor false`}},
		{"networks", "--trusted-proxies here,10.0.0.1/8,10.0.0.0/8", []string{
			`flag --trusted-proxies: "here" is not a network such as 10.0.0.0/8; "10.0.0.1/8" is not the start of a network; did you mean 10.0.0.0/8?`}},
		{"control character", "--site-name=a\x1b[31mb", []string{"flag --site-name: the value must stand on one line, without control characters"}},
		{"not UTF-8", "--site-name=a\xff", []string{"flag --site-name: the value is not valid UTF-8"}},
		{"missing file", "--config /nowhere/p.yaml", []string{"file /nowhere/p.yaml cannot be read: no such file or directory"}},
		{"several together", "--address :1 --limits x --log-level y --data", []string{
			`flag "--address" is not known; did you mean --addr?`, "flag --data needs a value",
			`flag --limits: "x" is not one of on, off`, `flag --log-level: "y" is not one of debug, info, warn, error`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			own := flag.NewFlagSet("serve", flag.ContinueOnError)
			own.Bool("dry-run", false, "")
			_, err := Load(Input{Command: "serve", Args: strings.Split(tt.args, " "), Flags: own})
			sentences(t, err, "", tt.want...)
		})
	}
}

func TestWrongNumbers(t *testing.T) {
	_, err := Load(Input{Command: "demo", Args: []string{"--readers", "many", "--comments=1e3"}, Environ: []string{"PARLEY_SEED=9223372036854775808"}})
	sentences(t, err, "",
		`flag --readers: "many" is not a whole number`,
		`flag --comments: "1e3" is not a whole number`,
		`environment PARLEY_SEED: "9223372036854775808" is not a whole number`)
}

func TestWrongFiles(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"unknown key", "\naddress: :1\n", []string{`file FILE line 2 sets "address", which is not known; did you mean addr?`}},
		{"doubled key", "addr: :1\nsite: a\naddr: :2\n", []string{"file FILE line 3 sets addr again, after line 1; keep one of them"}},
		{"doubled unknown key", "x1: 1\nx1: 2\n", []string{`file FILE line 1 sets "x1", which is not known`, "file FILE line 2 sets x1 again, after line 1; keep one of them"}},
		{"wrong value", "# a comment\nlog-level: loud\n", []string{`file FILE line 2, log-level: "loud" is not one of debug, info, warn, error`}},
		{"no value", "addr:\nsite: ~\n", []string{"file FILE line 1 sets addr, but gives no value", "file FILE line 2 sets site, but gives no value"}},
		{"list for one value", "addr: [a, b]\n", []string{"file FILE line 1 sets addr, but a list stands where one value is expected"}},
		{"mapping for a value", "smtp:\n  host: a\n", []string{"file FILE line 1 sets smtp, but something nested stands where one value is expected"}},
		{"list in a list", "origins: [[a]]\n", []string{"file FILE line 1 sets origins, but a list stands where one value is expected"}},
		{"alias", "site: &x main\nsite-name: *x\n", []string{
			"file FILE line 1 sets site, but something nested stands where one value is expected",
			"file FILE line 2 sets site-name, but something nested stands where one value is expected"}},
		{"names another file", "config: other.yaml\n", []string{"file FILE line 1 sets config, which only a flag or the environment can set"}},
		{"no mapping", "just words\n", []string{`file FILE line 1 is no list of settings; each needs its own line, such as "addr: 127.0.0.1:8080"`}},
		{"sequence", "- a\n- b\n", []string{`file FILE line 1 is no list of settings; each needs its own line, such as "addr: 127.0.0.1:8080"`}},
		{"two documents", "site: a\n---\nsite: b\n", []string{"file FILE line 3 begins a second document; keep one"}},
		{"several lines", "site-name: |\n  a\n  b\n", []string{"file FILE line 1, site-name: the value must stand on one line, without control characters"}},
		{"several together", "address: a\nlimits: x\nsmtp: []\n", []string{
			`file FILE line 1 sets "address", which is not known; did you mean addr?`,
			`file FILE line 2, limits: "x" is not one of on, off`,
			"file FILE line 3 sets smtp, but a list stands where one value is expected"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, path := write(t, "p.yaml", tt.text)
			_, err := Load(Input{Command: "serve", Args: []string{"--config", path}})
			sentences(t, err, path, tt.want...)
		})
	}
}

func TestFilesThatHoldNothing(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# only a comment\n", "---\n", "--- # nothing\n"} {
		_, path := write(t, "p.yaml", text)
		if _, err := Load(Input{Command: "serve", Args: []string{"--config", path}}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFilesThatAreNoneOfOurs(t *testing.T) {
	for name, text := range map[string]string{
		"open quote": "smtp-password: \"hunter2\nsite: a\n",
		"open list":  "origins: [a, hunter2\n",
		"tab":        "site:\n\t- hunter2\n",
		"binary":     "SQLite format 3\x00\x10\x00\x01\x01\x00@  \x00\xffhunter2",
		"too large":  strings.Repeat("# hunter2\n", largestFile/10+1),
	} {
		_, path := write(t, "p.yaml", text)
		_, err := Load(Input{Command: "serve", Args: []string{"--config", path}})
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if s := err.Error(); !strings.HasPrefix(s, "file "+path) || strings.Contains(s, "hunter2") || strings.Contains(s, "\n") {
			t.Errorf("%s: %s", name, s)
		}
	}
}

func TestUnreadableFileInTheDataFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.yaml")
	if err := os.Mkdir(path, 0o700); err != nil { // a folder reads as no file, even for root
		t.Fatal(err)
	}
	_, err := Load(Input{Command: "serve", Args: []string{"--data", dir}})
	sentences(t, err, path, "file FILE cannot be read: is a directory")
}

func TestDataFolderThatIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Input{Command: "serve", Args: []string{"--data", path}})
	sentences(t, err, path, "the data folder FILE is not a folder")
}
