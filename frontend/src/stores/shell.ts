import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'

/** The window itself: its closing, what is dropped on it, its first paint. */
export const useShell = defineStore('shell', () => {
  /** How many jobs run while the person is asked about closing; null when nobody is asked. */
  const closing = shallowRef<number | null>(null)

  /** Begins to listen; the answer stops. */
  function open(onFolder: (path: string) => void): () => void {
    app.onFolderDrop(onFolder)
    return app.onCloseAsked((running) => {
      closing.value = running
    })
  }

  async function answer(answer: 'stay' | 'stop'): Promise<void> {
    closing.value = null
    await app.answerClose(answer)
  }

  function focusMain(): void {
    document.getElementById('main')?.focus()
  }

  return { closing, open, answer, focusMain, reportFirstPaint: app.reportFirstPaint }
})
