package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// maxConfig bounds the configuration file, in bytes.
const maxConfig = 1 << 20

// defaultProfile is used where --profile is not given.
const defaultProfile = "default"

// setting is one value of a profile with the line it stands on.
type setting struct {
	values []string
	line   int
}

// configFile is the chosen profile of a configuration file.
type configFile struct {
	path     string
	profile  string
	exists   bool
	settings map[string]setting
	profiles []string
	missing  error // the file or profile was asked for and is not there
}

// value is the last value of a key, "" when it is not set.
func (c *configFile) value(key string) string {
	if c == nil {
		return ""
	}
	s := c.settings[key]
	if len(s.values) == 0 {
		return ""
	}
	return s.values[len(s.values)-1]
}

// loadConfig reads the file that --config, KYSO_CONFIG or the user's folder
// names. Only a file that was asked for must exist, and not for config init.
func (a *app) loadConfig(path, profile string) error {
	asked := path != ""
	if path == "" {
		path = a.getenv("KYSO_CONFIG")
		asked = path != ""
	}
	if path == "" && a.configDir() != "" {
		path = filepath.Join(a.configDir(), "config.yaml")
	}
	if profile == "" {
		profile = a.getenv("KYSO_PROFILE")
	}
	a.config = &configFile{path: path, profile: profile, settings: map[string]setting{}}
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if asked || profile != "" {
			a.config.missing = configError(path, err)
		}
		return nil
	case err != nil:
		return configError(path, err)
	case len(data) > maxConfig:
		return configError(path, fmt.Errorf("larger than %d bytes", maxConfig))
	}
	a.config.exists = true
	if err := a.config.parse(data); err != nil {
		return err
	}
	a.config.missing = a.config.missingProfile()
	return nil
}

func configError(path string, err error) error {
	return usagef(func(e *i18n.Errors) string { return e.ConfigFile }, path, err)
}

// parse reads "profiles: NAME: KEY: VALUE". Keys are checked against the flags
// once these exist (check).
func (c *configFile) parse(data []byte) error {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return configError(c.path, err)
	}
	if len(root.Content) == 0 {
		return nil
	}
	top, err := pairs(root.Content[0])
	if err != nil {
		return configError(c.path, err)
	}
	for _, p := range top {
		if p.key != "profiles" {
			return c.unknown(p.key, p.line)
		}
		profiles, err := pairs(p.value)
		if err != nil {
			return configError(c.path, err)
		}
		for _, profile := range profiles {
			c.profiles = append(c.profiles, profile.key)
			if err := c.take(profile); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *configFile) missingProfile() error {
	if c.profile != "" && !slices.Contains(c.profiles, c.profile) {
		return flagError("profile", fmt.Sprintf("%q (%s)", c.profile, strings.Join(c.profiles, ", ")))
	}
	return nil
}

func (c *configFile) unknown(key string, line int) error {
	return usagef(func(e *i18n.Errors) string { return e.ConfigKey }, c.path, line, key)
}

// take reads one profile; the one in use goes into settings. A profile that is
// not in use is read too, so that its mistakes show at once.
func (c *configFile) take(profile pair) error {
	settings, err := pairs(profile.value)
	if err != nil {
		return configError(c.path, fmt.Errorf("line %d: profile %s: %w", profile.line, profile.key, err))
	}
	wanted := c.profile
	if wanted == "" {
		wanted = defaultProfile
	}
	for _, s := range settings {
		values, err := scalars(s.value)
		if err != nil {
			return configError(c.path, err)
		}
		if profile.key == wanted {
			c.settings[s.key] = setting{values, s.line}
		}
	}
	return nil
}

type pair struct {
	key   string
	line  int
	value *yaml.Node
}

// pairs lists a mapping in its order; a key that comes twice is an error.
func pairs(n *yaml.Node) ([]pair, error) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil, nil
	}
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: want names with values", n.Line)
	}
	var out []pair
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode || seen[k.Value] {
			return nil, fmt.Errorf("line %d: %q is no name, or comes twice", k.Line, k.Value)
		}
		seen[k.Value] = true
		out = append(out, pair{k.Value, k.Line, n.Content[i+1]})
	}
	return out, nil
}

// scalars is a value or a list of values. Numbers keep the form in which they
// are written: a serial number is no float.
func scalars(n *yaml.Node) ([]string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return []string{n.Value}, nil
	case yaml.SequenceNode:
		var out []string
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: want a plain value", item.Line)
			}
			out = append(out, item.Value)
		}
		return out, nil
	default: // mappings, aliases
		return nil, fmt.Errorf("line %d: want a value or a list of values", n.Line)
	}
}

// envName is the variable of a flag: KYSO_TSA_USER.
func envName(flag string) string {
	return "KYSO_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// notFromConfig are flags that choose the configuration or one run.
func notFromConfig(name string) bool {
	return slices.Contains([]string{"config", "profile", "help", "version", "output"}, name)
}

// applyConfig fills in flags that were not given: environment, then profile.
func (a *app) applyConfig(cmd *cobra.Command) error {
	if completing(cmd) { // half a profile's name is no mistake
		return nil
	}
	if a.config.missing != nil {
		return a.config.missing
	}
	if err := a.checkKeys(cmd.Root()); err != nil {
		return err
	}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || notFromConfig(f.Name) {
			return
		}
		values, origin := a.settingOf(f.Name)
		if len(values) == 0 || a.outranked(cmd.Flags(), f) {
			return
		}
		if f.Value.Type() == "stringArray" {
			values = splitList(values)
		} else if len(values) > 1 {
			failed = flagError(f.Name, origin)
			return
		}
		for _, v := range values {
			if err := f.Value.Set(v); err != nil {
				failed = flagError(f.Name, fmt.Sprintf("%v (%s)", err, origin))
				return
			}
		}
	})
	return failed
}

// settingOf is the value of a flag from the environment or the profile.
func (a *app) settingOf(flag string) (values []string, origin string) {
	if v := a.getenv(envName(flag)); v != "" {
		return []string{v}, envName(flag)
	}
	if s, ok := a.config.settings[flag]; ok {
		return s.values, a.config.path + ":" + strconv.Itoa(s.line)
	}
	return nil, ""
}

// splitList takes blanks in a variable as separators of a repeatable flag.
func splitList(values []string) []string {
	if len(values) == 1 {
		return strings.Fields(values[0])
	}
	return values
}

// checkKeys refuses keys that are no flag of any command.
func (a *app) checkKeys(root *cobra.Command) error {
	if len(a.config.settings) == 0 {
		return nil
	}
	known := allFlags(root)
	for key, s := range a.config.settings {
		if _, ok := known[key]; !ok || notFromConfig(key) {
			return a.config.unknown(key, s.line)
		}
	}
	return nil
}

// allFlags are the long flags of all commands with their usage.
func allFlags(root *cobra.Command) map[string]*pflag.Flag {
	all := map[string]*pflag.Flag{}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		add := func(f *pflag.Flag) {
			if _, ok := all[f.Name]; !ok {
				all[f.Name] = f
			}
		}
		c.LocalFlags().VisitAll(add)
		c.PersistentFlags().VisitAll(add)
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(root)
	return all
}
