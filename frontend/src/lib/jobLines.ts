/** What of a job never changes, and says where in the list it stands. */
export interface Origin {
  /** On which it was asked for. */
  day: string
  /** In which it was asked for, or "". */
  group: string
}

/** The lines of a list of jobs, by the ids of jobs and, for those that were asked for together, one of their own. */
export interface JobLines {
  ids: readonly string[]
  /** By the line of a group, its jobs as far as they are in the list. */
  members: ReadonlyMap<string, readonly string[]>
  /** The jobs that stand below the line of their group. */
  parts: ReadonlySet<string>
  /** The indices of the lines with which a day begins. */
  heads: readonly number[]
}

export function lineOf(group: string): string {
  return `group-${group}`
}

/**
 * Puts the jobs of a group into one line where the first of them stands, and
 * below it, if it is unfolded, into lines of their own. One alone is no group.
 */
export function linesOf(
  jobs: readonly string[],
  originOf: (id: string) => Origin | undefined,
  isUnfolded: (line: string) => boolean,
): JobLines {
  const gathered = new Map<string, string[]>()
  for (const id of jobs) {
    const group = originOf(id)?.group
    if (!group) continue
    const known = gathered.get(lineOf(group))
    if (known) known.push(id)
    else gathered.set(lineOf(group), [id])
  }
  const members = new Map([...gathered].filter(([, some]) => some.length > 1))
  const parts = new Set<string>()
  const ids = members.size === 0 ? jobs : fold()
  return { ids, members, parts, heads: headsOf() }

  function fold(): string[] {
    const folded: string[] = []
    for (const id of jobs) {
      const line = lineOf(originOf(id)?.group ?? '')
      const together = members.get(line)
      if (!together) folded.push(id)
      else if (together[0] === id) {
        folded.push(line)
        if (!isUnfolded(line)) continue
        for (const part of together) {
          folded.push(part)
          parts.add(part)
        }
      }
    }
    return folded
  }

  function headsOf(): number[] {
    const heads: number[] = []
    let before = ''
    ids.forEach((id, index) => {
      const day = originOf(members.get(id)?.[0] ?? id)?.day ?? before
      if (day !== before) heads.push(index)
      before = day
    })
    return heads
  }
}
