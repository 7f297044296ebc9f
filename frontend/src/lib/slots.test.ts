import { expect, test } from 'vitest'
import { slotsOf, standing } from './slots'

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

test('places stand in the page as they stood before, and who is new comes last', () => {
  expect(standing([2, 0, 1], [])).toEqual([2, 0, 1])
  expect(standing([2, 0, 1], [0, 1, 2])).toEqual([0, 1, 2])
  expect(standing([3, 2, 4], [0, 2, 3])).toEqual([2, 3, 4])
})
