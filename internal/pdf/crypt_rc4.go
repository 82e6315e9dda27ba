package pdf

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/subtle"
	"encoding/binary"
)

// passwordPad fills passwords up to 32 bytes (ISO 32000-2, 7.6.4.3.2).
const passwordPad = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08" +
	"\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

func padded(password []byte) []byte {
	return append(bytes.Clone(password), passwordPad...)[:32]
}

// rc4Crypt encrypts or decrypts b into new bytes. key has 1 to 256 bytes.
func rc4Crypt(key, b []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic(err) // keys have 5 to 16 bytes here
	}
	out := make([]byte, len(b))
	c.XORKeyStream(out, b)
	return out
}

// rc4Xor is RC4 with each byte of the key xored with x.
func rc4Xor(key []byte, x byte, b []byte) []byte {
	k := bytes.Clone(key)
	for i := range k {
		k[i] ^= x
	}
	return rc4Crypt(k, b)
}

// objectKey is the key for the strings and the stream of an object
// (ISO 32000-2, 7.6.3.2, Algorithm 1; 7.6.3.3, Algorithm 1.A).
func (s *security) objectKey(ref Ref, m method) []byte {
	if m == methodAES256 {
		return s.key
	}
	b := append(bytes.Clone(s.key), byte(ref.Num), byte(ref.Num>>8), byte(ref.Num>>16), byte(ref.Gen), byte(ref.Gen>>8))
	if m == methodAES128 {
		b = append(b, "sAlT"...)
	}
	sum := md5.Sum(b)
	return sum[:min(len(s.key)+5, 16)]
}

// legacyKey makes the file encryption key of n bytes from the user password
// (ISO 32000-2, 7.6.4.3.2, Algorithm 2).
func (e *encryptDict) legacyKey(password []byte, n int) []byte {
	b := append(padded(password), e.o...)
	b = binary.LittleEndian.AppendUint32(b, uint32(e.p))
	b = append(b, e.id0...)
	if e.r >= 4 && e.clear {
		b = append(b, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(b)
	if e.r >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:n])
		}
	}
	return sum[:n]
}

// userLegacy returns the key when password is the user's (ISO 32000-2,
// 7.6.4.4.5, Algorithm 6).
func (e *encryptDict) userLegacy(password []byte) []byte {
	for _, n := range e.keySizes {
		key := e.legacyKey(password, n)
		if subtle.ConstantTimeCompare(e.legacyU(key), e.u) == 1 {
			return key
		}
	}
	return nil
}

// legacyU is what /U has to be: 32 bytes in R2 (Algorithm 4), 16 that count
// from R3 on (Algorithm 5).
func (e *encryptDict) legacyU(key []byte) []byte {
	if e.r == 2 {
		return rc4Crypt(key, []byte(passwordPad))
	}
	sum := md5.Sum(append([]byte(passwordPad), e.id0...))
	u := sum[:]
	for i := range byte(20) {
		u = rc4Xor(key, i, u)
	}
	return u
}

// ownerLegacy returns the key when password is the owner's (ISO 32000-2,
// 7.6.4.4.6, Algorithm 7): /O holds the user password.
func (e *encryptDict) ownerLegacy(password []byte) []byte {
	sum := md5.Sum(padded(password))
	if e.r >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:])
		}
	}
	for _, n := range e.keySizes {
		user := e.o
		if e.r == 2 {
			user = rc4Crypt(sum[:n], user)
		} else {
			for i := range byte(20) {
				user = rc4Xor(sum[:n], 19-i, user)
			}
		}
		if key := e.userLegacy(user); key != nil {
			return key
		}
	}
	return nil
}
