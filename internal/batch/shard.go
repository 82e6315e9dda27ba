package batch

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one part of many of a list, for several machines.
type Shard struct{ Index, Of int } // Index is 1-based; the zero value is all

// ParseShard parses "3/16".
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	a, b, ok := strings.Cut(s, "/")
	i, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || n < 1 || i < 1 || i > n {
		return Shard{}, fmt.Errorf("shard %q is not of the form N/OF, as 3/16", s)
	}
	return Shard{i, n}, nil
}

// Has tells whether the item at a 0-based position belongs to the shard. Items
// are dealt in turn, so that large files that stand together are shared out.
func (s Shard) Has(position int) bool {
	return s.Of <= 1 || position%s.Of == s.Index-1
}
