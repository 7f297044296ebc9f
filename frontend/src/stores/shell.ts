import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'

/** Whether closing while jobs run is asked about, remembered on this laptop. */
const askKey = 'nectar.closing'

/** The window itself: its closing, what is dropped on it, its first paint. */
export const useShell = defineStore('shell', () => {
  /** How many jobs run while the person is asked about closing; null when nobody is asked. */
  const closing = shallowRef<number | null>(null)
  const asks = shallowRef(localStorage.getItem(askKey) !== 'stop')

  /** Begins to listen; the answer stops. */
  function open(onFolder: (path: string) => void): () => void {
    app.onFolderDrop(onFolder)
    return app.onCloseAsked((running) => {
      if (asks.value) closing.value = running
      else void app.answerClose('stop')
    })
  }

  async function answer(answer: 'stay' | 'stop'): Promise<void> {
    closing.value = null
    await app.answerClose(answer)
  }

  /** Stops the jobs safely from now on without asking, or asks again. */
  function ask(on: boolean): void {
    asks.value = on
    localStorage.setItem(askKey, on ? 'ask' : 'stop')
  }

  function focusMain(): void {
    document.getElementById('main')?.focus()
  }

  return { closing, asks, ask, open, answer, focusMain, reportFirstPaint: app.reportFirstPaint }
})
