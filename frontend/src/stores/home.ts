import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/home'
import { doToJobs, holdQueue, onJobs } from '@/api/jobs'
import type { Home, Job, JobsChange } from '@/api/types'
import type { JobAction } from '@/lib/jobActions'
import { isActive, isFinished } from '@/lib/jobStates'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'
import { fetcher } from './fetching'

/** After a change of state the overview is fetched anew, at most this often. */
const renewalDelay = 500

/** What is going on at a glance, kept true by what the backend tells. */
export const useHome = defineStore('home', () => {
  const home = shallowRef<Load<Home>>({ state: 'idle' })
  const renew = fetcher(home, api.readHome)
  /** How many jobs went wrong that this person has not set aside. */
  const amiss = computed(() => valueOf(home.value)?.amissAll ?? 0)
  /** What jobs wait for and somebody has to bring; null until that is known. */
  const wanted = computed(() => valueOf(home.value)?.wanted ?? null)

  const states = new Map<string, string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Shows what moves in its place. Only a change of state can change what stands where. */
  function take({ jobs, removed }: JobsChange): void {
    const shown = valueOf(home.value)
    if (!shown) return
    const changed = new Map(jobs.map((job) => [job.id, job]))
    const running = shown.running.map((job) => changed.get(job.id) ?? job)
    if (running.some((job) => !shown.running.includes(job)))
      home.value = { state: 'done', value: { ...shown, running } }
    const moved = jobs.filter(hasMoved)
    if (moved.length > 0 || removed.length > 0) timer ??= setTimeout(renewSoon, renewalDelay)
  }

  function hasMoved({ id, state, waiting }: Job): boolean {
    const before = states.get(id)
    const now = waiting && isActive(state) ? `${state} ${waiting.code}` : state
    if (isFinished(state)) states.delete(id)
    else states.set(id, now)
    return before !== now
  }

  function renewSoon(): void {
    timer = undefined
    void renew()
  }

  /** Begins to listen and fetches the overview; the answer stops listening. */
  function open(): () => void {
    const stop = onJobs(take)
    void renew()
    return () => {
      stop()
      clearTimeout(timer)
      timer = undefined
    }
  }

  /** Sets jobs aside that went wrong; all of them for none named. */
  async function dismiss(...ids: string[]): Promise<void> {
    home.value = { state: 'done', value: await api.dismiss(ids) }
  }

  async function act(action: JobAction, id: string): Promise<void> {
    await doToJobs(action, [id])
    await renew()
  }

  /** Lets the jobs of a queue go on that somebody holds. */
  async function release(queue: string): Promise<void> {
    await holdQueue(queue, false)
    await renew()
  }

  return { home, amiss, wanted, renew, open, dismiss, act, release }
})
