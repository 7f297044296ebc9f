import type { Job } from '@/api/types'
import { isActive, isFinished } from './jobStates'

/** The group that a job was asked for in, or "". */
export function groupOf({ extra }: Job): string {
  const group = extra['group']
  return typeof group === 'string' ? group : ''
}

/** How jobs stand that were asked for together. */
export interface GroupSum {
  parts: number
  finished: number
  failed: number
  running: number
  problems: number
  /** Of all of it, by size where sizes are known. */
  fraction: number
  /** Bytes done and in all, as far as the parts know them. */
  done: number
  total: number
  /** Bytes a second of all that run. */
  rate: number
  /** Until the last of those that run is through, or null while nobody knows. */
  remainingSeconds: number | null
}

export function sumOf(jobs: readonly Job[]): GroupSum {
  const weights = jobs.map(weightOf)
  const weight = weights.reduce((sum, each) => sum + each, 0)
  const reached = jobs.reduce(
    (sum, job, index) => sum + (weights[index] ?? 0) * (isFinished(job.state) ? 1 : job.fraction),
    0,
  )
  const inBytes = jobs.filter(({ unit }) => unit === 'bytes')
  const add = (value: (job: Job) => number) => inBytes.reduce((sum, job) => sum + value(job), 0)
  const rate = add(({ rate }) => rate)
  const done = add(({ done }) => done)
  const total = add(({ total }) => total)
  const isKnown = jobs.every((job) => job.total > 0 || isFinished(job.state))
  return {
    parts: jobs.length,
    finished: jobs.filter(({ state }) => isFinished(state)).length,
    failed: jobs.filter(({ state }) => state === 'FAILED').length,
    running: jobs.filter(({ state }) => isActive(state)).length,
    problems: jobs.reduce((sum, { problemCount }) => sum + problemCount, 0),
    fraction: weight > 0 ? reached / weight : 0,
    done,
    total,
    rate,
    remainingSeconds: isKnown && rate > 0 && total > done ? (total - done) / rate : null,
  }
}

/**
 * The job whose state speaks for all of them, with the problems of all: what is
 * going on, else what went wrong, else what waits.
 */
export function leadOf(jobs: readonly Job[]): Job | undefined {
  const ways: ((job: Job) => boolean)[] = [
    ({ state }) => isActive(state),
    ({ state }) => state === 'FAILED',
    ({ state }) => !isFinished(state),
    ({ problemCount }) => problemCount > 0,
    ({ state }) => state === 'CANCELED',
  ]
  for (const way of ways) {
    const found = jobs.find(way)
    if (found) return { ...found, problemCount: sumOf(jobs).problems }
  }
  return jobs[0]
}

/** Parts of unknown size count alike. */
function weightOf({ total, extra }: Job): number {
  const size = extra['file_size']
  return total || (typeof size === 'number' ? size : 0) || 1
}
