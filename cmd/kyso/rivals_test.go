package main

import (
	"os"
	"strings"
	"testing"
)

// TestRivalsOfAProfile: what is typed keeps the profile's other choice out, a
// variable keeps out the profile's, and two that are typed are a mistake.
func TestRivalsOfAProfile(t *testing.T) {
	home(t)
	newWorld(t)
	writeFile(t, "kyso.yaml", []byte("profiles:\n  default:\n    module: [/usr/lib/no-such.so]\n    at: top-left\n"))
	t.Setenv("KYSO_CONFIG", "kyso.yaml")
	key := []string{"sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem"}
	with := func(more ...string) []string { return append(key[:len(key):len(key)], more...) }

	call(t, with("-o", "a.pdf")...).want(t, 0)
	call(t, with("-o", "b.pdf", "--rect", "350,80,550,160")...).want(t, 0, "350,80,")
	call(t, with("-o", "c.pdf", "--invisible")...).want(t, 0)
	call(t, with("-o", "d.pdf", "--module", "/usr/lib/no-such.so")...).want(t, exitUsage, "--key", "--module")
	call(t, "sign", "form.pdf", "-o", "e.pdf").want(t, exitNoKey, "no-such.so")

	t.Setenv("KYSO_RECT", "350,80,550,160")
	call(t, with("-o", "f.pdf")...).want(t, 0, "350,80,")
	call(t, with("-o", "g.pdf", "--at", "top-left")...).want(t, 0)
}

// Every rival is a flag of some command.
func TestRivalsAreFlags(t *testing.T) {
	known := allFlags(newRootCommand(quietApp(0)))
	for _, choices := range rivals {
		for _, choice := range choices {
			for _, name := range choice {
				if known[name] == nil {
					t.Errorf("no flag --%s", name)
				}
			}
		}
	}
}

// TestConfigInitElsewhere: --config names a file that is not there yet; any
// other command wants it to be there.
func TestConfigInitElsewhere(t *testing.T) {
	home(t)
	call(t, "config", "init", "--config", "new.yaml").want(t, 0, "new.yaml")
	if !strings.Contains(string(readFile(t, "new.yaml")), "#tsa:") {
		t.Error("no flag in new.yaml")
	}
	call(t, "config", "show", "--config", "new.yaml").want(t, 0)
	if err := os.Remove("new.yaml"); err != nil {
		t.Fatal(err)
	}
	call(t, "config", "show", "--config", "new.yaml").want(t, exitUsage, "new.yaml")
	call(t, "config", "show", "--profile", "nobody").want(t, exitUsage, "config.yaml")
}
