import { toJob } from '@/api/convert'
import type { Job, JobState } from '@/api/types'
import type {
  WireBackup,
  WireChannel,
  WireJob,
  WireNode,
  WireSession,
  WireSource,
  WireTask,
} from '@/api/wire'

let last = 0

function nextId(): string {
  last += 1
  return last.toString(16).padStart(32, '0')
}

const unfinished: JobState[] = ['RUNNING', 'QUEUED', 'SCHEDULED', 'SELECTED', 'PAUSED']
const finished: JobState[] = ['COMPLETED', 'FAILED', 'CANCELED']

/** A job as the backend would send it, its flags as its state has them. */
export function fakeJob(facts: Partial<WireJob> = {}): WireJob {
  const status = facts.status ?? 'QUEUED'
  const isFinished = finished.includes(status)
  return {
    id: nextId(),
    type: 'content.diskimport',
    queue: 'content',
    priority: 'regular',
    args: {},
    extra_metadata: {},
    result: null,
    unit: 'bytes',
    progress: 0,
    total_progress: 0,
    percentage: 0,
    rate: 0,
    remaining_seconds: null,
    installed: true,
    waiting: null,
    exception: null,
    error: null,
    advice: null,
    traceback: '',
    scheduled_datetime: null,
    repeat: 0,
    repeat_interval: 0,
    cron: '',
    catch_up: '',
    retry_interval: null,
    max_retries: null,
    attempts: 1,
    last_outcome: null,
    started_by: 'p1',
    started_by_name: 'Amina',
    request_id: null,
    created: '2026-11-23T12:00:00.000Z',
    started: status === 'QUEUED' ? null : '2026-11-23T12:00:01.000Z',
    finished: isFinished ? '2026-11-23T12:05:00.000Z' : null,
    status_title: 'Importing Blockly Games',
    status_text: '',
    problem_count: 0,
    ...facts,
    status,
    cancellable: unfinished.includes(status),
    pausable: status === 'RUNNING',
    clearable: isFinished,
    restartable: isFinished,
  }
}

/** Jobs by their state, as the components see them. */
export const jobFactory = {
  running: (facts: Partial<WireJob> = {}): Job =>
    toJob(
      fakeJob({
        status: 'RUNNING',
        progress: 1.2e9,
        total_progress: 3.4e9,
        percentage: 0.35,
        rate: 18e6,
        remaining_seconds: 122,
        ...facts,
      }),
    ),
  preparing: (): Job => toJob(fakeJob({ status: 'RUNNING' })),
  queued: (facts: Partial<WireJob> = {}): Job => toJob(fakeJob({ status: 'QUEUED', ...facts })),
  waitingForDrive: (): Job =>
    toJob(
      fakeJob({
        status: 'QUEUED',
        waiting: { code: 'drive', item: 'SANDISK', since: '2026-11-23T12:00:00.000Z' },
      }),
    ),
  waitingForRoom: (): Job =>
    toJob(
      fakeJob({
        status: 'RUNNING',
        progress: 3.4e9,
        total_progress: 3.4e9,
        percentage: 1,
        waiting: { code: 'disk_full', item: '', since: '2026-11-23T12:00:00.000Z' },
      }),
    ),
  afterOthers: (others: number): Job =>
    toJob(
      fakeJob({
        status: 'QUEUED',
        waiting: {
          code: 'after_others',
          item: String(others),
          since: '2026-11-23T12:00:00.000Z',
        },
      }),
    ),
  paused: (): Job =>
    toJob(fakeJob({ status: 'PAUSED', progress: 1.2e9, total_progress: 3.4e9, percentage: 0.35 })),
  canceling: (): Job => toJob(fakeJob({ status: 'CANCELING', total_progress: 3.4e9 })),
  failed: (): Job =>
    toJob(
      fakeJob({
        status: 'FAILED',
        exception: 'source_gone',
        error: 'SANDISK went away during the work.',
        advice: 'Connect it again and restart the job. What was copied so far stays.',
        traceback: 'copy 3f/2a: input/output error',
      }),
    ),
  done: (facts: Partial<WireJob> = {}): Job =>
    toJob(
      fakeJob({
        status: 'COMPLETED',
        progress: 3.4e9,
        total_progress: 3.4e9,
        percentage: 1,
        result: { resources_added: 214, bytes_copied: 3.4e9 },
        ...facts,
      }),
    ),
  doneWithProblems: (): Job => jobFactory.done({ problem_count: 3 }),
}

export function fakeChannel(facts: Partial<WireChannel> = {}): WireChannel {
  return {
    id: nextId(),
    name: 'Blockly Games',
    version: 3,
    language: 'en',
    languages: ['en'],
    description: '',
    thumbnail: '',
    total_resources: 21,
    available_resources: 21,
    size: 2.2e6,
    available_size: 2.2e6,
    source: '',
    newer_version: null,
    ...facts,
  }
}

export function fakeSource(facts: Partial<WireSource> = {}): WireSource {
  const path = facts.path ?? '/media/amina/SANDISK'
  return {
    id: `drive:${path}`,
    kind: 'drive',
    name: 'SANDISK',
    path,
    writable: true,
    free_bytes: 35e9,
    total_bytes: 64e9,
    channels: 6,
    ...facts,
  }
}

export function fakeResource(title: string, kind = 'video', size = 1e6): WireNode {
  return {
    id: nextId(),
    title,
    kind,
    content_id: nextId(),
    total_resources: 1,
    available_resources: 0,
    size,
    available_size: 0,
    children: [],
  }
}

/** A topic that holds the given nodes, its totals added up. */
export function fakeTopic(title: string, children: WireNode[]): WireNode {
  const sum = (value: (node: WireNode) => number) =>
    children.reduce((total, child) => total + value(child), 0)
  return {
    id: nextId(),
    title,
    kind: 'topic',
    content_id: nextId(),
    total_resources: sum((node) => node.total_resources),
    available_resources: sum((node) => node.available_resources),
    size: sum((node) => node.size),
    available_size: sum((node) => node.available_size),
    children,
  }
}

/** A window that is open to its coordinator, as where nobody has a PIN. */
export function fakeSession(facts: Partial<WireSession> = {}): WireSession {
  return {
    person: { id: 'coordinator', name: 'Amina', role: 'coordinator', manage_content: true },
    locked: false,
    pins: false,
    set_up: true,
    ...facts,
  }
}

export function fakeTask(facts: Partial<WireTask> = {}): WireTask {
  return {
    name: 'device.backup',
    summary: 'Back up the database',
    plugin: 'device',
    queue: 'device',
    priority: 'regular',
    cancellable: true,
    pausable: false,
    long_running: false,
    permission: 'coordinator',
    schema: { type: 'object', properties: {} },
    ...facts,
  }
}

/** The task that the guide for plugin authors writes: nothing in the window knows of it. */
export function primesTask(): WireTask {
  return fakeTask({
    name: 'maths.primes',
    summary: 'Count the primes of a range',
    plugin: 'maths',
    queue: 'maths',
    schema: {
      type: 'object',
      additionalProperties: false,
      order: ['from', 'to'],
      required: ['to'],
      properties: {
        from: { type: 'integer', title: 'From', minimum: 1, maximum: 1e9, default: 1 },
        to: {
          type: 'integer',
          title: 'To',
          description: 'The last number that is looked at',
          minimum: 1,
          maximum: 1e9,
        },
      },
    },
  })
}

export function fakeBackup(made: string): WireBackup {
  return { name: `backup-${made.slice(0, 16)}`, made, bytes: 1.2e6, version: 12 }
}
