/**
 * A backend for tests and for the demo: the same bound objects and events that
 * the real one puts on the window, over a world that is made in code. It keeps
 * the contract of backend/wire and is never part of a shipped window.
 */
import type { Bindings, Runtime } from '@/api/backend'
import type { JobState } from '@/api/types'
import type {
  WireArrival,
  WireBackup,
  WireChannel,
  WireError,
  WireFinding,
  WireHit,
  WireHome,
  WireJob,
  WireJobDetail,
  WireNewVersion,
  WireNode,
  WireOpening,
  WirePerson,
  WirePersonChanged,
  WirePersonName,
  WirePreflight,
  WireQueue,
  WireSearchRequest,
  WireSession,
  WireSetting,
  WireSource,
  WireSpace,
  WireTask,
  WireWanted,
} from '@/api/wire'
import { fakeJob } from './factories'

export interface World {
  jobs: WireJob[]
  details: Map<string, Partial<WireJobDetail>>
  library: WireChannel[]
  sources: WireSource[]
  /** Servers that are found by their address. */
  servers: WireSource[]
  /** What each source holds, by its address. */
  offers: Map<string, WireChannel[]>
  /** Channels that are found by a token. */
  tokens: Map<string, WireChannel[]>
  /** The tree of each channel, whole. */
  trees: Map<string, WireNode>
  /** Of topics and resources, by their ids. */
  pictures: Map<string, string>
  /** Where the channels of this laptop are. */
  place: Pick<WireSpace, 'path' | 'own_path' | 'adopted' | 'read_only'>
  freeBytes: number
  /** That other jobs will still write. */
  queuedBytes: number
  language: string
  /** The folder that the person chooses when asked. */
  folder: string
  session: WireSession
  names: WirePersonName[]
  /** The PIN of whoever has one. */
  pin: string
  /** What this person may start. */
  tasks: WireTask[]
  queues: WireQueue[]
  people: WirePerson[]
  settings: WireSetting[]
  backups: WireBackup[]
  findings: WireFinding[]
  opening: WireOpening
  /** The newer version of the program on a drive. */
  newVersion: WireNewVersion | null
  /** Whether the system's own installer installs it. */
  hasInstaller: boolean
  /** What came in the last days. */
  arrivals: WireArrival[]
  /** Jobs that this person has set aside. */
  dismissed: string[]
  /** The folder that the program was given to import from. */
  given?: string
  /** What stands on the bar of the window. */
  title?: string
  /** The clock of the backend. */
  now: number
}

/** A refusal; most are not about single fields. */
type Refusal = Omit<WireError, 'fields'> & Partial<Pick<WireError, 'fields'>>

export interface FakeBackend {
  world: World
  /** Every call as "Object.Method" with its arguments. */
  calls: { name: string; args: unknown[] }[]
  /** Makes a method refuse from now on; null lets it work again. */
  refuse(name: string, error: Refusal | null): void
  /** Keeps the answers of a method back until they are released in any order. */
  delay(name: string): { release: (index?: number) => void }
  emit(event: string, data: unknown): void
  /** Changes jobs as the engine would, and tells the window. */
  change(...jobs: WireJob[]): void
  remove(...ids: string[]): void
}

/** The topics and resources below a node whose title has the words. */
function search(node: WireNode, asked: WireSearchRequest, channel: WireChannel): WireHit[] {
  const isWanted = (title: string) => title.toLowerCase().includes(asked.text.toLowerCase())
  return (node.children ?? []).flatMap((child) => {
    const hit = {
      channel_id: channel.id,
      channel_name: channel.name,
      node_id: child.id,
      title: child.title,
      topic: node.title,
      kind: child.kind,
      language: channel.language,
      here: child.available_resources > 0,
    }
    const isHit =
      isWanted(child.title) &&
      (asked.kind === '' || asked.kind === child.kind) &&
      (asked.language === '' || asked.language === channel.language)
    return [...(isHit ? [hit] : []), ...search(child, asked, channel)]
  })
}

/** The room that files take on a disk. */
function inClusters(bytes: number): number {
  return Math.ceil(bytes / 4096) * 4096
}

function isOfGroup(metadata: WireJob['extra_metadata'], group: string | undefined): boolean {
  return !group || metadata?.['group'] === group
}

const finished: JobState[] = ['COMPLETED', 'FAILED', 'CANCELED']

export function installFakeBackend(world: World): FakeBackend {
  const calls: FakeBackend['calls'] = []
  const refusals = new Map<string, Refusal>()
  const delays = new Map<string, (() => void)[]>()
  const listeners = new Map<string, Set<(data: unknown) => void>>()
  let sequence = 0

  async function answer<T>(name: string, args: unknown[], make: () => T): Promise<T> {
    calls.push({ name, args })
    const queue = delays.get(name)
    if (queue) await new Promise<void>((resolve) => queue.push(resolve))
    const refusal = refusals.get(name)
    // Wails rejects with the text of the error, not with an Error.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    if (refusal) return Promise.reject(JSON.stringify({ fields: [], ...refusal }))
    return structuredClone(make())
  }

  function emit(event: string, data: unknown): void {
    for (const listener of listeners.get(event) ?? []) listener(structuredClone(data))
  }

  function counts(jobs: WireJob[]): Record<string, number> {
    const result: Record<string, number> = {}
    for (const job of jobs) result[job.status] = (result[job.status] ?? 0) + 1
    return result
  }

  function tell(jobs: WireJob[], removed: string[] = []): void {
    sequence += 1
    emit('jobs', { sequence, jobs, removed, counts: counts(world.jobs) })
  }

  function change(...jobs: WireJob[]): void {
    for (const job of jobs) {
      const at = world.jobs.findIndex(({ id }) => id === job.id)
      if (at < 0) world.jobs.unshift(job)
      else world.jobs[at] = job
    }
    tell(jobs)
  }

  function remove(...ids: string[]): void {
    world.jobs = world.jobs.filter(({ id }) => !ids.includes(id))
    tell([], ids)
  }

  function move(ids: string[], make: (job: WireJob) => Partial<WireJob>): WireJob[] {
    const jobs = world.jobs
      .filter(({ id }) => ids.includes(id))
      .map((job) => fakeJob({ ...job, ...make(job) }))
    change(...jobs)
    return jobs
  }

  function reschedule(ids: string[], args: Record<string, unknown>): WireJob[] {
    const cron = typeof args['cron'] === 'string' ? args['cron'] : ''
    return move(ids, () => ({ status: 'SCHEDULED', cron }))
  }

  function find(root: WireNode, id: string): WireNode | null {
    if (root.id === id || id === '') return root
    for (const child of root.children ?? []) {
      const found = find(child, id)
      if (found) return found
    }
    return null
  }

  /** The resources of a choice, once each. */
  function leaves(node: WireNode, include: string[] | null, exclude: string[]): WireNode[] {
    if (exclude.includes(node.id)) return []
    const taken = include === null || include.includes(node.id)
    const below = (node.children ?? []).flatMap((child) =>
      leaves(child, taken ? null : include, exclude),
    )
    return node.kind === 'topic' ? below : taken ? [node] : []
  }

  function isOver(status: JobState): boolean {
    return finished.includes(status)
  }

  function runsOf({ status, scheduled_datetime, cron }: WireJob): string[] {
    if (status === 'PAUSED' || scheduled_datetime === null) return []
    const first = new Date(scheduled_datetime).getTime()
    return [0, 1, 2]
      .slice(0, cron === '' ? 1 : 3)
      .map((run) => new Date(first + run * 86_400_000).toISOString())
  }

  function overview(): WireHome {
    const amiss = world.jobs.filter(
      ({ id, status, problem_count, last_outcome }) =>
        !world.dismissed.includes(id) &&
        (status === 'FAILED' ||
          (status === 'COMPLETED' && problem_count > 0) ||
          (status === 'SCHEDULED' && last_outcome === 'failed')),
    )
    const wanted = new Map<string, WireWanted>()
    for (const { waiting } of world.jobs) {
      if (!waiting) continue
      const { code, item } = waiting
      const jobs = (wanted.get(`${code} ${item}`)?.jobs ?? 0) + 1
      wanted.set(`${code} ${item}`, { code, item, jobs })
    }
    return {
      counts: counts(world.jobs),
      running: world.jobs
        .filter(({ status }) => status === 'RUNNING' || status === 'CANCELING')
        .slice(0, 3),
      amiss: amiss.slice(0, 4),
      amiss_all: amiss.length,
      wanted: [...wanted.values()],
      held: world.queues.filter(({ paused }) => paused),
      schedules: world.jobs
        .filter(({ status }) => status === 'SCHEDULED')
        .slice(0, 4)
        .map((job) => ({ ...job, next_runs: runsOf(job) })),
      arrivals: world.arrivals,
      channels: world.library.length,
      free_bytes: world.freeBytes,
    }
  }

  function holdQueue(name: string, on: boolean): WireQueue {
    const at = world.queues.findIndex((queue) => queue.name === name)
    const queue = {
      name,
      counts: {},
      ...world.queues[at],
      paused: on,
      paused_since: on ? new Date(world.now).toISOString() : null,
    }
    world.queues[at] = queue
    return queue
  }

  /** Changes a person and answers what whoever changed them is told. */
  function changePerson(id: string, facts: Partial<WirePerson>): WirePersonChanged {
    const at = world.people.findIndex((person) => person.id === id)
    const person = {
      id,
      name: '',
      role: 'teacher',
      manage_content: false,
      has_pin: false,
      ...world.people[at],
      ...facts,
    }
    if (at < 0) world.people.push(person)
    else world.people[at] = person
    const first = facts.has_pin === true && !world.session.pins
    if (facts.has_pin === true) world.session = { ...world.session, pins: true }
    return {
      person,
      recovery_code: first ? 'QX7K-2MPA-9RTD' : null,
      obvious_pin: false,
      unprotected: [],
    }
  }

  const bindings: Bindings = {
    bridge: {
      Jobs: {
        List: (filter) =>
          answer('Jobs.List', [filter], () => {
            const text = (filter.search ?? '').toLowerCase()
            const matching = world.jobs.filter(
              (job) =>
                JSON.stringify([job.status_title, job.extra_metadata])
                  .toLowerCase()
                  .includes(text) && isOfGroup(job.extra_metadata, filter.group),
            )
            const wanted = matching.filter(
              ({ status }) => !filter.states?.length || filter.states.includes(status),
            )
            const from = Number(filter.after ?? '')
            const to = from + (filter.limit ?? 50)
            return {
              jobs: wanted.slice(from, to),
              next: to < wanted.length ? String(to) : null,
              counts: counts(matching),
            }
          }),
        Show: (id) => {
          const job = world.jobs.find((known) => known.id === id)
          if (!job)
            refusals.set('Jobs.Show', { code: 'not_found', message: 'This job is not here.' })
          else if (refusals.get('Jobs.Show')?.code === 'not_found') refusals.delete('Jobs.Show')
          return answer('Jobs.Show', [id], () => ({
            ...(job ?? fakeJob({ id })),
            problems: [],
            history: [],
            log: [],
            ...world.details.get(id),
          }))
        },
        Enqueue: (requests) =>
          answer('Jobs.Enqueue', [requests], () => {
            const made = requests.map((request) => {
              const { type, enqueue_args, group, ...args } = request
              const later = typeof enqueue_args === 'object' && enqueue_args !== null
              const summary = world.tasks.find(({ name }) => name === type)?.summary
              const channel = [...world.offers.values()]
                .flat()
                .find(({ id }) => id === request['channel_id'])
              return fakeJob({
                type: String(type),
                status: later ? 'SCHEDULED' : 'QUEUED',
                scheduled_datetime: later ? new Date(world.now + 3_600_000).toISOString() : null,
                status_title: channel ? `Importing ${channel.name}` : (summary ?? 'A job'),
                args,
                extra_metadata: group === undefined ? {} : { group },
              })
            })
            change(...made)
            return made
          }),
        NextRuns: (name, args) =>
          answer('Jobs.NextRuns', [name, args], () => {
            const hour = 3_600_000
            return args['repeat'] === undefined && args['cron'] === undefined
              ? [new Date(world.now + hour).toISOString()]
              : [1, 2, 3].map((run) => new Date(world.now + run * 24 * hour).toISOString())
          }),
        Tasks: () => answer('Jobs.Tasks', [], () => world.tasks),
        Schedules: (limit, after) =>
          answer('Jobs.Schedules', [limit, after], () => ({
            schedules: world.jobs
              .filter(
                ({ status, cron, repeat, series_canceled }) =>
                  status === 'SCHEDULED' ||
                  ((cron !== '' || repeat !== 0) && !series_canceled && !isOver(status)),
              )
              .map((job) => ({ ...job, next_runs: runsOf(job) })),
            next: null,
          })),
        Reschedule: (ids, args) =>
          answer('Jobs.Reschedule', [ids, args], () => reschedule(ids, args)),
        RescheduleAll: (query, args) =>
          answer('Jobs.RescheduleAll', [query, args], () => {
            const ids = world.jobs
              .filter(({ status }) => !query.states?.length || query.states.includes(status))
              .map(({ id }) => id)
            return reschedule(ids, args).length
          }),
        RunNow: (ids) =>
          answer('Jobs.RunNow', [ids], () => move(ids, () => ({ status: 'QUEUED' }))),
        First: (ids) => answer('Jobs.First', [ids], () => move(ids, () => ({ status: 'QUEUED' }))),
        RetryProblems: (ids) =>
          answer('Jobs.RetryProblems', [ids], () =>
            move(ids, ({ attempts }) => ({
              status: 'QUEUED',
              attempts: attempts + 1,
              problem_count: 0,
            })),
          ),
        RetryCause: (ids, code) =>
          answer('Jobs.RetryCause', [ids, code], () =>
            move(ids, ({ attempts }) => ({ status: 'QUEUED', attempts: attempts + 1 })),
          ),
        SaveReport: (path, text) => answer('Jobs.SaveReport', [path, text], () => true),
        CancelSeries: (ids) =>
          answer('Jobs.CancelSeries', [ids], () =>
            move(ids, () => ({ status: 'CANCELED', series_canceled: true })),
          ),
        Delete: (ids) =>
          answer('Jobs.Delete', [ids], () => {
            remove(...ids)
            return ids.length
          }),
        DoAll: (action, query) =>
          answer('Jobs.DoAll', [action, query], () => {
            const ids = world.jobs
              .filter(({ status }) => !query.states?.length || query.states.includes(status))
              .filter(({ status }) => action !== 'clear' || isOver(status))
              .filter(({ extra_metadata }) => isOfGroup(extra_metadata, query.group))
              .map(({ id }) => id)
            if (action === 'clear' || action === 'delete') remove(...ids)
            else move(ids, () => ({ status: action === 'cancel' ? 'CANCELED' : 'QUEUED' }))
            return ids.length
          }),
        Queues: () => answer('Jobs.Queues', [], () => world.queues),
        PauseQueue: (name) => answer('Jobs.PauseQueue', [name], () => holdQueue(name, true)),
        ResumeQueue: (name) => answer('Jobs.ResumeQueue', [name], () => holdQueue(name, false)),
        Cancel: (ids) =>
          answer('Jobs.Cancel', [ids], () =>
            move(ids, ({ status }) => ({
              status: status === 'RUNNING' ? 'CANCELING' : 'CANCELED',
            })),
          ),
        Restart: (ids) =>
          answer('Jobs.Restart', [ids], () =>
            move(ids, ({ attempts }) => ({
              status: 'QUEUED',
              series_canceled: false,
              attempts: attempts + 1,
              progress: 0,
              percentage: 0,
              error: null,
              exception: null,
              advice: null,
              traceback: '',
              problem_count: 0,
              finished: null,
              status_text: '',
            })),
          ),
        Pause: (ids) => answer('Jobs.Pause', [ids], () => move(ids, () => ({ status: 'PAUSED' }))),
        Resume: (ids) =>
          answer('Jobs.Resume', [ids], () => move(ids, () => ({ status: 'QUEUED' }))),
        Clear: (ids) =>
          answer('Jobs.Clear', [ids], () => {
            remove(...ids)
            return ids.length
          }),
        ClearAll: (queue) =>
          answer('Jobs.ClearAll', [queue], () => {
            const ids = world.jobs
              .filter(({ status }) => finished.includes(status))
              .map(({ id }) => id)
            remove(...ids)
            return ids.length
          }),
      },
      People: {
        Session: () => answer('People.Session', [], () => world.session),
        Names: () => answer('People.Names', [], () => world.names),
        SignIn: (id, pin) => {
          const name = world.names.find((known) => known.id === id)
          if (name?.has_pin && pin !== world.pin)
            refusals.set('People.SignIn', { code: 'wrong_pin', message: 'That is not the PIN.' })
          else refusals.delete('People.SignIn')
          return answer('People.SignIn', [id, pin], () => {
            const person = { id, name: name?.name ?? '', role: 'teacher', manage_content: false }
            world.session = { ...world.session, person, locked: false }
            return world.session
          })
        },
        SignOut: () =>
          answer('People.SignOut', [], () => {
            world.session = { ...world.session, person: null }
            emit('session', { session: world.session })
          }),
        Touch: () => answer('People.Touch', [], () => undefined),
        List: () => answer('People.List', [], () => world.people),
        Add: (person) =>
          answer('People.Add', [person], () =>
            changePerson(`p${world.people.length + 1}`, {
              name: person.name,
              role: person.role,
              manage_content: person.manage_content,
              has_pin: person.pin !== '',
            }),
          ),
        Rename: (id, name) => answer('People.Rename', [id, name], () => changePerson(id, { name })),
        Grant: (id, grant) =>
          answer('People.Grant', [id, grant], () =>
            changePerson(id, {
              ...(grant.role !== null && { role: grant.role }),
              ...(grant.manage_content !== null && { manage_content: grant.manage_content }),
            }),
          ),
        Remove: (id) =>
          answer('People.Remove', [id], () => {
            const changed = changePerson(id, {})
            world.people = world.people.filter((person) => person.id !== id)
            return changed
          }),
        SetPIN: (id, pin, current) =>
          answer('People.SetPIN', [id, pin, current], () => changePerson(id, { has_pin: true })),
        RemovePIN: (id, current) =>
          answer('People.RemovePIN', [id, current], () => changePerson(id, { has_pin: false })),
        NewRecoveryCode: () => answer('People.NewRecoveryCode', [], () => 'QX7K-2MPA-9RTD'),
        Recover: (id, code, pin) =>
          answer('People.Recover', [id, code, pin], () => ({
            ...changePerson(id, { has_pin: true }),
            recovery_code: 'QX7K-2MPA-9RTD',
          })),
        SetUp: (name, pin) =>
          answer('People.SetUp', [name, pin], () => {
            world.session = { ...world.session, set_up: true }
            return changePerson(world.session.person?.id ?? '', { name, has_pin: pin !== '' })
          }),
      },
      Settings: {
        List: () => answer('Settings.List', [], () => world.settings),
        Set: (name, value) =>
          answer('Settings.Set', [name, value], () => {
            const setting = world.settings.find((known) => known.name === name)
            if (!setting) throw new Error('no such setting in this world')
            setting.value = value
            return setting
          }),
      },
      Device: {
        Backups: () => answer('Device.Backups', [], () => world.backups),
        Examine: () => answer('Device.Examine', [], () => world.findings),
        Diagnose: (path) => answer('Device.Diagnose', [path], () => true),
        Offer: () => answer('Device.Offer', [], () => world.newVersion),
        Upgrade: (version) =>
          answer('Device.Upgrade', [version], () => ({ version, handed_over: world.hasInstaller })),
      },
      Home: {
        Now: () => answer('Home.Now', [], overview),
        Dismiss: (ids) =>
          answer('Home.Dismiss', [ids], () => {
            world.dismissed.push(...ids)
            return overview()
          }),
        DismissAll: () =>
          answer('Home.DismissAll', [], () => {
            world.dismissed = world.jobs.map(({ id }) => id)
            return overview()
          }),
      },
      Library: {
        Channels: () => answer('Library.Channels', [], () => world.library),
        Tree: (channelId, nodeId, source) =>
          answer('Library.Tree', [channelId, nodeId, source], () => {
            const tree = world.trees.get(channelId)
            const node = tree && find(tree, nodeId)
            if (!node) throw new Error('no such node in this world')
            const children = (node.children ?? []).map((child) => ({ ...child, children: [] }))
            return { ...node, children }
          }),
        Thumbnails: (channelId, nodeIds, source) =>
          answer('Library.Thumbnails', [channelId, nodeIds, source], () =>
            Object.fromEntries([...world.pictures].filter(([id]) => nodeIds.includes(id))),
          ),
        OpenResource: (channelId, nodeId) =>
          answer('Library.OpenResource', [channelId, nodeId], () => undefined),
        Search: (request) =>
          answer('Library.Search', [request], () => {
            const hits = world.library.flatMap((channel) => {
              const tree = world.trees.get(channel.id)
              return tree ? search(tree, request, channel) : []
            })
            return { hits: hits.slice(0, request.limit || 50), total: hits.length }
          }),
        Order: (ids) =>
          answer('Library.Order', [ids], () => {
            const rank = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.length)
            world.library = world.library.toSorted((a, b) => rank(a.id) - rank(b.id))
            return world.library
          }),
        Removal: (request) =>
          answer('Library.Removal', [request], () => ({
            whole: true,
            resources: 21,
            files: 42,
            bytes: 2.2e6,
            shared_files: 3,
            shared_bytes: 1e5,
          })),
        Space: () =>
          answer('Library.Space', [], () => ({
            ...world.place,
            free_bytes: world.freeBytes,
            total_bytes: 120e9,
            reserve_bytes: 1e9,
          })),
      },
      Sources: {
        List: () => answer('Sources.List', [], () => world.sources),
        Channels: (source) =>
          answer('Sources.Channels', [source], () => world.offers.get(source) ?? []),
        Open: (reference) =>
          answer('Sources.Open', [reference], () => {
            const known = world.servers.find(({ url }) => url?.startsWith(reference))
            if (!known) throw new Error('no such server in this world')
            return known
          }),
        Lookup: (source, token) =>
          answer('Sources.Lookup', [source, token], () => world.tokens.get(token) ?? []),
        Eject: (path) => answer('Sources.Eject', [path], () => undefined),
        Diff: (channelId, source) =>
          answer('Sources.Diff', [channelId, source], () => {
            const named = (title: string) => [{ id: title, title, kind: 'video' }]
            return {
              from_version: 2,
              to_version: 3,
              new: 1,
              updated: 1,
              deleted: 0,
              changed: 0,
              bytes: 3e6,
              new_bytes: 2e6,
              new_resources: named('A new game'),
              updated_resources: named('Maze'),
              deleted_resources: [],
              changed_resources: [],
              notes: [{ version: 3, text: 'More levels.' }],
              unused_files: 2,
              unused_bytes: 1e6,
            }
          }),
        PreflightExport: (request) =>
          answer('Sources.PreflightExport', [request], (): WirePreflight => {
            const channel = world.library.find(({ id }) => id === request.channel_id)
            const drive = world.sources.find(({ path }) => path === request.path)
            const bytes = channel?.available_size ?? 0
            const free = drive?.free_bytes ?? world.freeBytes
            return {
              resources: channel?.available_resources ?? 0,
              files: 2,
              bytes,
              present_files: 0,
              present_bytes: 0,
              missing_files: 0,
              missing_bytes: 0,
              forbidden: [],
              copied_bytes: bytes,
              needed_bytes: bytes,
              queued_bytes: 0,
              free_bytes: free,
              fits: bytes <= free,
            }
          }),
        Preflight: (request) =>
          answer('Sources.Preflight', [request], (): WirePreflight => {
            const tree = world.trees.get(request.channel_id)
            const chosen = tree
              ? leaves(tree, request.node_ids, request.exclude_node_ids ?? [])
              : []
            const sum = (value: (node: WireNode) => number) =>
              chosen.reduce((total, node) => total + value(node), 0)
            const bytes = sum((node) => node.size)
            const present = sum((node) => node.available_size)
            return {
              resources: chosen.length,
              files: chosen.length * 2,
              bytes,
              present_files: 0,
              present_bytes: present,
              missing_files: 0,
              missing_bytes: 0,
              forbidden: [],
              copied_bytes: bytes - present,
              needed_bytes: inClusters(bytes - present),
              queued_bytes: world.queuedBytes,
              free_bytes: world.freeBytes,
              fits: inClusters(bytes - present) + world.queuedBytes <= world.freeBytes,
            }
          }),
      },
    },
    main: {
      App: {
        ChooseFolder: (title) => answer('App.ChooseFolder', [title], () => world.folder),
        ChooseFile: (title) => answer('App.ChooseFile', [title], () => world.folder),
        ChooseNewFile: (title, name) =>
          answer('App.ChooseNewFile', [title, name], () => world.folder),
        Opening: () => answer('App.Opening', [], () => world.opening),
        OpenAgain: () => answer('App.OpenAgain', [], () => undefined),
        Restore: (name) =>
          answer('App.Restore', [name], () => ({
            name,
            made: world.backups.find((backup) => backup.name === name)?.made ?? null,
            replaced: '/home/teacher/.local/share/nectar/replaced.sqlite3',
            jobs: 12,
            lost_jobs: 3,
            held_jobs: 0,
          })),
        Environment: () =>
          answer('App.Environment', [], () => ({
            version: '0.0.0',
            language: world.language,
            platform: 'linux',
            data_path: '/home/teacher/.local/share/nectar',
            windowed: true,
          })),
        SetLanguage: (code) =>
          answer('App.SetLanguage', [code], () => {
            world.language = code
          }),
        TakeFolder: () =>
          answer('App.TakeFolder', [], () => {
            const folder = world.given ?? ''
            world.given = ''
            return folder
          }),
        Notify: (title, text, place) => answer('App.Notify', [title, text, place], () => undefined),
        AnswerClose: (reply) => answer('App.AnswerClose', [reply], () => undefined),
        ShowDark: (dark) => answer('App.ShowDark', [dark], () => undefined),
        FirstPaint: (drawn) => answer('App.FirstPaint', [drawn], () => undefined),
      },
    },
  }

  const runtime: Runtime = {
    EventsOn(name, listener) {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known.add(listener))
      return () => known.delete(listener)
    },
    WindowSetTitle(title) {
      world.title = title
    },
    OnFileDrop(listener) {
      const known = listeners.get('file-drop') ?? new Set()
      listeners.set(
        'file-drop',
        known.add((paths) => {
          listener(0, 0, paths as string[])
        }),
      )
    },
  }

  window.go = bindings
  window.runtime = runtime
  return {
    world,
    calls,
    refuse(name, error) {
      if (error) refusals.set(name, error)
      else refusals.delete(name)
    },
    delay(name) {
      const queue: (() => void)[] = []
      delays.set(name, queue)
      return {
        release(index) {
          if (index === undefined) delays.delete(name)
          const chosen = index === undefined ? queue.splice(0) : queue.splice(index, 1)
          for (const resolve of chosen) resolve()
        },
      }
    },
    emit,
    change,
    remove,
  }
}
