package token

import (
	"context"
	"time"
)

// Slot is a token in a reader, whether or not it shows certificates.
type Slot struct {
	Module       string
	Slot         uint
	Token        Info
	Mechanisms   []string
	Certificates int // seen without a PIN
}

// Survey is List, and all tokens besides: one that shows no certificate before
// a login is in slots only; ListHidden lists it.
func Survey(ctx context.Context, o ListOptions) (slots []Slot, entries []Entry, errs []*ModuleError) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Modules == nil {
		found := Find(FindOptions{})
		o.Modules = FoundPaths(found)
		errs = unusable(found)
	}
	all, failures := surveyAll(ctx, o)
	for _, m := range all {
		for _, s := range m.result.Slots {
			if s.Token.Has(FlagTokenInitialized) || s.Token.Label != "" {
				slots = append(slots, Slot{m.module, s.Slot, s.Token, s.Mechanisms, len(s.Certs)})
			}
		}
	}
	return slots, collect(o.Now, all), append(errs, failures...)
}
