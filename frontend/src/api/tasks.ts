import { call } from './backend'
import { toJob, toSchedulePage, toTask } from './convert'
import type { Job, SchedulePage, Task } from './types'

/** What enqueue_args may say; see docs/api.md. */
export type EnqueueArgs = Record<string, unknown>

/** The kinds of jobs that this person may start. */
export async function listTasks(): Promise<Task[]> {
  return ((await call(({ bridge }) => bridge.Jobs.Tasks())) ?? []).map(toTask)
}

/** Asks for one job of any kind. */
export async function enqueue(
  task: string,
  args: Record<string, unknown>,
  when: EnqueueArgs,
): Promise<Job> {
  const request = {
    ...args,
    type: task,
    ...(Object.keys(when).length > 0 && { enqueue_args: when }),
  }
  const [job] = (await call(({ bridge }) => bridge.Jobs.Enqueue([request]))) ?? []
  if (!job) throw new Error('a job was asked for and none was made')
  return toJob(job)
}

/** When a job would run if it were asked for now, at most three times. */
export async function nextRuns(task: string, when: EnqueueArgs): Promise<Date[]> {
  const runs = await call(({ bridge }) => bridge.Jobs.NextRuns(task, when))
  return (runs ?? []).map((at) => new Date(at))
}

export async function listSchedules(after = ''): Promise<SchedulePage> {
  return toSchedulePage(await call(({ bridge }) => bridge.Jobs.Schedules(50, after)))
}

/** Gives a job another schedule in place of the one that it has. */
export async function reschedule(id: string, when: EnqueueArgs): Promise<Job> {
  const [job] = (await call(({ bridge }) => bridge.Jobs.Reschedule([id], when))) ?? []
  if (!job) throw new Error('a job was changed and none is there')
  return toJob(job)
}
