import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'
import * as api from '@/api/sources'
import type { Channel, Source } from '@/api/types'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'
import { fetcher } from './fetching'

/** The drives and folders that channels can come from, and what the chosen one holds. */
export const useSources = defineStore('sources', () => {
  const sources = shallowRef<Load<Source[]>>({ state: 'idle' })
  const chosen = shallowRef('')
  const channels = shallowRef<Load<Channel[]>>({ state: 'idle' })

  const renew = fetcher(sources, api.listSources)
  const fetchChannels = fetcher(channels, () => api.listSourceChannels(chosen.value))

  /** Chooses a source by its address, "" for none, and lists what it holds. */
  async function choose(address: string): Promise<void> {
    const isOther = chosen.value !== address
    chosen.value = address
    if (isOther) channels.value = { state: 'idle' }
    if (address !== '') await fetchChannels()
  }

  /** Follows drives that come and go; the answer ends that. */
  function open(): () => void {
    return api.onSources(() => {
      void renew()
      if (chosen.value !== '') void fetchChannels()
    })
  }

  /** The address of a drive or folder that holds a channel, or "" when none at hand does. */
  async function whereIs(channelId: string): Promise<string> {
    await renew()
    for (const { kind, address } of valueOf(sources.value) ?? []) {
      if (kind !== 'drive' && kind !== 'folder') continue
      const offered = await api.listSourceChannels(address).catch(() => [])
      if (offered.some(({ id, fault }) => id === channelId && fault === null)) return address
    }
    return ''
  }

  /** What is known of a source: a folder that was chosen by hand has only its path. */
  function find(address: string): Source {
    const known = valueOf(sources.value)?.find((source) => source.address === address)
    return (
      known ?? {
        id: address,
        kind: address === 'sample' ? 'sample' : 'folder',
        name: address.split(/[/\\]/).findLast((part) => part !== '') ?? address,
        path: address === 'sample' ? '' : address,
        address,
        freeBytes: null,
        totalBytes: null,
        channels: valueOf(channels.value)?.length ?? 0,
        writable: true,
      }
    )
  }

  return {
    sources,
    chosen,
    channels,
    renew,
    fetchChannels,
    choose,
    open,
    find,
    whereIs,
    chooseFolder: app.chooseFolder,
  }
})
