import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as app from '@/api/app'
import type { Environment } from '@/api/types'
import { isLanguage, nearestLanguage } from '@/i18n/languages'
import type { Language } from '@/i18n/languages'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

/** How large the text is, in percent of what is usual. */
export const textSizes = [100, 115, 130, 150, 200] as const
export type TextSize = (typeof textSizes)[number]

// src/boot.js reads the same three names before the first paint.
const languageKey = 'nectar.language'
const themeKey = 'nectar.theme'
const textKey = 'nectar.text'

function isThemeChoice(value: string | null): value is ThemeChoice {
  return themeChoices.some((choice) => choice === value)
}

function nearestTextSize(percent: number): TextSize {
  return textSizes.find((size) => size === percent) ?? 100
}

/** How this person wants the window, remembered on this laptop, and what the backend says of itself. */
export const useSession = defineStore('session', () => {
  const saved = localStorage.getItem(languageKey) ?? ''
  const language = shallowRef<Language>(nearestLanguage(saved, ...navigator.languages))
  const savedTheme = localStorage.getItem(themeKey)
  const themeChoice = shallowRef<ThemeChoice>(isThemeChoice(savedTheme) ? savedTheme : 'system')
  const textSize = shallowRef(nearestTextSize(Number(localStorage.getItem(textKey))))
  const environment = shallowRef<Environment | null>(null)

  const media = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = shallowRef(media.matches)
  media.addEventListener('change', (event) => {
    systemIsDark.value = event.matches
  })
  const theme = computed(() =>
    themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value,
  )

  // The backend hears of one language after the other: of those that somebody goes through
  // with the arrow keys the last one counts, here and there.
  let told: Promise<unknown> = Promise.resolve()

  function tell(code: Language): Promise<void> {
    const telling = told.then(() => app.setLanguage(code))
    told = telling.catch(() => undefined)
    return telling
  }

  /** Asks the backend who it is; the language is the person's own choice, or else the backend's. */
  async function open(): Promise<void> {
    environment.value = await app.readEnvironment()
    if (!isLanguage(saved)) language.value = nearestLanguage(environment.value.language)
    await tell(language.value)
  }

  async function chooseLanguage(code: Language): Promise<void> {
    localStorage.setItem(languageKey, code)
    await tell(code)
    language.value = code
  }

  function chooseTheme(choice: ThemeChoice): void {
    localStorage.setItem(themeKey, choice)
    themeChoice.value = choice
  }

  /** Makes what the system shows of the window match, now and at the next start. */
  function showTheme(): Promise<void> {
    return app.showDark(theme.value === 'dark')
  }

  function chooseTextSize(percent: number): void {
    textSize.value = nearestTextSize(percent)
    localStorage.setItem(textKey, String(textSize.value))
  }

  return {
    language,
    themeChoice,
    theme,
    textSize,
    environment,
    open,
    chooseLanguage,
    chooseTheme,
    showTheme,
    chooseTextSize,
  }
})
