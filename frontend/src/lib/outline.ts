import type { AppError, TreeNode } from '@/api/types'
import type { Load } from './load'

/** A topic shows so many of its children at first; the rest on demand. */
export const firstChildren = 200

/** One visible line of a topic tree. */
export type Line =
  | {
      what: 'node'
      id: string
      node: TreeNode
      level: number
      parent: string
      isTopic: boolean
      isOpen: boolean
    }
  | { what: 'loading'; id: string; level: number; parent: string }
  | { what: 'empty'; id: string; level: number; parent: string }
  | { what: 'failed'; id: string; level: number; parent: string; error: AppError }
  | { what: 'more'; id: string; level: number; parent: string; hidden: number }

export interface Outline {
  root: TreeNode
  topics: ReadonlyMap<string, Load<TreeNode[]>>
  /** The topics that are unfolded. */
  open: ReadonlySet<string>
  /** The topics of which all children are shown. */
  whole: ReadonlySet<string>
}

/** The lines of a tree as they stand under each other. */
export function outline({ root, topics, open, whole }: Outline): Line[] {
  const lines: Line[] = []
  function add(parent: string, level: number): void {
    const load = topics.get(parent) ?? { state: 'idle' }
    if (load.state === 'error') {
      lines.push({ what: 'failed', id: `${parent} failed`, level, parent, error: load.error })
      return
    }
    if (load.state !== 'done') {
      lines.push({ what: 'loading', id: `${parent} loading`, level, parent })
      return
    }
    if (load.value.length === 0) lines.push({ what: 'empty', id: `${parent} empty`, level, parent })
    const shown = whole.has(parent) ? load.value : load.value.slice(0, firstChildren)
    for (const node of shown) {
      const isTopic = node.kind === 'topic'
      const isOpen = isTopic && open.has(node.id)
      lines.push({ what: 'node', id: node.id, node, level, parent, isTopic, isOpen })
      if (isOpen) add(node.id, level + 1)
    }
    const hidden = load.value.length - shown.length
    if (hidden > 0) lines.push({ what: 'more', id: `${parent} more`, level, parent, hidden })
  }
  add(root.id, 1)
  return lines
}
