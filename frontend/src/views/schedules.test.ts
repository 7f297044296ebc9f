import { beforeEach, expect, test, vi } from 'vitest'
import type { WireJob } from '@/api/wire'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

test('a schedule says when in words, its next runs, and what came of the last one', async () => {
  const window = await openWindow('/schedules')
  const rows = window.findAll('[data-testid=schedule-row]')
  expect(rows).toHaveLength(4)
  const backup = rows.find((row) => row.text().includes('Backup of the database'))
  expect(backup?.text()).toContain('Every day at 12:00 PM')
  expect(backup?.text()).toContain('Last time: Done')
  expect(backup?.findAll('[data-testid=next-runs] time')).toHaveLength(3)
  expect(window.findAll('h2').map((head) => head.text())).toEqual(['Coming', 'Again and again'])
  expect(await violations()).toEqual([])
})

test.each([
  ['en', 'Every Monday to Friday at 7:00', 'Every 6 hours'],
  ['de', 'Jede Woche Montag bis Freitag um 07:00', 'Alle 6 Stunden'],
  ['fr', 'Chaque semaine, du lundi au vendredi à 07:00', 'À intervalle de 6 heures'],
  ['es', 'Cada semana, de lunes a viernes, a las 7:00', 'Cada 6 horas'],
  ['ar', 'كل أسبوع، من الاثنين إلى الجمعة، الساعة ٧:٠٠', 'بين المرة والأخرى ٦ ساعات'],
])('a rule is said in %s as people say it', async (language, week, hours) => {
  localStorage.setItem('nectar.language', language)
  backend.world.jobs = ['0 7 * * 1-5', '0 */6 * * *'].map((cron) =>
    fakeJob({ status: 'SCHEDULED', cron, scheduled_datetime: '2026-11-30T07:00:00.000Z' }),
  )
  const window = await openWindow('/schedules')
  const said = window.text().replaceAll(/\s/g, ' ') // a number and its unit stay on one line
  expect(said).toContain(week)
  expect(said).toContain(hours)
})

test.each([
  ['en', 'Every minute', 'Every hour'],
  ['de', 'Jede Minute', 'Jede Stunde'],
  ['fr', 'Toutes les minutes', 'Toutes les heures'],
  ['es', 'Cada minuto', 'Cada hora'],
  ['pt', 'A cada minuto', 'A cada hora'],
  ['sw', 'Kila dakika', 'Kila saa'],
  ['hi', 'हर मिनट', 'हर घंटे'],
  ['ar', 'كل دقيقة', 'كل ساعة'],
])('one is no number in a rule in %s', async (language, minutely, hourly) => {
  localStorage.setItem('nectar.language', language)
  const scheduled_datetime = '2026-11-30T07:00:00.000Z'
  backend.world.jobs = [
    ...['* * * * *', '*/1 * * * *', '@every 1m', '@every 1h'].map((cron) => ({ cron })),
    { repeat: null, repeat_interval: 3600 },
  ].map((facts) => fakeJob({ status: 'SCHEDULED', scheduled_datetime, ...facts }))
  const window = await openWindow('/schedules')
  const rows = window.findAll('[data-testid=schedule-row]')
  const words = [minutely, minutely, minutely, hourly, hourly]
  expect(rows).toHaveLength(words.length)
  for (const [at, row] of rows.entries()) expect(row.text()).toContain(words[at])
})

test('a run that was missed is said, and what became of it', async () => {
  vi.setSystemTime(new Date(2026, 10, 26, 14, 5))
  const missed_run = new Date(2026, 10, 25, 20, 0).toISOString()
  const row = async (catch_up: string, extra_metadata: WireJob['extra_metadata']) => {
    const job = backend.world.jobs.find(({ type }) => type === 'device.backup')
    backend.change(fakeJob({ ...job, catch_up, extra_metadata }))
    const window = await openWindow('/schedules')
    return window.get(`[data-job-id="${job?.id ?? ''}"]`).text()
  }
  expect(await row('once', { missed_run })).toContain('Missed yesterday 8:00 PM, made up for')
  expect(await row('skip', { missed_run })).toContain('Missed yesterday 8:00 PM, left out')
  expect(await row('skip', {})).toContain('Missed runs are left out')
  expect(await row('once', {})).not.toContain('Missed')
})

test('a schedule runs now, is paused, and goes on', async () => {
  const window = await openWindow('/schedules')
  const id = backend.world.jobs.find(({ type }) => type === 'device.backup')?.id ?? ''
  const row = () => window.get(`[data-job-id="${id}"]`)
  await row().get('[data-testid=schedule-pause]').trigger('click')
  await settle()
  expect(called('Jobs.Pause')).toEqual([[id]])
  expect(row().text()).toContain('does not run until it goes on')
  await row().get('[data-testid=schedule-resume]').trigger('click')
  await settle()
  expect(called('Jobs.Resume')).toEqual([[id]])
})

test('the time of a schedule is changed in the same way as it is chosen', async () => {
  const id = backend.world.jobs.find(({ type }) => type === 'device.backup')?.id ?? ''
  const window = await openWindow(`/schedules/${id}`)
  const often = window.get('[data-testid="field-How often?"] select').element as HTMLSelectElement
  expect(often.value).toBe('daily')
  await window.get('[data-testid=field-Time] select').setValue(String(15 * 60))
  expect(await violations()).toEqual([])
  await window.get('[data-testid=edit-schedule]').trigger('submit')
  await settle()
  expect(called('Jobs.Reschedule')).toEqual([
    [id],
    { cron: '0 15 * * *', catch_up: 'once', priority: 'regular' },
  ])
  await shown(window, 'schedule-row')
  expect(window.get('h1').text()).toBe('Schedules')
})

test('deleting says what is lost, and asks', async () => {
  const window = await openWindow('/schedules')
  const before = window.findAll('[data-testid=schedule-row]').length
  await window.get('[data-testid=schedule-row] [data-testid=more]').trigger('click')
  await settle()
  document.querySelector<HTMLElement>('[data-testid=menu-delete]')?.click()
  await settle()
  expect(document.body.textContent).toContain('This cannot be undone')
  expect(called('Jobs.Delete')).toBeUndefined()
  document.querySelector<HTMLElement>('[data-testid=delete-confirm]')?.click()
  await settle()
  expect(window.findAll('[data-testid=schedule-row]')).toHaveLength(before - 1)
})

test('what is planned stands in the list of all jobs as well, under its own tab', async () => {
  const window = await openWindow('/jobs')
  await window.get('[data-testid=tab-scheduled]').trigger('click')
  await vi.waitFor(() => {
    expect(window.text()).toContain('Backup of the database')
  })
  await window.get('[data-testid=tab-waiting]').trigger('click')
  await vi.waitFor(() => {
    expect(window.text()).not.toContain('Backup of the database')
  })
})

test('with nothing planned it says what comes here', async () => {
  installFakeBackend(emptyWorld())
  const window = await openWindow('/schedules')
  expect(window.get('[data-testid=empty]').text()).toContain('Nothing is planned')
  expect(await violations()).toEqual([])
})

test('why they cannot be listed is said', async () => {
  backend.refuse('Jobs.Schedules', { code: 'no_read', message: 'This cannot be read.' })
  const window = await openWindow('/schedules')
  expect(window.get('[data-testid=failure]').text()).toContain('This cannot be read.')
})
