import type { Job } from '@/api/types'
import { isActive, isFinished } from './jobStates'

/** What can be done to jobs, in the words of the backend. */
export const jobActions = [
  'resume',
  'pause',
  'run_now',
  'retry_problems',
  'restart',
  'cancel',
  'first',
  'cancel_series',
  'clear',
  'delete',
] as const
export type JobAction = (typeof jobActions)[number]

export function repeats({ rules, isSeriesOver }: Job): boolean {
  return !isSeriesOver && (rules.cron !== '' || rules.repeat !== 0)
}

/** What was cancelled, or stopped by something else, lacks more than the items that failed until then, unless it was for such items alone. */
function areProblemsAll({ state, errorCode, problemCount, isForProblems }: Job): boolean {
  const isThrough = state === 'COMPLETED' || (state === 'FAILED' && errorCode === 'items_failed')
  return isForProblems || (problemCount > 0 && isThrough)
}

function isPossible(action: JobAction, job: Job): boolean {
  switch (action) {
    case 'resume':
      return job.state === 'PAUSED' && job.installed
    case 'pause':
      return job.pausable
    case 'run_now':
      return job.state === 'SCHEDULED' && job.installed
    case 'retry_problems':
      return job.restartable && areProblemsAll(job)
    case 'restart':
      return job.restartable
    case 'cancel':
      return job.cancellable
    case 'first':
      return job.state === 'QUEUED' && job.installed
    case 'cancel_series':
      return repeats(job) && job.cancellable
    case 'clear':
      return job.clearable
    case 'delete':
      return job.state === 'SCHEDULED' || (job.state === 'PAUSED' && repeats(job))
  }
}

/** What can be done to a job now, what is wanted most often first. */
export function actionsOf(job: Job): JobAction[] {
  return jobActions.filter((action) => isPossible(action, job))
}

/** Of what can be done: what stands in the row, and what is in its menu. */
export function arrange(job: Job): { near: JobAction[]; far: JobAction[] } {
  const possible = actionsOf(job)
  const near = possible.filter((action) => isNear(action, job)).slice(0, 2)
  return { near, far: possible.filter((action) => !near.includes(action)) }
}

/** How many letters of words fit into a row beside the icons, where its menu stands and where there is none. */
const room = { withMenu: 22, alone: 27 }

/** What stands in the row, and what is in its menu, when the words are so long; the first one always stands. */
export function arrangeFor(
  job: Job,
  lengthOf: (action: JobAction) => number,
): { near: JobAction[]; far: JobAction[] } {
  const { near, far } = arrange(job)
  const letters = near.reduce((sum, action) => sum + lengthOf(action), 0)
  if (letters <= (far.length > 0 ? room.withMenu : room.alone)) return { near, far }
  return { near: near.slice(0, 1), far: [...near.slice(1), ...far] }
}

/** A job that went well needs no restart in sight, and a problem is retried alone. */
function isNear(action: JobAction, job: Job): boolean {
  switch (action) {
    case 'restart':
      return job.state !== 'COMPLETED'
    case 'first':
    case 'cancel_series':
    case 'delete':
      return false
    case 'resume':
    case 'pause':
    case 'run_now':
    case 'retry_problems':
    case 'cancel':
    case 'clear':
      return true
  }
}

/** What can be done to at least one of the jobs. */
export function actionsOfSome(jobs: readonly Job[]): JobAction[] {
  return jobActions.filter((action) => jobs.some((job) => isPossible(action, job)))
}

/** The jobs that an action is possible for. */
export function able(action: JobAction, jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => isPossible(action, job))
}

/** Of several jobs those that can have another time, and how many of them run again and how many keep theirs. */
export function movable(jobs: readonly Job[]): Moving & { ids: string[] } {
  const moved = jobs.filter(({ state, installed }) => installed && !isActive(state))
  return {
    ids: moved.map(({ id }) => id),
    moved: moved.length,
    again: moved.filter(({ state }) => isFinished(state)).length,
    kept: jobs.length - moved.length,
  }
}

/** How many jobs get another time, how many of these have ended, and how many keep theirs. */
export interface Moving {
  moved: number
  again: number
  kept: number
}

/** Of several jobs in one row: those for which an action is among what is wanted most, so that none that went well begins anew. */
export function wanting(action: JobAction, jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => arrange(job).near.includes(action))
}

/** What sets right that an action was done to jobs which were so before; null where nothing does. */
export function undoOf(action: JobAction, before: readonly Job[]): JobAction | null {
  if (action === 'pause') return 'resume'
  // A planned job would be due at once after a restart, which it was not.
  const wasUnderWay = ({ state }: Job) => state === 'QUEUED' || state === 'RUNNING'
  if (action === 'cancel' && before.every((job) => wasUnderWay(job) && !repeats(job)))
    return 'restart'
  return null
}
