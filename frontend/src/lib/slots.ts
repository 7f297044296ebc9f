/**
 * Gives what is shown of a long list places that are used again: whoever stays keeps
 * its place, and whoever comes takes that of one who went. Rows are made over so,
 * which costs much less than making new ones while a list is scrolled.
 */
export function slotsOf(
  ids: readonly string[],
  before: ReadonlyMap<string, number>,
): Map<string, number> {
  const slots = new Map<string, number>()
  for (const id of ids) {
    const kept = before.get(id)
    if (kept !== undefined) slots.set(id, kept)
  }
  const taken = new Set(slots.values())
  let free = 0
  for (const id of ids) {
    if (slots.has(id)) continue
    while (taken.has(free)) free += 1
    taken.add(free)
    slots.set(id, free)
  }
  return slots
}

/** How places stand in the page: those from before as they stood, then who is new. */
export function standing(places: readonly number[], before: readonly number[]): number[] {
  const stay = before.filter((place) => places.includes(place))
  return [...new Set([...stay, ...places])]
}
