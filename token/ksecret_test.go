//go:build cgo && linux

package token

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/kyso-vn/kyso/internal/testpki"
)

func TestK14PINIsNeverPrinted(t *testing.T) {
	const secret = "s3cret-PIN"
	p := NewPIN([]byte(secret))
	j, err := json.Marshal(map[string]any{"pin": p})
	if err != nil {
		t.Fatal(err)
	}
	out := string(j)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%c", "%U"} {
		out += fmt.Sprintf(verb, p) + fmt.Sprintf(verb, struct{ P *PIN }{p})
	}
	out += fmt.Sprint(errors.Join(fmt.Errorf("open: %v", p)))
	for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]")} {
		if strings.Contains(strings.ToLower(out), strings.ToLower(form)) {
			t.Errorf("printed as %q", form)
		}
	}
}

func TestPINClear(t *testing.T) {
	b := make([]byte, 4, 64)
	copy(b[:64], "12345678")
	p := NewPIN(b)
	p.Clear()
	p.Clear()
	if !bytes.Equal(b[:64], make([]byte, 64)) || p.bytes() != nil {
		t.Error("not cleared")
	}
	(*PIN)(nil).Clear()
}

// K13: no secret in the environment of a probe.
func TestK13ChildEnvironment(t *testing.T) {
	got := childEnv([]string{"PATH=/bin", "KYSO_PIN=1", "kyso_pin=1", "KYSO_P12_PASSWORD=2", "KYSO_TSA_PASSWORD_FILE=x", "KYSO_CONFIG=c", "SOFTHSM2_CONF=s"})
	if want := []string{"PATH=/bin", "KYSO_CONFIG=c", "SOFTHSM2_CONF=s"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v", got)
	}
}

func init() {
	children["memory"] = memoryChild
	children["core"] = func() int {
		if err := Harden(); err != nil {
			fmt.Println(err)
			return 1
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	}
	children["dumpable"] = func() int {
		if err := Harden(); err != nil {
			return 1
		}
		v, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, 3, 0, 0) // PR_GET_DUMPABLE
		var lim syscall.Rlimit
		if errno != 0 || v != 0 || syscall.Getrlimit(syscall.RLIMIT_CORE, &lim) != nil || lim.Cur != 0 || lim.Max != 0 {
			fmt.Println("dumpable", v, lim)
			return 1
		}
		return 0
	}
}

// memoryChild reads 16 bytes of PIN from standard input, opens and signs, and
// then looks for the PIN in all of its memory. The PIN to look for is kept
// only in a changed form.
func memoryChild() int {
	return inChild(func(e Entry) error {
		pin := make([]byte, 16)
		if _, err := io.ReadFull(os.Stdin, pin); err != nil {
			return err
		}
		changed := make([]byte, len(pin))
		for i := range pin {
			changed[i] = pin[i] ^ 0x55
		}
		before := len(findInMemory(changed))
		k, err := Open(context.Background(), e, OpenOptions{NoCrypto11: os.Getenv("KYSO_TEST_DIRECT") != "",
			PIN: func(context.Context, Info) (*PIN, error) { return NewPIN(pin), nil }})
		if err != nil {
			return err
		}
		sum := sha256.Sum256(nil)
		if _, err := k.Sign(nil, sum[:], crypto.SHA256); err != nil {
			return err
		}
		found := findInMemory(changed)
		fmt.Printf("before %d, after %d\n", before, len(found))
		if before == 0 || len(found) != 0 {
			return fmt.Errorf("before %d, after: %v", before, found)
		}
		return nil
	})
}

// findInMemory returns the mappings that hold the bytes (each changed by 0x55).
func findInMemory(changed []byte) []string {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return []string{err.Error()}
	}
	defer maps.Close()
	mem, err := os.Open("/proc/self/mem")
	if err != nil {
		return []string{err.Error()}
	}
	defer mem.Close()
	buf := make([]byte, 1<<20)
	var found []string
	for sc := bufio.NewScanner(maps); sc.Scan(); {
		var from, to uintptr
		var mode string
		if _, err := fmt.Sscanf(sc.Text(), "%x-%x %s", &from, &to, &mode); err != nil || !strings.HasPrefix(mode, "rw") {
			continue
		}
		for at := from; at < to; at += uintptr(len(buf)) - 64 {
			n, _ := mem.ReadAt(buf[:min(uintptr(len(buf)), to-at)], int64(at))
			for i := 0; i+len(changed) <= n; i++ {
				own := uintptr(unsafe.Pointer(&buf[0]))
				if here := at + uintptr(i); here >= own && here < own+uintptr(len(buf)) {
					continue
				}
				j := 0
				for j < len(changed) && buf[i+j]^0x55 == changed[j] {
					j++
				}
				if j == len(changed) {
					found = append(found, fmt.Sprintf("%x %s", at+uintptr(i), sc.Text()))
				}
			}
		}
		clear(buf)
	}
	return found
}

// K15: after the login the process holds no copy of the PIN.
func TestK15MemoryHoldsNoPIN(t *testing.T) {
	h := testpki.NewSoftHSM(t)
	raw := make([]byte, 8)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	h.PIN = hex.EncodeToString(raw)
	key := testpki.Key(testpki.RSA2048, "signer")
	h.Signer("one", key, testCA().Person(key.Public()))
	for _, direct := range []string{"", "1"} {
		cmd := exec.Command(self(t))
		cmd.Env = append(os.Environ(), "TOKEN_TEST_CHILD=memory", "KYSO_TEST_MODULE="+h.Module, "KYSO_TEST_DIRECT="+direct)
		cmd.Stdin = strings.NewReader(h.PIN)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("direct %q: %v\n%s", direct, err, out)
		}
	}
}

// K16: a crash leaves no core file, and the process is not dumpable.
func TestK16NoCore(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("sh", "-c", "ulimit -c unlimited; exec \"$0\"", self(t))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TOKEN_TEST_CHILD=core", "GOTRACEBACK=crash")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, out)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 0 {
		t.Errorf("left %v", files)
	}
	cmd = exec.Command(self(t))
	cmd.Env = append(os.Environ(), "TOKEN_TEST_CHILD=dumpable")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
