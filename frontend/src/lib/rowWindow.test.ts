import { describe, expect, test } from 'vitest'
import { rowAt, topOf, totalHeight, towards } from './rowWindow'

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

test('draws at once what is needed, and of the rest a few rows at a time', () => {
  const drawn = { first: 0, last: 20 }
  const down = towards(drawn, { first: 8, last: 28 }, { first: 13, last: 23 }, 3)
  expect(down).toEqual({ first: 3, last: 23 })
  expect(towards(down, { first: 8, last: 28 }, { first: 13, last: 23 }, 3)).toEqual({
    first: 6,
    last: 26,
  })
  const up = towards(drawn, { first: 0, last: 12 }, { first: 0, last: 7 }, 3)
  expect(up).toEqual({ first: 0, last: 12 })
})

test('draws what is needed wherever the list is scrolled to', () => {
  const far = { first: 500, last: 510 }
  expect(towards({ first: 0, last: 20 }, { first: 495, last: 515 }, far, 3)).toEqual({
    first: 490,
    last: 510,
  })
  expect(towards({ first: 900, last: 920 }, { first: 495, last: 515 }, far, 3)).toEqual({
    first: 500,
    last: 520,
  })
})
