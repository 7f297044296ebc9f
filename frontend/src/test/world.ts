import { fakeSession } from './factories'
import type { World } from './fakeBackend'

/** A laptop on its first day: nothing on it, nothing plugged in. */
export function emptyWorld(facts: Partial<World> = {}): World {
  return {
    jobs: [],
    details: new Map(),
    library: [],
    sources: [],
    servers: [],
    offers: new Map(),
    tokens: new Map(),
    trees: new Map(),
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
    folder: '',
    session: fakeSession(),
    names: [],
    pin: '',
    tasks: [],
    queues: [],
    people: [],
    settings: [],
    backups: [],
    findings: [],
    opening: { fault: null, backups: [], lost: null, back: null, ended: null },
    newVersion: null,
    hasInstaller: false,
    arrivals: [],
    dismissed: [],
    now: Date.now(),
    ...facts,
  }
}
