// What the window costs: how long a list over a long history takes, how evenly it
// draws while many jobs run, and what it does when nothing happens. Prints the
// table of docs/performance.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { dataFolder, launchBrowser, newPage, patience, start, work } from './program.mjs'

const history = 100_000
const together = 50
const seconds = 10
/** Long enough that what is done once a minute is in it. */
const idleSeconds = 65

const browser = await launchBrowser()
mkdirSync(dataFolder('bench'), { recursive: true })
execFileSync(path.join(work, 'makehistory'), ['-jobs', String(history), dataFolder('bench')])
const app = await start('bench')
const rows = []
try {
  const page = await newPage(browser, { viewport: { width: 1366, height: 768 }, locale: 'en-US' })
  await page.goto(app.url)
  await page.waitForFunction(() => document.querySelector('main h1'), undefined, { timeout: patience })
  await measureLists(page)
  await measureView(page)
  await measureIdle(page)
  await measureFrames(page, 'the list at rest', () => wait(seconds * 1000))
  await measureFrames(page, 'while scrolling on through the history', () => scrollOn(page))
} finally {
  await app.stop()
  await browser.close()
}
console.log('| what | measured | limit |\n| --- | --- | --- |')
for (const [what, measured, limit = ''] of rows) console.log(`| ${what} | ${measured} | ${limit} |`)

/** The calls of the window to the backend, as the page sees them: the median of seven. */
async function measureLists(page) {
  const all = ['PENDING', 'QUEUED', 'SELECTED', 'RUNNING', 'PAUSED', 'CANCELING', 'CANCELED', 'FAILED', 'COMPLETED']
  const queries = {
    'the first 50': { states: all, limit: 50 },
    'the next 200': { states: all, limit: 200, after: 'next' },
    'the first 50 that failed': { states: ['FAILED'], limit: 50 },
    'a search for a text': { states: all, limit: 50, search: 'backup' },
  }
  for (const [what, query] of Object.entries(queries)) {
    const milliseconds = await page.evaluate(async (asked) => {
      const { Jobs } = window.go.bridge
      if (asked.after) asked.after = (await Jobs.List({ ...asked, after: '' })).next
      const times = []
      for (let round = 0; round < 7; round += 1) {
        const began = performance.now()
        await Jobs.List(asked)
        times.push(performance.now() - began)
      }
      return times.toSorted((a, b) => a - b)[3]
    }, query)
    rows.push([`list of ${history.toLocaleString('en')} jobs: ${what}`, `${milliseconds.toFixed(1)} ms`])
  }
}

async function measureView(page) {
  const began = Date.now()
  await page.evaluate(() => { window.location.hash = '#/jobs' })
  await page.locator('[data-testid=job-row]').first().waitFor({ timeout: patience })
  rows.push(['from the click to the first row', `${Date.now() - began} ms`])
}

async function measureIdle(page) {
  await wait(2000)
  const before = [processorTime(app.pid), await taskTime(page)]
  await wait(idleSeconds * 1000)
  const after = [processorTime(app.pid), await taskTime(page)]
  const share = (index) => `${((100 * (after[index] - before[index])) / idleSeconds).toFixed(2)} %`
  rows.push(['processor of the program, nothing happening', share(0), '0'])
  rows.push(['processor of the page, nothing happening', share(1), '0'])
}

/** Runs many jobs at once, told ten times a second, and looks at the gaps between frames meanwhile. */
async function measureFrames(page, name, during) {
  await page.evaluate(runMany, { together, seconds })
  await during()
  const { gaps } = await page.evaluate(() => window.bench.end())
  const sorted = gaps.toSorted((a, b) => a - b)
  const late = gaps.filter((gap) => gap > 50).length
  rows.push([
    `${together} jobs at once, ${name}: gap between frames, 99th of 100, longest, over 50 ms`,
    `${sorted[Math.floor(sorted.length * 0.99)].toFixed(1)} ms, ${sorted.at(-1).toFixed(1)} ms, ${late} of ${gaps.length}`,
    '50 ms',
  ])
}

/** Runs in the page: the events of the backend, for jobs that are made of a real one. */
async function runMany({ together: jobs }) {
  const { Jobs } = window.go.bridge
  const { jobs: [real], counts } = await Jobs.List({ states: ['COMPLETED'], limit: 1 })
  const made = Array.from({ length: jobs }, (_, index) => ({
    ...real, id: `bench-${index}`, status: 'RUNNING', finished: null, created: new Date().toISOString(),
    unit: 'bytes', total_progress: 3.4e9, rate: 18e6, remaining_seconds: 120, pausable: true, cancellable: true, clearable: false, restartable: false,
  }))
  window.bench ??= { sequence: 1_000_000 }
  let step = 0
  const tell = () => {
    step += 1
    window.bench.sequence += 1
    const changed = made.map((job, index) => {
      const part = ((step + index) % 400) / 400
      return { ...job, progress: Math.round(part * 3.4e9), percentage: part }
    })
    const event = { sequence: window.bench.sequence, jobs: changed, removed: [], counts }
    window.wails.EventsNotify(JSON.stringify({ name: 'jobs', data: [event] }))
  }
  const gaps = []
  let before = performance.now()
  let frame
  const note = (now) => {
    gaps.push(now - before)
    before = now
    frame = requestAnimationFrame(note)
  }
  tell()
  await new Promise((resolve) => setTimeout(resolve, 500))
  before = performance.now()
  frame = requestAnimationFrame(note)
  const timer = setInterval(tell, 100)
  window.bench.end = () => {
    clearInterval(timer)
    cancelAnimationFrame(frame)
    return { gaps: gaps.slice(1) }
  }
}

async function scrollOn(page) {
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    await page.mouse.wheel(0, 600)
    await wait(50)
  }
}

/** Seconds of processor time that a process has used. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function taskTime(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value
}
