import { expect, test } from 'vitest'
import type { TreeNode } from '@/api/types'
import { firstChildren, outline } from './outline'

function node(id: string, kind = 'topic'): TreeNode {
  return {
    id,
    title: id,
    kind,
    totalResources: 1,
    availableResources: 0,
    size: 1,
    availableSize: 0,
    children: null,
  }
}

const root = node('root')
const none = new Set<string>()

test('an unfolded topic shows its children under it, one level deeper', () => {
  const lines = outline({
    root,
    topics: new Map([
      ['root', { state: 'done', value: [node('a'), node('b', 'video')] }],
      ['a', { state: 'done', value: [node('a1', 'video')] }],
    ]),
    open: new Set(['a']),
    whole: none,
  })
  expect(lines.map(({ id, level }) => [id, level])).toEqual([
    ['a', 1],
    ['a1', 2],
    ['b', 1],
  ])
})

test('a topic on its way, an empty one and a refused one each say so', () => {
  const what = (...topics: Parameters<typeof outline>[0]['topics'][]) =>
    topics.map((known) => outline({ root, topics: known, open: none, whole: none })[0]?.what)
  expect(what(new Map(), new Map([['root', { state: 'done', value: [] }]]))).toEqual([
    'loading',
    'empty',
  ])
})

test('a topic of very many children shows the first of them and says how many more there are', () => {
  const many = Array.from({ length: firstChildren + 50 }, (_, index) => node(`n${index}`, 'video'))
  const topics = new Map([['root', { state: 'done' as const, value: many }]])
  const lines = outline({ root, topics, open: none, whole: none })
  expect(lines).toHaveLength(firstChildren + 1)
  expect(lines.at(-1)).toMatchObject({ what: 'more', hidden: 50 })
  expect(outline({ root, topics, open: none, whole: new Set(['root']) })).toHaveLength(many.length)
})
