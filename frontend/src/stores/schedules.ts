import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import { doToJobs, onJobs } from '@/api/jobs'
import * as api from '@/api/tasks'
import type { Schedule } from '@/api/types'
import type { JobAction } from '@/lib/jobActions'
import type { Load } from '@/lib/load'

/** After a change the coming runs are fetched again, at most this often. */
const renewalDelay = 1_000

/** The jobs that are due later or again, the next one first. */
export const useSchedules = defineStore('schedules', () => {
  const schedules = shallowRef<Load<Schedule[]>>({ state: 'idle' })
  const next = shallowRef<string | null>(null)
  let latest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Fetches as many as were shown. */
  async function renew(): Promise<void> {
    latest += 1
    const mine = latest
    const depth = schedules.value.state === 'done' ? schedules.value.value.length : 0
    if (schedules.value.state !== 'done') schedules.value = { state: 'loading' }
    try {
      let page = await api.listSchedules()
      const found = page.schedules
      while (page.next !== null && found.length < depth && mine === latest) {
        page = await api.listSchedules(page.next)
        found.push(...page.schedules)
      }
      if (mine !== latest) return
      schedules.value = { state: 'done', value: found }
      next.value = page.next
    } catch (reason) {
      if (mine === latest) schedules.value = { state: 'error', error: toAppError(reason) }
    }
  }

  async function showMore(): Promise<void> {
    if (next.value === null || schedules.value.state !== 'done') return
    const mine = latest
    const page = await api.listSchedules(next.value)
    if (mine !== latest) return
    const known = schedules.value.value
    const ids = new Set(known.map(({ job }) => job.id))
    const value = [...known, ...page.schedules.filter(({ job }) => !ids.has(job.id))]
    schedules.value = { state: 'done', value }
    next.value = page.next
  }

  /** Keeps the list true while jobs change; the answer ends that. */
  function open(): () => void {
    const stop = onJobs(({ jobs, removed }) => {
      if (schedules.value.state !== 'done') return
      const known = new Map(schedules.value.value.map(({ job }) => [job.id, job.state]))
      const isNews =
        removed.some((id) => known.has(id)) ||
        jobs.some((job) =>
          known.has(job.id) ? known.get(job.id) !== job.state : job.state === 'SCHEDULED',
        )
      if (isNews) timer ??= setTimeout(renewSoon, renewalDelay)
    })
    void renew()
    return () => {
      stop()
      clearTimeout(timer)
      timer = undefined
    }
  }

  function renewSoon(): void {
    timer = undefined
    void renew()
  }

  async function act(action: JobAction, id: string): Promise<void> {
    await doToJobs(action, [id])
    await renew()
  }

  return { schedules, next, renew, showMore, open, act }
})
