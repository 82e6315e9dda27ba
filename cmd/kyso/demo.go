package main

import (
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
	"github.com/kyso-vn/kyso/verify"
)

// The demo's files and its timestamp server, which is inside the program: the
// address is never dialled.
const (
	demoTSA      = "http://tsa.demo.invalid/"
	demoPhrase   = "(Ký, ghi rõ họ và tên)"
	demoPassword = "12345678"
	demoForm     = "don-de-nghi.pdf"
	demoSigned   = "don-de-nghi.signed.pdf"
	demoPicture  = "don-de-nghi.signed.png"
	demoP12      = "nguyen-van-a.p12"
	demoRoot     = "demo-root.pem"
)

// demoOptions are the flags of demo.
type demoOptions struct {
	dir    string
	outDir string
}

func newDemoCommand(a *app) *cobra.Command {
	cmd := a.command("demo", "demo")
	cmd.Args = noArgs
	o := &demoOptions{dir: "kyso-demo"}
	f := a.flags(cmd.Flags(), "demo")
	f.strP(&o.dir, "output", "o")
	f.str(&o.outDir, "out-dir")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), a, o) }
	return cmd
}

// demoRun is the demo at work.
type demoRun struct {
	a      *app
	dir    string
	pki    *testpki.Throwaway
	report *verify.Report
}

// runDemo does the whole job with a throw-away key. Its files may be replaced:
// nobody else makes files of these names in its folder.
func runDemo(ctx context.Context, a *app, o *demoOptions) error {
	start := a.now()
	d := &demoRun{a: a, dir: first(o.outDir, o.dir)}
	if err := os.MkdirAll(d.dir, 0o777); err != nil { //nolint:gosec // as the umask says
		return atFile(d.dir, err)
	}
	m := &a.m.Demo
	a.progressf("%s", m.Start)
	for _, step := range []struct {
		say string
		do  func(context.Context) error
	}{{m.Keys, d.keys}, {m.Signing, d.sign}, {m.Verifying, d.verify}, {m.Drawing, d.draw}} {
		if ctx.Err() != nil {
			return errInterrupted
		}
		a.progressf("%s", step.say)
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	d.show(a.now().Sub(start).Seconds())
	if d.report.Verdict != verify.Valid {
		return &reportedError{verdictExit(d.report.Verdict)}
	}
	return nil
}

func (d *demoRun) path(name string) string { return filepath.Join(d.dir, name) }

// keys makes the PKI and writes the form, the key file and the root.
func (d *demoRun) keys(context.Context) (err error) {
	if d.pki, err = testpki.NewThrowaway(rand.Reader, d.a.now()); err != nil {
		return err
	}
	p12, err := testpki.PKCS12(d.pki.SignerKey, d.pki.SignerCert, nil, demoPassword)
	if err != nil {
		return err
	}
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.pki.Root.Certificate.Raw})
	for _, f := range []struct {
		name string
		data []byte
	}{{demoForm, form.PDF}, {demoP12, p12}, {demoRoot, root}} {
		if err := d.a.writeFile(d.path(f.name), true, f.data); err != nil {
			return err
		}
	}
	return nil
}

// sign signs as `kyso sign` does, with the TSA behind a transport.
func (d *demoRun) sign(ctx context.Context) error {
	inside := *d.a
	inside.out = io.Discard
	inside.global = globalOptions{quiet: true}
	inside.transport = testpki.Transport(d.pki.TSA)
	inside.secrets = map[string][]byte{envP12Password: []byte(demoPassword)}
	o := &signOptions{}
	o.slot, o.pinFD = -1, -1
	o.p12.file = d.path(demoP12)
	o.out = outputOptions{output: d.path(demoSigned), force: true}
	o.tsa.urls = []string{demoTSA}
	o.place.atText = demoPhrase
	job := signJob{input: d.path(demoForm), output: d.path(demoSigned), o: o}
	r, err := inside.newSignRun(o)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.begin(ctx, []signJob{job}); err != nil {
		return err
	}
	return r.signOne(ctx, &job).err
}

// verify judges the signed file, trusting the throw-away root.
func (d *demoRun) verify(ctx context.Context) error {
	in, err := d.a.openInput(d.path(demoSigned))
	if err != nil {
		return err
	}
	defer in.Close()
	d.report, err = d.a.judge(ctx, in, verify.Options{Now: d.a.now, Anchors: []certpath.Anchor{{Certificate: d.pki.Root.Certificate}}})
	return err
}

// draw writes the picture of the signed page.
func (d *demoRun) draw(ctx context.Context) error {
	in, err := d.a.openInput(d.path(demoSigned))
	if err != nil {
		return err
	}
	defer in.Close()
	pages := d.a.newPageReader()
	defer pages.Close()
	doc, err := pages.open(ctx, in, nil)
	if err != nil {
		return err
	}
	picture, err := doc.Preview(ctx, []int{0}, previewDPI)
	if err != nil {
		return err
	}
	return d.a.writeFile(d.path(demoPicture), true, picture)
}

// demoJSON is what demo made.
type demoJSON struct {
	Schema  string         `json:"schema"`
	Form    string         `json:"form"`
	Signed  string         `json:"signed"`
	Picture string         `json:"picture"`
	P12     string         `json:"p12"`
	Root    string         `json:"root"`
	Verdict verify.Verdict `json:"verdict"`
	Seconds float64        `json:"seconds"`
}

// show says where everything is and what to try next.
func (d *demoRun) show(seconds float64) {
	a, m := d.a, &d.a.m.Demo
	if a.global.json {
		a.jsonLine(demoJSON{"kyso.demo/1", d.path(demoForm), d.path(demoSigned), d.path(demoPicture), d.path(demoP12),
			d.path(demoRoot), d.report.Verdict, seconds})
		return
	}
	full := func(name string) string {
		if abs, err := filepath.Abs(d.path(name)); err == nil {
			return abs
		}
		return d.path(name)
	}
	verdict, _, _ := strings.Cut(a.m.Verify.Verdicts[string(d.report.Verdict)], ":")
	fmt.Fprintf(a.out, m.Done+"\n", seconds)
	rows := &rows{}
	rows.add(m.Form, full(demoForm))
	rows.add(m.Signed, full(demoSigned))
	rows.add(m.Picture, full(demoPicture))
	rows.add(fmt.Sprintf(m.P12, demoPassword), full(demoP12))
	rows.add(m.Root, full(demoRoot))
	rows.print(a.out, "  ")
	fmt.Fprintf(a.out, "%s: %s\n\n%s\n", m.Verdict, verdict, m.Next)
	word := func(name string) string { return shellWord(d.path(name)) }
	for _, t := range [][2]string{
		{m.TryVerify, "kyso verify " + word(demoSigned) + " --trust " + word(demoRoot)},
		{m.TrySign, "kyso sign " + word(demoForm) + " --p12 " + word(demoP12) + " -o " + shellWord(d.path("thu.pdf"))},
		{m.TryList, "kyso list-certs --p12 " + word(demoP12)},
		{m.TryFlip, "kyso list-certs"},
	} {
		fmt.Fprintf(a.out, "  - "+t[0]+"\n", t[1])
	}
	fmt.Fprintf(a.out, "%s\n", m.NotReal)
}
