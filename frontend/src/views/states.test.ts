import type { VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend, World } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

// Every view that asks the backend for what it shows: where it is, what fills it, and by which
// data-testid it is there.
const views: [
  name: string,
  at: string | ((world: World) => string),
  method: string,
  ready: string,
][] = [
  ['home', '/home', 'Home.Now', 'home-lead'],
  ['library', '/library', 'Library.Channels', 'library-row'],
  ['channel', ({ library }) => `/library/${library[0]?.id ?? ''}`, 'Library.Tree', 'topic-row'],
  [
    'export',
    ({ library }) => `/library/${library[0]?.id ?? ''}/export`,
    'Sources.List',
    'export-folder',
  ],
  [
    'update',
    ({ library }) => `/library/${library[0]?.id ?? ''}/update?source=/media/amina/SANDISK`,
    'Sources.Diff',
    'update-line',
  ],
  ['import from', '/import', 'Sources.List', 'source-row'],
  ['import', '/import?source=/media/amina/SANDISK', 'Sources.Channels', 'channel-row'],
  ['jobs', '/jobs', 'Jobs.List', 'job-row'],
  ['job', ({ jobs }) => `/jobs/${jobs[0]?.id ?? ''}`, 'Jobs.Show', 'job-page'],
  ['schedules', '/schedules', 'Jobs.Schedules', 'schedule-row'],
  ['schedule', ({ jobs }) => `/schedules/${planned(jobs)}`, 'Jobs.Show', 'when'],
  ['new job', '/jobs/new', 'Jobs.Tasks', 'task-row'],
  ['form of a job', '/jobs/new/content.diskimport', 'Jobs.Tasks', 'new-job-start'],
  ['people', '/people', 'People.List', 'person-row'],
  ['person', ({ people }) => `/people/${people[0]?.id ?? ''}`, 'People.List', 'person-form'],
  ['settings', '/settings', 'Settings.List', 'open-backups'],
  ['backups', '/settings/backups', 'Device.Backups', 'backup-row'],
]

function planned(jobs: World['jobs']): string {
  return jobs.find(({ status }) => status === 'SCHEDULED')?.id ?? ''
}

const refusals = {
  failed: { code: 'no_read', message: 'This cannot be read.', advice: 'Try another place.' },
  forbidden: {
    code: 'forbidden',
    message: 'This needs a permission that you do not have.',
    advice: 'Ask a coordinator of this laptop.',
  },
}

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function open(at: string | ((world: World) => string)): Promise<VueWrapper> {
  return openWindow(typeof at === 'function' ? at(backend.world) : at)
}

/** Waits as long as the machine takes. */
function until(holds: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!holds()) throw new Error('not yet')
    },
    { timeout: 120_000 },
  )
}

function isThere(window: VueWrapper, testid: string): boolean {
  return window.find(`main [data-testid="${testid}"]`).exists()
}

describe.each(views)('%s', (_name, at, method, ready) => {
  test('while it is on its way a place is held for it, and then it is there', async () => {
    const answers = backend.delay(method)
    const window = await open(at)
    await until(() => isThere(window, 'loading'))
    expect(window.get('main h1').text()).not.toBe('')
    expect(await violations()).toEqual([])
    await until(() => {
      answers.release()
      return isThere(window, ready)
    })
    await until(() => !isThere(window, 'loading'))
  })

  test('while nothing happens it asks for nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const window = await open(at)
    expect(isThere(window, ready)).toBe(true)
    vi.advanceTimersByTime(5_000)
    await settle()
    const asked = backend.calls.length
    vi.advanceTimersByTime(600_000)
    await settle()
    expect(backend.calls.slice(asked)).toEqual([])
  })

  test.each(Object.entries(refusals))('when it %s it says why and what to do', async (_, why) => {
    backend.refuse(method, why)
    const window = await open(at)
    const note = window.get('main [data-testid=failure]')
    expect(note.text()).toContain(why.message)
    expect(note.text()).toContain(why.advice)
    expect(await violations()).toEqual([])
    backend.refuse(method, null)
    await note.get('button').trigger('click')
    await settle()
    expect(isThere(window, 'failure')).toBe(false)
    expect(isThere(window, ready)).toBe(true)
  })
})

// What a view can do without, for a while or for good: what is there is used meanwhile.
const parts: [
  name: string,
  at: string | ((world: World) => string),
  method: string,
  works: string,
][] = [
  ['home', '/home', 'Device.Offer', 'home-lead'],
  ['home', '/home', 'Sources.List', 'home-lead'],
  ['library', '/library', 'Sources.List', 'library-row'],
  ['library', '/library', 'Library.Space', 'library-row'],
  [
    'channel',
    ({ library }) => `/library/${library[0]?.id ?? ''}`,
    'Library.Thumbnails',
    'topic-row',
  ],
  ['import', '/import?source=/media/amina/SANDISK', 'Library.Channels', 'channel-row'],
  ['import', '/import?source=/media/amina/SANDISK', 'Sources.List', 'channel-row'],
  ['jobs', '/jobs', 'Jobs.Tasks', 'job-row'],
  ['jobs', '/jobs', 'Jobs.Queues', 'job-row'],
  ['job', ({ jobs }) => `/jobs/${jobs[0]?.id ?? ''}`, 'Jobs.Tasks', 'job-page'],
  ['schedule', ({ jobs }) => `/schedules/${planned(jobs)}`, 'Jobs.NextRuns', 'when'],
  ['form of a job', '/jobs/new/content.diskimport', 'Sources.List', 'new-job-start'],
  ['settings', '/settings', 'Device.Examine', 'open-backups'],
  ['settings', '/settings', 'Library.Space', 'open-backups'],
]

describe.each(parts)('%s, without one part (%s %s)', (_name, at, method, works) => {
  test('what is there is used while the rest is on its way', async () => {
    const answers = backend.delay(method)
    const window = await open(at)
    await until(() => isThere(window, works))
    await until(() => backend.calls.some(({ name }) => name === method))
    expect(isThere(window, 'failure')).toBe(false)
    expect(await violations()).toEqual([])
    await until(() => {
      answers.release()
      return isThere(window, works)
    })
  })

  test('what is there is used when the rest does not come', async () => {
    backend.refuse(method, refusals.failed)
    const window = await open(at)
    await until(() => isThere(window, works))
    expect(await violations()).toEqual([])
  })
})

describe('when the other computer is away', () => {
  const away = {
    code: 'no_server',
    message: 'The computer does not answer.',
    advice: 'See that it is on and in the same network.',
  }

  test('an address is told so where it was typed, and the drives are there as before', async () => {
    backend.refuse('Sources.Open', away)
    const window = await open('/import')
    await window.get('[data-testid=address] input').setValue('192.168.1.20')
    await window.get('[data-testid=address-go]').trigger('click')
    await settle()
    expect(window.get('main').text()).toContain(away.message)
    expect(isThere(window, 'source-row')).toBe(true)
    expect(await violations()).toEqual([])
  })

  test('a job waits for it, and says so in the list, on its page and at home', async () => {
    const waiting = { code: 'server', item: 'Office', since: new Date().toISOString() }
    const job = fakeJob({ status: 'QUEUED', waiting, created: new Date().toISOString() })
    backend.world.jobs.unshift(job)
    for (const at of ['/jobs', `/jobs/${job.id}`, '/home']) {
      const window = await open(at)
      expect(window.get('main').text()).toContain('Office')
      expect(await violations()).toEqual([])
      window.unmount()
    }
  })
})

describe('on a laptop that holds nothing yet', () => {
  test.each([
    ['/home', 'Bring the first channel to this laptop'],
    ['/library', 'No channels on this laptop yet'],
    ['/import', 'No drive with channels found'],
    ['/jobs', 'No jobs yet'],
    ['/groups/none', 'no longer in the list'],
    ['/schedules', 'Nothing is planned'],
    ['/settings/backups', 'There is no backup yet'],
  ])('%s says so, and what to do', async (path, words) => {
    backend = installFakeBackend(emptyWorld())
    const window = await openWindow(path)
    expect(window.get('main [data-testid=empty]').text()).toContain(words)
    expect(await violations()).toEqual([])
  })
})
