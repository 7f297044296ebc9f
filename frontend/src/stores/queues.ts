import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/jobs'
import type { Queue } from '@/api/types'

/** The kinds of jobs that can be held together. */
export const useQueues = defineStore('queues', () => {
  const queues = shallowRef<Queue[]>([])
  const held = computed(() => queues.value.filter(({ pausedSince }) => pausedSince !== null))
  const free = computed(() => queues.value.filter(({ pausedSince }) => pausedSince === null))

  async function renew(): Promise<void> {
    queues.value = await api.listQueues()
  }

  async function hold(name: string, on: boolean): Promise<void> {
    await api.holdQueue(name, on)
    await renew()
  }

  return { queues, held, free, renew, hold }
})
