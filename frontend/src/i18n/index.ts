import { createI18n } from 'vue-i18n'
import en from './en.json'
import { languageCodes } from './languages'
import type { Language } from './languages'

const order: Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other']

/**
 * Chooses among "one | other" or, in Arabic, all six forms by the rules of the
 * language itself. The forms stand in the order zero, one, two, few, many, other.
 */
export function pluralRule(language: Language): (choice: number, forms: number) => number {
  const rules = new Intl.PluralRules(language)
  const known = order.filter((form) => rules.resolvedOptions().pluralCategories.includes(form))
  return (choice, forms) => Math.min(known.indexOf(rules.select(choice)), forms - 1)
}

const rest = import.meta.glob<typeof en>(['./*.json', '!./en.json'], { import: 'default' })

// English is there from the start, since it also fills what another language lacks.
export function createWords() {
  return createI18n({
    legacy: false,
    locale: 'en' as Language,
    fallbackLocale: 'en' as Language,
    messages: { en } as Record<Language, typeof en>,
    pluralRules: Object.fromEntries(languageCodes.map((code) => [code, pluralRule(code)])),
  })
}

export type Words = ReturnType<typeof createWords>

/** Loads what is needed and switches; the document follows in language and direction. */
export async function speak(words: Words, language: Language): Promise<void> {
  const load = rest[`./${language}.json`]
  if (load && !words.global.availableLocales.includes(language)) {
    words.global.setLocaleMessage(language, await load())
  }
  words.global.locale.value = language
}
