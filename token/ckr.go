package token

import "fmt"

// Kind groups the CKR codes that users meet; each wants its own sentence.
type Kind string

// Kinds of CKR codes. They are stable.
const (
	KindOther          Kind = "other"
	KindRemoved        Kind = "removed"         // token or reader pulled out
	KindDevice         Kind = "device"          // hardware failed
	KindMemory         Kind = "memory"          // token or host out of memory
	KindSession        Kind = "session"         // session lost
	KindSessionLimit   Kind = "session_limit"   // no more sessions
	KindReadOnly       Kind = "read_only"       // write-protected
	KindCanceled       Kind = "canceled"        // at the PIN pad or by the driver
	KindNotInitialized Kind = "not_initialized" // driver or token
	KindDriver         Kind = "driver"          // the driver failed in itself
	KindPINIncorrect   Kind = "pin_incorrect"
	KindPINInvalid     Kind = "pin_invalid"
	KindPINLength      Kind = "pin_length"
	KindPINExpired     Kind = "pin_expired"
	KindPINLocked      Kind = "pin_locked"
	KindPINNotSet      Kind = "pin_not_set"
	KindLoggedIn       Kind = "already_logged_in"
	KindOtherLoggedIn  Kind = "another_logged_in"
	KindNotLoggedIn    Kind = "not_logged_in"
	KindMechanism      Kind = "mechanism"
	KindKey            Kind = "key"
	KindUnrecognized   Kind = "token_unrecognized"
)

type ckr struct {
	name string
	kind Kind
}

// PKCS #11 v2.40 base, 5.1; the values are from its header pkcs11t.h.
const (
	ckrOK                  = 0x00
	ckrPINIncorrect        = 0xA0
	ckrPINLocked           = 0xA4
	ckrSessionHandle       = 0xB3
	ckrUserAlreadyLoggedIn = 0x100
	ckrAlreadyInitialized  = 0x191
)

var ckrs = map[uint]ckr{
	0x00: {"CKR_OK", KindOther}, 0x01: {"CKR_CANCEL", KindCanceled}, 0x02: {"CKR_HOST_MEMORY", KindMemory},
	0x03: {"CKR_SLOT_ID_INVALID", KindRemoved}, 0x05: {"CKR_GENERAL_ERROR", KindDriver},
	0x06: {"CKR_FUNCTION_FAILED", KindDriver}, 0x07: {"CKR_ARGUMENTS_BAD", KindDriver},
	0x0A: {"CKR_CANT_LOCK", KindDriver}, 0x10: {"CKR_ATTRIBUTE_READ_ONLY", KindOther},
	0x11: {"CKR_ATTRIBUTE_SENSITIVE", KindOther}, 0x12: {"CKR_ATTRIBUTE_TYPE_INVALID", KindOther},
	0x13: {"CKR_ATTRIBUTE_VALUE_INVALID", KindOther}, 0x20: {"CKR_DATA_INVALID", KindMechanism},
	0x21: {"CKR_DATA_LEN_RANGE", KindMechanism}, 0x30: {"CKR_DEVICE_ERROR", KindDevice},
	0x31: {"CKR_DEVICE_MEMORY", KindMemory}, 0x32: {"CKR_DEVICE_REMOVED", KindRemoved},
	0x50: {"CKR_FUNCTION_CANCELED", KindCanceled}, 0x51: {"CKR_FUNCTION_NOT_PARALLEL", KindDriver},
	0x54: {"CKR_FUNCTION_NOT_SUPPORTED", KindMechanism}, 0x60: {"CKR_KEY_HANDLE_INVALID", KindKey},
	0x62: {"CKR_KEY_SIZE_RANGE", KindKey}, 0x63: {"CKR_KEY_TYPE_INCONSISTENT", KindKey},
	0x68: {"CKR_KEY_FUNCTION_NOT_PERMITTED", KindKey}, 0x70: {"CKR_MECHANISM_INVALID", KindMechanism},
	0x71: {"CKR_MECHANISM_PARAM_INVALID", KindMechanism}, 0x82: {"CKR_OBJECT_HANDLE_INVALID", KindKey},
	0x90: {"CKR_OPERATION_ACTIVE", KindDriver}, 0x91: {"CKR_OPERATION_NOT_INITIALIZED", KindDriver},
	0xA0: {"CKR_PIN_INCORRECT", KindPINIncorrect}, 0xA1: {"CKR_PIN_INVALID", KindPINInvalid},
	0xA2: {"CKR_PIN_LEN_RANGE", KindPINLength}, 0xA3: {"CKR_PIN_EXPIRED", KindPINExpired},
	0xA4: {"CKR_PIN_LOCKED", KindPINLocked}, 0xB0: {"CKR_SESSION_CLOSED", KindSession},
	0xB1: {"CKR_SESSION_COUNT", KindSessionLimit}, 0xB3: {"CKR_SESSION_HANDLE_INVALID", KindSession},
	0xB4: {"CKR_SESSION_PARALLEL_NOT_SUPPORTED", KindDriver}, 0xB5: {"CKR_SESSION_READ_ONLY", KindReadOnly},
	0xB6: {"CKR_SESSION_EXISTS", KindSession}, 0xB7: {"CKR_SESSION_READ_ONLY_EXISTS", KindSession},
	0xB8: {"CKR_SESSION_READ_WRITE_SO_EXISTS", KindSession}, 0xC0: {"CKR_SIGNATURE_INVALID", KindOther},
	0xC1: {"CKR_SIGNATURE_LEN_RANGE", KindOther}, 0xD0: {"CKR_TEMPLATE_INCOMPLETE", KindDriver},
	0xD1: {"CKR_TEMPLATE_INCONSISTENT", KindDriver}, 0xE0: {"CKR_TOKEN_NOT_PRESENT", KindRemoved},
	0xE1: {"CKR_TOKEN_NOT_RECOGNIZED", KindUnrecognized}, 0xE2: {"CKR_TOKEN_WRITE_PROTECTED", KindReadOnly},
	0x100: {"CKR_USER_ALREADY_LOGGED_IN", KindLoggedIn}, 0x101: {"CKR_USER_NOT_LOGGED_IN", KindNotLoggedIn},
	0x102: {"CKR_USER_PIN_NOT_INITIALIZED", KindPINNotSet}, 0x103: {"CKR_USER_TYPE_INVALID", KindDriver},
	0x104: {"CKR_USER_ANOTHER_ALREADY_LOGGED_IN", KindOtherLoggedIn},
	0x105: {"CKR_USER_TOO_MANY_TYPES", KindOtherLoggedIn}, 0x130: {"CKR_DOMAIN_PARAMS_INVALID", KindKey},
	0x150: {"CKR_BUFFER_TOO_SMALL", KindDriver}, 0x190: {"CKR_CRYPTOKI_NOT_INITIALIZED", KindNotInitialized},
	0x191: {"CKR_CRYPTOKI_ALREADY_INITIALIZED", KindDriver}, 0x1A0: {"CKR_MUTEX_BAD", KindDriver},
	0x200: {"CKR_FUNCTION_REJECTED", KindCanceled},
}

// CKRName is the name of a PKCS#11 return value, or its number in hex.
func CKRName(code uint) string {
	if c, ok := ckrs[code]; ok {
		return c.name
	}
	if code >= 0x80000000 { // PKCS #11, 5.1: CKR_VENDOR_DEFINED
		return fmt.Sprintf("CKR_VENDOR_DEFINED+0x%X", code-0x80000000)
	}
	return fmt.Sprintf("CKR_0x%X", code)
}

// CKRKind groups a code; unknown ones are KindOther.
func CKRKind(code uint) Kind {
	if c, ok := ckrs[code]; ok {
		return c.kind
	}
	return KindOther
}

// CKRCodes lists the codes that CKRName knows, for translators.
func CKRCodes() map[uint]Kind {
	m := make(map[uint]Kind, len(ckrs))
	for code, c := range ckrs {
		m[code] = c.kind
	}
	return m
}

// ckrError is a return value of the module.
type ckrError uint

func (e ckrError) Error() string { return CKRName(uint(e)) }

// authKinds: what a failed login means.
var authKinds = map[Kind]string{
	KindPINIncorrect: "incorrect", KindPINInvalid: "incorrect", KindPINLength: "length",
	KindPINExpired: "expired", KindPINLocked: "locked", KindPINNotSet: "not_initialized",
}

// typed makes the error that callers decide on out of a return value.
func typed(err error) error {
	e, ok := err.(ckrError) //nolint:errorlint // our own bindings return it bare
	if !ok {
		return err
	}
	switch kind := authKinds[CKRKind(uint(e))]; kind {
	case "":
		return &DeviceError{Code: uint(e), Err: e}
	case "locked":
		return &AuthError{Kind: kind, Retries: 0, Err: e}
	default:
		return &AuthError{Kind: kind, Retries: -1, Err: e}
	}
}
