import { expect, test } from 'vitest'
import { slotsOf } from './slots'

test('whoever stays in sight keeps its place, and whoever comes takes one that is free', () => {
  const first = slotsOf(['a', 'b', 'c'], new Map())
  expect([...first]).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ])
  const scrolled = slotsOf(['c', 'd', 'e'], first)
  expect(scrolled.get('c')).toBe(2)
  expect(new Set(scrolled.values())).toEqual(new Set([0, 1, 2]))
  expect(new Set(slotsOf(['c', 'd', 'e', 'f'], scrolled).values()).size).toBe(4)
})
