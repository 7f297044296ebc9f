import { computed, onMounted, onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { rowAt, topOf, totalHeight, towards } from '@/lib/rowWindow'
import type { Rows, Span } from '@/lib/rowWindow'

/** How much above and below the window is drawn as well, in pixels. */
const margin = 400
/** So many rows out of sight are drawn with each frame: what comes all at once makes a frame late. */
const step = 3
/** The list is at rest when for so long no row has come into sight, in milliseconds. */
const rest = 150

/**
 * Which rows of a long list stand in the window, while the page is scrolled.
 * All rows are as high as the first one, all headings as the first one.
 */
export function useRowWindow(
  list: Readonly<ShallowRef<HTMLElement | null>>,
  count: () => number,
  heads: () => readonly number[],
) {
  const heights = shallowRef({ row: 76, head: 40 })
  const sight = shallowRef({ from: 0, to: 900 })
  const isMoving = shallowRef(false)
  let frame = 0
  let resting: ReturnType<typeof setTimeout> | undefined

  const rows = computed((): Rows => ({
    count: count(),
    heads: heads(),
    rowHeight: heights.value.row,
    headHeight: heights.value.head,
  }))
  const needed = computed(() => spanOf(0))
  const wanted = computed(() => spanOf(margin))
  /** Of a list that gets longer the rows may not have been there when it was drawn last. */
  const drawn = shallowRef<Span>(wanted.value)
  const first = computed(() => Math.min(drawn.value.first, needed.value.first))
  const last = computed(() => Math.max(drawn.value.last, needed.value.last))

  function spanOf(more: number): Span {
    const { from, to } = sight.value
    return { first: rowAt(rows.value, from - more), last: rowAt(rows.value, to + more) }
  }

  function draw(): void {
    const next = towards(drawn.value, wanted.value, needed.value, step)
    if (next.first !== drawn.value.first || next.last !== drawn.value.last) {
      drawn.value = next
      move()
    }
    if (next.first !== wanted.value.first || next.last !== wanted.value.last) measureSoon()
  }

  function move(): void {
    isMoving.value = true
    clearTimeout(resting)
    resting = setTimeout(settle, rest)
  }

  function settle(): void {
    clearTimeout(resting)
    isMoving.value = false
  }

  function measure(): void {
    frame = 0
    const element = list.value
    if (!element) return
    const row = element.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0
    const head = element.querySelector<HTMLElement>('[data-head]')?.offsetHeight ?? 0
    const measured = { row: row || heights.value.row, head: head || heights.value.head }
    if (measured.row !== heights.value.row || measured.head !== heights.value.head) {
      heights.value = measured
    }
    const from = -element.getBoundingClientRect().top
    const to = from + window.innerHeight
    if (from !== sight.value.from || to !== sight.value.to) sight.value = { from, to }
    draw()
  }

  function measureSoon(): void {
    frame ||= requestAnimationFrame(measure)
  }

  /** Scrolls as far as a row needs to be in the window as a whole. */
  function reveal(index: number, edge = 8): void {
    const element = list.value
    if (!element) return
    const start = element.getBoundingClientRect().top + topOf(rows.value, index)
    const end = element.getBoundingClientRect().top + topOf(rows.value, index + 1)
    // What sticks to the lower edge of the window must not cover it.
    const low = window.innerHeight - 96
    if (start < edge) window.scrollBy({ top: start - edge })
    else if (end > low) window.scrollBy({ top: end - low })
    measure()
  }

  onMounted(() => {
    measure()
    window.addEventListener('scroll', measureSoon, { passive: true })
    window.addEventListener('resize', measureSoon)
  })
  watch(rows, measureSoon, { flush: 'post' })
  onScopeDispose(() => {
    cancelAnimationFrame(frame)
    clearTimeout(resting)
    window.removeEventListener('scroll', measureSoon)
    window.removeEventListener('resize', measureSoon)
  })

  return {
    first,
    last,
    total: computed(() => totalHeight(rows.value)),
    top: (index: number) => topOf(rows.value, index),
    reveal,
    /** Whether rows come into sight and leave it at the moment. */
    isMoving,
    /** Takes the list to be at rest. */
    settle,
    /** How many rows the window holds, for keys that go a page on. */
    perPage: () => Math.max(1, Math.floor((window.innerHeight * 0.8) / rows.value.rowHeight)),
  }
}
