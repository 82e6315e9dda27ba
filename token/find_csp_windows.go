package token

import (
	"path/filepath"

	"golang.org/x/sys/windows/registry"
)

// maxProviders bounds what is read from the registry.
const maxProviders = 512

// cspModules follows Windows' cryptographic providers to the PKCS#11 module of
// the same vendor: a token that works in a browser has its provider there, and
// X.dll lies beside the provider's X_s.dll (domain.md 5.3).
func cspModules() []string {
	var images []string
	const csp = `SOFTWARE\Microsoft\Cryptography\Defaults\Provider`
	for _, name := range subKeys(csp) {
		images = append(images, stringValue(csp+`\`+name, "Image Path"))
	}
	const ksp = `SYSTEM\CurrentControlSet\Control\Cryptography\Providers`
	for _, name := range subKeys(ksp) {
		um := ksp + `\` + name + `\UM`
		images = append(images, stringValue(um, "Image"))
		for _, sub := range subKeys(um) {
			images = append(images, stringValue(um+`\`+sub, "Image"))
		}
	}
	var out []string
	for _, image := range images {
		out = append(out, besideProvider(systemPath(image))...)
	}
	return out
}

// systemPath: a bare name lies in System32.
func systemPath(image string) string {
	if image == "" || filepath.IsAbs(image) {
		return image
	}
	return filepath.Join(`C:\Windows\System32`, image)
}

func subKeys(path string) []string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.ENUMERATE_SUB_KEYS)
	if err != nil {
		return nil
	}
	defer k.Close()
	names, _ := k.ReadSubKeyNames(maxProviders) // io.EOF: fewer than that
	return names
}

func stringValue(path, name string) string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer k.Close()
	s, typ, err := k.GetStringValue(name)
	if err != nil {
		return ""
	}
	if typ == registry.EXPAND_SZ {
		if long, err := registry.ExpandString(s); err == nil {
			return long
		}
	}
	return s
}
