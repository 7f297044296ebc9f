import { jobStates } from '@/api/types'
import type { Counts, Job, JobState } from '@/api/types'

/**
 * The tabs over the list of jobs, and the states that each gathers: every state
 * stands under “All” and under exactly one other, so that the counts add up.
 */
export const jobTabs = {
  all: jobStates,
  running: ['RUNNING', 'SELECTED', 'CANCELING'],
  waiting: ['QUEUED', 'PAUSED', 'PENDING'],
  scheduled: ['SCHEDULED'],
  failed: ['FAILED'],
  done: ['COMPLETED', 'CANCELED'],
} as const satisfies Record<string, readonly JobState[]>

export type JobTab = keyof typeof jobTabs

export const jobTabNames = Object.keys(jobTabs) as JobTab[]

export function isJobTab(name: string): name is JobTab {
  return name in jobTabs
}

export function countOf(counts: Counts, tab: JobTab): number {
  const states: readonly JobState[] = jobTabs[tab]
  return states.reduce((total, state) => total + (counts[state] ?? 0), 0)
}

export function isInTab(job: Job, tab: JobTab): boolean {
  const states: readonly JobState[] = jobTabs[tab]
  return states.includes(job.state)
}

/** The laptop looks after itself by such jobs: they are always there, and nobody asked for them. */
export function isPlannedByItself({ state, isOfProgram }: Job): boolean {
  return state === 'SCHEDULED' && isOfProgram
}

export function isFinished(state: JobState): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELED'
}

export function isActive(state: JobState): boolean {
  return state === 'RUNNING' || state === 'SELECTED' || state === 'CANCELING'
}

/** The five meanings that a colour may have. None is shown without its icon and word. */
export type Tone = 'active' | 'done' | 'problem' | 'failed' | 'waiting'

export function toneOf(job: Job): Tone {
  switch (job.state) {
    case 'RUNNING':
    case 'SELECTED':
      return job.waiting ? 'problem' : 'active'
    case 'COMPLETED':
      return job.problemCount > 0 ? 'problem' : 'done'
    case 'FAILED':
      return 'failed'
    case 'PENDING':
    case 'SCHEDULED':
    case 'QUEUED':
    case 'PAUSED':
    case 'CANCELING':
    case 'CANCELED':
      return 'waiting'
  }
}
