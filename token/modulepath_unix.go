//go:build unix

package token

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// checkOwner refuses what others than root and this user may change. A folder
// with the sticky bit (/tmp) may be writable by all: others cannot rename what
// is not theirs in it, and the next step down is looked at by itself.
func checkOwner(_ string, info fs.FileInfo, file bool) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("has no known owner")
	}
	if st.Uid != 0 && int(st.Uid) != os.Geteuid() {
		return errors.New("belongs to another user")
	}
	if info.Mode().Perm()&0o022 != 0 && (file || info.Mode()&fs.ModeSticky == 0) {
		// Debian's /usr/local/lib is group staff, which has no members by
		// default: root's group of that name is trusted as root is there.
		if info.Mode().Perm()&0o002 == 0 && info.IsDir() && st.Uid == 0 && systemGroup(st.Gid) {
			return nil
		}
		return errors.New("may be changed by others than its owner")
	}
	return nil
}

// systemGroup: root (0), and staff (50) of Debian's /usr/local.
// On macOS, wheel (0) and admin (80) own /usr/local and /Library.
func systemGroup(gid uint32) bool { return gid == 0 || gid == staffGroup }
