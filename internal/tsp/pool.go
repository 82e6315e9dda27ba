package tsp

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Pool asks several TSAs in order until one answers. The one that answered
// last is asked first the next time, so that a batch does not wait for a dead
// one again and again.
type Pool struct {
	Clients []*Client // in order of preference; at least one
	// Rate is the most requests a minute over all clients, tries included;
	// 0: no limit.
	Rate int
	Now  func() time.Time // nil: time.Now

	mu    sync.Mutex
	first int       // index of the client that answered last
	slot  time.Time // when the next request may go
}

// Timestamp is Client.Timestamp with the clients in order. The error joins
// those of all clients, each with its reason.
func (p *Pool) Timestamp(ctx context.Context, data []byte) (*Token, error) {
	return p.each(ctx, func(c *Client) (*Token, error) {
		h := c.hash()
		if !h.Available() {
			return nil, fmt.Errorf("timestamp: hash %v is not available", h)
		}
		d := h.New()
		d.Write(data)
		return c.ask(ctx, d.Sum(nil), h, p.turn)
	})
}

// TimestampDigest is Timestamp for an already computed digest.
func (p *Pool) TimestampDigest(ctx context.Context, digest []byte, h crypto.Hash) (*Token, error) {
	return p.each(ctx, func(c *Client) (*Token, error) { return c.ask(ctx, digest, h, p.turn) })
}

func (p *Pool) each(ctx context.Context, ask func(*Client) (*Token, error)) (*Token, error) {
	if len(p.Clients) == 0 {
		return nil, errors.New("timestamp: no TSA is set")
	}
	p.mu.Lock()
	first := p.first % len(p.Clients)
	p.mu.Unlock()
	var errs []error
	for i := range p.Clients {
		n := (first + i) % len(p.Clients)
		token, err := ask(p.Clients[n])
		if err == nil {
			p.mu.Lock()
			p.first = n
			p.mu.Unlock()
			return token, nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

// turn waits until the next request may go: requests are spread evenly, so a
// server that counts in shorter windows is content too.
func (p *Pool) turn(ctx context.Context) error {
	if p.Rate <= 0 {
		return nil
	}
	p.mu.Lock()
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	at := now()
	wait := p.slot.Sub(at)
	if wait < 0 {
		wait = 0
	}
	p.slot = at.Add(wait + time.Minute/time.Duration(p.Rate))
	p.mu.Unlock()
	if wait == 0 {
		return ctx.Err()
	}
	return pause(ctx, wait)
}
