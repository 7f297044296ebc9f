; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT French
${LangFileString} DesktopIcon "Placer une icône sur le bureau"
${LangFileString} Purpose "Apporte les chaînes Kolibri sur des ordinateurs sans Internet"
${LangFileString} OtherWindows "Nectar a besoin de Windows 10 ou 11 en 64 bits. Rien n’a été installé."
${LangFileString} Newer "Nectar $0 est déjà installé. Ceci est la version ${VERSION}, plus ancienne, qui ne pourra peut-être pas ouvrir ce que la plus récente a enregistré.$\r$\n$\r$\nVoulez-vous quand même installer l’ancienne version ?"
${LangFileString} NoWebView2 "Microsoft Edge WebView2 manque sur cet ordinateur. Nectar en a besoin pour afficher sa fenêtre.$\r$\n$\r$\nIl existe un installateur de Nectar plus volumineux qui l’apporte et n’a pas besoin d’Internet. Son nom finit par « with-webview2 ».$\r$\n$\r$\nVoulez-vous quand même installer Nectar ? Tant que WebView2 manque, il ne fonctionne qu’en ligne de commande."
${LangFileString} WebView2Failed "Microsoft Edge WebView2 n’a pas pu être installé. Tant qu’il manque, Nectar ne fonctionne qu’en ligne de commande.$\r$\n$\r$\nRedémarrez l’ordinateur, puis lancez de nouveau cet installateur."
${LangFileString} BringingWebView2 "Installation de Microsoft Edge WebView2. Cela prend quelques minutes."
${LangFileString} Stopping "Nectar s’arrête en sécurité"
${LangFileString} Running "Nectar fonctionne encore. Fermez-le, puis choisissez « Réessayer ». Ses tâches continueront ensuite."
${LangFileString} NotWritten "Nectar n’a pas pu être placé dans son dossier. Redémarrez l’ordinateur, puis lancez de nouveau cet installateur."
${LangFileString} KeepData "Nectar a été retiré de cet ordinateur. Voulez-vous garder vos chaînes, vos tâches et vos réglages ?$\r$\n$\r$\nIls sont dans $LOCALAPPDATA\nectar. Nectar les retrouvera si vous l’installez plus tard."
${LangFileString} DeleteData "Toutes les chaînes, tâches et réglages de Nectar dans $LOCALAPPDATA\nectar seront supprimés. Il n’y aura aucun moyen de les récupérer."
