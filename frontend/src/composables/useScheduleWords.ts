import type { Job, Rules } from '@/api/types'
import { readCron } from '@/lib/cron'
import { formatList, formatTimeOfDay, formatWeekday } from '@/lib/format'
import { useFormat } from './useFormat'

/** When something happens again and again, in words. */
export function useScheduleWords() {
  const { t, te, count, number, duration, language } = useFormat()

  function clock(hour: number, minute: number): string {
    return formatTimeOfDay(language.value, hour, minute)
  }

  function weekday(day: number): string {
    return formatWeekday(language.value, day)
  }

  function days(chosen: number[]): string {
    if (chosen.join(',') === '1,2,3,4,5') {
      return t('when.said.span', { from: weekday(1), to: weekday(5) })
    }
    return formatList(language.value, chosen.map(weekday))
  }

  function cron(text: string): string {
    const { shape, zone } = readCron(text)
    const said = shapeWords(shape, text)
    return zone === '' || shape.kind === 'own' ? said : t('when.said.zoned', { said, zone })
  }

  function shapeWords(shape: ReturnType<typeof readCron>['shape'], text: string): string {
    switch (shape.kind) {
      case 'daily':
        return t('when.said.daily', { time: clock(shape.hour, shape.minute) })
      case 'weekly':
        return t('when.said.weekly', {
          days: days(shape.days),
          time: clock(shape.hour, shape.minute),
        })
      case 'monthly':
        return t('when.said.monthly', {
          day: number(shape.day),
          time: clock(shape.hour, shape.minute),
        })
      case 'hourly':
        return shape.minute === 0
          ? t('when.said.hourly')
          : t('when.said.hourlyAt', { minute: number(shape.minute) })
      case 'interval':
        return every(shape.seconds)
      case 'own':
        return t('when.said.own', { rule: text })
    }
  }

  function every(seconds: number): string {
    if (seconds === 60) return t('when.said.minutely')
    if (seconds === 3600) return t('when.said.hourly')
    return t('when.said.every', { span: duration(seconds * 1000) })
  }

  /** The rule by which a job runs again; "" when it runs once. */
  function rule({ cron: text, repeat, everySeconds }: Rules): string {
    if (text !== '') return cron(text)
    if (repeat === 0 || everySeconds === 0) return ''
    const said = every(everySeconds)
    return repeat === null ? said : count('when.said.more', repeat, { said })
  }

  /** What came of the run before, as far as there was one. */
  function lastResult({ lastOutcome }: Job): string {
    const key = `job.outcome.${lastOutcome?.toLowerCase() ?? ''}`
    return lastOutcome && te(key) ? t(key) : ''
  }

  /** When a run was due that was missed, as long as none has come in time since. */
  function missedRun({ extra: { missed_run } }: Job): Date | null {
    return typeof missed_run === 'string' ? new Date(missed_run) : null
  }

  return { rule, cron, clock, weekday, lastResult, missedRun }
}
