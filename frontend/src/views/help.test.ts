import { beforeEach, describe, expect, test, vi } from 'vitest'
import { guides } from 'virtual:guide'
import type { Chapter } from 'virtual:guide'
import { createWords, speak } from '@/i18n'
import { languageCodes } from '@/i18n/languages'
import type { Language } from '@/i18n/languages'
import { shortcuts } from '@/lib/shortcuts'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function press(key: string, more: KeyboardEventInit = {}) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }))
  return settle()
}

describe('Help', () => {
  test('lists the chapters of the guide, every key, and what this Nectar is', async () => {
    const page = await openWindow('/help')
    await shown(page, 'chapter')
    expect(page.findAll('[data-testid=chapter]')).toHaveLength((await read('en')).length)
    const keys = Object.values(shortcuts).flatMap((table) => Object.keys(table))
    expect(page.findAll('[data-testid=shortcut]')).toHaveLength(keys.length)
    expect(page.text()).not.toMatch(/shortcut\.|key\./)
    expect(page.get('[data-testid=version]').text()).not.toBe('')
    expect(await violations()).toEqual([])
  })

  test('names keys that are pressed together, and each of several ways', async () => {
    const page = await openWindow('/help')
    const search = page
      .findAll('[data-testid=shortcut]')
      .find((row) => row.get('dt').text() === 'Search')
    expect(search?.get('dd').text().replaceAll(/\s+/g, '')).toBe('Ctrl+For/')
  })

  test('is a key away from everywhere, and so are the settings', async () => {
    const page = await openWindow('/jobs')
    await press('F1')
    await shown(page, 'chapter')
    await press(',', { ctrlKey: true })
    await shown(page, 'open-backups')
  })

  test('writes the report for whoever helps', async () => {
    backend.world.folder = '/home/amina/report.zip'
    const page = await openWindow('/help')
    await page.get('[data-testid=diagnose]').trigger('click')
    await settle()
    expect(backend.calls.findLast(({ name }) => name === 'Device.Diagnose')?.args).toEqual([
      '/home/amina/report.zip',
    ])
  })

  test('has the licence of everything that is in the program', async () => {
    const page = await openWindow('/help/licences')
    const parts = page.findAll('[data-testid=licence]')
    const names = parts.map((part) => part.get('summary bdi').text())
    expect(names).toEqual(expect.arrayContaining(['Nectar', 'go', 'vue', 'vuetify']))
    for (const part of parts) expect(part.get('pre').text().length).toBeGreaterThan(10)
    expect(await violations()).toEqual([])
  })
})

/** The chapters of the guide in a language, in one line each. */
async function read(language: string): Promise<Chapter[]> {
  const { chapters } = (await guides[language]?.()) ?? { chapters: [] }
  return chapters.map((chapter) => ({ ...chapter, html: chapter.html.replaceAll(/\s+/g, ' ') }))
}

/** The texts of the window in a language, by key. */
function wordsOf(words: ReturnType<typeof createWords>['global'], language: Language) {
  const found = new Map<string, string>()
  const gather = (texts: object, at: string) => {
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text === 'string') found.set(at + key, text)
      else gather(text as object, `${at}${key}.`)
    }
  }
  gather(words.getLocaleMessage(language), '')
  return found
}

describe('the guide', () => {
  test('is there without the network, a chapter a page, with the next one at its end', async () => {
    const page = await openWindow('/help/guide/the-first-time')
    await shown(page, 'guide')
    expect(page.get('h1').text()).toBe('The first time')
    expect(page.get('[data-testid=guide]').text()).toContain('Where the channels live')
    expect(await violations()).toEqual([])
    await page.get('[data-testid=guide-after]').trigger('click')
    await vi.waitFor(
      () => {
        expect(page.get('h1').text()).toBe('Bring a channel from a drive')
      },
      { timeout: 60_000 },
    )
  })

  test('is in the language of the window', async () => {
    localStorage.setItem('nectar.language', 'ar')
    const page = await openWindow('/help/guide/the-first-time')
    await shown(page, 'guide')
    expect(page.get('h1').text()).toBe('المرة الأولى')
    expect(page.get('[data-testid=guide]').text()).toContain('أين تعيش القنوات')
    expect(await violations()).toEqual([])
  })

  test.each(languageCodes)('says in %s all that it says in English', async (language) => {
    const [ours, english] = [await read(language), await read('en')]
    const shape = ({ name, html }: Chapter) => ({
      name,
      parts: [...html.matchAll(/<(p|li|tr|code)[> ]/g)].map(([, tag]) => tag).sort(),
    })
    expect(ours.map(shape)).toEqual(english.map(shape))
    if (language === 'en') return
    for (const { title } of ours) expect(english.map((other) => other.title)).not.toContain(title)
  })

  test.each(languageCodes)('calls what is pressed in %s as the window does', async (language) => {
    const words = createWords().global
    await speak(words, language)
    const [texts, english] = [wordsOf(words, language), wordsOf(words, 'en')]
    const [ours, theirs] = [await read(language), await read('en')]
    const missed = theirs.flatMap((chapter, at) =>
      [...chapter.html.matchAll(/<strong>([^<]+)<\/strong>/g)].filter(([, label]) => {
        const keys = [...english].filter(([, text]) => text === label).map(([key]) => key)
        const named = keys.map((key) => `<strong>${texts.get(key) ?? ''}</strong>`)
        return keys.length > 0 && !named.some((name) => ours[at]?.html.includes(name))
      }),
    )
    expect(missed.map(([label]) => label)).toEqual([])
  })

  test('leads nowhere outside the window, and its links lead to chapters that are there', async () => {
    const chapters = (await Promise.all(languageCodes.map(async (code) => read(code)))).flat()
    const html = chapters.map((chapter) => chapter.html).join('')
    expect(html).not.toMatch(/<img|<script|https?:\/\//)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to ?? '')
    const pages = chapters.map(({ name }) => `#/help/guide/${name}`)
    expect(links.filter((link) => !pages.includes(link))).toEqual([])
    expect(chapters.length).toBeGreaterThan(10)
  })

  test('says so where there is no such chapter', async () => {
    const page = await openWindow('/help/guide/nothing')
    expect(page.text()).toContain('There is no such chapter')
    expect(await violations()).toEqual([])
  })
})
