package byterange

import (
	"crypto"
	"hash"
	"maps"
	"slices"
)

// Continue returns a pass over a file of size bytes that begins with the bytes
// that p was fed: it goes on where p stands, and p stays as it is. nil means
// that p did not keep what one of the jobs needs, and all must be read.
func (p *Pass) Continue(size int64, jobs []Job, whole ...crypto.Hash) (*Pass, error) {
	c := NewPass(size, jobs, whole...)
	for h := range c.base {
		if _, ok := p.base[h]; !ok {
			return nil, nil
		}
	}
	c.at = p.at
	c.marks = p.marks.clone()
	if err := c.takeBase(p.base); err != nil {
		return nil, err
	}
	for c.next < len(c.jobs) && c.jobs[c.next].splits() <= c.at {
		r := c.jobs[c.next]
		known, err := r.take(p.find(r.Job))
		switch {
		case err != nil:
			return nil, err
		case !known && (r.Range[0] != 0 || r.splits() != c.at):
			return nil, nil
		case !known:
			if err := c.split(r); err != nil {
				return nil, err
			}
		case r.sum == nil:
			c.live = append(c.live, r)
		}
		c.next++
	}
	return c, nil
}

// takeBase copies the running states that c has asked for.
func (p *Pass) takeBase(from map[crypto.Hash]hash.Hash) error {
	for _, h := range slices.Sorted(maps.Keys(p.base)) {
		state, err := CloneHash(from[h])
		if err != nil {
			return err
		}
		p.base[h] = state
	}
	return nil
}

// take copies what another pass knows of the same job; false: nothing.
func (r *running) take(other *running) (known bool, err error) {
	if other == nil || other.state == nil {
		return false, nil
	}
	r.sum = slices.Clone(other.sum)
	r.state, err = CloneHash(other.state)
	return err == nil, err
}
