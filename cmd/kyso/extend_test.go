package main

import (
	"bytes"
	"testing"
)

func TestExtendLevels(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	for _, c := range []struct {
		level     string
		timestamp int64 // requests to the TSA
		revisions float64
	}{{"B-T", 1, 1}, {"B-LT", 1, 2}, {"B-LTA", 2, 3}} {
		t.Run(c.level, func(t *testing.T) {
			before := w.tsaRequests()
			o := call(t, "extend", "form.signed.pdf", "--level", c.level, "--tsa", w.tsaURL, "--trust", "root.pem",
				"--allow-private-network", "--json", "--force").want(t, 0).lines(t)[0]
			if o["schema"] != "kyso.extend/1" || o["level"] != c.level || o["output"] != "form.signed.extended.pdf" ||
				o["revisions_added"] != c.revisions || o["timestamp"] == nil || o["exit"] != 0.0 {
				t.Errorf("got %v", o)
			}
			if n := w.tsaRequests() - before; n != c.timestamp {
				t.Errorf("%d requests to the TSA, want %d", n, c.timestamp)
			}
			if !bytes.HasPrefix(readFile(t, "form.signed.extended.pdf"), readFile(t, "form.signed.pdf")) {
				t.Error("the signed bytes are no prefix of the output")
			}
			v := call(t, "verify", "form.signed.extended.pdf", "--trust", "root.pem", "--require-level", c.level, "--online", "--allow-private-network", "--json").want(t, 0)
			first := v.lines(t)[0]["signatures"].([]any)[0].(map[string]any)
			if first["level"] != c.level || first["integrity"] != "intact" {
				t.Errorf("verify says %v %v", first["level"], first["integrity"])
			}
		})
	}
}

func TestExtendRefreshesTheArchive(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t, "--level", "B-LTA", "--tsa", w.tsaURL, "--trust", "root.pem", "--allow-private-network")
	call(t, "extend", "form.signed.pdf", "--tsa", w.tsaURL, "--trust", "root.pem", "--allow-private-network", "-o", "again.pdf").
		want(t, 0, "Extended: again.pdf", "Level:", "B-LTA", "Extend again by", "passed, 3 intact", "kyso verify again.pdf")
	call(t, "verify", "again.pdf", "--trust", "root.pem").want(t, 0)
}

func TestExtendFails(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	down := dead(t)
	writeFile(t, "broken.pdf", bytes.Replace(readFile(t, "form.signed.pdf"), []byte("%PDF-1."), []byte("%PDF-2."), 1))
	for _, c := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"no TSA", []string{"form.signed.pdf"}, 2, "--tsa"},
		{"no such level", []string{"form.signed.pdf", "--level", "B-B", "--tsa", w.tsaURL}, 2, "B-LTA"},
		{"no file", nil, 2, "no file was named"},
		{"missing", []string{"none.pdf", "--tsa", w.tsaURL}, 1, "none.pdf was not found"},
		{"unsigned", []string{"form.pdf", "--tsa", w.tsaURL, "--trust", "root.pem"}, 6, "no signature"},
		{"TSA down", []string{"form.signed.pdf", "--level", "B-T", "--tsa", down, "--tsa", down}, 20, "--allow-lower"},
		{"not trusted", []string{"form.signed.pdf", "--level", "B-LT", "--tsa", w.tsaURL, "--allow-private-network"}, 20, "kyso trust add"},
		{"private address", []string{"form.signed.pdf", "--level", "B-LT", "--tsa", w.tsaURL, "--trust", "root.pem"}, 20, "--allow-private-network"},
		{"broken", []string{"broken.pdf", "--tsa", w.tsaURL, "--trust", "root.pem"}, 15, "an earlier signature of the document is broken"},
		{"no PDF", []string{"key.pem", "--tsa", w.tsaURL, "--trust", "root.pem"}, 15, "damaged"},
		{"too large", []string{"form.signed.pdf", "--level", "B-T", "--tsa", w.tsaURL, "--max-size", "10KB"}, 15, "too large"},
		{"same file", []string{"form.signed.pdf", "--level", "B-T", "--tsa", w.tsaURL, "-o", "form.signed.pdf", "--force"}, 2, "is the input"},
		{"one output", []string{"form.signed.pdf", "form.pdf", "--tsa", w.tsaURL, "-o", "x.pdf"}, 2, "-o takes one file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := names(t)
			call(t, append([]string{"extend"}, c.args...)...).want(t, c.code, c.say)
			if after := names(t); after != before {
				t.Errorf("files before %s, after %s", before, after)
			}
		})
	}
}

func TestExtendAllowLower(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	// B-T is reached; without anchors nothing more is.
	o := call(t, "extend", "form.signed.pdf", "--tsa", w.tsaURL, "--allow-lower", "--json").want(t, 0, "warning").lines(t)[0]
	if o["level"] != "B-T" || len(o["warnings"].([]any)) == 0 {
		t.Errorf("got %v", o)
	}
}

func TestExtendSeveral(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	writeFile(t, "b.pdf", readFile(t, "form.signed.pdf"))
	c := call(t, "extend", "form.signed.pdf", "form.pdf", "b.pdf", "--level", "B-T", "--tsa", w.tsaURL, "--out-dir", "out", "--json").want(t, 3)
	got := c.lines(t)
	if len(got) != 3 || got[0]["file"] != "form.signed.pdf" || got[0]["exit"] != 0.0 ||
		got[1]["file"] != "form.pdf" || got[1]["exit"] != 6.0 || got[1]["error"].(map[string]any)["code"] != "unsigned" ||
		got[2]["file"] != "b.pdf" || got[2]["exit"] != 0.0 {
		t.Errorf("got %v", got)
	}
	t.Chdir("out")
	if got := names(t); got != "b.pdf form.signed.pdf" {
		t.Errorf("outputs: %s", got)
	}
}

func TestExtendStandardStreams(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	in := readFile(t, "form.signed.pdf")
	c := callIn(t, string(in), "extend", "-", "-o", "-", "--level", "B-T", "--tsa", w.tsaURL).want(t, 0)
	if !bytes.HasPrefix([]byte(c.out), in) || len(c.out) == len(in) {
		t.Errorf("%d bytes out, %d in", len(c.out), len(in))
	}
}

func TestTimestamp(t *testing.T) {
	home(t)
	w := newWorld(t)
	call(t, "timestamp", "form.pdf").want(t, 2, "--tsa")
	call(t, "timestamp", "form.pdf", "--tsa", w.tsaURL).want(t, 0, "Timestamped: form.timestamped.pdf", "kyso verify form.timestamped.pdf")
	o := call(t, "timestamp", "form.timestamped.pdf", "--tsa", dead(t), "--tsa", w.tsaURL, "--json").want(t, 0).lines(t)[0]
	if o["schema"] != "kyso.timestamp/1" || o["level"] != nil || o["output"] != "form.timestamped.timestamped.pdf" || o["revisions_added"] != 1.0 {
		t.Errorf("got %v", o)
	}
	call(t, "verify", "form.timestamped.timestamped.pdf", "--trust", "root.pem", "--online", "--allow-private-network").want(t, 0)
	call(t, "timestamp", "form.pdf", "--tsa", w.tsaURL).want(t, 1, "--force")
	call(t, "timestamp", "form.pdf", "--tsa", dead(t), "--force").want(t, 20)
}
