import type { Source, SourceKind } from '@/api/types'

/** Whether the backend's name of a source is that of a server. */
export function isServer(address: string): boolean {
  return address === 'studio' || /^https?:\/\//i.test(address)
}

/**
 * What a person typed as the backend understands it: a bare name or number of a
 * computer is that of a server, whose port is found out.
 */
export function referenceOf(typed: string): string {
  const text = typed.trim()
  return /^[\p{L}\d][\p{L}\d.-]*(\/.*)?$/u.test(text) && text.toLowerCase() !== 'studio'
    ? `http://${text}`
    : text
}

/** The task that imports from a source. */
export function importTask(address: string): string {
  return isServer(address) ? 'content.remoteimport' : 'content.diskimport'
}

function kindOf(address: string): SourceKind {
  if (address === 'sample' || address === 'studio') return address
  return isServer(address) ? 'server' : 'folder'
}

/** What can be said of a source by its address alone. */
export function sourceAt(address: string, channels: number | null): Source {
  const kind = kindOf(address)
  const parts = address.split(/[/\\]/).filter((part) => part !== '')
  return {
    id: address,
    kind,
    name: (kind === 'server' ? parts[1] : parts.at(-1)) ?? address,
    path: kind === 'server' || kind === 'folder' ? address : '',
    address,
    freeBytes: null,
    totalBytes: null,
    channels,
    writable: kind === 'folder',
  }
}
