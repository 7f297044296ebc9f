import { createI18n } from 'vue-i18n'
import type { Composer } from 'vue-i18n'
import en from './en.json'
import { languageCodes } from './languages'
import type { Language } from './languages'

const order: Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other']

/**
 * Chooses among "one | other", in French "one | many | other" or, in Arabic,
 * all six forms by the rules of the language itself. The forms stand in the
 * order zero, one, two, few, many, other. An older web view may not know the
 * form for millions; the last form is the one for everything else all the same.
 */
export function pluralRule(language: Language): (choice: number, forms: number) => number {
  const rules = new Intl.PluralRules(language)
  const known = order.filter((form) => rules.resolvedOptions().pluralCategories.includes(form))
  return (choice, forms) => {
    const form = rules.select(choice)
    return form === 'other' ? forms - 1 : Math.min(known.indexOf(form), forms - 1)
  }
}

/** Texts by key; a test holds that all languages have the keys of English. */
export type Texts = { [key: string]: string | Texts }

const rest = import.meta.glob<Texts>(['./*.json', '!./en.json'], { import: 'default' })

// English is there from the start, since it also fills what another language lacks.
export function createWords() {
  return createI18n({
    legacy: false,
    locale: 'en',
    fallbackLocale: 'en',
    messages: { en },
    pluralRules: Object.fromEntries(languageCodes.map((code) => [code, pluralRule(code)])),
  })
}

type Words = Pick<Composer, 'availableLocales' | 'locale' | 'setLocaleMessage'>

const wishes = new WeakMap<Words, Language>()

/** Loads what is needed of a language and switches to it, unless another one was wished for meanwhile. */
export async function speak(words: Words, language: Language): Promise<void> {
  wishes.set(words, language)
  const load = rest[`./${language}.json`]
  if (load && !words.availableLocales.includes(language)) {
    words.setLocaleMessage(language, await load())
  }
  if (wishes.get(words) === language) words.locale.value = language
}
