import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { emptyWorld } from '@/test/world'
import { useJobs } from './jobs'

let backend: FakeBackend
let running: ReturnType<typeof fakeJob>

beforeEach(() => {
  setActivePinia(createPinia())
  running = fakeJob({ status: 'RUNNING', total_progress: 100 })
  backend = installFakeBackend(emptyWorld({ jobs: [running] }))
})

async function opened() {
  const jobs = useJobs()
  onTestFinished(jobs.open())
  await flushPromises()
  return jobs
}

function lists(): number {
  return backend.calls.filter(({ name }) => name === 'Jobs.List').length
}

describe('the list of jobs', () => {
  test('follows a job by its events', async () => {
    const jobs = await opened()
    backend.change({ ...running, progress: 40 })
    expect(jobs.jobs[0]?.done).toBe(40)
    expect(lists()).toBe(1)
  })

  test('drops an event that is older than one already seen', async () => {
    const jobs = await opened()
    backend.emit('jobs', {
      sequence: 5,
      jobs: [{ ...running, progress: 50 }],
      removed: [],
      counts: {},
    })
    backend.emit('jobs', {
      sequence: 4,
      jobs: [{ ...running, progress: 40 }],
      removed: [],
      counts: {},
    })
    expect(jobs.jobs[0]?.done).toBe(50)
  })

  test('fetches itself anew when an event is missing', async () => {
    const jobs = await opened()
    backend.emit('jobs', { sequence: 1, jobs: [], removed: [], counts: {} })
    backend.world.jobs.unshift(fakeJob({ status_title: 'Missed' }))
    backend.emit('jobs', { sequence: 3, jobs: [], removed: [], counts: {} })
    await flushPromises()
    expect(jobs.jobs[0]?.title).toBe('Missed')
  })

  test('fetches itself anew when the person comes back to the window', async () => {
    await opened()
    window.dispatchEvent(new Event('focus'))
    await flushPromises()
    expect(lists()).toBe(2)
  })

  test('puts a new job on top and takes a removed one out', async () => {
    const jobs = await opened()
    const fresh = fakeJob({ created: '2026-11-24T00:00:00.000Z' })
    backend.change(fresh)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([fresh.id, running.id])
    backend.remove(running.id)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([fresh.id])
  })

  test('keeps new jobs aside while the pointer is on the list', async () => {
    const jobs = await opened()
    jobs.hold(true)
    const fresh = fakeJob()
    backend.change(fresh)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([running.id])
    expect(jobs.arrived).toEqual([fresh.id])
    jobs.hold(false)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([fresh.id, running.id])
  })

  test('leaves a job in its place when it ends, and tells what came of it', async () => {
    const jobs = await opened()
    await jobs.show({ tab: 'running', search: '' })
    backend.change(fakeJob({ ...running, status: 'COMPLETED' }))
    expect(jobs.jobs[0]?.state).toBe('COMPLETED')
    expect(jobs.outcomes.map(({ id }) => id)).toEqual([running.id])
    expect(jobs.running).toBe(0)
  })

  test('does not take a new job into a part of the list where it does not belong', async () => {
    const jobs = await opened()
    await jobs.show({ tab: 'failed', search: '' })
    backend.change(fakeJob({ status: 'QUEUED' }))
    expect(jobs.jobs).toEqual([])
  })

  test('of two quick searches shows the answer to the later one', async () => {
    backend.world.jobs = [fakeJob({ status_title: 'Alpha' }), fakeJob({ status_title: 'Beta' })]
    const jobs = await opened()
    const answers = backend.delay('Jobs.List')
    const first = jobs.show({ tab: 'all', search: 'alpha' })
    const second = jobs.show({ tab: 'all', search: 'beta' })
    await flushPromises()
    answers.release(1)
    await flushPromises()
    answers.release()
    await Promise.all([first, second])
    expect(jobs.jobs.map(({ title }) => title)).toEqual(['Beta'])
  })

  test('counts what matches anew when something has changed while the list is filtered', async () => {
    const jobs = await opened()
    await jobs.show({ tab: 'all', search: 'alpha' })
    expect(jobs.counts).toMatchObject({ FAILED: 0, RUNNING: 0 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    backend.change(fakeJob({ status: 'FAILED', status_title: 'Alpha' }))
    backend.change(fakeJob({ status: 'FAILED', status_title: 'Beta' }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(jobs.counts).toMatchObject({ FAILED: 1, RUNNING: 0 })
    expect(jobs.allCounts).toMatchObject({ RUNNING: 1, FAILED: 2 })
  })

  test('takes a new job into a search when the backend finds it, whatever its title says', async () => {
    const jobs = await opened()
    await jobs.show({ tab: 'all', search: 'alpha' })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const found = fakeJob({ status_title: 'Beta', extra_metadata: { note: 'alpha' } })
    backend.change(fakeJob({ status_title: 'Beta' }))
    backend.change(found)
    expect(jobs.jobs).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([found.id])
    backend.change(fakeJob({ status_title: 'Beta' }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(jobs.jobs.map(({ id }) => id)).toEqual([found.id])
  })

  test('shows page after page without showing any job twice', async () => {
    backend.world.jobs = Array.from({ length: 120 }, () => fakeJob())
    const jobs = await opened()
    expect(jobs.jobs).toHaveLength(50)
    await jobs.showMore()
    await jobs.showMore()
    expect(new Set(jobs.jobs.map(({ id }) => id)).size).toBe(120)
    expect(jobs.next).toBeNull()
  })

  test('stays as deep as it was when it is fetched anew', async () => {
    backend.world.jobs = Array.from({ length: 400 }, () => fakeJob())
    const jobs = await opened()
    await jobs.showMore()
    await jobs.renew()
    expect(jobs.jobs).toHaveLength(250)
  })

  test('says why it is not there, and comes when it is asked again', async () => {
    backend.refuse('Jobs.List', { code: 'internal', message: 'No.' })
    const jobs = await opened()
    expect(jobs.load).toMatchObject({ state: 'error', error: { code: 'internal', message: 'No.' } })
    backend.refuse('Jobs.List', null)
    await jobs.renew()
    expect(jobs.load.state).toBe('done')
  })
})
