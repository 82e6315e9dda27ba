package main

import (
	"os"
	"path/filepath"

	"github.com/kyso-vn/kyso/internal/revocation"
)

// buildRevocationCache keeps OCSP responses and CRLs of this user; nil when
// there is no cache folder.
func (a *app) buildRevocationCache() *revocation.Cache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	return &revocation.Cache{Dir: filepath.Join(base, "kyso", "revocation")}
}
