import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const now = shallowRef(new Date())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/**
 * The present moment, to the minute, shared by everything that says "today". It stays as it is
 * when one more asks: all others would be drawn anew with every row that is scrolled to.
 */
export function useNow(): Readonly<ShallowRef<Date>> {
  users += 1
  if (timer === undefined) now.value = new Date()
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
