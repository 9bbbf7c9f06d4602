package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// largestFile is far above any real settings file; it guards against a path that
// names something else, such as a database or a device.
const largestFile = 256 << 10

// readFile gives the values in a settings file. An empty path, or a missing file
// that nobody asked for by name, holds none.
func readFile(path string, wanted bool) (map[string]given, error) {
	if path == "" {
		return nil, nil
	}
	text, err := readSome(path)
	if errors.Is(err, fs.ErrNotExist) && !wanted {
		return nil, nil
	}
	if errors.Is(err, syscall.ENOTDIR) && !wanted {
		return nil, fmt.Errorf("the data folder %s is not a folder", filepath.Dir(path))
	}
	if err != nil {
		var inner *fs.PathError // names the path once more
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("file %s cannot be read: %w", path, err)
	}
	return parseFile(path, text)
}

// readSome reads a file of at most largestFile bytes.
func readSome(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if err == nil && len(text) > largestFile {
		err = fmt.Errorf("it is larger than %d KiB, so it is hardly a settings file", largestFile>>10)
	}
	return text, err
}

// parseFile reads one flat YAML mapping from setting names to values.
func parseFile(path string, text []byte) (map[string]given, error) {
	// Doubled keys are let through here, to be reported by name below.
	tree, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, fmt.Errorf("file %s is not YAML: %s", path, yamlReason(err))
	}
	r := fileReader{path: path, found: map[string]given{}, lines: map[string]int{}}
	for i, doc := range tree.Docs {
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case ast.MapNode:
			if i > 0 {
				r.complain(doc.Body, "begins a second document; keep one")
				break
			}
			for pair := body.MapRange(); pair.Next(); {
				r.read(pair.Key(), pair.Value())
			}
		default:
			r.complain(doc.Body, `is no list of settings; each needs its own line, such as "addr: 127.0.0.1:8080"`)
		}
	}
	return r.found, errors.Join(r.problems...)
}

// yamlReason gives line and cause without the excerpt, which could show a secret.
func yamlReason(err error) string {
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return "it cannot be understood"
	}
	line := 0
	if t := syntax.GetToken(); t != nil {
		line = t.Position.Line
	}
	return fmt.Sprintf("line %d: %s", line, syntax.GetMessage())
}

// fileReader collects the values of one file, and what is wrong with it.
type fileReader struct {
	path     string
	found    map[string]given
	lines    map[string]int // where a name stood first
	problems []error
}

func (r *fileReader) complain(at ast.Node, sentence string) {
	r.problems = append(r.problems, fmt.Errorf("file %s line %d %s", r.path, at.GetToken().Position.Line, sentence))
}

// read takes one "name: value".
func (r *fileReader) read(key ast.MapKeyNode, value ast.Node) {
	name := key.GetToken().Value
	f, ok := settingByFlag(name)
	if first, twice := r.lines[name]; twice {
		r.complain(key, fmt.Sprintf("sets %s again, after line %d; keep one of them", clip(name), first))
		return
	}
	r.lines[name] = key.GetToken().Position.Line
	if !ok {
		r.complain(key, fmt.Sprintf("sets %s, which is not known%s", quote(name), didYouMean("", name, fileKeys())))
		return
	}
	if f.noFile {
		r.complain(key, "sets "+name+", which only a flag or the environment can set")
		return
	}
	text, err := scalars(value, f.isList())
	if err != nil {
		r.complain(key, "sets "+name+", but "+err.Error())
		return
	}
	place := fmt.Sprintf("file %s line %d, %s", r.path, r.lines[name], name)
	r.found[name] = given{text, "file " + r.path, place}
}

// scalars gives the text of a value, as it was written, or of a list's values,
// joined by commas.
func scalars(value ast.Node, listed bool) (string, error) {
	switch v := value.(type) {
	case *ast.NullNode:
		return "", errors.New("gives no value")
	case *ast.LiteralNode:
		return strings.TrimSuffix(v.Value.Value, "\n"), nil
	case *ast.SequenceNode:
		if !listed {
			return "", errors.New("a list stands where one value is expected")
		}
		var words []string
		for _, item := range v.Values {
			word, err := scalars(item, false)
			if err != nil {
				return "", err
			}
			words = append(words, word)
		}
		return strings.Join(words, ","), nil
	case *ast.StringNode:
		return v.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return value.GetToken().Value, nil
	default:
		return "", errors.New("something nested stands where one value is expected")
	}
}

func fileKeys() []string {
	var names []string
	for _, f := range fields {
		if !f.noFile {
			names = append(names, f.name)
		}
	}
	return names
}
