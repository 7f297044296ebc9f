//go:build linux && (desktop || dev) && !bindings

package webpage

/*
#cgo pkg-config: gtk+-3.0
#cgo !webkit2_41 pkg-config: webkit2gtk-4.0
#cgo webkit2_41 pkg-config: webkit2gtk-4.1

#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

extern int nectarPageEnded(void);

static void ended(WebKitWebView *view, WebKitWebProcessTerminationReason reason, gpointer data) {
	if (nectarPageEnded()) {
		webkit_web_view_reload(view);
	}
}

static void find(GtkWidget *widget, gpointer data) {
	if (WEBKIT_IS_WEB_VIEW(widget)) {
		g_signal_connect(widget, "web-process-terminated", G_CALLBACK(ended), NULL);
	} else if (GTK_IS_CONTAINER(widget)) {
		gtk_container_forall(GTK_CONTAINER(widget), find, data);
	}
}

static gboolean look(gpointer data) {
	GList *windows = gtk_window_list_toplevels();
	g_list_foreach(windows, (GFunc)find, NULL);
	g_list_free(windows);
	return G_SOURCE_REMOVE;
}

// Widgets are for the thread that draws.
static void watch(void) { g_idle_add(look, NULL); }
*/
import "C"

import "sync/atomic"

// ended is what is called when the process of a page has ended.
var ended atomic.Pointer[func() bool]

// Watch calls a function, on the thread that draws, when the process of the
// page of a window of this program has ended. The page is loaded again when it
// answers true. It is called once, when there is a window.
func Watch(do func() (again bool)) {
	if ended.Swap(&do) == nil {
		C.watch()
	}
}

//export nectarPageEnded
func nectarPageEnded() C.int {
	if do := ended.Load(); do != nil && (*do)() {
		return 1
	}
	return 0
}
