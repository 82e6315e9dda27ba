package token

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A guard file says that a PIN nobody typed was wrong once. Until a person
// clears it, no such PIN is tried again: a cron job would lock the token. It
// holds the token's name and the time, and nothing of the PIN.
type guardFile struct {
	Label  string    `json:"label"`
	Serial string    `json:"serial"`
	Time   time.Time `json:"time"`
}

// GuardPath is the guard file of a token in a folder.
func GuardPath(dir string, t Info) string {
	name := tokenKey(t)
	return filepath.Join(dir, name+".pin-guard")
}

// ClearGuard lets a token's PIN be tried again without a person; no file is fine.
func ClearGuard(dir string, t Info) error {
	wrongPINs.Lock()
	delete(wrongPINs.m, tokenKey(t))
	wrongPINs.Unlock()
	if dir == "" {
		return nil
	}
	if err := os.Remove(GuardPath(dir, t)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("token: %w", err)
	}
	return nil
}

func tokenKey(t Info) string {
	h := sha256.New()
	for _, s := range []string{t.Serial, t.Label, t.Model, t.Manufacturer} {
		_ = json.NewEncoder(h).Encode(s) // each quoted, so that no two mixes are one
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// wrongPINs of this process: a batch stops at the first, with or without a
// guard folder.
var wrongPINs = struct {
	sync.Mutex
	m map[string]bool
}{m: map[string]bool{}}

// guarded returns the error that refuses a login.
func guarded(o OpenOptions, t Info) error {
	if o.Interactive {
		return nil
	}
	wrongPINs.Lock()
	failed := wrongPINs.m[tokenKey(t)]
	wrongPINs.Unlock()
	if failed {
		return &AuthError{Kind: "guard", Retries: -1, Err: errors.New("this run gave a wrong PIN before")}
	}
	if o.GuardDir == "" {
		return nil
	}
	path := GuardPath(o.GuardDir, t)
	switch _, err := os.Lstat(path); {
	case err == nil:
		return &AuthError{Kind: "guard", Retries: -1, Err: fmt.Errorf("an earlier run gave a wrong PIN (%s)", path)}
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default: // not to know is no reason to spend a try
		return &AuthError{Kind: "guard", Retries: -1, Err: err}
	}
}

// remember writes the guard file after a wrong PIN.
func remember(o OpenOptions, t Info) error {
	if o.Interactive {
		return nil
	}
	wrongPINs.Lock()
	wrongPINs.m[tokenKey(t)] = true
	wrongPINs.Unlock()
	if o.GuardDir == "" {
		return nil
	}
	if err := os.MkdirAll(o.GuardDir, 0o700); err != nil {
		return err
	}
	data, err := json.Marshal(guardFile{t.Label, t.Serial, o.now().UTC()})
	if err != nil {
		return err
	}
	return os.WriteFile(GuardPath(o.GuardDir, t), append(data, '\n'), 0o600)
}

func (o OpenOptions) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}
