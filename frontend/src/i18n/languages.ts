/** The languages of the window, under the names that their readers give them. */
export const languages = {
  en: 'English',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  de: 'Deutsch',
  sw: 'Kiswahili',
  hi: 'हिन्दी',
  ar: 'العربية',
} as const

export type Language = keyof typeof languages

export const languageCodes = Object.keys(languages) as Language[]

export function isLanguage(code: string): code is Language {
  return code in languages
}

/** The nearest of our languages for a wish such as "de-AT" or "ar_EG". */
export function nearestLanguage(...wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const [code = ''] = wish.toLowerCase().split(/[-_]/)
    if (isLanguage(code)) return code
  }
  return 'en'
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}
