package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// metricName finds what Parley, Go and the process export in an expression.
var metricName = regexp.MustCompile(`\b(?:parley|process|go)_[a-z0-9_]+`)

// TestDashboardAndAlerts holds every expression against what the running program exports, and every metric of the
// program's own against the dashboard and the documentation.
func TestDashboardAndAlerts(t *testing.T) {
	own := freePort(t)
	c := newCollector(t)
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--origins", newsroom, "--metrics-addr", own, "--traces", c.URL)
	odo := stranger(p).register("Odo Pell")
	odo.post(odo.story("tides"), "Counted.")
	odo.ask("GET", "/nowhere", nil, 404)
	exported := map[string]bool{}
	for line := range strings.Lines(odo.get("http://" + own + "/metrics").body) {
		if name := metricName.FindString(line); name != "" && !strings.HasPrefix(line, "#") {
			exported[name] = true
		}
	}

	shown := map[string]bool{}
	for place, expression := range expressions(t) {
		names := metricName.FindAllString(expression, -1)
		if len(names) == 0 {
			t.Errorf("%s asks for nothing: %s", place, expression)
		}
		for _, name := range names {
			shown[name] = true
			if !exported[name] {
				t.Errorf("%s asks for %s, which the program does not export", place, name)
			}
		}
	}
	documented, err := os.ReadFile("../../docs/operate/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range exported {
		family := name
		for _, end := range []string{"_bucket", "_sum", "_count"} {
			family = strings.TrimSuffix(family, end)
		}
		if !strings.HasPrefix(name, "parley_") {
			continue
		}
		if !shown[name] && !shown[family+"_bucket"] && name != "parley_build_info" {
			t.Errorf("nothing on the dashboard shows %s", name)
		}
		if !strings.Contains(string(documented), "`"+family+"`") {
			t.Errorf("docs/operate/metrics.md does not tell what %s is", family)
		}
	}
}

// expressions gives everything that the dashboard and the alerts ask for, by where it stands.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	var board struct {
		SchemaVersion int
		Templating    struct{ List []struct{ Name, Type string } }
		Panels        []struct {
			ID      int
			Title   string
			Type    string
			Targets []struct {
				Expr       string
				Datasource struct{ UID string }
			}
		}
	}
	text, err := os.ReadFile("../../docs/operate/grafana/parley.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	var rows []string
	ids := map[int]bool{}
	for _, panel := range board.Panels {
		if panel.Type == "row" {
			rows = append(rows, panel.Title)
		}
		if ids[panel.ID] {
			t.Errorf("two panels have the id %d", panel.ID)
		}
		ids[panel.ID] = true
		for _, target := range panel.Targets {
			all[panel.Title+": "+target.Expr] = target.Expr
			if target.Datasource.UID != "${datasource}" {
				t.Errorf("%s asks %q, not the data source that was chosen", panel.Title, target.Datasource.UID)
			}
		}
	}
	if !slices.Equal(rows, []string{"Readers", "Writing", "Live", "Followers", "Machine"}) || board.Templating.List[0].Type != "datasource" {
		t.Errorf("the dashboard has the rows %v and the variables %v", rows, board.Templating.List)
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations struct{ Summary, Description string }
			}
		}
	}
	if text, err = os.ReadFile("../../docs/operate/grafana/alerts.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &rules); err != nil {
		t.Fatal(err)
	}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			all[rule.Alert] = rule.Expr
			if rule.Annotations.Summary == "" || rule.Annotations.Description == "" {
				t.Errorf("%s does not say what to do", rule.Alert)
			}
		}
	}
	return all
}
