import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { VueWrapper } from '@vue/test-utils'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeChannel, fakeResource, fakeSource, fakeTopic } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'
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
  const group: unknown = expect.stringMatching(/^[0-9a-f]{24}$/)
  expect(backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args).toEqual([
    [
      { type: 'content.diskimport', channel_id: ids.algebra, path: stick, group },
      { type: 'content.diskimport', channel_id: ids.stories, path: stick, group },
    ],
  ])
  await vi.waitFor(
    () => {
      expect(window.findAll('[data-testid=group-part]')).toHaveLength(2)
    },
    { timeout: 60_000 },
  )
})

test('of a channel of small files no more is to be copied than is in it', async () => {
  const tiny = fakeTopic('Tiny', [fakeResource('Rhyme', 'document', 1000)])
  const { id, title: name, size } = tiny
  backend.world.offers.set(stick, [fakeChannel({ id, name, size, total_resources: 1 })])
  backend.world.trees.set(id, tiny)
  const window = await openWindow(`/import?source=${stick}`)
  await tick(window, id)
  await counted()
  expect(window.get('[data-testid=import-summary]').text()).toContain('1 kB to copy')
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
  await vi.waitFor(() => {
    expect(window.findAll('[data-testid=channel-row]')).toHaveLength(3)
  })
})

test('what is dropped on the window does not take the place of its page', async () => {
  await openWindow('/library')
  for (const [type, isKept] of [
    ['Files', true],
    ['text/plain', false],
  ] as const) {
    const drop = Object.assign(new Event('drop', { cancelable: true }), {
      dataTransfer: { types: [type] },
    })
    document.body.dispatchEvent(drop)
    expect([type, drop.defaultPrevented]).toEqual([type, isKept])
  }
})

test('a drive that is plugged in shows up by itself', async () => {
  backend.world.sources = []
  const window = await openWindow('/import')
  const row = `[data-testid=source-row][data-source="${stick}"]`
  expect(window.find(row).exists()).toBe(false)
  backend.world.sources = [fakeSource({ path: stick })]
  backend.emit('sources', { sequence: 1 })
  await settle()
  expect(window.findAll(row)).toHaveLength(1)
})

describe('on a busy day', () => {
  beforeEach(() => {
    backend = installFakeBackend(demoWorld())
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  async function write(window: VueWrapper, form: string, text: string): Promise<void> {
    await window.get(`[data-testid=${form}] input`).setValue(text)
    await window.get(`[data-testid=${form}]`).trigger('submit')
    await settle()
  }

  test('a server is opened by its address, and a channel comes from there', async () => {
    const window = await openWindow('/import')
    await write(window, 'address', '192.168.1.5')
    expect(backend.calls.find(({ name }) => name === 'Sources.Open')?.args).toEqual([
      'http://192.168.1.5',
    ])
    await shown(window, 'channel-row')
    expect(window.text()).toContain('School server')
    const channel = backend.world.offers.get('http://192.168.1.5:8080')?.[1]?.id ?? ''
    await tick(window, channel)
    await counted()
    await button(window).press()
    await settle()
    expect(backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args).toEqual([
      [{ type: 'content.remoteimport', channel_id: channel, url: 'http://192.168.1.5:8080' }],
    ])
  })

  test('an address with nothing behind it says so where it was typed', async () => {
    backend.refuse('Sources.Open', {
      code: 'source_missing',
      message: 'Nothing answers at http://10.0.0.9.',
      advice: 'Check the address.',
    })
    const window = await openWindow('/import')
    await write(window, 'address', '10.0.0.9')
    const field = window.get('[data-testid=address]')
    expect(field.get('[data-testid=field-error]').text()).toBe(
      'Nothing answers at http://10.0.0.9. Check the address.',
    )
    expect(await violations()).toEqual([])
    await field.get('input').setValue('10.0.0.8')
    expect(field.find('[data-testid=field-error]').exists()).toBe(false)
  })

  test('a token finds a channel that is not in the list, and it is ticked', async () => {
    const window = await openWindow('/import?source=studio')
    await write(window, 'token', 'abcde-fghij')
    const [first] = window.findAll('[data-testid=channel-row]')
    expect(first?.text()).toContain('Teacher training')
    expect(first?.get<HTMLInputElement>('input').element.checked).toBe(true)
    expect(await violations()).toEqual([])
  })

  test('channels are narrowed down by language, and by what is newer than here', async () => {
    const window = await openWindow(`/import?source=/media/amina/SANDISK`)
    const names = () => window.findAll('[data-testid=channel-row] .name').map((row) => row.text())
    await window.get('select').setValue('es')
    expect(names()).toHaveLength(2)
    await window.get('select').setValue('')
    await window.get('[data-testid=show-newer]').setValue(true)
    expect(names()).toEqual(['Blockly Games'])
    expect(window.get('[data-testid=channel-update]').attributes('href')).toContain(
      '/update?source=',
    )
    expect(await violations()).toEqual([])
  })

  test('a filter that leaves nothing is undone by one button', async () => {
    const window = await openWindow(`/import?source=/media/amina/SANDISK`)
    await window.get('[data-testid=search]').setValue('matematica')
    await vi.waitFor(() => window.get('[data-testid=clear-filter]'), { timeout: 60_000 })
    await window.get('[data-testid=clear-filter]').trigger('click')
    expect(window.findAll('[data-testid=channel-row]')).toHaveLength(7)
  })

  test('another time is chosen without being offered now a second time', async () => {
    const window = await openWindow('/import?source=sample')
    await window.get('[data-testid=channel-checkbox]').setValue(true)
    await settle()
    await window.get('[data-testid=import-when]').trigger('click')
    await window.get('[data-testid=start-other]').setValue(true)
    await settle()
    expect(window.find('[data-testid=when-at]').exists()).toBe(true)
    expect(window.find('[data-testid=when-now]').exists()).toBe(false)
  })

  test('an import can wait for tonight', async () => {
    vi.setSystemTime(new Date(2026, 10, 26, 14, 5))
    const window = await openWindow(`/import?source=/media/amina/SANDISK`)
    const [first] = backend.world.offers.get('/media/amina/SANDISK') ?? []
    await tick(window, first?.id ?? '')
    await window.get('[data-testid=import-when]').trigger('click')
    await window.get('[data-testid=start-tonight]').setValue(true)
    await counted()
    expect(window.get('[data-testid=import-when]').text()).toMatch(/^Starts /)
    expect(await violations()).toEqual([])
    expect(button(window).text).toMatch(/^Plan /)
    await button(window).press()
    await settle()
    const [request] = backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args[0] as object[]
    expect(request).toMatchObject({
      enqueue_args: { enqueue_at: new Date(2026, 10, 26, 20, 0).toISOString() },
    })
  })

  test('what other jobs will still write counts against the room', async () => {
    backend.world.queuedBytes = 34.9e9
    const window = await openWindow(`/import?source=/media/amina/SANDISK`)
    const stories = backend.world.offers.get('/media/amina/SANDISK')?.[1]?.id ?? ''
    await tick(window, stories)
    await counted()
    expect(window.get('[data-testid=import-summary]').text()).toContain('35 GB still coming')
    expect(button(window).isDisabled).toBe(true)
  })
})

test('how many channels a folder has is not said before anybody knows', async () => {
  const late = backend.delay('Sources.Channels')
  const window = await openWindow('/import?source=/home/amina/school')
  await settle()
  expect(window.text()).toContain('school')
  expect(window.text()).not.toContain('0 channels')
  late.release()
  await settle()
  expect(window.text()).toContain('0 channels')
})
