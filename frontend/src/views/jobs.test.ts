import { beforeEach, expect, test } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

function press(testid: string) {
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click()
  return settle()
}

test('a stretch of jobs is chosen with shift, and what can be done to them is done at once', async () => {
  const window = await openWindow('/jobs')
  const ticks = window.findAll('[data-testid=job-select]')
  await ticks[0]?.trigger('click')
  await ticks[3]?.trigger('click', { shiftKey: true })
  expect(window.get('[data-testid=selection]').text()).toContain('4 jobs chosen')
  expect(await violations()).toEqual([])
  await press('bulk-cancel')
  const ids = backend.world.jobs.slice(0, 4).map(({ id }) => id)
  expect(called('Jobs.Cancel')).toEqual([ids])
  expect(window.find('[data-testid=selection]').exists()).toBe(false)
})

test('all that match are meant when the person says so, and they are counted before', async () => {
  const window = await openWindow('/jobs')
  await window.get('[data-testid=tab-failed]').trigger('click')
  await settle()
  await window.get('[data-testid=job-select]').trigger('click')
  await press('select-everything')
  await press('bulk-restart')
  expect(called('Jobs.DoAll')).toBeUndefined()
  expect(document.body.textContent).toContain('Restart: 9 jobs?')
  await press('bulk-confirm')
  expect(called('Jobs.DoAll')).toEqual(['restart', { states: ['FAILED'], search: '' }])
})

test('what is cleared in one go is asked about, and only what can be cleared is', async () => {
  const window = await openWindow('/jobs')
  for (const tick of window.findAll('[data-testid=job-select]').slice(0, 9))
    await tick.trigger('click')
  await press('bulk-clear')
  expect(document.body.textContent).toContain('This cannot be undone')
  await press('bulk-confirm')
  const [ids] = called('Jobs.Clear') as [string[]]
  expect(ids.length).toBeGreaterThan(0)
  expect(ids.length).toBeLessThan(9)
})

test('a job that waits can be put first, from its menu and by keys', async () => {
  const window = await openWindow('/jobs')
  const row = window.get('[data-status=QUEUED]')
  await row.get('[data-testid=more]').trigger('click')
  await settle()
  expect(await violations()).toEqual([])
  await press('menu-first')
  expect(called('Jobs.First')).toEqual([[row.attributes('data-job-id')]])
})

test('the jobs of one kind are held and let go', async () => {
  const window = await openWindow('/jobs')
  await window.get('header [data-testid=more]').trigger('click')
  await settle()
  await press('menu-content')
  expect(called('Jobs.PauseQueue')).toEqual(['content'])
  expect(window.get('[data-testid=held-queue]').text()).toContain('All jobs of “Channels” are held')
  expect(await violations()).toEqual([])
  await press('queue-release')
  expect(called('Jobs.ResumeQueue')).toEqual(['content'])
  expect(window.find('[data-testid=held-queue]').exists()).toBe(false)
})

test('a teacher sees what is held and cannot change it', async () => {
  backend.world.session = {
    ...backend.world.session,
    person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
  }
  backend.world.queues = [
    {
      name: 'content',
      paused: true,
      paused_since: '2026-11-25T12:00:00.000Z',
      counts: { QUEUED: 3 },
    },
  ]
  const window = await openWindow('/jobs')
  expect(window.get('[data-testid=held-queue]').text()).toContain('3 are waiting')
  expect(window.find('[data-testid=queue-release]').exists()).toBe(false)
})

test('the problems of a job are retried alone', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  const button = window.get('[data-testid=retry-problems]')
  expect(button.text()).toBe('Retry only these 27')
  await button.trigger('click')
  await settle()
  expect(called('Jobs.RetryProblems')).toEqual([[job?.id]])
})

test('the page of a repeating job says its rule, and its repeats can be ended', async () => {
  const job = fakeJob({
    status: 'SCHEDULED',
    cron: '0 7 * * 1-5',
    catch_up: 'once',
    scheduled_datetime: '2026-11-26T07:00:00.000Z',
  })
  backend.world.jobs.unshift(job)
  const window = await openWindow(`/jobs/${job.id}`)
  expect(window.text()).toContain('Every Monday to Friday at 7:00 AM')
  await press('job-cancel_series')
  expect(called('Jobs.CancelSeries')).toEqual([[job.id]])
})
