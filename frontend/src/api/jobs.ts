import type { JobAction } from '@/lib/jobActions'
import { importTask, isServer } from '@/lib/sources'
import { call, on } from './backend'
import { toJob, toJobDetail, toJobPage, toJobsChange, toQueue } from './convert'
import type {
  Job,
  JobDetail,
  JobFilter,
  JobPage,
  JobsChange,
  JobState,
  Choice,
  Queue,
} from './types'
import type { EnqueueArgs } from './tasks'
import type { WireJob, WireJobQuery } from './wire'

/** The first page is there at once; who goes on is given more at a time. */
export const pageSizes = { first: 50, next: 200 }
/** As many as can be asked for at once. */
const mostAtOnce = 1000

export async function listJobs(filter: JobFilter, after = ''): Promise<JobPage> {
  const limit = after === '' ? pageSizes.first : pageSizes.next
  return toJobPage(await call(({ bridge }) => bridge.Jobs.List({ ...query(filter), limit, after })))
}

function query({ states, search, task }: JobFilter): WireJobQuery {
  return { states, search, ...(task && { task }) }
}

const underWay: JobState[] = ['RUNNING', 'SELECTED', 'CANCELING', 'QUEUED', 'PAUSED', 'SCHEDULED']

/** The jobs of a queue that have not ended, the first asked for first. */
export async function listUnderWay(queue: string): Promise<Job[]> {
  const page = await call(({ bridge }) =>
    bridge.Jobs.List({ queue, states: underWay, sort: 'created', limit: mostAtOnce }),
  )
  return toJobPage(page).jobs
}

/** The jobs of a group, in the order in which they were asked for. */
export async function listGroup(group: string): Promise<Job[]> {
  const page = await call(({ bridge }) =>
    bridge.Jobs.List({ group, sort: 'created', limit: mostAtOnce }),
  )
  return toJobPage(page).jobs
}

/** Does an action to every job of a group that it is possible for; answers how many. */
export function doToGroup(action: JobAction, group: string): Promise<number> {
  return call(({ bridge }) => bridge.Jobs.DoAll(action, { group }))
}

export async function showJob(id: string): Promise<JobDetail> {
  return toJobDetail(await call(({ bridge }) => bridge.Jobs.Show(id)))
}

type Mover = Exclude<JobAction, 'clear' | 'delete'>

const movers = {
  restart: 'Restart',
  cancel: 'Cancel',
  cancel_series: 'CancelSeries',
  pause: 'Pause',
  resume: 'Resume',
  run_now: 'RunNow',
  first: 'First',
  retry_problems: 'RetryProblems',
} as const satisfies Record<Mover, string>

/** Does an action to jobs, all or none; answers those that are still there. */
export async function doToJobs(action: JobAction, ids: string[]): Promise<Job[]> {
  if (action === 'clear' || action === 'delete') {
    await call(({ bridge }) => bridge.Jobs[action === 'clear' ? 'Clear' : 'Delete'](ids))
    return []
  }
  return jobs(await call(({ bridge }) => bridge.Jobs[movers[action]](ids)))
}

/** Runs a job once more for the items alone that failed for one cause. */
export async function retryCause(id: string, code: string): Promise<Job[]> {
  return jobs(await call(({ bridge }) => bridge.Jobs.RetryCause([id], code)))
}

/** Writes a report to a text file. */
export async function saveReport(path: string, text: string): Promise<void> {
  await call(({ bridge }) => bridge.Jobs.SaveReport(path, text))
}

/** Does an action to every job of a list that it is possible for; answers how many. */
export function doToAll(action: JobAction, filter: JobFilter): Promise<number> {
  return call(({ bridge }) => bridge.Jobs.DoAll(action, query(filter)))
}

/** Gives jobs another schedule, all or none; answers them. */
export async function rescheduleJobs(ids: string[], when: EnqueueArgs): Promise<Job[]> {
  return jobs(await call(({ bridge }) => bridge.Jobs.Reschedule(ids, when)))
}

/** Gives every job of a list another schedule that can have it; answers how many. */
export function rescheduleAll(filter: JobFilter, when: EnqueueArgs): Promise<number> {
  return call(({ bridge }) => bridge.Jobs.RescheduleAll(query(filter), when))
}

export async function listQueues(): Promise<Queue[]> {
  return ((await call(({ bridge }) => bridge.Jobs.Queues())) ?? []).map(toQueue)
}

/** Holds the jobs of a queue, or lets them go on. */
export async function holdQueue(name: string, hold: boolean): Promise<Queue> {
  return toQueue(await call(({ bridge }) => bridge.Jobs[hold ? 'PauseQueue' : 'ResumeQueue'](name)))
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

/** Enqueues one job a channel, all or none of them, to start when the arguments say and as one group. */
export async function importChannels(
  requests: ImportRequest[],
  when: EnqueueArgs = {},
  group = '',
): Promise<Job[]> {
  const wanted = requests.map(({ channelId, source, choice }) => ({
    type: importTask(source),
    channel_id: channelId,
    ...(isServer(source) ? { url: source } : { path: source }),
    ...(choice.include && { node_ids: choice.include }),
    ...(choice.exclude && { exclude_node_ids: choice.exclude }),
    ...(Object.keys(when).length > 0 && { enqueue_args: when }),
    ...(group !== '' && { group }),
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
