import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/jobs'
import type { Counts, Job, JobFilter, JobsChange, JobState } from '@/api/types'
import { groupOf } from '@/lib/group'
import type { JobAction, Moving } from '@/lib/jobActions'
import type { Origin } from '@/lib/jobLines'
import { countOf, isActive, isFinished, isInTab, jobTabs } from '@/lib/jobStates'
import type { JobTab } from '@/lib/jobStates'
import type { Load } from '@/lib/load'
import { enqueueArgsOf } from '@/lib/when'
import type { When } from '@/lib/when'

/** The most rows that a renewed list fetches again at once. */
const depthLimit = 500
/** While the list is filtered its start and its counts are asked for anew at most this often. */
const recountDelay = 1000

/** What of the list is looked at. */
export interface Look {
  tab: JobTab
  search: string
  /** The name of a task; all kinds when left out. */
  task?: string
}

/**
 * The list of jobs: pages from the backend, then every change by id. A change
 * that is older than one already seen is dropped; when one is missing the list
 * is fetched anew. Each job is a reference of its own, so that of a long list
 * only those rows are drawn again whose jobs have changed.
 */
export const useJobs = defineStore('jobs', () => {
  const byId = new Map<string, ShallowRef<Job>>()
  /** Kept beside the jobs, so that whoever reads it of a long list is not told of each job that moves. */
  const origins = new Map<string, Origin>()
  const ids = shallowRef<readonly string[]>([])
  const arrived = shallowRef<readonly string[]>([])
  const counts = shallowRef<Counts>({})
  const allCounts = shallowRef<Counts>({})
  const next = shallowRef<string | null>(null)
  const load = shallowRef<Load<true>>({ state: 'idle' })
  const tab = shallowRef<JobTab>('all')
  const search = shallowRef('')
  const task = shallowRef('')
  /** Those that ended at once, the latest time that some did. */
  const outcomes = shallowRef<readonly Job[]>([])

  const jobs = computed(() => ids.value.flatMap((id) => find(id) ?? []))
  const running = computed(() => countOf(allCounts.value, 'running'))

  let sequence = 0
  let listing = 0
  let recounting: ReturnType<typeof setTimeout> | undefined
  let held = false
  const underway = new Set<string>()
  const putAway = new Set<string>()

  function find(id: string): Job | undefined {
    return byId.get(id)?.value
  }

  /** Not actions of the store, which cost more than what they find: a list asks for each of its rows. */
  const rows = { find, originOf: (id: string) => origins.get(id) }

  function filter(): JobFilter {
    return { states: [...jobTabs[tab.value]], search: search.value.trim(), task: task.value }
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
      const first = page.counts
      while (page.next !== null && found.length < depth && mine === listing) {
        page = await api.listJobs(wanted, page.next)
        found.push(...page.jobs)
      }
      if (mine !== listing) return
      note(found)
      const gone = new Set(byId.keys())
      for (const job of found) gone.delete(job.id)
      for (const id of gone) drop(id)
      keep(found)
      ids.value = visible(found)
      arrived.value = []
      next.value = page.next
      counts.value = first
      if (wanted.search === '' && wanted.task === '') allCounts.value = first
      load.value = { state: 'done', value: true }
    } catch (reason) {
      if (mine === listing) load.value = { state: 'error', error: toAppError(reason) }
    }
  }

  /** Shows another part of the list. What is shown stays until the answer is there. */
  async function show(wanted: Look): Promise<void> {
    const kind = wanted.task ?? ''
    const same = wanted.tab === tab.value && wanted.search === search.value && kind === task.value
    tab.value = wanted.tab
    search.value = wanted.search
    task.value = kind
    if (!same) ids.value = []
    if (!same || load.value.state !== 'done') load.value = { state: 'loading' }
    await renew()
  }

  let following: Promise<void> | null = null

  /** Fetches the next page, once at a time however often it is asked for. */
  function showMore(): Promise<void> {
    following ??= fetchMore().finally(() => {
      following = null
    })
    return following
  }

  async function fetchMore(): Promise<void> {
    if (next.value === null) return
    const mine = listing
    const page = await api.listJobs(filter(), next.value)
    if (mine !== listing) return
    keep(page.jobs)
    const known = new Set(ids.value)
    ids.value = [...ids.value, ...visible(page.jobs).filter((id) => !known.has(id))]
    next.value = page.next
  }

  function visible(found: readonly Job[]): string[] {
    return found.map(({ id }) => id).filter((id) => !putAway.has(id))
  }

  function keep(changed: readonly Job[]): void {
    for (const job of changed) {
      const known = byId.get(job.id)
      if (known) known.value = job
      else {
        byId.set(job.id, shallowRef(job))
        origins.set(job.id, { day: job.created.toDateString(), group: groupOf(job) })
      }
    }
  }

  function drop(id: string): void {
    byId.delete(id)
    origins.delete(id)
  }

  function forget(removed: readonly string[]): void {
    hide(removed)
    for (const id of removed) drop(id)
  }

  function hide(some: readonly string[]): void {
    const gone = new Set(some)
    const rest = (id: string) => !gone.has(id)
    if (ids.value.some((id) => gone.has(id))) ids.value = ids.value.filter(rest)
    if (arrived.value.some((id) => gone.has(id))) arrived.value = arrived.value.filter(rest)
  }

  /** Remembers who is on the way, so that an end is told once and only when it was awaited. */
  function note(changed: readonly Job[]): void {
    for (const job of changed) if (!isFinished(job.state)) underway.add(job.id)
    const ended = changed.filter((job) => isFinished(job.state) && underway.delete(job.id))
    if (ended.length > 0) outcomes.value = ended
  }

  /** What is searched for is known to the backend alone: whether a job is found, the next count says. */
  function isWanted(job: Job): boolean {
    return (
      isInTab(job, tab.value) &&
      (task.value === '' || job.type === task.value) &&
      search.value.trim() === '' &&
      !putAway.has(job.id)
    )
  }

  /** Takes changed jobs in: known ones in their place, new ones on top or, while held, aside. */
  function merge(changed: readonly Job[]): void {
    note(changed)
    const fresh = changed.filter((job) => !byId.has(job.id) && isWanted(job))
    keep(changed.filter((job) => byId.has(job.id)))
    welcome(fresh)
  }

  /** Takes new jobs in, on top or, while held, aside. */
  function welcome(fresh: Job[]): void {
    if (fresh.length === 0) return
    keep(fresh)
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
    const isMoved = !isSame(change.counts, allCounts.value) || change.removed.length > 0
    merge(change.jobs)
    forget(change.removed)
    allCounts.value = change.counts
    const isFiltered = search.value.trim() !== '' || task.value !== ''
    if (!isFiltered) counts.value = change.counts
    if (missed) await renew()
    else if (isFiltered && isMoved) recounting ??= setTimeout(() => void recount(), recountDelay)
  }

  /** Counts what matches anew, and takes in what has come to match; only the backend can say. */
  async function recount(): Promise<void> {
    recounting = undefined
    const mine = listing
    const found = await api.listJobs(filter()).catch(() => null)
    if (!found || mine !== listing) return
    counts.value = found.counts
    welcome(found.jobs.filter(({ id }) => !byId.has(id) && !putAway.has(id)))
  }

  /** Begins to listen and fetches the first page; the answer stops listening. */
  function open(): () => void {
    const stop = api.onJobs((change) => void take(change))
    // Who has gone far back in the history is not brought to its start again.
    const onFocus = () => {
      if (ids.value.length <= depthLimit) void renew()
    }
    window.addEventListener('focus', onFocus)
    void renew()
    return () => {
      stop()
      clearTimeout(recounting)
      recounting = undefined
      window.removeEventListener('focus', onFocus)
    }
  }

  /** Does an action to jobs, all or none. */
  async function act(action: JobAction, chosen: readonly string[]): Promise<void> {
    merge(await api.doToJobs(action, [...chosen]))
    if (action === 'clear' || action === 'delete') forget(chosen)
  }

  /** Waits until none of the jobs is still stopping. */
  function stopped(chosen: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const stop = watch(
        () => chosen.every((id) => find(id)?.state !== 'CANCELING'),
        (all) => {
          if (!all) return
          queueMicrotask(() => {
            stop()
          })
          resolve()
        },
        { immediate: true },
      )
    })
  }

  /** Takes jobs out of sight that are to be cleared soon. */
  function putOut(chosen: readonly string[]): void {
    for (const id of chosen) putAway.add(id)
    hide(chosen)
  }

  /** Shows jobs again that were put out of sight. */
  async function bringBack(chosen: readonly string[]): Promise<void> {
    for (const id of chosen) putAway.delete(id)
    await renew()
  }

  /** Clears jobs that were put out of sight. */
  async function clearAway(chosen: readonly string[]): Promise<void> {
    try {
      await act('clear', chosen)
    } finally {
      for (const id of chosen) putAway.delete(id)
    }
  }

  /** Does an action to every job of the list, also to those that are not fetched; answers how many. */
  async function actOnAll(action: JobAction): Promise<number> {
    const done = await api.doToAll(action, filter())
    await renew()
    return done
  }

  /** Gives jobs another time, all or none; answers how many. */
  async function move(chosen: readonly string[], when: When): Promise<number> {
    const moved = await api.rescheduleJobs([...chosen], enqueueArgsOf(when))
    merge(moved)
    return moved.length
  }

  /** Of the whole list, what is to run gets another time; what has ended only where nothing else is looked at. */
  const statesMoved = computed(() => {
    const shown: readonly JobState[] = jobTabs[tab.value].filter((state) => !isActive(state))
    const waiting = shown.filter((state) => !isFinished(state))
    return waiting.length > 0 ? waiting : shown
  })
  const movableOfAll = computed((): Moving => {
    const moved = sum(statesMoved.value)
    return {
      moved,
      again: sum(statesMoved.value.filter(isFinished)),
      kept: countOf(counts.value, tab.value) - moved,
    }
  })

  function sum(states: readonly JobState[]): number {
    return states.reduce((total, state) => total + (counts.value[state] ?? 0), 0)
  }

  /** Gives another time to those of the list that are to have one, also those that are not fetched; answers how many. */
  async function moveAll(when: When): Promise<number> {
    const wanted = { ...filter(), states: [...statesMoved.value] }
    const moved = await api.rescheduleAll(wanted, enqueueArgsOf(when))
    await renew()
    return moved
  }

  /** Answers how many were cleared. */
  async function clearFinished(): Promise<number> {
    const cleared = await api.clearFinishedJobs()
    await renew()
    return cleared
  }

  return {
    jobs,
    ids,
    rows,
    arrived,
    counts,
    allCounts,
    next,
    load,
    tab,
    search,
    task,
    running,
    outcomes,
    open,
    show,
    showMore,
    renew,
    merge,
    admit,
    hold,
    take,
    act,
    stopped,
    putOut,
    bringBack,
    clearAway,
    actOnAll,
    movableOfAll,
    move,
    moveAll,
    clearFinished,
  }
})

function isSame(one: Counts, other: Counts): boolean {
  const states = new Set([...Object.keys(one), ...Object.keys(other)] as JobState[])
  return [...states].every((state) => (one[state] ?? 0) === (other[state] ?? 0))
}
