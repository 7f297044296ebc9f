// What differs from one run to the next, made the same for pictures: the time,
// the folders of the run, the disk, and how far a running job is.

/** The moment at which all pictures are taken. */
export const moment = new Date('2026-03-04T09:30:00Z')

/** Where the drives of a picture are mounted. */
export const mounted = '/media/amina'

/** The home of whoever is seen in the pictures. */
const home = '/home/amina'

/**
 * Stands between the window and its backend, in a page that is not loaded yet:
 * what the backend answers is made steady, and what it is asked is turned back.
 * The folder of drives lies in the folder of the run.
 */
export async function steady(page, drives, run) {
  await page.clock.setFixedTime(moment)
  await page.addInitScript(standBetween, { folders: [[drives, mounted], [run, home]], now: moment.getTime(), began: Date.now() })
}

/** Runs in the page, so it holds all that it needs. */
function standBetween({ folders, now, began }) {
  const week = 7 * 24 * 3600_000
  // What has happened happened just now; what is planned keeps its day of the week.
  const steadyTime = (text) => {
    const time = Date.parse(text)
    if (Number.isNaN(time) || time > began + 400 * 24 * 3600_000) return text
    if (time <= began) return new Date(now).toISOString()
    let moved = time + Math.floor((now - began) / week) * week
    while (moved < now) moved += week
    return new Date(moved).toISOString()
  }
  const elsewhere = (text, moves) => moves.reduce((moved, [from, to]) => moved.replaceAll(from, to), text)
  const backwards = folders.map(([from, to]) => [to, from])
  const steadyText = (text) => (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? steadyTime(text) : elsewhere(text, folders).replaceAll(/127\.0\.0\.1:\d+/g, '192.168.1.20:8080').replaceAll(/\d{8}-\d{6}/g, '20260304-093000'))
  const steadyNumber = (key, value) => {
    if (/free/.test(key)) return 42e9
    if (/^total_bytes$|^capacity/.test(key)) return 120e9
    return value
  }
  const steadyJob = (job) =>
    job.status === 'RUNNING' && job.total_progress > 0
      ? { ...job, progress: Math.round(0.42 * job.total_progress), percentage: 0.42, rate: 2.1e5, remaining_seconds: 330 }
      : job
  const make = (value, key = '') => {
    if (typeof value === 'string') return steadyText(value)
    if (typeof value === 'number') return steadyNumber(key, value)
    if (Array.isArray(value)) return value.map((item) => make(item, key))
    if (value === null || typeof value !== 'object') return value
    return steadyJob(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, make(item, name)])))
  }
  const turnBack = (value) =>
    value === undefined ? value : JSON.parse(elsewhere(JSON.stringify(value), backwards))
  // The runtime reads what it has set and sets it again: what stands between must not stand there twice.
  const targets = new WeakMap()
  const between = (real) => {
    const proxy = new Proxy(real, {
      get(target, name) {
        const value = target[name]
        if (typeof value === 'function') return async (...values) => make(await value(...values.map(turnBack)))
        return typeof value === 'object' && value !== null ? between(value) : value
      },
    })
    targets.set(proxy, real)
    return proxy
  }
  let go
  Object.defineProperty(window, 'go', {
    get: () => go && between(go),
    set: (real) => { go = targets.get(real) ?? real },
  })
  let runtime
  Object.defineProperty(window, 'runtime', {
    get: () => runtime,
    set: (real) => {
      runtime = { ...real, EventsOn: (name, listener) => real.EventsOn(name, (data) => listener(make(data))) }
    },
  })
}
