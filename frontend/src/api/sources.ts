import { call, on } from './backend'
import { toChannel, toDiff, toPreflight, toSource } from './convert'
import type { Channel, Choice, Diff, Preflight, Source } from './types'

export async function listSources(): Promise<Source[]> {
  return ((await call(({ bridge }) => bridge.Sources.List())) ?? []).map(toSource)
}

export async function listSourceChannels(source: string): Promise<Channel[]> {
  return ((await call(({ bridge }) => bridge.Sources.Channels(source))) ?? []).map(toChannel)
}

/** What is at a path or an address that somebody gives, such as "10.0.0.5". */
export async function openSource(reference: string): Promise<Source> {
  return toSource(await call(({ bridge }) => bridge.Sources.Open(reference)))
}

/** The channels of a token, or of an id that the source does not list. */
export async function lookupChannels(source: string, token: string): Promise<Channel[]> {
  return ((await call(({ bridge }) => bridge.Sources.Lookup(source, token))) ?? []).map(toChannel)
}

/** Lets a drive go, so that it can be pulled out. */
export function eject(path: string): Promise<void> {
  return call(({ bridge }) => bridge.Sources.Eject(path))
}

export async function preflight(
  channelId: string,
  source: string,
  choice: Choice,
): Promise<Preflight> {
  return toPreflight(
    await call(({ bridge }) =>
      bridge.Sources.Preflight({
        channel_id: channelId,
        source,
        node_ids: choice.include,
        exclude_node_ids: choice.exclude,
      }),
    ),
  )
}

/** What exporting all of a channel that is here to a folder would do. */
export async function preflightExport(channelId: string, path: string): Promise<Preflight> {
  return toPreflight(
    await call(({ bridge }) =>
      bridge.Sources.PreflightExport({
        channel_id: channelId,
        path,
        node_ids: null,
        exclude_node_ids: null,
      }),
    ),
  )
}

/** What an update of a channel from a source would bring. */
export async function readDiff(channelId: string, source: string): Promise<Diff> {
  return toDiff(await call(({ bridge }) => bridge.Sources.Diff(channelId, source)))
}

export function onSources(listener: () => void): () => void {
  return on('sources', listener)
}
