package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/token"
)

// trust looks at the store that verify uses.
func (d *doctorRun) trust(context.Context) error {
	dir := d.a.trustDir()
	if dir == "" {
		d.add("trust_none", token.Note)
		return nil
	}
	store := certpath.Store{Dir: dir}
	entries, warnings, err := store.List()
	if err != nil {
		d.add("trust_unreadable", token.Problem, "detail", err.Error())
		return nil
	}
	for _, w := range warnings {
		d.add("trust_unreadable", token.Note, "detail", w.String())
	}
	if len(entries) == 0 {
		d.add("trust_none", token.Note, "path", dir)
		return nil
	}
	d.add("trust_anchors", token.Good, "count", strconv.Itoa(len(entries)), "path", dir)
	for _, e := range entries {
		if d.a.anchorState(e.Certificate) == "expired" {
			d.add("trust_expired", token.Note, "name", anchorName(e.Certificate), "not_after", e.Certificate.NotAfter.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// folders looks at what this program writes besides documents, and at the
// program that it calls.
func (d *doctorRun) folders(context.Context) error {
	if c := d.a.config; c != nil && c.exists {
		d.add("config_file", token.Good, "path", c.path, "profile", first(c.profile, defaultProfile))
	}
	d.folder("config_folder", d.a.configDir())
	cache, err := os.UserCacheDir()
	if err != nil {
		d.add("cache_folder_unwritten", token.Note, "path", "kyso").err = err
	} else {
		d.folder("cache_folder", filepath.Join(cache, "kyso"))
	}
	path, err := convert.FindSoffice()
	var missing *convert.MissingError
	switch {
	case errors.As(err, &missing):
		d.add("libreoffice_missing", token.Note, "install", missing.Install)
	case err != nil:
		d.add("libreoffice_missing", token.Note)
	default:
		d.add("libreoffice", token.Good, "path", path)
	}
	return nil
}

func (d *doctorRun) folder(code, dir string) {
	if dir == "" {
		d.add(code+"_unwritten", token.Note)
		return
	}
	if err := writable(dir); err != nil {
		d.add(code+"_unwritten", token.Note, "path", dir).err = err
		return
	}
	d.add(code, token.Good, "path", dir)
}

// writable tries a folder, or where it is not there yet the one that it would
// be made in. Nothing is left behind.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
			dir = filepath.Dir(dir)
			continue
		}
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return &fs.PathError{Op: "open", Path: dir, Err: errors.New("is no folder")}
		}
		break
	}
	f, err := os.CreateTemp(dir, ".kyso-doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
