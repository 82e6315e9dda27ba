package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// schemaDir is absolute: tests change their folder. Where it is not found the
// schemas are missing, which their users tell; the test binary is the program
// too, and that must start.
var schemaDir, _ = filepath.Abs(filepath.Join("..", "..", "docs", "schema"))

// schemas are the compiled files of docs/schema by the value of "schema".
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	files, err := filepath.Glob(filepath.Join(schemaDir, "kyso.*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no schemas: %w", err)
	}
	all := map[string]*jsonschema.Schema{}
	for _, f := range files {
		c := jsonschema.NewCompiler()
		c.DefaultDraft(jsonschema.Draft2020)
		c.AssertFormat()
		s, err := c.Compile(f)
		if err != nil {
			return nil, err
		}
		name, ok := strings.CutSuffix(filepath.Base(f), ".1.json")
		if !ok {
			return nil, fmt.Errorf("%s is no version 1", f)
		}
		all[name+"/1"] = s
	}
	return all, nil
})

// fitsSchema judges one object of output by the schema that it names. Every
// test that reads JSON comes through here.
func fitsSchema(v any) error {
	o, ok := v.(map[string]any)
	if !ok {
		return nil // a report of several files
	}
	name, ok := o["schema"].(string)
	if !ok {
		return nil
	}
	all, err := schemas()
	if err != nil {
		return err
	}
	s, ok := all[name]
	if _, failed := o["error"]; failed && o["file"] == nil {
		s, ok = all["kyso.error/1"] // a run as a whole
	}
	if !ok {
		return fmt.Errorf("no schema for %s", name)
	}
	return s.Validate(v)
}

// schemaTypes are what the program writes under each name.
var schemaTypes = map[string]any{
	"kyso.list-certs/1": certJSON{}, "kyso.sign/1": signJSON{}, "kyso.verify/1": verifyJSON{}, "kyso.extend/1": stampJSON{},
	"kyso.timestamp/1": stampJSON{}, "kyso.fields/1": fieldsJSON{}, "kyso.trust/1": anchorJSON{}, "kyso.doctor/1": doctorJSON{},
	"kyso.error/1": errorJSON{}, "kyso.demo/1": demoJSON{}, "kyso.config/1": settingJSON{}, "kyso.version/1": versionJSON{},
}

// TestSchemasNameEveryKey compares each schema with the type behind it: a key
// that is added, renamed or made optional is seen here first.
func TestSchemasNameEveryKey(t *testing.T) {
	all, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(schemaTypes)); !slices.Equal(got, want) {
		t.Fatalf("schemas are for %v, types for %v", got, want)
	}
	for name, value := range schemaTypes {
		t.Run(name, func(t *testing.T) { sameKeys(t, name, all[name], reflect.TypeOf(value)) })
	}
}

func sameKeys(t *testing.T, at string, s *jsonschema.Schema, typ reflect.Type) {
	t.Helper()
	for s.Ref != nil {
		s = s.Ref
	}
	if len(s.AnyOf) == 2 && s.Properties == nil { // an object or null
		sameKeys(t, at, s.AnyOf[0], typ)
		return
	}
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Array {
		if items, ok := s.Items2020, typ.Kind() != reflect.Pointer; ok && items != nil {
			for s = items; s.Ref != nil; {
				s = s.Ref
			}
		}
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ.PkgPath() == "time" {
		return
	}
	keys := jsonKeys(typ)
	for key, field := range keys {
		property, ok := s.Properties[key]
		if !ok {
			t.Errorf("%s.%s is in no schema", at, key)
			continue
		}
		// schema stands in certJSON only where it is an object of its own;
		// verifyJSON has no report when there is an error.
		always := !field.optional || key == "schema" && slices.Contains(s.Required, key)
		if always != slices.Contains(s.Required, key) && !(at == "kyso.verify/1" && field.embedded) {
			t.Errorf("%s.%s: required %v, but the type says %v", at, key, !always, always)
		}
		sameKeys(t, at+"."+key, property, field.typ)
	}
	for key := range s.Properties {
		if _, ok := keys[key]; !ok {
			t.Errorf("%s.%s is in no type", at, key)
		}
	}
}

type jsonKey struct {
	typ                reflect.Type
	optional, embedded bool
}

// jsonKeys are the keys that encoding/json writes of a struct.
func jsonKeys(typ reflect.Type) map[string]jsonKey {
	keys := map[string]jsonKey{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Anonymous {
			for k, v := range jsonKeys(f.Type.Elem()) {
				v.embedded = true
				keys[k] = v
			}
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" {
			keys[name] = jsonKey{f.Type, strings.Contains(options, "omitempty"), false}
		}
	}
	return keys
}

// TestSchemasShareDefinitions: a definition with one name is one thing.
func TestSchemasShareDefinitions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(schemaDir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]any{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Defs map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for name, def := range s.Defs {
			if other, ok := seen[name]; ok && !reflect.DeepEqual(def, other) {
				t.Errorf("%s says something else of %s than another schema", filepath.Base(f), name)
			}
			seen[name] = def
		}
	}
}

// TestSchemasOfRealOutput runs every command that writes JSON; lines validates.
func TestSchemasOfRealOutput(t *testing.T) {
	home(t)
	w := newWorld(t)
	p12, err := testpki.PKCS12(testpki.Key(testpki.P256, "signer"), w.signer, nil, scriptPassword)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, "key.p12", p12)
	writeFile(t, "password", []byte(scriptPassword))
	key := []string{"--key", "key.pem", "--cert-file", "cert.pem"}
	network := []string{"--tsa", w.tsaURL, "--trust", "root.pem", "--allow-private-network"}
	for _, c := range []struct {
		schema string
		code   int
		args   []string
	}{
		{"kyso.version/1", 0, []string{"version"}},
		{"kyso.list-certs/1", 0, []string{"list-certs", "--p12", "key.p12", "--p12-password-file", "password"}},
		{"kyso.sign/1", 0, append([]string{"sign", "form.pdf", "--dry-run", "--rect", "100,100,260,160"}, key...)},
		{"kyso.sign/1", 0, append(append([]string{"sign", "form.pdf", "--rect", "100,100,260,160", "--level", "B-LTA"}, key...), network...)},
		{"kyso.sign/1", 3, append([]string{"sign", "missing.pdf", "absent.pdf"}, key...)},
		{"kyso.sign/1", 1, append([]string{"sign", "missing.pdf"}, key...)},
		{"kyso.verify/1", 0, []string{"verify", "form.signed.pdf", "--trust", "root.pem"}},
		{"kyso.verify/1", 5, []string{"verify", "form.signed.pdf"}},
		{"kyso.verify/1", 6, []string{"verify", "form.pdf"}},
		{"kyso.verify/1", 1, []string{"verify", "missing.pdf"}},
		{"kyso.extend/1", 0, append([]string{"extend", "form.signed.pdf"}, network...)},
		{"kyso.extend/1", 6, append([]string{"extend", "form.pdf"}, network...)},
		{"kyso.timestamp/1", 0, []string{"timestamp", "form.pdf", "--tsa", w.tsaURL}},
		{"kyso.timestamp/1", 1, []string{"timestamp", "missing.pdf", "--tsa", w.tsaURL}},
		{"kyso.fields/1", 0, []string{"fields", "form.signed.pdf"}},
		{"kyso.fields/1", 0, []string{"fields", "form.pdf", "--add", "Ô ký", "--page", "1", "--rect", "100,100,260,160"}},
		{"kyso.fields/1", 1, []string{"fields", "missing.pdf"}},
		{"kyso.trust/1", 0, []string{"trust", "add", "root.pem", "--yes"}},
		{"kyso.trust/1", 0, []string{"trust", "list"}},
		{"kyso.doctor/1", -1, []string{"doctor", "form.pdf"}},
		{"kyso.verify/1", 2, []string{"verify"}},
		{"kyso.list-certs/1", 10, []string{"list-certs", "--module", "/nowhere.so"}},
		{"kyso.sign/1", 2, []string{"sign", "form.pdf", "--nothing"}},
	} {
		t.Run(strings.Join(c.args[:min(2, len(c.args))], " "), func(t *testing.T) {
			got := call(t, append(c.args, "--json")...)
			if c.code >= 0 {
				got.want(t, c.code)
			}
			for _, o := range got.lines(t) {
				if o["schema"] != c.schema {
					t.Errorf("schema %v, want %s", o["schema"], c.schema)
				}
			}
		})
	}
}

// TestSchemasRefuse: a schema that takes everything proves nothing.
func TestSchemasRefuse(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	good := call(t, "verify", "form.signed.pdf", "--trust", "root.pem", "--json").lines(t)[0]
	signature := func(o map[string]any) map[string]any { return o["signatures"].([]any)[0].(map[string]any) }
	for _, c := range []struct {
		name   string
		change func(o map[string]any)
	}{
		{"no file", func(o map[string]any) { delete(o, "file") }},
		{"no verdict and no error", func(o map[string]any) { delete(o, "verdict") }},
		{"unknown verdict", func(o map[string]any) { o["verdict"] = "fine" }},
		{"unknown exit code", func(o map[string]any) { o["exit"] = 7.0 }},
		{"number as text", func(o map[string]any) { o["bytes"] = "1" }},
		{"upper-case digest", func(o map[string]any) { o["sha256"] = strings.Repeat("A", 64) }},
		{"no time", func(o map[string]any) { o["validated_at"] = "today" }},
		{"null for a list", func(o map[string]any) { signature(o)["changes"] = nil }},
		{"unknown indication", func(o map[string]any) { signature(o)["indication"] = "PASSED" }},
		{"no signer's key", func(o map[string]any) { delete(signature(o), "signer") }},
		{"unknown schema", func(o map[string]any) { o["schema"] = "kyso.verify/2" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := json.Marshal(good)
			if err != nil {
				t.Fatal(err)
			}
			var o map[string]any
			if err := json.Unmarshal(data, &o); err != nil {
				t.Fatal(err)
			}
			if err := fitsSchema(o); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			c.change(o)
			if fitsSchema(o) == nil {
				t.Error("it fits still")
			}
		})
	}
}
