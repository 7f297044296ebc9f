import { beforeEach, expect, test } from 'vitest'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { World } from '@/test/fakeBackend'
import { openWindow } from '@/test/mount'
import page from '../../index.html?raw'

const markup = '<img src=x class="evil"><script class="evil">1</script><b class="evil">'

// What channels, drives, servers and people name themselves, and what is said with such names.
const texts = new Set(
  [
    'title',
    'name',
    'description',
    'tagline',
    'author',
    'status_title',
    'status_text',
    'error',
  ].concat([
    'advice',
    'traceback',
    'message',
    'started_by_name',
    'item',
    'license',
    'owner',
    'path',
  ]),
)

/** Puts markup into every text that comes from outside. */
function spoil(value: unknown): void {
  if (value instanceof Map) {
    ;[...value.values()].forEach(spoil)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const fields = value as Record<string, unknown>
  for (const [key, inner] of Object.entries(fields)) {
    if (typeof inner === 'string' && texts.has(key)) fields[key] = inner + markup
    else spoil(inner)
  }
}

let world: World

beforeEach(() => {
  world = demoWorld()
  for (const part of [world.jobs, world.details, world.library, world.sources, world.offers])
    spoil(part)
  for (const part of [world.trees, world.people, world.names, world.arrivals]) spoil(part)
  installFakeBackend(world)
})

test.each([
  ['home', () => '/home'],
  ['library', () => '/library'],
  ['channel', () => `/library/${world.library[0]?.id ?? ''}`],
  ['import', () => '/import?source=/media/amina/SANDISK'],
  ['jobs', () => '/jobs'],
  ['job that failed', () => `/jobs/${world.jobs.find((j) => j.status === 'FAILED')?.id ?? ''}`],
  ['schedules', () => '/schedules'],
  ['people', () => '/people'],
])('%s shows what strangers wrote as text', async (_name, at) => {
  const window = await openWindow(at())
  expect(window.text()).toContain('<img src=x class="evil">')
  expect(document.querySelectorAll('.evil')).toHaveLength(0)
})

test('nothing from outside the program is allowed to the page, and no script that it was not built with', () => {
  const [, rules = ''] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? []
  const allowed = new Map(
    rules.split(';').map((rule) => {
      const [name = '', ...sources] = rule.trim().split(' ')
      return [name, sources]
    }),
  )
  expect(allowed.get('default-src')).toEqual(["'self'"])
  expect(allowed.get('script-src') ?? ["'self'"]).toEqual(["'self'"])
  for (const name of ['object-src', 'base-uri', 'form-action'])
    expect(allowed.get(name)).toEqual(["'none'"])
  expect([...allowed.values()].flat().join(' ')).not.toMatch(/http|\*|unsafe-eval/)
})
