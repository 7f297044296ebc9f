package i18n

import "os"

// System answers the languages that this user wants, for Match: those that the
// environment names, else those of the system.
func System() []string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return []string{value}
		}
	}
	return system()
}
