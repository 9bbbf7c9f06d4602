package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTableOfParleyConfig(t *testing.T) {
	dir, path := write(t, "parley.yaml", "site-name: The Ledger\nsmtp-password: hunter2hunter2\norigins: [https://a.b, https://c.d]\n")
	c := load(t, Input{
		Command: "config",
		Args:    []string{"--data", dir, "--hold-unconfirmed", "--trusted-proxies=10.0.0.0/8"},
		Environ: []string{"PARLEY_DATABASE=postgres://u:hunter2@db/x"},
	}).Config
	var out strings.Builder
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(out.String()) {
		words := strings.Fields(line)
		rows[words[0]] = strings.Join(words[1:], " ")
	}
	for name, want := range map[string]string{
		"SETTING":          "VALUE SOURCE",
		"data":             dir + " flag --data",
		"addr":             "127.0.0.1:8080 default",
		"base-url":         "http://127.0.0.1:8080 default",
		"articles":         "- default",
		"database":         "******** environment PARLEY_DATABASE",
		"site-name":        "The Ledger file " + path,
		"origins":          "https://a.b, https://c.d file " + path,
		"hold-unconfirmed": "true flag --hold-unconfirmed",
		"trusted-proxies":  "10.0.0.0/8 flag --trusted-proxies",
		"smtp-password":    "******** file " + path,
		"metrics-token":    "- default",
	} {
		if rows[name] != want {
			t.Errorf("%s: got %q, want %q", name, rows[name], want)
		}
	}
	if _, shown := rows["readers"]; shown {
		t.Error("the table shows a setting of the demo")
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("a secret is printed:\n%s", out.String())
	}
}

func TestSecretsNeverPrintThemselves(t *testing.T) {
	c := Config{Database: "hunter2", SMTPPassword: "hunter2", MetricsToken: "hunter2"}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10s"} {
		fmt.Fprintf(&out, verb+verb+verb, c, &c, c.Database)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("start", "config", c, "token", c.MetricsToken)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "config", c, "token", c.MetricsToken)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{"hunter2", fmt.Sprintf("%x", "hunter2")} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("a secret is printed: %s", out.String())
		}
	}
	if n := strings.Count(out.String(), mask); n < 20 {
		t.Errorf("only %d masks printed, so the test looked at nothing", n)
	}
	if Secret("").Masked() != "" || Secret("x").Masked() != Secret("longer").Masked() {
		t.Error("a mask must tell whether a secret is set, and not its length")
	}
}

func TestUsageNamesWhatACommandReads(t *testing.T) {
	var serve, demo strings.Builder
	Usage(&serve, "serve")
	Usage(&demo, "demo")
	want := "  --addr HOST:PORT\n        Where the server listens."
	if !strings.Contains(serve.String(), want) || !strings.Contains(serve.String(), "(default 127.0.0.1:8080, PARLEY_ADDR)") {
		t.Errorf("help lacks --addr:\n%s", serve.String())
	}
	if strings.Contains(serve.String(), "--seed") || !strings.Contains(demo.String(), "  --seed N\n") || strings.Contains(demo.String(), "--smtp") {
		t.Errorf("help mixes commands:\n%s", demo.String())
	}
}

func TestTagsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f.name] || f.help == "" || !strings.HasSuffix(f.help, ".") || len(f.on) == 0 {
			t.Errorf("%s: doubled, or without a help sentence or commands", f.name)
		}
		seen[f.name] = true
		for _, command := range f.on {
			if !slices.Contains([]string{"serve", "demo", "import", "backup", "restore", "doctor"}, command) {
				t.Errorf("%s: unknown command %s", f.name, command)
			}
		}
		if f.place == "" && !f.isBool() {
			t.Errorf("%s: nothing stands for its value in the help", f.name)
		}
	}
	for i := range reflect.TypeFor[Config]().NumField() {
		if f := reflect.TypeFor[Config]().Field(i); f.IsExported() && f.Tag.Get("flag") == "" {
			t.Errorf("field %s has no flag tag, so nobody can set it", f.Name)
		}
	}
	for _, command := range []string{"serve", "demo", "import", "config"} {
		if c := Default(command); c.Site != "main" || c.Source("site") != "default" {
			t.Errorf("defaults of %s: %+v", command, c)
		}
	}
}
