import { computed, shallowRef } from 'vue'

/** Which rows of a list are chosen: one by one, or a stretch of them at once. */
export function useSelection(ids: () => readonly string[]) {
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  let anchor = ''

  /** What has left the list is not chosen any more. */
  const selected = computed(() => ids().filter((id) => chosen.value.has(id)))

  /** Chooses rows, or with ranged all from the one that was chosen before to them. */
  function select(some: readonly string[], on: boolean, ranged: boolean): void {
    const all = ids()
    const from = all.indexOf(anchor)
    const at = some.map((id) => all.indexOf(id))
    const stretch =
      ranged && from >= 0 ? all.slice(Math.min(from, ...at), Math.max(from, ...at) + 1) : some
    const changed = new Set(chosen.value)
    for (const each of stretch) {
      if (on) changed.add(each)
      else changed.delete(each)
    }
    chosen.value = changed
    anchor = some[0] ?? anchor
  }

  function selectAll(): void {
    chosen.value = new Set(ids())
  }

  function clear(): void {
    chosen.value = new Set()
    anchor = ''
  }

  return { selected, isSelected: (id: string) => chosen.value.has(id), select, selectAll, clear }
}
