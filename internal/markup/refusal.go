package markup

import "parley"

// MaxBody is the most bytes of a comment that [Comment] takes.
const MaxBody = parley.MaxBody

// MaxImport is the most bytes of a comment that [Clean], [Imported] and
// [FromHTML] take.
const MaxImport = parley.MaxImportedBody

func tooLong() error {
	return parley.Errorf(parley.CodeBodyTooLong,
		"This comment is too long. It may have up to 10,000 bytes, which is about 1,600 English words.").On("body")
}

func importTooLong() error {
	return parley.Errorf(parley.CodeBodyTooLong, "This comment is too long: even an imported one may have up to 65,536 bytes.").On("body")
}

// tangled is for imports only: what readers write is shown, however tangled.
func tangled() error {
	return parley.Errorf(parley.CodeBodyTangled, "This comment has too many brackets, or elements too deep inside each other, to be read.").On("body")
}

func notText() error {
	return parley.Errorf(parley.CodeBodyInvalid, "This comment is not readable text: it is not valid UTF-8, or has a NUL character in it.").On("body")
}

func empty() error {
	return parley.Errorf(parley.CodeBodyEmpty, "There is nothing to read in this comment yet.").On("body")
}
