package token

import (
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
)

// Library is what the header of a shared library says; nothing of it is run.
type Library struct {
	Format string   // ELF, PE, Mach-O
	OS     string   // GOOS that loads it: linux (all of ELF), windows, darwin
	Arch   []string // GOARCH names; several in a universal Mach-O file
	PKCS11 bool     // exports C_GetFunctionList
}

// ErrNotLibrary: a text file, a program, something else.
var ErrNotLibrary = errors.New("not a shared library")

// maxLibrary bounds the file that is looked at.
const maxLibrary = 512 << 20

const entryPoint = "C_GetFunctionList"

// ReadLibrary reads the header and the exported names of a library.
func ReadLibrary(path string) (Library, error) {
	f, err := os.Open(path)
	if err != nil {
		return Library{}, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return Library{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxLibrary {
		return Library{}, ErrNotLibrary
	}
	return readLibrary(f, info.Size())
}

func readLibrary(r io.ReaderAt, size int64) (Library, error) {
	var magic [4]byte
	if _, err := r.ReadAt(magic[:], 0); err != nil {
		return Library{}, ErrNotLibrary
	}
	r = io.NewSectionReader(r, 0, size)
	switch {
	case string(magic[:]) == elf.ELFMAG:
		return readELF(r)
	case string(magic[:2]) == "MZ":
		return readPE(r)
	case binary.BigEndian.Uint32(magic[:]) == macho.MagicFat:
		return readFat(r)
	case slices.Contains([]uint32{macho.Magic32, macho.Magic64}, binary.LittleEndian.Uint32(magic[:])):
		f, err := macho.NewFile(r)
		if err != nil {
			return Library{}, fmt.Errorf("%w: %w", ErrNotLibrary, err)
		}
		lib := Library{Format: "Mach-O", OS: "darwin"}
		lib.addMachO(f)
		return lib, nil
	}
	return Library{}, ErrNotLibrary
}

func readELF(r io.ReaderAt) (Library, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return Library{}, fmt.Errorf("%w: %w", ErrNotLibrary, err)
	}
	if f.Type != elf.ET_DYN {
		return Library{}, ErrNotLibrary
	}
	lib := Library{Format: "ELF", OS: "linux"}
	arch := map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_386: "386", elf.EM_AARCH64: "arm64",
		elf.EM_ARM: "arm", elf.EM_RISCV: "riscv64", elf.EM_PPC64: "ppc64le", elf.EM_S390: "s390x"}[f.Machine]
	if arch == "" {
		arch = f.Machine.String()
	}
	lib.Arch = []string{arch}
	symbols, err := f.DynamicSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return Library{}, fmt.Errorf("%w: %w", ErrNotLibrary, err)
	}
	lib.PKCS11 = slices.ContainsFunc(symbols, func(s elf.Symbol) bool {
		return s.Name == entryPoint && s.Section != elf.SHN_UNDEF
	})
	return lib, nil
}

func readFat(r io.ReaderAt) (Library, error) {
	fat, err := macho.NewFatFile(r)
	if err != nil {
		return Library{}, fmt.Errorf("%w: %w", ErrNotLibrary, err)
	}
	lib := Library{Format: "Mach-O", OS: "darwin"}
	for _, a := range fat.Arches {
		lib.addMachO(a.File)
	}
	return lib, nil
}

func (l *Library) addMachO(f *macho.File) {
	arch := map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}[f.Cpu]
	if arch == "" {
		arch = f.Cpu.String()
	}
	l.Arch = append(l.Arch, arch)
	if f.Symtab == nil {
		return
	}
	for _, s := range f.Symtab.Syms {
		// Mach-O names have an underscore; N_TYPE N_SECT (0x0e): defined here.
		if s.Name == "_"+entryPoint && s.Type&0x0e == 0x0e {
			l.PKCS11 = true
		}
	}
}

// Runs tells whether this program can load it.
func (l Library) Runs() bool { return l.runs(runtime.GOOS, runtime.GOARCH) }

func (l Library) runs(goos, goarch string) bool {
	if l.OS == "linux" && goos != "windows" && goos != "darwin" {
		goos = "linux" // ELF is of the BSDs too
	}
	return l.OS == goos && slices.Contains(l.Arch, goarch)
}

func (l Library) archError() error {
	return fmt.Errorf("it is made for %s and this program is for %s",
		archWords(l.OS, l.Arch), archWords(runtime.GOOS, []string{runtime.GOARCH}))
}

// archWords: "32-bit Windows (386)".
func archWords(goos string, archs []string) string {
	system := map[string]string{"windows": "Windows", "linux": "Linux", "darwin": "macOS"}[goos]
	if system == "" {
		system = goos
	}
	bits := "64-bit"
	if len(archs) == 1 && (archs[0] == "386" || archs[0] == "arm") {
		bits = "32-bit"
	}
	return fmt.Sprintf("%s %s (%s)", bits, system, strings.Join(archs, ", "))
}

// loadKind tells why a library could not be loaded, from its header.
func loadKind(path string) string {
	var m *ModuleError
	if errors.As(CheckModule(path), &m) {
		return m.Kind
	}
	return "failed"
}

func readPE(r io.ReaderAt) (Library, error) {
	f, err := pe.NewFile(r)
	if err != nil {
		return Library{}, fmt.Errorf("%w: %w", ErrNotLibrary, err)
	}
	if f.Characteristics&pe.IMAGE_FILE_DLL == 0 {
		return Library{}, ErrNotLibrary
	}
	lib := Library{Format: "PE", OS: "windows"}
	arch := map[uint16]string{pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_I386: "386",
		pe.IMAGE_FILE_MACHINE_ARM64: "arm64"}[f.Machine]
	if arch == "" {
		arch = fmt.Sprintf("machine 0x%x", f.Machine)
	}
	lib.Arch = []string{arch}
	lib.PKCS11 = peExports(f, entryPoint)
	return lib, nil
}
