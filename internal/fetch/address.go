package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// refused are the networks an address out of a certificate may not point at:
// the special-purpose registries of IANA (RFC 6890 and its successors), where
// a request would reach this machine, its neighbours or a cloud's metadata.
var refused = prefixes(
	"0.0.0.0/8",       // this network, RFC 1122 3.2.1.3
	"10.0.0.0/8",      // private, RFC 1918
	"100.64.0.0/10",   // carrier-grade NAT, RFC 6598
	"127.0.0.0/8",     // loopback, RFC 1122
	"169.254.0.0/16",  // link-local and cloud metadata, RFC 3927
	"172.16.0.0/12",   // private, RFC 1918
	"192.0.0.0/24",    // protocol assignments, RFC 6890
	"192.0.2.0/24",    // documentation, RFC 5737
	"192.88.99.0/24",  // 6to4 relay, RFC 7526
	"192.168.0.0/16",  // private, RFC 1918
	"198.18.0.0/15",   // benchmarking, RFC 2544
	"198.51.100.0/24", // documentation, RFC 5737
	"203.0.113.0/24",  // documentation, RFC 5737
	"224.0.0.0/4",     // multicast, RFC 5771
	"240.0.0.0/4",     // reserved and broadcast, RFC 1112
	"::/96",           // unspecified, loopback, IPv4-compatible, RFC 4291
	"64:ff9b::/96",    // NAT64, RFC 6052: any IPv4 address behind it
	"64:ff9b:1::/48",  // local NAT64, RFC 8215
	"100::/64",        // discard, RFC 6666
	"2001::/23",       // protocol assignments with Teredo, RFC 2928, RFC 4380
	"2001:db8::/32",   // documentation, RFC 3849
	"2002::/16",       // 6to4, RFC 3056: any IPv4 address behind it
	"3fff::/20",       // documentation, RFC 9637
	"5f00::/16",       // segment routing, RFC 9602
	"fc00::/7",        // unique local, RFC 4193
	"fe80::/10",       // link-local, RFC 4291
	"fec0::/10",       // site-local, RFC 3879
	"ff00::/8",        // multicast, RFC 4291
)

// dataPorts are where revocation services live; others (mail, shells, data
// bases) are not for addresses out of a certificate.
var dataPorts = map[string]bool{"": true, "80": true, "443": true, "2560": true, "8080": true, "8443": true}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// checkAddr refuses special-purpose addresses. An IPv4-mapped address is
// judged as the IPv4 address it is.
func checkAddr(a netip.Addr) error {
	if !a.IsValid() || a.Zone() != "" {
		return fmt.Errorf("address %v is not a public one", a)
	}
	a = a.Unmap()
	for _, p := range refused {
		if p.Contains(a) {
			return fmt.Errorf("address %v is not a public one (%v)", a, p)
		}
	}
	return nil
}

// checkHost judges what can be known of a host and port before any look-up.
func checkHost(host, port string) error {
	if !dataPorts[port] {
		return fmt.Errorf("port %s is not one for certificates and revocation", port)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" {
		return errors.New("no host")
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return checkAddr(a)
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") {
		return fmt.Errorf("host %s is this machine or its network", host)
	}
	if numericHost(host) {
		return fmt.Errorf("host %q is a number, not a name", host)
	}
	return nil
}

// numericHost finds addresses in the forms of inet_aton (127.1, 0x7f.1,
// 2130706433), which some resolvers still read: no real name ends in a number.
func numericHost(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return true
	}
	_, err := strconv.ParseUint(last, 0, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return true
	}
	return strings.Trim(last, "0123456789") == ""
}
