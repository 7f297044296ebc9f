; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT English
${LangFileString} DesktopIcon "Put an icon on the desktop"
${LangFileString} Purpose "Brings Kolibri channels onto laptops without the Internet"
${LangFileString} OtherWindows "Nectar needs a 64-bit Windows 10 or 11. Nothing was installed."
${LangFileString} Newer "Nectar $0 is installed already. This is the older version ${VERSION}, which may not be able to open what the newer one has stored.$\r$\n$\r$\nDo you want to install the older version all the same?"
${LangFileString} NoWebView2 "Microsoft Edge WebView2 is missing on this laptop. Nectar needs it to show its window.$\r$\n$\r$\nThere is a larger installer of Nectar that brings it along and needs no Internet. Its name ends in “with-webview2”.$\r$\n$\r$\nDo you want to install Nectar all the same? Until WebView2 is there it works only from the command line."
${LangFileString} WebView2Failed "Microsoft Edge WebView2 could not be installed. Until it is, Nectar works only from the command line.$\r$\n$\r$\nStart the laptop again, and then this installer."
${LangFileString} BringingWebView2 "Installing Microsoft Edge WebView2. This takes a few minutes."
${LangFileString} Stopping "Letting Nectar stop safely"
${LangFileString} Running "Nectar is still running. Please close it, and then choose “Retry”. Its jobs will go on afterwards."
${LangFileString} NotWritten "Nectar could not be put into its folder. Start the laptop again, and then this installer."
${LangFileString} KeepData "Nectar is gone from this laptop. Do you want to keep your channels, jobs and settings?$\r$\n$\r$\nThey are in $LOCALAPPDATA\nectar. Nectar finds them again when you install it later."
${LangFileString} DeleteData "All channels, jobs and settings of Nectar in $LOCALAPPDATA\nectar will be deleted. They cannot be brought back."
