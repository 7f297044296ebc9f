import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/device'
import { onSources } from '@/api/sources'
import type { NewVersion } from '@/api/types'
import { attempts } from './attempts'

/** A newer version of the program that is on a drive, and its installation. */
export const useUpgrade = defineStore('upgrade', () => {
  const offer = shallowRef<NewVersion | null>(null)
  const { isBusy, failure, attempt } = attempts()
  /** How an installation ended: it starts next time, or the system's installer goes on. */
  const outcome = shallowRef<'installed' | 'handedOver' | null>(null)
  const dismissed = shallowRef('')

  async function look(): Promise<void> {
    if (isBusy.value || outcome.value) return
    // A drive that cannot be looked at offers nothing: nobody asked for it.
    offer.value = await api.readNewVersion().catch(() => null)
  }

  async function install(): Promise<void> {
    const version = offer.value?.version
    if (version === undefined) return
    await attempt(async () => {
      outcome.value = (await api.upgrade(version)) ? 'handedOver' : 'installed'
    })
  }

  function dismiss() {
    dismissed.value = offer.value?.version ?? ''
  }

  /** Looks now and whenever a drive comes or goes; the answer ends that. */
  function open(): () => void {
    void look()
    return onSources(() => void look())
  }

  return { offer, failure, isBusy, outcome, dismissed, look, install, dismiss, open }
})
