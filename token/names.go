package token

// flag names a bit of CK_TOKEN_INFO.flags: PKCS #11 v2.40 base, 3.2.
var tokenFlags = []struct {
	bit  uint
	name string
}{
	{0x1, "CKF_RNG"}, {0x2, FlagWriteProtected}, {0x4, FlagLoginRequired},
	{0x8, FlagUserPINInitialized}, {0x20, "CKF_RESTORE_KEY_NOT_NEEDED"}, {0x40, "CKF_CLOCK_ON_TOKEN"},
	{0x100, FlagPINPad}, {0x200, "CKF_DUAL_CRYPTO_OPERATIONS"}, {0x400, FlagTokenInitialized},
	{0x800, "CKF_SECONDARY_AUTHENTICATION"}, {0x10000, FlagCountLow}, {0x20000, FlagFinalTry},
	{0x40000, FlagLocked}, {0x80000, FlagToBeChanged}, {0x100000, "CKF_SO_PIN_COUNT_LOW"},
	{0x200000, "CKF_SO_PIN_FINAL_TRY"}, {0x400000, "CKF_SO_PIN_LOCKED"},
	{0x800000, "CKF_SO_PIN_TO_BE_CHANGED"}, {0x1000000, "CKF_ERROR_STATE"},
}

// Flags of a token that decide something.
const (
	FlagWriteProtected     = "CKF_WRITE_PROTECTED"
	FlagLoginRequired      = "CKF_LOGIN_REQUIRED"
	FlagUserPINInitialized = "CKF_USER_PIN_INITIALIZED"
	FlagTokenInitialized   = "CKF_TOKEN_INITIALIZED"
	FlagPINPad             = "CKF_PROTECTED_AUTHENTICATION_PATH"
	FlagCountLow           = "CKF_USER_PIN_COUNT_LOW"
	FlagFinalTry           = "CKF_USER_PIN_FINAL_TRY"
	FlagLocked             = "CKF_USER_PIN_LOCKED"
	FlagToBeChanged        = "CKF_USER_PIN_TO_BE_CHANGED"
)

func flagNames(flags uint) []string {
	var names []string
	for _, f := range tokenFlags {
		if flags&f.bit != 0 {
			names = append(names, f.name)
		}
	}
	return names
}

// signMechanisms: PKCS #11 v2.40 mechanisms, those that make signatures.
var signMechanisms = map[uint]string{
	0x01: "CKM_RSA_PKCS", 0x03: "CKM_RSA_X_509", 0x06: "CKM_SHA1_RSA_PKCS", 0x0D: "CKM_RSA_PKCS_PSS",
	0x40: "CKM_SHA256_RSA_PKCS", 0x41: "CKM_SHA384_RSA_PKCS", 0x42: "CKM_SHA512_RSA_PKCS",
	0x43: "CKM_SHA256_RSA_PKCS_PSS", 0x44: "CKM_SHA384_RSA_PKCS_PSS", 0x45: "CKM_SHA512_RSA_PKCS_PSS",
	0x1041: "CKM_ECDSA", 0x1042: "CKM_ECDSA_SHA1", 0x1044: "CKM_ECDSA_SHA256",
	0x1045: "CKM_ECDSA_SHA384", 0x1046: "CKM_ECDSA_SHA512", 0x1057: "CKM_EDDSA",
}
