import type { Home } from '@/api/types'
import { countOf, isPlannedByItself } from './jobStates'

/** With less than this left an import of any size fails soon. */
const littleSpace = 1e9

/** Somebody's decision about jobs of a backup that was brought back. */
export const decision = 'restored'

/** What jobs wait for that a person can bring. */
const bringable: readonly string[] = [
  'drive',
  'folder',
  'server',
  'power',
  'disk_full',
  'disk_trouble',
  decision,
]

export function wantedByPeople({ wanted }: Home): Home['wanted'] {
  return wanted.filter(({ code }) => bringable.includes(code))
}

export function lacksSpace({ freeBytes }: Home): boolean {
  return freeBytes < littleSpace
}

/** How many things wait for a person. */
export function countNeeds(home: Home): number {
  return home.amissAll + wantedByPeople(home).length + home.held.length + (lacksSpace(home) ? 1 : 0)
}

/** Nothing is on this laptop, and nobody has asked for anything. */
export function isFirstTime({ channels, counts, schedules }: Home): boolean {
  return (
    channels === 0 &&
    countOf(counts, 'all') === countOf(counts, 'scheduled') &&
    schedules.every(({ job }) => isPlannedByItself(job))
  )
}
