package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
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

// hintsOf names the flags or commands to try, by the type of the error.
func hintsOf(m *i18n.Messages, err error) []string {
	var usage *usageError
	var coded *codedError
	switch {
	case errors.As(err, &usage):
		if usage.cmd == "" {
			return nil
		}
		return []string{fmt.Sprintf(m.Hints.Help, usage.cmd)}
	case errors.As(err, &coded):
		if coded.hints == nil {
			return nil
		}
		return coded.hints(m)
	}
	for _, hint := range []func(*i18n.Hints, error) []string{hintToken, hintLevel, hintDocument, hintFile} {
		if h := hint(&m.Hints, err); len(h) > 0 {
			return h
		}
	}
	return nil
}

func hintToken(h *i18n.Hints, err error) []string {
	var auth *token.AuthError
	var device *token.DeviceError
	var ambiguous *token.AmbiguousError
	var none *token.NoCertificateError
	var unusable *token.UnusableError
	var module *token.ModuleError
	var mechanism *token.MechanismError
	switch {
	case errors.As(err, &auth):
		return hintAuth(h, auth, pathOf(err))
	case errors.As(err, &unusable) && slices.Contains(unusable.Entry.Reasons, token.ReasonNotYetValid):
		return []string{h.Clock, h.ListCerts}
	case errors.As(err, &unusable):
		return []string{h.Renew, h.ListCerts}
	case errors.As(err, &ambiguous):
		return []string{fmt.Sprintf(h.ChooseCert, selectorFor(ambiguous.Entries)), h.ListCerts}
	case errors.As(err, &none):
		if len(none.Entries) == 0 {
			return []string{h.Doctor, h.Module}
		}
		return []string{h.ListCerts}
	case errors.As(err, &module):
		if module.Kind == "wrong_arch" {
			return []string{h.WrongArch}
		}
		return []string{h.Doctor}
	case errors.As(err, &device) && !device.Removed() && device.Code != 0:
		return []string{ofKind(h.TokenKinds, device.Code)}
	case errors.As(err, &device), errors.Is(err, token.ErrTimeout):
		return []string{h.Plug}
	case errors.As(err, new(*keyFileError)):
		return []string{h.KeyFile}
	case errors.Is(err, token.ErrNoTokenSupport):
		return []string{h.TokenBuild}
	case errors.Is(err, token.ErrNoPIN):
		return []string{h.PINFlags}
	case errors.Is(err, token.ErrNoKey), errors.Is(err, token.ErrMismatch):
		return []string{h.ListCerts}
	case errors.As(err, &mechanism), errors.Is(err, token.ErrScheme):
		return []string{h.Mechanism}
	}
	return nil
}

func hintAuth(h *i18n.Hints, e *token.AuthError, path string) []string {
	switch e.Kind {
	case "incorrect", "length":
		if path != "" {
			return []string{h.TypingPassword}
		}
		return []string{h.PINLeft}
	case "guard":
		return []string{h.PINGuard}
	case "last_try", "count_low":
		return []string{h.LastTry}
	}
	return []string{h.Unlock}
}

// selectorFor is a serial number that chooses one of several.
func selectorFor(entries []token.Entry) string {
	for i := range entries {
		if c := entries[i].Certificate; c != nil {
			return c.SerialNumber.Text(16)
		}
	}
	return "1"
}

func hintLevel(h *i18n.Hints, err error) []string {
	var path *certpath.PathError
	var level *sign.LevelError
	var refused *tsp.StatusError
	var bad *tsp.CheckError
	var network *fetch.Error
	isLevel, isPath := errors.As(err, &level), errors.As(err, &path)
	switch {
	case isPath && path.Reason == certpath.CertRevoked && ofTSA(path):
		return []string{h.AnotherTSA}
	case isPath && path.Reason == certpath.CertRevoked:
		return []string{h.Revoked}
	case isPath && (path.Reason == certpath.NoAnchor || path.Reason == certpath.SelfSignedUntrusted):
		return []string{h.Trust}
	case isPath && path.Reason == certpath.RevocationUnknown:
		return []string{cause{"no_answer", path.Status.Err}.hint(h), h.AllowLower}
	case errors.As(err, &network) && network.Kind == "refused_address":
		return []string{h.AllowPrivate}
	case errors.As(err, &network):
		return []string{h.AnotherTSA, h.AllowLower}
	case errors.As(err, &refused), errors.As(err, &bad):
		return []string{h.AnotherTSA, h.AllowLower}
	case isLevel && level.Have == sign.BB:
		return []string{h.TSA, h.AllowLower}
	case isLevel:
		return []string{h.AllowLower}
	}
	return nil
}

func hintDocument(h *i18n.Hints, err error) []string {
	var refused *sign.RefusedError
	var place *appearance.PlaceError
	var fit *appearance.FitError
	var glyph *appearance.GlyphError
	var missing *convert.MissingError
	var damaged *damagedError
	switch {
	case errors.As(err, &damaged) && damaged.signed:
		return []string{h.Original}
	case errors.As(err, &damaged):
		return []string{h.Repair, fmt.Sprintf(h.Qpdf, first(pathOf(err), "FILE"))}
	case errors.As(err, &refused):
		return hintRefused(h, refused.Reason, pathOf(err))
	case errors.As(err, &place):
		return hintPlace(h, place)
	case errors.As(err, &fit):
		return []string{h.SmallerFont, h.Invisible}
	case errors.As(err, &glyph):
		return []string{h.OtherFont}
	case errors.As(err, &missing):
		return []string{fmt.Sprintf(h.OfficeInstall, missing.Install)}
	}
	return nil
}

func hintRefused(h *i18n.Hints, reason, path string) []string {
	if path == "" {
		path = "FILE"
	}
	switch reason {
	case sign.ReasonEncrypted, sign.ReasonPermissions:
		return []string{h.PDFPassword}
	case sign.ReasonFieldExists:
		return []string{fmt.Sprintf(h.FieldList, path)}
	case sign.ReasonFieldMissing, sign.ReasonFieldFilled:
		return []string{fmt.Sprintf(h.FieldList, path), h.FieldFree}
	case sign.ReasonDamaged:
		return []string{fmt.Sprintf(h.Qpdf, path)}
	case sign.ReasonBrokenSignature:
		return []string{fmt.Sprintf(h.VerifyEarlier, path)}
	case sign.ReasonCertified, sign.ReasonLocked, sign.ReasonCertifyFirst:
		return []string{fmt.Sprintf(h.WhoCertified, path)}
	case sign.ReasonMaxSize:
		return []string{h.MaxSize}
	}
	return nil
}

func hintPlace(h *i18n.Hints, e *appearance.PlaceError) []string {
	switch e.Reason {
	case "off_page", "covers_signature":
		return []string{h.ForcePlace}
	case "text_ambiguous":
		return []string{h.Nth}
	case "text_missing":
		if len(e.Nearest) > 0 {
			return []string{fmt.Sprintf(h.Nearest, strings.Join(e.Nearest, "; "))}
		}
	}
	return nil
}

func hintFile(h *i18n.Hints, err error) []string {
	switch {
	case errors.Is(err, atomicfile.ErrSameFile):
		return []string{h.OutputDir}
	case errors.Is(err, atomicfile.ErrExists):
		return []string{h.Force}
	case errors.Is(err, batch.ErrFolder):
		return []string{h.Folder}
	case errors.Is(err, fs.ErrPermission), systemCode(err) == codeReadOnly, systemCode(err) == codeNoSync:
		return []string{h.OutputDir}
	}
	return nil
}
