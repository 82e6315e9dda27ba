package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// describe says an error in a language, chosen by the type of the error. What
// has no sentence of its own is the library's English.
func describe(m *i18n.Messages, err error) string {
	var usage *usageError
	var coded *codedError
	switch {
	case errors.As(err, &usage):
		return usage.text(m)
	case errors.As(err, &coded):
		return coded.text(m)
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		return m.Errors.Interrupted
	}
	for _, say := range []func(*i18n.Messages, error) string{sayToken, sayLevel, sayDocument, sayLook, sayFile} {
		if s := say(m, err); s != "" {
			return s
		}
	}
	return fmt.Sprintf(m.Errors.Other, err)
}

func sayToken(m *i18n.Messages, err error) string {
	e := &m.Errors
	var auth *token.AuthError
	var device *token.DeviceError
	var ambiguous *token.AmbiguousError
	var none *token.NoCertificateError
	var unusable *token.UnusableError
	var module *token.ModuleError
	var mechanism *token.MechanismError
	switch {
	case errors.As(err, &auth):
		return sayAuth(e, auth, pathOf(err))
	case errors.As(err, &unusable):
		return fmt.Sprintf(e.CertificateUnusable, reasonsText(e, unusable.Entry.Reasons))
	case errors.As(err, &ambiguous):
		if ambiguous.Selector == "" {
			return fmt.Sprintf(e.AmbiguousAny, len(ambiguous.Entries))
		}
		return fmt.Sprintf(e.Ambiguous, ambiguous.Selector, len(ambiguous.Entries))
	case errors.As(err, &none):
		return sayNone(e, none)
	case errors.As(err, &module):
		return sayModule(e, module)
	case errors.Is(err, token.ErrTimeout):
		return e.TokenTimeout
	case errors.As(err, &device):
		if device.Removed() {
			return e.TokenRemoved
		}
		if device.Code == 0 {
			return fmt.Sprintf(e.TokenFailed, device)
		}
		return fmt.Sprintf(ofKind(e.TokenKinds, device.Code), token.CKRName(device.Code))
	case errors.As(err, new(*keyFileError)):
		return sayKeyFile(e, err)
	case errors.Is(err, token.ErrNoTokenSupport):
		return e.NoTokenSupport
	case errors.Is(err, token.ErrNoPIN):
		return e.NoPIN
	case errors.Is(err, token.ErrNoKey):
		return e.NoKey
	case errors.Is(err, token.ErrMismatch):
		return e.KeyMismatch
	case errors.As(err, &mechanism):
		return fmt.Sprintf(e.Mechanism, mechanism.Scheme)
	case errors.Is(err, token.ErrScheme):
		return e.Scheme
	}
	return ""
}

// ofKind is the text for the kind of a PKCS#11 return value.
func ofKind(texts map[string]string, code uint) string {
	return first(texts[string(token.CKRKind(code))], texts[string(token.KindOther)])
}

func sayAuth(e *i18n.Errors, auth *token.AuthError, path string) string {
	if path != "" && auth.Kind == "incorrect" {
		return path + ": " + e.WrongPassword
	}
	text := e.PINKinds[auth.Kind]
	if text == "" {
		text = auth.Error()
	}
	if auth.Retries >= 0 {
		text += " (" + fmt.Sprintf(e.PINRetries, auth.Retries) + ")"
	}
	return text
}

func sayNone(e *i18n.Errors, none *token.NoCertificateError) string {
	if none.Selector != "" {
		return fmt.Sprintf(e.NoCertificateFits, none.Selector)
	}
	for i := range none.Entries {
		if none.Entries[i].HasPrivateKey {
			return fmt.Sprintf(e.CertificateUnusable, reasonsText(e, none.Entries[i].Reasons))
		}
	}
	if len(none.Entries) == 0 {
		return e.NoToken
	}
	return e.NoCertificate
}

func sayModule(e *i18n.Errors, module *token.ModuleError) string {
	text, ok := e.ModuleKinds[module.Kind]
	if !ok {
		return fmt.Sprintf(e.ModuleOther, module.Module, module.Err)
	}
	return fmt.Sprintf(text, module.Module)
}

// reasonsText says why a certificate can't sign.
func reasonsText(e *i18n.Errors, reasons []token.Reason) string {
	var out []string
	for _, r := range reasons {
		if text, ok := e.Reasons[string(r)]; ok {
			out = append(out, text)
			continue
		}
		out = append(out, string(r))
	}
	return strings.Join(out, "; ")
}

func sayLevel(m *i18n.Messages, err error) string {
	e := &m.Errors
	var level *sign.LevelError
	if errors.As(err, &level) {
		cause := first(sayService(e, level.Err), sayPath(m, level.Err), level.Err.Error())
		return fmt.Sprintf(e.LevelNotReached, level.Want, level.Have, cause)
	}
	return sayService(e, err)
}

// sayPath says why a path of certificates, of the signer or of a TSA, does not
// do for a level.
func sayPath(m *i18n.Messages, err error) string {
	var path *certpath.PathError
	if !errors.As(err, &path) || path.Cert == nil {
		return ""
	}
	who := token.ParseSubject(path.Cert)
	name := first(who.CN, who.O)
	switch path.Reason {
	case certpath.NoAnchor, certpath.SelfSignedUntrusted:
		return fmt.Sprintf("%s (%s)", m.Sign.StatusCauses["no_anchor"], name)
	case certpath.RevocationUnknown:
		text := m.Sign.StatusCauses["no_answer"]
		if path.Status.Err != nil {
			name += ": " + first(sayService(&m.Errors, path.Status.Err), firstLine(path.Status.Err.Error()))
		}
		return fmt.Sprintf("%s (%s)", text, name)
	default: // the library's own words say more
		return ""
	}
}

func sayService(e *i18n.Errors, err error) string {
	var path *certpath.PathError
	var refused *tsp.StatusError
	var bad *tsp.CheckError
	var network *fetch.Error
	switch {
	case errors.As(err, &path) && path.Reason == certpath.CertRevoked:
		text := e.CertificateRevoked
		if ofTSA(path) {
			text = e.TSARevoked
		}
		return fmt.Sprintf(text, path.Status.RevokedAt.In(vietnam).Format("02/01/2006 15:04:05 -07:00"))
	case errors.As(err, &refused):
		return fmt.Sprintf(e.TSARefused, refused)
	case errors.As(err, &bad):
		return fmt.Sprintf(e.TSABad, bad)
	case errors.As(err, &network):
		text, ok := e.Network[network.Kind]
		if !ok {
			return network.Error()
		}
		text = fmt.Sprintf(text, network.URL)
		if network.Status != 0 {
			text += fmt.Sprintf(" (%d)", network.Status)
		}
		return text
	}
	return ""
}

func sayDocument(m *i18n.Messages, err error) string {
	e := &m.Errors
	var refused *sign.RefusedError
	var missing *convert.MissingError
	var failed *convert.FailedError
	switch {
	case errors.As(err, &refused):
		text := e.Refused[refused.Reason]
		if text == "" {
			return refused.Error()
		}
		if refused.Err != nil && (refused.Reason == sign.ReasonDamaged || refused.Reason == sign.ReasonLimit) {
			return fmt.Sprintf(e.RefusedDetail, text, damageText(e, refused.Err))
		}
		if refused.Detail == "" {
			return text
		}
		return fmt.Sprintf(e.RefusedDetail, text, m.Phrase(refused.Detail))
	case errors.As(err, &missing):
		return e.OfficeMissing
	case errors.As(err, &failed):
		return fmt.Sprintf(e.OfficeFailed, failed.Name, failed.Message)
	case errors.Is(err, sign.ErrSelfCheck):
		return fmt.Sprintf(e.SelfCheck, err)
	case errors.Is(err, sign.ErrUnsigned):
		return e.Unsigned
	}
	return ""
}

// damageText says the commonest kinds of damage in the user's language.
func damageText(e *i18n.Errors, err error) string {
	detail := strings.TrimPrefix(err.Error(), "pdf: ")
	for words, text := range e.Damage {
		if strings.HasPrefix(detail, words+" (") {
			return text
		}
	}
	return detail
}

func sayLook(m *i18n.Messages, err error) string {
	e := &m.Errors
	var place *appearance.PlaceError
	var fit *appearance.FitError
	var glyph *appearance.GlyphError
	var template *appearance.TemplateError
	var font *appearance.FontError
	var picture *appearance.PictureError
	switch {
	case errors.As(err, &place):
		if text, ok := e.PageKinds[place.Reason]; ok {
			return fmt.Sprintf(text, m.Phrase(place.Detail))
		}
		return place.Error()
	case errors.As(err, &fit):
		return fmt.Sprintf(e.Fit, fit.Width, fit.Height)
	case errors.As(err, &glyph):
		return fmt.Sprintf(e.Glyph, glyph.Rune)
	case errors.As(err, &template):
		return fmt.Sprintf(e.Template, template.Line, template.Column, template.Reason)
	case errors.As(err, &font):
		return fmt.Sprintf(e.Font, font.Reason)
	case errors.As(err, &picture):
		return fmt.Sprintf(e.Picture, picture)
	}
	return ""
}

func sayFile(m *i18n.Messages, err error) string {
	e := &m.Errors
	var collision *batch.CollisionError
	path := pathOf(err)
	var p *fs.PathError
	if path == "" && errors.As(err, &p) {
		path = p.Path
	}
	switch {
	case errors.As(err, &collision):
		return fmt.Sprintf(e.Collision, collision.Output, collision.First, collision.Second)
	case errors.Is(err, atomicfile.ErrSameFile):
		return fmt.Sprintf(e.OutputIsInput, path)
	case errors.Is(err, atomicfile.ErrExists):
		return fmt.Sprintf(e.OutputExists, path)
	case errors.Is(err, atomicfile.ErrNotRegular):
		return fmt.Sprintf(e.NotRegular, path)
	case errors.Is(err, batch.ErrFolder):
		if path == "" { // package batch puts it in front
			path = strings.TrimSuffix(err.Error(), ": "+batch.ErrFolder.Error())
		}
		return fmt.Sprintf(e.IsFolder, path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf(e.NotFound, path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf(e.NotAllowed, path)
	}
	if code := systemCode(err); code != "" {
		return fmt.Sprintf(e.Files[code], path)
	}
	return ""
}
