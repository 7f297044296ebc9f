import type { Job, Unit } from '@/api/types'
import { useFormat } from './useFormat'

function numberIn(value: unknown, key: string): number | null {
  if (typeof value !== 'object' || value === null) return null
  const found = (value as Record<string, unknown>)[key]
  return typeof found === 'number' ? found : null
}

/** What is said about a job: its state in a word, and the line that tells where it stands. */
export function useJobWords() {
  const { t, te, count, number, size, sizePart, timeLeft, time, join } = useFormat()

  function stateWord(job: Job): string {
    return job.state === 'COMPLETED' && job.problemCount > 0
      ? count('job.doneWithProblems', job.problemCount)
      : t(`job.state.${job.state}`)
  }

  /** "1.2 of 3.4 GB", or "" as long as there is no total. */
  function amount(job: Job): string {
    if (job.total <= 0) return ''
    if (job.unit === 'bytes') return sizePart(job.done, job.total)
    const unit = job.unit === 'files' ? 'filesPart' : 'itemsPart'
    return count(`amount.${unit}`, job.total, { part: number(job.done) })
  }

  /** "18 MB a second"; "" when it says nothing. */
  function rateWords(rate: number, unit: Unit): string {
    if (rate <= 0 || unit === '') return ''
    if (unit === 'bytes') return t('amount.perSecond', { amount: size(rate) })
    const perSecond = Math.round(rate)
    return perSecond < 1
      ? ''
      : t('amount.perSecond', { amount: count(`amount.${unit}`, perSecond) })
  }

  /** What the task says of itself; a mere repetition of the state's word says nothing. */
  function said(job: Job): string {
    return job.text === t(`job.state.${job.state}`) ? '' : job.text
  }

  function running(job: Job): string {
    const left = job.remainingSeconds === null ? '' : timeLeft(job.remainingSeconds)
    return join(amount(job), rateWords(job.rate, job.unit), left) || said(job) || t('job.preparing')
  }

  function waiting(job: Job): string {
    const soFar = job.done > 0 ? t('job.soFar', { amount: amount(job) }) : ''
    if (!job.waiting) return join(said(job) || t('job.turn'), soFar)
    const { code, item } = job.waiting
    if (code === 'after_others') return join(count('job.waiting.after_others', Number(item)), soFar)
    const key = `job.waiting.${code}`
    // The backend says when a server is asked again.
    if (code === 'server' && said(job)) return join(said(job), soFar)
    return join(te(key) ? t(key, { item }) : said(job) || t('job.waiting.other', { item }), soFar)
  }

  function outcome(job: Job): string {
    const resources = numberIn(job.result, 'resources_added')
    const bytes = numberIn(job.result, 'bytes_copied')
    return (
      said(job) ||
      join(
        resources === null ? '' : count('amount.resources', resources),
        bytes === null ? '' : size(bytes),
      )
    )
  }

  function unbegun(job: Job, word: 'notBegun' | 'neverBegan'): string {
    return job.attempts === 0 ? t(`job.${word}`) : ''
  }

  function line(job: Job, now: Date): string {
    switch (job.state) {
      case 'RUNNING':
        return job.waiting ? waiting(job) : running(job)
      case 'SELECTED':
      case 'PENDING':
        return said(job) || t('job.preparing')
      case 'CANCELING':
        return job.waiting ? waiting(job) : said(job) || t('job.stopping')
      case 'PAUSED':
        return job.waiting ? said(job) : amount(job) || said(job) || unbegun(job, 'notBegun')
      case 'QUEUED':
        return waiting(job)
      case 'SCHEDULED':
        // Why it failed before it was put off is said on its page.
        return job.scheduled
          ? join(t('job.starts', { time: time(job.scheduled, now) }), job.error ? '' : said(job))
          : said(job)
      case 'FAILED':
        return job.error ?? said(job)
      case 'COMPLETED':
        return outcome(job)
      case 'CANCELED':
        return said(job) || amount(job) || unbegun(job, 'neverBegan')
    }
  }

  return { stateWord, said, line, rateWords }
}
