; The installer for Windows 10 and 11, 64-bit: for one user, without an
; administrator and without the Internet. build/windows/package.sh defines
;
;   VERSION          1.2.3
;   QUAD             1.2.3.456, by which versions are compared
;   PROGRAMS         folder with nectar.exe and nectar-window.exe
;   HERE             this folder
;   LICENCE          the licence, and
;   NOTICES          those of others
;   OUT              what is made
;   WEBVIEW2_SETUP   installer of WebView2 that is brought along, or
;   WEBVIEW2_FOLDER  a fixed version of WebView2 that is, or neither
;   FAST             to pack without compressing, for a test
;   SIGN             command that signs the uninstaller, if it is signed
;
; Flags and exit statuses are in docs/installing-windows.md.

Unicode true
Target amd64-unicode
!ifdef FAST
	SetCompress off
!else
	SetCompressor /SOLID lzma
	SetCompressorDictSize 32
!endif
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
ManifestLongPathAware true

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Nectar"
!define APP_PATHS_KEY "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define TOAST_KEY "Software\Classes\CLSID\{0F82E845-CB89-4039-BDBF-67CA33254C76}"
!define WEBVIEW2_KEY "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

; Why it ended before anything was installed. NSIS itself has 1, cancelled, and
; 2, failed.
!define STATUS_WINDOWS 3
!define STATUS_WEBVIEW2 4
!define STATUS_NEWER 5
!define STATUS_RUNNING 6
!define STATUS_NOT_STARTING 7

Name "Nectar"
BrandingText "Nectar ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Nectar"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" InstallLocation
ShowInstDetails nevershow
ShowUninstDetails nevershow
XPStyle on

VIProductVersion "${QUAD}"
VIFileVersion "${QUAD}"
VIAddVersionKey /LANG=1033 ProductName "Nectar"
VIAddVersionKey /LANG=1033 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=1033 FileVersion "${VERSION}"
VIAddVersionKey /LANG=1033 FileDescription "Nectar Setup"
VIAddVersionKey /LANG=1033 CompanyName "The Nectar authors"
VIAddVersionKey /LANG=1033 LegalCopyright "Copyright 2026 The Nectar authors"

!ifdef SIGN
	!uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "${HERE}/icon.ico"
!define MUI_UNICON "${HERE}/icon.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${HERE}/finish.bmp"
!define MUI_CUSTOMFUNCTION_GUIINIT Check

!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenInstalled
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\nectar-window.exe"
!define MUI_FINISHPAGE_SHOWREADME
!define MUI_FINISHPAGE_SHOWREADME_NOTCHECKED
!define MUI_FINISHPAGE_SHOWREADME_TEXT "$(DesktopIcon)"
!define MUI_FINISHPAGE_SHOWREADME_FUNCTION AddDesktopIcon
!define MUI_PAGE_CUSTOMFUNCTION_SHOW HideDesktopIconWhenThere
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The languages of the program. The first one is for whoever has none of them.
; NSIS has no Swahili.
!macro LANGUAGE FOLDER NAME
	!insertmacro MUI_LANGUAGEEX "${FOLDER}" ${NAME}
	!insertmacro LANGFILE_INCLUDE "${HERE}/languages/${NAME}Nectar.nsh"
!macroend
!define NSIS_LANGUAGES "${NSISDIR}/Contrib/Language files"
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" English
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" German
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" Arabic
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" French
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" Spanish
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" PortugueseBR
!insertmacro LANGUAGE "${NSIS_LANGUAGES}" Hindi
!insertmacro LANGUAGE "${HERE}/languages" Swahili

Var Stopped  ; what ran when it was asked to stop: "window", "work", "waiting" or ""
Var WithoutWindow ; "yes" where every command will work, but not the window
Var Option

; Without arguments $LANGUAGE is what fits the Windows of this user.
!macro CHOOSE_LANGUAGE CODE ID
	${If} $Option == ${CODE}
		StrCpy $LANGUAGE ${ID}
	${EndIf}
!macroend
!macro LANGUAGE_BY_FLAG
	${GetParameters} $R0
	${GetOptions} $R0 "/LANGUAGE=" $Option
	!insertmacro CHOOSE_LANGUAGE en ${LANG_ENGLISH}
	!insertmacro CHOOSE_LANGUAGE de ${LANG_GERMAN}
	!insertmacro CHOOSE_LANGUAGE ar ${LANG_ARABIC}
	!insertmacro CHOOSE_LANGUAGE fr ${LANG_FRENCH}
	!insertmacro CHOOSE_LANGUAGE es ${LANG_SPANISH}
	!insertmacro CHOOSE_LANGUAGE pt ${LANG_PORTUGUESEBR}
	!insertmacro CHOOSE_LANGUAGE hi ${LANG_HINDI}
	!insertmacro CHOOSE_LANGUAGE sw ${LANG_SWAHILI}
!macroend

; FLAG answers in $Option whether the installer was called with it.
!macro FLAG NAME
	${GetParameters} $R0
	ClearErrors
	${GetOptions} $R0 "/${NAME}" $R1
	StrCpy $Option yes
	${If} ${Errors}
		StrCpy $Option no
	${EndIf}
!macroend

; What was chosen here takes effect when this function has ended, so that
; nothing is said in it.
Function .onInit
	!insertmacro LANGUAGE_BY_FLAG
	${If} ${Silent}
		Call Check
	${EndIf}
FunctionEnd

; Check ends the installer where there is a reason not to install.
Function Check
	${IfNot} ${AtLeastWin10}
	${OrIfNot} ${IsNativeAMD64}
		MessageBox MB_OK|MB_ICONSTOP "$(OtherWindows)" /SD IDOK
		SetErrorLevel ${STATUS_WINDOWS}
		Quit
	${EndIf}
	Call RefuseOlder
	Call LookForWebView2
FunctionEnd

; RefuseOlder asks before an older version takes the place of a newer one, whose
; data it may not understand.
Function RefuseOlder
	!insertmacro FLAG OLDER
	ReadRegStr $0 HKCU "${UNINSTALL_KEY}" Order
	${If} $0 == ""
	${OrIf} $Option == yes
		Return
	${EndIf}
	${VersionCompare} $0 ${QUAD} $1
	${If} $1 == 1
		ReadRegStr $0 HKCU "${UNINSTALL_KEY}" DisplayVersion
		MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(Newer)" /SD IDNO IDYES older
			SetErrorLevel ${STATUS_NEWER}
			Quit
		older:
	${EndIf}
FunctionEnd

; LookForWebView2 says, before anything is installed, when the window will lack
; what draws it.
Function LookForWebView2
	!ifdef WEBVIEW2_FOLDER | WEBVIEW2_SETUP
		Return
	!endif
	!insertmacro FLAG NOWEBVIEW2
	StrCpy $WithoutWindow $Option
	${If} $Option == yes
	${OrIf} ${FileExists} "$INSTDIR\webview2\msedgewebview2.exe"
		Return
	${EndIf}
	Call FindWebView2
	${If} $0 == ""
		MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(NoWebView2)" /SD IDNO IDYES without
			SetErrorLevel ${STATUS_WEBVIEW2}
			Quit
		without:
		StrCpy $WithoutWindow yes
	${EndIf}
FunctionEnd

; FindWebView2 answers in $0 the version of the WebView2 of this Windows or of
; this user; "" when there is none.
Function FindWebView2
	SetRegView 32
	ReadRegStr $0 HKLM "SOFTWARE\${WEBVIEW2_KEY}" pv
	SetRegView 64
	${If} $0 == ""
		ReadRegStr $0 HKCU "Software\${WEBVIEW2_KEY}" pv
	${EndIf}
	${If} $0 == "0.0.0.0"
		StrCpy $0 ""
	${EndIf}
FunctionEnd

Function SkipWhenInstalled
	${If} ${FileExists} "$INSTDIR\nectar.exe"
		Abort
	${EndIf}
FunctionEnd

; STOP asks the Nectar of this user to stop its jobs safely and to end, and
; waits until both programs can be replaced. It is for the installer ("") and
; the uninstaller ("un.").
!macro STOP UN
Function ${UN}Stop
	StrCpy $Stopped ""
	${If} ${FileExists} "$INSTDIR\nectar.exe"
		DetailPrint "$(Stopping)"
		nsExec::ExecToStack /TIMEOUT=90000 '"$INSTDIR\nectar.exe" stop --json'
		Pop $0
		Pop $1
		; {"stopped":"window"}
		StrCpy $2 $1 12
		${If} $0 == 0
		${AndIf} $2 == '{"stopped":"'
			StrCpy $2 $1 1 14
			${If} $2 == n
				StrCpy $Stopped window
			${ElseIf} $2 == r
				StrCpy $Stopped work
			${Else}
				StrCpy $Stopped waiting
			${EndIf}
		${EndIf}
	${EndIf}
	StrCpy $0 nectar.exe
	Call ${UN}AwaitFree
	StrCpy $0 nectar-window.exe
	Call ${UN}AwaitFree
FunctionEnd

; AwaitFree waits until the program $0 is not in use, and ends when it stays so.
Function ${UN}AwaitFree
	${IfNot} ${FileExists} "$INSTDIR\$0"
		Return
	${EndIf}
	again:
	StrCpy $1 0
	${DoWhile} $1 < 60
		ClearErrors
		FileOpen $2 "$INSTDIR\$0" a
		${IfNot} ${Errors}
			FileClose $2
			Return
		${EndIf}
		Sleep 250
		IntOp $1 $1 + 1
	${Loop}
	MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
	SetErrorLevel ${STATUS_RUNNING}
	Quit
FunctionEnd
!macroend
!insertmacro STOP ""
!insertmacro STOP "un."

; Unpacking takes its time, and the power may fail meanwhile: the programs take
; their places when they are whole.
!macro PLACE NAME
	ClearErrors
	Delete "$INSTDIR\${NAME}"
	Rename "$INSTDIR\new\${NAME}" "$INSTDIR\${NAME}"
	${If} ${Errors}
		SetErrorLevel 2
		Abort "$(NotWritten)"
	${EndIf}
!macroend

; A program that cannot be run here at all takes the place of none.
!macro TRY NAME
	nsExec::ExecToStack /TIMEOUT=90000 '"$INSTDIR\new\${NAME}" --version'
	Pop $0
	Pop $1
	${If} $0 != 0
		RMDir /r "$INSTDIR\new"
		MessageBox MB_OK|MB_ICONSTOP "$(NotStarting)" /SD IDOK
		SetErrorLevel ${STATUS_NOT_STARTING}
		Quit
	${EndIf}
!macroend

; KeepBefore keeps the programs that are there when Nectar itself has started
; this installer: its window puts them back when the new one does not start. See
; the package backend/update.
!macro KEEP NAME
	Rename "$INSTDIR\${NAME}" "$INSTDIR\before\${NAME}"
!macroend
!macro REMEMBER NAME
	ReadRegStr $0 HKCU "${UNINSTALL_KEY}" ${NAME}
	WriteRegStr HKCU "${UNINSTALL_KEY}" ${NAME}Before $0
!macroend
Function KeepBefore
	RMDir /r "$INSTDIR\before"
	RMDir /r "$INSTDIR\not-started"
	Delete "$INSTDIR\trial"
	Delete "$INSTDIR\failed"
	${If} ${FileExists} "$INSTDIR\trial-${VERSION}"
		CreateDirectory "$INSTDIR\before"
		!insertmacro KEEP nectar.exe
		!insertmacro KEEP nectar-window.exe
		!insertmacro REMEMBER DisplayVersion
		!insertmacro REMEMBER Order
		Rename "$INSTDIR\trial-${VERSION}" "$INSTDIR\trial"
	${EndIf}
	Delete "$INSTDIR\trial-*"
FunctionEnd

Section "" MAIN
	SetRegView 64
	RMDir /r "$INSTDIR\new"
	SetOutPath "$INSTDIR\new"
	File "${PROGRAMS}/nectar.exe"
	File "${PROGRAMS}/nectar-window.exe"
	File "/oname=licence.txt" "${LICENCE}"
	File "/oname=third-party.txt" "${NOTICES}"
	WriteUninstaller "$INSTDIR\new\uninstall.exe"

	!insertmacro TRY nectar.exe
	!insertmacro TRY nectar-window.exe
	Call Stop
	Call KeepBefore
	!insertmacro PLACE nectar.exe
	!insertmacro PLACE nectar-window.exe
	!insertmacro PLACE licence.txt
	!insertmacro PLACE third-party.txt
	!insertmacro PLACE uninstall.exe
	SetOutPath "$INSTDIR"
	RMDir "$INSTDIR\new"
	Call BringWebView2

	CreateShortcut "$SMPROGRAMS\Nectar.lnk" "$INSTDIR\nectar-window.exe" "" "$INSTDIR\nectar-window.exe" 0 SW_SHOWNORMAL "" "$(Purpose)"
	!insertmacro FLAG DESKTOP
	${If} $Option == yes
		Call AddDesktopIcon
	${EndIf}

	WriteRegStr HKCU "${APP_PATHS_KEY}\nectar.exe" "" "$INSTDIR\nectar.exe"
	Call RegisterFiles
	WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayName "Nectar"
	WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL_KEY}" Order "${QUAD}"
	WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\nectar-window.exe"
	WriteRegStr HKCU "${UNINSTALL_KEY}" Publisher "The Nectar authors"
	WriteRegStr HKCU "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL_KEY}" InstallerLanguage "$LANGUAGE"
	WriteRegStr HKCU "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoModify 1
	WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoRepair 1
	${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
	IntFmt $0 "0x%08X" $0
	WriteRegDWORD HKCU "${UNINSTALL_KEY}" EstimatedSize "$0"

	Call GoOn
SectionEnd

; RegisterFiles lets Windows open the file that an export puts beside its channels,
; and show it with the icon of the program.
Function RegisterFiles
	WriteRegStr HKCU "Software\Classes\.nectar" "" "Nectar.Channels"
	WriteRegStr HKCU "Software\Classes\Nectar.Channels" "" "$(FileType)"
	WriteRegStr HKCU "Software\Classes\Nectar.Channels\DefaultIcon" "" "$INSTDIR\nectar-window.exe,0"
	WriteRegStr HKCU "Software\Classes\Nectar.Channels\shell\open\command" "" '"$INSTDIR\nectar-window.exe" "%1"'
	${RefreshShellIcons}
FunctionEnd

; BringWebView2 installs the WebView2 that was brought along.
Function BringWebView2
	!ifdef WEBVIEW2_FOLDER
		RMDir /r "$INSTDIR\webview2"
		SetOutPath "$INSTDIR\webview2"
		File /r "${WEBVIEW2_FOLDER}/*"
		SetOutPath "$INSTDIR"
		; Its processes are confined, and have to read it on Windows 10.
		nsExec::Exec 'icacls.exe "$INSTDIR\webview2" /grant *S-1-15-2-1:(OI)(CI)(RX) *S-1-15-2-2:(OI)(CI)(RX)'
		Pop $0
	!endif
	!ifdef WEBVIEW2_SETUP
		Call FindWebView2
		${If} $0 == ""
			DetailPrint "$(BringingWebView2)"
			InitPluginsDir
			SetOutPath "$PLUGINSDIR"
			File "/oname=webview2.exe" "${WEBVIEW2_SETUP}"
			SetOutPath "$INSTDIR"
			nsExec::Exec '"$PLUGINSDIR\webview2.exe" /silent /install'
			Pop $0
			Delete "$PLUGINSDIR\webview2.exe"
			Call FindWebView2
			${If} $0 == ""
				StrCpy $WithoutWindow yes
				MessageBox MB_OK|MB_ICONEXCLAMATION "$(WebView2Failed)" /SD IDOK
			${EndIf}
		${EndIf}
	!endif
FunctionEnd

; GoOn starts again what was stopped. Of the window the last page takes care,
; where there is one. What runs jobs has a console that nobody sees, and is told
; to say nothing (--json), since it would end where nothing can be said. No other
; program comes in between, which would read the signs in a folder's name.
Function GoOn
	!insertmacro FLAG NOSTART
	${If} $Option == yes
		Return
	${EndIf}
	${If} $Stopped == window
		${If} ${Silent}
			Exec '"$INSTDIR\nectar-window.exe"'
		${EndIf}
	${ElseIf} $Stopped == work
		ExecShell "" "$INSTDIR\nectar.exe" "--json work" SW_HIDE
	${ElseIf} $Stopped == waiting
		ExecShell "" "$INSTDIR\nectar.exe" "--json work --until-idle" SW_HIDE
	${EndIf}
FunctionEnd

Function AddDesktopIcon
	CreateShortcut "$DESKTOP\Nectar.lnk" "$INSTDIR\nectar-window.exe" "" "$INSTDIR\nectar-window.exe" 0 SW_SHOWNORMAL "" "$(Purpose)"
FunctionEnd

Function HideDesktopIconWhenThere
	${If} ${FileExists} "$DESKTOP\Nectar.lnk"
		ShowWindow $mui.FinishPage.ShowReadme ${SW_HIDE}
	${EndIf}
	${If} $WithoutWindow == yes
		SendMessage $mui.FinishPage.Run ${BM_SETCHECK} ${BST_UNCHECKED} 0
	${EndIf}
FunctionEnd

Function un.onInit
	SetRegView 64
	ReadRegStr $LANGUAGE HKCU "${UNINSTALL_KEY}" InstallerLanguage
	!insertmacro LANGUAGE_BY_FLAG
FunctionEnd

; What was installed goes, and nothing else: people may have put files of their
; own beside it.
Section Uninstall
	SetRegView 64
	Call un.Stop
	Delete "$INSTDIR\nectar.exe"
	Delete "$INSTDIR\nectar-window.exe"
	Delete "$INSTDIR\licence.txt"
	Delete "$INSTDIR\third-party.txt"
	RMDir /r "$INSTDIR\new"
	RMDir /r "$INSTDIR\before"
	RMDir /r "$INSTDIR\not-started"
	Delete "$INSTDIR\trial"
	Delete "$INSTDIR\trial-*"
	Delete "$INSTDIR\failed"
	RMDir /r "$INSTDIR\webview2"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Nectar.lnk"
	Delete "$DESKTOP\Nectar.lnk"
	DeleteRegKey HKCU "${APP_PATHS_KEY}\nectar.exe"
	DeleteRegKey HKCU "${UNINSTALL_KEY}"
	Call un.ForgetFiles
	Call un.ForgetNotices
	Call un.KeepData
SectionEnd

; ForgetFiles takes away what RegisterFiles wrote, unless another program opens
; such files by now.
Function un.ForgetFiles
	DeleteRegKey HKCU "Software\Classes\Nectar.Channels"
	ReadRegStr $0 HKCU "Software\Classes\.nectar" ""
	${If} $0 == "Nectar.Channels"
		DeleteRegKey HKCU "Software\Classes\.nectar"
	${EndIf}
	${un.RefreshShellIcons}
FunctionEnd

; ForgetNotices takes away what Wails writes at the first notice: by which name
; and picture Windows shows it, and what is to be started by a click on it.
Function un.ForgetNotices
	ReadRegStr $0 HKCU "Software\Classes\AppUserModelId\nectar-window.exe" CustomActivator
	StrCpy $1 $0 1
	${If} $1 == "{"
		DeleteRegKey HKCU "Software\Classes\CLSID\$0"
		Delete "$TEMP\nectar-window.exe$0.png"
	${EndIf}
	; The package for notices writes under an id of its own as well, which others use too.
	ReadRegStr $0 HKCU "${TOAST_KEY}\LocalServer32" ""
	${If} $0 == "$INSTDIR\nectar-window.exe"
		DeleteRegKey HKCU "${TOAST_KEY}"
	${EndIf}
	DeleteRegKey HKCU "Software\Classes\AppUserModelId\nectar-window.exe"
	DeleteRegKey HKCU "Software\nectar-window.exe"
	DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\Notifications\Settings\nectar-window.exe"
FunctionEnd

; KeepData asks whether what people have brought onto the laptop stays. Without
; anybody to ask it does.
Function un.KeepData
	${IfNot} ${FileExists} "$LOCALAPPDATA\nectar\app.sqlite3"
		Return
	${EndIf}
	!insertmacro FLAG DELETEDATA
	${If} $Option == no
		MessageBox MB_YESNO|MB_ICONQUESTION "$(KeepData)" /SD IDYES IDYES keep
		MessageBox MB_OKCANCEL|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(DeleteData)" IDCANCEL keep
	${EndIf}
	RMDir /r "$LOCALAPPDATA\nectar"
	RMDir /r "$LOCALAPPDATA\nectar-window" ; what WebView2 remembers
	keep:
FunctionEnd
