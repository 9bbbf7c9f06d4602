// Command assets bundles the browser code into internal/web/assets/dist, which is committed, so that building
// Parley needs Go alone. Run it after every change under browser/: go run ./cmd/assets
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// dist is where the bundles go, from the module's root.
const dist = "internal/web/assets/dist"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	files, err := bundle(root)
	if err != nil {
		return err
	}
	folder := filepath.Join(root, dist)
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(folder, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Printf("%-32s %7d B %7d B gzip\n", name, len(files[name]), zipped(files[name]))
	}
	return nil
}

// named are the entries that keep their names from release to release.
var named = []api.EntryPoint{
	{InputPath: "browser/conversation/embed.ts", OutputPath: "embed"},
	{InputPath: "browser/conversation/embed.css", OutputPath: "embed"},
	{InputPath: "browser/argument/argument.css", OutputPath: "argument"},
	{InputPath: "browser/page/page.css", OutputPath: "page"},
	{InputPath: "browser/page/early.ts", OutputPath: "early"},
	{InputPath: "browser/page/login.ts", OutputPath: "login"},
	{InputPath: "browser/page/bridge.ts", OutputPath: "bridge"},
}

// further are the entries that the server names where they are needed, with a hash of their contents.
var further = []api.EntryPoint{
	{InputPath: "browser/argument/passages.ts", OutputPath: "passages"},
	{InputPath: "browser/argument/question.ts", OutputPath: "question"},
}

// part is what a file is called that is loaded on need.
const part = "embed-[name]-[hash]"

// bundle builds every entry of browser/ and gives the contents by file name. Two runs on the same sources give
// the same bytes.
func bundle(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	if err := build(root, files, named, "[name]"); err != nil {
		return nil, err
	}
	// Apart, so that what both use does not become a further file that the first script has to wait for.
	return files, build(root, files, further, part)
}

func build(root string, files map[string][]byte, entries []api.EntryPoint, names string) error {
	built := api.Build(api.BuildOptions{
		AbsWorkingDir: root, EntryPointsAdvanced: entries,
		Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022,
		// The oldest browsers with declarative shadow roots, nested rules and light-dark().
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineFirefox, Version: "123"}, {Name: api.EngineSafari, Version: "17.5"},
		},
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Charset: api.CharsetUTF8, Outdir: dist, EntryNames: names, ChunkNames: part, LogLevel: api.LogLevelSilent,
	})
	if len(built.Errors) > 0 {
		return errors.New(api.FormatMessages(built.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage})[0])
	}
	for _, file := range built.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return nil
}

// moduleRoot gives the folder of go.mod, so that the command works from any folder of the module.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no go.mod in this folder or above it")
		}
		folder = filepath.Dir(folder)
	}
}

func zipped(data []byte) int {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = z.Write(data)
	_ = z.Close()
	return out.Len()
}
