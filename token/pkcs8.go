package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // PBKDF2's default, RFC 8018, A.2
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"unsafe"
)

var errPBES = errors.New("the encryption of this key is not supported (PBES2 with PBKDF2 and AES-CBC is); convert with: openssl pkcs8 -topk8 -v2 aes-256-cbc")

// maxIterations bounds what a key file may cost (about 10 s).
const maxIterations = 20_000_000

// RFC 5958, 3 and RFC 8018, A.2 to A.4.
type encryptedKey struct {
	Algorithm struct {
		OID    asn1.ObjectIdentifier
		Params struct {
			KDF struct {
				OID    asn1.ObjectIdentifier
				Params kdfParams
			}
			Cipher struct {
				OID asn1.ObjectIdentifier
				IV  []byte
			}
		}
	}
	Data []byte
}

type kdfParams struct {
	Salt       []byte
	Iterations int
	KeyLength  int `asn1:"optional"`
	PRF        struct {
		OID    asn1.ObjectIdentifier
		Params asn1.RawValue `asn1:"optional"`
	} `asn1:"optional"`
}

// decryptPKCS8 opens an encrypted PKCS#8 key. The standard library does not;
// only today's scheme is here: PBES2, PBKDF2, AES-CBC.
func decryptPKCS8(der []byte, password *PIN) (any, error) {
	var e encryptedKey
	if rest, err := asn1.Unmarshal(der, &e); err != nil || len(rest) > 0 {
		return nil, errPBES
	}
	p := e.Algorithm.Params
	size := map[string]int{"2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.22": 24,
		"2.16.840.1.101.3.4.1.42": 32}[p.Cipher.OID.String()]
	prf := prfHash(p.KDF.Params.PRF.OID)
	if e.Algorithm.OID.String() != "1.2.840.113549.1.5.13" || p.KDF.OID.String() != "1.2.840.113549.1.5.12" ||
		size == 0 || prf == nil || len(p.Cipher.IV) != aes.BlockSize || len(e.Data) == 0 || len(e.Data)%aes.BlockSize != 0 {
		return nil, errPBES
	}
	if n := p.KDF.Params.Iterations; n < 1 || n > maxIterations {
		return nil, fmt.Errorf("%d iterations of PBKDF2", n)
	}
	b := password.bytes()
	if len(b) == 0 {
		return nil, &AuthError{Kind: "incorrect", Retries: -1, Err: errors.New("the key wants a password")}
	}
	// The string shares the PIN's bytes: clearing the PIN clears it.
	key, err := pbkdf2.Key(prf, unsafe.String(unsafe.SliceData(b), len(b)), p.KDF.Params.Salt, p.KDF.Params.Iterations, size)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(e.Data))
	defer clear(plain)
	cipher.NewCBCDecrypter(block, p.Cipher.IV).CryptBlocks(plain, e.Data)
	return unpadKey(plain)
}

// unpadKey: there is no MAC, so a wrong password shows in the padding or in
// what should be a key.
func unpadKey(plain []byte) (any, error) {
	wrong := &AuthError{Kind: "incorrect", Retries: -1, Err: errors.New("the key does not open")}
	n := int(plain[len(plain)-1])
	if n == 0 || n > aes.BlockSize {
		return nil, wrong
	}
	for _, c := range plain[len(plain)-n:] {
		if int(c) != n {
			return nil, wrong
		}
	}
	key, err := x509.ParsePKCS8PrivateKey(plain[:len(plain)-n])
	if err != nil {
		return nil, wrong
	}
	return key, nil
}

// prfHash: RFC 8018, B.1.2; none means HMAC with SHA-1.
func prfHash(oid asn1.ObjectIdentifier) func() hash.Hash {
	switch oid.String() {
	case "", "1.2.840.113549.2.7":
		return sha1.New
	case "1.2.840.113549.2.9":
		return sha256.New
	case "1.2.840.113549.2.10":
		return sha512.New384
	case "1.2.840.113549.2.11":
		return sha512.New
	}
	return nil
}
