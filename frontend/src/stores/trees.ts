import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/library'
import type { TreeNode } from '@/api/types'
import type { Load } from '@/lib/load'

/** What is loaded of one channel's topics. */
export interface TopicTree {
  root: Load<TreeNode>
  /** The children of each topic that was opened. */
  topics: Map<string, Load<TreeNode[]>>
  /** The pictures of those nodes that were on the screen and have one. */
  pictures: Map<string, string>
}

/** Pictures are asked for when the lines have stood still for so long. */
const stillness = 150

/** Topic trees by source and channel, loaded topic by topic. */
export const useTrees = defineStore('trees', () => {
  const trees = shallowReactive(new Map<string, TopicTree>())

  function key(channelId: string, source: string): string {
    return `${source}\n${channelId}`
  }

  function tree(channelId: string, source: string): TopicTree {
    const known = trees.get(key(channelId, source))
    if (known) return known
    const fresh = shallowReactive<TopicTree>({
      root: { state: 'idle' },
      topics: shallowReactive(new Map<string, Load<TreeNode[]>>()),
      pictures: shallowReactive(new Map<string, string>()),
    })
    trees.set(key(channelId, source), fresh)
    return fresh
  }

  async function openRoot(channelId: string, source: string): Promise<void> {
    const target = tree(channelId, source)
    if (target.root.state !== 'done') target.root = { state: 'loading' }
    try {
      const root = await api.readTree(channelId, '', source)
      target.topics.set(root.id, { state: 'done', value: root.children ?? [] })
      target.root = { state: 'done', value: root }
    } catch (reason) {
      target.root = { state: 'error', error: toAppError(reason) }
    }
  }

  /** Loads what is in a topic, unless it is there; answers its children, or null when that failed. */
  async function openTopic(
    channelId: string,
    source: string,
    nodeId: string,
  ): Promise<TreeNode[] | null> {
    const { topics } = tree(channelId, source)
    const known = topics.get(nodeId)
    if (known?.state === 'done') return known.value
    topics.set(nodeId, { state: 'loading' })
    try {
      const { children } = await api.readTree(channelId, nodeId, source)
      topics.set(nodeId, { state: 'done', value: children ?? [] })
      return children ?? []
    } catch (reason) {
      topics.set(nodeId, { state: 'error', error: toAppError(reason) })
      return null
    }
  }

  /** Of which nodes a tree's pictures were asked for, and when it asks next. */
  const asked = new WeakMap<
    TopicTree,
    { known: Set<string>; timer: ReturnType<typeof setTimeout> | undefined }
  >()

  /** Fetches the pictures of nodes that are on the screen, each once, unless they leave it at once. */
  function showPictures(channelId: string, source: string, nodeIds: readonly string[]): void {
    const target = tree(channelId, source)
    const asking = asked.get(target) ?? { known: new Set<string>(), timer: undefined }
    asked.set(target, asking)
    const wanted = nodeIds.filter((id) => !asking.known.has(id))
    clearTimeout(asking.timer)
    if (wanted.length === 0) return
    asking.timer = setTimeout(() => {
      for (const id of wanted) asking.known.add(id)
      void fetchPictures(target, channelId, source, wanted)
    }, stillness)
  }

  async function fetchPictures(
    target: TopicTree,
    channelId: string,
    source: string,
    nodeIds: string[],
  ): Promise<void> {
    for (let from = 0; from < nodeIds.length; from += api.picturesAtOnce) {
      // A tree without pictures is whole, so that nobody is told why there are none.
      const found = await api
        .readPictures(channelId, nodeIds.slice(from, from + api.picturesAtOnce), source)
        .catch(() => new Map<string, string>())
      for (const [id, picture] of found) target.pictures.set(id, picture)
    }
  }

  /** Forgets the trees of a source, because the drive or the library may have changed. */
  function forget(source: string): void {
    for (const known of trees.keys()) {
      if (known.startsWith(`${source}\n`)) trees.delete(known)
    }
  }

  return { tree, openRoot, openTopic, showPictures, forget }
})
