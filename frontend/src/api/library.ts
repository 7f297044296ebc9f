import { call } from './backend'
import { toChannel, toNode, toSpace } from './convert'
import type { Channel, Space, TreeNode } from './types'

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

export async function readSpace(): Promise<Space> {
  return toSpace(await call(({ bridge }) => bridge.Library.Space()))
}
