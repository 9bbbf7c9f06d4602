package press

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"parley"
)

func TestSizes(t *testing.T) {
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, image.NewGray(image.Rect(0, 0, 7, 5))); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, image.NewGray(image.Rect(0, 0, 9, 4)), nil); err != nil {
		t.Fatal(err)
	}
	webP := func(chunk, data string) string {
		b, err := hex.DecodeString(strings.ReplaceAll(data, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		return "RIFF\x1c\x00\x00\x00WEBP" + chunk + "\x0a\x00\x00\x00" + string(b)
	}
	for _, c := range []struct {
		name, kind, data string
		width, height    int // 0 = refused
	}{
		{"png", "image/png", asPNG.String(), 7, 5},
		{"jpeg", "image/jpeg", asJPEG.String(), 9, 4},
		{"jpeg called png", "image/png", asJPEG.String(), 0, 0},
		{"webp extended", "image/webp", webP("VP8X", "10000000 8f0100 2b0100"), 400, 300},
		{"webp lossy", "image/webp", webP("VP8 ", "300100 9d012a 9001 2c01"), 400, 300},
		{"webp lossy, wrong start code", "image/webp", webP("VP8 ", "300100 9d012b 9001 2c01"), 0, 0},
		{"webp lossless", "image/webp", webP("VP8L", "2f 8fc14a00 0000000000"), 400, 300},
		{"webp of another kind", "image/webp", webP("ALPH", "00000000000000000000"), 0, 0},
		{"webp cut short", "image/webp", "RIFF\x1c\x00\x00\x00WEBPVP8X", 0, 0},
		{"svg viewBox", "image/svg+xml", `<?xml version="1.0"?><!DOCTYPE svg><!-- x --><svg viewBox="0,0 12.2 6"/>`, 13, 6},
		{"svg size", "image/svg+xml", `<svg width="40px" height="20" viewBox="0 0 1 1"/>`, 40, 20},
		{"svg in per cent", "image/svg+xml", `<svg width="100%" height="100%" viewBox="0 0 4 3"/>`, 4, 3},
		{"svg without size", "image/svg+xml", `<svg/>`, 0, 0},
		{"svg of nonsense size", "image/svg+xml", `<svg viewBox="0 0 1e300 NaN"/>`, 0, 0},
		{"html called svg", "image/svg+xml", `<html width="1" height="1"/>`, 0, 0},
		{"nothing", "image/svg+xml", ``, 0, 0},
	} {
		width, height, err := size(c.kind, strings.NewReader(c.data))
		if c.width == 0 {
			if err == nil {
				t.Errorf("%s: got %d×%d, want an error", c.name, width, height)
			}
		} else if err != nil || width != c.width || height != c.height {
			t.Errorf("%s: got %d×%d, %v, want %d×%d", c.name, width, height, err, c.width, c.height)
		}
	}
}

func TestPicturesInTheTextKeepTheirPlaceFree(t *testing.T) {
	front := "---\n" + goodKeys + "\n---\n"
	p := load(t, fstest.MapFS{
		"maps/old town.svg": {Data: []byte(`<svg viewBox="0 0 30 20"/>`)},
		"good.md":           {Data: []byte(front + "Look:\n\n![A map](maps/old%20town.svg)\n\n![Far](https://far.example/a.png) ![Own](/logo.png)\n")},
		"bad.md":            {Data: []byte(front + "![A map](none.png)\n")},
	})
	if got := sentences(p.Edition()); len(got) != 1 || got[0] != "bad.md: the text names the picture none.png, which cannot be opened" {
		t.Errorf("problems are %q", got)
	}
	html := p.Edition().Article("good").HTML
	for _, want := range []string{
		`<img src="/articles/maps/old%20town.svg" alt="A map" loading="lazy" width="30" height="20"`,
		`<img src="https://far.example/a.png" alt="Far" loading="lazy"`, `<img src="/logo.png" alt="Own" loading="lazy"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the text is %s\nand lacks %s", html, want)
		}
	}
	if w := httptest.NewRecorder(); p.ServePicture(w, httptest.NewRequest("GET", "/", nil), "maps/old town.svg") != nil || w.Code != http.StatusOK {
		t.Error("the picture is not served")
	}
}

func TestPicturesAreServedHarmless(t *testing.T) {
	drawing := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><script>alert(1)</script></svg>`
	p := load(t, fstest.MapFS{"ships/two.svg": {Data: []byte(drawing)}, "page.png": {Data: []byte("<!DOCTYPE html><script>")}})
	for name, kind := range map[string]string{"ships/two.svg": "image/svg+xml", "page.png": "image/png"} {
		w := httptest.NewRecorder()
		if err := p.ServePicture(w, httptest.NewRequest("GET", "/articles/"+name, nil), name); err != nil {
			t.Fatal(err)
		}
		for header, want := range map[string]string{
			"Content-Type":            kind,
			"X-Content-Type-Options":  "nosniff",
			"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
		} {
			if got := w.Header().Get(header); w.Code != http.StatusOK || got != want {
				t.Errorf("%s: %d with %s %q, want %q", name, w.Code, header, got, want)
			}
		}
		again := httptest.NewRequest("GET", "/articles/"+name, nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		w = httptest.NewRecorder()
		if err := p.ServePicture(w, again, name); err != nil || w.Code != http.StatusNotModified {
			t.Errorf("%s asked for again: %d %v, want 304", name, w.Code, err)
		}
	}
}

func TestOnlyPicturesOfTheFolderAreServed(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "secret.png", "secret")
	folder := t.TempDir()
	write(t, folder, "a.md", goodFront+"Text.")
	write(t, folder, ".hidden.png", "hidden")
	if err := os.Mkdir(filepath.Join(folder, "folder.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.png"), filepath.Join(folder, "link.png")); err != nil {
		t.Fatal(err)
	}
	p, _ := loadFolder(t, folder)
	for _, name := range []string{
		"", ".", "..", "a.md", ".hidden.png", "folder.png", "link.png", "missing.png", "../" + filepath.Base(outside) + "/secret.png",
		"x/../../secret.png", "/etc/secret.png", outside + "/secret.png", `..\secret.png`, "a\x00.png", "%2e%2e/secret.png", strings.Repeat("a", 5000) + ".png",
	} {
		w := httptest.NewRecorder()
		err := p.ServePicture(w, httptest.NewRequest("GET", "/", nil), name)
		if parley.CodeOf(err) != parley.CodeNotFound || w.Body.Len() > 0 {
			t.Errorf("%.40q: got %v and %d bytes, want not_found and nothing written", name, err, w.Body.Len())
		}
	}
}
