import { fromWireError } from './errors'
import { jobStates } from './types'
import type {
  Backup,
  Channel,
  Counts,
  Diff,
  Environment,
  Finding,
  Hits,
  Home,
  Job,
  JobDetail,
  JobPage,
  JobsChange,
  NewVersion,
  Opening,
  Person,
  PersonChanged,
  PersonName,
  Preflight,
  Queue,
  Removal,
  Restored,
  Schedule,
  SchedulePage,
  Session,
  Setting,
  Source,
  Space,
  Task,
  TreeNode,
  Unit,
} from './types'
import type {
  WireBackup,
  WireChannel,
  WireDiffDetail,
  WireEnvironment,
  WireFinding,
  WireHits,
  WireHome,
  WireJob,
  WireJobDetail,
  WireJobPage,
  WireJobsEvent,
  WireNamed,
  WireNewVersion,
  WireNode,
  WireOpening,
  WirePerson,
  WirePersonChanged,
  WirePersonName,
  WirePreflight,
  WireQueue,
  WireRemoval,
  WireRestored,
  WireSchedule,
  WireSchedulePage,
  WireSession,
  WireSetting,
  WireSource,
  WireSpace,
  WireTask,
} from './wire'

/** In whose name the program starts its own jobs. */
const program = 'system'

const units: readonly string[] = ['bytes', 'files', 'items'] satisfies Unit[]

function isUnit(value: string): value is Unit {
  return units.includes(value)
}

function date(value: string | null): Date | null {
  return value === null || value === '' ? null : new Date(value)
}

function toCounts(wire: Record<string, number> | null): Counts {
  const counts: Counts = {}
  for (const state of jobStates) counts[state] = wire?.[state] ?? 0
  return counts
}

export function toJob(wire: WireJob): Job {
  return {
    id: wire.id,
    type: wire.type,
    state: wire.status,
    queue: wire.queue,
    priority: wire.priority,
    args: wire.args ?? {},
    extra: wire.extra_metadata ?? {},
    result: wire.result,
    unit: isUnit(wire.unit) ? wire.unit : '',
    done: wire.progress,
    total: wire.total_progress,
    fraction: Math.min(Math.max(wire.percentage, 0), 1),
    rate: wire.rate,
    remainingSeconds: wire.remaining_seconds,
    cancellable: wire.cancellable,
    pausable: wire.pausable,
    clearable: wire.clearable,
    restartable: wire.restartable,
    installed: wire.installed,
    waiting: wire.waiting && {
      code: wire.waiting.code,
      item: wire.waiting.item,
      since: new Date(wire.waiting.since),
    },
    errorCode: wire.exception,
    error: wire.error,
    advice: wire.advice,
    detail: wire.traceback,
    scheduled: date(wire.scheduled_datetime),
    rules: {
      cron: wire.cron,
      repeat: wire.repeat,
      everySeconds: wire.repeat_interval,
      catchUp: wire.catch_up,
      retrySeconds: wire.retry_interval,
      maxRetries: wire.max_retries,
    },
    isSeriesOver: wire.series_canceled === true,
    lastOutcome: wire.last_outcome,
    attempts: wire.attempts,
    startedBy: wire.started_by_name,
    isOfProgram: wire.started_by === program,
    created: new Date(wire.created),
    started: date(wire.started),
    finished: date(wire.finished),
    title: wire.status_title || wire.type,
    text: wire.status_text,
    problemCount: wire.problem_count,
    isForProblems: wire.problems_only === true,
  }
}

export function toJobDetail(wire: WireJobDetail): JobDetail {
  return {
    job: toJob(wire),
    problems: wire.problems ?? [],
    attempts: (wire.history ?? []).map((attempt) => ({
      number: attempt.attempt,
      started: new Date(attempt.started),
      finished: date(attempt.finished),
      outcome: attempt.outcome,
      error: attempt.error,
    })),
    log: (wire.log ?? []).map((line) => ({ ...line, time: new Date(line.time) })),
    raw: wire,
  }
}

export function toJobPage(wire: WireJobPage): JobPage {
  return {
    jobs: (wire.jobs ?? []).map(toJob),
    next: wire.next === '' ? null : wire.next,
    counts: toCounts(wire.counts),
  }
}

export function toSchedulePage(wire: WireSchedulePage): SchedulePage {
  return {
    schedules: (wire.schedules ?? []).map(toSchedule),
    next: wire.next === '' ? null : wire.next,
  }
}

function toSchedule(wire: WireSchedule): Schedule {
  return { job: toJob(wire), next: (wire.next_runs ?? []).map((at) => new Date(at)) }
}

export function toHome(wire: WireHome): Home {
  return {
    counts: toCounts(wire.counts),
    running: (wire.running ?? []).map(toJob),
    amiss: (wire.amiss ?? []).map(toJob),
    amissAll: wire.amiss_all,
    wanted: wire.wanted ?? [],
    held: (wire.held ?? []).map(toQueue),
    schedules: (wire.schedules ?? []).map(toSchedule),
    arrivals: (wire.arrivals ?? []).map((arrival) => ({
      channel: toChannel(arrival.channel),
      resources: arrival.resources,
      at: new Date(arrival.at),
    })),
    channels: wire.channels,
    freeBytes: wire.free_bytes,
  }
}

export function toQueue(wire: WireQueue): Queue {
  const counts = toCounts(wire.counts)
  return {
    name: wire.name,
    pausedSince: date(wire.paused_since),
    waiting: (counts.QUEUED ?? 0) + (counts.SCHEDULED ?? 0),
  }
}

export function toTask(wire: WireTask): Task {
  return {
    name: wire.name,
    summary: wire.summary || wire.name,
    plugin: wire.plugin,
    priority: wire.priority,
    schema: wire.schema ?? {},
  }
}

export function toJobsChange(wire: WireJobsEvent): JobsChange {
  return {
    sequence: wire.sequence,
    jobs: (wire.jobs ?? []).map(toJob),
    removed: wire.removed ?? [],
    counts: toCounts(wire.counts),
  }
}

export function toChannel(wire: WireChannel): Channel {
  return {
    id: wire.id,
    name: wire.name || wire.id,
    version: wire.version,
    language: wire.language,
    languages: [...new Set([wire.language, ...(wire.languages ?? [])])].filter(Boolean),
    description: wire.description,
    thumbnail: wire.thumbnail.startsWith('data:image/') ? wire.thumbnail : '',
    totalResources: wire.total_resources,
    availableResources: wire.available_resources,
    size: wire.size,
    availableSize: wire.available_size,
    newerVersion: wire.newer_version,
    newerAt: wire.newer_at ?? '',
    newerName: wire.newer_name ?? '',
    fault: wire.fault ? fromWireError(wire.fault) : null,
  }
}

export function toHits(wire: WireHits): Hits {
  return {
    total: wire.total,
    hits: (wire.hits ?? []).map((hit) => ({
      channelId: hit.channel_id,
      channelName: hit.channel_name || hit.channel_id,
      nodeId: hit.node_id,
      title: hit.title || hit.node_id,
      topic: hit.topic,
      kind: hit.kind,
      language: hit.language,
      isHere: hit.here,
    })),
  }
}

/** Only a topic with something in it is opened further; a leaf has no children and never will. */
export function toNode(wire: WireNode): TreeNode {
  const children = wire.children ?? []
  return {
    id: wire.id,
    title: wire.title || wire.id,
    kind: wire.kind,
    totalResources: wire.total_resources,
    availableResources: wire.available_resources,
    size: wire.size,
    availableSize: wire.available_size,
    children: wire.kind === 'topic' && children.length === 0 ? null : children.map(toNode),
  }
}

export function toSource(wire: WireSource): Source {
  const path = wire.path ?? wire.url ?? ''
  return {
    id: wire.id,
    kind: wire.kind,
    name: wire.name || path,
    path,
    address: wire.kind === 'sample' ? 'sample' : path,
    freeBytes: wire.free_bytes,
    totalBytes: wire.total_bytes,
    channels: wire.channels,
    writable: wire.writable,
  }
}

export function toPreflight(wire: WirePreflight): Preflight {
  return {
    resources: wire.resources,
    files: wire.files,
    bytes: wire.bytes,
    presentBytes: wire.present_bytes,
    copiedBytes: wire.copied_bytes,
    neededBytes: wire.needed_bytes,
    freeBytes: wire.free_bytes,
    fits: wire.fits,
    queuedBytes: wire.queued_bytes,
    forbidden: (wire.forbidden ?? []).map(({ title }) => title),
    missingFiles: wire.missing_files,
  }
}

export function toSpace(wire: WireSpace): Space {
  return {
    path: wire.path,
    ownPath: wire.own_path,
    isAdopted: wire.adopted,
    isReadOnly: wire.read_only,
    freeBytes: wire.free_bytes,
    totalBytes: wire.total_bytes,
  }
}

export function toEnvironment(wire: WireEnvironment): Environment {
  return {
    version: wire.version,
    language: wire.language,
    platform: wire.platform,
    dataPath: wire.data_path,
  }
}

export function toPersonName(wire: WirePersonName): PersonName {
  return { id: wire.id, name: wire.name, hasPin: wire.has_pin }
}

export function toPerson(wire: WirePerson): Person {
  return {
    id: wire.id,
    name: wire.name,
    isCoordinator: wire.role === 'coordinator',
    managesContent: wire.manage_content,
    hasPin: wire.has_pin,
  }
}

export function toPersonChanged(wire: WirePersonChanged): PersonChanged {
  return {
    person: toPerson(wire.person),
    recoveryCode: wire.recovery_code,
    obviousPin: wire.obvious_pin,
    unprotected: wire.unprotected ?? [],
  }
}

export function toSession(wire: WireSession): Session {
  return {
    person: wire.person && {
      id: wire.person.id,
      name: wire.person.name,
      isCoordinator: wire.person.role === 'coordinator',
      managesContent: wire.person.manage_content || wire.person.role === 'coordinator',
    },
    locked: wire.locked,
    pins: wire.pins,
    setUp: wire.set_up,
  }
}

export function toBackup(wire: WireBackup): Backup {
  return { name: wire.name, made: new Date(wire.made), bytes: wire.bytes }
}

export function toRestored(wire: WireRestored): Restored {
  return { made: date(wire.made), jobs: wire.jobs, lostJobs: wire.lost_jobs }
}

export function toOpening(wire: WireOpening): Opening {
  return {
    fault: wire.fault && fromWireError(wire.fault),
    backups: (wire.backups ?? []).map(toBackup),
    lost: wire.lost && fromWireError(wire.lost),
    back: wire.back && fromWireError(wire.back),
    ended: wire.ended && fromWireError(wire.ended),
  }
}

export function toNewVersion({ version, notes, bytes, path }: WireNewVersion): NewVersion {
  return { version, notes: notes ?? [], bytes, path }
}

export function toFinding(wire: WireFinding): Finding {
  const state = wire.state === 'good' || wire.state === 'warning' ? wire.state : 'bad'
  const times = (wire.times ?? []).map(({ text, time }) => ({ text, time: new Date(time) }))
  return { state, message: wire.message, advice: wire.advice ?? '', times }
}

export function toSetting(wire: WireSetting): Setting {
  return {
    name: wire.name,
    summary: wire.summary,
    type: wire.type,
    value: typeof wire.value === 'number' ? wire.value : String(wire.value),
    unit: wire.unit ?? '',
    min: wire.min,
    max: wire.max,
    choices: wire.choices ?? [],
    mayChange: wire.may_change,
  }
}

export function toRemoval(wire: WireRemoval): Removal {
  return { resources: wire.resources, bytes: wire.bytes, sharedFiles: wire.shared_files }
}

export function toDiff(wire: WireDiffDetail): Diff {
  const titles = (named: WireNamed[] | null) => (named ?? []).map(({ title, id }) => title || id)
  return {
    fromVersion: wire.from_version,
    toVersion: wire.to_version,
    bytes: wire.bytes,
    parts: [
      { name: 'new', count: wire.new, titles: titles(wire.new_resources) },
      { name: 'updated', count: wire.updated, titles: titles(wire.updated_resources) },
      { name: 'deleted', count: wire.deleted, titles: titles(wire.deleted_resources) },
      { name: 'changed', count: wire.changed, titles: titles(wire.changed_resources) },
    ],
    notes: wire.notes ?? [],
    unusedBytes: wire.unused_bytes,
  }
}
