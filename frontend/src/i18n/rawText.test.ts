import { expect, test } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import { NodeTypes, type TemplateChildNode } from '@vue/compiler-core'

const pages = import.meta.glob<string>('../**/*.vue', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Attributes that people see or hear. */
const spoken = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'hint',
  'label',
  'placeholder',
  'text',
  'title',
])
const word = /\p{L}/u

/** The words that a template says by itself, in whatever language they are. */
function wordsIn(nodes: readonly TemplateChildNode[]): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.type === NodeTypes.TEXT && word.test(node.content) && node.content.trim() !== 'Nectar')
      return [node.content.trim()]
    if (node.type === NodeTypes.INTERPOLATION && 'content' in node.content) {
      const said = [...node.content.content.matchAll(/'([^']*)'/g)]
      return said.map(([, text]) => text ?? '').filter((text) => / /.test(text) && word.test(text))
    }
    if (node.type !== NodeTypes.ELEMENT) return []
    const attributes = node.props.flatMap((prop) =>
      prop.type === NodeTypes.ATTRIBUTE &&
      spoken.has(prop.name) &&
      word.test(prop.value?.content ?? '')
        ? [prop.value?.content ?? '']
        : [],
    )
    return [...attributes, ...wordsIn(node.children)]
  })
}

test('no page says anything but texts of every language', () => {
  const found = Object.entries(pages).flatMap(([file, source]) =>
    wordsIn(parse(source).descriptor.template?.ast?.children ?? []).map(
      (text) => `${file}: ${text}`,
    ),
  )
  expect(Object.keys(pages).length).toBeGreaterThan(50)
  expect(found).toEqual([])
})

test('a word in a template or in what is read out is found', () => {
  const page = `<template><b :title="t('a')" label="Go">{{ t('x') }} <i>now {{ 'and then' }}</i></b></template>`
  expect(wordsIn(parse(page).descriptor.template?.ast?.children ?? [])).toEqual([
    'Go',
    'now',
    'and then',
  ])
})
