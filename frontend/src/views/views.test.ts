import { beforeEach, describe, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

const refusal = { code: 'no_read', message: 'This cannot be read.', advice: 'Try another place.' }

describe('on the first day', () => {
  beforeEach(() => installFakeBackend(emptyWorld()))

  test.each([
    ['/library', 'No channels on this laptop yet'],
    ['/import', 'No drive with channels found'],
    ['/jobs', 'No jobs yet'],
  ])('%s says what it is and what to do', async (path, words) => {
    const window = await openWindow(path)
    expect(window.get('[data-testid=empty]').text()).toContain(words)
    expect(await violations()).toEqual([])
  })
})

describe('on a busy day', () => {
  let backend: FakeBackend
  beforeEach(() => {
    backend = installFakeBackend(demoWorld())
  })

  test.each(['/library', '/import', '/import?source=/media/amina/SANDISK', '/jobs'])(
    '%s is sound for those who do not see it',
    async (path) => {
      await openWindow(path)
      expect(await violations()).toEqual([])
    },
  )

  test('the page of a job is sound, whatever became of the job', async () => {
    for (const { id } of backend.world.jobs.slice(0, 9)) {
      const window = await openWindow(`/jobs/${id}`)
      expect(await violations()).toEqual([])
      window.unmount()
    }
  })

  test('the topics of a channel unfold', async () => {
    const [channel] = backend.world.library
    const window = await openWindow(`/library/${channel?.id ?? ''}`)
    expect(window.get('h1').text()).toBe('Blockly Games')
    const rows = () => window.findAll('[data-testid=topic-row]').length
    const before = rows()
    await window.get('[data-testid=topic-open]').trigger('click')
    await settle()
    expect(rows()).toBe(before + 4)
    expect(await violations()).toEqual([])
  })

  test('the problems of a job stand by their cause, the first twenty of each', async () => {
    const job = backend.world.jobs.find(({ problem_count }) => problem_count > 0)
    const window = await openWindow(`/jobs/${job?.id ?? ''}`)
    const groups = window.findAll('[data-testid=problem-group]')
    expect(groups.map((group) => group.get('h3').text())).toEqual([
      expect.stringContaining('Files that are missing on the drive'),
      expect.stringContaining('Files that are damaged on the drive'),
    ])
    expect(groups[0]?.findAll('[data-testid=problem-row]')).toHaveLength(20)
  })

  test.each([
    ['/library', 'Library.Channels', 'The library cannot be shown'],
    ['/import', 'Sources.List', 'The drives cannot be listed'],
    ['/import?source=/media/amina/SANDISK', 'Sources.Channels', 'The channels cannot be listed'],
    ['/jobs', 'Jobs.List', 'The jobs cannot be listed'],
  ])('%s says why it failed, and tries again', async (path, method, words) => {
    backend.refuse(method, refusal)
    const window = await openWindow(path)
    const note = window.get('[data-testid=failure]')
    expect(note.text()).toContain(words)
    expect(note.text()).toContain('This cannot be read.')
    backend.refuse(method, null)
    await note.get('button').trigger('click')
    await settle()
    expect(window.find('[data-testid=failure]').exists()).toBe(false)
  })

  test('a job that is gone leads back to the list', async () => {
    const window = await openWindow('/jobs/none')
    expect(window.get('[data-testid=empty]').text()).toContain('no longer in the list')
  })

  test('a search without a match can be cleared', async () => {
    const window = await openWindow('/jobs')
    await window.get('[data-testid=search]').setValue('zzz')
    await vi.waitFor(() => {
      expect(window.get('[data-testid=empty]').text()).toContain('No job matches “zzz”')
    })
    await window.get('[data-testid=empty] button').trigger('click')
    await vi.waitFor(() => {
      expect(window.findAll('[data-testid=job-row]').length).toBeGreaterThan(9)
    })
  })

  test('cancel stops the job that it belongs to', async () => {
    const window = await openWindow('/jobs')
    await window.get('[data-status=RUNNING] [data-testid=job-cancel]').trigger('click')
    await settle()
    const id = backend.calls.find(({ name }) => name === 'Jobs.Cancel')?.args[0]
    expect(id).toEqual([backend.world.jobs[0]?.id])
    expect(
      window.get(`[data-job-id="${backend.world.jobs[0]?.id ?? ''}"]`).attributes('data-status'),
    ).toBe('CANCELING')
  })

  test('a refused action is told in the words of the backend', async () => {
    backend.refuse('Jobs.Pause', refusal)
    const window = await openWindow('/jobs')
    await window.get('[data-testid=job-pause]').trigger('click')
    await settle()
    expect(window.get('[role=alert]').text()).toContain('This cannot be read.')
  })

  test('what came of a job is said to those who do not see it', async () => {
    const window = await openWindow('/library')
    const [job] = backend.world.jobs
    if (job) backend.change({ ...job, status: 'COMPLETED', status_title: 'Importing Algebra' })
    await settle()
    const announcer = window.get('[data-testid=announcer]')
    expect(announcer.text()).toBe('Importing Algebra: Done')
    expect(announcer.attributes('aria-live')).toBe('polite')
  })

  test('closing while jobs run is asked about, and the answer goes to the backend', async () => {
    const window = await openWindow('/library')
    backend.emit('close-asked', { running: 2 })
    await settle()
    expect(document.body.textContent).toContain('2 jobs are running')
    document.querySelector<HTMLElement>('[data-testid=close-stop]')?.click()
    await settle()
    expect(backend.calls).toContainEqual({ name: 'App.AnswerClose', args: ['stop'] })
    expect(window.exists()).toBe(true)
  })

  test('whoever decides nothing about closing stays', async () => {
    await openWindow('/library')
    backend.emit('close-asked', { running: 2 })
    await settle()
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
    )
    await vi.waitFor(() => {
      expect(backend.calls).toContainEqual({ name: 'App.AnswerClose', args: ['stay'] })
    })
  })

  test('closing is asked about once, when the person says so', async () => {
    const window = await openWindow('/library')
    backend.emit('close-asked', { running: 1 })
    await settle()
    document
      .querySelector<HTMLElement>('[data-testid="field-Do so next time without asking"] input')
      ?.click()
    document.querySelector<HTMLElement>('[data-testid=close-stop]')?.click()
    await settle()
    const answered = () => backend.calls.filter(({ name }) => name === 'App.AnswerClose').length
    expect(answered()).toBe(1)
    backend.emit('close-asked', { running: 1 })
    await settle()
    expect(answered()).toBe(2)
    expect(window.exists()).toBe(true)
  })

  test('the next window remembers that closing is not asked about', async () => {
    const before = await openWindow('/settings')
    await before
      .get('[data-testid="field-Ask before closing while jobs run"] input')
      .setValue(false)
    before.unmount()
    await openWindow('/library')
    backend.emit('close-asked', { running: 1 })
    await settle()
    expect(backend.calls).toContainEqual({ name: 'App.AnswerClose', args: ['stop'] })
    expect(document.querySelector('[data-testid=dialog]')).toBeNull()
  })

  test('Arabic turns the window around', async () => {
    localStorage.setItem('nectar.language', 'ar')
    const window = await openWindow('/library')
    expect(document.documentElement.dir).toBe('rtl')
    expect(document.documentElement.lang).toBe('ar')
    expect(window.get('h1').text()).toBe('المكتبة')
    expect(backend.calls).toContainEqual({ name: 'App.SetLanguage', args: ['ar'] })
  })
})
