package verify

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// origin tells how a signature was found.
type origin int

const (
	fromField origin = iota + 1
	fromPerms        // /Perms /DocMDP, no field
	fromUsageRights
	fromOlder // a signature of an earlier revision that the newest one lacks
	fromMark  // a trace in the bytes, no object
)

func (o origin) String() string {
	switch o {
	case fromField:
		return "field"
	case fromPerms:
		return "permissions"
	case fromUsageRights:
		return "usage rights"
	case fromOlder:
		return "earlier revision"
	case fromMark:
		return "trace"
	}
	return fmt.Sprintf("unknown origin %d", int(o))
}

// record is what the checks find out about one signature. Each check writes
// its facts; indication.go reads them and writes nothing but the outcome.
type record struct {
	origin origin
	view   *pdf.File // the newest state of the file that has the signature

	// check_dictionary.go
	field     pdf.Field
	hasField  bool
	dict      *pdf.Dict
	ref       pdf.Ref // of dict; zero: direct in the field
	typ       pdf.Name
	sub       subFilter
	subName   string
	kind      string
	claimed   time.Time // /M, else the attribute signing-time; zero: none
	docMDP    int       // 0: no certification
	fieldMDP  *FieldLock
	moreLocks []*FieldLock // of further references
	fieldLock *FieldLock   // /Lock of the field
	lockP     int          // /P of it; 0: none
	listed    bool         // /Perms names this certification

	// check_contents.go
	contentsSpan pdf.Span // of the token in the file
	contents     []byte   // decoded, padding included

	// check_byterange.go
	rng        byteRange
	rangeSane  bool // four numbers within the file, in order
	gapExact   bool // the gap is the /Contents token
	gapWhite   bool // the gap is the token and white space
	coverage   string
	signedEnd  int64 // end of the signed revision; 0: not known
	revision   int   // 0-based; -1: not known
	signedView *pdf.File

	// check_cms.go
	cms      *cms.SignedData
	si       *cms.SignerInfo
	token    *tsp.Token // of a document timestamp
	x509sig  []byte     // adbe.x509.rsa_sha1: the bare signature
	x509bag  []*x509.Certificate
	jobs     []byterange.Job // digests wanted
	digests  map[crypto.Hash][]byte
	digestOK tri // the digest of the range is the signed one

	// check_signingcert.go, check_signature.go
	cert        *x509.Certificate
	signatureOK tri
	scheme      cms.Scheme
	hash        crypto.Hash

	// check_timestamps.go
	stamps     []*stamp
	proven     time.Time // zero: nothing proves a time
	proof      string
	lowerBound time.Time // content timestamp: signed after it

	// check_path.go, check_revocation.go
	judgedAt time.Time
	path     pathFacts

	// check_changes.go
	changesAfter string
	changes      []Change

	baseline []string // deviations from the PAdES baseline
	level    string
	findings []finding
	seen     map[string]bool
}

// tri is a fact that may be unknown.
type tri int

const (
	unknown tri = iota
	yes
	no
)

func triOf(ok bool) tri {
	if ok {
		return yes
	}
	return no
}

// finding is one reason in the making.
type finding struct {
	code Code
	text string
}

// find notes a reason once.
func (r *record) find(code Code, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	key := string(code) + "\x00" + text
	if r.seen[key] {
		return
	}
	if r.seen == nil {
		r.seen = make(map[string]bool)
	}
	r.seen[key] = true
	r.findings = append(r.findings, finding{code, text})
}

// has tells whether one of the codes was found.
func (r *record) has(codes ...Code) bool {
	for _, f := range r.findings {
		for _, c := range codes {
			if f.code == c {
				return true
			}
		}
	}
	return false
}

// pathFacts is the outcome of building the path of a certificate at a time.
type pathFacts struct {
	judged bool
	path   *certpath.Path
	err    *certpath.PathError
	status certpath.RevocationStatus // of the leaf
	// ignored: the status was unknown, and Options let it pass.
	ignored bool
}

// stamp is one timestamp of a signature.
type stamp struct {
	kind  string
	token *tsp.Token // nil: unreadable
	valid bool
	why   string // not valid because
	code  Code
	field string
	path  pathFacts
}
