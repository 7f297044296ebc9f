import { call } from './backend'
import { toChannel, toHits, toNode, toRemoval, toSpace } from './convert'
import type { Channel, Hits, Query, Removal, Space, TreeNode } from './types'

export async function listChannels(): Promise<Channel[]> {
  return ((await call(({ bridge }) => bridge.Library.Channels())) ?? []).map(toChannel)
}

/** One topic with its children; nodeId "" is the channel's root, source "" this laptop. */
export async function readTree(
  channelId: string,
  nodeId: string,
  source: string,
): Promise<TreeNode> {
  return toNode(await call(({ bridge }) => bridge.Library.Tree(channelId, nodeId, source)))
}

/** At most so many pictures are asked for at once. */
export const picturesAtOnce = 50

/** The pictures of topics and resources by their ids; those without one are left out. */
export async function readPictures(
  channelId: string,
  nodeIds: string[],
  source: string,
): Promise<Map<string, string>> {
  const found = await call(({ bridge }) => bridge.Library.Thumbnails(channelId, nodeIds, source))
  return new Map(Object.entries(found ?? {}))
}

export async function readSpace(): Promise<Space> {
  return toSpace(await call(({ bridge }) => bridge.Library.Space()))
}

/** Shows a resource of this laptop in the program that is for such files. */
export function openResource(channelId: string, nodeId: string): Promise<void> {
  return call(({ bridge }) => bridge.Library.OpenResource(channelId, nodeId))
}

/** What deleting a whole channel would do. */
export async function removal(channelId: string): Promise<Removal> {
  return toRemoval(
    await call(({ bridge }) =>
      bridge.Library.Removal({ channel_id: channelId, node_ids: null, force_delete: false }),
    ),
  )
}

/** Searches the titles of what is on this laptop; the best hits come first, so many at most. */
export async function search({ text, kind, language }: Query, limit: number): Promise<Hits> {
  return toHits(
    await call(({ bridge }) =>
      bridge.Library.Search({ text, kind, language, channel_id: '', limit }),
    ),
  )
}

/** Gives the channels on this laptop these places. */
export async function orderChannels(ids: string[]): Promise<Channel[]> {
  return ((await call(({ bridge }) => bridge.Library.Order(ids))) ?? []).map(toChannel)
}
