package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/text/unicode/norm"
)

// maxPassword is the number of bytes of a password that count from R5 on
// (ISO 32000-2, 7.6.4.3.3).
const maxPassword = 127

func normalize(s string) string { return norm.NFKC.String(s) }

func newAES(key []byte) cipher.Block {
	c, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // keys have 16 or 32 bytes here
	}
	return c
}

// cbc runs AES-CBC without padding over whole blocks, into new bytes.
func cbc(key, iv, b []byte, encrypt bool) []byte {
	out := make([]byte, len(b))
	if encrypt {
		cipher.NewCBCEncrypter(newAES(key), iv).CryptBlocks(out, b)
	} else {
		cipher.NewCBCDecrypter(newAES(key), iv).CryptBlocks(out, b)
	}
	return out
}

// aesDecrypt decrypts an initialization vector and the blocks that follow.
// Bytes after the last whole block, which come of a wrong /Length, are dropped
// and padding that is none is left, as other readers do; no bytes are none.
func aesDecrypt(key, b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if len(b) < aes.BlockSize {
		return nil, syntaxAt(-1, "encrypted data of %d bytes have no initialization vector", len(b))
	}
	iv, b := b[:aes.BlockSize], b[aes.BlockSize:]
	out := cbc(key, iv, b[:len(b)/aes.BlockSize*aes.BlockSize], false)
	return unpad(out), nil
}

// unpad removes the padding of RFC 8018, B.2.5, step 4, when there is one.
func unpad(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	n := int(b[len(b)-1])
	if n < 1 || n > aes.BlockSize || n > len(b) {
		return b
	}
	for _, c := range b[len(b)-n:] {
		if int(c) != n {
			return b
		}
	}
	return b[:len(b)-n]
}

// aesEncrypt pads and encrypts b behind a random initialization vector
// (ISO 32000-2, 7.6.3.1).
func aesEncrypt(key, b []byte, random io.Reader) ([]byte, error) {
	iv := make([]byte, aes.BlockSize)
	if _, err := io.ReadFull(random, iv); err != nil {
		return nil, fmt.Errorf("pdf: initialization vector: %w", err)
	}
	n := aes.BlockSize - len(b)%aes.BlockSize
	plain := append(bytes.Clone(b), bytes.Repeat([]byte{byte(n)}, n)...)
	return append(iv, cbc(key, iv, plain, true)...), nil
}

// userAES returns the key when password is the user's; /U is a hash, its
// validation salt and its key salt (ISO 32000-2, 7.6.4.3.3, Algorithm 2.A).
func (e *encryptDict) userAES(password []byte) []byte {
	return e.fromHash(password, e.u, e.ue, nil)
}

// ownerAES returns the key when password is the owner's.
func (e *encryptDict) ownerAES(password []byte) []byte {
	return e.fromHash(password, e.o, e.oe, e.u)
}

func (e *encryptDict) fromHash(password, check, wrapped, u []byte) []byte {
	password = password[:min(len(password), maxPassword)]
	hash := hash2B
	if e.r == 5 { // the extension of Adobe, level 3
		hash = hashR5
	}
	if subtle.ConstantTimeCompare(hash(password, check[32:40], u), check[:32]) != 1 {
		return nil
	}
	return cbc(hash(password, check[40:48], u), make([]byte, aes.BlockSize), wrapped, false)
}

func hashR5(password, salt, u []byte) []byte {
	h := sha256.New()
	h.Write(password)
	h.Write(salt)
	h.Write(u)
	return h.Sum(nil)
}

// hash2B is ISO 32000-2, 7.6.4.3.4, Algorithm 2.B. It ends within 287 rounds:
// the byte that has to be small enough is one.
func hash2B(password, salt, u []byte) []byte {
	k := hashR5(password, salt, u)
	for round := 1; ; round++ {
		one := append(append(bytes.Clone(password), k...), u...)
		e := cbc(k[:16], k[16:32], bytes.Repeat(one, 64), true)
		// 16 bytes as a number modulo 3: 256 is 1 modulo 3.
		sum := 0
		for _, c := range e[:16] {
			sum += int(c)
		}
		switch sum % 3 {
		case 0:
			h := sha256.Sum256(e)
			k = h[:]
		case 1:
			h := sha512.Sum384(e)
			k = h[:]
		default:
			h := sha512.Sum512(e)
			k = h[:]
		}
		if round >= 64 && int(e[len(e)-1]) <= round-32 {
			return k[:32]
		}
	}
}

// checkPerms reads the permissions that the key protects (ISO 32000-2,
// 7.6.4.4.12, Algorithm 13). Where /P or /EncryptMetadata say something else
// somebody without a password has changed them.
func (s *security) checkPerms(perms []byte) error {
	b := make([]byte, aes.BlockSize)
	newAES(s.key).Decrypt(b, perms)
	if string(b[9:12]) != "adb" {
		return badEncrypt("/Perms does not fit the key")
	}
	if p := int32(binary.LittleEndian.Uint32(b)); p != s.permissions {
		return badEncrypt("/P is %d, /Perms says %d", s.permissions, p)
	}
	if clear := b[8] == 'F'; clear != s.clearMetadata {
		return badEncrypt("/EncryptMetadata differs from /Perms")
	}
	return nil
}
