package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// syncDisk is a FUSE file system over a folder whose sync of files and of
// folders answers as it says.
type syncDisk struct {
	fuse.RawFileSystem
	file, folder fuse.Status
}

func (d *syncDisk) Fsync(<-chan struct{}, *fuse.FsyncIn) fuse.Status { return d.file }

func (d *syncDisk) FsyncDir(<-chan struct{}, *fuse.FsyncIn) fuse.Status { return d.folder }

// mountSyncDisk mounts one at dir until the test ends. It needs /dev/fuse
// (package fuse of the kernel) and to be root in a namespace.
func mountSyncDisk(t *testing.T, dir string, file, folder syscall.Errno) {
	t.Helper()
	fuseDevice(t)
	loop, err := fs.NewLoopbackRoot(t.TempDir())
	must(t, err)
	disk := &syncDisk{fs.NewNodeFS(loop, &fs.Options{}), fuse.Status(file), fuse.Status(folder)}
	abs, err := filepath.Abs(dir)
	must(t, err)
	server, err := fuse.NewServer(disk, abs, &fuse.MountOptions{DirectMountStrict: true, FsName: "kyso", Name: "test"})
	must(t, err)
	go server.Serve()
	t.Cleanup(func() { _ = syscall.Unmount(abs, syscall.MNT_DETACH); server.Wait() })
	must(t, server.WaitMount())
}

// fuseDevice makes /dev/fuse where a container was given none: a character
// device, 10, 229 (Documentation/admin-guide/devices.txt of the kernel).
func fuseDevice(t *testing.T) {
	t.Helper()
	const device = "/dev/fuse"
	if _, err := os.Stat(device); errors.Is(err, os.ErrNotExist) {
		must(t, syscall.Mknod(device, syscall.S_IFCHR|0o600, 10<<8|229))
	}
}

// W07: a disk that can't sync is told before the token is asked for anything.
// One whose folders have no sync is used (there are many, and the file itself
// is synced); so is one without any sync, since the kernel asks a FUSE disk
// once and then says that all is well.
func TestW07DiskWithoutSync(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	for name, tc := range map[string]struct {
		file, folder syscall.Errno
		code         string // "": it is used
	}{
		"good":            {0, 0, ""},
		"file: EIO":       {syscall.EIO, 0, "disk_error"},
		"file: EINVAL":    {syscall.EINVAL, 0, "no_sync"},
		"file: ENOTSUP":   {syscall.ENOTSUP, 0, "no_sync"},
		"file: ENOSPC":    {syscall.ENOSPC, 0, "disk_full"},
		"folder: EIO":     {0, syscall.EIO, "disk_error"},
		"folder: EINVAL":  {0, syscall.EINVAL, ""},
		"folder: ENOTSUP": {0, syscall.ENOTSUP, ""},
		"folder: ENOSYS":  {0, syscall.ENOSYS, ""},
		"both: ENOSYS":    {syscall.ENOSYS, syscall.ENOSYS, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 3)
			must(t, os.Mkdir("out", 0o700))
			mountSyncDisk(t, "out", tc.file, tc.folder)
			got := r.run(r.command("--json", "--jobs", "2"))
			asked := r.driver.Count("login:user") + r.driver.Count("C_Sign")
			if tc.code == "" {
				got.want(t, 0)
				r.verifyAll(r.outputs())
				if asked != 4 {
					t.Errorf("%d logins and signatures, want 1 and 3", asked)
				}
				return
			}
			line := got.lines(t)[0]
			if failed, _ := line["error"].(map[string]any); failed["code"] != tc.code || got.code == 0 {
				t.Errorf("exit %d, code %v, want %s: %s", got.code, line["error"], tc.code, got.out)
			}
			if done := r.outputs(); len(done) != 0 || asked != 0 {
				t.Errorf("%d logins and signatures, outputs %v", asked, done)
			}
		})
	}
}

// W07: nor is a TSA asked, whose stamps may be paid for.
func TestW07StampOnDiskWithoutSync(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	r := newDesk(t, 1)
	must(t, os.Mkdir("out", 0o700))
	mountSyncDisk(t, "out", syscall.EIO, 0)
	var asked atomic.Int64
	tsa := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.Error(w, "not today", http.StatusTeapot)
	}))
	t.Cleanup(tsa.Close)
	for _, args := range [][]string{
		{"timestamp"},
		{"sign", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"},
	} {
		got := r.run(r.kyso(append(args, "--json", "--tsa", tsa.URL, "--out-dir", "out", inputName(0))...))
		got.want(t, exitFailed, "disk_error")
		if n := asked.Load(); n != 0 {
			t.Errorf("%s: %d requests", args[0], n)
		}
	}
	r.run(r.kyso("timestamp", "--json", "--tsa", tsa.URL, "-o", "good.pdf", inputName(0)))
	if asked.Load() == 0 {
		t.Error("nobody asks the TSA")
	}
}
