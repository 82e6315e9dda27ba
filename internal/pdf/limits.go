package pdf

// Names of the limits, as LimitError.Name gives them.
const (
	LimitNesting          = "LIMIT_NESTING"           // arrays and dictionaries within each other
	LimitValues           = "LIMIT_VALUES"            // values within one object
	LimitTreeDepth        = "LIMIT_TREE_DEPTH"        // page tree and form fields
	LimitRefChain         = "LIMIT_REF_CHAIN"         // references to references
	LimitXrefSections     = "LIMIT_XREF_SECTIONS"     // sections of the /Prev chain
	LimitObjects          = "LIMIT_OBJECTS"           // cross-reference entries of all sections
	LimitObjectNumber     = "LIMIT_OBJECT_NUMBER"     // highest object number
	LimitStringBytes      = "LIMIT_STRING_BYTES"      // one string or name, decoded
	LimitStreamBytes      = "LIMIT_STREAM_BYTES"      // one stream, decoded
	LimitStreamFactor     = "LIMIT_STREAM_FACTOR"     // decoded : raw of one other stream
	LimitFilters          = "LIMIT_FILTERS"           // of one stream
	LimitStructuralBytes  = "LIMIT_STRUCTURAL_BYTES"  // xref and object streams of a file, decoded
	LimitStructuralFactor = "LIMIT_STRUCTURAL_FACTOR" // decoded : raw of one such stream
	LimitSearch           = "LIMIT_SEARCH"            // bytes searched for the ends of streams with a wrong /Length
	LimitPages            = "LIMIT_PAGES"
	LimitFieldNames       = "LIMIT_FIELD_NAMES" // bytes of the full names of all fields
	LimitFields           = "LIMIT_FIELDS"
)

// The limits that no option moves.
const (
	maxNesting      = 256
	maxValues       = 1_500_000
	maxTreeDepth    = 256
	maxRefChain     = 64
	maxXrefSections = 100_000
	maxObjects      = 8_388_607 // ISO 32000-1, annex C.2
	maxObjectNumber = 1<<31 - 1
	maxStringBytes  = 64 << 20
	maxFields       = 1_000_000
	maxFieldNames   = 64 << 20
	// maxStructuralFactor counts only after freeInflate decoded bytes.
	maxStructuralFactor = 1000
	freeInflate         = 1 << 20
	// maxLengthDepth bounds /Length values that lead through other streams.
	maxLengthDepth = 8
)

// Limits bounds what a file may cost; zero fields mean the defaults.
type Limits struct {
	StreamBytes     int64 // decoded bytes of one stream; default 256 MiB
	StructuralBytes int64 // decoded bytes of all xref and object streams; default 64 MiB
}

const (
	defaultStreamBytes     = 256 << 20
	defaultStructuralBytes = 64 << 20
)

// withDefaults fills the zero fields; l may be nil.
func (l *Limits) withDefaults() Limits {
	var out Limits
	if l != nil {
		out = *l
	}
	if out.StreamBytes <= 0 {
		out.StreamBytes = defaultStreamBytes
	}
	if out.StructuralBytes <= 0 {
		out.StructuralBytes = defaultStructuralBytes
	}
	return out
}
