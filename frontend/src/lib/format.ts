/**
 * Numbers, sizes and times in the way of the reader's language. Everything
 * here is pure: the language and the present moment come in as arguments.
 */

const memo = new Map<string, unknown>()

/** Intl objects are dear to make and are asked for at every tick of a bar. */
function once<T>(key: string, make: () => T): T {
  const found = memo.get(key)
  if (found !== undefined) return found as T
  const made = make()
  memo.set(key, made)
  return made
}

/**
 * Arabic with the digits of Arabic, as the backend writes them; what "ar" alone
 * means differs from one web view to the next.
 */
function localeOf(language: string): string {
  return language === 'ar' ? 'ar-u-nu-arab' : language
}

function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return once(
    `n ${language} ${JSON.stringify(options)}`,
    () => new Intl.NumberFormat(localeOf(language), options),
  )
}

function dates(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(
    `d ${language} ${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(localeOf(language), options),
  )
}

export function formatNumber(language: string, value: number): string {
  return numbers(language, { maximumFractionDigits: 0 }).format(value)
}

export function formatPercent(language: string, fraction: number): string {
  return numbers(language, { style: 'percent', maximumFractionDigits: 0 }).format(fraction)
}

const scales = [
  { unit: 'byte', factor: 1 },
  { unit: 'kilobyte', factor: 1e3 },
  { unit: 'megabyte', factor: 1e6 },
  { unit: 'gigabyte', factor: 1e9 },
  { unit: 'terabyte', factor: 1e12 },
] as const

type Scale = (typeof scales)[number]

/** The unit in which a size, when rounded, has one to three digits before the point. */
function scaleOf(bytes: number): Scale {
  const thousandths = (factor: number) => Math.round((bytes / factor) * 1000)
  return scales.findLast(({ factor }) => thousandths(factor) >= 1000) ?? scales[0]
}

/** One decimal below ten, where it tells something; none above and for bytes. */
function decimals(bytes: number, { unit, factor }: Scale): number {
  return unit !== 'byte' && Math.round((bytes / factor) * 10) / 10 < 10 ? 1 : 0
}

/** A size in base ten, as drives and shops count it: "2.2 MB", "35 GB". */
export function formatSize(language: string, bytes: number): string {
  const scale = scaleOf(bytes)
  return numbers(language, {
    style: 'unit',
    unit: scale.unit,
    unitDisplay: scale.unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: decimals(bytes, scale),
  }).format(bytes / scale.factor)
}

/**
 * Part and whole in the whole's unit, for "1.2 of 3.4 GB". Both keep the same
 * number of decimals all the way, so that the line does not jiggle.
 */
export function formatSizePart(
  language: string,
  bytes: number,
  total: number,
): { part: string; whole: string } {
  const scale = scaleOf(total)
  const digits = scale.factor > 1 && total / scale.factor < 100 ? 1 : 0
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return {
    part: numbers(language, fixed).format(bytes / scale.factor),
    whole: formatSize(language, total),
  }
}

export type TimeLeft =
  | { unit: 'moment' }
  | { unit: 'minutes'; count: number }
  | { unit: 'hours'; count: number }
  | { unit: 'days' }

/**
 * How long something still takes, as coarse as it is sure: minutes up to ten,
 * then in steps of five, hours from one on, and past two days no number at all.
 */
export function roundTimeLeft(seconds: number): TimeLeft {
  if (seconds < 60) return { unit: 'moment' }
  const minutes = Math.round(seconds / 60)
  if (minutes <= 10) return { unit: 'minutes', count: minutes }
  const fives = Math.round(minutes / 5) * 5
  if (fives < 60) return { unit: 'minutes', count: fives }
  const hours = Math.round(minutes / 60)
  if (hours < 48) return { unit: 'hours', count: hours }
  return { unit: 'days' }
}

/** Whole days from now to the time, by the calendar: tomorrow is 1. */
function daysBetween(now: Date, time: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((midnight(time) - midnight(now)) / 86_400_000)
}

/** A time as people say it: "today 14:05", "in 12 minutes", "Tuesday 08:00", "3 Nov 2026"; to come "3 Nov 2026 08:00". */
export function formatTime(language: string, time: Date, now: Date): string {
  const ahead = Math.round((time.getTime() - now.getTime()) / 60_000)
  const relative = once(
    `r ${language}`,
    () => new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }),
  )
  if (ahead > 0 && ahead < 60) return relative.format(ahead, 'minute')
  const days = daysBetween(now, time)
  // One form of the clock for all: some languages write 9:05 beside a weekday as 09:05.
  const clock = dates(language, { timeStyle: 'short' }).format(time)
  if (Math.abs(days) <= 1) return `${relative.format(days, 'day')} ${clock}`
  if (Math.abs(days) < 7) return `${dates(language, { weekday: 'long' }).format(time)} ${clock}`
  const day = dates(language, { day: 'numeric', month: 'short', year: 'numeric' }).format(time)
  // What is past is told apart by its day; for what is to come people want to be there.
  return days < 0 ? day : `${day} ${clock}`
}

/** The exact time, for whoever points at the one that people say. */
export function formatExactTime(language: string, time: Date): string {
  return dates(language, { dateStyle: 'full', timeStyle: 'medium' }).format(time)
}

/** A day and its time, in the middle of a sentence: "3 Nov 2026, 08:00". */
export function formatMoment(language: string, time: Date): string {
  return dates(language, { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}

/** The clock alone with seconds, for the lines of a log. */
export function formatClock(language: string, time: Date): string {
  return dates(language, { timeStyle: 'medium' }).format(time)
}

/** A time of the day: "20:00", "8:00 PM". */
export function formatTimeOfDay(language: string, hour: number, minute: number): string {
  return dates(language, { timeStyle: 'short' }).format(new Date(2026, 0, 1, hour, minute))
}

/** The name of a day of the week; 0 is Sunday. */
export function formatWeekday(language: string, day: number): string {
  return dates(language, { weekday: 'long' }).format(new Date(2026, 0, 4 + day))
}

/** A day to choose: "Friday, 27 November". */
export function formatDay(language: string, day: Date): string {
  return dates(language, { weekday: 'long', day: 'numeric', month: 'long' }).format(day)
}

/** A day that is past, over what happened on it: "Today", "Yesterday", "Friday, 27 November", "3 January 2025". */
export function formatPastDay(language: string, day: Date, now: Date): string {
  const ahead = daysBetween(now, day)
  if (ahead >= -1 && ahead <= 0) {
    const near = formatNearDay(language, ahead)
    return near.charAt(0).toLocaleUpperCase(language) + near.slice(1)
  }
  return day.getFullYear() === now.getFullYear()
    ? formatDay(language, day)
    : dates(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(day)
}

/** Tomorrow is 1, as people say it: "today", "tomorrow". */
export function formatNearDay(language: string, ahead: number): string {
  const relative = once(
    `r ${language}`,
    () => new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }),
  )
  return relative.format(ahead, 'day')
}

/** "Monday, Tuesday and Friday" */
export function formatList(language: string, items: string[]): string {
  return once(
    `L ${language}`,
    () => new Intl.ListFormat(localeOf(language), { type: 'conjunction' }),
  ).format(items)
}

/** Between facts on one line. Beside the digits of Arabic a dot would read as another nought. */
export function between(language: string): string {
  return language === 'ar' ? '، ' : ' · '
}

/** Facts side by side on one line; those that are empty are left out. */
export function joinFacts(language: string, facts: string[]): string {
  return facts.filter((fact) => fact !== '').join(between(language))
}

/** How long something took: "48 seconds", "12 minutes", "3 hours 5 minutes". */
export function formatDuration(language: string, milliseconds: number): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day') =>
    numbers(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)
  const seconds = Math.max(1, Math.round(milliseconds / 1000))
  if (seconds < 60) return unit(seconds, 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  if (minutes >= 2880 && minutes % 1440 === 0) return unit(minutes / 1440, 'day')
  const parts = [unit(Math.floor(minutes / 60), 'hour')]
  if (minutes % 60 > 0) parts.push(unit(minutes % 60, 'minute'))
  return parts.join(' ')
}

/** The name of a language in the reader's own, or "" where there is none. */
export function formatLanguage(language: string, code: string): string {
  if (code === '') return ''
  try {
    const names = once(
      `l ${language}`,
      () => new Intl.DisplayNames(language, { type: 'language', fallback: 'code' }),
    )
    return names.of(code.replace('_', '-')) ?? code
  } catch {
    return code
  }
}
