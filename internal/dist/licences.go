package main

// licences are those of every module that a binary may hold, as SPDX
// expressions, read in the module's own file; a test compares them with it.
var licences = map[string]string{
	"github.com/ThalesGroup/crypto11":        "MIT",
	"github.com/VividCortex/ewma":            "MIT",
	"github.com/acarl005/stripansi":          "MIT",
	"github.com/clipperhouse/uax29/v2":       "MIT",
	"github.com/digitorus/pkcs7":             "MIT",
	"github.com/digitorus/timestamp":         "BSD-2-Clause",
	"github.com/google/uuid":                 "BSD-3-Clause",
	"github.com/hhrutter/tiff":               "BSD-3-Clause",
	"github.com/inconshreveable/mousetrap":   "Apache-2.0",
	"github.com/jolestar/go-commons-pool/v2": "Apache-2.0",
	"github.com/klippa-app/go-pdfium":        "MIT",
	"github.com/mattn/go-runewidth":          "MIT",
	"github.com/miekg/pkcs11":                "BSD-3-Clause",
	"github.com/pdfcpu/pdfcpu":               "Apache-2.0",
	"github.com/pkg/errors":                  "BSD-2-Clause",
	"github.com/spf13/cobra":                 "Apache-2.0",
	"github.com/spf13/pflag":                 "BSD-3-Clause",
	"github.com/tetratelabs/wazero":          "Apache-2.0",
	"github.com/thales-e-security/pool":      "Apache-2.0",
	"github.com/vbauerster/cupwriter":        "Unlicense",
	"github.com/vbauerster/mpb/v8":           "Unlicense",
	"go.yaml.in/yaml/v3":                     "MIT AND Apache-2.0",
	"golang.org/x/crypto":                    "BSD-3-Clause",
	"golang.org/x/image":                     "BSD-3-Clause",
	"golang.org/x/sys":                       "BSD-3-Clause",
	"golang.org/x/term":                      "BSD-3-Clause",
	"golang.org/x/text":                      "BSD-3-Clause",
	"software.sslmate.com/src/go-pkcs12":     "BSD-3-Clause",
}

// embedded is what no module's name tells: files inside the binary.
var embedded = []component{
	{Type: "library", Ref: "pdfium", Name: "PDFium, WebAssembly, in github.com/klippa-app/go-pdfium", Version: "as in that module", Licences: []licence{{"BSD-3-Clause AND Apache-2.0"}}},
	{Type: "file", Ref: "liberation-fonts", Name: "Liberation Sans and Serif", Version: "2.1.5", Licences: []licence{{"OFL-1.1"}}},
}
