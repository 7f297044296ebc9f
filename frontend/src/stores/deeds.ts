import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/jobs'
import type { Job, JobsChange } from '@/api/types'
import { deedsOf, isDeed } from '@/lib/deeds'

/** What is under way with the channels of this laptop, as long as somebody looks at them. */
export const useDeeds = defineStore('deeds', () => {
  const jobs = shallowRef<ReadonlyMap<string, Job>>(new Map())
  const byChannel = computed(() => deedsOf([...jobs.value.values()]))
  let sequence = 0
  let listing = 0
  /** What was heard while the list is fetched, which is newer than the list. */
  let heard: JobsChange[] = []

  function taken(before: ReadonlyMap<string, Job>, change: JobsChange): ReadonlyMap<string, Job> {
    const isNews = (job: Job) => isDeed(job) || before.has(job.id)
    if (!change.jobs.some(isNews) && !change.removed.some((id) => before.has(id))) return before
    const after = new Map(before)
    for (const job of change.jobs) {
      if (isDeed(job)) after.set(job.id, job)
      else after.delete(job.id)
    }
    for (const id of change.removed) after.delete(id)
    return after
  }

  function take(change: JobsChange): void {
    const missed = sequence > 0 && change.sequence > sequence + 1
    sequence = change.sequence
    if (listing > 0) heard.push(change)
    jobs.value = taken(jobs.value, change)
    if (missed) void renew()
  }

  /** Fetches the list anew. Where that fails rows say what they said, and nothing else does. */
  async function renew(): Promise<void> {
    listing += 1
    try {
      const listed = (await api.listUnderWay('content')).filter(isDeed)
      jobs.value = heard.reduce(taken, new Map(listed.map((job) => [job.id, job])))
    } catch {
      // The next change tells what it is about.
    } finally {
      listing -= 1
      if (listing === 0) heard = []
    }
  }

  /** Begins to listen and fetches what is under way; the answer stops listening. */
  function open(): () => void {
    const stop = api.onJobs(take)
    void renew()
    return () => {
      stop()
      sequence = 0
    }
  }

  return { byChannel, open }
})
