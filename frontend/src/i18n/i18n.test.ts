import { describe, expect, test } from 'vitest'
import en from './en.json'
import { createWords, pluralRule, speak } from './index'
import type { Texts } from './index'
import { languageCodes, nearestLanguage } from './languages'
import type { Language } from './languages'

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, text]): [string, string][] =>
      typeof text === 'string' ? [[prefix + key, text]] : [...flatten(text, `${prefix}${key}.`)],
    ),
  )
}

const english = flatten(en)
const files = import.meta.glob<Texts>('./*.json', { import: 'default', eager: true })
/** How many forms a text with a number has; three where millions have their own. */
const forms: Record<Language, number> = {
  en: 2,
  fr: 3,
  es: 3,
  pt: 3,
  de: 2,
  sw: 2,
  hi: 2,
  ar: 6,
}
const names = (text: string) => new Set(text.match(/\{\w+\}/g))

test('every language that can be chosen has a file, and every file can be chosen', () => {
  expect(Object.keys(files).toSorted()).toEqual(
    languageCodes.map((code) => `./${code}.json`).toSorted(),
  )
})

describe.each(languageCodes)('the texts in %s', (language) => {
  const texts = flatten(files[`./${language}.json`] ?? {})

  test('have the keys that English has', () => {
    expect([...texts.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })

  test('have every plural form that the language knows', () => {
    for (const [key, text] of texts) {
      const isCounted = english.get(key)?.includes(' | ')
      expect([key, text.split(' | ').length]).toEqual([key, isCounted ? forms[language] : 1])
    }
  })

  test('name the same values, of which only a count may be left out', () => {
    for (const [key, text] of texts) {
      const wanted = names(english.get(key) ?? '')
      const given = names(text)
      wanted.delete('{n}')
      given.delete('{n}')
      expect([key, given]).toEqual([key, wanted])
    }
  })
})

const sources = import.meta.glob<string>('../**/*.{vue,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

test('every text that the window asks for by name is there', () => {
  const asked = Object.entries(sources)
    .filter(([file]) => !file.endsWith('.test.ts'))
    .flatMap(([, source]) => [...source.matchAll(/\b(?:t|count)\(\s*'([a-zA-Z]+\.[\w.]+)'/g)])
    .map(([, key]) => key ?? '')
  expect(asked.length).toBeGreaterThan(50)
  expect(asked.filter((key) => !english.has(key))).toEqual([])
})

/** What stands in the code as a key, and what it makes keys of: `job.state.${state}`. */
function keysAsked(): (key: string) => boolean {
  const code = Object.entries(sources)
    .filter(([file]) => !/\.test\.ts$|\/test\//.test(file))
    .map(([, source]) => source)
    .join('\n')
  const whole = new Set([...code.matchAll(/'([a-zA-Z]\w*(?:\.\w+)+)'/g)].map(([, key]) => key))
  const made = [...code.matchAll(/`([a-zA-Z][\w.]*\.(?:\w|\$\{[^}]*\}|\.)*)`/g)]
    .map(([, pattern]) => pattern ?? '')
    .filter((pattern) => pattern.includes('${'))
    .map((pattern) => pattern.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '\\w+'))
    .map((pattern) => new RegExp(`^${pattern}$`))
  return (key) => whole.has(key) || made.some((pattern) => pattern.test(key))
}

test('nothing is written that the window never asks for', () => {
  const asked = keysAsked()
  expect([...english.keys()].filter((key) => !asked(key))).toEqual([])
})

test('Arabic has a form of its own for none, one, two, a few, many and hundreds', () => {
  const rule = pluralRule('ar')
  expect([0, 1, 2, 5, 20, 100].map((count) => rule(count, 6))).toEqual([0, 1, 2, 3, 4, 5])
})

test('French has a form of its own for one, for others and for whole millions', () => {
  const rule = pluralRule('fr')
  expect([0, 1, 2, 1_000_000].map((count) => rule(count, 3))).toEqual([0, 0, 2, 1])
})

test('a change of language changes the words', async () => {
  const words = createWords()
  await speak(words.global, 'ar')
  expect(words.global.t('amount.channels', { n: '2' }, 2)).toBe('قناتان')
  await speak(words.global, 'de')
  expect(words.global.t('amount.channels', { n: '2' }, 2)).toBe('2 Kanäle')
})

test('of languages that follow each other quickly the last one counts, however long one takes to load', async () => {
  const words = createWords()
  const first = speak(words.global, 'sw')
  await speak(words.global, 'en')
  await first
  expect(words.global.locale.value).toBe('en')
})

test('a wish for a language that we do not have falls to the next one, and last to English', () => {
  expect(nearestLanguage('ar_EG')).toBe('ar')
  expect(nearestLanguage('ja', 'de-AT')).toBe('de')
  expect(nearestLanguage('ja')).toBe('en')
})
