package opener

func command(target string) (name string, arguments []string) { return "open", []string{target} }
