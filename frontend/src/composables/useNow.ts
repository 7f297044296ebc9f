import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const now = shallowRef(new Date())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The present moment, to the minute, shared by everything that says "today". */
export function useNow(): Readonly<ShallowRef<Date>> {
  users += 1
  now.value = new Date()
  timer ??= setInterval(() => {
    now.value = new Date()
  }, 60_000)
  onScopeDispose(() => {
    users -= 1
    if (users > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return now
}
