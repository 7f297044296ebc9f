/**
 * Where the rows of a long list stand when all rows are of one height and some
 * have a heading over them, so that only those in sight need to be drawn.
 */
export interface Rows {
  count: number
  /** The indices of the rows that have a heading over them, in order. */
  heads: readonly number[]
  rowHeight: number
  headHeight: number
}

/** How many of the heads stand at or before a row. */
function headsUpTo(heads: readonly number[], index: number): number {
  let low = 0
  let high = heads.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((heads[middle] ?? Infinity) <= index) low = middle + 1
    else high = middle
  }
  return low
}

/** Where a row begins, with the heading over it if there is one. */
export function topOf(rows: Rows, index: number): number {
  return index * rows.rowHeight + headsUpTo(rows.heads, index - 1) * rows.headHeight
}

export function totalHeight(rows: Rows): number {
  return topOf(rows, rows.count)
}

/** The row that stands at a height; the last one for what is below all. */
export function rowAt(rows: Rows, height: number): number {
  let low = 0
  let high = rows.count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (topOf(rows, middle) <= height) low = middle
    else high = middle - 1
  }
  return low
}

/** Rows that follow one another, by their indices; both ends belong to it. */
export interface Span {
  first: number
  last: number
}

/**
 * What is drawn next on the way to what is wanted: at once all that is needed, of the
 * rest so many rows at a time. As many rows leave as come, so that they can be made over.
 */
export function towards(drawn: Span, wanted: Span, needed: Span, step: number): Span {
  const length = wanted.last - wanted.first
  if (wanted.last > drawn.last) {
    const last = Math.max(needed.last, Math.min(wanted.last, drawn.last + step))
    return { first: Math.max(0, Math.min(needed.first, last - length)), last }
  }
  if (wanted.first < drawn.first) {
    const first = Math.min(needed.first, Math.max(wanted.first, drawn.first - step))
    return { first, last: Math.max(needed.last, first + length) }
  }
  return wanted
}
