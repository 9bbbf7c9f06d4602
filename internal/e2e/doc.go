// Package e2e tests Parley as its readers meet it: the program that operators start, in a real Chromium that Go
// drives. It holds tests only.
//
// Every test that needs a browser is left out, with a line that says so, where no Chromium is on the PATH; with
// PARLEY_TEST_ALL set that is a failure. Tests wait for conditions, never for times; the times they measure
// are logged, not judged, because a slow machine proves nothing.
package e2e
