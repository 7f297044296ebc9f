import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import type { AppError } from '@/api/types'

/** What a person asks for, one thing after the other: whether it is under way, and why the last was refused. */
export function attempts() {
  const isBusy = shallowRef(false)
  const failure = shallowRef<AppError | null>(null)

  /** Does it; answers what came of it, or null when it was refused. */
  async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
    isBusy.value = true
    failure.value = null
    try {
      return await action()
    } catch (reason) {
      failure.value = toAppError(reason)
      return null
    } finally {
      isBusy.value = false
    }
  }

  return { isBusy, failure, attempt }
}
