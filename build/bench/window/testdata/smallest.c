// The smallest program that opens a window of WebKit and draws a page in it, as
// Nectar does: without a graphics processor. It prints when the page was drawn, in
// milliseconds since 1970, and ends.
#include <stdlib.h>
#include <webkit2/webkit2.h>

static void titled(WebKitWebView *view, GParamSpec *_, gpointer __) {
	const char *title = webkit_web_view_get_title(view);
	if (title == NULL || *title == 0) return;
	g_print("%s\n", title);
	exit(0);
}

int main(int argc, char **argv) {
	g_setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1", FALSE);
	gtk_init(&argc, &argv);
	GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
	gtk_window_set_default_size(GTK_WINDOW(window), 1200, 700);
	GtkWidget *view = webkit_web_view_new();
	webkit_settings_set_hardware_acceleration_policy(
		webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)), WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
	g_signal_connect(view, "notify::title", G_CALLBACK(titled), NULL);
	gtk_container_add(GTK_CONTAINER(window), view);
	webkit_web_view_load_html(WEBKIT_WEB_VIEW(view),
		"<p>Nectar</p><script>"
		"requestAnimationFrame(() => requestAnimationFrame(() => { document.title = String(Date.now()) }))"
		"</script>",
		NULL);
	gtk_widget_show_all(window);
	gtk_main();
	return 0;
}
