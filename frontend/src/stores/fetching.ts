import type { ShallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import type { Load } from '@/lib/load'

/**
 * Fetches into a Load. What is already there stays visible while it is fetched
 * anew, and of several answers only the one that was asked for last counts.
 */
export function fetcher<T>(
  target: ShallowRef<Load<T>>,
  ask: () => Promise<T>,
): () => Promise<void> {
  let latest = 0
  return async () => {
    latest += 1
    const mine = latest
    if (target.value.state !== 'done') target.value = { state: 'loading' }
    try {
      const value = await ask()
      if (mine === latest) target.value = { state: 'done', value }
    } catch (reason) {
      if (mine === latest) target.value = { state: 'error', error: toAppError(reason) }
    }
  }
}
