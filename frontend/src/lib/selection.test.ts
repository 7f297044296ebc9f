import { describe, expect, test } from 'vitest'
import { Selection } from './selection'
import type { NodeFacts } from './selection'

function leaf(id: string): NodeFacts {
  return { id, totalResources: 1, children: [] }
}

function topic(id: string, children: NodeFacts[]): NodeFacts {
  const totalResources = children.reduce((total, child) => total + child.totalResources, 0)
  return { id, totalResources, children }
}

function unopened(id: string, totalResources: number): NodeFacts {
  return { id, totalResources, children: null }
}

/** root ─ a (a1 a2 a3), b (b1 b2), c not opened with 10 */
function root(): NodeFacts {
  return topic('root', [
    topic('a', [leaf('a1'), leaf('a2'), leaf('a3')]),
    topic('b', [leaf('b1'), leaf('b2')]),
    unopened('c', 10),
  ])
}

describe('ticking topics', () => {
  test('an untouched tree takes the whole channel', () => {
    expect(new Selection(root()).choice()).toEqual({ include: null, exclude: null })
  })

  test('one resource less leaves its topics half ticked', () => {
    const selection = new Selection(root())
    selection.toggle('a2')
    expect(['root', 'a', 'a1', 'a2', 'b'].map((id) => selection.tick(id))).toEqual([
      'some',
      'some',
      'all',
      'none',
      'all',
    ])
    expect(selection.resources()).toBe(14)
    expect(selection.choice()).toEqual({ include: ['root'], exclude: ['a2'] })
  })

  test('what is ticked whole is named from the top, and nothing in it', () => {
    const selection = new Selection(root(), false)
    expect(selection.ticked()).toEqual([])
    for (const id of ['a2', 'b', 'c']) selection.toggle(id)
    expect(selection.ticked()).toEqual(['a2', 'b', 'c'])
    for (const id of ['a1', 'a3']) selection.toggle(id)
    expect(selection.ticked()).toEqual(['root'])
  })

  test('a half-ticked topic becomes whole by a click, and then empty', () => {
    const selection = new Selection(root())
    selection.toggle('a2')
    selection.toggle('a')
    expect(selection.tick('a')).toBe('all')
    expect(selection.choice()).toEqual({ include: null, exclude: null })
    selection.toggle('a')
    expect(selection.tick('a1')).toBe('none')
    expect(selection.choice()).toEqual({ include: ['root'], exclude: ['a'] })
  })

  test('few ticks are named one by one rather than by what is left out', () => {
    const selection = new Selection(root(), false)
    selection.toggle('a1')
    expect(selection.choice()).toEqual({ include: ['a1'], exclude: null })
    expect(selection.resources()).toBe(1)
  })

  test('all children ticked make their topic ticked', () => {
    const selection = new Selection(root(), false)
    selection.toggle('b1')
    selection.toggle('b2')
    expect(selection.tick('b')).toBe('all')
    expect(selection.choice()).toEqual({ include: ['b'], exclude: null })
  })

  test('a resource taken again inside a topic left out names its neighbours, never both', () => {
    const selection = new Selection(root())
    selection.toggle('a')
    selection.toggle('a1')
    expect(selection.choice()).toEqual({ include: ['root'], exclude: ['a2', 'a3'] })
  })

  test('nothing ticked takes nothing, not everything', () => {
    const selection = new Selection(root())
    selection.toggle('root')
    expect(selection.choice()).toEqual({ include: [], exclude: null })
    expect(selection.resources()).toBe(0)
  })

  test('what is loaded later is ticked as its topic is', () => {
    const selection = new Selection(root())
    selection.toggle('c')
    selection.load('c', [leaf('c1'), leaf('c2')])
    expect(selection.tick('c1')).toBe('none')
    selection.toggle('c1')
    expect(selection.tick('c')).toBe('some')
  })

  test('loading a topic again changes nothing', () => {
    const selection = new Selection(root())
    selection.toggle('a1')
    selection.load('a', [leaf('a1'), leaf('a2'), leaf('a3')])
    expect(selection.tick('a1')).toBe('none')
  })
})

/** What the backend takes of a choice: leaving out wins wherever it stands. */
function taken(node: NodeFacts, include: string[] | null, exclude: string[]): string[] {
  if (exclude.includes(node.id)) return []
  const inside = include === null || include.includes(node.id)
  const children = node.children ?? []
  if (children.length === 0) return inside ? [node.id] : []
  return children.flatMap((child) => taken(child, inside ? null : include, exclude))
}

test('whatever is clicked, the choice names exactly what is ticked', () => {
  const tree = topic('root', [
    topic('x', [topic('x1', [leaf('p'), leaf('q')]), leaf('x2'), leaf('x3')]),
    topic('y', [leaf('y1'), topic('y2', [leaf('r'), leaf('s'), leaf('t')])]),
    leaf('z'),
  ])
  const all = taken(tree, null, [])
  const ids = ['root', 'x', 'y', 'x1', 'y2', ...all]
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const selection = new Selection(tree)
  for (let click = 0; click < 2_000; click += 1) {
    selection.toggle(ids[random(ids.length)] ?? 'root')
    const { include, exclude } = selection.choice()
    const expected = all.filter((id) => selection.tick(id) === 'all')
    expect(taken(tree, include, exclude ?? [])).toEqual(expected)
    expect(selection.resources()).toBe(expected.length)
  }
})
