package main

import (
	"os"
	"path/filepath"

	"github.com/kyso-vn/kyso/internal/revocation"
)

// revocationCacheDir is where OCSP responses and CRLs of this user are kept;
// "" when there is no cache folder.
func revocationCacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "kyso", "revocation")
}

// buildRevocationCache is nil when there is no cache folder.
func (a *app) buildRevocationCache() *revocation.Cache {
	if dir := revocationCacheDir(); dir != "" {
		return &revocation.Cache{Dir: dir}
	}
	return nil
}
