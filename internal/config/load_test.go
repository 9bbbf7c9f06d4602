package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file in a fresh folder and gives both paths.
func write(t *testing.T, name, text string) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

func load(t *testing.T, in Input) Loaded {
	t.Helper()
	loaded, err := Load(in)
	if err != nil {
		t.Fatalf("Load(%q, %q): %v", in.Args, in.Environ, err)
	}
	return loaded
}

func TestOrderOfForce(t *testing.T) {
	const asFlag, asEnv, asFile, preset = "127.0.0.1:1001", "127.0.0.1:1002", "127.0.0.1:1003", "127.0.0.1:8080"
	dir, path := write(t, "parley.yaml", "addr: "+asFile+"\n")
	for _, tt := range []struct {
		name    string
		args    []string
		environ []string
		want    string
		source  string
	}{
		{"flag before all", []string{"--data", dir, "--addr", asFlag}, []string{"PARLEY_ADDR=" + asEnv}, asFlag, "flag --addr"},
		{"flag with one dash and =", []string{"-data=" + dir, "-addr=" + asFlag}, nil, asFlag, "flag --addr"},
		{"environment before file", []string{"--data", dir}, []string{"PARLEY_ADDR=" + asEnv}, asEnv, "environment PARLEY_ADDR"},
		{"empty variable is none", []string{"--data", dir}, []string{"PARLEY_ADDR="}, asFile, "file " + path},
		{"last variable of a name", []string{"--data", dir}, []string{"PARLEY_ADDR=x", "PARLEY_ADDR=" + asEnv}, asEnv, "environment PARLEY_ADDR"},
		{"file before default", []string{"--data", dir}, nil, asFile, "file " + path},
		{"data folder from the environment", nil, []string{"PARLEY_DATA=" + dir}, asFile, "file " + path},
		{"named file", []string{"--config", path}, nil, asFile, "file " + path},
		{"named file from the environment", nil, []string{"PARLEY_CONFIG=" + path}, asFile, "file " + path},
		{"default", []string{"--data", t.TempDir()}, nil, preset, "default"},
		{"no data folder, no file", nil, nil, preset, "default"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := load(t, Input{Command: "serve", Args: tt.args, Environ: tt.environ}).Config
			if c.Addr != tt.want || c.Source("addr") != tt.source {
				t.Errorf("addr is %s from %q, want %s from %q", c.Addr, c.Source("addr"), tt.want, tt.source)
			}
		})
	}
}

func TestNamedFileWinsOverTheDataFolders(t *testing.T) {
	dir, _ := write(t, "parley.yaml", "site: folder\n")
	_, named := write(t, "other.yaml", "site: named\n")
	c := load(t, Input{Command: "serve", Args: []string{"--data", dir, "--config", named}}).Config
	if c.Site != "named" || c.Data != dir || c.File != named {
		t.Errorf("got site %q, data %q, file %q", c.Site, c.Data, c.File)
	}
}

func TestEveryKindFromEverySource(t *testing.T) {
	_, path := write(t, "p.yaml", `
site-name: "The \"Ledger\" #1" # a comment
origins:
  - https://www.example.com
  - http://news.localhost:8081
trusted-proxies: 10.0.0.0/8, 192.0.2.7, 2001:db8::/32
hold-unconfirmed: yes
limits: off
smtp-password: |
  from a block
metrics-token: 00112233445566778899
`)
	file := load(t, Input{Command: "serve", Args: []string{"--config", path}}).Config
	flags := load(t, Input{Command: "serve", Args: []string{
		"--site-name", `The "Ledger" #1`, "--origins", "https://www.example.com, http://news.localhost:8081,",
		"--trusted-proxies=10.0.0.0/8,192.0.2.7/32,2001:db8::/32", "--hold-unconfirmed", "--limits", "off",
		"--smtp-password", "from a block", "--metrics-token=00112233445566778899",
	}}).Config
	for _, f := range fields {
		if f.name == "config" {
			continue
		}
		if a, b := file.text(f), flags.text(f); a != b {
			t.Errorf("%s is %q from the file, %q from flags", f.name, a, b)
		}
	}
	if len(file.Origins) != 2 || len(file.TrustedProxies) != 3 || !file.HoldUnconfirmed || file.Limited() {
		t.Errorf("got %+v", file)
	}
	if file.SMTPPassword.Reveal() != "from a block" || flags.SMTPPassword != file.SMTPPassword {
		t.Errorf("the password changed on its way: %q", file.SMTPPassword.Reveal())
	}
	demo := load(t, Input{Command: "demo", Args: []string{"--seed", "-5", "--readers=40"}, Environ: []string{"PARLEY_COMMENTS=12"}}).Config
	if demo.Seed != -5 || demo.Readers != 40 || demo.Comments != 12 {
		t.Errorf("got seed %d, readers %d, comments %d", demo.Seed, demo.Readers, demo.Comments)
	}
}

func TestArgumentsAroundFlags(t *testing.T) {
	own := flag.NewFlagSet("import", flag.ContinueOnError)
	dry := own.Bool("dry-run", false, "")
	loaded := load(t, Input{
		Command: "import", Flags: own,
		Args: []string{"wordpress", "--data", "d", "a.xml", "--dry-run", "b.xml", "-", "--", "--c.xml"},
	})
	if got := strings.Join(loaded.Args, " "); got != "wordpress a.xml b.xml - --c.xml" || !*dry || loaded.Config.Data != "d" {
		t.Errorf("got arguments %q, dry %v, data %q", got, *dry, loaded.Config.Data)
	}
}

func TestHelpIsNoError(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		if _, err := Load(Input{Command: "serve", Args: []string{"--bogus", arg}}); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s gives %v", arg, err)
		}
	}
}

func TestSharedSourcesMayNameOtherCommandsSettings(t *testing.T) {
	_, path := write(t, "p.yaml", "seed: many\nsmtp: mail.example.com:25\n")
	loaded := load(t, Input{Command: "import", Args: []string{"--config", path}, Environ: []string{"PARLEY_LIMITS=sometimes"}})
	if loaded.Config.SMTP != "" || loaded.Config.Source("smtp") != "default" || len(loaded.Warnings) != 0 {
		t.Errorf("import took a setting of serve: %+v, warnings %q", loaded.Config, loaded.Warnings)
	}
}

func TestUnknownVariablesAreWarnings(t *testing.T) {
	loaded := load(t, Input{Command: "serve", Environ: []string{
		"PARLEY_ADRR=:1", "PARLEY_WEATHER=fine", "PARLEY_TEST_POSTGRES=postgres://", "HOME=/", "PARLEYS=1", "PARLEY_SITE=x",
	}})
	want := []string{
		`environment "PARLEY_ADRR" is not known and has no effect; did you mean PARLEY_ADDR?`,
		`environment "PARLEY_WEATHER" is not known and has no effect`,
	}
	if strings.Join(loaded.Warnings, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", loaded.Warnings, want)
	}
}

func TestBaseURLFromAddress(t *testing.T) {
	for _, tt := range []struct{ command, addr, base, want string }{
		{"serve", "127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		{"serve", "[::1]:80", "", "http://[::1]:80"},
		{"serve", "localhost:9", "", "http://localhost:9"},
		{"serve", "localhost:0", "", ""},
		{"serve", ":8080", "", ""},
		{"serve", ":8080", "https://example.com/_parley/", "https://example.com/_parley"},
	} {
		c := load(t, Input{Command: tt.command, Args: []string{"--addr", tt.addr, "--base-url", tt.base}}).Config
		if c.BaseURL != tt.want {
			t.Errorf("addr %s, base %s: got %q, want %q", tt.addr, tt.base, c.BaseURL, tt.want)
		}
	}
	if c := load(t, Input{Command: "import"}).Config; c.BaseURL != "" {
		t.Errorf("import listens nowhere, yet has base URL %s", c.BaseURL)
	}
}
