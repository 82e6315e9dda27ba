package appearance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pagetext"
)

// unreadable is a finder of a document that PDFium can't read.
type unreadable struct{ fakeText }

func (unreadable) Lines(context.Context, int) ([]pagetext.Match, error) {
	return nil, errors.New("incorrect page")
}

// crowded is a page full of lines but for the boxes that are free.
func crowded(free ...Rect) fakeText {
	var lines []pagetext.Match
	for y := 0.0; y < 842; y += 12 {
		for x := 0.0; x < 595; x += 20 {
			r := Rect{x, y, x + 20, y + 10}
			covered := false
			for _, f := range free {
				covered = covered || r.overlaps(f)
			}
			if !covered {
				lines = append(lines, line(0, fmt.Sprintf("%g,%g", x, y), r))
			}
		}
	}
	return fakeText{lines}
}

// TestAutoGivesWay: with no room for the usual mark, it becomes smaller, then
// covers text, and covers a signature last of all.
func TestAutoGivesWay(t *testing.T) {
	for _, tc := range []struct {
		name  string
		text  fakeText
		prep  func(*fakeDoc)
		place Place
		want  Rect
		why   string
		warns int
	}{
		{"room for a small one", crowded(Rect{400, 36, 560, 90}), nil, Place{}, Rect{419, 36, 559, 76}, "a free place at the lower right", 0},
		{"a size asked for stays", crowded(Rect{400, 36, 560, 90}), nil, Place{Width: 220, Height: 80}, Rect{339, 36, 559, 116}, "lower right of page 1, which has no", 1},
		{"no room", crowded(), nil, Place{}, Rect{339, 36, 559, 116}, "lower right of page 1, which has no", 1},
		{"no room and signed", crowded(), func(d *fakeDoc) { d.sign("A", 0, Rect{300, 30, 595, 130}, true) }, Place{},
			Rect{339, 132, 559, 212}, "lower right of page 1, which has no", 1},
		{"signed all over the right", crowded(), func(d *fakeDoc) { d.sign("A", 0, Rect{420, 0, 595, 842}, true) }, Place{},
			Rect{188, 36, 408, 116}, "lower part of page 1, which has no", 1},
		{"signed all over the foot", nil, func(d *fakeDoc) { d.sign("A", 0, Rect{0, 0, 595, 800}, true) }, Place{},
			Rect{439, 804, 559, 834}, "a free place at the lower right", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDoc(testPage{})
			if tc.prep != nil {
				tc.prep(d)
			}
			p := tc.place
			p.Finder = tc.text
			got, err := p.resolve(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprintf("%.0f", got.Rect) != fmt.Sprintf("%.0f", tc.want) || !strings.Contains(got.Why, tc.why) || len(got.Warnings) != tc.warns {
				t.Errorf("got %.0f, %q, %q; want %v, %q", got.Rect, got.Why, got.Warnings, tc.want, tc.why)
			}
		})
	}
}

// TestAutoCoversNoSignature: where nothing is left, the place is refused.
func TestAutoCoversNoSignature(t *testing.T) {
	d := newDoc(testPage{})
	d.sign("A", 0, Rect{0, 0, 595, 842}, true)
	p := Place{}
	_, err := p.resolve(context.Background(), d)
	var refused *PlaceError
	if !errors.As(err, &refused) || refused.Reason != "covers_signature" {
		t.Errorf("got %v", err)
	}
}

// TestUnreadableText: placement that looks at the text only to be polite does
// without, and says so; one that was asked for a text fails.
func TestUnreadableText(t *testing.T) {
	d := newDoc(testPage{}, testPage{})
	for _, p := range []Place{{}, {At: "bottom-right"}, {Rect: &Rect{10, 10, 100, 100}}} {
		p.Finder = unreadable{}
		got, err := p.resolve(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Warnings) == 0 || !strings.Contains(got.Warnings[len(got.Warnings)-1], "can't be read") {
			t.Errorf("%q: %q", p.At, got.Warnings)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := Place{Finder: unreadable{}}
	if _, err := p.resolve(ctx, d); err == nil {
		t.Error("an interrupted search goes on")
	}
}
