import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { WireJob } from '@/api/wire'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob, fakeResource, fakeSource, fakeTopic } from '@/test/factories'
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

describe('what is under way with a channel', () => {
  /** A channel of which nothing is here yet, and a job of it. */
  function underWay(facts: Partial<WireJob>): WireJob {
    const [channel] = backend.world.library
    if (!channel) throw new Error('the demo has no channel')
    Object.assign(channel, { available_resources: 0, available_size: 0, total_resources: 49 })
    const job = fakeJob({
      status: 'RUNNING',
      ...facts,
      args: { channel_id: channel.id, ...facts.args },
    })
    backend.world.jobs = [job]
    return job
  }

  const row = (window: Awaited<ReturnType<typeof openWindow>>) =>
    window.get('[data-testid=library-row]')

  test('stands in its row with the way to the job, and is not offered once more', async () => {
    const job = underWay({ progress: 48e6, total_progress: 120e6, percentage: 0.4 })
    const window = await openWindow('/library')
    expect(row(window).get('[data-testid=channel-deed]').text()).toContain('Running')
    const way = row(window).get('[data-testid=channel-deed] a')
    expect(way.text()).toBe('Import · 48 of 120 MB')
    expect(way.attributes('href')).toContain(`/jobs/${job.id}`)
    expect(row(window).get('[data-testid=progress]').attributes('aria-valuenow')).toBe('40')
    expect(row(window).text()).not.toContain('0 of 49')
    expect(row(window).text()).toContain('49 resources')
    expect(row(window).find('[data-testid=library-more]').exists()).toBe(false)
    expect(row(window).find('[data-testid=library-update]').exists()).toBe(false)
    expect(await violations()).toEqual([])
  })

  test.each([
    ['a server', { type: 'content.remoteimport' }, 'Import'],
    ['an update', { type: 'content.update' }, 'Update'],
    ['a deletion', { type: 'content.delete' }, 'Deletion'],
    ['an import that waits', { status: 'QUEUED' }, 'Import'],
    ['an import that is held', { status: 'PAUSED' }, 'Import'],
    [
      'an import that is tried again',
      { status: 'SCHEDULED', scheduled_datetime: '2036-11-23T12:00:00.000Z' },
      'Import',
    ],
  ] as const)('is said of %s', async (_, facts, word) => {
    underWay(facts)
    const window = await openWindow('/library')
    expect(row(window).get('[data-testid=channel-deed] a').text()).toMatch(new RegExp(`^${word}`))
  })

  test('is said of a repair, and not of a check, which changes nothing', async () => {
    const { id } = backend.world.library[0] ?? { id: '' }
    const args = { channel_ids: [id], repair_from: 'studio' }
    const job = underWay({ type: 'content.verify', args })
    const window = await openWindow('/library')
    expect(row(window).get('[data-testid=channel-deed]').text()).toContain('Repair')
    backend.change({ ...job, args: { channel_ids: [id] } })
    await settle()
    expect(row(window).find('[data-testid=channel-deed]').exists()).toBe(false)
  })

  test.each([
    ['an export', { type: 'content.export' }],
    ['what is planned', { status: 'SCHEDULED', attempts: 0 }],
    ['what comes again and again', { status: 'SCHEDULED', cron: '0 20 * * *' }],
    ['what has ended', { status: 'FAILED' }],
  ] as const)('is not %s', async (_, facts) => {
    underWay(facts)
    const window = await openWindow('/library')
    expect(row(window).find('[data-testid=channel-deed]').exists()).toBe(false)
    expect(row(window).find('[data-testid=library-update]').exists()).toBe(true)
  })

  test('comes and goes with the job, without being asked for', async () => {
    const job = underWay({ status: 'CANCELED' })
    const window = await openWindow('/library')
    expect(row(window).text()).toContain('0 of 49')
    backend.change(fakeJob({ ...job, status: 'QUEUED' }))
    await settle()
    expect(row(window).get('[data-testid=channel-deed]').attributes('data-status')).toBe('QUEUED')
    backend.change(fakeJob({ ...job, status: 'RUNNING' }))
    await settle()
    expect(row(window).get('[data-testid=channel-deed]').attributes('data-status')).toBe('RUNNING')
    backend.remove(job.id)
    await settle()
    expect(row(window).find('[data-testid=channel-deed]').exists()).toBe(false)
    expect(backend.calls.filter(({ name }) => name === 'Jobs.List')).toHaveLength(2)
  })

  test('is what was heard last, however late the list comes', async () => {
    const job = underWay({})
    const late = backend.delay('Jobs.List')
    const window = await openWindow('/library')
    backend.change(fakeJob({ ...job, status: 'COMPLETED' }))
    await settle()
    backend.world.jobs = [job]
    late.release()
    await settle()
    expect(row(window).find('[data-testid=channel-deed]').exists()).toBe(false)
  })

  test('stands on the page of the channel as well', async () => {
    const job = underWay({ progress: 48e6, total_progress: 120e6, percentage: 0.4 })
    const window = await openWindow(`/library/${backend.world.library[0]?.id ?? ''}`)
    const way = window.get('[data-testid=channel-deed] a')
    expect(way.attributes('href')).toContain(`/jobs/${job.id}`)
    expect(window.text()).not.toContain('0 of 49')
    expect(await violations()).toEqual([])
  })
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
