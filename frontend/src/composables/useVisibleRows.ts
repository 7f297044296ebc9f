import { computed, nextTick, onMounted, onUnmounted, shallowRef } from 'vue'

/** Up to so many rows all are there: only longer lists are worth the trouble. */
const fewRows = 300
/** Rows that are kept ready above and below what is seen. */
const spare = 30

/**
 * Which of a list's rows stand on the screen while the page scrolls, when all
 * rows are equally high. The others are stood in for by room.
 */
export function useVisibleRows(
  list: () => HTMLElement | null,
  count: () => number,
  rowHeight: () => number,
) {
  const first = shallowRef(0)
  const last = shallowRef(fewRows)
  let frame = 0

  const isLong = computed(() => count() > fewRows)
  const from = computed(() => (isLong.value ? Math.min(first.value, count()) : 0))
  const to = computed(() => (isLong.value ? Math.min(last.value, count()) : count()))

  function look(): void {
    frame = 0
    const box = list()?.getBoundingClientRect()
    if (!box || !isLong.value) return
    const height = rowHeight()
    first.value = Math.max(0, Math.floor(-box.top / height) - spare)
    last.value = Math.max(fewRows, Math.ceil((window.innerHeight - box.top) / height) + spare)
  }

  function later(): void {
    frame ||= requestAnimationFrame(look)
  }

  /** Brings a row to where it is seen, unless it is there. */
  async function reach(index: number): Promise<void> {
    const box = list()?.getBoundingClientRect()
    if (!box || (index >= from.value && index < to.value)) return
    const above = window.scrollY + box.top + index * rowHeight()
    window.scrollTo({ top: above - window.innerHeight / 2 })
    look()
    await nextTick()
  }

  onMounted(() => {
    window.addEventListener('scroll', later, { passive: true })
    window.addEventListener('resize', later)
  })
  onUnmounted(() => {
    cancelAnimationFrame(frame)
    window.removeEventListener('scroll', later)
    window.removeEventListener('resize', later)
  })

  return { from, to, reach }
}
