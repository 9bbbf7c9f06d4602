package transfer

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"parley"
)

// Rewrite moves addresses that begin with From to begin with To, as after a move to another host.
type Rewrite struct{ From, To string }

// CheckRewrites tells what is wrong with a table of rewrites for the site, or nil.
func CheckRewrites(site parley.Site, table []Rewrite) error {
	for _, r := range table {
		for _, address := range []string{r.From, r.To} {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				return fmt.Errorf("rewrite %s to %s: %q must be an address that begins with http:// or https://", r.From, r.To, address)
			}
		}
		if _, err := site.StoryURL(r.To); err != nil {
			return fmt.Errorf("rewrite %s to %s: %s is not on the site, which is at %s", r.From, r.To, r.To, strings.Join(site.Origins, ", "))
		}
	}
	return nil
}

// rewrite applies the longest row that fits. A row fits at the end of a host or of a part of the path only:
// https://news.example says nothing of https://news.example.org.
func rewrite(table []Rewrite, address string) string {
	var best Rewrite
	for _, r := range table {
		if len(r.From) > len(best.From) && begins(address, r.From) {
			best = r
		}
	}
	if best.From == "" {
		return address
	}
	rest := address[len(best.From):]
	if strings.HasSuffix(best.To, "/") {
		rest = strings.TrimPrefix(rest, "/")
	} else if strings.HasSuffix(best.From, "/") {
		rest = "/" + rest
	}
	return best.To + rest
}

func begins(address, from string) bool {
	if len(address) < len(from) || !strings.EqualFold(address[:len(from)], from) {
		return false
	}
	rest := address[len(from):]
	return rest == "" || strings.HasSuffix(from, "/") || strings.ContainsRune("/?#", rune(rest[0]))
}

// storyURL gives the canonical address on the site of a link in an export, and whether it had to be moved
// from http to https: exports of old sites are full of links from before the move.
func storyURL(site parley.Site, table []Rewrite, link string) (address string, upgraded bool, err error) {
	link = rewrite(table, link)
	address, err = site.StoryURL(link)
	return address, strings.HasPrefix(link, "http:") && strings.HasPrefix(address, "https:"), err
}

// home finds where an export says its site is: WordPress names it before the first item.
var home = regexp.MustCompile(`<(?:wp:base_blog_url|wp:base_site_url|link)>\s*(?:<!\[CDATA\[)?\s*https?://([^/<\]\s]+)`)

// Origin gives the origin of the site an export was made of, always with https, or "" when the beginning of
// the file does not say.
func Origin(file File) (string, error) {
	in, err := file.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	head, err := io.ReadAll(io.LimitReader(in, 64<<10))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", file.Name, err)
	}
	found := home.FindSubmatch(head)
	if found == nil {
		return "", nil
	}
	return "https://" + strings.ToLower(string(found[1])), nil
}
