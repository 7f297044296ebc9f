; Swahili, which NSIS does not have: those of its texts that this installer shows.

!insertmacro LANGFILE "Swahili" = "Kiswahili" =

!ifdef MUI_DIRECTORYPAGE
  ${LangFileString} MUI_TEXT_DIRECTORY_TITLE "Chagua Mahali pa Kusakinisha"
  ${LangFileString} MUI_TEXT_DIRECTORY_SUBTITLE "Chagua folda ambayo $(^NameDA) itasakinishwa."
!endif

!ifdef MUI_INSTFILESPAGE
  ${LangFileString} MUI_TEXT_INSTALLING_TITLE "Inasakinisha"
  ${LangFileString} MUI_TEXT_INSTALLING_SUBTITLE "Tafadhali subiri wakati $(^NameDA) inasakinishwa."
  ${LangFileString} MUI_TEXT_FINISH_TITLE "Usakinishaji Umekamilika"
  ${LangFileString} MUI_TEXT_FINISH_SUBTITLE "Usakinishaji umefanikiwa."
  ${LangFileString} MUI_TEXT_ABORT_TITLE "Usakinishaji Umesimamishwa"
  ${LangFileString} MUI_TEXT_ABORT_SUBTITLE "Usakinishaji haukukamilika."
!endif

!ifdef MUI_UNINSTFILESPAGE
  ${LangFileString} MUI_UNTEXT_UNINSTALLING_TITLE "Inaondoa"
  ${LangFileString} MUI_UNTEXT_UNINSTALLING_SUBTITLE "Tafadhali subiri wakati $(^NameDA) inaondolewa."
  ${LangFileString} MUI_UNTEXT_FINISH_TITLE "Uondoaji Umekamilika"
  ${LangFileString} MUI_UNTEXT_FINISH_SUBTITLE "Uondoaji umefanikiwa."
  ${LangFileString} MUI_UNTEXT_ABORT_TITLE "Uondoaji Umesimamishwa"
  ${LangFileString} MUI_UNTEXT_ABORT_SUBTITLE "Uondoaji haukukamilika."
!endif

!ifdef MUI_FINISHPAGE
  ${LangFileString} MUI_TEXT_FINISH_INFO_TITLE "Usakinishaji wa $(^NameDA) umekamilika"
  ${LangFileString} MUI_TEXT_FINISH_INFO_TEXT "$(^NameDA) imesakinishwa kwenye kompyuta yako.$\r$\n$\r$\nBonyeza Maliza ili kufunga."
  ${LangFileString} MUI_TEXT_FINISH_INFO_REBOOT "Kompyuta yako lazima iwashwe upya ili kukamilisha usakinishaji wa $(^NameDA). Je, unataka kuiwasha upya sasa?"
!endif

!ifdef MUI_FINISHPAGE | MUI_UNFINISHPAGE
  ${LangFileString} MUI_TEXT_FINISH_REBOOTNOW "Washa upya sasa"
  ${LangFileString} MUI_TEXT_FINISH_REBOOTLATER "Nitaiwasha upya mwenyewe baadaye"
  ${LangFileString} MUI_TEXT_FINISH_RUN "&Fungua $(^NameDA)"
  ${LangFileString} MUI_TEXT_FINISH_SHOWREADME "&Onyesha maelezo"
  ${LangFileString} MUI_BUTTONTEXT_FINISH "&Maliza"
!endif

!ifdef MUI_UNCONFIRMPAGE
  ${LangFileString} MUI_UNTEXT_CONFIRM_TITLE "Ondoa $(^NameDA)"
  ${LangFileString} MUI_UNTEXT_CONFIRM_SUBTITLE "Ondoa $(^NameDA) kwenye kompyuta yako."
!endif
