package db

import "testing"

func TestNameless(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1":      "SELECT 1",
		"SELECT $1, $2": "SELECT ?, ?",
		"INSERT INTO t VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)": "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?)",
		"SELECT $2, $1":                   "SELECT $2, $1",
		"SELECT $1, $1":                   "SELECT $1, $1",
		"SELECT $1, $3":                   "SELECT $1, $3",
		"SELECT $1, $10":                  "SELECT $1, $10",
		"SELECT $1 WHERE a = 'x' AND $2":  "SELECT ? WHERE a = 'x' AND ?",
		"SELECT $1 WHERE a = '$2' AND $2": "SELECT $1 WHERE a = '$2' AND $2",
		"SELECT 'it''s', $1":              "SELECT 'it''s', ?",
		"SELECT $name":                    "SELECT $name",
	} {
		if got := nameless(text); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}
