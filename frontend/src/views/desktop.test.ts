import { createPinia } from 'pinia'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { useTidings } from '@/stores/tidings'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend
let isInFront = false

beforeEach(() => {
  isInFront = false
  vi.spyOn(document, 'hasFocus').mockImplementation(() => isInFront)
})

const told = () => backend.calls.filter(({ name }) => name === 'App.Notify').map(({ args }) => args)

/** A job that was under way comes to its end. */
function end(id: string, status: 'COMPLETED' | 'FAILED' | 'CANCELED', type = 'content.diskimport') {
  backend.change(fakeJob({ id, type, status_title: `Job ${id}`, status: 'RUNNING' }))
  backend.change(fakeJob({ id, type, status_title: `Job ${id}`, status }))
}

async function wait(milliseconds: number) {
  await settle()
  vi.advanceTimersByTime(milliseconds)
  await settle()
}

function stopTheClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
}

async function openBehind() {
  backend = installFakeBackend(emptyWorld())
  await openWindow('/jobs')
  stopTheClock()
}

describe('while the window is not in front', () => {
  test('the person is told of a job that ended, and a click leads to it', async () => {
    await openBehind()
    end('7', 'COMPLETED')
    await wait(3_000)
    expect(told()).toEqual([['Job 7', 'Done', '/jobs/7']])
  })

  test('what ends together is told together, and nobody is told all the time', async () => {
    await openBehind()
    end('1', 'COMPLETED')
    end('2', 'FAILED')
    end('3', 'COMPLETED')
    await wait(3_000)
    expect(told()).toEqual([['3 jobs have ended', '1 of them failed', '/jobs']])
    end('4', 'COMPLETED')
    await wait(30_000)
    expect(told()).toHaveLength(1)
    await wait(30_000)
    expect(told()).toHaveLength(2)
  })

  test('what the person did, and what the laptop does for itself, is no news', async () => {
    await openBehind()
    end('1', 'CANCELED')
    end('2', 'COMPLETED', 'device.backup')
    await wait(90_000)
    expect(told()).toEqual([])
  })

  test('nobody is told who is back before it is said', async () => {
    await openBehind()
    end('1', 'COMPLETED')
    isInFront = true
    await wait(90_000)
    expect(told()).toEqual([])
  })
})

test('what ended while the window was in front is no news when the person looks away after it', async () => {
  await openBehind()
  isInFront = true
  end('1', 'COMPLETED')
  isInFront = false
  await wait(90_000)
  expect(told()).toEqual([])
})

test('whoever does not want to be told is not told in the next window either', async () => {
  backend = installFakeBackend(emptyWorld())
  const before = await openWindow('/settings')
  await before.get('[data-testid^="field-Say when a job"] input').setValue(false)
  before.unmount()
  await openBehind()
  end('1', 'COMPLETED')
  await wait(90_000)
  expect(told()).toEqual([])
})

test('nobody is told while the window is in front, nor who does not want it', async () => {
  backend = installFakeBackend(emptyWorld())
  isInFront = true
  const window = await openWindow('/settings')
  stopTheClock()
  end('1', 'COMPLETED')
  await wait(90_000)
  isInFront = false
  await window.get('[data-testid^="field-Say when a job"] input').setValue(false)
  end('2', 'COMPLETED')
  await wait(90_000)
  expect(told()).toEqual([])
})

test('what a job needs is told once, and not what was needed before the window opened', async () => {
  const waiting = (id: string, item: string) =>
    fakeJob({
      id,
      status: 'QUEUED',
      waiting: { code: 'drive', item, since: '2026-11-25T12:00:00.000Z' },
    })
  backend = installFakeBackend(emptyWorld({ jobs: [waiting('1', 'OLD')] }))
  await openWindow('/jobs')
  stopTheClock()
  backend.change(waiting('2', 'SANDISK'))
  await wait(600)
  await wait(3_000)
  backend.change(fakeJob({ id: '3', status: 'QUEUED' }))
  await wait(600)
  await wait(90_000)
  expect(told()).toEqual([
    ['Plug in the drive SANDISK', 'Jobs wait for it and go on by themselves.', '/home'],
  ])
})

describe('a folder that the program was given', () => {
  test('is imported from, also at the first start', async () => {
    backend = installFakeBackend(demoWorld())
    backend.world.given = '/media/amina/SANDISK'
    const window = await openWindow('/home')
    await vi.waitFor(() => {
      expect(window.find('[data-testid=channel-row]').exists()).toBe(true)
    })
  })

  test('comes to the window that is open', async () => {
    backend = installFakeBackend(demoWorld())
    const window = await openWindow('/jobs')
    backend.world.given = '/media/amina/SANDISK'
    backend.emit('folder-given', { waiting: 1 })
    await vi.waitFor(() => {
      expect(window.find('[data-testid=channel-row]').exists()).toBe(true)
    })
  })
})

test('a click elsewhere leads to a job, and to nothing that is no place of the window', async () => {
  backend = installFakeBackend(demoWorld())
  const window = await openWindow('/home')
  const [job] = backend.world.jobs
  backend.emit('place-asked', { place: '/settings/../people' })
  await settle()
  expect(window.get('h1').text()).toBe('Home')
  backend.emit('place-asked', { place: `/jobs/${job?.id ?? ''}` })
  await vi.waitFor(() => {
    expect(window.find('[data-testid=job-page]').exists()).toBe(true)
  })
})

test('only places that a notification names are led to', () => {
  backend = installFakeBackend(demoWorld())
  const led: string[] = []
  onTestFinished(useTidings(createPinia()).open((place) => led.push(place)))
  for (const place of ['/people', '/settings/../jobs', 'https://example.org', '/jobs/7/', '/home'])
    backend.emit('place-asked', { place })
  backend.emit('place-asked', { place: '/jobs/7' })
  expect(led).toEqual(['/home', '/jobs/7'])
})
