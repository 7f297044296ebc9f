/** The values that the screens speak of: real dates, closed sets of words, no nulls where a list is meant. */

export const jobStates = [
  'PENDING',
  'SCHEDULED',
  'QUEUED',
  'SELECTED',
  'RUNNING',
  'PAUSED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'COMPLETED',
] as const
export type JobState = (typeof jobStates)[number]

export type Unit = 'bytes' | 'files' | 'items' | ''
export type NodeKind = string
export type ProblemCode = string
export type SourceKind = 'drive' | 'folder' | 'server' | 'studio' | 'sample'
export type Counts = Partial<Record<JobState, number>>

export interface Waiting {
  code: string
  /** What is waited for: a drive's name, a count of other jobs. */
  item: string
  since: Date
}

export interface Job {
  id: string
  type: string
  state: JobState
  queue: string
  priority: string
  args: Record<string, unknown>
  /** Facts for people that the task added, such as the name of the channel. */
  extra: Record<string, unknown>
  result: unknown
  unit: Unit
  done: number
  total: number
  /** 0 to 1. */
  fraction: number
  /** Units a second, smoothed by the backend; 0 when not running. */
  rate: number
  /** Null while it means nothing. */
  remainingSeconds: number | null
  cancellable: boolean
  pausable: boolean
  clearable: boolean
  restartable: boolean
  installed: boolean
  waiting: Waiting | null
  errorCode: string | null
  error: string | null
  advice: string | null
  /** Technical, for whoever helps. */
  detail: string
  scheduled: Date | null
  rules: Rules
  /** It does not run again by its rules, which are kept for a restart. */
  isSeriesOver: boolean
  attempts: number
  /** What came of the attempt before, in a word of the backend's. */
  lastOutcome: string | null
  startedBy: string
  /** The program itself started it, not a person. */
  isOfProgram: boolean
  created: Date
  started: Date | null
  finished: Date | null
  title: string
  text: string
  problemCount: number
  /** Its attempt is, or was until it was stopped, for the items alone that failed before. */
  isForProblems: boolean
}

/** When a job runs again, and what happens when it fails. */
export interface Rules {
  cron: string
  /** Further runs; null is for ever. */
  repeat: number | null
  everySeconds: number
  /** once, skip or "" where nothing can be missed. */
  catchUp: string
  retrySeconds: number | null
  maxRetries: number | null
}

/** A job that is due later or again. */
export interface Schedule {
  job: Job
  /** At most three; none while it is paused. */
  next: Date[]
}

export interface SchedulePage {
  schedules: Schedule[]
  next: string | null
}

/** At a glance: what is going on, what needs somebody, what is next and what just arrived. */
export interface Home {
  counts: Counts
  /** The first of them, the longest under way first. */
  running: Job[]
  /** The last that went wrong and were not set aside; amissAll says how many there are. */
  amiss: Job[]
  amissAll: number
  /** Things of the world that jobs wait for. */
  wanted: { code: string; item: string; jobs: number }[]
  held: Queue[]
  schedules: Schedule[]
  arrivals: Arrival[]
  /** How many are on this laptop. */
  channels: number
  freeBytes: number
}

/** A channel of this laptop to which something came. */
export interface Arrival {
  channel: Channel
  resources: number
  at: Date
}

/** Jobs of one kind, which can be held together. */
export interface Queue {
  name: string
  pausedSince: Date | null
  waiting: number
}

/** A kind of job that this person may start. */
export interface Task {
  name: string
  summary: string
  plugin: string
  priority: string
  /** The JSON Schema of its arguments, with titles in the person's language. */
  schema: Record<string, unknown>
}

export interface Problem {
  code: ProblemCode
  message: string
  item: string
}

export interface Attempt {
  number: number
  started: Date
  finished: Date | null
  outcome: string | null
  error: string | null
}

export interface LogLine {
  time: Date
  level: string
  message: string
}

export interface JobDetail {
  job: Job
  /** The first 1,000; job.problemCount says how many there are. */
  problems: Problem[]
  attempts: Attempt[]
  log: LogLine[]
  /** What the backend sent, for whoever helps. */
  raw: unknown
}

export interface JobFilter {
  states: JobState[]
  search: string
  /** The name of a task; "" for all kinds. */
  task: string
}

export interface JobPage {
  jobs: Job[]
  next: string | null
  counts: Counts
}

export interface JobsChange {
  sequence: number
  jobs: Job[]
  removed: string[]
  counts: Counts
}

export interface Channel {
  id: string
  name: string
  version: number
  language: string
  /** All that it has something in; the first is its own. */
  languages: string[]
  description: string
  /** A data URI, or "". */
  thumbnail: string
  totalResources: number
  availableResources: number
  size: number
  availableSize: number
  newerVersion: number | null
  /** Of a channel on this laptop: where that version was seen, and what people call the place; or "". */
  newerAt: string
  newerName: string
  /** Why this channel of a source cannot be imported. */
  fault: AppError | null
}

export interface TreeNode {
  id: string
  title: string
  kind: NodeKind
  totalResources: number
  availableResources: number
  size: number
  availableSize: number
  /** Null as long as nobody asked for them. */
  children: TreeNode[] | null
}

export interface Source {
  id: string
  kind: SourceKind
  name: string
  path: string
  /** How the backend wants this source to be named: its path or address, "studio" or "sample". */
  address: string
  freeBytes: number | null
  totalBytes: number | null
  /** Null as long as nobody has looked. */
  channels: number | null
  writable: boolean
}

/** What to take of a channel; null takes everything, and leaves out nothing. */
export interface Choice {
  include: string[] | null
  exclude: string[] | null
}

export interface Preflight {
  resources: number
  files: number
  bytes: number
  presentBytes: number
  /** Of the files that are to be copied. */
  copiedBytes: number
  /** The room that they take on the disk. */
  neededBytes: number
  freeBytes: number
  fits: boolean
  /** That other jobs will still write there. */
  queuedBytes: number
  /** Files that the file system there does not take, by name. */
  forbidden: string[]
  missingFiles: number
}

/** What an update of a channel would bring. */
export interface Diff {
  fromVersion: number
  toVersion: number
  /** That the update would copy. */
  bytes: number
  /** Titles, of which the lists may be shorter than the counts. */
  parts: { name: 'new' | 'updated' | 'deleted' | 'changed'; count: number; titles: string[] }[]
  notes: { version: number; text: string }[]
  /** That nothing needs any more afterwards. */
  unusedBytes: number
}

/** What deleting a channel would do. */
export interface Removal {
  resources: number
  bytes: number
  /** That stay, because other channels need them. */
  sharedFiles: number
}

/** A topic or resource that a search of this laptop found. */
export interface Hit {
  channelId: string
  channelName: string
  nodeId: string
  title: string
  /** The title of the topic that it is in, or "". */
  topic: string
  kind: NodeKind
  language: string
  /** It can be opened. */
  isHere: boolean
}

export interface Hits {
  hits: Hit[]
  total: number
}

/** What is searched for; an empty field asks for nothing. */
export interface Query {
  text: string
  kind: string
  language: string
}

export interface Space {
  path: string
  /** Where the channels are when they were put nowhere else. */
  ownPath: string
  /** It is the folder of a Kolibri, which can be left again. */
  isAdopted: boolean
  isReadOnly: boolean
  freeBytes: number
  totalBytes: number
}

export interface Environment {
  version: string
  language: string
  platform: string
  dataPath: string
}

/** A refusal or failure; message and advice are in the person's language. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: string,
    message: string,
    readonly advice = '',
    readonly detail = '',
    /** What is wrong with single fields of what was asked for. */
    readonly fields: readonly FieldFault[] = [],
  ) {
    super(message)
  }
}

export interface FieldFault {
  /** Its name, with dots between the levels. */
  field: string
  message: string
}

/** Somebody to choose before signing in. */
export interface PersonName {
  id: string
  name: string
  hasPin: boolean
}

/** Somebody who uses this laptop. */
export interface Person {
  id: string
  name: string
  isCoordinator: boolean
  managesContent: boolean
  hasPin: boolean
}

/** A person after a change, with what whoever made the change should be told. */
export interface PersonChanged {
  person: Person
  /** Shown this once; null when none was made. */
  recoveryCode: string | null
  obviousPin: boolean
  /** Coordinators without a PIN while others have one. */
  unprotected: string[]
}

/** How the window stands: who is signed in, if anybody. */
export interface Session {
  /** null when signing in is needed */
  person: { id: string; name: string; isCoordinator: boolean; managesContent: boolean } | null
  /** Somebody left it without use for too long. */
  locked: boolean
  /** People have PINs, so that one can sign out. */
  pins: boolean
  /** Somebody has set the laptop up. */
  setUp: boolean
}

/** One copy of the database. */
export interface Backup {
  name: string
  made: Date
  bytes: number
}

/** What was brought back, and what was lost by it. */
export interface Restored {
  /** Null for an empty database. */
  made: Date | null
  jobs: number
  /** Null when nobody can tell. */
  lostJobs: number | null
}

/** How the data folder opened. */
export interface Opening {
  /** Why it did not, where that can be mended here; null when it is open. */
  fault: AppError | null
  /** What can take its place then, the latest first. */
  backups: Backup[]
  /** What was found missing in it. */
  lost: AppError | null
  /** The new version of the program that did not start, if this one is back. */
  back: AppError | null
  /** The page before this one, if its process ended. */
  ended: AppError | null
}

/** A newer version of the program, on a drive. */
export interface NewVersion {
  version: string
  /** What is new. */
  notes: string[]
  bytes: number
  path: string
}

/** Something that the laptop has or lacks. */
export interface Finding {
  state: 'good' | 'warning' | 'bad'
  message: string
  advice: string
  /** That the message names: as it has them, and when that is. */
  times: { text: string; time: Date }[]
}

/** Something that people decide about this laptop. */
export interface Setting {
  name: string
  /** In English; the window has words of its own for those that it knows. */
  summary: string
  /** integer, choice or hours */
  type: string
  value: string | number
  unit: string
  min: number | null
  max: number | null
  /** Empty for a number. */
  choices: string[]
  mayChange: boolean
}
