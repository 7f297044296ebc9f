// What differs from one run to the next, made the same for pictures: the time,
// the folders of the run, the disk, and how far a running job is.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { standBetween } from './between.mjs'
import { patience, work } from './program.mjs'

/** The moment at which all pictures are taken. */
export const moment = new Date('2026-03-04T09:30:00Z')

/** Where the drives of a picture are mounted. */
export const mounted = '/media/amina'

/** The home of whoever is seen in the pictures. */
const home = '/home/amina'

/** How fast the job is whose page is seen, as parts of what it is everywhere else. */
const rates = [0.6, 0.75, 0.7, 0.9, 1.1, 1.05, 0.85, 1]

/**
 * The time of a laptop for which it is that moment just now: when that is by the clock
 * of the machine, by how much it is set, and the environment of its program. The program
 * goes by the clock of the machine, but lives in a zone of so many hours that its days
 * and its hours are those of the moment. Every rule is then due as it would be there,
 * whenever the pictures are taken.
 */
export function laptopTime() {
  const began = Math.floor(Date.now() / 1000) * 1000
  const ahead = moment.getTime() - began
  const zone = path.join(work, 'zone')
  writeFileSync(zone, zoneFile(ahead / 1000))
  return { began, ahead, environment: { TZ: zone } }
}

/** A zone as the systems keep them (RFC 9636), with one offset for all times. */
function zoneFile(seconds) {
  const name = 'STEADY\0'
  const file = Buffer.alloc(44 + 6 + name.length)
  file.write('TZif')
  file.writeUInt32BE(1, 36) // one kind of time
  file.writeUInt32BE(name.length, 40)
  file.writeInt32BE(seconds, 44)
  file.write(name, 50, 'latin1')
  return file
}

/**
 * Makes what the backend answers steady, and turns back what it is asked, in a page
 * that is not loaded yet. The folder of drives lies in the folder of the run.
 */
export async function steady(page, drives, run, { began, ahead }) {
  await page.clock.setFixedTime(moment)
  await standBetween(page, makeSteady, { folders: [[drives, mounted], [run, home]], now: moment.getTime(), began, ahead, rates })
}

/** Waits until a page shows all that it is to show. */
export function settled(page) {
  return page.waitForFunction((points) => {
    const line = document.querySelector('[data-testid=job-rate] polyline')
    return !line || line.points.numberOfItems === points
  }, rates.length, { timeout: patience })
}

/** Runs in the page, so it holds all that it needs. */
function makeSteady({ folders, now, began, ahead, rates }) {
  // Until the pictures are taken less time goes by, and nothing is planned before.
  const taken = began + 45 * 60_000
  // What has happened happened just now.
  const steadyTime = (text) => {
    const time = Date.parse(text)
    if (Number.isNaN(time)) return text
    return new Date(time <= taken ? now : time + ahead).toISOString()
  }
  const elsewhere = (text, moves) => moves.reduce((moved, [from, to]) => moved.replaceAll(from, to), text)
  const backwards = folders.map(([from, to]) => [to, from])
  const steadyText = (text) => (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? steadyTime(text) : elsewhere(text, folders).replaceAll(/127\.0\.0\.1:\d+/g, '192.168.1.20:8080').replaceAll(/\d{8}-\d{6}/g, '20260304-093000'))
  // A made channel has pictures of one colour and a few points; here they are drawn.
  const drawn = (text) => {
    const seed = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7)
    const [back, light, front] = [[40, 45], [75, 80], [45, 27]].map(([full, bright], index) => `hsl(${(seed * 7 + index * 30) % 360} ${full}% ${bright}%)`)
    const shape = ['M0 46Q16 30 32 42T64 36V64H0Z', 'M0 64L22 28 36 48 46 36 64 64Z', 'M0 44q8-8 16 0t16 0 16 0 16 0V64H0Z'][seed % 3]
    return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" preserveAspectRatio="xMidYMid slice"><rect width="64" height="64" fill="${back}"/><circle cx="${14 + (seed % 5) * 9}" cy="18" r="8" fill="${light}"/><path d="${shape}" fill="${front}"/></svg>`)}`
  }
  const steadyNumber = (key, value) => {
    if (/free/.test(key)) return 42e9
    if (key === 'queued_bytes') return 70e6
    if (/^total_bytes$|^capacity/.test(key)) return 120e9
    return value
  }
  const steadyJob = (job) =>
    job.status === 'RUNNING' && job.total_progress > 0
      ? { ...job, progress: Math.round(0.42 * job.total_progress), percentage: 0.42, rate: 2.1e5, remaining_seconds: 330 }
      : job
  // The page of a job that runs gets these rates, and then no news.
  let visit = { place: '', told: 0, last: 0 }
  const steadyNews = (news) => {
    if (location.hash !== visit.place) visit = { place: location.hash, told: 0, last: 0 }
    const isOfPage = ({ id, status }) => status === 'RUNNING' && visit.place === `#/jobs/${id}`
    if (!news.jobs.some(isOfPage)) return news
    // The page hears nothing before it is there, and of no rate sooner than a second after another.
    const isHeard = document.querySelector('[data-testid=job-page]') && performance.now() - visit.last >= 1_200
    const isDue = visit.told < rates.length && isHeard
    if (!isDue) return { ...news, jobs: news.jobs.filter((job) => !isOfPage(job)) }
    const part = rates[visit.told]
    visit = { ...visit, told: visit.told + 1, last: performance.now() }
    return { ...news, jobs: news.jobs.map((job) => (isOfPage(job) ? { ...job, rate: job.rate * part } : job)) }
  }
  const make = (value, key = '') => {
    if (typeof value === 'string') return /^data:image\/png.{0,300}$/.test(value) ? drawn(value) : steadyText(value)
    if (typeof value === 'number') return steadyNumber(key, value)
    if (Array.isArray(value)) return value.map((item) => make(item, key))
    if (value === null || typeof value !== 'object') return value
    const made = steadyJob(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, make(item, name)])))
    return 'sequence' in made && made.jobs ? steadyNews(made) : made
  }
  const turnBack = (value) =>
    value === undefined ? value : JSON.parse(elsewhere(JSON.stringify(value), backwards))
  return { answered: make, asked: turnBack }
}
