/**
 * The JSON that the backend speaks and the methods that it binds. Made from
 * backend/bridge, backend/wire and app.go by "go run ./build/generate"; do not
 * change it by hand. Only this folder knows these shapes; everything above it
 * sees api/types.
 */

export type WireState =
  | 'PENDING'
  | 'SCHEDULED'
  | 'QUEUED'
  | 'SELECTED'
  | 'RUNNING'
  | 'PAUSED'
  | 'CANCELING'
  | 'CANCELED'
  | 'FAILED'
  | 'COMPLETED'

export type WireSourceKind = 'drive' | 'folder' | 'server' | 'studio' | 'sample'

/** JobQuery chooses jobs, and a page of them. Empty fields choose all. */
export interface WireJobQuery {
  states?: string[]
  task?: string
  queue?: string
  /** jobs that were asked for together */
  group?: string
  /** only those that run again and again */
  repeating?: boolean
  /** words that are all in what is stored or shown of the job */
  search?: string
  /** RFC 3339: created at this time or later */
  since?: string
  /** RFC 3339: created before this time */
  until?: string
  /** created, started, finished or due; with a - in front the latest first */
  sort?: string
  limit?: number
  after?: string
}

/** JobPage is a page of a list of jobs. Counts obey every filter but the state. */
export interface WireJobPage {
  jobs: WireJob[] | null
  next: string | null
  counts: Record<string, number> | null
  /** a search that took long stopped here: next goes on, and counts are of this part */
  partial?: boolean
}

/** Job is one job as scripts and the window see it. Times are RFC 3339 in UTC with milliseconds, null when unset; sizes are bytes. */
export interface WireJob {
  id: string
  type: string
  /** PENDING SCHEDULED QUEUED SELECTED RUNNING PAUSED CANCELING CANCELED FAILED COMPLETED */
  status: WireState
  queue: string
  /** high, regular or low */
  priority: string
  args: Record<string, unknown> | null
  extra_metadata: Record<string, unknown> | null
  result: unknown
  /** bytes, files, items or "" of the progress */
  unit: string
  progress: number
  total_progress: number
  /** 0 to 1 */
  percentage: number
  /** units a second, smoothed; 0 when not running */
  rate: number
  /** null while it means nothing */
  remaining_seconds: number | null
  /** can be cancelled now */
  cancellable: boolean
  /** can be paused now */
  pausable: boolean
  /** can be cleared now */
  clearable: boolean
  /** can be restarted now */
  restartable: boolean
  /** its task is registered */
  installed: boolean
  /** the program ended while it ran, and has not begun again since: its status is the stored one */
  interrupted?: boolean
  waiting: WireWaiting | null
  /** stable code of the failure */
  exception: string | null
  /** the sentence */
  error: string | null
  /** what to do */
  advice: string | null
  /** technical detail */
  traceback: string
  scheduled_datetime: string | null
  /** 0 none, null for ever */
  repeat: number | null
  repeat_interval: number
  cron: string
  /** it is not due again by its rule, which is kept for a restart */
  series_canceled?: boolean
  catch_up: string
  retry_interval: number | null
  max_retries: number | null
  attempts: number
  last_outcome: string | null
  started_by: string
  started_by_name: string
  request_id: string | null
  created: string
  started: string | null
  finished: string | null
  status_title: string
  status_text: string
  problem_count: number
  /** its attempt is, or was until it was stopped, for the items alone that failed before: "retry problems" goes on with them */
  problems_only?: boolean
}

/** Waiting says what a queued job waits for: a thing of the world, or, with the code "after_others", for as many jobs as item says that go before it on the same channel or drive. A job of any state waits with the code "disk_full" or "disk_trouble" while what became of it cannot be stored. */
export interface WireWaiting {
  code: string
  item: string
  since: string
  /** NextIn is in how many seconds it is looked at next, where that is known. */
  next_in?: number
}

/** JobDetail is a job with its problems, attempts and log: the answer of "jobs show", and of a command that waited for its job. */
export interface WireJobDetail extends WireJob {
  /** the first 1,000 */
  problems: WireProblem[] | null
  history: WireAttempt[] | null
  log: WireLogLine[] | null
}

/** Problem is one item of a job that failed without failing the job. */
export interface WireProblem {
  code: string
  message: string
  item: string
}

/** Attempt is one execution of a job. */
export interface WireAttempt {
  attempt: number
  started: string
  finished: string | null
  outcome: string | null
  exception: string | null
  error: string | null
}

/** LogLine is one line that a job wrote while it ran. */
export interface WireLogLine {
  time: string
  /** debug, info, warn or error */
  level: string
  message: string
}

/** Queue is a queue with how many of its jobs are in each state. */
export interface WireQueue {
  name: string
  paused: boolean
  paused_since: string | null
  counts: Record<string, number> | null
}

/** SchedulePage is a page of schedules, the next one due first. */
export interface WireSchedulePage {
  schedules: WireSchedule[] | null
  next: string | null
}

/** Schedule is a job that is due later or again. */
export interface WireSchedule extends WireJob {
  /** at most three; none while it is paused */
  next_runs: string[] | null
}

/** Task is one entry of the catalogue of what can be enqueued. */
export interface WireTask {
  name: string
  summary: string
  plugin: string
  queue: string
  priority: string
  cancellable: boolean
  pausable: boolean
  long_running: boolean
  permission: string
  schema: Record<string, unknown> | null
}

/** Channel is a channel on this laptop or at a source. */
export interface WireChannel {
  id: string
  name: string
  version: number
  language: string
  languages: string[] | null
  description: string
  /** data URI, or "" */
  thumbnail: string
  total_resources: number
  available_resources: number
  size: number
  available_size: number
  /** where it was listed, or "" for this laptop */
  source: string
  newer_version: number | null
  /** of a channel on this laptop: the path or address where that version was seen */
  newer_at?: string
  /** what people call that place */
  newer_name?: string
  /** why this database at the source cannot be used */
  fault?: WireError
}

/** Error is a refusal or failure as the faces show it. */
export interface WireError {
  code: string
  /** what happened and why */
  message: string
  /** what to do now */
  advice?: string
  fields: WireField[] | null
  /** for whoever helps; folded away */
  detail?: string
}

/** Field is one refused field of a request. */
export interface WireField {
  field: string
  message: string
  index: number
}

/** Node is a topic or resource with what it holds. */
export interface WireNode {
  id: string
  title: string
  kind: string
  content_id: string
  total_resources: number
  available_resources: number
  size: number
  available_size: number
  children: WireNode[] | null
}

/** SearchRequest says what is searched for. An empty field asks for nothing. */
export interface WireSearchRequest {
  /** words of the title */
  text: string
  /** such as video or topic */
  kind: string
  /** code */
  language: string
  /** to search in one channel */
  channel_id: string
  /** of hits: 50 by default, 200 at most */
  limit: number
}

/** Hits are what a search of the library found, the best first. */
export interface WireHits {
  hits: WireHit[] | null
  /** how many there are in all */
  total: number
}

/** Hit is a topic or resource that was found. */
export interface WireHit {
  channel_id: string
  channel_name: string
  node_id: string
  title: string
  /** the title of the topic that it is in, or "" */
  topic: string
  kind: string
  /** code, or "" */
  language: string
  /** a resource that can be opened on this laptop */
  here: boolean
}

/** Space says where the content folder is and how much room it has. */
export interface WireSpace {
  path: string
  /** where it is when it was put nowhere else */
  own_path: string
  /** it is the folder of a Kolibri, which can be left again for our own */
  adopted: boolean
  /** nothing is written there */
  read_only: boolean
  /** that an import may use, the reserve taken off */
  free_bytes: number
  total_bytes: number
  reserve_bytes: number
}

/** RemovalRequest says what a person wants to delete. A null list of nodes means the whole channel. */
export interface WireRemovalRequest {
  channel_id: string
  node_ids: string[] | null
  /** copies in other channels and at other places too */
  force_delete: boolean
}

/** Removal says what a deletion would do, before anything changes. */
export interface WireRemoval {
  /** the channel leaves the library */
  whole: boolean
  /** that are here and go */
  resources: number
  /** that go */
  files: number
  /** that become free */
  bytes: number
  /** that stay, because other resources need them */
  shared_files: number
  shared_bytes: number
}

/** Source is a place that channels come from. */
export interface WireSource {
  id: string
  /** drive, folder, server, studio or sample */
  kind: WireSourceKind
  name: string
  path?: string
  url?: string
  writable: boolean
  free_bytes: number | null
  total_bytes: number | null
  channels: number
}

/** PreflightRequest says which part of a channel is meant. A null list of nodes means the whole channel. */
export interface WirePreflightRequest {
  channel_id: string
  source: string
  node_ids: string[] | null
  exclude_node_ids: string[] | null
}

/** Preflight says what an import or export would do, before anything changes. */
export interface WirePreflight {
  resources: number
  files: number
  /** of all files of the selection */
  bytes: number
  /** already here */
  present_files: number
  present_bytes: number
  /** neither there nor at the source */
  missing_files: number
  missing_bytes: number
  /** Forbidden are files that the file system does not take; the first 100. */
  forbidden: WireForbiddenFile[] | null
  /** of the files that are still to be copied */
  copied_bytes: number
  /** the room that they take on the disk */
  needed_bytes: number
  /** that other jobs will still write there */
  queued_bytes: number
  /** that may be used, the reserve taken off */
  free_bytes: number
  /** also with what others will write */
  fits: boolean
}

/** ForbiddenFile is a file that is too large for a file system. */
export interface WireForbiddenFile {
  title: string
  file: string
  size: number
  limit: number
}

/** ExportRequest says which part of a channel is meant, and where it is to go. A null list of nodes means all that is on this laptop. */
export interface WireExportRequest {
  channel_id: string
  path: string
  node_ids: string[] | null
  exclude_node_ids: string[] | null
}

/** DiffDetail is what an update would bring, by name. */
export interface WireDiffDetail extends WireDiff {
  /** of the new resources, which are imported on their own */
  new_bytes: number
  new_resources: WireNamed[] | null
  updated_resources: WireNamed[] | null
  deleted_resources: WireNamed[] | null
  changed_resources: WireNamed[] | null
  /** the latest version first */
  notes: WireVersionNote[] | null
  /** that nothing needs any more */
  unused_files: number
  unused_bytes: number
}

/** Diff counts what an update would bring. */
export interface WireDiff {
  from_version: number
  to_version: number
  new: number
  updated: number
  deleted: number
  /** titles, places and descriptions of others */
  changed: number
  /** that the update would copy */
  bytes: number
}

/** Named is a topic or resource by its name. */
export interface WireNamed {
  id: string
  title: string
  kind: string
}

/** VersionNote says what a version of a channel brings. */
export interface WireVersionNote {
  version: number
  text: string
}

/** Session is who is signed in at a window. */
export interface WireSession {
  /** null when signing in is needed */
  person: WireSignedIn | null
  /** somebody left it without use for too long */
  locked: boolean
  /** people have PINs, so that one can sign out */
  pins: boolean
  /** somebody has set the laptop up */
  set_up: boolean
}

/** SignedIn is the person who is signed in. */
export interface WireSignedIn {
  id: string
  name: string
  /** coordinator or teacher */
  role: string
  manage_content: boolean
}

/** PersonName is what somebody who is not signed in may know of a person. */
export interface WirePersonName {
  id: string
  name: string
  has_pin: boolean
}

/** PersonChanged is a person after a change, with what whoever made the change should be told. */
export interface WirePersonChanged {
  person: WirePerson
  /** shown this once; null when none was made */
  recovery_code: string | null
  /** anybody would try it first */
  obvious_pin: boolean
  /** coordinators without a PIN while others have one */
  unprotected: string[] | null
}

/** Person is somebody who uses this laptop. */
export interface WirePerson {
  id: string
  name: string
  /** coordinator or teacher */
  role: string
  manage_content: boolean
  has_pin: boolean
}

/** NewPerson is somebody to add. */
export interface WireNewPerson {
  name: string
  /** coordinator or teacher */
  role: string
  manage_content: boolean
  /** "" for none */
  pin: string
}

/** Grant says what a person may do. Null changes nothing. */
export interface WireGrant {
  /** coordinator or teacher */
  role: string | null
  manage_content: boolean | null
}

/** Setting is a setting with its value. */
export interface WireSetting {
  name: string
  summary: string
  /** integer or choice */
  type: string
  unit: string | null
  value: unknown
  default: unknown
  /** of an integer */
  min: number | null
  max: number | null
  /** of a choice, else empty */
  choices: string[] | null
  /** the person who asked */
  may_change: boolean
}

/** Backup is one copy of the database. */
export interface WireBackup {
  name: string
  made: string
  bytes: number
  /** of the database in it */
  version: number
}

/** Finding is one thing that the machine has or lacks. */
export interface WireFinding {
  check: string
  /** good, warning or bad */
  state: string
  message: string
  advice: string | null
  /** Times are those that the message names, so that whoever shows it may write them in another way. */
  times: WireNamedTime[] | null
}

/** NamedTime is a time that stands in a sentence. */
export interface WireNamedTime {
  /** as the sentence has it */
  text: string
  time: string
}

/** NewVersion is a newer version of the program on a drive. */
export interface WireNewVersion {
  version: string
  /** what is new */
  notes: string[] | null
  /** of the package */
  bytes: number
  /** where it lies */
  path: string
}

/** Upgraded is what came of a newer version that was to be installed. */
export interface WireUpgraded {
  version: string
  /** the system's installer goes on from here */
  handed_over: boolean
}

/** Home is, at a glance, what is going on on this laptop. */
export interface WireHome {
  /** of jobs by state */
  counts: Record<string, number> | null
  /** the first three, the longest under way first */
  running: WireJob[] | null
  /** the last four that went wrong and were not set aside */
  amiss: WireJob[] | null
  /** how many there are of these */
  amiss_all: number
  /** what jobs wait for */
  wanted: WireWanted[] | null
  /** queues that somebody paused */
  held: WireQueue[] | null
  /** the next four */
  schedules: WireSchedule[] | null
  /** the last four channels to which something came */
  arrivals: WireArrival[] | null
  /** how many are on this laptop */
  channels: number
  /** that an import may use */
  free_bytes: number
}

/** Wanted is a thing of the world that jobs wait for. */
export interface WireWanted {
  /** as in waiting */
  code: string
  item: string
  jobs: number
}

/** Arrival is a channel of this laptop to which something came. */
export interface WireArrival {
  channel: WireChannel
  /** that came */
  resources: number
  at: string
}

/** Environment is what the window wants to know of the program at its start. */
export interface WireEnvironment {
  version: string
  language: string
  platform: string
  data_path: string
  windowed: boolean
}

/** Opening says how the data folder opened. */
export interface WireOpening {
  /** why it did not, where that can be mended; null when it is open */
  fault: WireError | null
  /** that can take its place then, the latest first */
  backups: WireBackup[] | null
  /** what was found missing in it, if anything */
  lost: WireError | null
  /** the new version of the program that did not start, if this one is back */
  back: WireError | null
  /** the page before, if its process ended; said once */
  ended: WireError | null
}

/** Restored is what was brought back, and what was lost by it. */
export interface WireRestored {
  /** of the backup; "" for an empty database */
  name: string
  /** null for an empty database */
  made: string | null
  /** where the database is that was here; null when there was none */
  replaced: string | null
  /** that it holds */
  jobs: number
  /** created after the backup; null when nobody can tell */
  lost_jobs: number | null
  /** that waited when it was made, and are paused until somebody decides */
  held_jobs: number
}

/** JobsEvent tells the window which jobs changed. Batches are numbered, so that the window can tell one that is late or missing. */
export interface WireJobsEvent {
  sequence: number
  jobs: WireJob[] | null
  removed: string[] | null
  counts: Record<string, number> | null
}

/** SessionEvent tells the window that somebody signed in or out, that the window locked, or that something changed about the people of the laptop. */
export interface WireSessionEvent {
  session: WireSession
}

/** SourcesEvent tells the window that drives or servers came or went, so that it lists the sources again. */
export interface WireSourcesEvent {
  sequence: number
}

/** CloseAsked asks the person whether to close while jobs run. */
export interface WireCloseAsked {
  /** how many jobs */
  running: number
}

/** FolderGiven tells the window that TakeFolder has a folder for it. */
export interface WireFolderGiven {
  /** how many folders wait for the window; a later one takes the place of an earlier one */
  waiting: number
}

/** PlaceAsked tells the window that a person asked for a place in it, from outside: by a click on a notification. */
export interface WirePlaceAsked {
  /** such as /jobs/12 */
  place: string
}

/** Jobs is what the window may do with jobs. */
export interface JobsBinding {
  List(query: WireJobQuery): Promise<WireJobPage>
  Show(id: string): Promise<WireJobDetail>
  SaveReport(path: string, text: string): Promise<boolean>
  Enqueue(requests: Record<string, unknown>[]): Promise<WireJob[] | null>
  Cancel(ids: string[]): Promise<WireJob[] | null>
  CancelSeries(ids: string[]): Promise<WireJob[] | null>
  Restart(ids: string[]): Promise<WireJob[] | null>
  Pause(ids: string[]): Promise<WireJob[] | null>
  Resume(ids: string[]): Promise<WireJob[] | null>
  RunNow(ids: string[]): Promise<WireJob[] | null>
  First(ids: string[]): Promise<WireJob[] | null>
  RetryProblems(ids: string[]): Promise<WireJob[] | null>
  RetryCause(ids: string[], code: string): Promise<WireJob[] | null>
  Reschedule(ids: string[], enqueueArgs: Record<string, unknown>): Promise<WireJob[] | null>
  RescheduleAll(query: WireJobQuery, enqueueArgs: Record<string, unknown>): Promise<number>
  Delete(ids: string[]): Promise<number>
  DoAll(action: string, query: WireJobQuery): Promise<number>
  Queues(): Promise<WireQueue[] | null>
  PauseQueue(name: string): Promise<WireQueue>
  ResumeQueue(name: string): Promise<WireQueue>
  Schedules(limit: number, after: string): Promise<WireSchedulePage>
  NextRuns(taskName: string, enqueueArgs: Record<string, unknown>): Promise<string[] | null>
  Clear(ids: string[]): Promise<number>
  ClearAll(queue: string): Promise<number>
  Tasks(): Promise<WireTask[] | null>
}

/** Library is what the window may see of this laptop's channels. */
export interface LibraryBinding {
  Channels(): Promise<WireChannel[] | null>
  Tree(channelID: string, nodeID: string, source: string): Promise<WireNode>
  Thumbnails(
    channelID: string,
    nodeIDs: string[],
    source: string,
  ): Promise<Record<string, string> | null>
  Search(request: WireSearchRequest): Promise<WireHits>
  OpenResource(channelID: string, nodeID: string): Promise<void>
  Space(): Promise<WireSpace>
  Removal(request: WireRemovalRequest): Promise<WireRemoval>
  Order(channelIDs: string[]): Promise<WireChannel[] | null>
}

/** Sources is what the window may see of the places that channels come from. */
export interface SourcesBinding {
  List(): Promise<WireSource[] | null>
  Open(reference: string): Promise<WireSource>
  Lookup(source: string, token: string): Promise<WireChannel[] | null>
  Channels(source: string): Promise<WireChannel[] | null>
  Preflight(request: WirePreflightRequest): Promise<WirePreflight>
  PreflightExport(request: WireExportRequest): Promise<WirePreflight>
  Eject(path: string): Promise<void>
  Diff(channelID: string, source: string): Promise<WireDiffDetail>
}

/** People is who uses this laptop, and who of them is at the window. */
export interface PeopleBinding {
  Session(): Promise<WireSession>
  Names(): Promise<WirePersonName[] | null>
  SignIn(id: string, pin: string): Promise<WireSession>
  Recover(id: string, code: string, pin: string): Promise<WirePersonChanged>
  SignOut(): Promise<void>
  Touch(): Promise<void>
  SetUp(name: string, pin: string): Promise<WirePersonChanged>
  List(): Promise<WirePerson[] | null>
  Add(person: WireNewPerson): Promise<WirePersonChanged>
  Rename(id: string, name: string): Promise<WirePersonChanged>
  Grant(id: string, grant: WireGrant): Promise<WirePersonChanged>
  Remove(id: string): Promise<WirePersonChanged>
  SetPIN(id: string, pin: string, current: string): Promise<WirePersonChanged>
  RemovePIN(id: string, current: string): Promise<WirePersonChanged>
  NewRecoveryCode(): Promise<string>
}

/** Settings is what people decided about this laptop. */
export interface SettingsBinding {
  List(): Promise<WireSetting[] | null>
  Set(name: string, value: unknown): Promise<WireSetting>
}

/** Device is what the window may do for the laptop's own data. */
export interface DeviceBinding {
  Backups(): Promise<WireBackup[] | null>
  Examine(): Promise<WireFinding[] | null>
  Diagnose(path: string): Promise<boolean>
  Offer(): Promise<WireNewVersion | null>
  Upgrade(version: string): Promise<WireUpgraded>
}

/** Home is what the window shows first. */
export interface HomeBinding {
  Now(): Promise<WireHome>
  Dismiss(ids: string[]): Promise<WireHome>
  DismissAll(): Promise<WireHome>
}

/** App is the window: its life, and what only a window can do. */
export interface AppBinding {
  TakeFolder(): Promise<string>
  Environment(): Promise<WireEnvironment>
  ChooseFolder(title: string): Promise<string>
  ChooseFile(title: string): Promise<string>
  ChooseNewFile(title: string, name: string): Promise<string>
  Notify(title: string, text: string, place: string): Promise<void>
  SetLanguage(code: string): Promise<void>
  ShowDark(dark: boolean): Promise<void>
  AnswerClose(answer: string): Promise<void>
  FirstPaint(drawn: number): Promise<void>
  Opening(): Promise<WireOpening>
  OpenAgain(): Promise<void>
  Restore(name: string): Promise<WireRestored>
}

/** What the backend tells of its own accord, and what each event carries. */
export interface WireEvents {
  jobs: WireJobsEvent
  session: WireSessionEvent
  sources: WireSourcesEvent
  'close-asked': WireCloseAsked
  'folder-given': WireFolderGiven
  'place-asked': WirePlaceAsked
}
