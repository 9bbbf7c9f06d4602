package config

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated part of docs/operate/config.md anew")

const (
	docsPath = "../../docs/operate/config.md"
	begin    = "<!-- Generated from the settings in internal/config: go test ./internal/config -update -->\n"
	end      = "<!-- End of the generated part -->\n"
)

// table is the generated part of the documentation.
func table() string {
	var b strings.Builder
	b.WriteString("| Flag | Environment | File key | Default | Read by | Meaning |\n|---|---|---|---|---|---|\n")
	for _, f := range fields {
		key, preset, help := "`"+f.name+"`", "", strings.ReplaceAll(f.help, "<", "&lt;")
		if f.noFile {
			key = "–"
		}
		if f.preset != "" {
			preset = strings.TrimSpace("`" + f.preset + "` " + f.unit)
		}
		if f.secret() {
			help += " Secret: never shown."
		}
		usage := strings.ReplaceAll(strings.TrimSpace("--"+f.name+" "+f.place), "|", `\|`)
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s | %s |\n", usage, f.env, key, preset, strings.Join(f.on, ", "), help)
	}
	return b.String()
}

func TestDocumentationMatchesTheSettings(t *testing.T) {
	text, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, okBegin := strings.Cut(string(text), begin)
	_, tail, okEnd := strings.Cut(rest, end)
	if !okBegin || !okEnd {
		t.Fatalf("%s lacks the lines that mark its generated part", docsPath)
	}
	want := head + begin + "\n" + table() + "\n" + end + tail
	if *update {
		if err := os.WriteFile(docsPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s is not what the settings say; run go test ./internal/config -update", docsPath)
	}
}

func TestTheExampleFileWorks(t *testing.T) {
	text, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```yaml\n")
	example, _, closed := strings.Cut(rest, "```\n")
	if !ok || !closed {
		t.Fatalf("%s holds no example", docsPath)
	}
	dir, path := write(t, "parley.yaml", example)
	loaded := load(t, Input{Command: "serve", Args: []string{"--data", dir}, Environ: []string{"PARLEY_SMTP_PASSWORD=secret"}})
	if err := loaded.Config.Check(); err != nil {
		t.Error(err)
	}
	if got := loaded.Config.Source("base-url"); got != "file "+path {
		t.Errorf("base-url comes from %q, so the example was not read", got)
	}
}
