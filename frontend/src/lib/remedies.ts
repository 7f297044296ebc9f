import type { Job } from '@/api/types'
import { actionsOf } from './jobActions'
import type { JobAction } from './jobActions'

/** What is done about a job that went wrong: something to it, or a choice made anew at a place in the window. */
export type Remedy = { action: JobAction } | { to: string }

/** Where it was to come from was the wrong choice. */
const wrongSource = [
  'source_empty',
  'source_is_ours',
  'channel_missing',
  'older_version',
  'not_kolibri',
  'not_a_channel',
  'schema_unknown',
  'wrong_channel',
  'unsafe_database',
  'broken_tree',
]

/** What was to come, or where it was to go, was. */
const wrongChoice = [
  'node_missing',
  'nothing_here',
  'manifest_damaged',
  'manifest_lacks',
  'target_is_ours',
  'target_newer',
  'file_too_large',
  'name_forbidden',
  'move_inside',
  'place_not_empty',
  'content_not_empty',
  'content_read_only',
]

/** What is tried first about a job that went wrong, which is what its advice asks for. */
export function remedyOf(job: Job): Remedy | null {
  if (job.state === 'SCHEDULED') return job.installed ? { action: 'run_now' } : null
  if (!job.restartable) return null
  // Begun once more with the same choice it would end the same.
  const code = job.state === 'FAILED' ? (job.errorCode ?? '') : ''
  if (code === 'content_read_only') return { to: '/settings' }
  if (code === 'channel_not_here') return { to: '/library' }
  if (wrongSource.includes(code)) return { to: placeOf(job, false) }
  if (wrongChoice.includes(code)) return { to: placeOf(job, true) }
  return { action: actionsOf(job).includes('retry_problems') ? 'retry_problems' : 'restart' }
}

/** Where what a job does is chosen, as far as the window has a page for it; with its source opened, or with none. */
function placeOf({ type, args }: Job, isSourceKept: boolean): string {
  const text = (name: string) => (typeof args[name] === 'string' ? args[name] : '')
  switch (type) {
    case 'content.diskimport':
    case 'content.remoteimport':
    case 'content.update': {
      if (!isSourceKept) return '/import'
      const source = text('path') || text('url') || text('source')
      return `/import?${new URLSearchParams({ source, channel: text('channel_id') }).toString()}`
    }
    case 'content.export':
      return `/library/${text('channel_id')}/export`
    case 'content.move':
    case 'content.adopt':
      return '/settings'
    default:
      return `/jobs/new/${type}`
  }
}
