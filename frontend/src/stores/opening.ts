import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/device'
import type { Opening, Restored } from '@/api/types'
import { attempts } from './attempts'

/** Where the news of a restore waits while the window begins anew. */
const restoredKey = 'nectar.restored'

/** How the data folder opened, and what takes its place when it did not. */
export const useOpening = defineStore('opening', () => {
  const opening = shallowRef<Opening>({
    fault: null,
    backups: [],
    lost: null,
    back: null,
    ended: null,
  })
  const { isBusy, failure, attempt } = attempts()

  /** What there is to say is said in the language that the window speaks by then. */
  async function open(spoken: Promise<void>): Promise<void> {
    opening.value = await api.readOpening()
    const { fault, lost, back, ended } = opening.value
    if (!(fault ?? lost ?? back ?? ended)) return
    await spoken
    opening.value = await api.readOpening()
  }

  /** Brings a backup back, or begins with an empty database for "", and opens the window anew. */
  async function restore(name: string): Promise<void> {
    await attempt(async () => {
      const { jobs, made, lostJobs } = await api.restore(name)
      sessionStorage.setItem(restoredKey, JSON.stringify({ jobs, made, lostJobs }))
      window.location.reload()
    })
  }

  /** Opens what did not open for want of room on the disk, and the window anew. */
  async function again(): Promise<void> {
    await attempt(async () => {
      await api.openAgain()
      window.location.reload()
    })
  }

  /** What was brought back before the window began anew; it is told once. */
  function takeRestored(): Restored | null {
    const text = sessionStorage.getItem(restoredKey)
    if (text === null) return null
    sessionStorage.removeItem(restoredKey)
    const news = JSON.parse(text) as { jobs: number; made: string | null; lostJobs: number | null }
    return { ...news, made: news.made === null ? null : new Date(news.made) }
  }

  function dismissLost(): void {
    opening.value = { ...opening.value, lost: null, back: null, ended: null }
  }

  return { opening, failure, isBusy, open, restore, again, takeRestored, dismissLost }
})
