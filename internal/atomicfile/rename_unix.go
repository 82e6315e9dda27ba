//go:build unix && !linux

package atomicfile

func (p *place) rename(from, to string, force bool) error {
	if force {
		return p.renameOver(from, to)
	}
	return p.renameNew(from, to)
}
