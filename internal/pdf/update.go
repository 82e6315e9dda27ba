package pdf

import "io"

// Update collects new and changed objects for one incremental update.
type Update struct {
	// Rand gives the initialization vectors of encrypted files; nil: crypto/rand.
	Rand io.Reader

	f       *File
	next    uint32 // the next new object number
	objects map[Ref]Object
}

// NewUpdate starts an update of f. The xref form (table or stream) follows f.
func (f *File) NewUpdate() *Update {
	u := &Update{f: f, next: f.highestNumber() + 1, objects: map[Ref]Object{}}
	// /Size may promise numbers that no section lists; one that lies is not
	// followed beyond what a file may have.
	if size, ok := f.Trailer().Get("Size").(Integer); ok && size > Integer(u.next) && size <= maxObjects {
		u.next = uint32(size)
	}
	return u
}

// Alloc reserves a new object number.
func (u *Update) Alloc() Ref {
	ref := Ref{Num: u.next}
	u.next++
	return ref
}

// Add allocates and sets.
func (u *Update) Add(o Object) Ref {
	ref := u.Alloc()
	u.Set(ref, o)
	return ref
}

// Set gives an object (new or old) its new value. Strings and streams are
// encrypted on writing when the file is encrypted, Raw is not.
func (u *Update) Set(ref Ref, o Object) { u.objects[ref] = o }

// Drop takes back an object of this update; its number is not used again.
func (u *Update) Drop(ref Ref) { delete(u.objects, ref) }

// Get returns the pending value, else the file's.
func (u *Update) Get(ref Ref) (Object, error) {
	if o, ok := u.objects[ref]; ok {
		return o, nil
	}
	return u.f.Get(ref)
}
