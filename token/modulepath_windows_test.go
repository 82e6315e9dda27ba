package token

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestWindowsRights(t *testing.T) {
	system := filepath.Join(os.Getenv("SystemRoot"), "System32", "kernel32.dll")
	if err := checkChain(system); err != nil {
		t.Errorf("%s: %v", system, err)
	}
	var m *ModuleError
	if err := CheckModule(system); !errors.As(err, &m) || m.Kind != "not_pkcs11" {
		t.Errorf("%s: %v", system, err)
	}
	if err := CheckModule(`kernel32.dll`); !errors.As(err, &m) || m.Kind != "refused_path" {
		t.Errorf("bare name: %v", err)
	}
}
