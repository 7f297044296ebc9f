package main

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// scope is where a type is spoken of.
type scope struct {
	pkg  *pkg
	file *ast.File
}

// shape answers the form in JSON of the type that is spoken of there.
func (r *reader) shape(in scope, of ast.Expr, at string) shape {
	switch t := of.(type) {
	case *ast.StarExpr:
		s := r.shape(in, t.X, at)
		s.nullable = true
		return s
	case *ast.ArrayType:
		each := r.shape(in, t.Elt, at)
		return shape{kind: list, of: &each}
	case *ast.MapType:
		each := r.shape(in, t.Value, at)
		return shape{kind: mapping, of: &each}
	case *ast.InterfaceType:
		return shape{kind: anything}
	case *ast.SelectorExpr:
		return r.foreign(in, t, at)
	case *ast.Ident:
		if basic := basicKind(t.Name); basic != nothing {
			return shape{kind: basic}
		}
		if declared := in.pkg.structs[t.Name]; declared != nil {
			return r.declared(declared, at)
		}
	}
	r.refuse("%s: a value of an unknown form passes the bridge", at)
	return shape{kind: anything}
}

func basicKind(name string) kind {
	switch name {
	case "string":
		return text
	case "bool":
		return boolean
	case "any":
		return anything
	case "float64", "float32":
		return number
	}
	if strings.HasPrefix(name, "int") || strings.HasPrefix(name, "uint") {
		return number
	}
	return nothing
}

// foreign answers the form of a type of another package.
func (r *reader) foreign(in scope, t *ast.SelectorExpr, at string) shape {
	name, _ := t.X.(*ast.Ident)
	switch full := name.Name + "." + t.Sel.Name; full {
	case "json.RawMessage":
		return shape{kind: anything}
	case "time.Time":
		return shape{kind: text}
	}
	folder := imported(in.file, name.Name)
	if folder == "" {
		r.refuse("%s: %s.%s passes the bridge and has no form in JSON that is known", at, name.Name, t.Sel.Name)
		return shape{kind: anything}
	}
	p, err := r.sources.load(folder)
	if err != nil || p.structs[t.Sel.Name] == nil {
		r.refuse("%s: cannot find %s.%s", at, name.Name, t.Sel.Name)
		return shape{kind: anything}
	}
	return r.declared(p.structs[t.Sel.Name], at)
}

// declared answers the form of a type with a name of its own: a struct is an
// object, anything else what is behind the name.
func (r *reader) declared(t *declaredType, at string) shape {
	if _, isStruct := t.Type.(*ast.StructType); isStruct {
		r.value(t)
		return shape{kind: named, name: t.Name.Name}
	}
	return r.shape(scope{t.pkg, t.file}, t.Type, at)
}

// value keeps a struct whose JSON passes, and those that it holds after it.
func (r *reader) value(t *declaredType) {
	name := t.Name.Name
	if known := r.met[name]; known != nil {
		if known != t {
			r.refuse("two values that pass the bridge are called %s: in %s and in %s", name, known.pkg.path, t.pkg.path)
		}
		return
	}
	r.met[name] = t
	place := len(r.api.values)
	r.api.values = append(r.api.values, value{})
	v := value{name: name, doc: words(t.doc)}
	fields, _ := t.Type.(*ast.StructType)
	for _, f := range fields.Fields.List {
		at := name
		if len(f.Names) > 0 {
			at += "." + f.Names[0].Name
		}
		form := r.shape(scope{t.pkg, t.file}, f.Type, at)
		tag, optional := jsonTag(f)
		switch {
		case tag == "-":
		case len(f.Names) == 0 && tag == "":
			v.embeds = append(v.embeds, form.name)
		case tag == "":
			r.refuse("%s has no name in JSON", at)
		default:
			doc := words(f.Doc)
			if doc == "" {
				doc = words(f.Comment)
			}
			v.fields = append(v.fields, fieldOf{tag, doc, form, optional})
		}
	}
	r.api.values[place] = v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
