import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { listChannels } from '@/api/library'
import { listSourceChannels, listSources, onSources } from '@/api/sources'
import type { Source } from '@/api/types'

/** A drive that was plugged in while the window is open. */
export interface Arrival {
  source: Source
  channels: number
  /** Of these, not on this laptop. */
  fresh: number
  /** Of these, later than the version on this laptop. */
  newer: number
}

/** Tells of drives with channels that are plugged in, wherever the person is. */
export const useArrivals = defineStore('arrivals', () => {
  const arrival = shallowRef<Arrival | null>(null)
  let known: ReadonlySet<string> | null = null
  let latest = 0

  async function look(): Promise<void> {
    latest += 1
    const mine = latest
    const drives = (await listSources()).filter(({ kind }) => kind === 'drive')
    if (mine !== latest) return
    const before = known
    known = new Set(drives.map(({ id }) => id))
    if (arrival.value && !known.has(arrival.value.source.id)) arrival.value = null
    const came =
      before && drives.findLast(({ id, channels }) => (channels ?? 0) > 0 && !before.has(id))
    if (came) arrival.value = await regard(came)
  }

  async function regard(source: Source): Promise<Arrival> {
    const [offered, here] = await Promise.all([listSourceChannels(source.address), listChannels()])
    const usable = offered.filter(({ fault }) => fault === null)
    const versions = new Map(here.map(({ id, version }) => [id, version]))
    return {
      source,
      channels: usable.length,
      fresh: usable.filter(({ id }) => !versions.has(id)).length,
      newer: usable.filter(({ id, version }) => version > (versions.get(id) ?? version)).length,
    }
  }

  function dismiss(): void {
    arrival.value = null
  }

  /** Follows the drives; what is plugged in already is no news. The answer ends that. */
  function open(): () => void {
    const again = () => void look().catch(() => undefined)
    again()
    return onSources(again)
  }

  return { arrival, dismiss, open }
})
