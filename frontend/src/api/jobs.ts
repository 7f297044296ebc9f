import { call, on } from './backend'
import { toJob, toJobDetail, toJobPage, toJobsChange } from './convert'
import type { Job, JobDetail, JobFilter, JobPage, JobsChange, Choice } from './types'
import type { WireJob } from './wire'

export const pageSize = 50

export async function listJobs(filter: JobFilter, after = ''): Promise<JobPage> {
  return toJobPage(
    await call(({ bridge }) =>
      bridge.Jobs.List({
        states: filter.states,
        task: '',
        queue: '',
        search: filter.search,
        limit: pageSize,
        after,
      }),
    ),
  )
}

export async function showJob(id: string): Promise<JobDetail> {
  return toJobDetail(await call(({ bridge }) => bridge.Jobs.Show(id)))
}

export type JobVerb = 'Cancel' | 'Restart' | 'Pause' | 'Resume'

export async function changeJobs(verb: JobVerb, ids: string[]): Promise<Job[]> {
  return jobs(await call(({ bridge }) => bridge.Jobs[verb](ids)))
}

export function clearJobs(ids: string[]): Promise<number> {
  return call(({ bridge }) => bridge.Jobs.Clear(ids))
}

/** Clears every finished job that this person may clear. */
export function clearFinishedJobs(): Promise<number> {
  return call(({ bridge }) => bridge.Jobs.ClearAll(''))
}

export interface ImportRequest {
  channelId: string
  source: string
  choice: Choice
}

/** Enqueues one job a channel, all or none of them. */
export async function importChannels(requests: ImportRequest[]): Promise<Job[]> {
  const wanted = requests.map(({ channelId, source, choice }) => ({
    type: 'content.diskimport',
    channel_id: channelId,
    path: source,
    ...(choice.include && { node_ids: choice.include }),
    ...(choice.exclude && { exclude_node_ids: choice.exclude }),
  }))
  return jobs(await call(({ bridge }) => bridge.Jobs.Enqueue(wanted)))
}

export function onJobs(listener: (change: JobsChange) => void): () => void {
  return on('jobs', (event) => {
    listener(toJobsChange(event))
  })
}

function jobs(wire: WireJob[] | null): Job[] {
  return (wire ?? []).map(toJob)
}
