; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT Spanish
${LangFileString} DesktopIcon "Poner un icono en el escritorio"
${LangFileString} Purpose "Lleva canales de Kolibri a portátiles sin Internet"
${LangFileString} OtherWindows "Nectar necesita Windows 10 u 11 de 64 bits. No se ha instalado nada."
${LangFileString} Newer "Nectar $0 ya está instalado. Esta es la versión ${VERSION}, más antigua, que quizá no pueda abrir lo que guardó la más reciente.$\r$\n$\r$\n¿Quiere instalar la versión antigua de todos modos?"
${LangFileString} NoWebView2 "En este portátil falta Microsoft Edge WebView2. Nectar lo necesita para mostrar su ventana.$\r$\n$\r$\nHay un instalador de Nectar más grande que lo trae y no necesita Internet. Su nombre termina en «with-webview2».$\r$\n$\r$\n¿Quiere instalar Nectar de todos modos? Mientras falte WebView2, solo funciona desde la línea de comandos."
${LangFileString} WebView2Failed "No se pudo instalar Microsoft Edge WebView2. Mientras falte, Nectar solo funciona desde la línea de comandos.$\r$\n$\r$\nReinicie el portátil y después inicie este instalador otra vez."
${LangFileString} BringingWebView2 "Instalando Microsoft Edge WebView2. Tarda unos minutos."
${LangFileString} Stopping "Nectar se está deteniendo de forma segura"
${LangFileString} Running "Nectar sigue en marcha. Ciérrelo y elija «Reintentar». Sus tareas continuarán después."
${LangFileString} NotWritten "No se pudo poner Nectar en su carpeta. Reinicie el portátil y después inicie este instalador otra vez."
${LangFileString} KeepData "Nectar ya no está en este portátil. ¿Quiere conservar sus canales, tareas y ajustes?$\r$\n$\r$\nEstán en $LOCALAPPDATA\nectar. Nectar los encontrará si lo instala más adelante."
${LangFileString} DeleteData "Se borrarán todos los canales, tareas y ajustes de Nectar de $LOCALAPPDATA\nectar. No se podrán recuperar."
