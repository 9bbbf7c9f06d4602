package main

import (
	"io"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
)

// progress gives a callback that draws a bar where somebody looks.
func progress(w io.Writer, what string) func(done, total int64) {
	if !interactive(w) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
				progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set64(done) // a bar that cannot be drawn is no reason to stop
	}
}

// counting is progress for counts.
func counting(w io.Writer, what string) func(done, total int) {
	draw := progress(w, what)
	if draw == nil {
		return nil
	}
	return func(done, total int) { draw(int64(done), int64(total)) }
}

// lineEvery is how often a log, where nobody sees a bar, is told how far a stage is.
const lineEvery = 10 * time.Second

// stages gives a callback for work in several stages: a bar for each where somebody looks, and lines otherwise.
func stages(w io.Writer) func(stage string, done, total int64) {
	var now string
	var draw func(done, total int64)
	var told time.Time
	ended := false
	return func(stage string, done, total int64) {
		if stage != now {
			now, draw, told, ended = stage, progress(w, stage), time.Time{}, false
		}
		switch {
		case total == 0:
		case draw != nil:
			draw(done, total)
		case !ended && (done == total || time.Since(told) >= lineEvery):
			told, ended = time.Now(), done == total
			say(w, "%s: %s of %s (%d %%)", stage, humanize.Comma(done), humanize.Comma(total), 100*done/total)
		}
	}
}
