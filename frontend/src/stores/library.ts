import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { onJobs } from '@/api/jobs'
import * as api from '@/api/library'
import type { Channel, Hits, Query, Space } from '@/api/types'
import { isFinished } from '@/lib/jobStates'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'
import { isAsked, noQuery } from '@/lib/query'
import { fetcher } from './fetching'

/** So many hits are shown at first, and so many at most. */
const firstHits = 50
const allHits = 200

/** The channels on this laptop and the room that is left. */
export const useLibrary = defineStore('library', () => {
  const channels = shallowRef<Load<Channel[]>>({ state: 'idle' })
  const space = shallowRef<Load<Space>>({ state: 'idle' })
  const fetchChannels = fetcher(channels, api.listChannels)
  const fetchSpace = fetcher(space, api.readSpace)

  async function renew(): Promise<void> {
    await Promise.all([fetchChannels(), fetchSpace()])
  }

  const query = shallowRef<Query>(noQuery)
  const hits = shallowRef<Load<Hits>>({ state: 'idle' })
  const limit = shallowRef(firstHits)
  const fetchHits = fetcher(hits, () => api.search(query.value, limit.value))

  /** Searches for something else, or for nothing. */
  async function search(wanted: Query): Promise<void> {
    query.value = wanted
    limit.value = firstHits
    if (isAsked(wanted)) await fetchHits()
    else hits.value = { state: 'idle' }
  }

  async function searchOn(): Promise<void> {
    limit.value = allHits
    await fetchHits()
  }

  /** Puts a channel at another place among the others, and keeps the order. */
  async function move(id: string, to: number): Promise<void> {
    const known = valueOf(channels.value) ?? []
    const moved = known.find((channel) => channel.id === id)
    if (!moved) return
    const order = known.filter((channel) => channel !== moved)
    order.splice(Math.min(Math.max(to, 0), order.length), 0, moved)
    channels.value = { state: 'done', value: order }
    try {
      await api.orderChannels(order.map((channel) => channel.id))
    } catch (reason) {
      channels.value = { state: 'done', value: known }
      throw reason
    }
  }

  /** Keeps the library true while jobs change it; the answer ends that. */
  function open(): () => void {
    return onJobs(({ jobs }) => {
      if (jobs.some((job) => isFinished(job.state))) void renew()
    })
  }

  return {
    channels,
    space,
    query,
    hits,
    renew,
    open,
    search,
    searchOn,
    move,
  }
})
