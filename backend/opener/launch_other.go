//go:build !darwin && !windows

package opener

func command(target string) (name string, arguments []string) { return "xdg-open", []string{target} }
