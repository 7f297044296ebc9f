/**
 * What a person ticked in the topic tree of a channel. The tree is loaded topic
 * by topic, so a choice must be told to the backend without knowing the whole
 * of it: as topics to take, and topics inside those to leave out.
 */

export type Tick = 'all' | 'some' | 'none'

interface Entry {
  readonly parent: string | null
  readonly resources: number
  tick: Tick
  /** Null as long as they are not loaded: then tick is not "some". */
  children: string[] | null
}

export interface NodeFacts {
  id: string
  totalResources: number
  children: readonly NodeFacts[] | null
}

export class Selection {
  private readonly entries = new Map<string, Entry>()

  /** Begins with everything ticked, or with nothing. */
  constructor(
    private readonly root: NodeFacts,
    everything = true,
  ) {
    this.enter(root, null, everything ? 'all' : 'none')
  }

  /** Adds what was loaded of a topic; its children are ticked as the topic is. */
  load(id: string, children: readonly NodeFacts[]): void {
    const entry = this.entries.get(id)
    if (!entry || entry.children !== null) return
    const { tick } = entry
    entry.children = children.map((child) => child.id)
    for (const child of children) this.enter(child, id, tick)
  }

  tick(id: string): Tick {
    return this.entries.get(id)?.tick ?? 'none'
  }

  /** Ticks or unticks a node with everything in it. */
  set(id: string, ticked: boolean): void {
    this.spread(id, ticked ? 'all' : 'none')
    let above = this.entries.get(id)?.parent ?? null
    while (above !== null) {
      const entry: Entry | undefined = this.entries.get(above)
      if (!entry) return
      entry.tick = this.sum(entry)
      above = entry.parent
    }
  }

  /** A click on a box: what is ticked in part becomes ticked whole. */
  toggle(id: string): void {
    this.set(id, this.tick(id) !== 'all')
  }

  /** How many resources of the node are ticked. */
  resources(id: string = this.root.id): number {
    const entry = this.entries.get(id)
    if (!entry || entry.tick === 'none') return 0
    if (entry.tick === 'all') return entry.resources
    return (entry.children ?? []).reduce((total, child) => total + this.resources(child), 0)
  }

  /**
   * The shortest way to name what is ticked. Both null take the whole channel.
   * Leaving out wins over taking, so nothing is ever taken inside of something
   * that is left out.
   */
  choice(): { include: string[] | null; exclude: string[] | null } {
    if (this.tick(this.root.id) === 'all') return { include: null, exclude: null }
    const { include, exclude } = this.name(this.root.id, false)
    return { include, exclude: exclude.length > 0 ? exclude : null }
  }

  /** The nodes that are ticked whole, those in them not named again. */
  ticked(id: string = this.root.id): string[] {
    const tick = this.tick(id)
    if (tick !== 'some') return tick === 'all' ? [id] : []
    return (this.entries.get(id)?.children ?? []).flatMap((child) => this.ticked(child))
  }

  private enter(node: NodeFacts, parent: string | null, tick: Tick): void {
    this.entries.set(node.id, { parent, resources: node.totalResources, tick, children: null })
    if (node.children !== null) this.load(node.id, node.children)
  }

  private spread(id: string, tick: Tick): void {
    const entry = this.entries.get(id)
    if (!entry) return
    entry.tick = tick
    for (const child of entry.children ?? []) this.spread(child, tick)
  }

  private sum({ children, tick }: Entry): Tick {
    const ticks = new Set((children ?? []).map((child) => this.tick(child)))
    const [first] = ticks
    if (first === undefined) return tick
    return ticks.size === 1 ? first : 'some'
  }

  /** Names the ticks of a node, given that what is above it is taken or not. */
  private name(id: string, taken: boolean): { include: string[]; exclude: string[] } {
    const tick = this.tick(id)
    if (tick === 'all') return { include: taken ? [] : [id], exclude: [] }
    if (tick === 'none') return { include: [], exclude: taken ? [id] : [] }
    const leavingOut = this.join(id, true)
    if (taken) return leavingOut
    const taking = this.join(id, false)
    const length = (names: typeof taking) => names.include.length + names.exclude.length
    return length(taking) < length(leavingOut) + 1
      ? taking
      : { include: [id, ...leavingOut.include], exclude: leavingOut.exclude }
  }

  private join(id: string, taken: boolean): { include: string[]; exclude: string[] } {
    const parts = (this.entries.get(id)?.children ?? []).map((child) => this.name(child, taken))
    return {
      include: parts.flatMap((part) => part.include),
      exclude: parts.flatMap((part) => part.exclude),
    }
  }
}
