package api

import (
	"net/http"

	"parley/internal/identity"
	"parley/internal/web"
)

func (a *API) register(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email    string `json:"email"`
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := a.f.Identity.Crowded(); err != nil {
		return err
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowAddress(r, web.PaceRegister); err != nil {
		return err
	}
	reader, token, err := a.f.Identity.Register(r.Context(), identity.Registration{Email: in.Email, Name: in.Name, Password: in.Password})
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusCreated, map[string]any{
		"reader": shapeMe(reader), "thanks": "Thank you for registering, " + reader.Name + ".",
	})
}

func (a *API) signIn(w http.ResponseWriter, r *http.Request) error {
	email, password, err := a.credentials(w, r)
	if err != nil {
		return err
	}
	reader, token, err := a.f.Identity.SignIn(r.Context(), email, password)
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) signInDesk(w http.ResponseWriter, r *http.Request) error {
	email, password, err := a.credentials(w, r)
	if err != nil {
		return err
	}
	reader, token, err := a.f.Identity.SignInDesk(r.Context(), email, password)
	if err != nil {
		return err
	}
	a.f.SignInDesk(w, r, string(token))
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) credentials(w http.ResponseWriter, r *http.Request) (email, password string, err error) {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := a.f.Identity.Crowded(); err != nil {
		return "", "", err
	}
	if err := web.Decode(w, r, &in); err != nil {
		return "", "", err
	}
	return in.Email, in.Password, a.f.AllowSignIn(r, in.Email)
}

func (a *API) signOut(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if who.Reader.ID != 0 {
		if err := a.f.Identity.SignOut(r.Context(), identity.Token(who.Token)); err != nil {
			return err
		}
	}
	a.f.SignOut(w, r)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) redeem(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Verifier string `json:"verifier"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowAddress(r, web.PaceSignIn); err != nil {
		return err
	}
	reader, token, err := a.f.Identity.Redeem(r.Context(), in.Verifier, r.Header.Get("Origin"))
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) changeMe(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	var in struct {
		Hidden *bool `json:"hidden"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if in.Hidden != nil {
		if err := a.f.Identity.HideProfile(r.Context(), who.Reader, *in.Hidden); err != nil {
			return err
		}
		who.Reader.Hidden = *in.Hidden
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(who.Reader)})
}
