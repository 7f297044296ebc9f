import { describe, expect, test } from 'vitest'
import { rowAt, topOf, totalHeight } from './rowWindow'

const rows = { count: 5, heads: [0, 3], rowHeight: 100, headHeight: 40 }

describe('the rows of a long list', () => {
  test('stand below each other, each heading over its row', () => {
    expect([0, 1, 2, 3, 4].map((index) => topOf(rows, index))).toEqual([0, 140, 240, 340, 480])
    expect(totalHeight(rows)).toBe(580)
  })

  test('are found by the height at which they stand', () => {
    expect([-50, 0, 139, 140, 339, 340, 479, 480, 9_999].map((at) => rowAt(rows, at))).toEqual([
      0, 0, 0, 1, 2, 3, 3, 4, 4,
    ])
  })

  test('may be none, or a hundred thousand', () => {
    expect(totalHeight({ ...rows, count: 0, heads: [] })).toBe(0)
    const many = { ...rows, count: 100_000, heads: [0, 50_000] }
    for (const index of [0, 49_999, 50_000, 99_999]) {
      expect(rowAt(many, topOf(many, index))).toBe(index)
    }
  })
})
