package i18n

import "golang.org/x/sys/windows"

// system answers the languages of Windows, the most wanted first.
func system() []string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return languages
}
