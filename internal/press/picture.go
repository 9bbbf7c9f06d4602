package press

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"parley"
)

// pictureTypes are the kinds of pictures served, by extension. The type is never guessed from the bytes.
var pictureTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".svg": "image/svg+xml",
}

// maxPicture is the most bytes of a picture: far more than a page should carry, and little enough to check.
const maxPicture = 16 << 20

// Picture is one file that an article shows.
type Picture struct {
	Name   string // inside the folder, with "/" between its parts
	Type   string // media type
	Width  int    // in CSS pixels, so that the page keeps its place free
	Height int

	stamp stamp
}

// Path gives the picture's address below the forum's base URL.
func (p *Picture) Path() string { return (&url.URL{Path: Base + p.Name}).EscapedPath() }

// pictureIn finds a picture in the folder and its size.
func pictureIn(dir fs.FS, value any) (*Picture, error) {
	name, ok := value.(string)
	if !ok || !fit(name) {
		return nil, errors.New("must name a file in this folder that ends in .png, .jpg, .jpeg, .webp or .svg")
	}
	f, info, err := open(dir, name)
	if err != nil {
		return nil, fmt.Errorf("names the picture %s, which cannot be opened", name)
	}
	defer f.Close()
	if info.Size() > maxPicture {
		return nil, fmt.Errorf("names the picture %s, which is larger than %d MB", name, maxPicture>>20)
	}
	kind := pictureTypes[path.Ext(name)]
	width, height, err := size(kind, io.LimitReader(f, maxPicture))
	if err != nil {
		return nil, fmt.Errorf("names the picture %s, which is not a readable %s", name, kind)
	}
	return &Picture{Name: name, Type: kind, Width: width, Height: height, stamp: stampOf(info)}, nil
}

// fit tells whether name may be a picture's: inside the folder, of a known kind, and not hidden.
func fit(name string) bool {
	return fs.ValidPath(name) && pictureTypes[path.Ext(name)] != "" && !strings.HasPrefix(name, ".") &&
		!strings.Contains(name, "/.") && !strings.ContainsAny(name, "\\\x00")
}

// ServePicture answers a request for a picture of the folder. It refuses with code not_found before it
// writes anything. SVG is served as well, because the folder belongs to the publisher; the policy and
// "sandbox" keep a drawing from running scripts or loading anything when it is opened by itself.
func (p *Publication) ServePicture(w http.ResponseWriter, r *http.Request, name string) error {
	missing := parley.Errorf(parley.CodeNotFound, "There is no such picture.")
	if !fit(name) {
		return missing
	}
	f, info, err := open(p.dir, name)
	if err != nil {
		return missing.Because(err)
	}
	defer f.Close()
	content, ok := f.(io.ReadSeeker)
	if !ok || info.Size() > maxPicture {
		return missing.Because(fmt.Errorf("serve picture %s of %d bytes: it is too large or cannot be rewound", name, info.Size()))
	}
	etag, err := pictureTag(content, info)
	if err != nil {
		return fmt.Errorf("read picture %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", pictureTypes[path.Ext(name)])
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Cache-Control", "public, max-age=3600, stale-while-revalidate=86400")
	h.Set("ETag", etag)
	http.ServeContent(w, r, name, info.ModTime(), content)
	return nil
}

// pictureTag gives the entity tag: by time and size, or by the bytes themselves where files have no times,
// as in a file system built into the program.
func pictureTag(content io.ReadSeeker, info fs.FileInfo) (string, error) {
	if !info.ModTime().IsZero() {
		return fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()), nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return "", err
	}
	_, err := content.Seek(0, io.SeekStart)
	return `"` + short(sum.Sum(nil)) + `"`, err
}

// open opens a regular file of the folder.
func open(dir fs.FS, name string) (fs.File, fs.FileInfo, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file", name)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}
