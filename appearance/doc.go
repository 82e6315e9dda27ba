// Package appearance is what a reader of a document sees of a signature: the
// style of the mark, its text, pictures and fonts, and the place where it
// stands.
//
// The common call is
//
//	where, err := place.Resolve(file)
//	rect, matrix := appearance.UserRect(page, where.Rect)
//	mark, err := appearance.Compose(style, info, where.Rect.Width(), where.Rect.Height())
//	form, err := mark.Add(update, matrix)
//
// after which rect is the /Rect of a widget and form its /AP /N. Compose knows
// nothing of the file, Resolve nothing of the mark. Lengths are in points
// (1/72 inch) on the page as a reader sees it: the CropBox, turned by /Rotate
// and scaled by /UserUnit, with the origin at its lower left.
//
// The package makes no signature field and no annotation: that is sign's.
// Values are not for concurrent use, functions are.
package appearance
