import { beforeEach, describe, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

/** The overview is fetched anew at most twice a second. */
async function renewed() {
  vi.advanceTimersByTime(600)
  await settle()
}

function stopTheClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
}

describe('the overview on the first day', () => {
  test('says what this is, and the one thing to do', async () => {
    backend = installFakeBackend(emptyWorld())
    const window = await openWindow('/')
    expect(window.get('h1').text()).toBe('Home')
    expect(window.get('[data-testid=empty]').text()).toContain('Bring the first channel')
    expect(window.find('[data-testid=home-sample]').exists()).toBe(true)
    expect(window.find('[data-testid=home-lead]').exists()).toBe(false)
    expect(await violations()).toEqual([])
  })

  test('is over for whoever has planned something, and not by what the laptop plans itself', async () => {
    const byItself = fakeJob({ status: 'SCHEDULED', started_by: 'system' })
    backend = installFakeBackend(emptyWorld({ jobs: [byItself] }))
    expect((await openWindow('/home')).find('[data-testid=empty]').exists()).toBe(true)
    const tonight = fakeJob({ status: 'SCHEDULED', status_title: 'Importing tonight' })
    backend = installFakeBackend(emptyWorld({ jobs: [byItself, tonight] }))
    const window = await openWindow('/home')
    expect(window.find('[data-testid=empty]').exists()).toBe(false)
    expect(window.text()).toContain('Importing tonight')
  })

  test('says to whoever may not import who can', async () => {
    const person = { id: 't', name: 'Tara', role: 'teacher', manage_content: false }
    const session = { person, locked: false, pins: false, set_up: true }
    backend = installFakeBackend(emptyWorld({ session }))
    const window = await openWindow('/home')
    expect(window.get('[data-testid=empty]').text()).toContain('Somebody who manages the content')
    expect(window.find('[data-testid=home-import]').exists()).toBe(false)
  })
})

describe('the overview on a busy day', () => {
  beforeEach(() => {
    backend = installFakeBackend(demoWorld())
  })

  test('answers in a sentence what is going on and whether anything is wrong', async () => {
    const window = await openWindow('/home')
    expect(window.get('[data-testid=home-lead]').text()).toMatch(
      /3 jobs are running\. \d+ things need you\./,
    )
    expect(window.findAll('[data-testid=home-running]')).toHaveLength(3)
    expect(window.findAll('[data-testid=home-next]')).toHaveLength(4)
    expect(window.findAll('[data-testid=home-arrival]')).toHaveLength(3)
    expect(await violations()).toEqual([])
  })

  test('asks the backend once, and never again while nothing changes', async () => {
    await openWindow('/home')
    stopTheClock()
    vi.advanceTimersByTime(3_600_000)
    await renewed()
    expect(backend.calls.filter(({ name }) => name === 'Home.Now')).toHaveLength(1)
  })

  test('moves with a running job, and looks anew only when a state changes', async () => {
    const window = await openWindow('/home')
    stopTheClock()
    const job = backend.world.jobs[0]
    if (!job) throw new Error('the demo has no job')
    const row = () => window.get(`[data-job-id="${job.id}"]`)
    backend.change({ ...job, progress: 2.9e9, percentage: 0.85 })
    await settle()
    expect(row().text()).toContain('2.9 of 3.4 GB')
    await renewed()
    const asked = () => backend.calls.filter(({ name }) => name === 'Home.Now').length
    const before = asked()
    backend.change({ ...job, progress: 3e9, percentage: 0.88 })
    await renewed()
    expect(asked()).toBe(before)
    backend.change(fakeJob({ ...job, status: 'COMPLETED' }))
    await renewed()
    expect(asked()).toBe(before + 1)
    expect(window.find(`[data-testid=home-running][data-job-id="${job.id}"]`).exists()).toBe(false)
  })

  test('says which drive is wanted, and how many jobs wait for it', async () => {
    const window = await openWindow('/home')
    const need = window.get('[data-testid=home-need]')
    expect(need.text()).toContain('Plug in the drive SANDISK')
    expect(need.text()).toContain('1 job waits for it')
  })

  test('says that the charger is wanted while the battery is too low, and the row of the job what it waits for', async () => {
    stopTheClock()
    const job = backend.world.jobs.find(({ status }) => status === 'RUNNING')
    const window = await openWindow('/home')
    const waiting = { code: 'power', item: '', since: '2026-11-23T12:00:00Z' }
    backend.change(fakeJob({ ...job, status: 'QUEUED', waiting }))
    await renewed()
    expect(window.text()).toContain('Plug in the charger')
    const jobs = await openWindow('/jobs')
    const row = jobs.get(`[data-testid=job-row][data-job-id="${job?.id ?? ''}"]`)
    expect(row.get('[data-testid=job-line]').text()).toContain('Waits for the charger')
  })

  test('says, as soon as it is so, that a full disk keeps a job from its end', async () => {
    stopTheClock()
    const job = backend.world.jobs.find(({ status }) => status === 'RUNNING')
    const window = await openWindow('/home')
    backend.change(fakeJob({ ...job }))
    await renewed()
    const waiting = { code: 'disk_full', item: '', since: '2026-11-23T12:00:00Z' }
    backend.change(fakeJob({ ...job, waiting }))
    await renewed()
    expect(window.text()).toContain('There is no room left on the disk: delete something')
    expect(window.text()).toContain('Waits for room on the disk: delete something')
    backend.change(fakeJob({ ...job, waiting: null }))
    await renewed()
    expect(window.text()).not.toContain('no room left on the disk')
  })

  test('says which jobs of a backup wait for a decision, and leads to them', async () => {
    backend.world.jobs = [
      fakeJob({
        status: 'PAUSED',
        waiting: { code: 'restored', item: '', since: '2026-11-25T12:00:00.000Z' },
      }),
    ]
    const window = await openWindow('/home')
    const need = window.get('[data-testid=home-need]')
    expect(need.text()).toContain('Jobs from the backup wait for you')
    expect(need.text()).toContain('1 job was waiting when the backup was made')
    expect(need.get('a').attributes('href')).toContain('tab=waiting')
  })

  test('what went wrong can be tried again from here, or set aside', async () => {
    const window = await openWindow('/home')
    const failed = backend.world.jobs.find(({ status }) => status === 'FAILED')
    const need = window
      .findAll('[data-testid=home-need]')
      .find((row) => row.text().includes('went away during the work'))
    expect(need?.text()).toContain('Connect it again')
    await need?.get('[data-testid=home-dismiss]').trigger('click')
    await settle()
    expect(called('Home.Dismiss')).toEqual([[failed?.id]])
    expect(window.text()).not.toContain('went away during the work')
    await window.get('[data-testid=home-remedy]').trigger('click')
    await settle()
    expect(
      backend.calls.some(({ name }) => /^Jobs\.(Restart|RunNow|RetryProblems)$/.test(name)),
    ).toBe(true)
  })

  test('counts what nobody has seen in the title of the window, until all is set aside', async () => {
    const window = await openWindow('/home')
    expect(document.title).toMatch(/^\(\d+\) Home – Nectar$/)
    expect(backend.world.title).toBe(document.title)
    await window.get('[data-testid=home-dismiss-all]').trigger('click')
    await settle()
    expect(document.title).toBe('Home – Nectar')
    expect(backend.world.title).toBe(document.title)
  })

  test('says when jobs are held and when there is little room', async () => {
    backend.world.queues = [
      { name: 'content', paused: true, paused_since: '2026-11-25T12:00:00.000Z', counts: {} },
    ]
    backend.world.freeBytes = 4e8
    const window = await openWindow('/home')
    expect(window.text()).toContain('All jobs of “Channels” are held')
    expect(window.text()).toContain('Only 400 MB left')
    await window.get('[data-testid=queue-release]').trigger('click')
    await settle()
    expect(called('Jobs.ResumeQueue')).toEqual(['content'])
    expect(window.text()).not.toContain('are held')
  })

  test('says when all is well', async () => {
    backend.world.jobs = backend.world.jobs.filter(({ status }) => status === 'CANCELED')
    const window = await openWindow('/home')
    expect(window.get('[data-testid=home-lead]').text()).toBe('Nothing is running. All is well.')
    expect(window.text()).toContain('Nothing is planned')
  })

  test('says why it cannot be shown, and tries again', async () => {
    backend.refuse('Home.Now', { code: 'no_read', message: 'This cannot be read.' })
    const window = await openWindow('/home')
    const note = window.get('[data-testid=failure]')
    expect(note.text()).toContain('This cannot be read.')
    backend.refuse('Home.Now', null)
    await note.get('button').trigger('click')
    await settle()
    expect(window.find('[data-testid=failure]').exists()).toBe(false)
  })

  test('is sound in Arabic', async () => {
    localStorage.setItem('nectar.language', 'ar')
    const window = await openWindow('/home')
    expect(document.documentElement.dir).toBe('rtl')
    expect(window.get('h1').text()).toBe('الرئيسية')
    expect(await violations()).toEqual([])
  })
})
