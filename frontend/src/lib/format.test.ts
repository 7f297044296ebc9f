import { describe, expect, test } from 'vitest'
import {
  formatDuration,
  formatLanguage,
  formatSize,
  formatSizePart,
  formatTime,
  joinFacts,
  roundTimeLeft,
} from './format'

test.each([
  ['en', ['3 jobs', '', '4 MB'], '3 jobs · 4 MB'],
  ['ar', ['فشلت', 'القرص ممتلئ'], 'فشلت، القرص ممتلئ'],
  ['ar', ['٣ مهام', '', '٤ م.ب'], '٣ مهام، ٤ م.ب'],
])('in %s, facts stand side by side', (language, facts, line) => {
  expect(joinFacts(language, facts)).toBe(line)
})

describe('a size', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [2_200_000, '2.2 MB'],
    [9_960_000, '10 MB'],
    [35_000_000_000, '35 GB'],
    [999_960_000, '1 GB'],
    [1_250_000_000_000, '1.3 TB'],
  ])('of %d bytes is %s', (bytes, words) => {
    expect(formatSize('en', bytes)).toBe(words)
  })

  test('has the separators of the reader', () => {
    expect(formatSize('de', 2_200_000)).toBe('2,2 MB')
  })

  test('of a part is told in the unit of the whole', () => {
    expect(formatSizePart('en', 1.2e9, 3.4e9)).toEqual({ part: '1.2', whole: '3.4 GB' })
    expect(formatSizePart('en', 4e6, 3.4e9)).toEqual({ part: '0.0', whole: '3.4 GB' })
    expect(formatSizePart('en', 100, 340)).toEqual({ part: '100', whole: '340 bytes' })
  })

  test('keeps its decimals while it grows, so that nothing jiggles', () => {
    const parts = [0.95e9, 1e9, 1.05e9].map((bytes) => formatSizePart('en', bytes, 35e9).part)
    expect(parts.every((part) => /^\d\.\d$/.test(part))).toBe(true)
  })
})

describe('the time left', () => {
  test.each([
    [3, { unit: 'moment' }],
    [59, { unit: 'moment' }],
    [60, { unit: 'minutes', count: 1 }],
    [122, { unit: 'minutes', count: 2 }],
    [11.4 * 60, { unit: 'minutes', count: 10 }],
    [19 * 60, { unit: 'minutes', count: 20 }],
    [58 * 60, { unit: 'hours', count: 1 }],
    [100 * 60, { unit: 'hours', count: 2 }],
    [60 * 3600, { unit: 'days' }],
  ])('of %d seconds is rounded to what it means', (seconds, left) => {
    expect(roundTimeLeft(seconds)).toEqual(left)
  })
})

describe('a time', () => {
  const now = new Date(2026, 10, 23, 14, 30)

  test('of this day is told by the clock', () => {
    expect(formatTime('en-GB', new Date(2026, 10, 23, 14, 5), now)).toBe('today 14:05')
    expect(formatTime('de', new Date(2026, 10, 23, 14, 5), now)).toBe('heute 14:05')
  })

  test('just past midnight is yesterday, however few hours ago', () => {
    const early = new Date(2026, 10, 23, 0, 10)
    expect(formatTime('en-GB', new Date(2026, 10, 22, 23, 50), early)).toBe('yesterday 23:50')
  })

  test('that comes within the hour is told in minutes', () => {
    expect(formatTime('en', new Date(2026, 10, 23, 14, 42), now)).toBe('in 12 minutes')
  })

  test('of the same week has a weekday, an older one a date', () => {
    expect(formatTime('en-GB', new Date(2026, 10, 20, 8, 0), now)).toMatch(/^Friday,? (at )?08:00$/)
    expect(formatTime('en-GB', new Date(2026, 1, 3, 8, 0), now)).toBe('3 Feb 2026')
  })

  test('that is weeks ahead has a date and its clock', () => {
    const said = (language: string) => formatTime(language, new Date(2027, 0, 4, 6, 30), now)
    expect(said('en-GB')).toBe('4 Jan 2027 06:30')
    expect(said('de')).toBe('4. Jan. 2027 06:30')
  })

  test('has the same clock beside a weekday as beside today', () => {
    for (const language of ['en', 'fr', 'es', 'pt', 'de', 'sw', 'hi', 'ar']) {
      const [today, friday] = [23, 20].map((day) =>
        formatTime(language, new Date(2026, 10, day, 9, 5), now)
          .split(' ')
          .at(-1),
      )
      expect([language, friday]).toEqual([language, today])
    }
  })
})

describe('a duration', () => {
  test.each([
    [200, '1 second'],
    [48_000, '48 seconds'],
    [12 * 60_000, '12 minutes'],
    [185 * 60_000, '3 hours 5 minutes'],
  ])('of %d milliseconds is %s', (milliseconds, words) => {
    expect(formatDuration('en', milliseconds)).toBe(words)
  })
})

describe('the name of a language', () => {
  test('is in the language of the reader', () => {
    expect(formatLanguage('de', 'ar')).toBe('Arabisch')
  })

  test('is the code itself when nobody knows it', () => {
    expect(formatLanguage('en', '!!')).toBe('!!')
    expect(formatLanguage('en', '')).toBe('')
  })
})
