import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { chooseFolder } from '@/api/app'
import { readSpace } from '@/api/library'
import { enqueue } from '@/api/tasks'
import type { Job, Space } from '@/api/types'
import type { Load } from '@/lib/load'
import { fetcher } from './fetching'

/** Where the channels of this laptop are. */
export const usePlace = defineStore('place', () => {
  const space = shallowRef<Load<Space>>({ state: 'idle' })
  const renew = fetcher(space, readSpace)

  /** Begins to move all channels to an empty folder. */
  function move(path: string): Promise<Job> {
    return enqueue('content.move', { path }, {})
  }

  /** Begins to leave the folder of a Kolibri for our own, which is given. */
  function leave(own: string): Promise<Job> {
    return enqueue('content.adopt', { path: own }, {})
  }

  return { space, renew, move, leave, chooseFolder }
})
