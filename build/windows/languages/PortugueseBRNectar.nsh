; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT PortugueseBR
${LangFileString} DesktopIcon "Colocar um ícone na área de trabalho"
${LangFileString} Purpose "Leva canais do Kolibri a notebooks sem internet"
${LangFileString} OtherWindows "O Nectar precisa do Windows 10 ou 11 de 64 bits. Nada foi instalado."
${LangFileString} Newer "O Nectar $0 já está instalado. Esta é a versão ${VERSION}, mais antiga, que talvez não consiga abrir o que a mais nova salvou.$\r$\n$\r$\nQuer instalar a versão antiga mesmo assim?"
${LangFileString} NoWebView2 "Falta o Microsoft Edge WebView2 neste notebook. O Nectar precisa dele para mostrar a janela.$\r$\n$\r$\nHá um instalador maior do Nectar que o traz e não precisa de internet. O nome dele termina em “with-webview2”.$\r$\n$\r$\nQuer instalar o Nectar mesmo assim? Enquanto o WebView2 faltar, ele só funciona na linha de comando."
${LangFileString} WebView2Failed "Não foi possível instalar o Microsoft Edge WebView2. Enquanto ele faltar, o Nectar só funciona na linha de comando.$\r$\n$\r$\nReinicie o notebook e depois este instalador."
${LangFileString} BringingWebView2 "Instalando o Microsoft Edge WebView2. Isso leva alguns minutos."
${LangFileString} Stopping "O Nectar está parando com segurança"
${LangFileString} Running "O Nectar ainda está aberto. Feche-o e escolha “Repetir”. As tarefas continuam depois."
${LangFileString} NotWritten "Não foi possível colocar o Nectar na pasta dele. Reinicie o notebook e depois este instalador."
${LangFileString} KeepData "O Nectar foi removido deste notebook. Quer manter seus canais, tarefas e configurações?$\r$\n$\r$\nEles estão em $LOCALAPPDATA\nectar. O Nectar os encontra de novo se você o instalar mais tarde."
${LangFileString} DeleteData "Todos os canais, tarefas e configurações do Nectar em $LOCALAPPDATA\nectar serão apagados. Não será possível recuperá-los."
