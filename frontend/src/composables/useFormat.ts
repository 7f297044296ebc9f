import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import * as format from '@/lib/format'

/** By all texts of a language, those without a value in them: rows ask for them again at every tick. */
const known = new WeakMap<object, Map<string, string>>()

/** The words and numbers of the present language, for templates. */
export function useFormat() {
  const { t: translate, locale, ...words } = useI18n()
  const language = computed(() => locale.value)

  function t(key: string, named?: Record<string, unknown>): string {
    return named ? translate(key, named) : plain(key)
  }

  function plain(key: string): string {
    const texts = words.getLocaleMessage(locale.value)
    const said = known.get(texts) ?? new Map<string, string>()
    known.set(texts, said)
    const text = said.get(key) ?? translate(key)
    said.set(key, text)
    return text
  }

  /** A text with a count in it, in the plural form and the digits of the language. */
  function count(key: string, n: number, named: Record<string, unknown> = {}): string {
    return translate(key, { n: format.formatNumber(language.value, n), ...named }, n)
  }

  function number(value: number): string {
    return format.formatNumber(language.value, value)
  }

  function size(bytes: number): string {
    return format.formatSize(language.value, bytes)
  }

  /** "1.2 of 3.4 GB" */
  function sizePart(bytes: number, total: number): string {
    return t('amount.part', format.formatSizePart(language.value, bytes, total))
  }

  function timeLeft(seconds: number): string {
    const left = format.roundTimeLeft(seconds)
    return 'count' in left ? count(`left.${left.unit}`, left.count) : t(`left.${left.unit}`)
  }

  /** What people call a plugin, or the queue of its jobs; what it calls itself where nobody has a name for it. */
  function pluginName(plugin: string): string {
    const key = `plugin.${plugin}`
    return words.te(key) ? t(key) : plugin
  }

  return {
    t,
    te: (key: string) => words.te(key),
    pluginName,
    language,
    count,
    number,
    size,
    sizePart,
    timeLeft,
    join: (...facts: string[]) => format.joinFacts(language.value, facts),
    /** What stands between facts that are more than text. */
    between: computed(() => format.between(language.value)),
    percent: (fraction: number) => format.formatPercent(language.value, fraction),
    time: (time: Date, now: Date) => format.formatTime(language.value, time, now),
    pastDay: (day: Date, now: Date) => format.formatPastDay(language.value, day, now),
    exactTime: (time: Date) => format.formatExactTime(language.value, time),
    moment: (time: Date) => format.formatMoment(language.value, time),
    clock: (time: Date) => format.formatClock(language.value, time),
    duration: (milliseconds: number) => format.formatDuration(language.value, milliseconds),
    languageName: (code: string) => format.formatLanguage(language.value, code),
  }
}
