package storetest

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // makes and drops the schemas
)

// The environment variables that say where PostgreSQL is, and whether leaving it out is a failure.
const (
	serverVariable = "PARLEY_TEST_POSTGRES"
	allVariable    = "PARLEY_TEST_ALL"
)

var sayOnce sync.Once

// server gives the address of the PostgreSQL to test on, "" when there is none.
func server(t testing.TB) string {
	t.Helper()
	if address := os.Getenv(serverVariable); address != "" {
		return address
	}
	if os.Getenv(allVariable) != "" {
		t.Errorf("%s asks for every test, but %s does not say where PostgreSQL is", allVariable, serverVariable)
		return ""
	}
	sayOnce.Do(func() { t.Logf("left out: PostgreSQL, because %s is not set", serverVariable) })
	return ""
}

// Postgres gives the address of an empty PostgreSQL database that is there until the test ends, and leaves the test out
// where there is no server.
func Postgres(t testing.TB) string {
	t.Helper()
	address := server(t)
	if address == "" {
		t.Skip("left out: no PostgreSQL")
	}
	return schema(t, address)
}

// schema makes an empty schema and gives the address that works in it. It is dropped when the test ends.
func schema(t testing.TB, server string) string {
	t.Helper()
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not an address: %v", serverVariable, err)
	}
	name := "parley_test_" + strings.ToLower(rand.Text()[:16])
	run := func(statement string) {
		pool, err := sql.Open("pgx", server)
		if err == nil {
			defer pool.Close()
			_, err = pool.Exec(statement)
		}
		if err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	run("CREATE SCHEMA " + name)
	t.Cleanup(func() { run("DROP SCHEMA " + name + " CASCADE") })
	query := address.Query()
	query.Set("search_path", name)
	address.RawQuery = query.Encode()
	return address.String()
}
