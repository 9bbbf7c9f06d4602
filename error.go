package parley

import (
	"errors"
	"fmt"
	"time"
)

// Kind sorts refusals by what the asker can do about them. The web floor turns each into one HTTP status.
type Kind int

// The kinds of refusal.
const (
	KindInternal   Kind = iota // our fault; the asker can only try later
	KindInvalid                // the request itself is wrong
	KindSignIn                 // nobody is signed in, or not well enough
	KindForbidden              // this reader may not do this
	KindNotFound               // nothing there, or nothing this viewer may know of
	KindConflict               // the state of things forbids it now
	KindMismatch               // same idempotency key, other request
	KindTooLarge               // more bytes than the limit
	KindTooMany                // a rate limit
	KindBusy                   // a queue is full or storage is away for a moment
	KindNoStorage              // the disk is full
	KindBadMedia               // a body of the wrong media type
	KindBadMethod              // an address that knows other methods
	KindGone                   // a link that has been used up or has lapsed
	KindBadAddress             // a request for a host or an origin that is not ours
)

// Code is the stable name of a refusal. Programs may rely on it; sentences may change.
type Code string

// Error is a refusal with two audiences: strangers see Code and Sentence only, the operator's log sees Err.
type Error struct {
	Code     Code
	Sentence string        // a whole sentence a reader understands
	Field    string        // the request member at fault, when there is one
	Retry    time.Duration // when trying again may help; zero says nothing
	Err      error         // the cause, never shown to strangers
}

// Error gives the text for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Sentence, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Sentence)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes a refusal with a sentence for the reader. An error among args is kept as the cause only when
// format wraps it with %w.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Sentence: err.Error(), Err: errors.Unwrap(err)}
}

// On names the request member at fault and gives the same error.
func (e *Error) On(field string) *Error { e.Field = field; return e }

// After says when trying again may help and gives the same error.
func (e *Error) After(d time.Duration) *Error { e.Retry = d; return e }

// Because keeps the cause for the log and gives the same error.
func (e *Error) Because(err error) *Error { e.Err = err; return e }

// CodeOf gives the code of the first refusal in err's chain, CodeInternal for any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Code
	}
	return CodeInternal
}
