; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT German
${LangFileString} DesktopIcon "Ein Symbol auf den Desktop legen"
${LangFileString} Purpose "Bringt Kolibri-Kanäle auf Laptops ohne Internet"
${LangFileString} OtherWindows "Nectar braucht Windows 10 oder 11 mit 64 Bit. Es wurde nichts installiert."
${LangFileString} Newer "Nectar $0 ist schon installiert. Dies ist die ältere Version ${VERSION}. Sie kann vielleicht nicht öffnen, was die neuere gespeichert hat.$\r$\n$\r$\nMöchten Sie die ältere Version trotzdem installieren?"
${LangFileString} NoWebView2 "Auf diesem Laptop fehlt Microsoft Edge WebView2. Nectar braucht es, um sein Fenster zu zeigen.$\r$\n$\r$\nEs gibt ein größeres Installationsprogramm von Nectar, das WebView2 mitbringt und kein Internet braucht. Sein Name endet auf „with-webview2“.$\r$\n$\r$\nMöchten Sie Nectar trotzdem installieren? Solange WebView2 fehlt, gibt es Nectar nur in der Befehlszeile."
${LangFileString} WebView2Failed "Microsoft Edge WebView2 konnte nicht installiert werden. Solange es fehlt, gibt es Nectar nur in der Befehlszeile.$\r$\n$\r$\nStarten Sie den Laptop neu und danach dieses Installationsprogramm."
${LangFileString} BringingWebView2 "Microsoft Edge WebView2 wird installiert. Das dauert einige Minuten."
${LangFileString} Stopping "Nectar wird sicher beendet"
${LangFileString} Running "Nectar läuft noch. Bitte schließen Sie es und wählen Sie dann „Wiederholen“. Seine Aufträge gehen danach weiter."
${LangFileString} NotWritten "Nectar konnte nicht in seinen Ordner gelegt werden. Starten Sie den Laptop neu und danach dieses Installationsprogramm."
${LangFileString} KeepData "Nectar ist von diesem Laptop entfernt. Möchten Sie Ihre Kanäle, Aufträge und Einstellungen behalten?$\r$\n$\r$\nSie liegen in $LOCALAPPDATA\nectar. Nectar findet sie wieder, wenn Sie es später installieren."
${LangFileString} DeleteData "Alle Kanäle, Aufträge und Einstellungen von Nectar in $LOCALAPPDATA\nectar werden gelöscht. Sie lassen sich nicht zurückholen."
