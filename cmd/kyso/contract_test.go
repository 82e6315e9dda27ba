package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// contract is what scripts rely on: the flags of each command, as the first
// version promised them. Add freely; whoever takes one away must say so in
// CHANGELOG.md and here.
var contract = map[string]string{
	"list-certs": "module token token-serial slot p12 all show-ids",
	"sign": "module token token-serial slot cert p12 p12-password-file key cert-file chain scheme digest pin-file pin-fd allow-last-pin-try " +
		"output out-dir force max-size encrypt encrypt-password-file level allow-lower tsa tsa-user tsa-password-file tsa-client-cert " +
		"tsa-client-key tsa-policy tsa-rate reason location contact field certify lock pdf-password-file invisible preset show no-labels " +
		"signer-text title org text style image image-behind font font-size color bold italic upper border time-format timezone page rect " +
		"at at-text nth anchor offset size mark doc-number doc-number-at doc-number-italic doc-date doc-date-at doc-date-italic note " +
		"text-size preview dry-run jobs recursive manifest journal resume report stop-on-error allow-private-network",
	"verify": "trust trust-system online at expect-signer require-level require-timestamp require-revocation ignore-revocation " +
		"pdf-password-file extract changes report recursive allow-private-network",
	"extend": "level tsa output out-dir force", "timestamp": "tsa output out-dir force", "fields": "add page rect",
	"trust": "", "doctor": "online tsa", "demo": "", "completion": "", "version": "", "help": "",
}

// global are the flags of every command.
const global = "json lang quiet verbose no-progress config profile help"

func TestContractOfFlags(t *testing.T) {
	root := newRootCommand(quietApp(i18n.English))
	root.InitDefaultHelpCmd()
	for name, flags := range contract {
		cmd, _, err := root.Find([]string{name})
		if err != nil || cmd == root {
			t.Errorf("no command %s: %v", name, err)
			continue
		}
		for _, f := range strings.Fields(flags) {
			if cmd.Flags().Lookup(f) == nil {
				t.Errorf("kyso %s has no --%s", name, f)
			}
		}
	}
	for _, f := range strings.Fields(global) {
		if root.PersistentFlags().Lookup(f) == nil {
			t.Errorf("no --%s", f)
		}
	}
	if trust, _, err := root.Find([]string{"trust", "add"}); err != nil || trust.Name() != "add" {
		t.Errorf("no kyso trust add: %v", err)
	}
}

// contractJSON are the fields of each object, as paths; a * goes into a list.
var contractJSON = map[string]string{
	"list-certs": "schema module slot token id label subject.cn subject.o subject.ou subject.title subject.email subject.mst subject.cccd subject.raw " +
		"issuer.cn issuer.o issuer.raw serial sha256 not_before not_after key.type key_usage ext_key_usage mechanisms has_private_key usable reasons",
	"sign": "schema file output input_sha256 output_sha256 output_bytes level signer.subject.cn algorithms.digest algorithms.signature field page rect " +
		"signing_time timestamp self_check.verdict warnings seconds",
	"verify": "schema file bytes sha256 revisions verdict signatures.*.field signatures.*.kind signatures.*.revision signatures.*.indication " +
		"signatures.*.sub_indication signatures.*.integrity signatures.*.coverage signatures.*.byte_range signatures.*.changes_after signatures.*.changes " +
		"signatures.*.certification signatures.*.subfilter signatures.*.level signatures.*.signer.cn signatures.*.signer.o signatures.*.signer.email " +
		"signatures.*.signer.mst signatures.*.signer.cccd signatures.*.signer.serial signatures.*.signer.issuer_cn signatures.*.signer.sha256 " +
		"signatures.*.signer.not_before signatures.*.signer.not_after signatures.*.algorithms.digest signatures.*.algorithms.signature " +
		"signatures.*.algorithms.key_bits signatures.*.trust.status signatures.*.trust.anchor signatures.*.trust.path signatures.*.revocation.status " +
		"signatures.*.revocation.source signatures.*.revocation.origin signatures.*.revocation.this_update signatures.*.revocation.reason " +
		"signatures.*.time.claimed signatures.*.time.proven signatures.*.time.proof signatures.*.timestamps signatures.*.reasons",
}

func TestContractOfJSON(t *testing.T) {
	home(t)
	newWorld(t)
	key := []string{"--key", "key.pem", "--cert-file", "cert.pem"}
	outputs := map[string]called{
		"sign":   call(t, append([]string{"sign", "form.pdf", "--json", "--invisible"}, key...)...).want(t, 0),
		"verify": call(t, "verify", "form.signed.pdf", "--json").want(t, exitIndeterminate),
	}
	writeFile(t, "key.p12", p12Of(t))
	t.Setenv(envP12Password, demoPassword)
	outputs["list-certs"] = call(t, "list-certs", "--json", "--p12", "key.p12").want(t, 0)
	for name, c := range outputs {
		var object any
		if err := json.Unmarshal([]byte(c.out), &object); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, path := range strings.Fields(contractJSON[name]) {
			if !hasPath(object, strings.Split(path, ".")) {
				t.Errorf("kyso %s --json has no %s in %s", name, path, c.out)
			}
		}
	}
}

// hasPath tells whether a field is there, null or not.
func hasPath(v any, path []string) bool {
	if len(path) == 0 {
		return true
	}
	switch at := v.(type) {
	case map[string]any:
		next, ok := at[path[0]]
		return ok && hasPath(next, path[1:])
	case []any:
		return path[0] == "*" && len(at) > 0 && hasPath(at[0], path[1:])
	}
	return false
}

func p12Of(t *testing.T) []byte {
	t.Helper()
	key := testpki.Key(testpki.P256, "contract")
	p12, err := testpki.PKCS12(key, testpki.NewRoot("Contract Root", testpki.P256).Person(key.Public()), nil, demoPassword)
	if err != nil {
		t.Fatal(err)
	}
	return p12
}
