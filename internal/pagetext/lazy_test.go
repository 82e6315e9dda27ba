package pagetext

import (
	"context"
	"errors"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

func TestLazyOpensOnce(t *testing.T) {
	ctx := context.Background()
	opened := 0
	l := NewLazy(func(context.Context) (*Document, error) {
		opened++
		return open(t, form.PDF), nil
	})
	if l.Opened() != nil || opened != 0 {
		t.Error("opened before it was asked")
	}
	lines, err := l.Lines(ctx, 0)
	if err != nil || len(lines) == 0 {
		t.Fatal(lines, err)
	}
	if found, err := l.Find(ctx, "ĐƠN ĐỀ NGHỊ", false); err != nil || len(found) != 1 || opened != 1 || l.Opened() == nil {
		t.Errorf("%v, %v, opened %d times", found, err, opened)
	}
	broken := errors.New("broken")
	opened = 0
	l = NewLazy(func(context.Context) (*Document, error) { opened++; return nil, broken })
	_, err1 := l.Find(ctx, "x", false)
	_, err2 := l.Lines(ctx, 0)
	if !errors.Is(err1, broken) || !errors.Is(err2, broken) || opened != 1 {
		t.Errorf("%v, %v, opened %d times", err1, err2, opened)
	}
}
