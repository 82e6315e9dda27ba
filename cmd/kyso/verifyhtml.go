package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"os"
	"strings"

	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/verify"
)

//go:embed report/page.tmpl
var pageTemplate string

//go:embed report/style.css
var pageStyle string

// htmlSink is --report FILE.html: one page that needs nothing else. It runs no
// script and its policy allows none; names are escaped by html/template. The
// files go to a nameless file first, since their sum stands above them.
type htmlSink struct {
	a       *app
	path    string
	showIDs bool
	page    *template.Template
	f       *atomicfile.File
	body    *os.File
	w       *bufio.Writer // of body
	files   int
	counts  map[verify.Verdict]int
	failed  int
}

func (a *app) openHTML(o *verifyOptions) (verifySink, error) {
	page, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, fmt.Errorf("internal error: report: %w", err)
	}
	f, err := atomicfile.Create(o.report, atomicfile.Options{Force: o.force})
	if err != nil {
		return nil, atFile(o.report, err)
	}
	body, err := tempFile()
	if err != nil {
		f.Abort()
		return nil, err
	}
	return &htmlSink{a: a, path: o.report, showIDs: o.showIDs, page: page, f: f, body: body, w: bufio.NewWriter(body), counts: map[verify.Verdict]int{}}, nil
}

// reportFileData is one file on the page.
type reportFileData struct {
	State    string // class: good, open, bad
	Verdict  string
	Advice   string
	Rows     [][2]string
	Reasons  []string
	Blocks   []reportBlock
	Pairs    []reportPair
	Pictures string // heading
	More     string
	Adobe    string
}

type reportBlock struct {
	State, Title, Because string
	Why                   []string
	Groups                []reportGroup
}

type reportGroup struct {
	Name  string
	Rows  [][2]string
	Lines []string
}

// reportPair is a page on both sides.
type reportPair struct{ Sides []reportSide }

type reportSide struct {
	Caption string
	Image   template.URL // "": there is no such page
	Missing string
}

func (s *htmlSink) file(_ context.Context, res *verifyResult) error {
	s.files++
	d := &reportFileData{}
	if res.err != nil {
		s.failed++
		d.State, d.Verdict = "bad", describe(s.a.m, res.err)
		d.Rows = [][2]string{{s.a.m.Verify.Report.File, printable(res.name)}}
	} else {
		s.counts[res.report.Verdict]++
		s.fill(d, res)
	}
	return diskError(s.path, atFile(s.path, s.page.ExecuteTemplate(s.w, "file", d)))
}

// fill says what the text says.
func (s *htmlSink) fill(d *reportFileData, res *verifyResult) {
	m, r := &s.a.m.Verify.Report, res.report
	d.State = stateOf(r.Verdict)
	d.Verdict, d.Advice = s.a.verdictLines(res)
	d.Rows = [][2]string{{m.File, printable(res.name)}, {m.Size, humanBytes(r.Bytes)}, {m.Hash, r.SHA256}, {m.Revisions, itoa(r.Revisions)}}
	for _, reason := range r.Reasons {
		d.Reasons = append(d.Reasons, printable(reasonText(s.a.m, reason)))
	}
	for i := range r.Signatures {
		d.Blocks = append(d.Blocks, newReportBlock(newSignatureBlock(s.a.m, &r.Signatures[i], i+1, s.showIDs)))
	}
	d.Adobe = printable(s.a.adobeNote(r))
	s.addPictures(d, res)
}

func newReportBlock(b *signatureBlock) reportBlock {
	out := reportBlock{Title: b.title, Because: b.because, State: map[string]string{
		verify.TotalPassed: "good", verify.TotalFailed: "bad"}[b.state]}
	if out.State == "" {
		out.State = "open"
	}
	for _, w := range b.why {
		out.Why = append(out.Why, printable(w))
	}
	for _, g := range b.groups {
		group := reportGroup{Name: g.name}
		for _, p := range g.rows.pairs {
			group.Rows = append(group.Rows, [2]string{p[0], printable(p[1])})
		}
		for _, l := range g.lines {
			group.Lines = append(group.Lines, printable(l))
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

// stateOf is the colour of a verdict.
func stateOf(v verify.Verdict) string {
	switch v {
	case verify.Valid, verify.ValidChanged:
		return "good"
	case verify.Invalid, verify.Unreadable:
		return "bad"
	default:
		return "open"
	}
}

// addPictures shows the pages that differ, or else the first page.
func (s *htmlSink) addPictures(d *reportFileData, res *verifyResult) {
	m := &s.a.m.Verify.Report
	if p := res.first; p != nil {
		d.Pairs = []reportPair{{[]reportSide{{Caption: fmt.Sprintf(m.FirstPage, p.Page), Image: dataURL(p.small[1])}}}}
		return
	}
	more := 0
	for _, p := range res.pictures {
		switch {
		case !p.Differs:
		case p.small[0] == nil && p.small[1] == nil:
			more++
		default:
			d.Pairs = append(d.Pairs, reportPair{[]reportSide{
				{Caption: fmt.Sprintf(m.Signed, p.Signature, p.Page), Image: dataURL(p.small[0]), Missing: m.NoPage},
				{Caption: fmt.Sprintf(m.Now, p.Page), Image: dataURL(p.small[1]), Missing: m.NoPage}}})
		}
	}
	if len(d.Pairs) > 0 {
		d.Pictures = m.Pictures
	}
	if more > 0 {
		d.More = fmt.Sprintf(m.More, more)
	}
}

func dataURL(png []byte) template.URL {
	if png == nil {
		return ""
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // made of our own picture
}

// reportHead is the top of the page.
type reportHead struct {
	Lang, Title, Made, Summary string
	Style                      template.CSS
	StyleHash                  string // for the policy
}

func (s *htmlSink) head() *reportHead {
	m := &s.a.m.Verify
	sum := sha256.Sum256([]byte(pageStyle))
	h := &reportHead{Lang: s.a.m.Lang.String(), Title: m.Report.Title, Style: template.CSS(pageStyle), //nolint:gosec // our own
		StyleHash: base64.StdEncoding.EncodeToString(sum[:]),
		Made:      fmt.Sprintf(m.Report.Made, s.a.now().In(vietnam).Format(s.a.m.Common.DateTime), "kyso "+version)}
	if s.files > 1 {
		h.Summary = fmt.Sprintf(m.Summary, s.files, strings.Join(verdictCounts(s.a.m, s.counts), ", "))
		if s.failed > 0 {
			h.Summary += fmt.Sprintf(" (%s: %d)", s.a.m.Common.ErrorPrefix, s.failed)
		}
	}
	return h
}

func (s *htmlSink) close() error {
	defer func() { _ = s.body.Close() }()
	w := bufio.NewWriter(s.f)
	err := s.w.Flush()
	if err == nil {
		err = s.page.ExecuteTemplate(w, "head", s.head())
	}
	if err == nil {
		if _, err = s.body.Seek(0, io.SeekStart); err == nil {
			_, err = io.Copy(w, s.body)
		}
	}
	if err == nil {
		err = s.page.ExecuteTemplate(w, "foot", nil)
	}
	return finishFile(s.path, s.f, w, err)
}

func (s *htmlSink) abort() {
	s.f.Abort()
	_ = s.body.Close()
}

// verdictCounts are the verdicts of several files, each with how many.
func verdictCounts(m *i18n.Messages, counts map[verify.Verdict]int) []string {
	var parts []string
	for _, v := range []verify.Verdict{verify.Valid, verify.ValidChanged, verify.Indeterminate, verify.Invalid, verify.Unsigned, verify.Unreadable} {
		if n := counts[v]; n > 0 {
			word, _, _ := strings.Cut(m.Verify.Verdicts[string(v)], ":")
			parts = append(parts, fmt.Sprintf("%s %d", word, n))
		}
	}
	return parts
}
