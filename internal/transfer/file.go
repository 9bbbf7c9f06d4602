package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File is one file to import.
type File struct {
	Name string // as the report names it
	Size int64  // bytes, for the progress; 0 when unknown
	Open func() (io.ReadCloser, error)
}

// Files names files on disk, in order. It fails when one is not there or is not a file, before anything is
// imported.
func Files(paths ...string) ([]File, error) {
	var files []File
	var errs []error
	for _, path := range paths {
		info, err := os.Stat(path)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is not a file", path)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		open := func() (io.ReadCloser, error) { return os.Open(path) }
		files = append(files, File{Name: filepath.Base(path), Size: info.Size(), Open: open})
	}
	return files, errors.Join(errs...)
}

// progressEvery is how many bytes are read between two calls of the progress function.
const progressEvery = 256 << 10

// meter counts what is read, over all files.
type meter struct {
	io.Reader
	read, total, told int64
	tell              func(read, total int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.read += int64(n)
	if m.tell != nil && m.read != m.told && (m.read-m.told >= progressEvery || err != nil) {
		m.told = m.read
		m.tell(m.read, max(m.total, m.read))
	}
	return n, err
}
