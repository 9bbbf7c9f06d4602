package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that never prints itself: every fmt verb, slog and JSON see
// only whether it is set. Reveal gives the value where it is used.
type Secret string

// mask has one length for every secret, so that it does not tell theirs.
const mask = "********"

// Reveal gives the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Masked gives "" for an empty secret and a row of stars for any other.
func (s Secret) Masked() string {
	if s == "" {
		return ""
	}
	return mask
}

// Format writes the masked value, whatever the verb.
func (s Secret) Format(state fmt.State, _ rune) { io.WriteString(state, s.Masked()) }

// LogValue gives slog the masked value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.Masked()) }

// MarshalText gives JSON and its kind the masked value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Masked()), nil }
