package certpath

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

// nameConstraints is the extension of RFC 5280, 4.2.1.10, by kind of name.
type nameConstraints struct {
	permitted, excluded [lastName + 1][]generalName
}

var errSubtree = errors.New("a subtree with minimum or maximum") // RFC 5280, 4.2.1.10: not used with any name form

func parseNameConstraints(der []byte) (*nameConstraints, error) {
	in := cryptobyte.String(der)
	var seq, trees cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || seq.Empty() {
		return nil, errMalformed
	}
	c := &nameConstraints{}
	for n, into := range []*[lastName + 1][]generalName{&c.permitted, &c.excluded} {
		var there bool
		if !seq.ReadOptionalASN1(&trees, &there, explicit(uint8(n))) { //nolint:gosec // 0 or 1
			return nil, errMalformed
		}
		for there && !trees.Empty() {
			g, err := parseSubtree(&trees)
			if err != nil {
				return nil, err
			}
			into[g.tag] = append(into[g.tag], g)
		}
	}
	if !seq.Empty() {
		return nil, errMalformed
	}
	return c, nil
}

func parseSubtree(trees *cryptobyte.String) (generalName, error) {
	var tree cryptobyte.String
	if !trees.ReadASN1(&tree, cbasn1.SEQUENCE) {
		return generalName{}, errMalformed
	}
	g, err := parseGeneralName(&tree)
	if err != nil {
		return g, err
	}
	minimum := cbasn1.Tag(0).ContextSpecific()
	if tree.PeekASN1Tag(minimum) { // the default 0 written out is no DER, and harmless
		if n, ok := readSkip(&tree, minimum); !ok || n != 0 {
			return g, errSubtree
		}
	}
	if !tree.Empty() {
		return g, errSubtree
	}
	if !validBase(g) {
		return g, errMalformed
	}
	return g, nil
}

// validBase refuses what could never match: an exclusion must not be void by a
// slip of the pen.
func validBase(g generalName) bool {
	host := lower(g)
	switch g.tag {
	case ipAddress:
		half := len(g.value) / 2
		if half != net.IPv4len && half != net.IPv6len || len(g.value)%2 != 0 {
			return false
		}
		_, bits := net.IPMask(g.value[half:]).Size()
		return bits != 0 // a mask with holes
	case rfc822Name:
		at := strings.LastIndexByte(host, '@')
		if at == 0 {
			return false
		}
		if at > 0 {
			return validHost(host[at+1:], false)
		}
	case dnsName, uriName:
	default:
		return true
	}
	return host == "" || validHost(strings.TrimPrefix(host, "."), false)
}

// constrained returns all names of a certificate that constraints apply to:
// the subject, its e-mail addresses where there is no alternative one, and the
// alternative names. RFC 5280, 6.1.3 (b), (c), 4.2.1.10.
func (n *node) constrained() []generalName {
	var list []generalName
	if !n.subject.empty() {
		list = append(list, generalName{tag: directoryName, value: n.cert.RawSubject, name: n.subject})
	}
	mail := false
	for _, g := range n.names {
		mail = mail || g.tag == rfc822Name
	}
	if !mail {
		for _, atv := range n.cert.Subject.Names {
			if s, ok := atv.Value.(string); ok && atv.Type.Equal(oids.EmailAddress) {
				list = append(list, generalName{tag: rfc822Name, value: []byte(s)})
			}
		}
	}
	return append(list, n.names...)
}

// check returns what is wrong with a name, or "". spend counts comparisons and
// tells false when there were too many.
func (c *nameConstraints) check(g generalName, spend func(int) bool) string {
	permitted, excluded := c.permitted[g.tag], c.excluded[g.tag]
	if len(permitted)+len(excluded) == 0 {
		return ""
	}
	cost := 1 + len(g.value)/64
	if !spend((len(permitted) + len(excluded)) * cost) {
		return "too many comparisons"
	}
	match, ok := matcher(g)
	if !ok { // RFC 5280, 4.2.1.10: process the constraint or reject
		return fmt.Sprintf("%s can't be held against the constraints", g)
	}
	for _, base := range excluded {
		if match(base, true) {
			return fmt.Sprintf("%s is excluded", g)
		}
	}
	for _, base := range permitted {
		if match(base, false) {
			return ""
		}
	}
	if len(permitted) > 0 {
		return fmt.Sprintf("%s is not permitted", g)
	}
	return ""
}

// String names it in messages.
func (g generalName) String() string {
	switch g.tag {
	case directoryName:
		return "a directory name"
	case rfc822Name, dnsName, uriName:
		return fmt.Sprintf("%q", truncate(string(g.value)))
	case ipAddress:
		return net.IP(g.value).String()
	}
	return fmt.Sprintf("a name of kind %d", g.tag)
}

func truncate(s string) string {
	if len(s) > 100 {
		return s[:100] + "..."
	}
	return s
}

// matcher prepares a name for many comparisons; false: of a kind, or of a form,
// that can't be compared. The second argument of the function: for excluding,
// where doubt matches.
func matcher(g generalName) (func(base generalName, excluding bool) bool, bool) {
	switch g.tag {
	case directoryName:
		return func(b generalName, _ bool) bool { return g.name.within(b.name) }, true
	case ipAddress:
		return func(b generalName, _ bool) bool { return inNetwork(g.value, b.value) },
			len(g.value) == net.IPv4len || len(g.value) == net.IPv6len
	case dnsName:
		host := strings.TrimSuffix(strings.ToLower(string(g.value)), ".")
		return func(b generalName, ex bool) bool { return dnsWithin(host, lower(b), ex) }, validHost(host, true)
	case rfc822Name:
		at := strings.LastIndexByte(string(g.value), '@')
		if at < 1 {
			return nil, false
		}
		local, host := string(g.value[:at]), strings.ToLower(string(g.value[at+1:]))
		return func(b generalName, _ bool) bool { return mailWithin(local, host, string(b.value)) }, validHost(host, false)
	case uriName:
		host, ok := uriHost(string(g.value))
		return func(b generalName, _ bool) bool { return hostWithin(host, lower(b)) }, ok
	}
	return nil, false
}

func lower(g generalName) string { return strings.ToLower(string(g.value)) }

// validHost: letters, digits, hyphens, underscores in labels; or a wildcard.
func validHost(h string, wildcard bool) bool {
	if wildcard {
		h = strings.TrimPrefix(h, "*.")
	}
	if h == "" {
		return false
	}
	for _, label := range strings.Split(h, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
		}) {
			return false
		}
	}
	return true
}

// dnsWithin: the name itself or any number of labels before it. With a leading
// dot, which is not in the standard but in certificates, at least one.
func dnsWithin(host, base string, excluding bool) bool {
	if base == "" {
		return true
	}
	if b, ok := strings.CutPrefix(base, "."); ok {
		if strings.HasSuffix(host, base) {
			return true
		}
		base = b
		if !excluding || !strings.HasPrefix(host, "*.") {
			return false
		}
	}
	if host == base || strings.HasSuffix(host, "."+base) {
		return true
	}
	// A wildcard stands for names below the exclusion too.
	parent, wild := strings.CutPrefix(host, "*")
	return excluding && wild && strings.HasSuffix(base, parent)
}

// mailWithin is RFC 5280, 4.2.1.10: one mailbox, all of a host, or (leading
// dot) all hosts of a domain.
func mailWithin(local, host, base string) bool {
	if at := strings.LastIndexByte(base, '@'); at >= 0 {
		// 7.5: the local part as it is, the host in either case.
		return base[:at] == local && strings.ToLower(base[at+1:]) == host
	}
	return hostWithin(host, strings.ToLower(base))
}

// hostWithin: a host, or with a leading dot its sub-domains only.
func hostWithin(host, base string) bool {
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(host, base) && len(host) > len(base)
	}
	return base == "" || host == base
}

// uriHost returns the host of a URI; false for one without a fully qualified
// name, which must be rejected under a constraint. RFC 5280, 4.2.1.10.
func uriHost(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	return host, net.ParseIP(host) == nil && validHost(host, false)
}

// inNetwork compares under the mask; the versions of IP are apart.
func inNetwork(ip, base []byte) bool {
	if len(base) != 2*len(ip) {
		return false
	}
	addr, mask := base[:len(ip)], base[len(ip):]
	masked := make([]byte, len(ip))
	for i := range ip {
		masked[i] = ip[i] & mask[i]
	}
	want := make([]byte, len(ip))
	for i := range addr {
		want[i] = addr[i] & mask[i]
	}
	return bytes.Equal(masked, want)
}
