package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
)

// teller makes one event and gives its id.
type teller func(ctx context.Context) (id string, err error)

// live holds streams on one story and tells all of them of a new comment each second, while ten comments a second
// are written elsewhere. A time counts from when the comment was sent. The limit is a bare server of streams.
func (b *bench) live(ctx context.Context) error {
	const perSecond = 10
	r := &figures.Result{
		Workload: "live", Connections: b.streams, Limit: "net/http streams, told by hand", Driver: own,
		Goal: figures.Goal{P99ms: 2000, RSS: 640 << 20},
	}
	limit, err := b.startBare(ctx, "bare-streams", nil)
	if err != nil {
		return err
	}
	var slow, idle []float64
	talk := b.newTalker(storyLive)
	elsewhere := b.newTalker(storyWrite)
	peerSide := func(ctx context.Context) (figures.Run, error) {
		during, end := context.WithCancel(ctx)
		defer end()
		wrote := make(chan figures.Run, 1)
		writing := func() {
			go func() {
				wrote <- drive.Open{Base: b.server.Base, Rate: perSecond, For: time.Hour, Connections: writers, Source: elsewhere.talk}.Run(during)
			}()
		}
		run, share, err := b.fanOut(ctx, b.server, b.peer.Stream(storyLive), b.peer.Heard, writing, func(ctx context.Context) (string, error) {
			return b.tell(ctx, talk)
		})
		if err != nil {
			return run, err
		}
		end()
		w := <-wrote
		run.Errors += w.Errors
		slow, idle = append(slow, w.P95), append(idle, 100*share)
		return run, nil
	}
	limitSide := b.bareFan(limit)
	err = b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
		return peerSide, limitSide, func() error { return nil }, nil
	})
	if err != nil {
		return err
	}
	r.Add("p95 of the ten comments a second, ms", slow)
	r.Add("CPU with nothing to tell, % of a core", idle)
	return limit.Stop()
}

// bareFan gives the side that tells the streams of a bare server.
func (b *bench) bareFan(limit *machine.Process) side {
	told := 0
	return func(ctx context.Context) (figures.Run, error) {
		run, _, err := b.fanOut(ctx, limit, drive.Request{Path: "/events"}, heardBare, nil, func(ctx context.Context) (string, error) {
			told++
			id := fmt.Sprint("bare", told)
			_, err := drive.Must(ctx, limit.Base, drive.Request{Method: "POST", Path: "/tell?" + url.Values{"id": {id}}.Encode()})
			return id, err
		})
		return run, err
	}
}

// tell writes a comment and gives its id.
func (b *bench) tell(ctx context.Context, talk *talker) (string, error) {
	talk.mu.Lock()
	talk.n++
	n := talk.n
	talk.mu.Unlock()
	answer, err := drive.Must(ctx, b.server.Base, b.peer.Write(n, talk.story, "", fmt.Sprintf("News of the hour, %s%d.", talk.mark, n), fmt.Sprint(talk.mark, n)))
	return b.peer.Written(answer.Body), err
}

func heardBare(line []byte) string {
	var got struct{ ID string }
	if len(line) < 6 || json.Unmarshal(line[6:], &got) != nil {
		return ""
	}
	return got.ID
}

// fanOut opens streams, watches the peer's idle and lets begin, then tells all of them of an event each second.
// It gives what came of the events, and the share of a core that the idle streams took.
func (b *bench) fanOut(ctx context.Context, p *machine.Process, r drive.Request, heard func([]byte) string, begin func(), tell teller) (run figures.Run, idle float64, err error) {
	crowd, err := drive.Watch(ctx, p.Base, r, b.streams, heard)
	if err != nil {
		return run, 0, err
	}
	defer crowd.Close()
	if begin != nil {
		calm, err := b.metered(p.PID, func(ctx context.Context) (figures.Run, error) {
			select {
			case <-ctx.Done():
			case <-time.After(b.idle):
			}
			return figures.Run{}, nil
		})(ctx)
		if err != nil {
			return run, 0, err
		}
		idle = calm.CPU / b.idle.Seconds()
		begin()
	}
	run, err = b.metered(p.PID, func(ctx context.Context) (figures.Run, error) { return b.tellAll(ctx, crowd, tell) })(ctx)
	return run, idle, err
}

// tellAll tells a crowd of one event each second.
func (b *bench) tellAll(ctx context.Context, crowd *drive.Crowd, tell teller) (run figures.Run, err error) {
	var took []time.Duration
	begun := time.Now()
	for range b.events {
		second := time.After(time.Second)
		since := time.Now()
		id, err := tell(ctx)
		if err != nil {
			return run, err
		}
		each, errors := crowd.Heard(ctx, id, since)
		took = append(took, each...)
		run.Errors += errors
		select {
		case <-second:
		case <-ctx.Done():
		}
	}
	run.Seconds, run.Requests = time.Since(begun).Seconds(), int64(len(took))
	run.P50, run.P95, run.P99 = figures.Percentile(took, 50), figures.Percentile(took, 95), figures.Percentile(took, 99)
	return run, nil
}
