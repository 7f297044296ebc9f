import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import type { AppError } from '@/api/types'

/** How long what was done can be undone, in milliseconds. */
export const undoTime = 10_000

/** Short words about what the person just did: that it worked, or why it did not. */
export const useNotices = defineStore('notices', () => {
  const notice = shallowRef<string | null>(null)
  /** Sets right again what the notice tells of; null where nothing can. */
  const undo = shallowRef<(() => Promise<void>) | null>(null)
  const failure = shallowRef<AppError | null>(null)
  let pending: (() => void) | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Tells what was done. Another notice ends the time in which this one can be undone. */
  function tell(said: string, back: (() => Promise<void>) | null = null): void {
    finish()
    notice.value = said
    undo.value = back
  }

  /**
   * Tells of something that is done for good only when the time to undo it is
   * over: what cannot be set right is better not done yet.
   */
  function tellBefore(said: string, forGood: () => Promise<void>, back: () => Promise<void>): void {
    tell(said, back)
    pending = () => void attempt(forGood)
    timer = setTimeout(dismiss, undoTime)
  }

  function finish(): void {
    clearTimeout(timer)
    const last = pending
    pending = null
    last?.()
  }

  function dismiss(): void {
    notice.value = null
    undo.value = null
    finish()
  }

  async function undoIt(): Promise<void> {
    const back = undo.value
    pending = null
    dismiss()
    if (back) await attempt(back)
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

  return { notice, undo, failure, tell, tellBefore, dismiss, undoIt, attempt }
})
