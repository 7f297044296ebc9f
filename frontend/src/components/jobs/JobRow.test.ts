import { describe, expect, test } from 'vitest'
import type { Job } from '@/api/types'
import { jobFactory } from '@/test/factories'
import { mountComponent } from '@/test/mount'
import JobRow from './JobRow.vue'

async function said(job: Job, language: 'en' | 'de' | 'ar' = 'en') {
  const row = await mountComponent(JobRow, { job }, language)
  return {
    row,
    state: row.get('[data-testid=job-state]').text(),
    // Some languages keep a number and its unit on one line by a space of their own.
    line: row.get('[data-testid=job-line]').text().replaceAll('\u00a0', ' '),
    buttons: row.findAll('button').map((button) => button.text() || 'More'),
  }
}

describe('the row of a job', () => {
  test('that runs tells how far it is, how fast, and how long it still takes', async () => {
    const { row, state, line, buttons } = await said(jobFactory.running())
    expect(state).toBe('Running')
    expect(line).toBe('1.2 of 3.4 GB · 18 MB a second · about 2 minutes left')
    expect(buttons).toEqual(['Pause', 'Cancel'])
    const bar = row.get('[role=progressbar]')
    expect(bar.attributes('aria-valuenow')).toBe('35')
    expect(bar.attributes('aria-valuetext')).toContain('1.2 of 3.4 GB')
  })

  test('has the words of what can be done that fit, and the others in its menu', async () => {
    const failed = jobFactory.doneWithProblems()
    expect((await said(failed)).buttons).toEqual(['Retry problems', 'Clear', 'More'])
    expect((await said(failed, 'de')).buttons).toEqual(['Probleme wiederholen', 'More'])
  })

  test('without a total has a bar that promises nothing', async () => {
    const { row, line } = await said(jobFactory.preparing())
    expect(line).toBe('Getting ready')
    expect(row.get('[role=progressbar]').attributes('aria-valuenow')).toBeUndefined()
  })

  test('that waits says for what', async () => {
    expect((await said(jobFactory.waitingForDrive())).line).toBe('Waits for the drive SANDISK')
    expect((await said(jobFactory.queued())).line).toBe('Waits for its turn')
    expect((await said(jobFactory.afterOthers(1))).line).toBe('After 1 other job')
    expect((await said(jobFactory.afterOthers(12), 'de')).line).toBe('Nach 12 anderen Aufträgen')
    expect((await said(jobFactory.afterOthers(2), 'ar')).line).toBe('بعد مهمتين أخريين')
  })

  test('whose end cannot be stored says what it needs, and is not plainly running', async () => {
    const { row, line } = await said(jobFactory.waitingForRoom())
    expect(line).toContain('Waits for room on the disk: delete something')
    expect(row.find('.active').exists()).toBe(false)
    expect(row.find('.problem').exists()).toBe(true)
  })

  test('that was paused can go on', async () => {
    const { state, line, buttons } = await said(jobFactory.paused())
    expect([state, line]).toEqual(['Paused', '1.2 of 3.4 GB'])
    expect(buttons).toEqual(['Resume', 'Cancel'])
  })

  test('that never began says so, whether it is held or cancelled', async () => {
    const unbegun = { ...jobFactory.paused(), attempts: 0, done: 0, total: 0, text: '' }
    expect((await said(unbegun)).line).toBe('Not begun yet')
    expect((await said({ ...unbegun, state: 'CANCELED' })).line).toBe('Cancelled before it began')
    expect((await said({ ...unbegun, attempts: 1 })).line).toBe('')
  })

  test('that failed says why and can be restarted', async () => {
    const { state, line, buttons, row } = await said(jobFactory.failed())
    expect([state, line]).toEqual(['Failed', 'SANDISK went away during the work.'])
    expect(buttons).toEqual(['Restart', 'Clear'])
    expect(row.find('[role=progressbar]').exists()).toBe(false)
  })

  test('that is done says what came of it', async () => {
    const { state, line, buttons, row } = await said(jobFactory.done())
    expect([state, line]).toEqual(['Done', '214 resources · 3.4 GB'])
    expect(buttons).toEqual(['Clear', 'More'])
    expect(row.find('.done').exists()).toBe(true)
  })

  test('with problems is never plainly done', async () => {
    const { state, row, buttons } = await said(jobFactory.doneWithProblems())
    expect(state).toBe('Done, with 3 problems')
    expect(row.find('.done').exists()).toBe(false)
    expect(row.find('.problem').exists()).toBe(true)
    expect(buttons).toEqual(['Retry problems', 'Clear', 'More'])
  })

  test('that is being stopped says that it still stops', async () => {
    expect((await said(jobFactory.canceling())).state).toBe('Stopping')
  })

  test('speaks the language of the reader', async () => {
    expect((await said(jobFactory.running(), 'de')).line).toBe(
      '1,2 von 3,4 GB · 18 MB pro Sekunde · noch etwa 2 Minuten',
    )
    expect((await said(jobFactory.doneWithProblems(), 'ar')).state).toBe('اكتملت مع ٣ مشكلات')
  })

  test('never lets its bar go back within an attempt', async () => {
    const job = jobFactory.running()
    const row = await mountComponent(JobRow, { job })
    await row.setProps({ job: { ...job, fraction: 0.2 } })
    expect(row.get('[role=progressbar]').attributes('aria-valuenow')).toBe('35')
    await row.setProps({ job: { ...job, fraction: 0.2, attempts: 2 } })
    expect(row.get('[role=progressbar]').attributes('aria-valuenow')).toBe('20')
  })

  test('tells upward which button was pressed', async () => {
    const row = await mountComponent(JobRow, { job: jobFactory.running() })
    await row.get('[data-testid=job-cancel]').trigger('click')
    expect(row.emitted('act')).toEqual([['cancel']])
  })
})
