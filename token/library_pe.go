package token

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
)

// maxExports bounds the names of one DLL that are looked at.
const maxExports = 1 << 16

// peExports looks for a name in the export directory: PE format, 6.3. The
// standard library reads imports only.
func peExports(f *pe.File, name string) bool {
	var dirs []pe.DataDirectory
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader32:
		dirs = h.DataDirectory[:min(h.NumberOfRvaAndSizes, 16)]
	case *pe.OptionalHeader64:
		dirs = h.DataDirectory[:min(h.NumberOfRvaAndSizes, 16)]
	}
	if len(dirs) == 0 {
		return false
	}
	var dir [40]byte
	if !peRead(f, dirs[pe.IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress, dir[:]) {
		return false
	}
	count := binary.LittleEndian.Uint32(dir[24:])
	names := binary.LittleEndian.Uint32(dir[32:])
	if count > maxExports {
		return false
	}
	table := make([]byte, 4*count)
	if !peRead(f, names, table) {
		return false
	}
	want := append([]byte(name), 0)
	got := make([]byte, len(want))
	for i := uint32(0); i < count; i++ {
		if peRead(f, binary.LittleEndian.Uint32(table[4*i:]), got) && bytes.Equal(got, want) {
			return true
		}
	}
	return false
}

// peRead fills buf from a relative virtual address.
func peRead(f *pe.File, rva uint32, buf []byte) bool {
	if rva == 0 {
		return false
	}
	for _, s := range f.Sections {
		if rva >= s.VirtualAddress && rva-s.VirtualAddress < s.Size {
			n, err := s.ReadAt(buf, int64(rva-s.VirtualAddress))
			return err == nil && n == len(buf)
		}
	}
	return false
}
