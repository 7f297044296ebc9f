package opener

import (
	"html/template"
	"net/http"
)

// The rules for what a page may do. It may run its scripts and load what is in
// its own zip. It has no network, since nothing from elsewhere is loaded or
// connected to; it cannot leave its frame, open windows, or send forms; and it
// has no origin, so that it shares no storage with anything.
const (
	frameRules = "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	pageRules  = "sandbox allow-scripts; default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; " +
		"base-uri 'self'; form-action 'none'; webrtc 'block'"
	noDevices = "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), " +
		"microphone=(), midi=(), payment=(), serial=(), usb=()"
)

// harden sets what every answer says.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", frameRules)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-DNS-Prefetch-Control", "off")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", noDevices)
	h.Set("Cache-Control", "no-store")
}

// confine sets what the answers from the zip say. A page without an origin
// asks for its own files as a stranger, whose origin is "null".
func confine(h http.Header) {
	h.Set("Content-Security-Policy", pageRules)
	h.Set("Access-Control-Allow-Origin", "null")
}

// framed is the page around the page, which it cannot leave.
var framed = template.Must(template.New("frame").Parse(`<!doctype html>
<meta charset="utf-8">
<title>{{.}}</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block; overflow: hidden }</style>
<iframe src="` + inside + `" title="{{.}}" sandbox="allow-scripts" allow="fullscreen; autoplay"></iframe>
`))

func frame(w http.ResponseWriter, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = framed.Execute(w, title) // whoever asked has gone
}
