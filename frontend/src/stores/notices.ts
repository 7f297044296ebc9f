import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import type { AppError } from '@/api/types'

/** Short words about what the person just did: that it worked, or why it did not. */
export const useNotices = defineStore('notices', () => {
  const notice = shallowRef<string | null>(null)
  const failure = shallowRef<AppError | null>(null)

  function tell(said: string): void {
    notice.value = said
  }

  /** Runs what a person asked for; a refusal is shown and answers undefined. */
  async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await action()
      failure.value = null
      return answer
    } catch (reason) {
      failure.value = toAppError(reason)
      return undefined
    }
  }

  return { notice, failure, tell, attempt }
})
