import { expect, test } from 'vitest'
import { linesOf } from './jobLines'
import type { Origin } from './jobLines'

const origins: Record<string, Origin> = {
  a: { day: 'Tuesday', group: '' },
  b: { day: 'Tuesday', group: 'g' },
  c: { day: 'Tuesday', group: 'g' },
  d: { day: 'Monday', group: 'alone' },
  e: { day: 'Monday', group: '' },
}
const originOf = (id: string) => origins[id]

test('jobs that were asked for together are one line', () => {
  const lines = linesOf(['a', 'b', 'c', 'd', 'e'], originOf, () => false)
  expect(lines.ids).toEqual(['a', 'group-g', 'd', 'e'])
  expect(lines.members.get('group-g')).toEqual(['b', 'c'])
  expect(lines.heads).toEqual([0, 2])
})

test('unfolded, its parts stand below it, also those that stood elsewhere', () => {
  const lines = linesOf(['b', 'a', 'c'], originOf, () => true)
  expect(lines.ids).toEqual(['group-g', 'b', 'c', 'a'])
  expect(lines.parts).toEqual(new Set(['b', 'c']))
})

test('a list without groups is left as it is', () => {
  const jobs = ['a', 'd', 'e']
  expect(linesOf(jobs, originOf, () => true).ids).toBe(jobs)
})
