# kyso: see README.md. `make help` lists the targets.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
TOOLS := $(CURDIR)/.tools/bin
GOLANGCI_VERSION := v2.15.0
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)

# What the tests call. Reading a page: poppler, mupdf, qpdf; other people's
# verdicts: openssl, pdfsig; tokens: SoftHSM, NSS, openCryptoki, opensc.
DEBIAN := openssl poppler-utils qpdf mupdf-tools softhsm2 opensc opencryptoki libnss3-tools \
          libreoffice-writer-nogui strace util-linux iproute2 sysvinit-utils gcc libc6-dev zsh fish bash-completion groff-base parallel

# What `make dist` builds with and `make dist-test` tries the result with.
DIST_DEBIAN := gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 \
               wine wine64 qemu-user rpm unzip man-db poppler-utils
NFPM_VERSION := v2.44.0
NFPM := $(TOOLS)/nfpm-$(NFPM_VERSION)

# What makes the signed files of other programs anew (make producers).
PRODUCERS_DEBIAN := libpdfbox-java libpdfbox2-java libitext5-java default-jdk-headless qpdf

# How long make fuzz runs, and where it adds its numbers.
FUZZTIME ?= 1h
FUZZLOG ?= fuzz.jsonl

.DEFAULT_GOAL := help

help: ## lists the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "%-12s %s\n",$$1,$$2}' Makefile

build: ## builds bin/kyso
	go build -trimpath -ldflags "$(LDFLAGS)" -o bin/kyso ./cmd/kyso

demo: build ## builds bin/kyso and runs the whole job with a throw-away key
	bin/kyso demo

tools: ## installs the Debian packages that the tests need and are missing
	@$(MAKE) --no-print-directory install PACKAGES="$(DEBIAN)"

install:
	@missing=$$(for p in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done | tr '\n' ' '); \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as=; elif command -v sudo >/dev/null; then as=sudo; else \
	    echo "the tests need some packages; run this as root: apt-get update && apt-get install -y $$missing" >&2; exit 1; fi; \
	  $$as apt-get update -q && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -q --no-install-recommends $$missing; fi

$(GOLANGCI):
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(TOOLS)/golangci-lint $@

lint: $(GOLANGCI) ## vets every package, for the systems and builds that differ too
	$(GOLANGCI) run ./...
	go vet ./... ./testdata/form
	go vet -tags dist ./internal/dist
	CGO_ENABLED=0 go vet ./...
	GOOS=windows CGO_ENABLED=0 go vet ./...
	GOOS=darwin CGO_ENABLED=0 go vet ./...

test: tools ## runs the tests
	go build ./...
	go test -cover -timeout 40m ./...

corpus: ## signs and verifies the shared corpus and writes docs/corpus.md anew
	go test ./internal/corpus -run Corpus -count=1 -update

fuzz-short: ## runs each fuzz target for 20 s, as CI does
	go run ./internal/fuzzall -time 20s

# All targets together take FUZZTIME; their CPU-seconds are added to FUZZLOG.
fuzz: ## fuzzes for FUZZTIME (1h) in all, and logs the CPU-seconds of each target
	go run ./internal/fuzzall -total $(FUZZTIME) -log $(FUZZLOG)

torture: tools ## holds every row of docs/reliability.md (FULL=1: the long form; WRITE=1: keeps the table)
	go run ./internal/torture -version $(VERSION) $(if $(FULL),-full) $(if $(WRITE),-write) -only '$(ROWS)'

sweep: build ## verifies and signs (dry) every PDF below DIR in processes with limits
	go run ./internal/sweep -kyso bin/kyso "$(DIR)"

bench: build ## measures what architecture.md promises; WRITE=1 keeps docs/performance.md
	go run ./internal/bench $(if $(WRITE),-o docs/performance.md)

gen: ## writes the generated files anew
	go test ./internal/testgen -run Generated -update
	go test ./cmd/kyso -run DocsAreUpToDate -update
	go test ./internal/apilist -run PublicAPI -update

producers: ## has PDFBox and iText sign files of testdata/signed anew
	@$(MAKE) --no-print-directory install PACKAGES="$(PRODUCERS_DEBIAN)"
	go run ./internal/producers

$(NFPM):
	GOBIN=$(TOOLS) go install github.com/goreleaser/nfpm/v2/cmd/nfpm@$(NFPM_VERSION)
	mv $(TOOLS)/nfpm $@

dist: $(NFPM) ## makes the files of a release in dist/, twice, and compares
	@$(MAKE) --no-print-directory install PACKAGES="$(DIST_DEBIAN)"
	go run ./internal/dist -version "$(VERSION)" -nfpm $(NFPM)

dist-test: ## tries what make dist made: wine, qemu, dpkg, rpm
	go test -count=1 -tags dist -v -run Release ./internal/dist

clean: ## removes what was built
	rm -rf bin dist

.PHONY: help build demo tools install lint test corpus fuzz fuzz-short torture sweep bench gen producers dist dist-test clean
