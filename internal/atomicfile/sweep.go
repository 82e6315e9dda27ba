package atomicfile

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Sweep removes temporary files in dir that no living process holds, and
// returns how many. dir is below root; nil: it is looked up as any other.
func Sweep(root *os.Root, dir string) (removed int, err error) {
	shown := dir
	if root != nil {
		shown = filepath.Join(root.Name(), dir)
	}
	at, err := openPlace(root, dir)
	if err != nil {
		return 0, fmt.Errorf("sweep %s: %w", shown, err)
	}
	defer at.close()
	if removed, err = at.sweep(); err != nil {
		err = fmt.Errorf("sweep %s: %w", shown, err)
	}
	return removed, err
}

func (p *place) sweep() (removed int, err error) {
	d, err := p.openFolder()
	if err != nil {
		return 0, err
	}
	entries, err := d.ReadDir(-1)
	errs := []error{err, d.Close()}
	for _, e := range entries {
		if !e.Type().IsRegular() || !isTempName(e.Name()) {
			continue
		}
		ok, err := p.removeStale(p.name(e.Name()))
		if ok {
			removed++
		}
		errs = append(errs, ignoreGone(err))
	}
	return removed, errors.Join(errs...)
}

// removeStale removes name when its lock is free.
func (p *place) removeStale(name string) (bool, error) {
	f, err := p.openFile(name, os.O_RDWR|noFollow, 0)
	if err != nil {
		return false, err
	}
	if err := lock(f); err != nil {
		return false, f.Close() // alive, or no locks here: left alone
	}
	return p.removeLocked(f, name)
}

func isTempName(name string) bool {
	mid, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return false
	}
	mid, ok = strings.CutSuffix(mid, tempSuffix)
	if !ok || len(mid) != 2*tempRandom {
		return false
	}
	_, err := hex.DecodeString(mid)
	return err == nil
}
