package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// The packages that the window's calls are declared in.
const (
	bridgeFolder = "backend/bridge"
	wireFolder   = "backend/wire"
	faultFolder  = "backend/fault"
)

// api is everything that the window may call, with the values that pass.
type api struct {
	objects []object
	values  []value // in the order in which they are first met
	events  []event
	codes   []code
}

// object is a struct whose methods the window may call.
type object struct {
	name, doc string
	methods   []method
}

// method is one call.
type method struct {
	name, doc  string
	params     []param
	answer     shape // without a kind: nothing
	permission string
	errors     []string
}

type param struct {
	name  string
	shape shape
}

// value is a struct that passes as a JSON object.
type value struct {
	name, doc string
	embeds    []string // whose fields it has too
	fields    []fieldOf
}

type fieldOf struct {
	name, doc string
	shape     shape
	optional  bool
}

// event is what the backend tells of its own accord.
type event struct{ name, value string }

// code is one code of a refusal.
type code struct {
	name, doc string
	field     bool // of a field, not of a whole request
}

// shape is the form of a value in JSON.
type shape struct {
	kind     kind
	name     string // of an object
	of       *shape // of a list or map: each value
	nullable bool
}

type kind int

const (
	nothing kind = iota
	text
	number
	boolean
	anything
	list
	mapping
	named
)

// readAPI reads what the window may call from the sources. It refuses a
// method that does not say who may call it and what it refuses.
func readAPI(root string) (*api, error) {
	r := &reader{sources: &sources{root: root, packages: map[string]*pkg{}}, api: &api{}, met: map[string]*declaredType{}}
	bridge, err := r.sources.load(bridgeFolder)
	if err != nil {
		return nil, err
	}
	program, err := r.sources.load(".")
	if err != nil {
		return nil, err
	}
	if r.api.codes, err = r.codes(); err != nil {
		return nil, err
	}
	if err := r.checkWhen(); err != nil {
		return nil, err
	}
	bound, err := boundObjects(bridge)
	if err != nil {
		return nil, err
	}
	for _, name := range bound {
		r.object(bridge, name)
	}
	r.object(program, "App")
	r.events(bridge, program)
	r.refuseForgotten(program, bound)
	return r.api, errors.Join(r.refused...)
}

// reader reads an api.
type reader struct {
	sources *sources
	api     *api
	met     map[string]*declaredType // the values that were met, by name
	refused []error
}

func (r *reader) refuse(format string, values ...any) {
	r.refused = append(r.refused, fmt.Errorf(format, values...))
}

// boundObjects answers the names of the structs that Bridge holds for the
// window.
func boundObjects(bridge *pkg) ([]string, error) {
	holder := bridge.structs["Bridge"]
	if holder == nil {
		return nil, errors.New("backend/bridge has no struct Bridge")
	}
	fields, _ := holder.Type.(*ast.StructType)
	var names []string
	for _, f := range fields.Fields.List {
		pointer, isPointer := f.Type.(*ast.StarExpr)
		if !isPointer || len(f.Names) == 0 || !f.Names[0].IsExported() {
			continue
		}
		if local, ok := pointer.X.(*ast.Ident); ok && local.IsExported() {
			names = append(names, local.Name)
		}
	}
	return names, nil
}

// refuseForgotten refuses an object that the window is not given.
func (r *reader) refuseForgotten(program *pkg, bound []string) {
	given := map[string]bool{}
	for _, file := range program.files {
		ast.Inspect(file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if key, named := n.(*ast.KeyValueExpr); ok && named {
				if name, isName := key.Key.(*ast.Ident); !isName || name.Name != "Bind" {
					return true
				}
				ast.Inspect(pair.Value, func(n ast.Node) bool {
					if selector, ok := n.(*ast.SelectorExpr); ok {
						given[selector.Sel.Name] = true
					}
					return true
				})
			}
			return true
		})
	}
	for _, name := range bound {
		if !given[name] {
			r.refuse("bridge.%s is not given to the window: add app.bridge.%s to Bind in app.go", name, name)
		}
	}
}

func (r *reader) object(p *pkg, name string) {
	declared := p.structs[name]
	if declared == nil {
		r.refuse("%s has no struct %s", p.path, name)
		return
	}
	o := object{name: name, doc: words(declared.doc)}
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && f.Name.IsExported() && receives(f, name) {
				o.methods = append(o.methods, r.method(p, file, o.name, f))
			}
		}
	}
	r.api.objects = append(r.api.objects, o)
}

func receives(f *ast.FuncDecl, name string) bool {
	if f.Recv == nil {
		return false
	}
	pointer, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	ident, ok := pointer.X.(*ast.Ident)
	return ok && ident.Name == name
}

func (r *reader) method(p *pkg, file *ast.File, of string, f *ast.FuncDecl) method {
	m := method{name: f.Name.Name, doc: words(f.Doc)}
	at := of + "." + m.name
	scope := scope{p, file}
	for _, parameters := range f.Type.Params.List {
		for _, name := range parameters.Names {
			m.params = append(m.params, param{name.Name, r.shape(scope, parameters.Type, at)})
		}
	}
	if f.Type.Results != nil {
		for _, result := range f.Type.Results.List {
			if ident, ok := result.Type.(*ast.Ident); ok && ident.Name == "error" {
				continue
			}
			m.answer = r.shape(scope, result.Type, at)
		}
	}
	var said bool
	if m.permission, said = directive(f.Doc, "permission"); !said || m.permission == "" {
		r.refuse(`%s does not say who may call it: add a line such as "//api:permission signed in" to its comment`, at)
	}
	errorCodes, said := directive(f.Doc, "errors")
	if !said || errorCodes == "" {
		r.refuse(`%s does not say what it refuses: add a line such as "//api:errors not_found, forbidden" or "//api:errors none" to its comment`, at)
	}
	for name := range strings.SplitSeq(errorCodes, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "none" || name == "":
		case !slices.ContainsFunc(r.api.codes, func(c code) bool { return c.name == name }):
			r.refuse("%s refuses with %q, which is no code of backend/fault", at, name)
		default:
			m.errors = append(m.errors, name)
		}
	}
	return m
}

// events reads what is told to the window, from the comments of the values.
func (r *reader) events(packages ...*pkg) {
	told := map[string]bool{}
	for _, p := range packages {
		for _, name := range sortedKeys(p.structs) {
			declared := p.structs[name]
			if event_, says := directive(declared.doc, "event"); says {
				r.value(declared)
				r.api.events = append(r.api.events, event{event_, name})
				told[event_] = true
			}
		}
	}
	for _, p := range packages {
		for _, file := range p.files {
			ast.Inspect(file, func(n ast.Node) bool {
				if name := emitted(n); name != "" && !told[name] {
					r.refuse(`the window is told of %q and nobody says with what: add the line "//api:event %s" to the comment of its struct`, name, name)
				}
				return true
			})
		}
	}
}

// emitted answers the name of the event when the node tells the window of
// one.
func emitted(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	called := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		called = f.Name
	case *ast.SelectorExpr:
		called = f.Sel.Name
	}
	if called != "emit" && called != "EventsEmit" {
		return ""
	}
	for _, argument := range call.Args {
		if literal, ok := argument.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			name, _ := strconv.Unquote(literal.Value)
			return name
		}
	}
	return ""
}

// codes reads the codes of refusals with what their comments say.
func (r *reader) codes() ([]code, error) {
	p, err := r.sources.load(faultFolder)
	if err != nil {
		return nil, err
	}
	var codes []code
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			if block, ok := declaration.(*ast.GenDecl); ok {
				codes = append(codes, codesOf(block)...)
			}
		}
	}
	codes = slices.DeleteFunc(codes, func(c code) bool { return c.field })
	return codes, nil
}
