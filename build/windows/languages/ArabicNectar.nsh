; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT Arabic
${LangFileString} DesktopIcon "وضع أيقونة على سطح المكتب"
${LangFileString} Purpose "يجلب قنوات Kolibri إلى الحواسيب من دون إنترنت"
${LangFileString} OtherWindows "يحتاج Nectar إلى Windows 10 أو 11 بنظام 64 بت. لم يُثبَّت شيء."
${LangFileString} Newer "‏Nectar $0 مثبّت مسبقًا. هذا هو الإصدار الأقدم ${VERSION}، وقد لا يستطيع فتح ما حفظه الإصدار الأحدث.$\r$\n$\r$\nهل تريد تثبيت الإصدار الأقدم رغم ذلك؟"
${LangFileString} NoWebView2 "لا يوجد Microsoft Edge WebView2 على هذا الحاسوب. يحتاج إليه Nectar لعرض نافذته.$\r$\n$\r$\nيوجد برنامج تثبيت أكبر لـ Nectar يتضمنه ولا يحتاج إلى الإنترنت، وينتهي اسمه بـ «with-webview2».$\r$\n$\r$\nهل تريد تثبيت Nectar رغم ذلك؟ سيعمل من سطر الأوامر فقط إلى أن يتوفر WebView2."
${LangFileString} WebView2Failed "تعذّر تثبيت Microsoft Edge WebView2. إلى أن يُثبَّت يعمل Nectar من سطر الأوامر فقط.$\r$\n$\r$\nأعد تشغيل الحاسوب ثم شغّل برنامج التثبيت هذا مرة أخرى."
${LangFileString} BringingWebView2 "يجري تثبيت Microsoft Edge WebView2. يستغرق ذلك بضع دقائق."
${LangFileString} Stopping "يجري إيقاف Nectar بأمان"
${LangFileString} Running "لا يزال Nectar يعمل. أغلقه ثم اختر «إعادة المحاولة». ستستمر مهامه بعد ذلك."
${LangFileString} NotWritten "تعذّر وضع Nectar في مجلده. أعد تشغيل الحاسوب ثم شغّل برنامج التثبيت هذا مرة أخرى."
${LangFileString} KeepData "أُزيل Nectar من هذا الحاسوب. هل تريد الاحتفاظ بقنواتك ومهامك وإعداداتك؟$\r$\n$\r$\nتوجد في $LOCALAPPDATA\nectar، ويجدها Nectar إذا ثبّته لاحقًا."
${LangFileString} DeleteData "ستُحذف جميع قنوات Nectar ومهامه وإعداداته من $LOCALAPPDATA\nectar، ولا يمكن استعادتها."
