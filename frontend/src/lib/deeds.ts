import type { Job } from '@/api/types'
import { repeats } from './jobActions'
import { isActive, isFinished } from './jobStates'

/** What changes a channel of this laptop. */
export type DeedName = 'import' | 'update' | 'repair' | 'delete'

/** A job that changes a channel and has not ended. */
export interface Deed {
  name: DeedName
  job: Job
}

const names: Record<string, DeedName> = {
  'content.diskimport': 'import',
  'content.remoteimport': 'import',
  'content.update': 'update',
  'content.delete': 'delete',
}

function nameOf({ type, args }: Job): DeedName | null {
  // A check changes nothing as long as nothing is fetched in place of what is damaged.
  if (type === 'content.verify') return args['repair_from'] ? 'repair' : null
  return names[type] ?? null
}

/** What is planned is not under way; what was begun and is tried again is. */
function isUnderWay(job: Job): boolean {
  if (job.state === 'SCHEDULED') return job.attempts > 0 && !repeats(job)
  return !isFinished(job.state)
}

function channelsOf({ args }: Job): string[] {
  const { channel_id: one, channel_ids: several } = args
  const all: unknown[] = Array.isArray(several) ? several : [one]
  return all.filter((id) => typeof id === 'string')
}

/** What is under way with each channel, by its id: what happens now, else what was asked for first. */
export function deedsOf(jobs: readonly Job[]): Map<string, Deed> {
  const deeds = new Map<string, Deed>()
  const ordered = jobs
    .filter(isUnderWay)
    .toSorted(
      (a, b) =>
        Number(isActive(b.state)) - Number(isActive(a.state)) ||
        a.created.getTime() - b.created.getTime(),
    )
  for (const job of ordered) {
    const name = nameOf(job)
    if (!name) continue
    for (const channel of channelsOf(job))
      if (!deeds.has(channel)) deeds.set(channel, { name, job })
  }
  return deeds
}

/** Whether a job may be one of those. */
export function isDeed(job: Job): boolean {
  return nameOf(job) !== null && isUnderWay(job)
}
