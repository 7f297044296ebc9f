/**
 * The JSON that the backend speaks, field by field as in backend/wire. Only
 * this folder knows these shapes; everything above it sees api/types.
 */
import type { JobState, NodeKind, ProblemCode, SourceKind } from './types'

export interface WireError {
  code: string
  message: string
  advice?: string
  fields?: { field: string; message: string; index: number }[] | null
  detail?: string
}

export interface WireJob {
  id: string
  type: string
  status: JobState
  queue: string
  priority: string
  args: Record<string, unknown> | null
  extra_metadata: Record<string, unknown> | null
  result: unknown
  unit: string
  progress: number
  total_progress: number
  percentage: number
  rate: number
  remaining_seconds: number | null
  cancellable: boolean
  pausable: boolean
  clearable: boolean
  restartable: boolean
  installed: boolean
  waiting: { code: string; item: string; since: string } | null
  exception: string | null
  error: string | null
  advice: string | null
  traceback: string
  scheduled_datetime: string | null
  attempts: number
  started_by: string
  started_by_name: string
  created: string
  started: string | null
  finished: string | null
  status_title: string
  status_text: string
  problem_count: number
}

export interface WireJobDetail extends WireJob {
  problems: { code: ProblemCode; message: string; item: string }[] | null
  history:
    | {
        attempt: number
        started: string
        finished: string | null
        outcome: string | null
        exception: string | null
        error: string | null
      }[]
    | null
  log: { time: string; level: string; message: string }[] | null
}

export interface WireJobPage {
  jobs: WireJob[] | null
  next: string | null
  counts: Record<string, number> | null
}

export interface WireJobsEvent {
  sequence: number
  jobs: WireJob[] | null
  removed: string[] | null
  counts: Record<string, number> | null
}

export interface WireChannel {
  id: string
  name: string
  version: number
  language: string
  languages: string[] | null
  description: string
  thumbnail: string
  total_resources: number
  available_resources: number
  size: number
  available_size: number
  source: string
  newer_version: number | null
  fault?: WireError | null
}

export interface WireNode {
  id: string
  title: string
  kind: NodeKind
  content_id: string
  total_resources: number
  available_resources: number
  size: number
  available_size: number
  children: WireNode[] | null
}

export interface WireSource {
  id: string
  kind: SourceKind
  name: string
  path?: string
  url?: string
  writable: boolean
  free_bytes: number | null
  total_bytes: number | null
  channels: number
}

export interface WirePreflight {
  resources: number
  files: number
  bytes: number
  present_files: number
  present_bytes: number
  needed_bytes: number
  free_bytes: number
  fits: boolean
}

export interface WireSpace {
  path: string
  free_bytes: number
  total_bytes: number
  reserve_bytes: number
}

export interface WireEnvironment {
  version: string
  language: string
  platform: string
  data_path: string
  windowed: boolean
}
