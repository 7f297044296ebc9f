package update

import "golang.org/x/sys/windows/registry"

// registerBefore lets Windows, and the next installer, know the version that is
// back: by the values that the installer kept of it.
func registerBefore() {
	const path = `Software\Microsoft\Windows\CurrentVersion\Uninstall\Nectar`
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		return
	}
	defer func() { _ = key.Close() }()
	for _, name := range []string{"DisplayVersion", "Order"} {
		if before, _, err := key.GetStringValue(name + "Before"); err == nil {
			_ = key.SetStringValue(name, before)
		}
	}
}
