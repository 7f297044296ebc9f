import type { JobState } from '@/api/types'
import type {
  WireChannel,
  WireJob,
  WireJobDetail,
  WireNode,
  WireSetting,
  WireSource,
  WireTask,
} from '@/api/wire'
import {
  fakeBackup,
  fakeChannel,
  fakeJob,
  fakeResource,
  fakeSession,
  fakeSource,
  fakeTask,
  fakeTopic,
  primesTask,
} from './factories'
import type { FakeBackend, World } from './fakeBackend'

const minutes = 60_000

function before(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString()
}

function resources(kind: string, title: string, count: number, size: number): WireNode[] {
  return Array.from({ length: count }, (_, index) =>
    fakeResource(`${title} ${index + 1}`, kind, size * (0.6 + ((index * 7) % 10) / 12)),
  )
}

function tree(id: string, name: string, scale: number): WireNode {
  const root = fakeTopic(name, [
    fakeTopic('Getting started', resources('video', 'First steps', 4, 30e6 * scale)),
    fakeTopic('Numbers and counting', [
      ...resources('video', 'Counting to', 8, 40e6 * scale),
      fakeTopic('Fractions', [
        ...resources('exercise', 'Halves and quarters', 6, 0.4e6 * scale),
        ...resources('document', 'Worksheet', 3, 2e6 * scale),
      ]),
      fakeTopic('Nothing here yet', []),
    ]),
    fakeTopic(
      'A topic with a rather long title that somebody once wrote without thinking of small screens, and then went on',
      resources('html5', 'Game', 9, 3e6 * scale),
    ),
    fakeTopic('قصص قصيرة', resources('audio', 'حكاية', 5, 8e6 * scale)),
    ...resources('document', 'Handbook for teachers', 2, 9e6 * scale),
  ])
  return { ...root, id }
}

interface Title {
  name: string
  language: string
  version: number
  scale: number
  description?: string
}

const titles: Title[] = [
  {
    name: 'Blockly Games',
    language: 'en',
    version: 3,
    scale: 0.02,
    description:
      'Games that teach programming: a maze, a bird, a turtle. They are made for children who have not programmed before, and work without the Internet.',
  },
  { name: 'Khan Academy – Mathematik', language: 'de', version: 12, scale: 6 },
  { name: 'مكتبة القصص الأفريقية', language: 'ar', version: 7, scale: 1.4 },
  { name: 'Cocina y nutrición para la escuela', language: 'es', version: 2, scale: 0.6 },
  { name: 'PhET Interactive Simulations', language: 'en', version: 21, scale: 0.9 },
  {
    name: 'Ciencias de la vida: un canal con un nombre extraordinariamente largo que ocupa más de una línea',
    language: 'es',
    version: 4,
    scale: 30,
  },
]

const school: WireSource = {
  id: 'server:school',
  kind: 'server',
  name: 'School server',
  url: 'http://192.168.1.5:8080',
  writable: false,
  free_bytes: null,
  total_bytes: null,
  channels: 4,
}

/** A laptop in the middle of a visit: three drives, six channels, sixty jobs. */
export function demoWorld(): World {
  const trees = new Map<string, WireNode>()
  const offered = titles.map(({ scale, description = '', ...facts }): WireChannel => {
    const channel = fakeChannel({ ...facts, description })
    const root = tree(channel.id, channel.name, scale)
    trees.set(channel.id, root)
    return {
      ...channel,
      total_resources: root.total_resources,
      available_resources: 0,
      size: root.size,
      available_size: 0,
      source: '/media/amina/SANDISK',
    }
  })
  const broken = fakeChannel({
    name: 'c0ffee5a8dc44c6d8a7ab1c2d3e4f506',
    source: '/media/amina/SANDISK',
    fault: {
      code: 'database_damaged',
      message:
        'The channel file c0ffee5a8dc44c6d8a7ab1c2d3e4f506.sqlite3 is damaged. It was probably not copied to the end.',
      advice: 'Copy the channel to the drive again, then try once more.',
      fields: [],
    },
  })
  const [blockly, khan, stories, cooking] = offered
  if (!blockly || !khan || !stories || !cooking) throw new Error('the demo has lost its channels')
  const whole = (channel: WireChannel) => ({
    ...channel,
    source: '',
    available_resources: channel.total_resources,
    available_size: channel.size,
  })
  const jobs = demoJobs([blockly, khan, stories, cooking])
  return {
    jobs,
    details: demoDetails(jobs),
    library: [
      { ...whole(blockly), version: 2, newer_version: 3, thumbnail: picture },
      { ...whole(stories), available_resources: 31, available_size: stories.size * 0.82 },
      whole(cooking),
    ],
    sources: [
      fakeSource({ channels: offered.length + 1 }),
      fakeSource({
        name: 'Kolibri Schulstick 2026',
        path: '/media/amina/Kolibri Schulstick 2026',
        channels: 2,
        free_bytes: 1.1e9,
      }),
      fakeSource({
        kind: 'folder',
        name: 'channels',
        path: '/home/amina/Downloads/a folder somewhere deep/channels',
        channels: 1,
        free_bytes: null,
      }),
      school,
      fakeSource({
        id: 'sample',
        kind: 'sample',
        name: 'Sample',
        path: '',
        channels: 1,
        free_bytes: null,
      }),
    ],
    servers: [school],
    tokens: new Map([['abcde-fghij', [fakeChannel({ name: 'Teacher training' })]]]),
    offers: new Map([
      ['/media/amina/SANDISK', [{ ...blockly, thumbnail: picture }, ...offered.slice(1), broken]],
      ['/media/amina/Kolibri Schulstick 2026', offered.slice(1, 3)],
      ['/home/amina/Downloads/a folder somewhere deep/channels', [khan]],
      ['sample', [blockly]],
      [school.url ?? '', offered.slice(0, 4)],
      ['studio', offered],
    ]),
    trees,
    pictures: new Map(),
    place: {
      path: '/home/teacher/.local/share/nectar/content',
      own_path: '/home/teacher/.local/share/nectar/content',
      adopted: false,
      read_only: false,
    },
    freeBytes: 35e9,
    queuedBytes: 0,
    language: 'en',
    folder: '/home/amina/Downloads/a folder somewhere deep/channels',
    session: fakeSession(),
    names: [],
    pin: '',
    tasks: demoTasks(),
    queues: [
      { name: 'content', paused: false, paused_since: null, counts: { QUEUED: 2 } },
      { name: 'device', paused: false, paused_since: null, counts: {} },
      { name: 'reports', paused: false, paused_since: null, counts: {} },
    ],
    people: [
      {
        id: 'coordinator',
        name: 'Amina',
        role: 'coordinator',
        manage_content: true,
        has_pin: false,
      },
      { id: 'ben', name: 'Ben Otieno', role: 'teacher', manage_content: true, has_pin: false },
      { id: 'layla', name: 'ليلى', role: 'teacher', manage_content: false, has_pin: false },
    ],
    settings: demoSettings(),
    backups: [2, 1450, 2890].map((ago) => fakeBackup(before(ago * minutes))),
    findings: [
      {
        check: 'database',
        state: 'good',
        message: 'The database has 1.2 MB.',
        advice: null,
        times: [],
      },
      {
        check: 'drives',
        state: 'warning',
        message: 'No drive is plugged in.',
        advice: 'Plug one in to import from it.',
        times: [],
      },
    ],
    opening: { fault: null, backups: [], lost: null, back: null, ended: null },
    newVersion: null,
    hasInstaller: false,
    arrivals: [
      {
        channel: { ...whole(blockly), thumbnail: picture },
        resources: 21,
        at: before(70 * minutes),
      },
      {
        channel: whole(stories),
        resources: 31,
        at: before(26 * 60 * minutes),
      },
      {
        channel: whole(cooking),
        resources: 1480,
        at: before(100 * 60 * minutes),
      },
    ],
    dismissed: [],
    now: Date.now(),
  }
}

const picture = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#3b6cb3"/><path d="M12 40V22h14a6 6 0 1 1 12 0h14v18H38a6 6 0 1 0-12 0z" fill="#fff"/></svg>',
)}`

function demoJobs(channels: WireChannel[]): WireJob[] {
  const title = (index: number) => `Importing ${channels[index % channels.length]?.name ?? ''}`
  const head = [
    fakeJob({
      status: 'RUNNING',
      status_title: title(1),
      progress: 1.2e9,
      total_progress: 3.4e9,
      percentage: 0.353,
      rate: 18e6,
      remaining_seconds: 122,
      created: before(2 * minutes),
      started: before(1.5 * minutes),
      status_text: 'Copying videos and exercises from SANDISK',
      args: { channel_id: channels[1]?.id, path: '/media/amina/SANDISK', node_ids: null },
    }),
    fakeJob({
      status: 'RUNNING',
      status_title: title(2),
      created: before(minutes),
      started: before(minutes),
      status_text: 'Reading the channel',
    }),
    fakeJob({
      status: 'QUEUED',
      status_title: title(3),
      created: before(minutes),
      waiting: { code: 'drive', item: 'SANDISK', since: before(minutes) },
      progress: 0.4e9,
      total_progress: 0.9e9,
      percentage: 0.44,
    }),
    fakeJob({ status: 'QUEUED', status_title: title(0), created: before(minutes) }),
    fakeJob({
      status: 'CANCELING',
      status_title: title(2),
      created: before(9 * minutes),
      progress: 3e8,
      total_progress: 9e8,
      percentage: 0.33,
    }),
    fakeJob({
      status: 'PAUSED',
      status_title: title(5),
      created: before(30 * minutes),
      progress: 12e9,
      total_progress: 35e9,
      percentage: 0.34,
    }),
    planned('device.backup', 'Backup of the database', 7, '0 12 * * *', 'completed'),
    planned('device.backup_check', 'Check of a backup', 60, '15 12 * * 1', 'failed'),
    planned('device.vacuum', 'Tidying the database', 200, '45 12 1 * *', null),
    fakeJob({
      ...planned('content.diskimport', title(4), 9, '', null),
      started_by_name: 'Amina',
    }),
    fakeJob({
      status: 'FAILED',
      status_title: title(1),
      created: before(50 * minutes),
      finished: before(20 * minutes),
      exception: 'source_gone',
      error: '/media/amina/SANDISK went away during the work.',
      advice: 'Connect it again and restart the job. What was copied so far stays.',
      traceback: 'copy 3f2a91c0.mp4: read /media/amina/SANDISK: input/output error',
      args: { channel_id: channels[1]?.id, path: '/media/amina/SANDISK', node_ids: ['a', 'b'] },
      attempts: 2,
      progress: 3e8,
      total_progress: 9e8,
      percentage: 0.33,
    }),
    fakeJob({
      status: 'COMPLETED',
      status_title: title(3),
      created: before(90 * minutes),
      finished: before(70 * minutes),
      result: { resources_added: 211, bytes_copied: 3.4e9 },
      problem_count: 27,
    }),
  ]
  const states: JobState[] = [
    'COMPLETED',
    'COMPLETED',
    'CANCELED',
    'COMPLETED',
    'FAILED',
    'COMPLETED',
  ]
  const past = Array.from({ length: 51 }, (_, index) => {
    const status = states[index % states.length] ?? 'COMPLETED'
    const ended = (index + 2) * 400 * minutes
    return fakeJob({
      status,
      status_title: title(index),
      created: before(ended + 20 * minutes),
      started: before(ended + 12 * minutes),
      finished: before(ended),
      result:
        status === 'COMPLETED'
          ? { resources_added: 21 + index, bytes_copied: (index + 1) * 7e7 }
          : null,
      error:
        status === 'FAILED'
          ? 'There is not enough room on this laptop: 4.2 GB are needed, 1.1 GB are free.'
          : null,
      advice:
        status === 'FAILED'
          ? 'Delete what is no longer needed, or choose less, then try again.'
          : null,
      started_by_name: index % 3 === 0 ? 'Joaquín Fernández de la Cruz' : 'Amina',
      progress: 3e8,
      total_progress: 9e8,
    })
  })
  return [...head, ...past]
}

function planned(
  type: string,
  status_title: string,
  hours: number,
  cron: string,
  last_outcome: string | null,
): WireJob {
  return fakeJob({
    status: 'SCHEDULED',
    status_title,
    type,
    cron,
    last_outcome,
    unit: '',
    queue: 'device',
    catch_up: cron === '' ? '' : 'once',
    created: before(200 * minutes),
    scheduled_datetime: new Date(Date.now() + hours * 60 * minutes).toISOString(),
    started_by_name: 'Nectar',
  })
}

function demoSettings(): WireSetting[] {
  const number = (name: string, value: number, unit: string, min: number, max: number) => ({
    name,
    summary: name,
    type: 'integer',
    unit,
    value,
    default: value,
    min,
    max,
    choices: [],
    may_change: true,
  })
  return [
    number('workers_regular', 4, 'jobs', 1, 16),
    number('workers_high', 2, 'jobs', 0, 8),
    number('lock_after_minutes', 10, 'minutes', 0, 1440),
    number('retention_days', 90, 'days', 0, 36500),
    number('retention_jobs', 100000, 'jobs', 0, 10000000),
    number('download_limit', 0, 'kB/s', 0, 1000000),
    number('battery_floor', 20, 'percent', 0, 95),
    {
      ...number('quiet_hours', 0, '', 0, 0),
      type: 'hours',
      value: '',
      default: '',
      unit: null,
      min: null,
      max: null,
    },
    {
      ...number('keep_awake', 0, '', 0, 0),
      type: 'choice',
      value: 'mains',
      default: 'mains',
      unit: null,
      min: null,
      max: null,
      choices: ['mains', 'always', 'never'],
    },
    {
      ...number('language', 0, '', 0, 0),
      type: 'choice',
      value: 'system',
      default: 'system',
      unit: null,
      min: null,
      max: null,
      choices: ['system', 'ar', 'de', 'en'],
    },
  ]
}

function demoTasks(): WireTask[] {
  return [
    fakeTask({
      name: 'content.diskimport',
      summary: 'Import a channel from a drive or folder',
      plugin: 'content',
      schema: {
        type: 'object',
        required: ['channel_id', 'path'],
        order: [
          'path',
          'channel_id',
          'node_ids',
          'renderable_only',
          'fail_on_error',
          'metadata_only',
        ],
        properties: {
          channel_id: { type: 'string', title: 'Channel', format: 'channel' },
          path: { type: 'string', title: 'Drive or folder', format: 'source' },
          node_ids: {
            type: 'array',
            items: { type: 'string' },
            title: 'Topics and resources',
            description: 'What to import. Left out: the whole channel',
            format: 'node',
          },
          renderable_only: {
            type: 'boolean',
            title: 'Only what can be shown',
            description: 'Leave out resources that no viewer of Kolibri shows',
            default: true,
          },
          fail_on_error: { type: 'boolean', title: 'Fail when any file fails', default: false },
          metadata_only: { type: 'boolean', title: 'Only the list of contents', default: false },
        },
      },
    }),
    fakeTask({ name: 'device.backup', summary: 'Back up the database of this laptop' }),
    fakeTask({
      name: 'device.diagnostics',
      summary: 'Collect logs and settings, with names and paths removed',
      schema: {
        type: 'object',
        required: ['path'],
        properties: {
          path: {
            type: 'string',
            title: 'File',
            description: 'The full path of the .zip file to write. One that is there is replaced',
            format: 'new-file',
            examples: ['Nectar.zip'],
          },
        },
      },
    }),
    fakeTask({
      name: 'reports.jobs_csv',
      summary: 'Write the jobs into a file for a spreadsheet',
      plugin: 'reports',
    }),
    primesTask(),
  ]
}

function demoDetails(jobs: WireJob[]): Map<string, Partial<WireJobDetail>> {
  const details = new Map<string, Partial<WireJobDetail>>()
  for (const job of jobs) {
    const outcome = job.finished === null ? null : job.status.toLowerCase()
    details.set(job.id, {
      history: Array.from({ length: job.attempts }, (_, index) => ({
        attempt: index + 1,
        started: job.started ?? job.created,
        finished: index + 1 < job.attempts ? job.started : job.finished,
        outcome: index + 1 < job.attempts ? 'interrupted' : outcome,
        exception: null,
        error: index + 1 < job.attempts ? null : job.error,
      })).toReversed(),
      log: [
        { time: job.created, level: 'info', message: 'The channel database has 42 resources.' },
        { time: job.created, level: 'warn', message: 'One picture is larger than its entry says.' },
      ],
      problems: Array.from({ length: job.problem_count }, (_, index) => ({
        code: index % 9 === 0 ? 'file_damaged' : 'file_missing',
        item: `Counting to ${index + 1}`,
        message: `“Counting to ${index + 1}” is not complete: its file ${index.toString(16).padStart(8, 'a')}.mp4 is ${index % 9 === 0 ? 'damaged' : 'missing'} where it was copied from.`,
      })),
    })
  }
  return details
}

/** Lets the running import of the demo go on, as long as the window is open. */
export function runDemo(backend: FakeBackend): void {
  setInterval(() => {
    const moved = backend.world.jobs
      .filter((job) => job.status === 'RUNNING' && job.total_progress > 0)
      .map((job) => advance(job))
    if (moved.length > 0) backend.change(...moved)
    const [next] = backend.world.jobs.filter((job) => job.status === 'QUEUED' && !job.waiting)
    if (next)
      backend.change(
        fakeJob({
          ...next,
          status: 'RUNNING',
          total_progress: 5e8,
          started: new Date().toISOString(),
        }),
      )
    const stopping = backend.world.jobs.filter((job) => job.status === 'CANCELING')
    if (stopping.length > 0 && Math.random() < 0.01) {
      backend.change(
        ...stopping.map((job) =>
          fakeJob({ ...job, status: 'CANCELED', finished: new Date().toISOString() }),
        ),
      )
    }
  }, 250)
}

function advance(job: WireJob): WireJob {
  const progress = Math.min(job.progress + 4.5e6, job.total_progress)
  if (progress === job.total_progress) {
    return fakeJob({
      ...job,
      status: 'COMPLETED',
      progress,
      percentage: 1,
      rate: 0,
      remaining_seconds: null,
      finished: new Date().toISOString(),
      result: { resources_added: 42, bytes_copied: progress },
    })
  }
  return fakeJob({
    ...job,
    progress,
    percentage: progress / job.total_progress,
    rate: 18e6,
    remaining_seconds: (job.total_progress - progress) / 18e6,
  })
}
