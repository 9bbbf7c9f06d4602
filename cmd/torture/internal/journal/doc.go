// Package journal keeps what clients of a forum asked for and what they were answered, and judges afterwards what
// the forum holds by it. It knows neither HTTP nor SQL: it is told of requests, of rows and of messages, so that it
// can be tested with fabricated ones.
//
// The judgement rests on three sentences. Acknowledged means there: with its words, once. Refused means absent.
// Unanswered means either, until the same request under the same Idempotency-Key has been answered; then there,
// once.
package journal
