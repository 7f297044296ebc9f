import { shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'

/** A fraction that only grows, until what it belongs to (a job's attempt) is another one. */
export function useForwardOnly(
  fraction: () => number,
  owner: () => string,
): Readonly<ShallowRef<number>> {
  const highest = shallowRef(fraction())
  watch([fraction, owner], ([value, now], [, before]) => {
    highest.value = now === before ? Math.max(highest.value, value) : value
  })
  return highest
}
