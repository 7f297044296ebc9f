import type { TreeNode } from '@/api/types'
import type { Load } from './load'

/** The channel whose topics are picked from. */
export interface PickTopics {
  /** Which channel that is, and where. */
  key: string
  name: string
  tree: {
    root: Load<TreeNode>
    topics: ReadonlyMap<string, Load<TreeNode[]>>
    pictures: ReadonlyMap<string, string>
  }
  /** Fetches the top of it; null when that failed. */
  openRoot(): Promise<TreeNode | null>
  openTopic(nodeId: string): Promise<TreeNode[] | null>
  /** These nodes are on the screen: their pictures are wanted. */
  seen(nodeIds: string[]): void
}
