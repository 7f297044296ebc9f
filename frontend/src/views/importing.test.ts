import { beforeEach, expect, test, vi } from 'vitest'
import type { VueWrapper } from '@vue/test-utils'
import { fakeChannel, fakeResource, fakeSource, fakeTopic } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

const stick = '/media/stick'
let backend: FakeBackend
let ids: Record<'algebra' | 'stories' | 'numbers', string>

beforeEach(() => {
  const numbers = fakeTopic('Numbers', [
    fakeResource('One', 'video', 1e9),
    fakeResource('Two', 'video', 1e9),
  ])
  const algebra = fakeTopic('Algebra', [numbers, fakeResource('Handbook', 'document', 1e9)])
  const stories = fakeTopic('Stories', [fakeResource('Fox', 'audio', 1e9)])
  ids = { algebra: algebra.id, stories: stories.id, numbers: numbers.id }
  const offers = [algebra, stories].map((root) =>
    fakeChannel({
      id: root.id,
      name: root.title,
      total_resources: root.total_resources,
      size: root.size,
    }),
  )
  const broken = fakeChannel({
    name: 'Broken',
    fault: { code: 'database_damaged', message: 'The channel file is damaged.', fields: [] },
  })
  backend = installFakeBackend(
    emptyWorld({
      sources: [fakeSource({ name: 'Stick', path: stick })],
      offers: new Map([[stick, [...offers, broken]]]),
      trees: new Map([
        [algebra.id, algebra],
        [stories.id, stories],
      ]),
    }),
  )
})

async function counted(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300))
  await settle()
}

async function tick(window: VueWrapper, channel: string, on = true): Promise<void> {
  await window.get(`[data-channel-id="${channel}"] [data-testid=channel-checkbox]`).setValue(on)
}

function button(window: VueWrapper) {
  const found = window.get('[data-testid=import-start]')
  return {
    text: found.text(),
    isDisabled: found.attributes('disabled') !== undefined,
    press: () => found.trigger('click'),
  }
}

test('a person chooses a drive, two channels, and starts', async () => {
  const window = await openWindow('/import')
  await window.get('[data-testid=source-row]').trigger('click')
  await vi.waitFor(() => window.get('[data-testid=import-start]'), { timeout: 60_000 })
  expect(button(window).isDisabled).toBe(true)
  await tick(window, ids.algebra)
  await tick(window, ids.stories)
  await counted()
  expect(window.get('[data-testid=import-summary]').text()).toBe(
    '2 channels · 4 resources · 4 GB to copy · 35 GB free',
  )
  expect(button(window)).toMatchObject({ text: 'Import 4 resources', isDisabled: false })
  await button(window).press()
  await settle()
  expect(backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args).toEqual([
    [
      { type: 'content.diskimport', channel_id: ids.algebra, path: stick },
      { type: 'content.diskimport', channel_id: ids.stories, path: stick },
    ],
  ])
  await vi.waitFor(
    () => {
      expect(window.findAll('[data-testid=job-row]')).toHaveLength(2)
    },
    { timeout: 60_000 },
  )
})

test('topics that are unticked are left out', async () => {
  const window = await openWindow(`/import?source=${stick}`)
  await window
    .get(`[data-channel-id="${ids.algebra}"] [data-testid=channel-topics]`)
    .trigger('click')
  await settle()
  await window.get(`[data-node-id="${ids.numbers}"]`).trigger('click')
  await counted()
  expect(button(window).text).toBe('Import 1 resource')
  await button(window).press()
  await settle()
  const [request] = backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args[0] as object[]
  expect(request).toMatchObject({ channel_id: ids.algebra, node_ids: [expect.any(String)] })
})

test('what does not fit cannot be started, and the reason stands there', async () => {
  backend.world.freeBytes = 1e9
  const window = await openWindow(`/import?source=${stick}`)
  await tick(window, ids.algebra)
  await counted()
  expect(button(window).isDisabled).toBe(true)
  expect(window.get('[data-testid=import-bar]').text()).toContain('2 GB more room is needed')
})

test('a late answer about an earlier choice is dropped', async () => {
  const window = await openWindow(`/import?source=${stick}`)
  const answers = backend.delay('Sources.Preflight')
  await tick(window, ids.algebra)
  await counted()
  await tick(window, ids.algebra, false)
  await tick(window, ids.stories)
  await counted()
  answers.release(1)
  await settle()
  answers.release()
  await settle()
  expect(button(window).text).toBe('Import 1 resource')
})

test('a broken channel says why and cannot be ticked', async () => {
  const window = await openWindow(`/import?source=${stick}`)
  const row = window.get('[data-fault=database_damaged]')
  expect(row.text()).toContain('The channel file is damaged.')
  expect(row.get('[data-testid=channel-checkbox]').attributes('disabled')).toBeDefined()
})

test('a folder dropped on the window opens the import from there', async () => {
  const window = await openWindow('/library')
  backend.emit('file-drop', [stick])
  await settle()
  expect(window.findAll('[data-testid=channel-row]')).toHaveLength(3)
})

test('a drive that is plugged in shows up by itself', async () => {
  backend.world.sources = []
  const window = await openWindow('/import')
  expect(window.find('[data-testid=source-row]').exists()).toBe(false)
  backend.world.sources = [fakeSource({ path: stick })]
  backend.emit('sources', { sequence: 1 })
  await settle()
  expect(window.findAll('[data-testid=source-row]')).toHaveLength(1)
})
