// Package i18n holds what the program says to people, in Vietnamese and in
// English, both complete.
//
// The common call is
//
//	m := i18n.For(i18n.Detect(os.Getenv))
//
// after which texts are fields of m, some of them formats for fmt. JSON, codes
// and logs are never translated, and library errors stay English: cmd maps them
// to these messages by type. Nothing here prints. Values are read only and safe
// for concurrent use.
//
// A topic is a struct in messages_TOPIC.go with its texts in vi_TOPIC.go and
// en_TOPIC.go; texts that belong to names (flags, codes) are maps by that name.
package i18n

import (
	"fmt"
	"strings"
	"sync"
)

// Lang is a language of the texts.
type Lang int

// Languages.
const (
	Vietnamese Lang = iota + 1
	English
)

// Langs lists the languages.
func Langs() []Lang { return []Lang{Vietnamese, English} }

// String is the name as --lang takes it: "vi" or "en".
func (l Lang) String() string {
	switch l {
	case Vietnamese:
		return "vi"
	case English:
		return "en"
	}
	return fmt.Sprintf("Lang(%d)", int(l))
}

// ParseLang is the inverse of String.
func ParseLang(s string) (Lang, error) {
	for _, l := range Langs() {
		if l.String() == s {
			return l, nil
		}
	}
	return 0, fmt.Errorf("unknown language %q: want vi or en", s)
}

// Detect reads LC_ALL, LC_MESSAGES and LANG: the first that is set decides, as
// in POSIX. A value that names no language ("C", "POSIX", empty) says nothing,
// and then it is Vietnamese; a language that is neither of ours is English.
func Detect(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := getenv(name)
		lang, _, _ := strings.Cut(v, ".")
		lang, _, _ = strings.Cut(lang, "@")
		lang, _, _ = strings.Cut(lang, "_")
		switch lang {
		case "":
		case "C", "POSIX":
			return Vietnamese
		case "vi":
			return Vietnamese
		default:
			return English
		}
	}
	return Vietnamese
}

// Messages are all texts of one language.
type Messages struct {
	Lang      Lang
	Common    Common
	Errors    Errors
	Hints     Hints
	Prompts   Prompts
	ListCerts ListCerts
	Sign      Sign
	Inspect   Inspect
	Verify    Verify
	Demo      Demo
	Config    Config
	Trust     Trust
	Extend    Extend
	Fields    Fields
	Doctor    Doctor
	Batch     Batch
	Docs      Docs
	// Commands are the help texts by command path without the program's name
	// ("" is the program itself, "config init").
	Commands map[string]Help
	// Flags are the usage texts by flag name, or "COMMAND FLAG" where a flag
	// means something else in one command.
	Flags map[string]string
	// Topics are the pages of `kyso help TOPIC`.
	Topics map[string]Help
}

// Help is the help of a command: examples first, as they are what is read.
type Help struct {
	Short   string // one line
	Example string // commands that work as they stand
	Long    string
}

// The texts are made when they are first used, and once: a batch asks for them
// with every file.
var (
	englishOnce    = sync.OnceValue(english)
	vietnameseOnce = sync.OnceValue(vietnamese)
)

// For returns the texts of a language; an unknown one is Vietnamese. They are
// shared and must not be changed.
func For(l Lang) *Messages {
	if l == English {
		return englishOnce()
	}
	return vietnameseOnce()
}

// merge joins maps of texts by topic; a name that comes twice is a slip.
func merge[V any](maps ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, m := range maps {
		for k, v := range m {
			if _, twice := all[k]; twice {
				panic("i18n: internal error: two texts for " + k)
			}
			all[k] = v
		}
	}
	return all
}

func vietnamese() *Messages {
	return &Messages{
		Lang:      Vietnamese,
		Common:    viCommon(),
		Errors:    viErrors(),
		Hints:     viHints(),
		Prompts:   viPrompts(),
		ListCerts: viListCerts(),
		Sign:      viSign(),
		Inspect:   viInspect(),
		Verify:    viVerify(),
		Demo:      viDemo(),
		Config:    viConfig(),
		Trust:     viTrust(),
		Extend:    viExtend(),
		Fields:    viFields(),
		Doctor:    viDoctor(),
		Batch:     viBatch(),
		Docs:      viDocs(),
		Commands:  merge(viCommandsBase(), viCommandsSign(), viCommandsVerify(), viCommandsTrust(), viCommandsExtend(), viCommandsFields(), viCommandsDoctor()),
		Flags:     merge(viFlagsBase(), viFlagsBatch(), viFlagsSign(), viFlagsMark(), viFlagsVerify(), viFlagsTrust(), viFlagsExtend(), viFlagsFields(), viFlagsDoctor()),
		Topics:    merge(viTopics(), viTopicsBatch(), viTopicsPresets()),
	}
}

func english() *Messages {
	return &Messages{
		Lang:      English,
		Common:    enCommon(),
		Errors:    enErrors(),
		Hints:     enHints(),
		Prompts:   enPrompts(),
		ListCerts: enListCerts(),
		Sign:      enSign(),
		Inspect:   enInspect(),
		Verify:    enVerify(),
		Demo:      enDemo(),
		Config:    enConfig(),
		Trust:     enTrust(),
		Extend:    enExtend(),
		Fields:    enFields(),
		Doctor:    enDoctor(),
		Batch:     enBatch(),
		Docs:      enDocs(),
		Commands:  merge(enCommandsBase(), enCommandsSign(), enCommandsVerify(), enCommandsTrust(), enCommandsExtend(), enCommandsFields(), enCommandsDoctor()),
		Flags:     merge(enFlagsBase(), enFlagsBatch(), enFlagsSign(), enFlagsMark(), enFlagsVerify(), enFlagsTrust(), enFlagsExtend(), enFlagsFields(), enFlagsDoctor()),
		Topics:    merge(enTopics(), enTopicsBatch(), enTopicsPresets()),
	}
}
