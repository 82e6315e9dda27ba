//go:build !windows

package certpath

// systemBundles are those crypto/x509 looks for too.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Alpine
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
	"/etc/pki/tls/certs/ca-bundle.crt",                  // older RHEL
	"/etc/ssl/ca-bundle.pem",                            // SUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/ssl/cert.pem",                                 // Alpine, macOS, OpenBSD, FreeBSD
	"/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
	"/usr/local/etc/ssl/cert.pem",                       // FreeBSD
	"/etc/openssl/certs/ca-certificates.crt",            // NetBSD
}

func systemAnchors() ([]Anchor, []Warning, error) { return anchorsFromBundle(systemBundles) }
