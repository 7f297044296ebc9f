import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { onJobs } from '@/api/jobs'
import * as api from '@/api/library'
import type { Channel, Space } from '@/api/types'
import { isFinished } from '@/lib/jobStates'
import type { Load } from '@/lib/load'
import { fetcher } from './fetching'

/** The channels on this laptop and the room that is left. */
export const useLibrary = defineStore('library', () => {
  const channels = shallowRef<Load<Channel[]>>({ state: 'idle' })
  const space = shallowRef<Load<Space>>({ state: 'idle' })
  const fetchChannels = fetcher(channels, api.listChannels)
  const fetchSpace = fetcher(space, api.readSpace)

  async function renew(): Promise<void> {
    await Promise.all([fetchChannels(), fetchSpace()])
  }

  /** Keeps the library true while jobs change it; the answer ends that. */
  function open(): () => void {
    return onJobs(({ jobs }) => {
      if (jobs.some((job) => isFinished(job.state))) void renew()
    })
  }

  return { channels, space, renew, open }
})
