package pages

import (
	"net/http"
	"strings"

	"parley/internal/web"
)

type bridgeView struct {
	frame
	Origins string // the exact origins that are heard and told, parted by spaces
}

// bridge is the hidden frame through which tabs of the site's different origins hear that somebody has signed
// in or out.
func (p *Pages) bridge(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL) {
		return nil
	}
	body, err := p.lasting(r.Context(), "bridge", "", func() ([]byte, error) {
		v := bridgeView{frame: p.frame(p.f.Site.Name), Origins: strings.Join(p.f.Site.Origins, " ")}
		return p.view("bridge", v)
	})
	if err != nil {
		return err
	}
	web.AllowFrames(w.Header(), p.f.Site)
	web.ServeShared(w, r, body)
	return nil
}
