import { describe, expect, test } from 'vitest'
import { dark, light } from './palette'

/** The contrast of two colours as WCAG 2 reckons it. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_name, palette) => {
  const grounds = [palette.background, palette.surface, palette.raised]

  test('lets text be read at length', () => {
    for (const ground of grounds) expect(contrast(palette.ink, ground)).toBeGreaterThan(7)
    expect(contrast(palette.softInk, palette.surface)).toBeGreaterThan(7)
  })

  test.each(['softInk', 'primary', 'done', 'problem', 'failed', 'waiting'] as const)(
    'lets %s be read everywhere',
    (name) => {
      for (const ground of grounds) expect(contrast(palette[name], ground)).toBeGreaterThan(4.5)
    },
  )

  test('shows its controls and what is chosen', () => {
    expect(contrast(palette['on-primary'], palette.primary)).toBeGreaterThan(4.5)
    expect(contrast(palette.primary, palette.tint)).toBeGreaterThan(4.5)
    expect(contrast(palette.strongLine, palette.surface)).toBeGreaterThan(3)
  })
})
