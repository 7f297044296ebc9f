import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/jobs'
import type { Counts, Job, JobFilter, JobsChange } from '@/api/types'
import type { JobAction } from '@/lib/jobActions'
import { countOf, isFinished, isInTab, jobTabs } from '@/lib/jobStates'
import type { JobTab } from '@/lib/jobStates'
import type { Load } from '@/lib/load'

/** The most rows that a renewed list fetches again at once. */
const depthLimit = 500

/**
 * The list of jobs: a page from the backend, then every change by id. A change
 * that is older than one already seen is dropped; when one is missing the list
 * is fetched anew.
 */
export const useJobs = defineStore('jobs', () => {
  const byId = shallowRef<ReadonlyMap<string, Job>>(new Map())
  const ids = shallowRef<readonly string[]>([])
  const arrived = shallowRef<readonly string[]>([])
  const counts = shallowRef<Counts>({})
  const allCounts = shallowRef<Counts>({})
  const next = shallowRef<string | null>(null)
  const load = shallowRef<Load<true>>({ state: 'idle' })
  const tab = shallowRef<JobTab>('all')
  const search = shallowRef('')
  const lastOutcome = shallowRef<Job | null>(null)

  const jobs = computed(() => ids.value.flatMap((id) => byId.value.get(id) ?? []))
  const running = computed(() => countOf(allCounts.value, 'running'))

  let sequence = 0
  let listing = 0
  let held = false
  const underway = new Set<string>()

  function filter(): JobFilter {
    return { states: [...jobTabs[tab.value]], search: search.value.trim() }
  }

  /** Fetches the list anew, as deep as it was. */
  async function renew(): Promise<void> {
    listing += 1
    const mine = listing
    const wanted = filter()
    const depth = Math.min(ids.value.length, depthLimit)
    try {
      let page = await api.listJobs(wanted)
      const found = page.jobs
      while (page.next !== null && found.length < depth && mine === listing) {
        page = await api.listJobs(wanted, page.next)
        found.push(...page.jobs)
      }
      if (mine !== listing) return
      for (const job of found) note(job)
      byId.value = new Map(found.map((job) => [job.id, job]))
      ids.value = found.map((job) => job.id)
      arrived.value = []
      next.value = page.next
      counts.value = page.counts
      if (wanted.search === '') allCounts.value = page.counts
      load.value = { state: 'done', value: true }
    } catch (reason) {
      if (mine === listing) load.value = { state: 'error', error: toAppError(reason) }
    }
  }

  /** Shows another part of the list. What is shown stays until the answer is there. */
  async function show(wanted: { tab: JobTab; search: string }): Promise<void> {
    const same = wanted.tab === tab.value && wanted.search === search.value
    tab.value = wanted.tab
    search.value = wanted.search
    if (!same) ids.value = []
    if (!same || load.value.state !== 'done') load.value = { state: 'loading' }
    await renew()
  }

  async function showMore(): Promise<void> {
    if (next.value === null) return
    const mine = listing
    const wanted = filter()
    const page = await api.listJobs(wanted, next.value)
    if (mine !== listing) return
    keep(page.jobs)
    ids.value = [...new Set([...ids.value, ...page.jobs.map((job) => job.id)])]
    next.value = page.next
  }

  function keep(changed: readonly Job[]): void {
    if (changed.length === 0) return
    const merged = new Map(byId.value)
    for (const job of changed) merged.set(job.id, job)
    byId.value = merged
  }

  function forget(removed: readonly string[]): void {
    if (removed.length === 0) return
    const gone = new Set(removed)
    ids.value = ids.value.filter((id) => !gone.has(id))
    arrived.value = arrived.value.filter((id) => !gone.has(id))
    byId.value = new Map([...byId.value].filter(([id]) => !gone.has(id)))
  }

  /** Remembers who is on the way, so that an end is told once and only when it was awaited. */
  function note(job: Job): void {
    if (!isFinished(job.state)) underway.add(job.id)
    else if (underway.delete(job.id)) lastOutcome.value = job
  }

  function isWanted(job: Job): boolean {
    const text = search.value.trim().toLocaleLowerCase()
    return isInTab(job, tab.value) && job.title.toLocaleLowerCase().includes(text)
  }

  /** Takes changed jobs in: known ones in their place, new ones on top or, while held, aside. */
  function merge(changed: readonly Job[]): void {
    for (const job of changed) note(job)
    const listed = new Set([...ids.value, ...arrived.value])
    const fresh = changed.filter((job) => !listed.has(job.id) && isWanted(job))
    keep(changed.filter((job) => byId.value.has(job.id) || fresh.includes(job)))
    if (fresh.length === 0) return
    fresh.sort((a, b) => b.created.getTime() - a.created.getTime())
    arrived.value = [...fresh.map((job) => job.id), ...arrived.value]
    if (!held) admit()
  }

  /** Puts the new jobs that were kept aside on top of the list. */
  function admit(): void {
    if (arrived.value.length === 0) return
    ids.value = [...arrived.value, ...ids.value]
    arrived.value = []
  }

  /** While held, nothing moves what the pointer or the keyboard is on. */
  function hold(on: boolean): void {
    held = on
    if (!on) admit()
  }

  async function take(change: JobsChange): Promise<void> {
    if (change.sequence <= sequence) return
    const missed = sequence > 0 && change.sequence > sequence + 1
    sequence = change.sequence
    merge(change.jobs)
    forget(change.removed)
    allCounts.value = change.counts
    if (search.value.trim() === '') counts.value = change.counts
    if (missed) await renew()
  }

  /** Begins to listen and fetches the first page; the answer stops listening. */
  function open(): () => void {
    const stop = api.onJobs((change) => void take(change))
    const onFocus = () => void renew()
    window.addEventListener('focus', onFocus)
    void renew()
    return () => {
      stop()
      window.removeEventListener('focus', onFocus)
    }
  }

  /** Does an action to jobs, all or none. */
  async function act(action: JobAction, chosen: readonly string[]): Promise<void> {
    merge(await api.doToJobs(action, [...chosen]))
    if (action === 'clear' || action === 'delete') forget(chosen)
  }

  /** Does an action to every job of the list, also to those that are not fetched; answers how many. */
  async function actOnAll(action: JobAction): Promise<number> {
    const done = await api.doToAll(action, filter())
    await renew()
    return done
  }

  /** Answers how many were cleared. */
  async function clearFinished(): Promise<number> {
    const cleared = await api.clearFinishedJobs()
    await renew()
    return cleared
  }

  return {
    jobs,
    arrived,
    counts,
    allCounts,
    next,
    load,
    tab,
    search,
    running,
    lastOutcome,
    open,
    show,
    showMore,
    renew,
    merge,
    admit,
    hold,
    take,
    act,
    actOnAll,
    clearFinished,
  }
})
