//go:build cgo

package token

/*
#cgo linux LDFLAGS: -ldl
#include <stdlib.h>
#include <string.h>

// PKCS #11 v2.40 base, 2.1: structures are packed on Windows only.
#ifdef _WIN32
#pragma pack(push, 1)
#endif
typedef unsigned long p11_ulong;
typedef struct { p11_ulong type; void *value; p11_ulong len; } p11_attribute;
typedef struct { unsigned char major, minor; void *f[67]; } p11_list;
#ifdef _WIN32
#pragma pack(pop)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

// Places in CK_FUNCTION_LIST, PKCS #11 v2.40 base, 3.6 (pkcs11f.h order).
enum { F_LOGIN = 18, F_GET_ATTRIBUTE_VALUE = 24, F_SIGN = 43 };

static p11_list *p11_load(const char *path, char *why, int size) {
	p11_ulong (*get)(p11_list **) = NULL;
	p11_list *list = NULL;
	why[0] = 0;
#ifdef _WIN32
	wchar_t wide[4096];
	HMODULE lib = NULL;
	if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, 4096) > 0)
		lib = LoadLibraryExW(wide, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
	if (lib == NULL) {
		FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, GetLastError(), 0, why, size, NULL);
		if (!why[0]) strncpy(why, "cannot be loaded", size - 1);
		return NULL;
	}
	*(FARPROC *)&get = GetProcAddress(lib, "C_GetFunctionList");
#else
	void *lib = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (lib == NULL) {
		const char *e = dlerror();
		strncpy(why, e ? e : "cannot be loaded", size - 1);
		why[size - 1] = 0;
		return NULL;
	}
	*(void **)&get = dlsym(lib, "C_GetFunctionList");
#endif
	if (get == NULL) {
		strncpy(why, "does not export C_GetFunctionList", size - 1);
		return NULL;
	}
	p11_ulong rv = get(&list);
	if (rv != 0 || list == NULL) {
		strncpy(why, "C_GetFunctionList fails", size - 1);
		return NULL;
	}
	return list;
}

static p11_ulong p11_login(p11_list *l, p11_ulong session, p11_ulong user, void *pin, p11_ulong len) {
	return ((p11_ulong (*)(p11_ulong, p11_ulong, void *, p11_ulong))l->f[F_LOGIN])(session, user, pin, len);
}

static p11_ulong p11_get(p11_list *l, p11_ulong session, p11_ulong object, p11_ulong type, void *buf, p11_ulong *len) {
	p11_attribute a = { type, buf, *len };
	p11_ulong rv = ((p11_ulong (*)(p11_ulong, p11_ulong, p11_attribute *, p11_ulong))l->f[F_GET_ATTRIBUTE_VALUE])(session, object, &a, 1);
	*len = a.len;
	return rv;
}

static p11_ulong p11_sign(p11_list *l, p11_ulong session, void *data, p11_ulong len, void *sig, p11_ulong *siglen) {
	return ((p11_ulong (*)(p11_ulong, void *, p11_ulong, void *, p11_ulong *))l->f[F_SIGN])(session, data, len, sig, siglen);
}
*/
import "C"

import (
	"errors"
	"unsafe"

	"github.com/miekg/pkcs11"
)

// raw calls three functions of a module that miekg/pkcs11 calls in a way we
// cannot use: C_Login (it leaves a copy of the PIN in freed memory),
// C_GetAttributeValue (it trusts the size that a driver answers) and C_Sign
// (it asks the size first, which signs twice on some tokens). It also sees a
// C_GetFunctionList that fails, which kills the process in miekg's New.
type raw struct{ list *C.p11_list }

func loadRaw(path string) (*raw, error) {
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	why := make([]C.char, 512)
	list := C.p11_load(p, &why[0], C.int(len(why)))
	if list == nil {
		return nil, errors.New(C.GoString(&why[0]))
	}
	return &raw{list}, nil
}

// login gives the bytes of the PIN to the module itself: no copy is made here.
// A nil pin is a NULL pointer (PIN pad).
func (r *raw) login(sh pkcs11.SessionHandle, user uint, pin []byte) error {
	rv := C.p11_login(r.list, C.p11_ulong(sh), C.p11_ulong(user),
		unsafe.Pointer(unsafe.SliceData(pin)), C.p11_ulong(len(pin)))
	return rvError(uint(rv))
}

// Sizes for drivers that answer length 0 to a size query (domain.md 5.3).
const (
	labelSize = 512
	valueSize = 8192
	maxValue  = 1 << 20 // a larger attribute is not read
)

// attribute reads one attribute; one that is not there is nil, no error. The
// buffer is given at once: some drivers answer nonsense to the size query.
func (r *raw) attribute(sh pkcs11.SessionHandle, object pkcs11.ObjectHandle, typ uint) ([]byte, error) {
	size := valueSize
	if typ == pkcs11.CKA_LABEL {
		size = labelSize
	}
	for {
		buf := make([]byte, size)
		n := C.p11_ulong(size)
		rv := uint(C.p11_get(r.list, C.p11_ulong(sh), C.p11_ulong(object), C.p11_ulong(typ),
			unsafe.Pointer(&buf[0]), &n))
		absent := n == ^C.p11_ulong(0)
		switch {
		case rv == pkcs11.CKR_OK && !absent && int(n) <= size:
			return buf[:n], nil
		case rv == pkcs11.CKR_ATTRIBUTE_SENSITIVE || rv == pkcs11.CKR_ATTRIBUTE_TYPE_INVALID:
			return nil, nil
		case rv == pkcs11.CKR_OK || rv == pkcs11.CKR_BUFFER_TOO_SMALL:
			if size = r.grow(sh, object, typ, size); size == 0 {
				return nil, nil
			}
		default:
			return nil, ckrError(rv)
		}
	}
}

// grow asks the size of a value that did not fit; 0: give up.
func (r *raw) grow(sh pkcs11.SessionHandle, object pkcs11.ObjectHandle, typ uint, size int) int {
	n := C.p11_ulong(0)
	rv := uint(C.p11_get(r.list, C.p11_ulong(sh), C.p11_ulong(object), C.p11_ulong(typ), nil, &n))
	if rv == pkcs11.CKR_OK && n != ^C.p11_ulong(0) && int(n) > size && n <= maxValue {
		return int(n)
	}
	if size < maxValue/2 && rv == pkcs11.CKR_OK && n == 0 {
		return 2 * size
	}
	return 0
}

// sign makes exactly one C_Sign, into a buffer of the right size.
func (r *raw) sign(sh pkcs11.SessionHandle, data []byte, size int) ([]byte, error) {
	sig := make([]byte, size)
	n := C.p11_ulong(size)
	rv := uint(C.p11_sign(r.list, C.p11_ulong(sh), unsafe.Pointer(&data[0]), C.p11_ulong(len(data)),
		unsafe.Pointer(&sig[0]), &n))
	if rv != pkcs11.CKR_OK {
		return nil, ckrError(rv)
	}
	if int(n) > size {
		return nil, ckrError(pkcs11.CKR_BUFFER_TOO_SMALL)
	}
	return sig[:n], nil
}

func rvError(rv uint) error {
	if rv == pkcs11.CKR_OK {
		return nil
	}
	return ckrError(rv)
}

// fromMiekg turns the binding's error into ours.
func fromMiekg(err error) error {
	var e pkcs11.Error
	if errors.As(err, &e) {
		return ckrError(e)
	}
	return err
}

// cString is for what a module keeps; nobody frees it.
func cString(s string) unsafe.Pointer { return unsafe.Pointer(C.CString(s)) }
