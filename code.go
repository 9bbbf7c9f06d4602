package parley

import (
	"maps"
	"slices"
)

// The codes of refusals. docs/errors.md lists them with the statuses they arrive with.
const (
	CodeInternal         Code = "internal"
	CodeBusy             Code = "busy"
	CodeStorageFull      Code = "storage_full"
	CodeStorageReadOnly  Code = "storage_read_only"
	CodeNotFound         Code = "not_found"
	CodeMethod           Code = "method_not_allowed"
	CodeMediaType        Code = "unsupported_media_type"
	CodeCrossOrigin      Code = "cross_origin"
	CodeMalformed        Code = "malformed"
	CodeUnknownMember    Code = "unknown_member"
	CodeUnknownParameter Code = "unknown_parameter"
	CodeTooLarge         Code = "too_large"
	CodeTooManyRequests  Code = "too_many_requests"
	CodeSignInRequired   Code = "sign_in_required"
	CodeSignInFailed     Code = "sign_in_failed"
	CodeForbidden        Code = "forbidden"
	CodeBadCursor        Code = "bad_cursor"
	CodeBadSort          Code = "bad_sort"
	CodeBadLimit         Code = "bad_limit"
	CodeBadStory         Code = "bad_story"
	CodeBadReason        Code = "bad_reason"
	CodeBodyEmpty        Code = "body_empty"
	CodeBodyTooLong      Code = "body_too_long"
	CodeBodyInvalid      Code = "body_invalid"
	CodeBodyTangled      Code = "body_tangled"
	CodeNoteTooLong      Code = "note_too_long"
	CodeParentElsewhere  Code = "parent_elsewhere"
	CodeParentGone       Code = "parent_gone"
	CodeClosed           Code = "conversation_closed"
	CodeNotYours         Code = "not_yours"
	CodeOwnComment       Code = "own_comment"
	CodeSelf             Code = "self"
	CodeTooLate          Code = "too_late"
	CodeNotPublished     Code = "not_published"
	CodeBlocked          Code = "blocked"
	CodeProfileHidden    Code = "profile_hidden"
	CodeTooManyFollows   Code = "too_many_follows"
	CodeKeyInvalid       Code = "idempotency_key_invalid"
	CodeKeyReused        Code = "idempotency_key_reused"
	CodeDuplicate        Code = "duplicate_comment"
	CodeNameInvalid      Code = "name_invalid"
	CodeNameTaken        Code = "name_taken"
	CodeEmailInvalid     Code = "email_invalid"
	CodePasswordShort    Code = "password_too_short"
	CodePasswordLong     Code = "password_too_long"
	CodePasswordWeak     Code = "password_too_common"
	CodeLinkGone         Code = "link_gone"
	CodeWrongCode        Code = "wrong_code"
	CodeDecidedAlready   Code = "decided_already"
	CodeBadTransition    Code = "bad_transition"
	CodePassageUnknown   Code = "passage_unknown"
	CodePassageLong      Code = "passage_too_long"
	CodePassagesOff      Code = "passages_off"
	CodePassagesFull     Code = "too_many_passages"
	CodeTextLong         Code = "text_too_long"
	CodeTextEmpty        Code = "text_empty"
	CodeBadSource        Code = "bad_source"
	CodeTooManyOpen      Code = "too_many_suggestions"
	CodeBadStep          Code = "bad_step"
	CodeBadOutcome       Code = "bad_outcome"
	CodeBadDay           Code = "bad_day"
	CodeQuestionsOff     Code = "questions_off"
	CodeQuestionClosed   Code = "question_closed"
	CodeQuestionThere    Code = "question_there"
	CodeQuestionPrivate  Code = "question_private_person"
	CodeQuestionDead     Code = "question_counts_dead"
	CodeOwnQuestion      Code = "own_question"
	CodeQuestionMoved    Code = "question_reworded"
	CodeTooManyAnswers   Code = "too_many_answers"
	CodeCrowdHidden      Code = "crowd_hidden"
	CodeSettlementWaits  Code = "settlement_waiting"
	CodeSecondEditor     Code = "second_editor_needed"
	CodeTooManyMarks     Code = "too_many_milestones"
)

var kinds = map[Code]Kind{
	CodeInternal: KindInternal, CodeBusy: KindBusy, CodeStorageFull: KindNoStorage, CodeStorageReadOnly: KindBusy,
	CodeNotFound: KindNotFound, CodeMethod: KindBadMethod, CodeMediaType: KindBadMedia, CodeCrossOrigin: KindForbidden,
	CodeMalformed: KindInvalid, CodeUnknownMember: KindInvalid, CodeUnknownParameter: KindInvalid,
	CodeTooLarge: KindTooLarge, CodeTooManyRequests: KindTooMany,
	CodeSignInRequired: KindSignIn, CodeSignInFailed: KindSignIn, CodeForbidden: KindForbidden,
	CodeBadCursor: KindInvalid, CodeBadSort: KindInvalid, CodeBadLimit: KindInvalid, CodeBadStory: KindInvalid,
	CodeBadReason: KindInvalid, CodeBodyEmpty: KindInvalid, CodeBodyTooLong: KindInvalid, CodeBodyInvalid: KindInvalid,
	CodeBodyTangled: KindInvalid, CodeNoteTooLong: KindInvalid,
	CodeParentElsewhere: KindInvalid, CodeParentGone: KindConflict, CodeClosed: KindConflict,
	CodeNotYours: KindForbidden, CodeOwnComment: KindForbidden, CodeSelf: KindInvalid, CodeTooLate: KindForbidden,
	CodeNotPublished: KindConflict, CodeBlocked: KindForbidden, CodeProfileHidden: KindForbidden,
	CodeTooManyFollows: KindConflict, CodeKeyInvalid: KindInvalid, CodeKeyReused: KindMismatch, CodeDuplicate: KindConflict,
	CodeNameInvalid: KindInvalid, CodeNameTaken: KindConflict, CodeEmailInvalid: KindInvalid,
	CodePasswordShort: KindInvalid, CodePasswordLong: KindInvalid, CodePasswordWeak: KindInvalid,
	CodeLinkGone: KindGone, CodeWrongCode: KindForbidden,
	CodeDecidedAlready: KindConflict, CodeBadTransition: KindConflict,
	CodePassageUnknown: KindConflict, CodePassageLong: KindInvalid, CodePassagesOff: KindForbidden, CodePassagesFull: KindConflict,
	CodeTextLong: KindInvalid, CodeTextEmpty: KindInvalid, CodeBadSource: KindInvalid, CodeTooManyOpen: KindConflict,
	CodeBadStep: KindInvalid, CodeBadOutcome: KindInvalid, CodeBadDay: KindInvalid, CodeQuestionsOff: KindForbidden,
	CodeQuestionClosed: KindConflict, CodeQuestionThere: KindConflict, CodeQuestionPrivate: KindForbidden,
	CodeQuestionDead: KindForbidden, CodeOwnQuestion: KindForbidden, CodeQuestionMoved: KindConflict,
	CodeTooManyAnswers: KindConflict, CodeCrowdHidden: KindForbidden, CodeSettlementWaits: KindConflict,
	CodeSecondEditor: KindForbidden, CodeTooManyMarks: KindConflict,
}

// Kind gives what sort of refusal c is; a code that is not in the table counts as internal.
func (c Code) Kind() Kind { return kinds[c] }

// Codes lists every code, sorted, for the documentation and its test.
func Codes() []Code { return slices.Sorted(maps.Keys(kinds)) }
