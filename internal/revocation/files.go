package revocation

// OCSPFile reads an OCSP response that a user keeps in a file, DER or PEM, for
// Source.FileOCSPs. That it can be read says nothing of what it proves.
func OCSPFile(data []byte) ([]byte, error) {
	der := fromPEM(data, "OCSP RESPONSE")
	if _, err := parseOCSP(der); err != nil {
		return nil, err
	}
	return der, nil
}

// CRLFile reads a CRL that a user keeps in a file, DER or PEM, for
// Source.FileCRLs.
func CRLFile(data []byte) ([]byte, error) {
	der := fromPEM(data, "X509 CRL")
	if _, err := parseCRL(der); err != nil {
		return nil, err
	}
	return der, nil
}
