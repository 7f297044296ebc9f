import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { chooseNewFile } from '@/api/app'
import { toAppError } from '@/api/errors'
import * as api from '@/api/jobs'
import type { Job, JobDetail } from '@/api/types'
import { fileName } from '@/lib/fileName'
import type { JobAction } from '@/lib/jobActions'
import { isFinished } from '@/lib/jobStates'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'

/** How long to wait before problems, attempts and log of a job that goes on are fetched again. */
const renewalDelay = 1_000

/** So many of the latest rates are kept, one a second at most. */
const ratesKept = 300

/** One job with its problems, attempts and log, as long as somebody looks at it. */
export const useJob = defineStore('job', () => {
  const detail = shallowRef<Load<JobDetail>>({ state: 'idle' })
  /** How fast it has been since somebody looks at it. */
  const rates = shallowRef<readonly number[]>([])
  let shown = ''
  let rated = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  async function renew(): Promise<void> {
    const id = shown
    try {
      const value = await api.showJob(id)
      if (id === shown) detail.value = { state: 'done', value: withProblems(value) }
    } catch (reason) {
      if (id === shown) detail.value = { state: 'error', error: toAppError(reason) }
    }
  }

  /** What was a problem stays in sight until the attempt that tries it again has ended: only then it is known what became of it. */
  function withProblems(value: JobDetail): JobDetail {
    const before = valueOf(detail.value)?.problems ?? []
    const isUnknown = value.problems.length === 0 && !isFinished(value.job.state)
    return isUnknown ? { ...value, problems: before } : value
  }

  /** Takes a newer state of the job in at once, and fetches what hangs on it soon. */
  function follow(job: Job): void {
    if (detail.value.state !== 'done') return
    const { job: before, problems } = detail.value.value
    const isWhole = isFinished(job.state) && job.problemCount === 0
    const value = { ...detail.value.value, job, problems: isWhole ? [] : problems }
    detail.value = { state: 'done', value }
    noteRate(job)
    const isNews =
      before.state !== job.state ||
      before.attempts !== job.attempts ||
      before.problemCount !== job.problemCount
    if (isNews && isFinished(job.state)) renewNow()
    else if (isNews) timer ??= setTimeout(renewNow, renewalDelay)
  }

  function noteRate({ state, rate }: Job): void {
    const now = performance.now()
    if (state !== 'RUNNING' || rate <= 0 || now - rated < 1_000) return
    rated = now
    rates.value = [...rates.value, rate].slice(-ratesKept)
  }

  function renewNow(): void {
    forgetRenewal()
    void renew()
  }

  function forgetRenewal(): void {
    clearTimeout(timer)
    timer = undefined
  }

  /** Fetches a job and follows it; the answer ends that. */
  function open(id: string): () => void {
    shown = id
    detail.value = { state: 'loading' }
    rates.value = []
    rated = -Infinity
    const stop = api.onJobs((change) => {
      const job = change.jobs.find((changed) => changed.id === id)
      if (job) follow(job)
      if (change.removed.includes(id)) void renew()
    })
    void renew()
    return () => {
      stop()
      forgetRenewal()
    }
  }

  async function act(action: JobAction): Promise<void> {
    for (const job of await api.doToJobs(action, [shown])) follow(job)
    if (action !== 'clear' && action !== 'delete') await renew()
  }

  async function retryCause(code: string): Promise<void> {
    for (const job of await api.retryCause(shown, code)) follow(job)
    await renew()
  }

  /** Saves the text where the person says; answers whether they did. */
  async function saveReport(title: string, text: string): Promise<boolean> {
    const of = valueOf(detail.value)?.job.title ?? ''
    const path = await chooseNewFile(title, fileName(of, new Date(), 'txt'))
    if (path === '') return false
    await api.saveReport(path, text)
    return true
  }

  return { detail, rates, open, renew, act, retryCause, saveReport }
})
