package token

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// OpenPEM reads a key and a certificate file: PKCS#8 (also encrypted, PBES2
// with AES), PKCS#1 or SEC 1. The certificate file may hold several, and may be
// DER; the key's own is found by its public key and the others are returned. A
// wrong password is an *AuthError (incorrect).
func OpenPEM(key, cert []byte, password *PIN) (*Key, []*x509.Certificate, error) {
	if len(key) > maxKeyFile || len(cert) > maxKeyFile {
		return nil, nil, errors.New("token: the key file is too large")
	}
	signer, err := parsePEMKey(key, password)
	if err != nil {
		return nil, nil, err
	}
	certs, err := ParseCertificates(cert)
	if err != nil {
		return nil, nil, err
	}
	k, err := fileKey(signer, certs)
	if err != nil {
		return nil, nil, err
	}
	return k, others(k.Entry.Certificate, certs), nil
}

// ParseCertificates reads PEM certificates, or one DER certificate.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	if !bytes.Contains(data, []byte("-----BEGIN")) {
		c, err := x509.ParseCertificate(data)
		if err != nil {
			return nil, fmt.Errorf("token: certificate: %w", err)
		}
		return []*x509.Certificate{c}, nil
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("token: certificate: %w", err)
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, errors.New("token: the file has no certificate")
	}
	return certs, nil
}

func parsePEMKey(data []byte, password *PIN) (crypto.Signer, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			if block.Headers["DEK-Info"] != "" { // RFC 1423: MD5 and no check of the result
				return nil, errors.New("token: the old PEM encryption is not supported; convert with: openssl pkcs8 -topk8")
			}
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			if block.Headers["DEK-Info"] != "" {
				return nil, errors.New("token: the old PEM encryption is not supported; convert with: openssl pkcs8 -topk8")
			}
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			key, err = decryptPKCS8(block.Bytes, password)
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("token: private key: %w", err)
		}
		signer, ok := key.(crypto.Signer)
		if !ok {
			return nil, fmt.Errorf("token: private key: %T does not sign", key)
		}
		return signer, nil
	}
	return nil, errors.New("token: the file has no private key in PEM")
}
