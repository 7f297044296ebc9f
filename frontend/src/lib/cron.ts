/**
 * Cron rules as people say them. Whatever a person can choose in the window is
 * one of these shapes; a rule of another shape is shown as it is written.
 */

interface Clock {
  hour: number
  minute: number
}

export type CronShape =
  | ({ kind: 'daily' } & Clock)
  /** 0 is Sunday, as in cron. */
  | ({ kind: 'weekly'; days: number[] } & Clock)
  | ({ kind: 'monthly'; day: number } & Clock)
  | { kind: 'hourly'; minute: number }
  | { kind: 'interval'; seconds: number }
  | { kind: 'own' }

export interface CronRule {
  shape: CronShape
  /** The zone whose clock is meant, or "" for that of this laptop. */
  zone: string
  text: string
}

const descriptors: Record<string, string> = {
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@hourly': '0 * * * *',
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export function readCron(text: string): CronRule {
  const zoned = /^(?:CRON_TZ|TZ)=(\S+)\s+(.+)$/.exec(text.trim())
  const zone = zoned?.[1] ?? ''
  const rule = zoned?.[2] ?? text.trim()
  return { shape: shapeOf(descriptors[rule] ?? rule), zone, text }
}

function shapeOf(rule: string): CronShape {
  const every = /^@every\s+(\S+)$/.exec(rule)
  if (every) return intervalOf(every[1] ?? '')
  const [minute = '', hour = '', date = '', month = '', weekday = '', ...rest] = rule.split(/\s+/)
  const at = { hour: whole(hour, 23), minute: whole(minute, 59) }
  const everyDay = date === '*' && weekday === '*'
  if (rest.length > 0 || month !== '*') return { kind: 'own' }
  const minutes = minute === '*' ? 1 : stepOf(minute)
  if (minutes && hour === '*' && everyDay && 60 % minutes === 0)
    return { kind: 'interval', seconds: minutes * 60 }
  const hours = stepOf(hour)
  if (hours && at.minute === 0 && everyDay && 24 % hours === 0)
    return { kind: 'interval', seconds: hours * 3600 }
  if (at.minute === null) return { kind: 'own' }
  if (hour === '*' && everyDay) return { kind: 'hourly', minute: at.minute }
  if (at.hour === null) return { kind: 'own' }
  const clock = { hour: at.hour, minute: at.minute }
  if (everyDay) return { kind: 'daily', ...clock }
  if (date === '*') {
    const days = daysOf(weekday)
    return days ? { kind: 'weekly', days, ...clock } : { kind: 'own' }
  }
  const day = whole(date, 31)
  return day !== null && day > 0 && weekday === '*'
    ? { kind: 'monthly', day, ...clock }
    : { kind: 'own' }
}

/** How many a part goes on by that means every so many, 0 for any other part. */
function stepOf(part: string): number {
  return Number(/^\*\/(\d+)$/.exec(part)?.[1] ?? 0)
}

function whole(text: string, most: number): number | null {
  if (!/^\d{1,2}$/.test(text)) return null
  const value = Number(text)
  return value <= most ? value : null
}

function dayOf(text: string): number | null {
  const named = dayNames.indexOf(text.toLowerCase())
  if (named >= 0) return named
  return whole(text, 6) // the backend has no seventh
}

function daysOf(text: string): number[] | null {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [from, to] = part.split('-').map(dayOf)
    if (from === null || from === undefined || to === null) return null
    if (to === undefined) days.add(from)
    else if (to < from) return null
    else for (let day = from; day <= to; day += 1) days.add(day)
  }
  return [...days].toSorted((a, b) => a - b)
}

const units: Record<string, number> = { h: 3600, m: 60, s: 1 }

function intervalOf(text: string): CronShape {
  if (!/^(?:\d+[hms])+$/.test(text)) return { kind: 'own' }
  const seconds = [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  )
  return seconds > 0 ? { kind: 'interval', seconds } : { kind: 'own' }
}

/** The rule of a shape that a person chose; "" of one that is written by hand. */
export function writeCron(shape: CronShape): string {
  switch (shape.kind) {
    case 'daily':
      return `${shape.minute} ${shape.hour} * * *`
    case 'weekly':
      return `${shape.minute} ${shape.hour} * * ${shape.days.join(',')}`
    case 'monthly':
      return `${shape.minute} ${shape.hour} ${shape.day} * *`
    case 'hourly':
      return `${shape.minute} * * * *`
    case 'interval':
      return `@every ${shape.seconds}s`
    case 'own':
      return ''
  }
}
