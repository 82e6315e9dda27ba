package tsp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
)

// Token is a parsed TimeStampToken. RFC 3161, 2.4.2.
type Token struct {
	Raw         []byte
	CMS         *cms.SignedData
	Time        time.Time     // genTime, UTC
	Accuracy    time.Duration // 0: not given
	Policy      asn1.ObjectIdentifier
	Serial      *big.Int
	Nonce       *big.Int // nil: none
	Imprint     []byte
	ImprintHash crypto.Hash           // 0 when unknown
	ImprintOID  asn1.ObjectIdentifier // of ImprintHash, also when unknown
	Certificate *x509.Certificate     // the TSA's, when embedded
	Skew        time.Duration         // Time minus the local clock when a Client received it
}

// Parse reads a token; it checks structure only. The error is a *CheckError.
// Bytes behind the token are counted in CMS.Trailing.
func Parse(der []byte) (*Token, error) {
	sd, err := cms.Parse(der)
	if err != nil {
		return nil, fail(ReasonStructure, "%w", err)
	}
	if !sd.EContentType.Equal(oids.TSTInfo) {
		return nil, fail(ReasonStructure, "content type is %v, not TSTInfo", sd.EContentType)
	}
	if !sd.HasEContent {
		return nil, fail(ReasonStructure, "no TSTInfo inside")
	}
	t := &Token{Raw: sd.Raw, CMS: sd}
	if err := t.parseInfo(sd.EContent); err != nil {
		return nil, fail(ReasonStructure, "TSTInfo: %w", err)
	}
	if len(sd.SignerInfos) > 0 {
		t.Certificate = sd.SigningCertificate(sd.SignerInfos[0])
	}
	return t, nil
}

var errMalformed = errors.New("malformed")

// parseInfo reads TSTInfo.
func (t *Token) parseInfo(der []byte) error {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	var version int
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1Integer(&version) {
		return errMalformed
	}
	if version != 1 {
		return errors.New("version is not 1")
	}
	t.Serial = new(big.Int)
	if !seq.ReadASN1ObjectIdentifier(&t.Policy) || !t.readImprint(&seq) || !seq.ReadASN1Integer(t.Serial) {
		return errMalformed
	}
	var when cryptobyte.String
	if !seq.ReadASN1(&when, cbasn1.GeneralizedTime) {
		return errMalformed
	}
	var err error
	if t.Time, err = parseTime(string(when)); err != nil {
		return err
	}
	if seq.PeekASN1Tag(cbasn1.SEQUENCE) && !t.readAccuracy(&seq) {
		return errors.New("malformed accuracy")
	}
	return t.readOptional(&seq)
}

func (t *Token) readImprint(seq *cryptobyte.String) bool {
	var imprint, alg, digest cryptobyte.String
	if !seq.ReadASN1(&imprint, cbasn1.SEQUENCE) || !imprint.ReadASN1(&alg, cbasn1.SEQUENCE) ||
		!alg.ReadASN1ObjectIdentifier(&t.ImprintOID) ||
		!imprint.ReadASN1(&digest, cbasn1.OCTET_STRING) || !imprint.Empty() {
		return false
	}
	t.ImprintHash = cms.HashByOID(t.ImprintOID)
	t.Imprint = digest
	return t.ImprintHash == 0 || len(digest) == t.ImprintHash.Size()
}

// readAccuracy reads seconds, milliseconds and microseconds, each optional.
func (t *Token) readAccuracy(seq *cryptobyte.String) bool {
	var acc cryptobyte.String
	if !seq.ReadASN1(&acc, cbasn1.SEQUENCE) {
		return false
	}
	var seconds, millis, micros int64
	if acc.PeekASN1Tag(cbasn1.INTEGER) && !acc.ReadASN1Integer(&seconds) {
		return false
	}
	for i, part := range []*int64{&millis, &micros} {
		tag := cbasn1.Tag(i).ContextSpecific()
		if acc.PeekASN1Tag(tag) && !acc.ReadASN1Int64WithTag(part, tag) {
			return false
		}
	}
	const year = 366 * 24 * 3600
	if !acc.Empty() || seconds < 0 || seconds > year || millis < 0 || millis > 999 || micros < 0 || micros > 999 {
		return false
	}
	t.Accuracy = time.Duration(seconds)*time.Second + time.Duration(millis)*time.Millisecond + time.Duration(micros)*time.Microsecond
	return true
}

// readOptional reads ordering, nonce, tsa and extensions. No extension is
// understood here, so a critical one is refused (RFC 3161, 2.4.2).
func (t *Token) readOptional(seq *cryptobyte.String) error {
	var ordering bool
	if seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&ordering) {
		return errMalformed
	}
	if seq.PeekASN1Tag(cbasn1.INTEGER) {
		t.Nonce = new(big.Int)
		if !seq.ReadASN1Integer(t.Nonce) {
			return errMalformed
		}
	}
	var name, extensions cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&name, &present, cbasn1.Tag(0).Constructed().ContextSpecific()) ||
		!seq.ReadOptionalASN1(&extensions, &present, cbasn1.Tag(1).Constructed().ContextSpecific()) || !seq.Empty() {
		return errMalformed
	}
	for !extensions.Empty() {
		var ext cryptobyte.String
		var oid asn1.ObjectIdentifier
		var critical bool
		if !extensions.ReadASN1(&ext, cbasn1.SEQUENCE) || !ext.ReadASN1ObjectIdentifier(&oid) {
			return errMalformed
		}
		if ext.PeekASN1Tag(cbasn1.BOOLEAN) && !ext.ReadASN1Boolean(&critical) {
			return errMalformed
		}
		if critical {
			return errors.New("unknown critical extension " + oid.String())
		}
	}
	return nil
}

// parseTime reads a GeneralizedTime with seconds, in UTC, with a fraction of
// any length (RFC 3161, 2.4.2). Trailing zeros, which DER forbids, are read.
func parseTime(s string) (time.Time, error) {
	whole, zulu := strings.CutSuffix(s, "Z")
	base, fraction, hasFraction := strings.Cut(whole, ".")
	bad := errors.New("malformed genTime")
	if !zulu || len(base) != 14 || len(fraction) > 18 || hasFraction && fraction == "" {
		return time.Time{}, bad
	}
	if strings.Trim(base+fraction, "0123456789") != "" {
		return time.Time{}, bad
	}
	t, err := time.ParseInLocation("20060102150405", base, time.UTC)
	if err != nil {
		return time.Time{}, bad
	}
	nanos := (fraction + "000000000")[:9]
	d := 0
	for _, c := range nanos {
		d = d*10 + int(c-'0')
	}
	return t.Add(time.Duration(d)), nil
}

// FindCertificate looks for the TSA's certificate among candidates (the bag of
// the signature around the token, a DSS, a configured chain) when the token
// has none inside. It tells whether Certificate is set now; Check verifies it.
func (t *Token) FindCertificate(candidates []*x509.Certificate) bool {
	if t.Certificate == nil && len(t.CMS.SignerInfos) == 1 {
		t.Certificate = t.CMS.SignerInfos[0].FindCertificate(candidates)
	}
	return t.Certificate != nil
}

// Check verifies the token itself: one signer, CMS signature with Certificate,
// message digest of the TSTInfo, ESS certificate id, EKU critical and alone,
// not a CA, TSA certificate valid at Time. Path and trust are the caller's.
// The error is a *CheckError.
func (t *Token) Check() error {
	if n := len(t.CMS.SignerInfos); n != 1 { // RFC 3161, 2.4.2
		return fail(ReasonStructure, "%d signers, want 1", n)
	}
	if t.Certificate == nil {
		return fail(ReasonCertificate, "the TSA's certificate is missing")
	}
	if err := t.checkSignature(t.CMS.SignerInfos[0]); err != nil {
		return err
	}
	if err := checkTSACertificate(t.Certificate); err != nil {
		return err
	}
	c := t.Certificate
	if t.Time.Before(c.NotBefore) || t.Time.After(c.NotAfter) {
		return fail(ReasonTime, "time %s is outside the validity of the TSA's certificate (%s to %s)",
			t.Time.Format(time.RFC3339), c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}

func (t *Token) checkSignature(si *cms.SignerInfo) error {
	h := si.DigestHash()
	if h == 0 || !h.Available() {
		return fail(ReasonSignature, "digest algorithm %v is unknown", si.Digest.OID)
	}
	d := h.New()
	d.Write(t.CMS.EContent)
	if err := si.CheckAttributes(oids.TSTInfo, d.Sum(nil)); err != nil {
		return fail(ReasonSignature, "%w", err)
	}
	if err := si.VerifySignature(t.Certificate, nil); err != nil {
		return fail(ReasonSignature, "%w", err)
	}
	// Without it another certificate with the same key could be put in the
	// place of the TSA's. RFC 3161, 2.4.2; RFC 5816, 2.2.1.
	if err := si.CheckESS(t.Certificate); err != nil {
		return fail(ReasonESS, "%w", err)
	}
	return nil
}

// checkTSACertificate holds RFC 3161, 2.3: exactly the key purpose
// timeStamping, in a critical extension. Known and unknown purposes beside it
// are refused alike.
func checkTSACertificate(c *x509.Certificate) error {
	if c.IsCA {
		return fail(ReasonCertificate, "the TSA's certificate is one of a CA")
	}
	signing := x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if c.KeyUsage != 0 && c.KeyUsage&signing == 0 {
		return fail(ReasonCertificate, "the TSA's key is not for signatures")
	}
	critical, present := false, false
	for _, ext := range c.Extensions {
		if ext.Id.Equal(oids.ExtKeyUsage) {
			critical, present = ext.Critical, true
		}
	}
	switch {
	case !present:
		return fail(ReasonEKU, "the TSA's certificate has no extended key usage")
	case len(c.UnknownExtKeyUsage) > 0 || len(c.ExtKeyUsage) != 1:
		return fail(ReasonEKU, "the TSA's certificate has other key purposes beside time-stamping")
	case c.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping:
		return fail(ReasonEKU, "the TSA's certificate is not for time-stamping")
	case !critical:
		return fail(ReasonEKU, "the extended key usage of the TSA's certificate is not critical")
	}
	return nil
}

// CheckImprint compares the imprint with data. The error is a *CheckError.
func (t *Token) CheckImprint(data []byte) error {
	if t.ImprintHash == 0 || !t.ImprintHash.Available() {
		return fail(ReasonImprint, "hash algorithm %v is unknown", t.ImprintOID)
	}
	d := t.ImprintHash.New()
	d.Write(data)
	return t.CheckImprintDigest(d.Sum(nil), t.ImprintHash)
}

// CheckImprintDigest compares the imprint with a digest by hash h.
func (t *Token) CheckImprintDigest(digest []byte, h crypto.Hash) error {
	if h == 0 || t.ImprintHash != h {
		return fail(ReasonImprint, "imprint is by %v, want %v", t.ImprintOID, h)
	}
	if len(digest) == 0 || !bytes.Equal(digest, t.Imprint) {
		return fail(ReasonImprint, "imprint %x, want %x", t.Imprint, digest)
	}
	return nil
}
