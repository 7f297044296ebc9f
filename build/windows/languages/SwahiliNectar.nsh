; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT Swahili
${LangFileString} DesktopIcon "Weka ikoni kwenye eneokazi"
${LangFileString} Purpose "Huleta chaneli za Kolibri kwenye kompyuta zisizo na intaneti"
${LangFileString} OtherWindows "Nectar inahitaji Windows 10 au 11 ya biti 64. Hakuna kilichosakinishwa."
${LangFileString} Newer "Nectar $0 tayari imesakinishwa. Hili ni toleo la zamani ${VERSION}, ambalo huenda lisiweze kufungua kilichohifadhiwa na toleo jipya.$\r$\n$\r$\nJe, unataka kusakinisha toleo la zamani hata hivyo?"
${LangFileString} NoWebView2 "Microsoft Edge WebView2 haipo kwenye kompyuta hii. Nectar inaihitaji ili kuonyesha dirisha lake.$\r$\n$\r$\nKuna kisakinishi kikubwa zaidi cha Nectar kinachokuja nayo na hakihitaji intaneti. Jina lake linaishia na “with-webview2”.$\r$\n$\r$\nJe, unataka kusakinisha Nectar hata hivyo? Bila WebView2 inafanya kazi kwa mstari wa amri tu."
${LangFileString} WebView2Failed "Microsoft Edge WebView2 haikuweza kusakinishwa. Bila hiyo Nectar inafanya kazi kwa mstari wa amri tu.$\r$\n$\r$\nWasha kompyuta upya, kisha anzisha kisakinishi hiki tena."
${LangFileString} BringingWebView2 "Inasakinisha Microsoft Edge WebView2. Inachukua dakika chache."
${LangFileString} Stopping "Nectar inasimamishwa kwa usalama"
${LangFileString} Running "Nectar bado inaendelea. Tafadhali ifunge, kisha chagua “Retry” (Jaribu tena). Kazi zake zitaendelea baadaye."
${LangFileString} NotWritten "Nectar haikuweza kuwekwa kwenye folda yake. Washa kompyuta upya, kisha anzisha kisakinishi hiki tena."
${LangFileString} KeepData "Nectar imeondolewa kwenye kompyuta hii. Je, unataka kubaki na chaneli, kazi na mipangilio yako?$\r$\n$\r$\nZipo katika $LOCALAPPDATA\nectar. Nectar itazipata tena ukiisakinisha baadaye."
${LangFileString} DeleteData "Chaneli, kazi na mipangilio yote ya Nectar katika $LOCALAPPDATA\nectar itafutwa. Haiwezi kurudishwa."
