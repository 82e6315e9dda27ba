package pdf

import (
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
)

// method is how a crypt filter treats bytes.
type method int

const (
	methodIdentity method = iota + 1
	methodRC4
	methodAES128
	methodAES256
)

func (m method) String() string {
	switch m {
	case methodIdentity:
		return "Identity"
	case methodRC4:
		return "RC4"
	case methodAES128:
		return "AES-128"
	case methodAES256:
		return "AES-256"
	}
	return fmt.Sprintf("method(%d)", int(m))
}

// security is the standard security handler (ISO 32000-2, 7.6.4) with the file
// encryption key found. It does not change after newSecurity and is safe for
// concurrent use when random is.
type security struct {
	v, r          int
	key           []byte
	owner         bool
	permissions   int32
	clearMetadata bool
	id0           []byte // the first element of /ID
	filters       map[Name]method
	strings       method
	streams       method
	files         method // of embedded file streams

	random io.Reader // of initialization vectors; nil: crypto/rand
}

// encryptDict is the encryption dictionary, checked as far as is possible
// without a password.
type encryptDict struct {
	v, r     int
	o, u     []byte
	oe, ue   []byte // R5, R6
	perms    []byte // R5, R6
	p        int32
	id0      []byte
	clear    bool  // metadata are not encrypted
	keySizes []int // bytes, those to try in order; R2 to R4
}

// newSecurity finds the key: the empty user password is tried first, then
// password as the user's and the owner's. The values of enc are resolved and
// as they stand in the file. It returns a *PasswordError when no password
// opens and a *SyntaxError for other handlers and broken dictionaries.
func newSecurity(enc *Dict, id0 []byte, password []byte) (*security, error) {
	if filter := enc.Get("Filter"); filter != Name("Standard") {
		return nil, badEncrypt("the security handler %.40v is not supported", filter)
	}
	e, err := readEncrypt(enc, id0)
	if err != nil {
		return nil, err
	}
	s := &security{v: e.v, r: e.r, permissions: e.p, clearMetadata: e.clear, id0: id0}
	if err := s.readFilters(enc, e); err != nil {
		return nil, err
	}
	for _, p := range e.passwords(password) {
		key, owner := e.open(p)
		if key == nil {
			continue
		}
		if s.key == nil {
			s.key, s.owner = key, owner
		}
		// The empty password may open a file whose owner's was given.
		s.owner = s.owner || owner
	}
	if s.key == nil {
		return nil, &PasswordError{Tried: len(password) > 0}
	}
	if e.v == 5 {
		return s, s.checkPerms(e.perms)
	}
	if e.v == 4 {
		// V4 has keys of 128 bits. Acrobat takes a /Length below that for the
		// password and fills the key up with zeros.
		s.key = append(s.key, make([]byte, 16-len(s.key))...)
	}
	return s, nil
}

func badEncrypt(format string, a ...any) error {
	return syntaxAt(-1, "encryption dictionary: "+format, a...)
}

// readEncrypt reads the entries of ISO 32000-2, tables 20 and 21.
func readEncrypt(enc *Dict, id0 []byte) (*encryptDict, error) {
	v, _ := enc.Get("V").(Integer)
	r, _ := enc.Get("R").(Integer)
	p, ok := enc.Get("P").(Integer)
	if !ok {
		return nil, badEncrypt("no /P")
	}
	switch {
	case (v == 1 || v == 2 || v == 4) && r >= 2 && r <= 4:
	case v == 5 && (r == 5 || r == 6):
	default:
		return nil, badEncrypt("/V %d with /R %d is not supported", v, r)
	}
	e := &encryptDict{v: int(v), r: int(r), id0: id0}
	e.p = int32(uint32(p & 0xffffffff)) // some writers give it unsigned
	if m, ok := enc.Get("EncryptMetadata").(bool); ok && v >= 4 {
		e.clear = !m
	}
	// R2 to R4 have 32 bytes, some files more; of /U 16 are compared from R3 on.
	lenO, lenU := 32, 32
	if r >= 3 {
		lenU = 16
	}
	if v == 5 {
		lenO, lenU = 48, 48
	}
	var err error
	take := func(key Name, n int) (b []byte) {
		s, _ := enc.Get(key).(String)
		if len(s.Value) < n && err == nil {
			err = badEncrypt("/%s has %d bytes, not %d", key, len(s.Value), n)
		}
		return []byte(s.Value)[:min(n, len(s.Value))]
	}
	e.o, e.u = take("O", lenO), take("U", lenU)
	if v == 5 {
		e.oe, e.ue, e.perms = take("OE", 32), take("UE", 32), take("Perms", 16)
	}
	e.keySizes = keySizes(enc, e.v)
	return e, err
}

// keySizes lists the key lengths to try, in bytes: /Length is given in bits or
// bytes and, in V4, in two places that may differ.
func keySizes(enc *Dict, v int) (sizes []int) {
	add := func(o Object) {
		n, _ := o.(Integer)
		if n < 40 {
			n *= 8
		}
		if n >= 40 && n <= 128 && n%8 == 0 && !slices.Contains(sizes, int(n/8)) {
			sizes = append(sizes, int(n/8))
		}
	}
	switch v {
	case 1:
		return []int{5}
	case 2:
		add(enc.Get("Length"))
		add(Integer(40))
		return sizes
	}
	name, _ := enc.Get("StmF").(Name)
	cf, _ := enc.Get("CF").(*Dict)
	filter, _ := cf.Get(name).(*Dict)
	if filter.Get("CFM") == Name("V2") {
		add(filter.Get("Length"))
		add(enc.Get("Length"))
	}
	add(Integer(128))
	return sizes
}

// readFilters reads the crypt filters (ISO 32000-2, 7.6.6).
func (s *security) readFilters(enc *Dict, e *encryptDict) error {
	if e.v < 4 {
		s.strings, s.streams, s.files = methodRC4, methodRC4, methodRC4
		return nil
	}
	cf, _ := enc.Get("CF").(*Dict)
	s.filters = make(map[Name]method)
	for name, o := range cf.All() {
		d, _ := o.(*Dict)
		cfm, ok := d.Get("CFM").(Name)
		switch {
		case !ok, cfm == "None":
			s.filters[name] = methodIdentity
		case cfm == "V2" && e.v == 4:
			s.filters[name] = methodRC4
		case cfm == "AESV2" && e.v == 4:
			s.filters[name] = methodAES128
		case cfm == "AESV3" && e.v == 5:
			s.filters[name] = methodAES256
		}
		// Others count only when they are used.
	}
	s.filters["Identity"] = methodIdentity // it can't be redefined
	var err error
	if s.streams, err = s.named(enc.Get("StmF"), methodIdentity); err != nil {
		return err
	}
	if s.strings, err = s.named(enc.Get("StrF"), methodIdentity); err != nil {
		return err
	}
	s.files, err = s.named(enc.Get("EFF"), s.streams)
	return err
}

// named is the method of the crypt filter that o names, absent when o is nil.
func (s *security) named(o Object, absent method) (method, error) {
	if o == nil {
		return absent, nil
	}
	name, _ := o.(Name)
	m, ok := s.filters[name]
	if !ok {
		return 0, badEncrypt("the crypt filter %.40v is unknown", o)
	}
	return m, nil
}

// info describes the handler.
func (s *security) info() *Encryption {
	m := s.streams
	if m == methodIdentity { // only the strings or attachments are encrypted
		m = s.strings
	}
	if m == methodIdentity {
		m = s.files
	}
	text := m.String()
	if m == methodRC4 {
		text = fmt.Sprintf("RC4-%d", 8*len(s.key))
	}
	return &Encryption{V: s.v, R: s.r, Method: text, Permissions: s.permissions, Owner: s.owner}
}

// streamMethod is the method for a stream with dictionary d.
func (s *security) streamMethod(d *Dict) (method, error) {
	kind, _ := d.Get("Type").(Name)
	if kind == "XRef" { // ISO 32000-2, 7.5.8.2
		return methodIdentity, nil
	}
	if s.v >= 4 {
		if m, ok, err := s.ownFilter(d); ok || err != nil {
			return m, err
		}
	}
	switch {
	case kind == "Metadata" && s.clearMetadata:
		return methodIdentity, nil
	case kind == "EmbeddedFile":
		return s.files, nil
	}
	return s.streams, nil
}

// ownFilter finds a /Crypt filter, which has to be the first of the stream
// (ISO 32000-2, 7.4.10).
func (s *security) ownFilter(d *Dict) (m method, ok bool, err error) {
	first, parms := d.Get("Filter"), d.Get("DecodeParms")
	if a, ok := first.(Array); ok {
		if len(a) == 0 {
			return 0, false, nil
		}
		first = a[0]
		if a, ok := parms.(Array); ok && len(a) > 0 {
			parms = a[0]
		}
	}
	if first != Name("Crypt") {
		return 0, false, nil
	}
	p, _ := parms.(*Dict)
	m, err = s.named(p.Get("Name"), methodIdentity)
	return m, true, err
}

// decryptString decrypts a string of the indirect object ref.
func (s *security) decryptString(ref Ref, b []byte) ([]byte, error) {
	return s.decrypt(s.strings, ref, b)
}

// decryptStream decrypts the data of the stream ref with dictionary d. raw is
// left as it is, and returned when it is not encrypted.
func (s *security) decryptStream(ref Ref, d *Dict, raw []byte) ([]byte, error) {
	m, err := s.streamMethod(d)
	if err != nil {
		return nil, inObject(err, ref)
	}
	return s.decrypt(m, ref, raw)
}

// encryptString encrypts a string of the indirect object ref.
func (s *security) encryptString(ref Ref, b []byte) ([]byte, error) {
	return s.encrypt(s.strings, ref, b)
}

// encryptStream encrypts the data, filters applied, of the stream ref.
func (s *security) encryptStream(ref Ref, d *Dict, data []byte) ([]byte, error) {
	m, err := s.streamMethod(d)
	if err != nil {
		return nil, inObject(err, ref)
	}
	return s.encrypt(m, ref, data)
}

func (s *security) decrypt(m method, ref Ref, b []byte) ([]byte, error) {
	switch m {
	case methodIdentity:
	case methodRC4:
		return rc4Crypt(s.objectKey(ref, m), b), nil
	case methodAES128, methodAES256:
		out, err := aesDecrypt(s.objectKey(ref, m), b)
		return out, inObject(err, ref)
	}
	return b, nil
}

func (s *security) encrypt(m method, ref Ref, b []byte) ([]byte, error) {
	switch m {
	case methodIdentity:
	case methodRC4:
		return rc4Crypt(s.objectKey(ref, m), b), nil
	case methodAES128, methodAES256:
		random := s.random
		if random == nil {
			random = rand.Reader
		}
		return aesEncrypt(s.objectKey(ref, m), b, random)
	}
	return b, nil
}

// passwords lists what to try: the empty password, the given bytes, and these
// in the encoding that the revision asks for.
func (e *encryptDict) passwords(given []byte) [][]byte {
	list := [][]byte{{}}
	if len(given) == 0 {
		return list
	}
	list = append(list, given)
	var other []byte
	if e.v == 5 {
		other = []byte(saslPrep(string(given)))
	} else {
		other, _ = encodeDoc(string(given)) // ISO 32000-2, 7.6.4.3.2
	}
	if other != nil && string(other) != string(given) {
		list = append(list, other)
	}
	return list
}

// open tries a password as the user's, then as the owner's; key is nil when
// it is neither. owner tells whether it is the owner's, whatever else it is.
func (e *encryptDict) open(password []byte) (key []byte, owner bool) {
	user, own := e.userLegacy, e.ownerLegacy
	if e.v == 5 {
		user, own = e.userAES, e.ownerAES
	}
	key = user(password)
	if key != nil && len(password) == 0 {
		return key, false // who gives none does not claim to be the owner
	}
	if k := own(password); k != nil {
		return k, true
	}
	return key, false
}

// saslPrep maps spaces, drops what RFC 3454, B.1 maps to nothing and
// normalizes (RFC 4013, 2). What RFC 4013 prohibits is left: such a password
// opens a file or does not.
func saslPrep(s string) string {
	return normalize(strings.Map(func(r rune) rune {
		switch {
		case r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200b, r == 0x202f, r == 0x205f, r == 0x3000:
			return ' ' // RFC 3454, C.1.2
		case r == 0xad, r == 0x34f, r == 0x1806, r >= 0x180b && r <= 0x180d,
			r >= 0x200c && r <= 0x200d, r == 0x2060, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff:
			return -1
		}
		return r
	}, s))
}
