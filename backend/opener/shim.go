package opener

import (
	"io"
	"net/http"
	"regexp"
	"slices"
)

// maxShimmed bounds the pages that are read whole, to put the shim into them.
const maxShimmed = 4 << 20

// shim gives a page without an origin a storage that lasts as long as the
// page: many stop at their start without one.
const shim = `<script>(function () {
  function storage() {
    var kept = new Map()
    return {
      get length() { return kept.size },
      key: function (i) { return Array.from(kept.keys())[i] || null },
      getItem: function (k) { k = String(k); return kept.has(k) ? kept.get(k) : null },
      setItem: function (k, v) { kept.set(String(k), String(v)) },
      removeItem: function (k) { kept.delete(String(k)) },
      clear: function () { kept.clear() }
    }
  }
  ['localStorage', 'sessionStorage'].forEach(function (name) {
    try { window[name].length } catch (e) { Object.defineProperty(window, name, { value: storage() }) }
  })
  try { document.cookie } catch (e) { Object.defineProperty(document, 'cookie', { value: '', writable: true }) }
})()</script>`

// opening finds where a page's own scripts may begin: after its head, or what
// it begins with in place of one. Nothing may stand before its doctype.
var opening = regexp.MustCompile(`(?i)^(?:\x{feff}|\s|<!--[^>]*-->|<!doctype[^>]*>|<html[^>]*>|<head[^>]*>)*`)

func serveShimmed(w http.ResponseWriter, body io.Reader) {
	text, err := io.ReadAll(body)
	if err != nil {
		http.Error(w, "a damaged file", http.StatusInternalServerError)
		return
	}
	at := opening.FindIndex(text)[1]
	_, _ = w.Write(slices.Concat(text[:at], []byte(shim), text[at:])) // whoever asked may have gone
}
