package main

import (
	"context"
	"crypto"
	_ "crypto/sha256" // the digests that --digest names
	_ "crypto/sha512"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// maxKeyFile bounds a key or certificate file, in bytes.
const maxKeyFile = 16 << 20

// keyOptions choose a key and how it signs.
type keyOptions struct {
	tokenOptions
	p12             p12Options
	cert            string
	key             string
	keyPasswordFile string
	certFile        string
	chain           string
	scheme          string
	digest          string
	pinFile         string
	pinFD           int // -1: none
	allowLast       bool
}

func (o *keyOptions) addFlags(f flagSet) {
	o.pinFD = -1
	o.tokenOptions.addFlags(f)
	f.str(&o.cert, "cert")
	o.p12.addFlags(f)
	f.str(&o.key, "key")
	f.str(&o.keyPasswordFile, "key-password-file")
	f.str(&o.certFile, "cert-file")
	f.str(&o.chain, "chain")
	f.str(&o.scheme, "scheme")
	f.str(&o.digest, "digest")
	f.str(&o.pinFile, "pin-file")
	f.num(&o.pinFD, "pin-fd")
	f.yes(&o.allowLast, "allow-last-pin-try")
}

func (o *keyOptions) validate() error {
	switch {
	case o.p12.file != "" && o.key != "":
		return together("p12", "key")
	case o.p12.file != "" && len(o.modules) > 0:
		return together("p12", "module")
	case o.key != "" && len(o.modules) > 0:
		return together("key", "module")
	case o.key != "" && o.certFile == "":
		return needs("key", "cert-file")
	case o.pinFile != "" && o.pinFD >= 0:
		return together("pin-file", "pin-fd")
	}
	if err := o.tokenOptions.validate(); err != nil {
		return err
	}
	if err := oneOf("scheme", o.scheme, "pkcs1", "pss"); err != nil {
		return err
	}
	return oneOf("digest", o.digest, "sha256", "sha384", "sha512")
}

// hash is that of --digest; 0: the default of the key.
func (o *keyOptions) hash() crypto.Hash {
	return map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}[o.digest]
}

// cmsScheme is that of --scheme; 0: the default of the key.
func (o *keyOptions) cmsScheme() cms.Scheme {
	return map[string]cms.Scheme{"pkcs1": cms.PKCS1v15, "pss": cms.PSS}[o.scheme]
}

// keySource is a chosen certificate and, once opened, its key. One run opens
// it once.
type keySource struct {
	a      *app
	o      keyOptions
	entry  token.Entry
	others []*x509.Certificate // candidates for the chain
	key    *token.Key
	done   func() error // of a login made to list

	opening sync.Mutex // guards key and failed
	failed  error      // of the one login: a wrong PIN is not tried again
	costs   *runCosts  // nil: not measured
	many    bool       // several files
	chain   func() []*x509.Certificate
}

// findKey finds the certificate to sign with. No PIN of a token is asked but
// where the token shows its certificates only after it; key files need their
// password here.
func (a *app) findKey(ctx context.Context, o keyOptions) (*keySource, error) {
	k := &keySource{a: a, o: o}
	var err error
	switch {
	case o.p12.file != "":
		err = k.openP12(ctx)
	case o.key != "":
		err = k.openPEM(ctx)
	default:
		err = k.chooseOnToken(ctx)
	}
	if err != nil {
		k.Close()
		return nil, err
	}
	if c := k.certificate(); o.scheme != "" && c.PublicKeyAlgorithm != x509.RSA {
		k.Close()
		return nil, usagef(func(e *i18n.Errors) string { return e.SchemeNeedsRSA }, o.scheme, c.PublicKeyAlgorithm)
	}
	if o.chain != "" {
		certs, err := readCertificates("chain", o.chain)
		if err != nil {
			k.Close()
			return nil, err
		}
		k.others = append(k.others, certs...)
	}
	return k, nil
}

func (k *keySource) certificate() *x509.Certificate { return k.entry.Certificate }

// Close logs out.
func (k *keySource) Close() {
	if k == nil {
		return
	}
	if k.key != nil {
		_ = k.key.Close() // what was signed is written; a failing logout changes nothing
	}
	if k.done != nil {
		_ = k.done()
	}
}

func (k *keySource) openP12(ctx context.Context) error {
	key, others, err := k.a.readP12(ctx, k.o.p12)
	if err != nil {
		return err
	}
	return k.takeFile(key, others)
}

// readP12 reads a key file; its password is asked where it was not given. A
// file without a password opens with an empty one.
func (a *app) readP12(ctx context.Context, o p12Options) (*token.Key, []*x509.Certificate, error) {
	data, err := readKeyFile(o.file)
	if err != nil {
		return nil, nil, err
	}
	_ = token.Harden()
	password, err := a.given(o.source())
	if err != nil {
		return nil, nil, err
	}
	if password == nil {
		if key, others, err := token.OpenPKCS12(data, token.NewPIN(nil)); err == nil {
			return key, others, nil
		}
		prompt := fmt.Sprintf(a.m.Prompts.P12Password, printable(o.file))
		if password, err = a.askSecret(ctx, prompt, o.source()); err != nil {
			return nil, nil, err
		}
	}
	pin := token.NewPIN(password)
	defer pin.Clear()
	key, others, err := token.OpenPKCS12(data, pin)
	return key, others, atKeyFile(o.file, err)
}

func (k *keySource) openPEM(ctx context.Context) error {
	keyData, err := readKeyFile(k.o.key)
	if err != nil {
		return err
	}
	certData, err := readKeyFile(k.o.certFile)
	if err != nil {
		return err
	}
	if _, err := token.ParseCertificates(certData); err != nil {
		return &keyFileError{path: k.o.certFile, certificate: true, err: err}
	}
	_ = token.Harden()
	var pin *token.PIN
	if strings.Contains(string(keyData), "ENCRYPTED") {
		source := secretSource{file: k.o.keyPasswordFile, fd: -1, env: envKeyPassword, flag: "key-password-file"}
		b, err := k.a.secret(ctx, source, fmt.Sprintf(k.a.m.Prompts.KeyPassword, printable(k.o.key)))
		if err != nil {
			return err
		}
		pin = token.NewPIN(b)
		defer pin.Clear()
	}
	key, others, err := token.OpenPEM(keyData, certData, pin)
	if err != nil {
		return atKeyFile(k.o.key, err)
	}
	return k.takeFile(key, others)
}

// takeFile judges a key of a file as those of tokens are.
func (k *keySource) takeFile(key *token.Key, others []*x509.Certificate) error {
	k.key, k.others = key, others
	k.entry = key.Entry
	k.entry.Judge(k.a.now())
	if !k.entry.Usable {
		return &token.UnusableError{Entry: k.entry}
	}
	return nil
}

func readKeyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, atFile(path, err)
	}
	if info.Size() > maxKeyFile {
		return nil, atFile(path, fmt.Errorf("larger than %d bytes", maxKeyFile))
	}
	data, err := os.ReadFile(path)
	return data, atFile(path, err)
}

// chooseOnToken lists tokens and takes the certificate of --cert.
func (k *keySource) chooseOnToken(ctx context.Context) error {
	if !token.TokenSupport {
		return token.ErrNoTokenSupport
	}
	found := k.a.survey(ctx, k.o.tokenOptions)
	entry, err := token.Choose(found.entries, k.o.cert)
	if errors.Is(err, token.ErrNoCertificate) && len(found.hidden) > 0 {
		entry, err = k.chooseHidden(ctx, found)
	}
	if errors.Is(err, token.ErrNoCertificate) && len(found.entries) == 0 {
		if len(k.o.modules) == 0 {
			k.a.warnDrivers(found)
		}
		return found.nothing(k.o.tokenOptions, err)
	}
	if err != nil {
		return err
	}
	k.entry = entry
	for i := range found.entries {
		if c := found.entries[i].Certificate; c != nil && !c.Equal(entry.Certificate) {
			k.others = append(k.others, c)
		}
	}
	return nil
}

// chooseHidden logs in to the one token that shows nothing without a PIN.
func (k *keySource) chooseHidden(ctx context.Context, found *survey) (token.Entry, error) {
	if len(found.hidden) > 1 {
		return token.Entry{}, &token.AmbiguousError{Selector: k.o.cert, Entries: found.entries}
	}
	entries, done, err := token.ListHidden(ctx, found.hidden[0], k.openOptions())
	if err != nil {
		return token.Entry{}, err
	}
	k.done = done
	for i := range entries {
		entries[i].Judge(k.a.now())
	}
	found.entries = append(found.entries, entries...)
	return token.Choose(found.entries, k.o.cert)
}

// onToken tells whether the key is on a token and not in a file.
func (k *keySource) onToken() bool { return k.o.p12.file == "" && k.o.key == "" }

// open logs in and returns the key. The PIN is asked once in the life of k, and
// given once, by whichever goroutine comes first. Safe for concurrent use.
func (k *keySource) open(ctx context.Context) (*token.Key, error) {
	k.opening.Lock()
	defer k.opening.Unlock()
	if k.key == nil && k.failed == nil {
		k.key, k.failed = k.login(ctx)
	}
	return k.key, k.failed
}

func (k *keySource) login(ctx context.Context) (*token.Key, error) {
	o := k.openOptions()
	key, err := token.Open(ctx, k.entry, o)
	var auth *token.AuthError
	if errors.As(err, &auth) && auth.Kind == "last_try" && o.Interactive {
		warning := fmt.Sprintf(k.a.m.Prompts.LastTry, printable(k.entry.Token.Label))
		ok, cerr := k.a.confirm(ctx, warning)
		if cerr != nil {
			return nil, cerr
		}
		if ok {
			o.AllowLastTry = true
			key, err = token.Open(ctx, k.entry, o)
		}
	}
	if err != nil {
		return nil, err
	}
	if o.Interactive {
		_ = token.ClearGuard(k.a.guardDir(), k.entry.Token) // a right PIN of a person lets unattended runs go on
	}
	return key, nil
}

// pinSource says where the PIN was given.
func (k *keySource) pinSource() secretSource {
	return secretSource{file: k.o.pinFile, fd: k.o.pinFD, env: envPIN, flag: "pin-file"}
}

// typed tells whether a person will type the PIN.
func (k *keySource) typed() bool {
	_, inEnv := k.a.secrets[envPIN]
	return k.o.pinFile == "" && k.o.pinFD < 0 && !inEnv
}

func (k *keySource) openOptions() token.OpenOptions {
	o := token.OpenOptions{
		PIN: k.pin, AllowLastTry: k.o.allowLast, GuardDir: k.a.guardDir(), Interactive: k.typed(),
		Warn: k.warn, Now: k.a.now,
		NoCrypto11: k.many, // one call less for each signature
	}
	if k.a.global.verbose || k.costs != nil {
		o.Trace = k.trace
	}
	return o
}

// pin is asked once, and only when the token needs a login.
func (k *keySource) pin(ctx context.Context, t token.Info) (*token.PIN, error) {
	_ = token.Harden()
	prompt := fmt.Sprintf(k.a.m.Prompts.PIN, printable(t.Label), printable(t.Serial))
	b, err := k.a.secret(ctx, k.pinSource(), prompt)
	if err != nil {
		return nil, err
	}
	return token.NewPIN(b), nil
}

func (k *keySource) warn(w token.Warning, t token.Info) {
	p := &k.a.m.Prompts
	text := map[token.Warning]string{
		token.WarnCountLow: p.CountLow, token.WarnLastTry: p.LastTry, token.WarnPINPad: p.PINPad,
	}[w]
	if text != "" {
		k.a.warnf(text, t.Label)
	}
}

// guardDir remembers wrong PINs of unattended runs.
func (a *app) guardDir() string { return a.cacheDir("pin-guard") }

// embedded is the chain to put into the signature: from the signer upward as
// far as the candidates go, without the root, which proves nothing. It is made
// once. Safe for concurrent use.
func (k *keySource) embedded(anchors []certpath.Anchor) []*x509.Certificate {
	k.opening.Lock()
	if k.chain == nil {
		k.chain = sync.OnceValue(func() []*x509.Certificate {
			return chainOf(k.certificate(), append(append([]*x509.Certificate{}, k.others...), anchorCertificates(anchors)...))
		})
	}
	chain := k.chain
	k.opening.Unlock()
	return chain()
}

// maxChain bounds the certificates that are embedded.
const maxChain = 8

func chainOf(leaf *x509.Certificate, candidates []*x509.Certificate) []*x509.Certificate {
	var chain []*x509.Certificate
	for at := leaf; len(chain) < maxChain; {
		next := issuerOf(at, candidates)
		if next == nil || string(next.RawSubject) == string(next.RawIssuer) {
			break
		}
		chain = append(chain, next)
		at = next
	}
	return chain
}

func issuerOf(c *x509.Certificate, candidates []*x509.Certificate) *x509.Certificate {
	if string(c.RawSubject) == string(c.RawIssuer) {
		return nil
	}
	for _, i := range candidates {
		if string(i.RawSubject) == string(c.RawIssuer) && i.IsCA && c.CheckSignatureFrom(i) == nil {
			return i
		}
	}
	return nil
}
