package convert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Limits of an office conversion.
const (
	defaultTimeout = 2 * time.Minute
	limitOutput    = 256 << 20
	limitMessage   = 4 << 10
	limitGroup     = 50 // files of one LibreOffice run
)

// Options tells how to run LibreOffice. The zero value finds it by itself.
type Options struct {
	Soffice string        // the program; "": FindSoffice
	Timeout time.Duration // for one run, whatever the number of files; 0: two minutes
	TempDir string        // for profile and files; "": the system's
}

// File is an office document to convert: Name gives the extension.
type File struct {
	Name string
	Data []byte
}

// MissingError: LibreOffice was not found. Install is a line to type or read.
type MissingError struct {
	Tried   []string
	Install string
}

func (e *MissingError) Error() string {
	return "convert: LibreOffice (soffice) was not found; to install it: " + e.Install
}

// FailedError: LibreOffice ran and made no PDF of a file.
type FailedError struct {
	Name    string
	Message string // what LibreOffice wrote, cut to 4 KB
	Err     error  // how the program ended; nil: with success, and yet without output
}

func (e *FailedError) Error() string {
	s := fmt.Sprintf("convert: LibreOffice made no PDF of %s", filepath.Base(e.Name))
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

func (e *FailedError) Unwrap() error { return e.Err }

// FindSoffice finds LibreOffice: on the PATH, else where it is installed on
// this system. Errors: *MissingError.
func FindSoffice() (string, error) {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	tried := sofficePlaces()
	for _, pattern := range tried {
		found, _ := filepath.Glob(pattern) // the patterns are ours and sound
		for _, path := range found {
			if fi, err := os.Stat(path); err == nil && fi.Mode().IsRegular() {
				return path, nil
			}
		}
	}
	return "", &MissingError{Tried: tried, Install: installLine}
}

// Office converts office documents in one run of LibreOffice and returns the
// PDF files in the same order. The first file that fails is the error.
// Errors: *MissingError, *FailedError, and ctx's.
func Office(ctx context.Context, files []File, o Options) ([][]byte, error) {
	if len(files) == 0 || len(files) > limitGroup {
		return nil, fmt.Errorf("convert: %d office documents: want 1 to %d in a run", len(files), limitGroup)
	}
	program := o.Soffice
	if program == "" {
		var err error
		if program, err = FindSoffice(); err != nil {
			return nil, err
		}
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	dir, err := os.MkdirTemp(o.TempDir, "kyso-office-")
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // nothing of ours depends on it
	args, err := stage(dir, files)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	message, runErr := run(ctx, program, dir, args)
	if runErr != nil && ctx.Err() != nil {
		runErr = fmt.Errorf("stopped after %v: %w", o.Timeout, ctx.Err())
	}
	out := make([][]byte, len(files))
	for i := range files {
		out[i], err = readOutput(filepath.Join(dir, "out", fmt.Sprintf("%d.pdf", i)))
		if err != nil {
			return nil, &FailedError{Name: files[i].Name, Message: message, Err: errors.Join(runErr, ignoreMissing(err))}
		}
	}
	return out, nil
}

// ignoreMissing: that there is no output is the failure itself, not its cause.
func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// stage writes files and profile below dir and returns the arguments. The
// files get names of their own: a user's may begin with a dash, or be alike.
func stage(dir string, files []File) ([]string, error) {
	for _, sub := range []string{"in", "out", filepath.Join("profile", "user"), "home"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("convert: %w", err)
		}
	}
	settings := filepath.Join(dir, "profile", "user", "registrymodifications.xcu")
	if err := os.WriteFile(settings, []byte(profileSettings), 0o600); err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	args := []string{
		"-env:UserInstallation=" + fileURL(filepath.Join(dir, "profile")),
		"--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
		"--convert-to", "pdf:writer_pdf_Export", "--outdir", filepath.Join(dir, "out"),
	}
	for i, f := range files {
		ext := strings.ToLower(filepath.Ext(f.Name))
		if _, ok := officeExt[ext]; !ok {
			return nil, fmt.Errorf("convert: %s: %q is no office document that can be converted", filepath.Base(f.Name), ext)
		}
		path := filepath.Join(dir, "in", fmt.Sprintf("%d%s", i, ext))
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			return nil, fmt.Errorf("convert: %w", err)
		}
		args = append(args, path)
	}
	return args, nil
}

func fileURL(path string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") { // C:/…
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: p}).String()
}

// run starts LibreOffice and ends it, with its children, when ctx ends.
func run(ctx context.Context, program, dir string, args []string) (message string, err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"HOME="+filepath.Join(dir, "home"), "SAL_USE_VCLPLUGIN=svp",
		// A document may name pictures on the network: signing fetches nothing
		// that nobody asked for. Port 9 discards.
		"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9", "ftp_proxy=http://127.0.0.1:9", "no_proxy=")
	var out bytes.Buffer
	w := &cappedWriter{w: &out, left: limitMessage}
	cmd.Stdout, cmd.Stderr = w, w
	cmd.WaitDelay = 5 * time.Second // children that keep the pipes open
	ownGroup(cmd)
	err = cmd.Run()
	return strings.TrimSpace(strings.ToValidUTF8(out.String(), "?")), err
}

// cappedWriter keeps the beginning of an output and drops the rest.
type cappedWriter struct {
	w    io.Writer
	left int
}

func (c *cappedWriter) Write(p []byte) (int, error) {
	n := min(len(p), c.left)
	c.left -= n
	if _, err := c.w.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func readOutput(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(f, limitOutput+1))
	if err != nil {
		return nil, err
	}
	if len(data) > limitOutput {
		return nil, fmt.Errorf("the PDF has more than %d bytes", limitOutput)
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errors.New("the output is no PDF")
	}
	return data, nil
}

// profileSettings turn macros and links to other places off and the proxy to
// nowhere on.
const profileSettings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
`
