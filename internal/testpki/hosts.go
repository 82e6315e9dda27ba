package testpki

import "net/http"

// Hosts is a small internet: it serves each host (without port) by its handler.
// Give it to Transport, or to httptest.NewServer.
type Hosts map[string]http.Handler

// ServeHTTP answers 502 for a host that is not there.
func (h Hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Hostname()
	if host == "" {
		host = r.Host
	}
	handler := h[host]
	if handler == nil {
		http.Error(w, "no such host", http.StatusBadGateway)
		return
	}
	handler.ServeHTTP(w, r)
}
