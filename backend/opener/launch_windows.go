package opener

func command(target string) (name string, arguments []string) {
	return "rundll32", []string{"url.dll,FileProtocolHandler", target}
}
