package transfer

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"parley"
)

const (
	exportHead = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<link>https://courier.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://courier.example</wp:base_blog_url>
`
	exportTail = "</channel></rss>\n"
)

func itemHead(id int) string {
	return fmt.Sprintf(`<item><title>Piece %d</title><link>https://courier.example/%d/</link><wp:post_id>%d</wp:post_id>
<wp:post_date_gmt>2024-02-01 08:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
`, id, id, id)
}

func oneComment(id, parent int, text string) string {
	return fmt.Sprintf(`<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Reader %d</wp:comment_author><wp:comment_author_email>r%d@reader.example</wp:comment_author_email>
<wp:comment_date_gmt>2024-02-01 09:%02d:%02d</wp:comment_date_gmt><wp:comment_content><![CDATA[%s]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_type></wp:comment_type><wp:comment_parent>%d</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id></wp:comment>
`, id, id%500, id%500, id/60%60, id%60, text, parent)
}

// stream is an export that is made while it is read.
func stream(write func(w io.Writer)) []File {
	return []File{{Name: "stream.xml", Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() {
			buffered := bufio.NewWriterSize(w, 64<<10)
			io.WriteString(buffered, exportHead)
			write(buffered)
			io.WriteString(buffered, exportTail)
			buffered.Flush()
			w.Close()
		}()
		return r, nil
	}}}
}

// sink takes records and keeps nothing of them.
type sink struct{ ids *parley.IDs }

func (s sink) Story(_ context.Context, r StoryRecord) (parley.ID, bool, error) {
	return s.ids.At(r.PublishedAt), true, nil
}
func (s sink) Reader(_ context.Context, r ReaderRecord) (parley.ID, bool, error) {
	return s.ids.At(r.Since), true, nil
}
func (s sink) Comment(_ context.Context, r CommentRecord) (parley.ID, bool, error) {
	return s.ids.At(r.At), true, nil
}

func TestMemoryStaysBounded(t *testing.T) {
	const megabyte = 1 << 20
	filler := strings.Repeat("All work and no play. ", megabyte/22)
	for _, c := range []struct {
		name     string
		write    func(w io.Writer)
		comments int
		most     uint64 // bytes alive at any moment
	}{
		{"a large export", func(w io.Writer) {
			for i := range 40 {
				io.WriteString(w, itemHead(i+1))
				fmt.Fprintf(w, "<content><![CDATA[%s]]></content>", filler[:megabyte/2])
				for j := range 50 {
					io.WriteString(w, oneComment(100*i+j+1, 0, "Short."))
				}
				io.WriteString(w, "</item>")
			}
		}, 2000, 6 * megabyte},
		{"one endless text", func(w io.Writer) {
			io.WriteString(w, itemHead(1)+"<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content><![CDATA[")
			for range 20 {
				io.WriteString(w, filler)
			}
			io.WriteString(w, "]]></wp:comment_content></wp:comment></item>")
		}, 0, 8 * megabyte},
		{"one text in endless parts", func(w io.Writer) {
			io.WriteString(w, itemHead(1)+"<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>")
			for range 400 {
				io.WriteString(w, "<![CDATA["+filler[:megabyte/20]+"]]><!-- -->"+filler[:100]+"<b>")
				io.WriteString(w, "</b>")
			}
			io.WriteString(w, "</wp:comment_content></wp:comment></item>")
		}, 0, 8 * megabyte},
		{"comments before the page says what it is", func(w io.Writer) {
			io.WriteString(w, "<item>")
			for i := range 200 {
				io.WriteString(w, oneComment(i+1, 0, filler[:60_000]))
			}
			io.WriteString(w, "</item>")
		}, 0, 6 * megabyte},
		{"nothing but replies to what is missing", func(w io.Writer) {
			for i, n := range []int{80, 35, 35, 35, 35, 35, 35} { // too many for one page, then too many for all
				io.WriteString(w, itemHead(i+1))
				for j := range n {
					io.WriteString(w, oneComment(1000*i+j+1, 1_000_000+j, filler[:50_000]))
				}
				io.WriteString(w, "</item>")
			}
		}, 290, 9 * megabyte},
	} {
		t.Run(c.name, func(t *testing.T) {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			before, most, last := m.HeapAlloc, uint64(0), int64(0)
			watch := func(read, _ int64) {
				if read-last < megabyte {
					return
				}
				last = read
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc-min(before, m.HeapAlloc))
			}
			writer := sink{parley.NewIDs(1, func() parley.Time { return today })}
			report, err := WordPress(t.Context(), stream(c.write), Options{Site: courier, Writer: writer, Now: today, Progress: watch})
			if err != nil {
				t.Fatal(err)
			}
			if report.Comments.New != c.comments || uint64(report.Bytes) < c.most+c.most/4 {
				t.Errorf("%d comments of %d bytes came through, want %d: %v %v", report.Comments.New, report.Bytes, c.comments, report.Skipped, report.Items)
			}
			t.Logf("%.1f MB alive at most, of %d MB read", float64(most)/megabyte, report.Bytes/megabyte)
			if most > c.most {
				t.Errorf("%d bytes were alive at a time, want at most %d", most, c.most)
			}
		})
	}
}

// Whatever the order of comments in a file, the same talk comes out.
func TestTheOrderInTheFileDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var comments []string
		for id := 1; id <= 60; id++ {
			parent := random.IntN(id + 5) // up to five that are not there, or come later, or are itself
			if parent > id {
				parent = 900 + parent
			}
			comment := oneComment(id, parent, "Text "+strconv.Itoa(id))
			switch random.IntN(8) {
			case 0:
				comment = strings.Replace(comment, "<wp:comment_approved>1", "<wp:comment_approved>0", 1)
			case 1:
				comment = strings.Replace(comment, "<wp:comment_approved>1", "<wp:comment_approved>spam", 1)
			}
			comments = append(comments, comment)
		}
		var want string
		for range 5 {
			f := newForum(t)
			run(t, f, []byte(exportHead+itemHead(1)+strings.Join(comments, "")+"</item>"+exportTail))
			if got := f.String(); want == "" {
				want = got
			} else if got != want {
				t.Fatalf("another order gives\n%s\nwant\n%s", got, want)
			}
			random.Shuffle(len(comments), func(i, j int) { comments[i], comments[j] = comments[j], comments[i] })
		}
	}
}
