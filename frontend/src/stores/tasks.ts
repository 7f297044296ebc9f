import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/tasks'
import type { AppError, Job, Task } from '@/api/types'
import type { Load } from '@/lib/load'
import { enqueueArgsOf } from '@/lib/when'
import type { When } from '@/lib/when'
import { attempts } from './attempts'
import { fetcher } from './fetching'

/** The coming runs are asked for when the person has stopped choosing for so long. */
const pause = 250

/** The kinds of jobs that this person may start, and what they are putting together. */
export const useTasks = defineStore('tasks', () => {
  const tasks = shallowRef<Load<Task[]>>({ state: 'idle' })
  const renew = fetcher(tasks, api.listTasks)

  /** When the job would run as things are chosen now; null while nobody knows. */
  const runs = shallowRef<Date[] | null>(null)
  /** What is wrong with the times that are chosen now. */
  const refusal = shallowRef<AppError | null>(null)

  /** The failure is why the job was not made. */
  const { isBusy, failure, attempt } = attempts()

  let latest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function preview(task: string, when: When): void {
    latest += 1
    const mine = latest
    clearTimeout(timer)
    if (when.kind === 'now') {
      runs.value = null
      refusal.value = null
      return
    }
    timer = setTimeout(() => void ask(task, when, mine), pause)
  }

  async function ask(task: string, when: When, mine: number): Promise<void> {
    try {
      const next = await api.nextRuns(task, enqueueArgsOf(when))
      if (mine !== latest) return
      runs.value = next
      refusal.value = null
    } catch (reason) {
      if (mine !== latest) return
      runs.value = null
      refusal.value = toAppError(reason)
    }
  }

  /** Forgets what was put together before. */
  function begin(): void {
    latest += 1
    clearTimeout(timer)
    runs.value = null
    refusal.value = null
    failure.value = null
  }

  /** Asks for the job; a refusal is kept as the failure, with what is wrong with each field. */
  async function start(
    task: string,
    args: Record<string, unknown>,
    when: When,
  ): Promise<Job | null> {
    return attempt(() => api.enqueue(task, args, enqueueArgsOf(when)))
  }

  /** Gives a job another schedule. */
  async function reschedule(id: string, when: When): Promise<Job | null> {
    return attempt(() => api.reschedule(id, enqueueArgsOf(when)))
  }

  return { tasks, renew, runs, refusal, failure, isBusy, preview, begin, start, reschedule }
})
