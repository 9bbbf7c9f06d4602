package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley"
)

func TestDecodeIsStrict(t *testing.T) {
	type request struct {
		Body   string    `json:"body"`
		Parent parley.ID `json:"parent"`
		On     *bool     `json:"on"`
	}
	for name, c := range map[string]struct {
		media, body string
		want        parley.Code
	}{
		"good":              {"application/json", `{"body":"x","parent":"12","on":true}`, ""},
		"good with charset": {"application/json; charset=utf-8", `{"body":"x"}`, ""},
		"null parent":       {"application/json", `{"parent":null}`, ""},
		"form":              {"application/x-www-form-urlencoded", `body=x`, parley.CodeMediaType},
		"text":              {"text/plain", `{"body":"x"}`, parley.CodeMediaType},
		"no media type":     {"", `{"body":"x"}`, parley.CodeMediaType},
		"unknown":           {"application/json", `{"bodi":"x"}`, parley.CodeUnknownMember},
		"other case":        {"application/json", `{"BODY":"x"}`, parley.CodeUnknownMember},
		"twice":             {"application/json", `{"body":"x","body":"y"}`, parley.CodeMalformed},
		"twice by escape":   {"application/json", `{"body":"x","b\u006fdy":"y"}`, parley.CodeMalformed},
		"wrong kind":        {"application/json", `{"body":{}}`, parley.CodeMalformed},
		"number for an id":  {"application/json", `{"parent":12}`, parley.CodeMalformed},
		"leading zero":      {"application/json", `{"parent":"012"}`, parley.CodeNotFound},
		"list":              {"application/json", `[]`, parley.CodeMalformed},
		"nothing":           {"application/json", ``, parley.CodeMalformed},
		"two values":        {"application/json", `{} {}`, parley.CodeMalformed},
		"cut off":           {"application/json", `{"body":"x`, parley.CodeMalformed},
		"bad UTF-8":         {"application/json", "{\"body\":\"\xff\"}", parley.CodeMalformed},
		"very deep":         {"application/json", `{"body":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + `}`, parley.CodeMalformed},
		"too large":         {"application/json", `{"body":"` + strings.Repeat("x", maxJSON) + `"}`, parley.CodeTooLarge},
	} {
		var in request
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.media)
		err := Decode(httptest.NewRecorder(), r, &in)
		got := parley.Code("")
		if err != nil {
			got = Refusal(err).Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, c.want, err)
		}
	}
}

// strictly is a member that is as strict as the request around it.
type strictly struct{ Exact string }

func (m *strictly) UnmarshalJSON(text []byte) error {
	var in struct {
		Exact string `json:"exact"`
	}
	err := DecodeObject(text, &in)
	m.Exact = in.Exact
	return err
}

func TestDecodeNamesTheMemberAtFault(t *testing.T) {
	type words struct {
		Text string `json:"text"`
	}
	type request struct {
		words
		Parent  parley.ID `json:"parent"`
		Passage strictly  `json:"passage"`
	}
	for body, want := range map[string]string{
		`{"text":"x","passage":{"exact":"y"}}`:      "",
		`{"text":7}`:                                "text",
		`{"words":{"text":"x"}}`:                    "words",
		`{"parent":"-1"}`:                           "parent",
		`{"passage":{"exact":"y","colour":"red"}}`:  "colour",
		`{"passage":{"exact":"y","exact":"z"}}`:     "exact",
		`{"passage":{"exact":7}}`:                   "exact",
		`{"passage":["y"]}`:                         "passage",
		`{"passage":"y"}`:                           "passage",
		`{"text":"x","text":"y","passage":{"z":1}}`: "text",
	} {
		var in request
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		err := Decode(httptest.NewRecorder(), r, &in)
		if want == "" {
			if err != nil || in.Text != "x" || in.Passage.Exact != "y" {
				t.Errorf("%s: %+v (%v)", body, in, err)
			}
			continue
		}
		if got := Refusal(err); got.Field != want {
			t.Errorf("%s: the member at fault is %q, want %q (%v)", body, got.Field, want, err)
		}
	}
}

func TestCanonical(t *testing.T) {
	for address, want := range map[string]string{
		"/s/12":                            "",
		"/s/12?sort=oldest":                "",
		"/s/12?sort=oldest&utm_source=x":   "https://forum.example/s/12?sort=oldest",
		"/s/12?utm_source=x":               "https://forum.example/s/12",
		"/s/12?sort=":                      "https://forum.example/s/12",
		"/s/12?sort=oldest&sort=newest":    "https://forum.example/s/12?sort=oldest",
		"/s/12?cursor=b&sort=oldest&a=b;c": "https://forum.example/s/12?cursor=b&sort=oldest",
	} {
		w := httptest.NewRecorder()
		did := Canonical(w, httptest.NewRequest(http.MethodGet, address, nil), "https://forum.example", "sort", "cursor")
		if did != (want != "") || w.Header().Get("Location") != want {
			t.Errorf("%s → %q, want %q", address, w.Header().Get("Location"), want)
		}
	}
}
