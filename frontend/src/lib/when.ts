import type { Job } from '@/api/types'
import { readCron, writeCron } from './cron'

/** When a job starts, as a person puts it together. */
export interface When {
  kind: 'now' | 'at' | 'in' | 'again'
  /** For "at": a day as YYYY-MM-DD. */
  day: string
  /** For "at", and for the rules that name a time of the day. */
  hour: number
  minute: number
  /** For "in". */
  delay: Span
  rule: Rule
  /** For the rule "weekly": 0 is Sunday. */
  days: number[]
  /** For the rule "monthly". */
  date: number
  /** For the rule "every". */
  every: Span
  /** For the rule "every": how many times, or "" without end. */
  times: string
  /** For the rule "own": cron, as it is written. */
  cron: string
  zone: string
  /** A run that the laptop was off for is made up once, when it is on again. */
  catchUp: boolean
  /** Minutes to wait before a failed run is tried again, or "" for what the task does of itself. */
  retryMinutes: string
  /** How often it is tried again, or "" without limit. */
  retries: string
  /** high, regular, low, or "" for that of the task. */
  priority: string
}

export const rules = ['daily', 'weekly', 'monthly', 'every', 'own'] as const
export type Rule = (typeof rules)[number]

export const spanUnits = ['minutes', 'hours', 'days'] as const
export type SpanUnit = (typeof spanUnits)[number]

export interface Span {
  count: string
  unit: SpanUnit
}

const seconds: Record<SpanUnit, number> = { minutes: 60, hours: 3600, days: 86_400 }

/** A day in the form in which it is chosen, by the calendar of this laptop. */
export function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** Now at first; whoever chooses a time is offered this evening. */
export function nowWhen(now: Date): When {
  const evening = now.getHours() < 20
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  return {
    kind: 'now',
    day: dayOf(evening ? now : tomorrow),
    hour: 20,
    minute: 0,
    delay: { count: '30', unit: 'minutes' },
    rule: 'daily',
    days: [1],
    date: 1,
    every: { count: '2', unit: 'days' },
    times: '',
    cron: '',
    zone: '',
    catchUp: true,
    retryMinutes: '',
    retries: '',
    priority: '',
  }
}

/** The hours of the evening at which work can be put off to tonight. */
const evenings = [20, 23]

/** This evening as a start, or null when it is too late for that. */
export function tonight(now: Date): When | null {
  const hour = evenings.find((evening) => now.getHours() < evening)
  return hour === undefined ? null : { ...nowWhen(now), kind: 'at', day: dayOf(now), hour }
}

/** What the backend is asked for; numbers that are none stay text, for it to refuse. */
export function enqueueArgsOf(when: When): Record<string, unknown> {
  return {
    ...startOf(when),
    ...(when.kind === 'again' && { catch_up: when.catchUp ? 'once' : 'skip' }),
    ...(when.retryMinutes !== '' && { retry_interval: times(when.retryMinutes, 60) }),
    ...(when.retryMinutes !== '' && when.retries !== '' && { max_retries: times(when.retries, 1) }),
    ...(when.priority !== '' && { priority: when.priority }),
  }
}

function startOf(when: When): Record<string, unknown> {
  switch (when.kind) {
    case 'now':
      return {}
    case 'at':
      return { enqueue_at: momentOf(when).toISOString() }
    case 'in':
      return { enqueue_in: spanOf(when.delay) }
    case 'again':
      return againOf(when)
  }
}

function momentOf({ day, hour, minute }: When): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, hour, minute)
}

function againOf(when: When): Record<string, unknown> {
  const { hour, minute, days, date } = when
  const zoned = (rule: string) => ({ cron: when.zone ? `CRON_TZ=${when.zone} ${rule}` : rule })
  switch (when.rule) {
    case 'daily':
      return zoned(writeCron({ kind: 'daily', hour, minute }))
    case 'weekly':
      return zoned(writeCron({ kind: 'weekly', days, hour, minute }))
    case 'monthly':
      return zoned(writeCron({ kind: 'monthly', day: date, hour, minute }))
    case 'every':
      return {
        enqueue_in: spanOf(when.every),
        repeat_interval: spanOf(when.every),
        repeat: when.times === '' ? null : further(when.times),
      }
    case 'own':
      return { cron: when.cron }
  }
}

function spanOf({ count, unit }: Span): unknown {
  return times(count, seconds[unit])
}

/** "Three times" is a first run and two further ones. */
function further(count: string): unknown {
  const all = times(count, 1)
  return typeof all === 'number' ? all - 1 : all
}

function times(count: string, factor: number): unknown {
  const number = Number(count.trim().replace(',', '.'))
  return count.trim() === '' || Number.isNaN(number) ? count : number * factor
}

/** The schedule that a job has, for changing it. */
export function whenOf(job: Job, now: Date): When {
  const when = nowWhen(now)
  const { rules: has, scheduled } = job
  if (scheduled) {
    when.day = dayOf(scheduled)
    when.hour = scheduled.getHours()
    when.minute = scheduled.getMinutes()
  }
  when.kind = scheduled && scheduled > now ? 'at' : 'now'
  if (has.catchUp !== '') when.catchUp = has.catchUp === 'once'
  if (has.retrySeconds !== null) when.retryMinutes = String(has.retrySeconds / 60)
  if (has.maxRetries !== null) when.retries = String(has.maxRetries)
  when.priority = job.priority
  if (has.cron !== '') takeCron(when, has.cron)
  else if (has.repeat !== 0 && has.everySeconds > 0) {
    when.kind = 'again'
    when.rule = 'every'
    when.every = spanFrom(has.everySeconds)
    when.times = has.repeat === null ? '' : String(has.repeat + 1)
  }
  return when
}

function takeCron(when: When, text: string): void {
  const { shape, zone } = readCron(text)
  when.kind = 'again'
  when.zone = zone
  when.cron = text
  when.rule = 'own'
  if (shape.kind === 'daily' || shape.kind === 'weekly' || shape.kind === 'monthly') {
    when.rule = shape.kind
    when.hour = shape.hour
    when.minute = shape.minute
  }
  if (shape.kind === 'weekly') when.days = shape.days
  if (shape.kind === 'monthly') when.date = shape.day
}

/** A number of seconds in the largest unit that it is whole in. */
export function spanFrom(total: number): Span {
  const unit = spanUnits.findLast((name) => total % seconds[name] === 0) ?? 'minutes'
  return { count: String(total / seconds[unit]), unit }
}
