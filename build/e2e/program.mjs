// The program under test: built before, started over a folder of its own, and
// driven through a browser.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export const root = path.resolve(import.meta.dirname, '../..')
export const work = process.env.E2E_WORK
export const patience = 120_000

const { chromium } = createRequire(path.join(root, 'frontend/package.json'))('playwright-core')

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.E2E_BROWSER || undefined, // else the one that belongs to playwright-core
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/** A page that waits, also on a busy machine, as long for what it is told to do as for what it is to show. */
export async function newPage(browser, options = {}) {
  const page = await browser.newPage(options)
  page.setDefaultTimeout(patience)
  return page
}

/** Chooses one of several by the words that a person presses; what lies on them is in the way. */
export function choose(page, testid) {
  return page.locator(`label:has([data-testid=${testid}])`).click()
}

/** Makes a channel on a drive of its own, and answers what is on it. */
export function makeChannel(name, flags, folder = path.join(work, name)) {
  mkdirSync(folder, { recursive: true })
  const made = execFileSync(path.join(work, 'makechannel'), ['-name', name, ...flags, folder], { encoding: 'utf8' })
  return { ...JSON.parse(made), folder }
}

/** Where the program that is started over a name keeps its data. */
export function dataFolder(name) {
  return path.join(work, `data-${name}`)
}

/** Starts the program over the named data folder, with more in its environment if something is given, at the port or a free one. */
export async function start(name, more = {}, at = 0) {
  const data = dataFolder(name)
  mkdirSync(data, { recursive: true })
  const port = at || (await freePort())
  const env = {
    ...process.env, ...home(name), NECTAR_DATA: data,
    devserver: `127.0.0.1:${port}`, assetdir: path.join(root, 'frontend/dist'), loglevel: 'Error', ...more,
  }
  const program = spawn(path.join(work, 'nectar-dev'), [], { env, stdio: 'inherit' })
  const ended = new Promise((resolve) => program.on('exit', resolve))
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(url).catch(() => null))?.ok, 'the window to answer')
  return {
    url, port, data, ended,
    pid: program.pid,
    runs: () => program.exitCode === null,
    stop: async () => { program.kill('SIGTERM'); await ended },
    kill: async () => { program.kill('SIGKILL'); await ended },
  }
}

/** Folders of the desktop that are the test's own. */
export function home(name) {
  const folder = path.join(work, `home-${name}`)
  mkdirSync(folder, { recursive: true })
  return { HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder, DBUS_SESSION_BUS_ADDRESS: '' }
}

export async function until(condition, what) {
  const end = Date.now() + patience
  for (;;) {
    const answer = await condition()
    if (answer) return answer
    assert.ok(Date.now() < end, `waited in vain for ${what}`)
    await wait(100)
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
