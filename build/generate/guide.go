package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// marker stands before a code block and names the file that it is cut from
// and, for Go, the declarations.
var marker = regexp.MustCompile(`^<!-- code: (\S+)((?: \S+)*) -->$`)

// fillGuide puts into each marked code block what it names. A block of Go or
// JSON without a marker is refused: nothing would keep it true.
func fillGuide(root, guide string) (string, error) {
	var out []string
	lines := strings.Split(guide, "\n")
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		found := marker.FindStringSubmatch(lines[i])
		if found == nil {
			if strings.HasPrefix(lines[i], "```go") || strings.HasPrefix(lines[i], "```json") {
				return "", fmt.Errorf("%s, line %d: a code block with no marker: write <!-- code: FILE NAMES --> before it", guideFile, i+1)
			}
			continue
		}
		end := slices.Index(lines[min(i+2, len(lines)):], "```")
		if i+1 >= len(lines) || !strings.HasPrefix(lines[i+1], "```") || end < 0 {
			return "", fmt.Errorf("%s, line %d: a marker with no code block", guideFile, i+1)
		}
		code, err := cut(root, found[1], strings.Fields(found[2]))
		if err != nil {
			return "", fmt.Errorf("%s, line %d: %w", guideFile, i+1, err)
		}
		out = append(out, "```"+strings.TrimPrefix(path.Ext(found[1]), "."), strings.TrimRight(code, "\n"), "```")
		i += 2 + end
	}
	return strings.Join(out, "\n"), nil
}

// cut answers the text of a file, or of the named declarations in it with
// their comments. A method is named as Type.Method.
func cut(root, file string, names []string) (string, error) {
	source, err := os.ReadFile(filepath.Join(root, file))
	if err != nil || len(names) == 0 {
		return string(source), err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, name := range names {
		i := slices.IndexFunc(parsed.Decls, func(d ast.Decl) bool { return slices.Contains(declares(d), name) })
		if i < 0 {
			return "", fmt.Errorf("%s declares no %s", file, name)
		}
		from, to := extent(parsed, parsed.Decls[i])
		parts = append(parts, string(bytes.TrimSpace(source[set.Position(from).Offset:set.Position(to).Offset])))
	}
	return strings.Join(parts, "\n\n"), nil
}

// declares answers the names that a declaration brings.
func declares(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		of := d.Recv.List[0].Type
		if pointer, ok := of.(*ast.StarExpr); ok {
			of = pointer.X
		}
		if ident, ok := of.(*ast.Ident); ok {
			names = append(names, ident.Name+"."+d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

// extent answers where a declaration with its comment begins and ends.
func extent(file *ast.File, d ast.Decl) (from, to token.Pos) {
	from, to = d.Pos(), d.End()
	var doc *ast.CommentGroup
	switch d := d.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc != nil {
		from = doc.Pos()
	}
	return max(from, file.FileStart), to
}
