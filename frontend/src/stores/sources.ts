import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as app from '@/api/app'
import { toAppError } from '@/api/errors'
import * as api from '@/api/sources'
import type { AppError, Channel, Source } from '@/api/types'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'
import { referenceOf, sourceAt } from '@/lib/sources'
import { fetcher } from './fetching'

/** The drives, folders and servers that channels can come from, and what the chosen one holds. */
export const useSources = defineStore('sources', () => {
  const sources = shallowRef<Load<Source[]>>({ state: 'idle' })
  const chosen = shallowRef('')
  const listed = shallowRef<Load<Channel[]>>({ state: 'idle' })
  /** Channels that the chosen source does not list, found by a token. */
  const found = shallowRef<Channel[]>([])
  /** Sources that were opened by their address. */
  const opened = shallowRef<readonly Source[]>([])
  /** Why what the person typed leads nowhere. */
  const refusal = shallowRef<AppError | null>(null)
  const isLooking = shallowRef(false)

  const renew = fetcher(sources, api.listSources)
  const fetchChannels = fetcher(listed, () => api.listSourceChannels(chosen.value))

  /** What the chosen source offers: first what was found by a token. */
  const channels = computed<Load<Channel[]>>(() => {
    if (listed.value.state !== 'done') return listed.value
    const ids = new Set(found.value.map(({ id }) => id))
    const others = listed.value.value.filter(({ id }) => !ids.has(id))
    return { state: 'done', value: [...found.value, ...others] }
  })

  /** Chooses a source by its address, "" for none, and lists what it holds. */
  async function choose(address: string): Promise<void> {
    refusal.value = null
    if (chosen.value !== address) {
      listed.value = { state: 'idle' }
      found.value = []
    }
    chosen.value = address
    if (address !== '') await fetchChannels()
  }

  /** Opens what is at an address that a person typed; answers how to name it, or "" when nothing is there. */
  async function openAt(typed: string): Promise<string> {
    const source = await look(() => api.openSource(referenceOf(typed)))
    if (!source) return ''
    opened.value = [...opened.value.filter(({ address }) => address !== source.address), source]
    return source.address
  }

  /** Adds the channels of a token to what the chosen source offers, and answers them. */
  async function lookUp(token: string): Promise<Channel[]> {
    const source = chosen.value
    const answer = await look(() => api.lookupChannels(source, token.trim()))
    if (!answer || source !== chosen.value) return []
    const ids = new Set(answer.map(({ id }) => id))
    found.value = [...answer, ...found.value.filter(({ id }) => !ids.has(id))]
    return answer
  }

  async function look<T>(ask: () => Promise<T>): Promise<T | null> {
    refusal.value = null
    isLooking.value = true
    try {
      return await ask()
    } catch (reason) {
      refusal.value = toAppError(reason)
      return null
    } finally {
      isLooking.value = false
    }
  }

  /** Follows drives and servers that come and go; the answer ends that. */
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

  /** What is known of a source: one that was chosen by hand has only its address. */
  function find(address: string): Source {
    const known = [...(valueOf(sources.value) ?? []), ...opened.value]
    return (
      known.find((source) => source.address === address) ??
      sourceAt(address, valueOf(channels.value)?.length ?? null)
    )
  }

  return {
    sources,
    chosen,
    channels,
    refusal,
    isLooking,
    renew,
    fetchChannels,
    choose,
    openAt,
    lookUp,
    open,
    find,
    whereIs,
    eject: api.eject,
    chooseFolder: app.chooseFolder,
  }
})
