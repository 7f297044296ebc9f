import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import type { EffectScope } from 'vue'
import { useAnnouncer } from './useAnnouncer'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

function announcer() {
  const made = scope.run(() => useAnnouncer<string>((happened) => happened.join(' and ')))
  if (!made) throw new Error('the scope is over')
  return made
}

test('what happens alone is said at once', () => {
  const { spoken, tell } = announcer()
  tell(['algebra'])
  expect(spoken.value).toBe('algebra')
})

test('what happens in quick succession is said together, not sentence upon sentence', () => {
  const { spoken, tell } = announcer()
  const heard: string[] = []
  for (let tenth = 0; tenth < 100; tenth += 1) {
    if (tenth % 10 === 0) tell([String(tenth / 10)])
    if (heard.at(-1) !== spoken.value) heard.push(spoken.value)
    vi.advanceTimersByTime(100)
  }
  if (heard.at(-1) !== spoken.value) heard.push(spoken.value)
  expect(heard).toEqual(['0', '1 and 2 and 3 and 4', '5 and 6 and 7 and 8 and 9'])
})

test('the same words are said again, and nothing wakes when there is nothing to say', () => {
  const { spoken, tell } = announcer()
  tell(['algebra'])
  const first = spoken.value
  vi.advanceTimersByTime(60_000)
  expect(vi.getTimerCount()).toBe(0)
  tell(['algebra'])
  expect(spoken.value).not.toBe(first)
  expect(spoken.value.trim()).toBe('algebra')
})
