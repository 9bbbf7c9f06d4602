package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"parley"
)

// maxJSON is the most bytes of a JSON body: the longest comment with every byte escaped, and some room.
const maxJSON = 64 << 10

// Decode reads a request's JSON object into the struct that into points to. It is strict where programs go
// wrong silently: another media type, more than one value, invalid UTF-8, unknown members, members twice or in
// another case and wrong types are refused, naming the member.
func Decode(w http.ResponseWriter, r *http.Request, into any) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return parley.Errorf(parley.CodeMediaType, "Send this request as application/json.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	if err != nil {
		return readError(err)
	}
	return DecodeObject(body, into)
}

// DecodeObject is Decode for one object that is at hand, such as a member of a request's: types of members use it
// to be as strict as the request.
func DecodeObject(body []byte, into any) error {
	if !utf8.Valid(body) {
		return parley.Errorf(parley.CodeMalformed, "The request is not valid UTF-8.")
	}
	members, err := membersOf(body)
	if err != nil {
		return err
	}
	known := fieldsOf(reflect.ValueOf(into).Elem())
	for name, value := range members {
		field, ok := known[name]
		if !ok {
			return parley.Errorf(parley.CodeUnknownMember, "This request does not know the member %q.", clip(name)).On(clip(name))
		}
		if err := json.Unmarshal(value, field.Addr().Interface()); err != nil {
			if refusal, ok := errors.AsType[*parley.Error](err); ok {
				if refusal.Field == "" {
					refusal.Field = name
				}
				return refusal
			}
			return parley.Errorf(parley.CodeMalformed, "The member %q is of the wrong kind.", name).On(name)
		}
	}
	return nil
}

func readError(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return err
	}
	return parley.Errorf(parley.CodeMalformed, "The request broke off before its end.").Because(err)
}

// membersOf splits one JSON object into its members and refuses a member that stands there twice: which of
// the two is meant, every program answers differently.
func membersOf(body []byte) (map[string]json.RawMessage, error) {
	malformed := parley.Errorf(parley.CodeMalformed, "The request is not one JSON object.")
	d := json.NewDecoder(bytes.NewReader(body))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return nil, malformed
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, malformed.Because(err)
		}
		name := token.(string) // an object's member begins with its name
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, malformed.Because(err)
		}
		if _, twice := members[name]; twice {
			return nil, parley.Errorf(parley.CodeMalformed, "The member %q stands there twice.", clip(name)).On(clip(name))
		}
		members[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, malformed.Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed
	}
	return members, nil
}

// fieldsOf gives the fields of a struct by their names in JSON, those of embedded structs among them.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous {
			maps.Copy(fields, fieldsOf(v.Field(i)))
			continue
		}
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		fields[name] = v.Field(i)
	}
	return fields
}

func clip(name string) string { return name[:min(len(name), 40)] }

// WriteJSON answers with a JSON value.
func WriteJSON(w http.ResponseWriter, status int, value any) error {
	return WriteAs(w, status, "application/json", value)
}

// WriteAs answers with a JSON value of a media type of its own.
func WriteAs(w http.ResponseWriter, status int, media string, value any) error {
	body, err := JSON(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever went away needs no answer
	return nil
}

// JSON gives a value as it is answered: safe within HTML, with a line's end.
func JSON(value any) ([]byte, error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(true)
	err := e.Encode(value)
	return body.Bytes(), err
}

// WriteRaw answers with what JSON gave.
func WriteRaw(w http.ResponseWriter, body []byte) error {
	w.Header()["Content-Type"] = applicationJSON
	_, _ = w.Write(body)
	return nil
}

var applicationJSON = []string{"application/json"}

// problem is an error for programs (RFC 9457).
type problem struct {
	Type   string      `json:"type"`
	Title  string      `json:"title"`
	Status int         `json:"status"`
	Code   parley.Code `json:"code"`
	Detail string      `json:"detail"`
	Field  string      `json:"field,omitempty"`
	Retry  float64     `json:"retry_after,omitempty"` // seconds
}

// Problem shows an error as application/problem+json.
func Problem(w http.ResponseWriter, _ *http.Request, e *parley.Error, status int) {
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: e.Code,
		Detail: e.Sentence, Field: e.Field, Retry: e.Retry.Seconds(),
	})
	if err != nil {
		panic(err) // the type has nothing that cannot be encoded
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
