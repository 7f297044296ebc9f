/* Stands in for the installer of WebView2 in build/windows/test.sh: it writes
   what that one writes when it has installed the runtime for one user. */
#include <windows.h>

int main(void)
{
	static const char key[] = "Software\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
	static const char version[] = "120.0.0.1";
	return RegSetKeyValueA(HKEY_CURRENT_USER, key, "pv", REG_SZ, version, sizeof version);
}
