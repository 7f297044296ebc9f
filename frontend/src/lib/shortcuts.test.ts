import { expect, test } from 'vitest'
import { shortcutFor, shortcuts } from './shortcuts'

function pressed(
  key: string,
  more: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {},
) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }
}

test('a key is for what the table says, with Ctrl or Cmd where it says Mod', () => {
  expect(shortcutFor('jobs', pressed('j'))).toBe('next')
  expect(shortcutFor('jobs', pressed('ArrowDown'))).toBe('next')
  expect(shortcutFor('jobs', pressed('a', { ctrlKey: true }))).toBe('chooseAll')
  expect(shortcutFor('jobs', { ...pressed('a'), metaKey: true })).toBe('chooseAll')
  expect(shortcutFor('jobs', pressed('ArrowDown', { shiftKey: true }))).toBe('chooseOn')
})

test('a letter is the same in capitals, and nothing together with Alt or where the table has none', () => {
  expect(shortcutFor('jobs', pressed('P', { shiftKey: true }))).toBe('pause')
  expect(shortcutFor('jobs', pressed('p', { altKey: true }))).toBeNull()
  expect(shortcutFor('jobs', pressed('p', { ctrlKey: true }))).toBeNull()
  expect(shortcutFor('jobs', pressed('q'))).toBeNull()
})

test('no key is for two things at one place', () => {
  for (const table of Object.values(shortcuts)) {
    const keys = Object.values(table).flat()
    expect(new Set(keys).size).toBe(keys.length)
  }
})
