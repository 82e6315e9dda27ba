package token

import "encoding/binary"

// makePE makes a DLL that exports one name: PE format, 2 to 6.
func makePE(machine uint16, export string) []byte {
	le := binary.LittleEndian
	b := make([]byte, 0x600)
	copy(b, "MZ")
	le.PutUint32(b[0x3c:], 0x80)
	copy(b[0x80:], "PE\x00\x00")
	coff := b[0x84:]
	optional, dirs := 240, 112
	if machine == 0x14c {
		optional, dirs = 224, 96
	}
	le.PutUint16(coff, machine)
	le.PutUint16(coff[2:], 1)
	le.PutUint16(coff[16:], uint16(optional))
	le.PutUint16(coff[18:], 0x2000) // DLL
	opt := coff[20:]
	le.PutUint16(opt, 0x20b)
	if machine == 0x14c {
		le.PutUint16(opt, 0x10b)
	}
	le.PutUint32(opt[dirs-4:], 16)
	le.PutUint32(opt[dirs:], 0x1000)
	le.PutUint32(opt[dirs+4:], 0x100)
	sec := opt[optional:]
	copy(sec, ".edata")
	le.PutUint32(sec[8:], 0x200)
	le.PutUint32(sec[12:], 0x1000)
	le.PutUint32(sec[16:], 0x200)
	le.PutUint32(sec[20:], 0x400)
	data := b[0x400:]
	le.PutUint32(data[24:], 1)
	le.PutUint32(data[32:], 0x1040)
	le.PutUint32(data[0x40:], 0x1050)
	copy(data[0x50:], export+"\x00")
	return b
}

// makeMachO makes an arm64 library with one defined symbol.
func makeMachO(symbol string) []byte {
	le := binary.LittleEndian
	b := make([]byte, 0x100)
	le.PutUint32(b, 0xfeedfacf)
	le.PutUint32(b[4:], 0x0100000c)
	le.PutUint32(b[12:], 6) // MH_DYLIB
	le.PutUint32(b[16:], 1)
	le.PutUint32(b[20:], 24)
	cmd := b[32:]
	le.PutUint32(cmd, 2) // LC_SYMTAB
	le.PutUint32(cmd[4:], 24)
	le.PutUint32(cmd[8:], 0x40)
	le.PutUint32(cmd[12:], 1)
	le.PutUint32(cmd[16:], 0x80)
	le.PutUint32(cmd[20:], 0x40)
	le.PutUint32(b[0x40:], 1)
	b[0x44], b[0x45] = 0x0f, 1
	copy(b[0x81:], symbol)
	return b
}

func makeFat(inner []byte) []byte {
	be := binary.BigEndian
	b := make([]byte, 0x1000)
	be.PutUint32(b, 0xcafebabe)
	be.PutUint32(b[4:], 1)
	be.PutUint32(b[8:], 0x0100000c)
	be.PutUint32(b[16:], 0x1000)
	be.PutUint32(b[20:], uint32(len(inner)))
	be.PutUint32(b[24:], 12)
	return append(b, inner...)
}
