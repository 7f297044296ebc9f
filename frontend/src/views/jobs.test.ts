import type { VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { undoTime } from '@/stores/notices'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

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
  await vi.waitFor(() => {
    expect(statesShown(window)).toEqual(new Set(['FAILED']))
  })
  await window.get('[data-testid=job-select]').trigger('click')
  await press('select-everything')
  await press('bulk-restart')
  expect(called('Jobs.DoAll')).toBeUndefined()
  expect(document.body.textContent).toContain('Restart: 9 jobs?')
  await press('bulk-confirm')
  expect(called('Jobs.DoAll')).toEqual(['restart', { states: ['FAILED'], search: '' }])
})

test('the jobs that are chosen get another time, and who does not is said before', async () => {
  const window = await openWindow('/jobs')
  const rows = window.findAll('[data-testid=job-row]')
  const chosen = ['QUEUED', 'RUNNING', 'COMPLETED'].flatMap(
    (state) => rows.find((row) => row.attributes('data-status') === state) ?? [],
  )
  for (const row of chosen) await row.get('[data-testid=job-select]').trigger('click')
  await press('bulk-reschedule')
  expect(await violations()).toEqual([])
  expect(document.body.textContent).toContain('Change when: 2 jobs?')
  expect(document.body.textContent).toContain('1 is running or has ended and stays as it is.')
  expect(document.body.textContent).toContain('1 has ended and will run again.')
  backend.refuse('Jobs.Reschedule', {
    code: 'invalid_request',
    message: 'This is not possible.',
    fields: [{ field: 'enqueue_args.enqueue_at', message: 'This time is over.', index: 0 }],
  })
  await press('move-confirm')
  expect(document.body.textContent).toContain('This time is over.')
  backend.refuse('Jobs.Reschedule', null)
  await press('move-confirm')
  const [waiting, , over] = chosen.map((row) => row.attributes('data-job-id'))
  const [ids, when] = called('Jobs.Reschedule') as [string[], Record<string, unknown>]
  expect(new Set(ids)).toEqual(new Set([waiting, over]))
  expect(Object.keys(when)).toEqual(['enqueue_at'])
  expect(document.body.textContent).toContain('Change when: 2 jobs')
  expect(window.find('[data-testid=selection]').exists()).toBe(false)
})

test('of all that match what is to run gets another time, and what has ended where only that is looked at', async () => {
  const window = await openWindow('/jobs')
  await window.get('[data-status=QUEUED] [data-testid=job-select]').trigger('click')
  await press('select-everything')
  await press('bulk-reschedule')
  const waiting = backend.world.jobs.filter(({ status }) =>
    ['SCHEDULED', 'QUEUED', 'PAUSED'].includes(status),
  ).length
  expect(document.body.textContent).toContain(`Change when: ${String(waiting)} jobs?`)
  await press('move-confirm')
  const [query] = called('Jobs.RescheduleAll') as [{ states: string[] }]
  expect(new Set(query.states)).toEqual(new Set(['PENDING', 'SCHEDULED', 'QUEUED', 'PAUSED']))

  await window.get('[data-testid=tab-failed]').trigger('click')
  await vi.waitFor(() => {
    expect(statesShown(window)).toEqual(new Set(['FAILED']))
  })
  await window.get('[data-testid=job-select]').trigger('click')
  await press('select-everything')
  await press('bulk-reschedule')
  expect(document.body.textContent).toContain('9 have ended and will run again.')
  await press('move-keep')
  expect(backend.calls.filter(({ name }) => name === 'Jobs.RescheduleAll')).toHaveLength(1)
  expect(window.find('[data-testid=selection]').exists()).toBe(true)
})

test('what is cleared can be had back for a while, and only what can be cleared is', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const window = await openWindow('/jobs')
  const rows = window.findAll('[data-testid=job-row]')
  const over = rows.filter((row) => isOver(row.attributes('data-status'))).slice(0, 3)
  const onTheWay = rows.filter((row) => !isOver(row.attributes('data-status')))
  for (const row of [...onTheWay, ...over])
    await row.get('[data-testid=job-select]').trigger('click')
  const before = window.findAll('[data-testid=job-row]').length
  await press('bulk-clear')
  expect(document.body.textContent).toContain('3 jobs were cleared')
  expect(window.findAll('[data-testid=job-select]').length).toBeLessThanOrEqual(before)
  await press('undo')
  expect(called('Jobs.Clear')).toBeUndefined()

  await window.get('[data-status=COMPLETED] [data-testid=job-clear]').trigger('click')
  await settle()
  const id = backend.world.jobs.find(({ status }) => status === 'COMPLETED')?.id
  expect(window.find(`[data-job-id="${id ?? ''}"]`).exists()).toBe(false)
  await vi.advanceTimersByTimeAsync(undoTime)
  await settle()
  expect(called('Jobs.Clear')).toEqual([[id]])
})

test('a job that was cancelled while it ran is set going again by undo', async () => {
  const window = await openWindow('/jobs')
  const id = window.get('[data-status=RUNNING]').attributes('data-job-id')
  await window.get('[data-status=RUNNING] [data-testid=job-cancel]').trigger('click')
  await settle()
  expect(document.body.textContent).toContain('1 job was cancelled')
  await press('undo')
  expect(called('Jobs.Restart')).toBeUndefined()
  backend.change(
    fakeJob({ ...backend.world.jobs.find((job) => job.id === id), status: 'CANCELED' }),
  )
  await settle()
  expect(called('Jobs.Restart')).toEqual([[id]])
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

test('a job that failed says why, what to do, and has the one button for it beside that', async () => {
  const job = backend.world.jobs.find(
    ({ status, problem_count }) => status === 'FAILED' && problem_count === 0,
  )
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  const standing = window.get('[data-testid=job-standing]')
  expect(standing.text()).toContain(job?.error)
  expect(standing.text()).toContain(job?.advice)
  expect(standing.get('button').text()).toBe('Restart')
  expect(window.findAll('[data-testid=job-restart]')).toHaveLength(1)
  await press('job-restart')
  expect(called('Jobs.Restart')).toEqual([[job?.id]])
})

test('the problems of a job are retried alone', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  const again = window.findAll('button').filter((button) => button.text().startsWith('Retry'))
  expect(again.map((button) => button.text())).toEqual([
    'Retry problems',
    'Retry only these',
    'Retry only these',
  ])
  await again[0]?.trigger('click')
  await settle()
  expect(called('Jobs.RetryProblems')).toEqual([[job?.id]])
})

test('where all problems have one cause there is one button to retry them', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0) ?? fakeJob()
  const details = backend.world.details.get(job.id) ?? {}
  const problems = details.problems?.filter(({ code }) => code === details.problems?.[0]?.code)
  backend.world.details.set(job.id, { ...details, problems: problems ?? [] })
  const window = await openWindow(`/jobs/${job.id}`)
  expect(window.findAll('[data-testid=problem-group]')).toHaveLength(1)
  const again = window.findAll('button').filter((button) => button.text().startsWith('Retry'))
  expect(again.map((button) => button.text())).toEqual(['Retry problems'])
})

test('the problems of one cause are retried without the others', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  const groups = window.findAll('[data-testid=problem-group]')
  expect(groups.length).toBeGreaterThan(1)
  const [, second] = groups
  await second?.get('[data-testid=retry-cause]').trigger('click')
  await settle()
  const codes = [...new Set(backend.world.details.get(job?.id ?? '')?.problems?.map((p) => p.code))]
  const [ids, code] = called('Jobs.RetryCause') ?? []
  expect(ids).toEqual([job?.id])
  expect(codes).toContain(code)
  expect(await violations()).toEqual([])
})

test('problems stay in sight while they are tried again, until it is known what became of them', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0) ?? fakeJob()
  const { problems = [], ...details } = backend.world.details.get(job.id) ?? {}
  const window = await openWindow(`/jobs/${job.id}`)
  const rows = () => window.findAll('[data-testid=problem-row]').length
  const before = rows()
  expect(before).toBeGreaterThan(1)

  backend.world.details.set(job.id, { ...details, problems: [] })
  const again = fakeJob({ ...job, status: 'RUNNING', problem_count: 0, attempts: job.attempts + 1 })
  await press('job-retry_problems')
  backend.change(again)
  await settle()
  expect(rows()).toBe(before)

  const [left] = problems ?? []
  backend.world.details.set(job.id, { ...details, problems: left ? [left] : [] })
  backend.change({ ...again, status: 'COMPLETED', problem_count: 1 })
  await settle()
  expect(rows()).toBe(1)
  expect(window.get('[data-testid=job-standing]').text()).toContain('Done, with 1 problem')

  backend.world.details.set(job.id, { ...details, problems: [] })
  backend.change({ ...again, status: 'COMPLETED', problem_count: 0, attempts: again.attempts + 1 })
  await settle()
  expect(rows()).toBe(0)
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
  expect(window.find('[data-testid=rule-at-rest]').exists()).toBe(false)
  await press('job-cancel_series')
  expect(called('Jobs.CancelSeries')).toEqual([[job.id]])

  // The rule stays for a restart, and what that does is said.
  expect(window.text()).toContain('Every Monday to Friday at 7:00 AM')
  expect(window.get('[data-testid=rule-at-rest]').text()).toContain('then by this rule')
  expect(window.find('[data-testid=job-cancel_series]').exists()).toBe(false)
  await press('job-restart')
  expect(window.find('[data-testid=rule-at-rest]').exists()).toBe(false)
  expect(window.find('[data-testid=job-cancel_series]').exists()).toBe(true)
})

test('every job is counted under “All”, and once under another tab', async () => {
  const window = await openWindow('/jobs')
  const counts = new Map(
    window
      .findAll('[data-tab]')
      .map((tab) => [tab.attributes('data-tab'), Number(tab.get('.count').text())]),
  )
  const all = counts.get('all')
  counts.delete('all')
  expect(all).toBe(backend.world.jobs.length)
  expect([...counts.values()].reduce((sum, number) => sum + number, 0)).toBe(all)
})

describe('on the first day', () => {
  const byItself = { status: 'SCHEDULED', started_by: 'system', started_by_name: 'Nectar' } as const

  test('what the laptop plans by itself does not hide what this list is for', async () => {
    installFakeBackend(emptyWorld({ jobs: [fakeJob(byItself), fakeJob(byItself)] }))
    const window = await openWindow('/jobs')
    expect(window.get('[data-testid=empty]').text()).toContain('No jobs yet')
  })

  test('what a person has planned is there', async () => {
    const tonight = { status: 'SCHEDULED', status_title: 'Importing tonight' } as const
    installFakeBackend(emptyWorld({ jobs: [fakeJob(tonight), fakeJob(byItself)] }))
    const window = await openWindow('/jobs')
    expect(window.find('[data-testid=empty]').exists()).toBe(false)
    expect(window.get('[data-testid=job-row]').text()).toContain('Importing tonight')
    expect(window.get('[data-testid=tab-all] .count').text()).toBe('2')
  })
})

function isOver(status = ''): boolean {
  return ['COMPLETED', 'FAILED', 'CANCELED'].includes(status)
}

/** In which states the jobs of the list are. */
function statesShown(window: VueWrapper): Set<string | undefined> {
  return new Set(
    window.findAll('[data-testid=job-row]').map((row) => row.attributes('data-status')),
  )
}

test('the address says what of the list is shown, and follows what is chosen', async () => {
  const window = await openWindow('/jobs?tab=failed')
  expect(window.get('[data-testid=tab-failed]').attributes('aria-selected')).toBe('true')
  expect(statesShown(window)).toEqual(new Set(['FAILED']))
  await window.get('[data-testid=tab-running]').trigger('keydown', { key: 'Home' })
  await vi.waitFor(() => {
    expect(window.get('[data-testid=tab-all]').attributes('aria-selected')).toBe('true')
  })
  const kind = window.get<HTMLSelectElement>('select')
  await kind.setValue('device.backup')
  await settle()
  await vi.waitFor(() => {
    expect(backend.calls.findLast(({ name }) => name === 'Jobs.List')?.args[0]).toMatchObject({
      task: 'device.backup',
    })
  })
})

test('jobs stand under their days', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 4, 1, 12) }) // far from midnight
  onTestFinished(() => {
    vi.useRealTimers()
  })
  backend = installFakeBackend(demoWorld())
  const window = await openWindow('/jobs')
  const days = window.findAll('[data-head]').map((day) => day.text())
  expect(days[0]).toBe('Today')
  expect(new Set(days).size).toBe(days.length)
  expect(await violations()).toEqual([])
})

test('all is done by keys: going, choosing, pausing, looking for', async () => {
  const window = await openWindow('/jobs')
  const rows = window.findAll('[data-testid=job-row]')
  const link = (index: number) => rows[index]?.get('a').element as HTMLElement
  const press = async (key: string, more: Record<string, unknown> = {}) => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
    )
    await settle()
  }
  link(0).focus()
  await press('ArrowDown')
  expect(document.activeElement).toBe(link(1))
  await press('k')
  expect(document.activeElement).toBe(link(0))
  await press('x')
  await press('ArrowDown', { shiftKey: true })
  expect(window.get('[data-testid=selection]').text()).toContain('2 jobs chosen')
  await press('Escape')
  expect(window.find('[data-testid=selection]').exists()).toBe(false)
  await press('p')
  expect(called('Jobs.Pause')).toEqual([[rows[1]?.attributes('data-job-id')]])
  await press('f', { ctrlKey: true })
  expect((document.activeElement as HTMLElement).dataset['testid']).toBe('search')
})

test('of a hundred thousand jobs those in sight are drawn, and more come as they are scrolled to', async () => {
  backend.world.jobs = Array.from({ length: 1_000 }, () => fakeJob({ status: 'COMPLETED' }))
  const window = await openWindow('/jobs')
  expect(window.findAll('[data-testid=job-row]').length).toBeLessThan(40)
  const first = window.get('[data-testid=job-row]').attributes('data-job-id')
  expect(
    window.get('[data-testid=job-row]').element.parentElement?.getAttribute('aria-setsize'),
  ).toBe('1000')
  await window.get('[data-testid=job-row] [data-testid=more]').trigger('click')
  expect(window.findAll('[data-testid=more][aria-expanded=true]')).toHaveLength(1)
  const list = window.get('[aria-label="List of jobs"]').element
  list.getBoundingClientRect = () => new DOMRect(0, -3_000, 1_000, 4_400)
  globalThis.window.dispatchEvent(new Event('scroll'))
  await vi.waitFor(() => {
    expect(backend.calls.findLast(({ name }) => name === 'Jobs.List')?.args[0]).toMatchObject({
      limit: 200,
    })
  })
  expect(window.get('[data-testid=job-row]').attributes('data-job-id')).not.toBe(first)
  // The row was made over to another job, for which nobody has opened a menu.
  expect(window.findAll('[data-testid=more][aria-expanded=true]')).toHaveLength(0)
})

test('rows are made over where they stand while the list is scrolled, and are in order once it is at rest', async () => {
  backend.world.jobs = Array.from({ length: 1_000 }, () => fakeJob({ status: 'COMPLETED' }))
  const window = await openWindow('/jobs')
  const list = window.get('[aria-label="List of jobs"]').element
  const places = () => [...list.children].map((row) => Number(row.getAttribute('aria-posinset')))
  const inOrder = (numbers: number[]) => numbers.toSorted((one, other) => one - other)
  const before = [...list.children]
  list.getBoundingClientRect = () => new DOMRect(0, -1_400, 1_000, 4_400)
  globalThis.window.dispatchEvent(new Event('scroll'))
  await vi.waitFor(() => {
    expect(Math.max(...places())).toBeGreaterThan(before.length)
  })
  expect(places()).not.toEqual(inOrder(places()))
  expect([...list.children].slice(0, before.length)).toEqual(before)
  await vi.waitFor(() => {
    expect(places()).toEqual(inOrder(places()))
  })
})

test('the row that has the focus keeps it wherever the list is scrolled to', async () => {
  backend.world.jobs = Array.from({ length: 1_000 }, () => fakeJob({ status: 'COMPLETED' }))
  const window = await openWindow('/jobs')
  const list = window.get('[aria-label="List of jobs"]').element
  const link = list.querySelectorAll<HTMLElement>('[data-job-id] a')[3]
  const placeOf = () => link?.closest('li')?.getAttribute('aria-posinset')
  link?.focus()
  list.getBoundingClientRect = () => new DOMRect(0, -1_800, 1_000, 4_400)
  globalThis.window.dispatchEvent(new Event('scroll'))
  await vi.waitFor(() => {
    expect(placeOf()).toBe('4')
    const places = [...list.children].map((row) => Number(row.getAttribute('aria-posinset')))
    expect(places.slice(1)).not.toContain(4)
    expect(places.at(-1)).toBeGreaterThan(25)
  })
  expect(document.activeElement).toBe(link)
})

test('the page of a running job draws how fast it is, and says it in words', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const job = backend.world.jobs.find(({ status, rate }) => status === 'RUNNING' && rate > 0)
  if (!job) throw new Error('nothing runs')
  const window = await openWindow(`/jobs/${job.id}`)
  expect(window.find('[data-testid=job-rate]').exists()).toBe(false)
  for (const rate of [5e6, 12e6, 18e6, 9e6]) {
    vi.advanceTimersByTime(1_000)
    backend.change({ ...job, rate })
    await settle()
  }
  expect(window.get('[data-testid=job-rate]').text().replaceAll('\u00a0', ' ')).toBe(
    'Now 9 MB a second, at most 18 MB a second',
  )
  expect(await violations()).toEqual([])
})

test('a report of a job is copied that names what went wrong and when', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
  const window = await openWindow(`/jobs/${job?.id ?? ''}`)
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  await window.get('[data-testid=job-report]').trigger('click')
  const [[report] = ['']] = written.mock.calls
  expect(report).toContain(job?.status_title)
  expect(report).toContain('Problems')
  expect(report.split('\n').length).toBeGreaterThan(10)
})

test('a report of a job is saved where the person says', async () => {
  const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
  await openWindow(`/jobs/${job?.id ?? ''}`)
  backend.world.folder = ''
  await press('save-report')
  expect(called('Jobs.SaveReport')).toBeUndefined()
  backend.world.folder = '/home/amina/report.txt'
  await press('save-report')
  const [, name] = called('App.ChooseNewFile') ?? []
  expect(name).toMatch(/^Importing .* \d{4}-\d\d-\d\d\.txt$/)
  const [path, text] = called('Jobs.SaveReport') ?? []
  expect(path).toBe('/home/amina/report.txt')
  expect(text).toContain(job?.status_title)
  expect(document.body.textContent).toContain('The report was saved.')
  backend.refuse('Jobs.SaveReport', { code: 'disk_full', message: 'There is no room.' })
  await press('save-report')
  expect(document.body.textContent).toContain('There is no room.')
})

test('of a job that something else stopped all is begun once more, not its problems alone', async () => {
  const failed = { status: 'FAILED', problem_count: 2, error: 'It went away.' } as const
  const job = fakeJob({ ...failed, exception: 'source_gone' })
  const items = fakeJob({ ...failed, exception: 'items_failed' })
  backend.world.jobs = [job, items]
  const window = await openWindow(`/jobs/${job.id}`)
  expect(window.find('[data-testid=job-retry_problems]').exists()).toBe(false)
  await window.get('[data-testid=job-standing] [data-testid=job-restart]').trigger('click')
  expect(called('Jobs.Restart')).toEqual([[job.id]])
  await window.vm.$router.push(`/jobs/${items.id}`)
  await settle()
  expect(window.find('[data-testid=job-standing] [data-testid=job-retry_problems]').exists()).toBe(
    true,
  )
})

test('of a job that somebody cancelled the problems alone are not what is lacking', async () => {
  const job = fakeJob({ status: 'CANCELED', problem_count: 2 })
  backend.world.jobs = [job]
  const window = await openWindow(`/jobs/${job.id}`)
  expect(window.find('[data-testid=job-restart]').exists()).toBe(true)
  expect(window.find('[data-testid=job-retry_problems]').exists()).toBe(false)
})

test('of an attempt for problems alone that was stopped these are gone on with, and all can be begun once more', async () => {
  const job = fakeJob({ status: 'CANCELED', problem_count: 0, problems_only: true })
  const gone = fakeJob({
    status: 'FAILED',
    problem_count: 1,
    exception: 'source_gone',
    error: 'It went away.',
    problems_only: true,
  })
  backend.world.jobs = [job, gone]
  const window = await openWindow('/jobs')
  const row = window.get(`[data-job-id="${job.id}"]`)
  expect(row.find('[data-testid=job-restart]').exists()).toBe(true)
  await row.get('[data-testid=job-retry_problems]').trigger('click')
  expect(called('Jobs.RetryProblems')).toEqual([[job.id]])
  await window.vm.$router.push(`/jobs/${gone.id}`)
  await settle()
  await window.get('[data-testid=job-standing] [data-testid=job-retry_problems]').trigger('click')
  expect(called('Jobs.RetryProblems')).toEqual([[gone.id]])
})

test('a job that would end the same once more leads to where it is chosen', async () => {
  const args = { channel_id: 'c'.repeat(32), path: '/media/amina/SANDISK' }
  const job = fakeJob({ status: 'FAILED', exception: 'node_missing', error: 'Not there.', args })
  backend.world.jobs = [job]
  const window = await openWindow(`/jobs/${job.id}`)
  const choose = window.get('[data-testid=job-standing] [data-testid=job-choose-again]')
  expect(choose.text()).toBe('Choose again')
  expect(choose.attributes('href')).toContain('/import?source=')
  expect(window.find('[data-testid=job-standing] [data-testid=job-restart]').exists()).toBe(false)
  expect(await violations()).toEqual([])
  await window.vm.$router.push('/home')
  await settle()
  const offered = window.get('[data-testid=home-remedy]')
  expect(offered.text()).toBe('Choose again')
  expect(offered.attributes('href')).toContain('/import?source=')
  expect(await violations()).toEqual([])
})
