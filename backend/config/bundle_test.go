package config_test

import (
	"encoding/xml"
	"os"
	"slices"
	"testing"
)

// property is an element of a property list of macOS.
type property struct {
	XMLName  xml.Name
	Text     string     `xml:",chardata"`
	Children []property `xml:",any"`
}

// dictionary answers the values of a property list by their keys.
func dictionary(t *testing.T, file string) map[string]property {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list property
	if err := xml.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	if list.XMLName.Local != "plist" || len(list.Children) != 1 || list.Children[0].XMLName.Local != "dict" {
		t.Fatalf("%s is no property list of one dictionary", file)
	}
	return pairs(t, file, list.Children[0])
}

// pairs answers the values of a dictionary, in which each follows its key.
func pairs(t *testing.T, file string, dict property) map[string]property {
	t.Helper()
	found := map[string]property{}
	kinds := []string{"string", "true", "false", "integer", "array", "dict"}
	for i := 0; i < len(dict.Children); i += 2 {
		key := dict.Children[i]
		if key.XMLName.Local != "key" || i+1 == len(dict.Children) {
			t.Fatalf("%s: a key and its value do not follow each other at %q", file, key.Text)
		}
		value := dict.Children[i+1]
		if _, twice := found[key.Text]; twice || !slices.Contains(kinds, value.XMLName.Local) {
			t.Errorf("%s: %s is there twice, or has a value of no kind: %s", file, key.Text, value.XMLName.Local)
		}
		if value.XMLName.Local == "dict" {
			pairs(t, file, value)
		}
		found[key.Text] = value
	}
	return found
}

func TestThePropertyListsForMacOSAreWhole(t *testing.T) {
	t.Parallel()
	info := dictionary(t, "../../build/darwin/Info.plist")
	for key, want := range map[string]string{
		"CFBundleExecutable": "nectar-window", "CFBundleIdentifier": "org.nectar.Nectar", "CFBundlePackageType": "APPL",
		"CFBundleShortVersionString": "@RELEASE@", "CFBundleVersion": "@BUILD@", "CFBundleIconFile": "nectar", "LSMinimumSystemVersion": "12.0",
	} {
		if got := info[key]; got.XMLName.Local != "string" || got.Text != want {
			t.Errorf("%s is %q, want %q", key, got.Text, want)
		}
	}
	for key, value := range dictionary(t, "../../build/darwin/entitlements.plist") {
		if kind := value.XMLName.Local; kind != "true" && kind != "false" {
			t.Errorf("the entitlement %s is a %s", key, kind)
		}
	}
}
