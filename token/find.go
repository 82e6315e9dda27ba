package token

// FindOptions for Find.
type FindOptions struct{}

// Found is a module of this machine.
type Found struct{ Path string }

// Find looks for modules.
func Find(FindOptions) []Found { return nil }

// FoundPaths are those that can be loaded.
func FoundPaths(found []Found) []string { return nil }
