import { describe, expect, test } from 'vitest'
import { toJob } from '@/api/convert'
import { fakeJob } from '@/test/factories'
import { readCron } from './cron'
import { enqueueArgsOf, nowWhen, whenOf } from './when'

const now = new Date(2026, 10, 25, 12, 0)

test.each([
  ['0 20 * * *', { kind: 'daily', hour: 20, minute: 0 }],
  ['@daily', { kind: 'daily', hour: 0, minute: 0 }],
  ['15 12 * * 1', { kind: 'weekly', days: [1], hour: 12, minute: 15 }],
  ['0 7 * * Mon-Fri', { kind: 'weekly', days: [1, 2, 3, 4, 5], hour: 7, minute: 0 }],
  ['0 7 * * 0,6', { kind: 'weekly', days: [0, 6], hour: 7, minute: 0 }],
  ['0 7 * * 7', { kind: 'own' }],
  ['45 12 1 * *', { kind: 'monthly', day: 1, hour: 12, minute: 45 }],
  ['30 * * * *', { kind: 'hourly', minute: 30 }],
  ['*/15 * * * *', { kind: 'interval', seconds: 900 }],
  ['0 */6 * * *', { kind: 'interval', seconds: 21_600 }],
  ['0 */5 * * *', { kind: 'own' }],
  ['@every 1h30m', { kind: 'interval', seconds: 5400 }],
  ['0 0 1 1 *', { kind: 'own' }],
  ['0 0 1 * 1', { kind: 'own' }],
  ['*/7 * * * *', { kind: 'own' }],
  ['nonsense', { kind: 'own' }],
])('the rule %s is understood', (text, shape) => {
  expect(readCron(text).shape).toEqual(shape)
})

test('a zone in front is kept', () => {
  const rule = readCron('CRON_TZ=Africa/Nairobi 0 20 * * *')
  expect([rule.zone, rule.shape.kind]).toEqual(['Africa/Nairobi', 'daily'])
})

describe('the schedule of a job comes back as it was', () => {
  test.each([
    [
      { cron: '0 7 * * 1,5', catch_up: 'skip' },
      { cron: '0 7 * * 1,5', catch_up: 'skip' },
    ],
    [
      { cron: 'CRON_TZ=Africa/Nairobi 45 12 1 * *', catch_up: 'once' },
      { cron: 'CRON_TZ=Africa/Nairobi 45 12 1 * *', catch_up: 'once' },
    ],
    [
      { cron: '0 0 1 1 *', catch_up: 'once' },
      { cron: '0 0 1 1 *', catch_up: 'once' },
    ],
    [
      { repeat: null, repeat_interval: 172_800, catch_up: 'once' },
      { enqueue_in: 172_800, repeat: null, repeat_interval: 172_800, catch_up: 'once' },
    ],
    [
      { repeat: 2, repeat_interval: 3600, catch_up: 'once', retry_interval: 300, max_retries: 4 },
      {
        enqueue_in: 3600,
        repeat: 2,
        repeat_interval: 3600,
        catch_up: 'once',
        retry_interval: 300,
        max_retries: 4,
      },
    ],
  ])('%o', (facts, args) => {
    const job = toJob(fakeJob({ status: 'SCHEDULED', ...facts }))
    expect(enqueueArgsOf(whenOf(job, now))).toEqual({ ...args, priority: 'regular' })
  })
})

test('whoever chooses a time late is offered the next evening', () => {
  expect(nowWhen(new Date(2026, 10, 30, 21, 0))).toMatchObject({ day: '2026-12-01', hour: 20 })
})
