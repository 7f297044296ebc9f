import { computed } from 'vue'
import type { Ref, WritableComputedRef } from 'vue'

/** Answers each part of a model as a model of its own; a change of one makes a new whole. */
export function useParts<Whole extends object>(whole: Ref<Whole>) {
  return <Key extends keyof Whole>(key: Key): WritableComputedRef<Whole[Key]> =>
    computed({
      get: () => whole.value[key],
      set: (value) => (whole.value = { ...whole.value, [key]: value }),
    })
}
