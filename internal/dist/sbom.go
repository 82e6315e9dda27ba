package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

// bom is a bill of materials: CycloneDX 1.6, the part that is used here.
type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     bomMetadata  `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type bomMetadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl,omitempty"`
	Hashes     []bomHash  `json:"hashes,omitempty"`
	Licences   []licence  `json:"licenses"`
	Properties []property `json:"properties,omitempty"`
}

type bomHash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

// licence is an SPDX expression.
type licence struct {
	Expression string `json:"expression"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// sbom writes what a binary is made of: the modules that its own build
// information names (`go version -m`), and what is embedded in it.
func (d *dist) sbom(binary, to string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	b, err := d.bill(info, fmt.Sprintf("%x", sha256.Sum256(data)))
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(to, append(text, '\n'), 0o644)
}

func (d *dist) bill(info *debug.BuildInfo, digest string) (*bom, error) {
	self := component{
		Type: "application", Ref: "kyso", Name: "kyso", Version: d.version, PURL: "pkg:golang/" + info.Main.Path + "@" + d.version,
		Hashes: []bomHash{{"SHA-256", digest}}, Licences: []licence{{"Apache-2.0"}},
	}
	for _, s := range info.Settings {
		self.Properties = append(self.Properties, property{"go:build:" + s.Key, s.Value})
	}
	b := &bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		// RFC 9562, 5.8: a UUID of our own making, from the binary's digest.
		SerialNumber: fmt.Sprintf("urn:uuid:%s-%s-8%s-8%s-%s", digest[:8], digest[8:12], digest[13:16], digest[17:20], digest[20:32]),
		Metadata:     bomMetadata{d.epoch.Format("2006-01-02T15:04:05Z"), self},
	}
	b.Components = append(b.Components, component{Type: "library", Ref: "std", Name: "Go standard library", Version: info.GoVersion, PURL: "pkg:golang/std@" + info.GoVersion[len("go"):], Licences: []licence{{"BSD-3-Clause"}}})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		spdx, ok := licences[m.Path]
		if !ok {
			return nil, fmt.Errorf("the licence of %s is not in internal/dist/licences.go: read it and add it", m.Path)
		}
		purl := "pkg:golang/" + m.Path + "@" + m.Version
		b.Components = append(b.Components, component{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, PURL: purl, Licences: []licence{{spdx}}, Properties: []property{{"go:sum", m.Sum}}})
	}
	b.Components = append(b.Components, embedded...)
	all := dependency{Ref: self.Ref}
	for _, c := range b.Components {
		all.DependsOn = append(all.DependsOn, c.Ref)
	}
	b.Dependencies = []dependency{all}
	return b, nil
}
