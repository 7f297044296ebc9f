import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/device'
import { toAppError } from '@/api/errors'
import { onSources } from '@/api/sources'
import type { AppError, NewVersion } from '@/api/types'

/** A newer version of the program that is on a drive, and its installation. */
export const useUpgrade = defineStore('upgrade', () => {
  const offer = shallowRef<NewVersion | null>(null)
  const failure = shallowRef<AppError | null>(null)
  const isBusy = shallowRef(false)
  /** How an installation ended: it starts next time, or the system's installer goes on. */
  const outcome = shallowRef<'installed' | 'handedOver' | null>(null)
  const dismissed = shallowRef('')

  async function look(): Promise<void> {
    if (isBusy.value || outcome.value) return
    // A drive that cannot be looked at offers nothing: nobody asked for it.
    offer.value = await api.readNewVersion().catch(() => null)
  }

  async function install(): Promise<void> {
    if (!offer.value) return
    isBusy.value = true
    failure.value = null
    try {
      outcome.value = (await api.upgrade(offer.value.version)) ? 'handedOver' : 'installed'
    } catch (reason) {
      failure.value = toAppError(reason)
    } finally {
      isBusy.value = false
    }
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
