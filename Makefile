# kyso: see README.md. `make help` lists the targets.

# Packages whose foundations exist. internal/pdf, testpki, certpath,
# revocation, token, verify and cmd are still declarations without bodies, and
# sign and internal/dss stand on internal/pdf: they join this list with it.
READY := ./internal/oids/... ./internal/cms/... ./internal/fetch/... \
         ./internal/tsp/... ./internal/atomicfile/...
DEBIAN := openssl poppler-utils qpdf softhsm2 opensc

help: ## lists the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "%-10s %s\n",$$1,$$2}' Makefile

tools: ## installs the Debian packages that the tests need and are missing
	@missing=$$(for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as=; elif command -v sudo >/dev/null; then as=sudo; else \
	    echo "run as root: apt-get install -y $$missing" >&2; exit 1; fi; \
	  $$as apt-get update -q && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -q $$missing; fi

lint: ## vets every package
	go vet ./...

test: tools ## runs the tests
	go build ./...
	go test $(READY)

.PHONY: help tools lint test
