package pdf

// smallIntegers are the numbers that files are full of, as objects. The runtime
// has those below 256 already.
var smallIntegers = func() (t [1024]Object) {
	for i := range t {
		t[i] = Integer(i)
	}
	return t
}()

// object is n as an object, without making one when it is small.
func (n Integer) object() Object {
	if n >= 0 && int(n) < len(smallIntegers) {
		return smallIntegers[n]
	}
	return n
}

// common are names that nearly every file is full of, as objects: they are made
// once and not for each place.
var common = func() map[string]Object {
	m := make(map[string]Object)
	for _, n := range []Name{
		"A", "AA", "AP", "AS", "AcroForm", "Annot", "Annots", "Arial", "Ascent", "Author", "AvgWidth",
		"BBox", "BC", "BG", "BM", "BS", "Border", "Bounds", "Btn", "ByteRange",
		"C", "C0", "C1", "CA", "CIDFontType0", "CIDFontType2", "CIDSystemInfo", "CIDToGIDMap", "CS", "CapHeight",
		"Catalog", "Cert", "Ch", "ColorSpace", "Contents", "Count", "CreationDate", "Creator",
		"D", "DA", "DR", "DV", "DW", "DecodeParms", "Default", "DescendantFonts", "Descent", "DeviceCMYK",
		"DeviceGray", "DeviceRGB", "Dest", "Differences", "DigestMethod", "DocMDP",
		"Encoding", "ExtGState", "Extends", "F", "FT", "Ff", "Fields", "Filter", "First", "FirstChar", "FlateDecode",
		"Flags", "Font", "FontBBox", "FontDescriptor", "FontFamily", "FontFile2", "FontFile3", "FontName", "FontStretch",
		"FontWeight", "Form", "FormType", "FunctionType", "Group", "H", "Height", "Helv", "Helvetica",
		"I", "ICCBased", "ID", "Identity", "Identity-H", "Image", "ImageB", "ImageC", "ImageI", "Index", "Info",
		"Interpolate", "ItalicAngle", "K", "Keywords", "Kids", "L", "Lang", "Last", "LastChar", "Length", "Length1",
		"Link", "MK", "MarkInfo", "Marked", "Matrix", "MaxWidth", "MediaBox", "Metadata", "MissingWidth", "ModDate",
		"N", "Name", "Names", "NeedAppearances", "Next", "Nums", "O", "ObjStm", "Off", "Order", "Ordering", "Outlines",
		"P", "PDF", "Page", "PageMode", "Pages", "Parent", "ParentTree", "Pattern", "Perms", "Prev", "ProcSet",
		"Producer", "Prop_Build", "Properties", "Q", "R", "Range", "Reason", "Rect", "Reference", "Registry",
		"Resources", "Root", "Rotate", "S", "SMask", "Separation", "Shading", "Sig", "SigFlags", "SigRef", "Size",
		"StemV", "StructParent", "StructParents", "StructTreeRoot", "SubFilter", "Subject", "Subtype", "Supplement",
		"T", "TU", "Tabs", "Text", "Title", "ToUnicode", "TrapNet", "Trapped", "TrueType", "Tx", "Type", "Type0",
		"Type1", "Type1C", "Type3", "URI", "UniCNS-UTF16-H", "V", "Version", "ViewerPreferences", "W", "Widget",
		"Width", "Widths", "WinAnsiEncoding", "XHeight", "XML", "XObject", "XRef", "XYZ", "ZaDb",
		"adbe.pkcs7.detached", "ca", "ETSI.CAdES.detached", "ETSI.RFC3161", "Adobe.PPKLite",
	} {
		m[string(n)] = n
	}
	return m
}()
