package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/sign"
)

// fieldsOptions are the flags of fields.
type fieldsOptions struct {
	add         string
	page        string
	rect        string
	at          string
	size        string
	output      string
	force       bool
	pdfPassword pdfPasswordOptions
}

func (o *fieldsOptions) addFlags(f flagSet) {
	f.str(&o.add, "add")
	f.str(&o.page, "page")
	f.str(&o.rect, "rect")
	f.str(&o.at, "at")
	f.str(&o.size, "size")
	f.strP(&o.output, "output", "o")
	f.yes(&o.force, "force")
	o.pdfPassword.addFlags(f)
}

func (o *fieldsOptions) validate(json bool) error {
	if o.add == "" {
		for _, given := range [][2]string{{"rect", o.rect}, {"at", o.at}, {"output", o.output}} {
			if given[1] != "" {
				return needs(given[0], "add")
			}
		}
		return nil
	}
	// ISO 32000-2, 12.7.4.2: a period separates the names of a hierarchy.
	if strings.TrimSpace(o.add) == "" || strings.Contains(o.add, ".") {
		return flagError("add", fmt.Sprintf("%q (a name without a period)", o.add))
	}
	if json && o.output == stdinName {
		return together("json", "output -")
	}
	if o.rect == "" && o.at == "" {
		return needs("add", "rect")
	}
	_, err := o.place()
	return err
}

// place is where the new field goes.
func (o *fieldsOptions) place() (appearance.Place, error) {
	p := placeOptions{page: o.page, rect: o.rect, at: o.at, size: o.size}
	if err := p.validate(); err != nil {
		return appearance.Place{}, err
	}
	return p.build(appearance.Place{})
}

func newFieldsCommand(a *app) *cobra.Command {
	cmd := a.command("fields FILE", "fields")
	cmd.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef(func(e *i18n.Errors) string { return e.Usage }, fmt.Sprintf("%q", args[1]))
		}
		return needFiles(c, args)
	}
	o := &fieldsOptions{}
	o.addFlags(a.flags(cmd.Flags(), "fields"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runFields(cmd.Context(), a, o, args[0]) }
	return cmd
}

func runFields(ctx context.Context, a *app, o *fieldsOptions, name string) error {
	if err := o.validate(a.global.json); err != nil {
		return err
	}
	err := a.fieldsOf(ctx, o, name)
	if err == nil || !a.global.json {
		return err
	}
	a.jsonLine(&fieldsJSON{Schema: "kyso.fields/1", File: name, Fields: []fieldJSON{}, Exit: statusOf(err).exit, Error: newJSONError(err)})
	a.tell(err)
	return &reportedError{statusOf(err).exit}
}

// fieldsOf lists the fields of one file, or adds one.
func (a *app) fieldsOf(ctx context.Context, o *fieldsOptions, name string) error {
	in, err := a.openInput(name)
	if err != nil {
		return err
	}
	defer in.Close()
	password, err := a.given(o.pdfPassword.source())
	if err != nil {
		return err
	}
	if o.add != "" {
		return a.addField(ctx, o, in, password)
	}
	fields, err := a.listFields(ctx, in, password)
	if err != nil {
		return err
	}
	a.showFields(&fieldsResult{file: name, fields: fields})
	return nil
}

// listFields reads the fields; the password of a document is asked where
// nobody gave one.
func (a *app) listFields(ctx context.Context, in *input, password []byte) ([]sign.FieldInfo, error) {
	fields, err := sign.ListFields(ctx, in.r, in.size, password)
	if needPassword(err) && password == nil {
		asked, askErr := (&signRun{a: a}).askPDFPassword(ctx, in.name)
		if askErr != nil {
			return nil, atFile(in.name, err) // nobody to ask: the refusal says more
		}
		fields, err = sign.ListFields(ctx, in.r, in.size, asked)
	}
	return fields, atFile(in.name, err)
}

// addField writes a new file with an empty field; earlier signatures are
// judged before and after, as sign does.
func (a *app) addField(ctx context.Context, o *fieldsOptions, in *input, password []byte) error {
	place, err := o.place()
	if err != nil {
		return err
	}
	if place.Page == "" {
		place.Page = "1"
	}
	guard := &stampRun{a: a, password: password}
	if password, err = guard.hold(ctx, in); err != nil {
		return err
	}
	naming := outputOptions{output: o.output, force: o.force}
	name := naming.outputName(in.name, in.name, "field")
	out, err := a.openOutput(name, naming, in)
	if err != nil {
		return err
	}
	defer out.abort()
	result, err := sign.AddField(ctx, in.r, in.size, out, sign.FieldOptions{Name: o.add, Place: place, Password: password})
	if err != nil {
		return atFile(in.name, err)
	}
	if result.Signatures > 0 {
		if _, err := (&signRun{a: a}).check(ctx, out, result, password); err != nil {
			return err
		}
	}
	fields, err := sign.ListFields(ctx, out, result.Bytes, password)
	if err != nil {
		return atFile(name, err)
	}
	if err := out.commit(); err != nil {
		return err
	}
	a.showFields(&fieldsResult{file: in.name, output: name, added: o.add, result: result, fields: fields})
	return nil
}
