import { beforeEach, expect, test } from 'vitest'
import { violations } from '@/test/axe'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend
const group = 'a1b2c3'
const extra_metadata = { group }

beforeEach(() => {
  backend = installFakeBackend(
    emptyWorld({
      jobs: [
        fakeJob({
          status: 'RUNNING',
          status_title: 'Importing Algebra',
          progress: 1e9,
          total_progress: 2e9,
          percentage: 0.5,
          rate: 10e6,
          extra_metadata,
        }),
        fakeJob({
          status: 'COMPLETED',
          status_title: 'Importing Stories',
          progress: 2e9,
          total_progress: 2e9,
          percentage: 1,
          extra_metadata,
        }),
        fakeJob({ status: 'RUNNING', status_title: 'Importing Something else' }),
      ],
    }),
  )
})

test('jobs that were asked for together stand together, with one progress', async () => {
  const window = await openWindow(`/groups/${group}`)
  expect(window.get('h1').text()).toBe('2 imports together')
  expect(window.findAll('[data-testid=group-part]')).toHaveLength(2)
  expect(window.get('[data-testid=group-line]').text()).toBe(
    '1 of 2 have ended · 3.0 of 4 GB · 10 MB a second · about 2 minutes left',
  )
  expect(window.get('[data-testid=progress]').attributes('aria-valuenow')).toBe('75')
  expect(await violations()).toEqual([])
})

test('a word says how all of it stands, as on the page of one job', async () => {
  const window = await openWindow(`/groups/${group}`)
  const word = () => window.get('[data-testid=group-standing] [data-testid=job-state]').text()
  expect(word()).toBe('Running')
  const [running, done] = backend.world.jobs
  if (!running || !done) throw new Error('the group has two jobs')
  backend.change(fakeJob({ ...running, status: 'FAILED', error: 'It went away.' }))
  await settle()
  expect(word()).toBe('Failed')
  expect(window.get('[data-testid=group-standing]').classes()).toContain('failed')
  backend.change(
    fakeJob({ ...running, status: 'COMPLETED', problem_count: 2 }),
    fakeJob({ ...done, problem_count: 3 }),
  )
  await settle()
  expect(word()).toBe('Done, with 5 problems')
  expect(await violations()).toEqual([])
})

test('what has ended has no bar', async () => {
  const window = await openWindow(`/groups/${group}`)
  expect(window.find('[data-testid=progress]').exists()).toBe(true)
  const [running] = backend.world.jobs
  if (running) backend.change(fakeJob({ ...running, status: 'COMPLETED' }))
  await settle()
  const standing = window.get('[data-testid=group-standing]')
  expect(standing.find('[data-testid=progress]').exists()).toBe(false)
})

test('it follows its jobs to their end', async () => {
  const window = await openWindow(`/groups/${group}`)
  const [running] = backend.world.jobs
  if (running) backend.change(fakeJob({ ...running, status: 'FAILED', error: 'It went away.' }))
  await settle()
  expect(window.get('[data-testid=group-line]').text()).toContain('2 of 2 have ended')
  expect(window.get('[data-testid=group-line]').text()).toContain('1 failed')
  await window.get('[data-testid=group-restart]').trigger('click')
  expect(backend.calls.findLast(({ name }) => name === 'Jobs.Restart')?.args).toEqual([
    [running?.id],
  ])
})

test('all of it is stopped at once, and nothing else', async () => {
  const window = await openWindow(`/groups/${group}`)
  await window.get('[data-testid=group-cancel]').trigger('click')
  await settle()
  expect(backend.calls.findLast(({ name }) => name === 'Jobs.DoAll')?.args).toEqual([
    'cancel',
    { group },
  ])
})

test('a group that was cleared leads back to the jobs', async () => {
  const window = await openWindow('/groups/none')
  expect(window.get('[data-testid=empty]').text()).toContain('no longer in the list')
  expect(await violations()).toEqual([])
})

test('in the list of jobs they are one row with one progress, and its parts below it when asked for', async () => {
  const window = await openWindow('/jobs')
  const row = window.get('[data-testid=group-row]')
  expect(row.text()).toContain('2 imports together')
  expect(row.text()).toContain('1 of 2 have ended')
  expect(row.get('[data-testid=progress]').attributes('aria-valuenow')).toBe('75')
  expect(window.findAll('[data-testid=job-row]')).toHaveLength(1)
  await row.get('[data-testid=group-unfold]').trigger('click')
  expect(window.findAll('[data-testid=job-row]')).toHaveLength(3)
  expect(row.get('[data-testid=group-unfold]').attributes('aria-expanded')).toBe('true')
  expect(await violations()).toEqual([])
})

test('what is done to their row is done to all of them', async () => {
  const window = await openWindow('/jobs')
  await window.get('[data-testid=group-row] [data-testid=job-select]').trigger('click')
  expect(window.get('[data-testid=selection]').text()).toContain('2 jobs chosen')
  await window.get('[data-testid=group-row] [data-testid=job-cancel]').trigger('click')
  await settle()
  const [running] = backend.world.jobs
  expect(backend.calls.find(({ name }) => name === 'Jobs.Cancel')?.args).toEqual([[running?.id]])
})

test('what went well is not begun anew with what went wrong', async () => {
  backend.world.jobs = (['FAILED', 'COMPLETED'] as const).map((status) =>
    fakeJob({ status, extra_metadata }),
  )
  const window = await openWindow('/jobs')
  await window.get('[data-testid=group-row] [data-testid=job-restart]').trigger('click')
  await settle()
  const [failed] = backend.world.jobs
  expect(backend.calls.find(({ name }) => name === 'Jobs.Restart')?.args).toEqual([[failed?.id]])
})
