package main

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"slices"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// Exit codes: a contract with scripts; `kyso help exit-codes` prints them.
const (
	exitOK            = 0
	exitFailed        = 1
	exitUsage         = 2
	exitSome          = 3
	exitInvalid       = 4
	exitIndeterminate = 5
	exitUnsigned      = 6
	exitNoKey         = 10
	exitWrongPIN      = 11
	exitPINLocked     = 12
	exitToken         = 13
	exitCertificate   = 14
	exitDocument      = 15
	exitService       = 20
	exitInterrupted   = 130
)

// exitCodes lists them in the order of the help.
func exitCodes() []int {
	return []int{exitOK, exitFailed, exitUsage, exitSome, exitInvalid, exitIndeterminate, exitUnsigned, exitNoKey,
		exitWrongPIN, exitPINLocked, exitToken, exitCertificate, exitDocument, exitService, exitInterrupted}
}

// status is what scripts see of an error: the exit code and a stable name.
type status struct {
	exit int
	code string
}

// statusOf maps an error to its status: the one place that knows.
func statusOf(err error) status {
	var coded *codedError
	switch {
	case err == nil:
		return status{exitOK, "ok"}
	case errors.As(err, &coded):
		return coded.status
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		return status{exitInterrupted, "interrupted"}
	}
	for _, of := range []func(error) (status, bool){usageStatus, tokenStatus, levelStatus, documentStatus, fileStatus} {
		if s, ok := of(err); ok {
			return s
		}
	}
	return status{exitFailed, "failed"}
}

func usageStatus(err error) (status, bool) {
	var usage *usageError
	var template *appearance.TemplateError
	var font *appearance.FontError
	var picture *appearance.PictureError
	var row *batch.RowError
	switch {
	case errors.As(err, &usage):
		return status{exitUsage, "usage"}, true
	case errors.As(err, &row):
		return status{exitUsage, "manifest"}, true
	case errors.As(err, &template):
		return status{exitUsage, "text_template"}, true
	case errors.As(err, &font):
		return status{exitUsage, "font"}, true
	case errors.As(err, &picture):
		return status{exitUsage, "picture"}, true
	case errors.Is(err, token.ErrNoPIN):
		return status{exitUsage, "pin_needed"}, true
	}
	return status{}, false
}

func tokenStatus(err error) (status, bool) {
	var auth *token.AuthError
	var device *token.DeviceError
	var ambiguous *token.AmbiguousError
	var none *token.NoCertificateError
	var unusable *token.UnusableError
	var module *token.ModuleError
	var mechanism *token.MechanismError
	switch {
	case errors.As(err, &auth):
		return authStatus(auth), true
	case errors.As(err, &unusable):
		return status{exitCertificate, "certificate_unusable"}, true
	case errors.As(err, &ambiguous):
		return status{exitNoKey, "certificate_ambiguous"}, true
	case errors.As(err, &none):
		return noneStatus(none), true
	case errors.As(err, &module) && module.Kind == "timeout", errors.Is(err, token.ErrTimeout):
		return status{exitToken, "token_timeout"}, true
	case errors.As(err, &device):
		if device.Removed() {
			return status{exitToken, "token_removed"}, true
		}
		return status{exitToken, "token_failed"}, true
	case errors.As(err, &module):
		return status{exitNoKey, "module_" + module.Kind}, true
	case errors.As(err, new(*keyFileError)):
		return status{exitNoKey, "key_file"}, true
	case errors.Is(err, token.ErrNoTokenSupport):
		return status{exitNoKey, "no_token_support"}, true
	case errors.Is(err, token.ErrNoCertificate):
		return status{exitNoKey, "no_certificate"}, true
	case errors.Is(err, token.ErrNoKey), errors.Is(err, token.ErrMismatch):
		return status{exitNoKey, "no_key"}, true
	case errors.As(err, &mechanism), errors.Is(err, token.ErrScheme):
		return status{exitNoKey, "no_mechanism"}, true
	}
	return status{}, false
}

// noneStatus: when the only thing wrong is that what was found may not sign,
// that is the certificate's fault. A selector that fits nothing found nothing.
func noneStatus(e *token.NoCertificateError) status {
	for i := range e.Entries {
		if e.Selector != "" {
			break
		}
		if !e.Entries[i].HasPrivateKey {
			continue
		}
		return status{exitCertificate, "certificate_unusable"}
	}
	return status{exitNoKey, "no_certificate"}
}

func authStatus(e *token.AuthError) status {
	switch e.Kind {
	case "incorrect", "length", "guard":
		return status{exitWrongPIN, "pin_" + e.Kind}
	}
	return status{exitPINLocked, "pin_" + e.Kind}
}

func levelStatus(err error) (status, bool) {
	var path *certpath.PathError
	var level *sign.LevelError
	var refused *tsp.StatusError
	var bad *tsp.CheckError
	var network *fetch.Error
	switch {
	case errors.As(err, &path) && path.Reason == certpath.CertRevoked && ofTSA(path):
		return status{exitService, "tsa_revoked"}, true
	case errors.As(err, &path) && path.Reason == certpath.CertRevoked:
		return status{exitCertificate, "certificate_revoked"}, true
	case errors.As(err, &refused):
		return status{exitService, "tsa_refused"}, true
	case errors.As(err, &bad):
		return status{exitService, "tsa_bad_answer"}, true
	case errors.As(err, &network):
		return status{exitService, "network_" + network.Kind}, true
	case errors.As(err, &level):
		return status{exitService, "level_not_reached"}, true
	}
	return status{}, false
}

// ofTSA tells whether a path is that of a timestamp server.
func ofTSA(e *certpath.PathError) bool {
	return len(e.Partial) > 0 && slices.Contains(e.Partial[0].ExtKeyUsage, x509.ExtKeyUsageTimeStamping)
}

func documentStatus(err error) (status, bool) {
	var refused *sign.RefusedError
	var place *appearance.PlaceError
	var fit *appearance.FitError
	var glyph *appearance.GlyphError
	var missing *convert.MissingError
	var failed *convert.FailedError
	switch {
	case errors.As(err, &refused):
		return status{exitDocument, "document_" + refused.Reason}, true
	case errors.As(err, &place):
		if place.Reason == "place" {
			return status{exitUsage, "place"}, true
		}
		return status{exitFailed, "place_" + place.Reason}, true
	case errors.As(err, &fit):
		return status{exitFailed, "mark_too_small"}, true
	case errors.As(err, &glyph):
		return status{exitFailed, "font_lacks_character"}, true
	case errors.As(err, &missing):
		return status{exitFailed, "libreoffice_missing"}, true
	case errors.As(err, &failed):
		return status{exitFailed, "conversion_failed"}, true
	case errors.Is(err, sign.ErrUnsigned):
		return status{exitUnsigned, "unsigned"}, true
	case errors.Is(err, sign.ErrSelfCheck):
		return status{exitFailed, "self_check"}, true
	}
	return status{}, false
}

func fileStatus(err error) (status, bool) {
	var collision *batch.CollisionError
	switch {
	case errors.As(err, &collision):
		return status{exitUsage, "output_collision"}, true
	case errors.Is(err, atomicfile.ErrSameFile):
		return status{exitUsage, "output_is_input"}, true
	case errors.Is(err, atomicfile.ErrExists):
		return status{exitFailed, "output_exists"}, true
	case errors.Is(err, atomicfile.ErrNotRegular):
		return status{exitFailed, "output_not_regular"}, true
	case errors.Is(err, batch.ErrFolder):
		return status{exitUsage, "is_folder"}, true
	case errors.Is(err, batch.ErrOutside), errors.Is(err, batch.ErrName):
		return status{exitUsage, "bad_name"}, true
	case errors.Is(err, fs.ErrNotExist):
		return status{exitFailed, "not_found"}, true
	case errors.Is(err, fs.ErrPermission):
		return status{exitFailed, "permission"}, true
	}
	code := systemCode(err)
	return status{exitFailed, code}, code != ""
}
