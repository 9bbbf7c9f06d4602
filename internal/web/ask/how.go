package ask

import (
	"net/http"

	"parley"
	"parley/internal/forecast"
	"parley/internal/web"
	"parley/internal/web/page"
)

type howView struct {
	page.Frame
	Yardstick                                                 []step
	CrowdFrom, FewSettled, EnoughSettled, FewestOthers, Parts int
}

// counting shows how answers are counted and scored, in short. docs/question.md is the whole of it.
func (a *Ask) counting(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, a.f.Site.BaseURL) {
		return nil
	}
	body, err := a.Lasting(r.Context(), "how answers are counted", "", func() ([]byte, error) {
		v := howView{
			Frame: a.Frame("How answers are counted"), Yardstick: a.yardstick(), CrowdFrom: parley.CrowdFrom,
			FewSettled: forecast.FewSettled, EnoughSettled: forecast.EnoughSettled, FewestOthers: forecast.FewestOthers, Parts: forecast.Parts,
		}
		v.Canonical, v.Styles = a.f.Site.BaseURL+"/q/"+how, []string{argumentStyle}
		return a.View("how", v)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}
