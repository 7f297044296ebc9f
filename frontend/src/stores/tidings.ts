import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'
import { onJobs } from '@/api/jobs'
import type { Job, JobsChange } from '@/api/types'
import { isFinished } from '@/lib/jobStates'

/** Whether the person is told, remembered on this laptop. */
const onKey = 'nectar.notify'
/** What ends within this time is told of together, in milliseconds. */
const together = 3_000
/** Nobody is told more often than this. */
const apart = 60_000

/** What happened while the person looked elsewhere. */
export interface Tidings {
  /** That have ended, the latest last. */
  ended: readonly Job[]
  /** What jobs wait for and somebody has to bring. */
  wanted: readonly Want[]
}
export interface Want {
  code: string
  item: string
}

/** A place in the window that another program may lead to. */
const place = /^\/(home|jobs(\/[\w-]+)?)$/

/** Tells by the system's own means of jobs that ended, and of what jobs need, while the window is not in front. */
export const useTidings = defineStore('tidings', () => {
  const isOn = shallowRef(localStorage.getItem(onKey) !== 'off')
  /** What is to be told now; whoever has the words sends it. */
  const news = shallowRef<Tidings | null>(null)

  const underway = new Set<string>()
  let known: ReadonlySet<string> | null = null
  let ended: Job[] = []
  let wanted: Want[] = []
  let last = -apart
  let timer: ReturnType<typeof setTimeout> | undefined

  function take({ jobs }: JobsChange): void {
    for (const job of jobs) {
      if (!isFinished(job.state)) underway.add(job.id)
      else if (underway.delete(job.id) && isWorthTelling(job)) gather(() => ended.push(job))
    }
  }

  /** What is needed now. What was needed before is not told again, nor what the window opened with. */
  function need(wants: readonly Want[]): void {
    const before = known
    for (const want of wants)
      if (before?.has(nameOf(want)) === false) gather(() => wanted.push(want))
    known = new Set(wants.map(nameOf))
  }

  function gather(add: () => void): void {
    if (!isOn.value || document.hasFocus()) return
    add()
    timer ??= setTimeout(tell, Math.max(together, last + apart - performance.now()))
  }

  function tell(): void {
    timer = undefined
    const gathered = { ended, wanted }
    ended = []
    wanted = []
    if (!isOn.value || document.hasFocus()) return
    last = performance.now()
    news.value = gathered
  }

  /** Begins to listen; onPlace is told where a click leads. The answer stops. */
  function open(onPlace: (path: string) => void): () => void {
    const stops = [
      onJobs(take),
      app.onPlaceAsked((asked) => {
        if (place.test(asked)) onPlace(asked)
      }),
    ]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
      timer = undefined
    }
  }

  function turn(on: boolean): void {
    isOn.value = on
    localStorage.setItem(onKey, on ? 'on' : 'off')
  }

  return { isOn, news, need, open, turn, send: app.notify }
})

function nameOf({ code, item }: Want): string {
  return `${code} ${item}`
}

/** What a person stopped she knows, and what the laptop does for itself is nobody's news while it goes well. */
function isWorthTelling({ state, type }: Job): boolean {
  return state === 'FAILED' || (state === 'COMPLETED' && !type.startsWith('device.'))
}
