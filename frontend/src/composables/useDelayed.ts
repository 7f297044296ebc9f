import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'

/** Turns true only when the source has been true for a while, so that quick answers never flash. */
export function useDelayed(
  source: () => boolean,
  milliseconds = 200,
): Readonly<ShallowRef<boolean>> {
  const delayed = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    source,
    (on) => {
      clearTimeout(timer)
      delayed.value = false
      if (on) timer = setTimeout(() => (delayed.value = true), milliseconds)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return delayed
}
