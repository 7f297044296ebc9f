import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'
import { toAppError } from '@/api/errors'
import * as library from '@/api/library'
import { preflightExport, readDiff } from '@/api/sources'
import { enqueue } from '@/api/tasks'
import type { Diff, Job, Preflight } from '@/api/types'
import type { Load } from '@/lib/load'

/** What is done with a channel that is on this laptop. */
export const useUpkeep = defineStore('upkeep', () => {
  /** What an export to the chosen folder would do. */
  const sum = shallowRef<Load<Preflight>>({ state: 'idle' })
  /** What an update would bring. */
  const diff = shallowRef<Load<Diff>>({ state: 'idle' })
  let latest = 0

  /** Chooses where to export to; "" for nowhere yet. */
  async function aim(channelId: string, path: string): Promise<void> {
    latest += 1
    const mine = latest
    sum.value = { state: path === '' ? 'idle' : 'loading' }
    if (path === '') return
    try {
      const value = await preflightExport(channelId, path)
      if (mine === latest) sum.value = { state: 'done', value }
    } catch (reason) {
      if (mine === latest) sum.value = { state: 'error', error: toAppError(reason) }
    }
  }

  async function compare(channelId: string, source: string): Promise<void> {
    latest += 1
    const mine = latest
    diff.value = { state: 'loading' }
    try {
      const value = await readDiff(channelId, source)
      if (mine === latest) diff.value = { state: 'done', value }
    } catch (reason) {
      if (mine === latest) diff.value = { state: 'error', error: toAppError(reason) }
    }
  }

  function update(channelId: string, source: string, removeUnused: boolean): Promise<Job> {
    const args = { channel_id: channelId, source, remove_unused: removeUnused }
    return enqueue('content.update', args, {})
  }

  /** Every file is read again and compared with what it should be. */
  function check(channelId: string): Promise<Job> {
    return enqueue('content.verify', { channel_ids: [channelId] }, {})
  }

  function exportTo(channelId: string, path: string): Promise<Job> {
    return enqueue('content.export', { channel_id: channelId, path }, {})
  }

  function remove(channelId: string): Promise<Job> {
    return enqueue('content.delete', { channel_id: channelId }, {})
  }

  return {
    sum,
    aim,
    diff,
    compare,
    update,
    check,
    exportTo,
    remove,
    removal: library.removal,
    openResource: library.openResource,
    chooseFolder: app.chooseFolder,
  }
})
