import { beforeEach, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeResource, fakeSource, fakeTopic } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'

let backend: FakeBackend

/** One grey point. */
const picture = 'data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=='

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

test('the library is searched, and a resource that is here opens', async () => {
  const tree = backend.world.trees.get(backend.world.library[0]?.id ?? '')
  const [video] = tree?.children?.[0]?.children ?? []
  if (video) video.available_resources = 1
  const window = await openWindow('/library')
  await window.get('[data-testid=search]').setValue('first steps 1')
  await vi.waitFor(() => window.get('[data-testid=hit-row]'), { timeout: 60_000 })
  const row = window.get(`[data-node-id="${video?.id ?? ''}"]`)
  expect(row.text()).toContain('Blockly Games')
  expect(row.text()).toContain('Getting started')
  expect(await violations()).toEqual([])
  await row.get('button').trigger('click')
  expect(called('Library.OpenResource')).toEqual([tree?.id, video?.id])
})

test('a channel that has come since the list was fetched is opened, and is not missing', async () => {
  const [channel, ...others] = backend.world.library
  if (!channel) throw new Error('the demo has no channel')
  backend.world.library = others
  const window = await openWindow('/library')
  expect(window.text()).not.toContain(channel.name)
  backend.world.library = [channel, ...others]
  await window.vm.$router.push(`/library/${channel.id}`)
  await settle()
  expect(window.get('h1').text()).toBe(channel.name)
  expect(window.find('[data-testid=empty]').exists()).toBe(false)
})

test('a channel that is not here says so', async () => {
  const window = await openWindow('/library/ffffffffffffffffffffffffffffffff')
  expect(window.get('[data-testid=empty]').text()).toContain('not on this laptop')
})

test('a search without a hit says so, and is cleared by one button', async () => {
  const window = await openWindow('/library')
  await window.get('select').setValue('zim')
  await settle()
  expect(window.get('[data-testid=empty]').text()).toContain('Nothing on this laptop matches')
  await window.get('[data-testid=clear-search]').trigger('click')
  await settle()
  expect(window.findAll('[data-testid=library-row]')).toHaveLength(3)
})

test('the channels are put in another order, by keys and by dragging', async () => {
  const window = await openWindow('/library')
  const ids = () =>
    window.findAll('[data-testid=library-row]').map((row) => row.attributes('data-channel-id'))
  const [a, b, c] = ids()
  await window.get('[data-testid=library-order]').trigger('click')
  const rows = () => window.findAll('[data-testid=library-row]')
  expect(rows()[0]?.get('[data-testid=library-moveUp]').attributes('disabled')).toBeDefined()
  expect(await violations()).toEqual([])
  await rows()[0]?.get('[data-testid=library-moveDown]').trigger('click')
  await settle()
  expect(called('Library.Order')).toEqual([[b, a, c]])
  await rows()[2]?.trigger('dragstart')
  await rows()[0]?.trigger('drop')
  await settle()
  expect(ids()).toEqual([c, b, a])
})

test('an order that is refused is as it was, and says why', async () => {
  backend.refuse('Library.Order', { code: 'forbidden', message: 'This is not for you.' })
  const window = await openWindow('/library')
  const before = window.findAll('[data-testid=library-row] .name').map((name) => name.text())
  await window.get('[data-testid=library-order]').trigger('click')
  await window.get('[data-testid=library-moveDown]').trigger('click')
  await settle()
  expect(window.text()).toContain('This is not for you.')
  expect(window.findAll('[data-testid=library-row] .name').map((name) => name.text())).toEqual(
    before,
  )
})

test('a newer version says where it was seen, and leads to what it brings', async () => {
  const [channel] = backend.world.library
  if (channel) Object.assign(channel, { newer_at: 'http://school:8080', newer_name: 'School' })
  const window = await openWindow('/library')
  expect(window.text()).toContain('Version 3 is on School')
  await window.get('[data-testid=library-update]').trigger('click')
  await shown(window, 'diff-part')
  expect(called('Sources.Diff')).toEqual([channel?.id, 'http://school:8080'])
})

test('a drive that is plugged in announces itself with what is new on it', async () => {
  const window = await openWindow('/jobs')
  expect(window.find('[data-testid=arrival]').exists()).toBe(false)
  const path = '/media/amina/NEW'
  backend.world.offers.set(path, backend.world.offers.get('/media/amina/SANDISK') ?? [])
  backend.world.sources.unshift(fakeSource({ id: 'new', name: 'NEW', path, channels: 7 }))
  backend.emit('sources', { sequence: 1 })
  await settle()
  expect(window.get('[data-testid=arrival]').text()).toContain('NEW')
  expect(window.get('[data-testid=arrival]').text()).toContain(
    '6 channels · 3 new · 1 with a newer version',
  )
  expect(await violations()).toEqual([])
  backend.world.sources.shift()
  backend.emit('sources', { sequence: 2 })
  await settle()
  expect(window.find('[data-testid=arrival]').exists()).toBe(false)
})

test('a drive is let go before it is pulled out', async () => {
  const window = await openWindow('/import?source=/media/amina/SANDISK')
  await window.get('[data-testid=eject]').trigger('click')
  await settle()
  expect(called('Sources.Eject')).toEqual(['/media/amina/SANDISK'])
  expect(document.body.textContent).toContain('You can remove SANDISK now.')
})

test('topics and resources show their pictures, and a broken one is not shown', async () => {
  const id = backend.world.library[0]?.id ?? ''
  const parts = ['Counting', 'Adding', 'Sharing'].map((title) => fakeResource(title))
  const [first, second] = parts
  backend.world.trees.set(id, { ...fakeTopic('Maths', parts), id })
  for (const part of [first, second]) backend.world.pictures.set(part?.id ?? '', picture)
  const window = await openWindow(`/library/${id}`)
  await vi.waitFor(() => {
    expect(window.findAll('[data-testid=topic-picture]')).toHaveLength(2)
  })
  expect(called('Library.Thumbnails')).toEqual([id, parts.map((part) => part.id), ''])
  expect(await violations()).toEqual([])
  await window.get('[data-testid=topic-picture]').trigger('error')
  expect(window.findAll('[data-testid=topic-picture]')).toHaveLength(1)
})

test('a topic of fifty thousand resources unfolds, with only those on the screen there', async () => {
  const id = backend.world.library[0]?.id ?? ''
  const many = Array.from({ length: 50_000 }, (_, index) => fakeResource(`Video ${index}`))
  backend.world.trees.set(id, { ...fakeTopic('Large', many), id })
  const window = await openWindow(`/library/${id}`)
  expect(window.findAll('[data-testid=topic-row]')).toHaveLength(200)
  const more = window.findAll('[role=tree] button').at(-1)
  expect(more?.text()).toBe('49,800 more')
  await more?.trigger('click')
  await settle()
  expect(window.findAll('[data-testid=topic-row]').length).toBeLessThan(400)
})

test('the facts of a job have the words of its task', async () => {
  const [job] = backend.world.jobs
  const schema = {
    type: 'object',
    properties: { renderable_only: { type: 'boolean', title: 'Only what can be shown' } },
  }
  const [task] = backend.world.tasks
  if (task && job) {
    backend.world.tasks.push({ ...task, name: job.type, schema })
    job.args = { renderable_only: true }
  }
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  expect(window.get('dl').text()).toContain('Only what can be shown')
  expect(window.get('dl').text()).not.toContain('Renderable')
})
