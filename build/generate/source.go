package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// module is the path that our packages are imported by.
const module = "nectar"

// sources reads packages of the project, each once.
type sources struct {
	root     string
	packages map[string]*pkg
}

// pkg is a package as it is written.
type pkg struct {
	path    string
	files   []*ast.File
	structs map[string]*declaredType
}

// declaredType is a type with the file that it is declared in, whose imports
// its fields speak of.
type declaredType struct {
	*ast.TypeSpec

	doc  *ast.CommentGroup
	file *ast.File
	pkg  *pkg
}

// load reads the package of a folder, without its tests. The root folder is
// package main.
func (s *sources) load(folder string) (*pkg, error) {
	if known := s.packages[folder]; known != nil {
		return known, nil
	}
	p := &pkg{path: folder, structs: map[string]*declaredType{}}
	set := token.NewFileSet()
	entries, err := os.ReadDir(filepath.Join(s.root, folder))
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, filepath.Join(s.root, folder, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.add(file)
	}
	if len(p.files) == 0 {
		return nil, fmt.Errorf("%s: %w", folder, fs.ErrNotExist)
	}
	s.packages[folder] = p
	return p, nil
}

func (p *pkg) add(file *ast.File) {
	p.files = append(p.files, file)
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		for _, spec := range group.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			doc := t.Doc
			if doc == nil {
				doc = group.Doc
			}
			p.structs[t.Name.Name] = &declaredType{TypeSpec: t, doc: doc, file: file, pkg: p}
		}
	}
}

// imported answers the folder of the package that a file calls by the name;
// "" when it is none of ours.
func imported(file *ast.File, name string) string {
	for _, spec := range file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		called := path.Base(full)
		if spec.Name != nil {
			called = spec.Name.Name
		}
		if folder, ours := strings.CutPrefix(full, module+"/"); ours && called == name {
			return folder
		}
	}
	return ""
}

// jsonTag answers the name of a field in JSON and whether it may be left out.
func jsonTag(f *ast.Field) (name string, optional bool) {
	if f.Tag == nil {
		return "", false
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return "", false
	}
	name, options, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
	return name, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
}

// words answers the text of a comment in one line a paragraph, without its
// directives.
func words(comments *ast.CommentGroup) string {
	paragraphs := strings.Split(strings.TrimSpace(comments.Text()), "\n\n")
	for i, paragraph := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(paragraph), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// directive answers what a line such as "//api:errors not_found" says.
func directive(comments *ast.CommentGroup, name string) (string, bool) {
	if comments == nil {
		return "", false
	}
	for _, comment := range comments.List {
		if text, found := strings.CutPrefix(comment.Text, "//api:"+name); found {
			return strings.TrimSpace(text), true
		}
	}
	return "", false
}
