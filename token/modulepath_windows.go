package token

import (
	"errors"
	"fmt"
	"io/fs"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Rights that change a file, and those that let a folder's content be taken
// away; Windows SDK, winnt.h.
const (
	winTakeOver = 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000 // DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_ALL, GENERIC_WRITE
	winFile     = winTakeOver | 0x2 | 0x4                               // FILE_WRITE_DATA, FILE_APPEND_DATA
	winFolder   = winTakeOver | 0x40                                    // FILE_DELETE_CHILD

	aceAllowed     = 0
	aceInheritOnly = 8
)

// everybody: groups that any user of the machine is in.
var everybody = []windows.WELL_KNOWN_SID_TYPE{
	windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid,
	windows.WinBuiltinGuestsSid, windows.WinInteractiveSid, windows.WinAnonymousSid, windows.WinNetworkSid,
}

// checkOwner refuses what any user may change. That a folder lets users add
// files (the root of a drive does) changes nothing of the module's path.
func checkOwner(path string, _ fs.FileInfo, file bool) error {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("shows no access rights: %w", err)
	}
	dacl, _, err := sd.DACL()
	if err != nil || dacl == nil { // a missing list lets everybody do everything
		return errors.New("has no access rights")
	}
	rights := windows.ACCESS_MASK(winFolder)
	if file {
		rights = winFile
	}
	for i := range uint32(dacl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, i, &ace); err != nil {
			return fmt.Errorf("shows no access rights: %w", err)
		}
		if ace.Header.AceType != aceAllowed || ace.Header.AceFlags&aceInheritOnly != 0 || ace.Mask&rights == 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		for _, group := range everybody {
			if sid.IsWellKnown(group) {
				return errors.New("may be changed by every user")
			}
		}
	}
	return nil
}
