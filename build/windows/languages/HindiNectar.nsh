; What the installer says beside what NSIS does.
!insertmacro LANGFILE_EXT Hindi
${LangFileString} DesktopIcon "डेस्कटॉप पर आइकन रखें"
${LangFileString} Purpose "बिना इंटरनेट वाले लैपटॉप पर Kolibri चैनल लाता है"
${LangFileString} OtherWindows "Nectar को 64-बिट Windows 10 या 11 चाहिए। कुछ भी इंस्टॉल नहीं किया गया।"
${LangFileString} Newer "Nectar $0 पहले से इंस्टॉल है। यह पुराना संस्करण ${VERSION} है, जो शायद नए संस्करण का सहेजा हुआ न खोल पाए।$\r$\n$\r$\nक्या आप फिर भी पुराना संस्करण इंस्टॉल करना चाहते हैं?"
${LangFileString} NoWebView2 "इस लैपटॉप पर Microsoft Edge WebView2 नहीं है। Nectar को अपनी विंडो दिखाने के लिए इसकी ज़रूरत है।$\r$\n$\r$\nNectar का एक बड़ा इंस्टॉलर है जो इसे साथ लाता है और जिसे इंटरनेट नहीं चाहिए। उसका नाम “with-webview2” पर समाप्त होता है।$\r$\n$\r$\nक्या आप फिर भी Nectar इंस्टॉल करना चाहते हैं? WebView2 के बिना यह केवल कमांड लाइन से चलता है।"
${LangFileString} WebView2Failed "Microsoft Edge WebView2 इंस्टॉल नहीं हो सका। उसके बिना Nectar केवल कमांड लाइन से चलता है।$\r$\n$\r$\nलैपटॉप को फिर से चालू करें, फिर यह इंस्टॉलर चलाएँ।"
${LangFileString} BringingWebView2 "Microsoft Edge WebView2 इंस्टॉल हो रहा है। इसमें कुछ मिनट लगते हैं।"
${LangFileString} Stopping "Nectar को सुरक्षित रूप से रोका जा रहा है"
${LangFileString} Running "Nectar अभी चल रहा है। उसे बंद करें, फिर “पुनः प्रयास” चुनें। उसके काम बाद में आगे बढ़ेंगे।"
${LangFileString} NotWritten "Nectar को उसके फ़ोल्डर में नहीं रखा जा सका। लैपटॉप को फिर से चालू करें, फिर यह इंस्टॉलर चलाएँ।"
${LangFileString} KeepData "Nectar इस लैपटॉप से हटा दिया गया है। क्या आप अपने चैनल, काम और सेटिंग रखना चाहते हैं?$\r$\n$\r$\nवे $LOCALAPPDATA\nectar में हैं। बाद में Nectar इंस्टॉल करने पर वह उन्हें फिर पा लेगा।"
${LangFileString} DeleteData "$LOCALAPPDATA\nectar में Nectar के सभी चैनल, काम और सेटिंग मिटा दी जाएँगी। उन्हें वापस नहीं लाया जा सकता।"
