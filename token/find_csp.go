package token

import "strings"

// besideProvider: the modules that may belong to a provider's library: X.dll of
// X_s.dll, X.dll of X_s.x64.dll, and the library itself, which the header then
// judges.
func besideProvider(image string) []string {
	if len(image) < 5 || !strings.EqualFold(image[len(image)-4:], ".dll") {
		return nil
	}
	base := image[:len(image)-4]
	out := []string{}
	for _, suffix := range []string{"_s.x64", "_s", "_csp"} {
		if n := len(base) - len(suffix); n > 0 && strings.EqualFold(base[n:], suffix) {
			out = append(out, base[:n]+".dll")
		}
	}
	return append(out, image)
}
