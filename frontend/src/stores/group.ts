import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/jobs'
import type { Job, JobsChange } from '@/api/types'
import { groupOf, sumOf } from '@/lib/group'
import type { JobAction } from '@/lib/jobActions'
import type { Load } from '@/lib/load'

/** Jobs that were asked for together, as long as somebody looks at them. */
export const useGroup = defineStore('group', () => {
  const jobs = shallowRef<Load<Job[]>>({ state: 'idle' })
  const sum = computed(() => sumOf(jobs.value.state === 'done' ? jobs.value.value : []))
  let shown = ''

  async function renew(): Promise<void> {
    const group = shown
    try {
      const value = await api.listGroup(group)
      if (group === shown) jobs.value = { state: 'done', value }
    } catch (reason) {
      if (group === shown) jobs.value = { state: 'error', error: toAppError(reason) }
    }
  }

  function take(change: JobsChange): void {
    if (jobs.value.state !== 'done') return
    const news = new Map(
      change.jobs.filter((job) => groupOf(job) === shown).map((job) => [job.id, job]),
    )
    const gone = new Set(change.removed)
    const known = jobs.value.value.filter(({ id }) => !gone.has(id))
    if (news.size === 0 && known.length === jobs.value.value.length) return
    const changed = known.map((job) => news.get(job.id) ?? job)
    const ids = new Set(known.map(({ id }) => id))
    jobs.value = {
      state: 'done',
      value: [...changed, ...[...news.values()].filter(({ id }) => !ids.has(id))],
    }
  }

  /** Fetches a group and follows it; the answer ends that. */
  function open(group: string): () => void {
    shown = group
    jobs.value = { state: 'loading' }
    const stop = api.onJobs(take)
    void renew()
    return stop
  }

  async function act(action: JobAction): Promise<void> {
    await api.doToGroup(action, shown)
    await renew()
  }

  async function restart(ids: string[]): Promise<void> {
    await api.doToJobs('restart', ids)
    await renew()
  }

  return { jobs, sum, open, renew, act, restart }
})
