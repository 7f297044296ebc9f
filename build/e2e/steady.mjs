// What differs from one run to the next, made the same for pictures: the time,
// the folders of the run, the disk, and how far a running job is.

import { standBetween } from './between.mjs'

/** The moment at which all pictures are taken. */
export const moment = new Date('2026-03-04T09:30:00Z')

/** Where the drives of a picture are mounted. */
export const mounted = '/media/amina'

/** The home of whoever is seen in the pictures. */
const home = '/home/amina'

/**
 * Makes what the backend answers steady, and turns back what it is asked, in a page
 * that is not loaded yet. The folder of drives lies in the folder of the run.
 */
export async function steady(page, drives, run) {
  await page.clock.setFixedTime(moment)
  await standBetween(page, makeSteady, { folders: [[drives, mounted], [run, home]], now: moment.getTime(), began: Date.now() })
}

/** Runs in the page, so it holds all that it needs. */
function makeSteady({ folders, now, began }) {
  const week = 7 * 24 * 3600_000
  // What has happened happened just now; what is planned keeps its day of the week.
  const steadyTime = (text) => {
    const time = Date.parse(text)
    if (Number.isNaN(time) || time > began + 400 * 24 * 3600_000) return text
    if (time <= began) return new Date(now).toISOString()
    return new Date(time + Math.ceil((now - began) / week) * week).toISOString()
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
  return { answered: make, asked: turnBack }
}
