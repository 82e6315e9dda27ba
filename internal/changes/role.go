package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// role says as what an object is reached: the position decides, not the object.
// An object has as many roles as there are kinds of position that name it.
type role uint8

const (
	rGeneric    role = iota + 1 // content, or anything no rule knows
	rContent                    // what a page draws with: content and resources
	rTrailer                    // the trailer itself
	rInert                      // trailer entries that no reader uses
	rCatalog                    //
	rPageNode                   // page tree node, page, array of them
	rAnnot                      // annotation, array of them
	rField                      // form field below AcroForm, array of them
	rForm                       // AcroForm
	rDR                         // default resources of the form
	rDRCategory                 // fonts, ... of them
	rAP                         // appearance dictionary
	rAPStream                   // appearance stream, dictionary of states
	rValue                      // value of a form field
	rSig                        // signature dictionary and what it holds
	rDSS                        //
	rVRI                        //
	rVRIEntry                   //
	rDSSItem                    // array of streams, or stream
	rExtensions                 //
	rInfo                       //
	rMeta                       // XMP of the document
	rPerms                      //
	rNames                      // name dictionary
	rNamesAP                    // its appearances
	rNav                        // outlines, destinations, actions
	rStructRoot                 //
	rStruct                     // structure element, array of them
	rParentTree                 //
)

type roles uint32

func (m roles) has(r role) bool   { return m&(1<<r) != 0 }
func (m roles) with(r role) roles { return m | 1<<r }

// dssRoles are those of validation data.
const dssRoles = roles(1<<rDSS | 1<<rVRI | 1<<rVRIEntry | 1<<rDSSItem)

// plain reports whether no rule allows any change in the role.
func (r role) plain() bool { return r == rGeneric || r == rContent }

// owned reports whether the annotation or field that holds the position counts.
func (r role) owned() bool {
	return r == rAP || r == rAPStream || r == rValue
}

// children maps the keys of a dictionary in a role to the roles of their
// values. A role that is not listed hands itself down (nested), a key that is
// not listed gives rGeneric.
var children = map[role]map[pdf.Name]role{
	rTrailer: {
		"Root": rCatalog, "Info": rInfo,
		"AdditionalStreams": rInert, "DocChecksum": rInert, // LibreOffice
		"Size": rInert, "Prev": rInert, "XRefStm": rInert, "Type": rInert, "W": rInert,
		"Index": rInert, "Length": rInert, "Filter": rInert, "DecodeParms": rInert,
	},
	rCatalog: {
		"Pages": rPageNode, "AcroForm": rForm, "DSS": rDSS, "Names": rNames, "Dests": rNav,
		"Outlines": rNav, "OpenAction": rNav, "AA": rNav, "Threads": rNav,
		"StructTreeRoot": rStructRoot, "Metadata": rMeta, "Extensions": rExtensions, "Perms": rPerms,
	},
	rPageNode: {"Contents": rContent, "Resources": rContent, "Kids": rPageNode, "Parent": rPageNode, "Annots": rAnnot, "AA": rNav, "B": rNav},
	rAnnot:    annotChildren,
	rField:    annotChildren,
	rForm:     {"Fields": rField, "DR": rDR, "CO": rNav},
	rAP:       {"N": rAPStream, "R": rAPStream, "D": rAPStream},
	rDSS:      {"Certs": rDSSItem, "CRLs": rDSSItem, "OCSPs": rDSSItem, "VRI": rVRI},
	rVRIEntry: {"Cert": rDSSItem, "CRL": rDSSItem, "OCSP": rDSSItem, "TS": rDSSItem},
	rDSSItem:  {},
	rMeta:     {"Length": rMeta},
	rPerms:    {"DocMDP": rSig, "UR3": rSig, "UR": rSig},
	rNames:    {"AP": rNamesAP, "Dests": rNav},
	rStructRoot: {
		"K": rStruct, "ParentTree": rParentTree, "IDTree": rParentTree,
	},
	rStruct: {
		"K": rStruct, "P": rStruct, "Ref": rStruct, "Pg": rPageNode, "Obj": rNav, "Stm": rNav,
	},
}

// annotChildren: an annotation and a form field are often one dictionary.
var annotChildren = map[pdf.Name]role{
	"P": rPageNode, "Parent": rAnnot, "Kids": rAnnot, "Popup": rAnnot, "IRT": rAnnot,
	"AP": rAP, "DR": rDR, "V": rValue, "A": rNav, "AA": rNav, "PA": rNav, "Dest": rNav,
}

// nested roles hand themselves down to all that a dictionary holds, or a role
// of their own for the next level.
var nested = map[role]role{
	rInert: rInert, rDR: rDRCategory, rDRCategory: rContent, rVRI: rVRIEntry,
	rExtensions: rExtensions, rInfo: rInfo, rValue: rValue, rSig: rSig,
	rAPStream: rAPStream, rNamesAP: rNamesAP, rNav: rNav, rParentTree: rParentTree, rGeneric: rGeneric, rContent: rContent,
}

// child gives the role of the value at key of a dictionary.
func child(r role, key pdf.Name) role {
	if r == rField && key == "Kids" {
		return rField
	}
	if n, ok := nested[r]; ok {
		return n
	}
	if c, ok := children[r][key]; ok {
		return c
	}
	return rGeneric
}

// childOfStream gives the role of what the dictionary of a stream names.
func childOfStream(r role, key pdf.Name) role {
	switch {
	case key == "Length" && (r == rMeta || r == rAPStream):
		return r
	case r == rContent || key == "Resources":
		return rContent
	}
	return rGeneric
}

// namedAnnot tells annotations and fields, which actions and the structure tree
// name, from actions, outlines, destinations and name trees that have some of
// their entries too.
func namedAnnot(d *pdf.Dict) bool {
	for _, key := range []pdf.Name{"S", "Title", "D", "First", "Last", "Names", "Limits", "R"} {
		if d.Has(key) {
			return false
		}
	}
	return d.Has("FT") || d.Has("Subtype") && d.Has("Rect") || d.Has("T") && d.Has("Kids")
}

// refine looks at the object when its position alone does not tell. It only
// turns into roles whose rules allow changes that mean nothing in the position:
// a page reached as anything else is a page (only /Annots of it may change). A
// resource stays one, whatever it calls itself: names are free there, and one
// may be /Annots.
func refine(r role, o pdf.Object, isRoot bool) role {
	d, ok := o.(*pdf.Dict)
	if !ok {
		return r
	}
	switch r {
	case rGeneric:
		if t := d.Get("Type"); t == pdf.Name("Page") || t == pdf.Name("Pages") {
			return rPageNode
		}
	case rNav:
		switch t := d.Get("Type"); {
		case t == pdf.Name("Page") || t == pdf.Name("Pages"):
			return rPageNode
		case t == pdf.Name("StructElem"):
			return rStruct
		case isRoot:
			return rCatalog
		case namedAnnot(d):
			return rAnnot
		}
	case rSig:
		if isRoot { // /Data of a signature reference
			return rCatalog
		}
	case rValue:
		if d.Has("ByteRange") || d.Has("Contents") || d.Get("Type") == pdf.Name("Sig") || d.Get("Type") == pdf.Name("DocTimeStamp") {
			return rSig
		}
	case rStruct:
		if d.Get("Type") == pdf.Name("StructTreeRoot") || d.Has("ParentTree") {
			return rStructRoot
		}
	case rParentTree:
		if d.Get("Type") == pdf.Name("StructElem") || d.Has("S") {
			return rStruct
		}
	default:
	}
	return r
}
