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

  let receive: (path: string) => void = () => undefined

  /** Begins to listen; the answer stops. */
  function open(onFolder: (path: string) => void): () => void {
    receive = onFolder
    app.onFolderDrop(onFolder)
    const stops = [
      app.onFolderGiven(() => void takeGiven()),
      app.onCloseAsked((running) => {
        if (asks.value) closing.value = running
        else void app.answerClose('stop')
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** Goes on with the folder that the program was given. Until somebody has signed in it stays where it is. */
  async function takeGiven(): Promise<void> {
    const path = await app.takeFolder().catch(() => '')
    if (path !== '') receive(path)
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

  return {
    closing,
    asks,
    ask,
    open,
    takeGiven,
    answer,
    focusMain,
    name: app.nameWindow,
    reportFirstPaint: app.reportFirstPaint,
  }
})
