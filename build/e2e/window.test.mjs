// The window, used as a person uses it: real program, real files, real clicks.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openDesktop, openWindowManager, windowOf } from './desktop.mjs'
import { dataFolder, home, launchBrowser, makeChannel, newPage, patience, start, until, work } from './program.mjs'
import { serveSlowly } from './slowserver.mjs'
import { checkFiles, chooseFolder, contentOf, goTo, importChannel, openWindow, storedFiles } from './steps.mjs'
import { combinations } from './views.mjs'

let browser

before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

for (const { language, direction, viewport } of combinations) {
  test(`a channel from a folder is imported by clicking, and is in the library, ${direction}`, { timeout: 3 * patience }, async () => {
    const drive = makeChannel(`First channel ${direction}`, ['-seed', '11'])
    const app = await start(`first-${language}`)
    try {
      const page = await openWindow(browser, app, { language, viewport })
      await chooseFolder(page, drive.folder)
      await importChannel(page, drive)
      await goTo(page, 'jobs')
      const row = page.locator('[data-testid=job-row][data-status=COMPLETED]')
      await row.first().waitFor({ timeout: patience })
      assert.match(await row.first().innerText(), /First channel/)
      await goTo(page, 'library')
      await page.locator('[data-testid=library-row]', { hasText: 'First channel' }).waitFor({ timeout: patience })
      assert.equal(await page.evaluate(() => document.documentElement.dir), direction)
      checkFiles(contentOf(app), drive.files)
    } finally {
      await app.stop()
    }
  })
}

test('a click on a notification of the system opens the job, and one that is put away opens nothing', { timeout: 4 * patience }, async () => {
  const drive = makeChannel('Channel to be told of', ['-seed', '16'])
  const desktop = await openDesktop()
  const app = await start('notified', { DBUS_SESSION_BUS_ADDRESS: desktop.address })
  try {
    const page = await openWindow(browser, app)
    await page.clock.install()
    await page.evaluate(() => { document.hasFocus = () => false })
    const tell = async (type, values) => {
      const [{ id }] = await page.evaluate((request) => window.go.bridge.Jobs.Enqueue([request]), { type, ...values })
      await until(async () => (await page.evaluate((job) => window.go.bridge.Jobs.Show(job), id)).status === 'COMPLETED', 'the job to end')
      await page.clock.runFor(90_000) // nobody is told more often than once a minute
      return [id, await desktop.shown()]
    }
    const fromDrive = { channel_id: drive.id, path: drive.folder }
    const [, putAway] = await tell('content.diskimport', fromDrive)
    assert.match(putAway.title, /Channel to be told of/)
    desktop.dismiss(putAway)
    const [clicked, shown] = await tell('content.verify', { channel_ids: [drive.id] })
    assert.equal(new URL(page.url()).hash, '#/library')
    desktop.click(shown)
    await page.locator('[data-testid=job-page]').waitFor()
    assert.equal(new URL(page.url()).hash, `#/jobs/${clicked}`)
  } finally {
    await app.stop()
    await desktop.close()
  }
})

test('a damaged file is a problem of the job, by name', { timeout: 3 * patience }, async () => {
  const drive = makeChannel('Damaged channel', ['-seed', '12', '-damage'])
  const app = await start('damaged')
  try {
    const page = await openWindow(browser, app)
    await chooseFolder(page, drive.folder)
    await importChannel(page, drive)
    await goTo(page, 'jobs')
    const row = page.locator('[data-testid=job-row][data-status=COMPLETED]').first()
    await row.waitFor({ timeout: patience })
    await page.goto(`${app.url}/#/jobs/${await row.getAttribute('data-job-id')}`)
    const problem = page.locator('[data-testid=problem-row]').first()
    await problem.waitFor({ timeout: patience })
    assert.match(await page.locator('[data-testid=job-page]').innerText(), new RegExp(drive.damaged.slice(0, 8)))
    checkFiles(contentOf(app), drive.files - 1)
  } finally {
    await app.stop()
  }
})

test('an import is cancelled, restarted, killed, and goes on to the end', { timeout: 6 * patience }, async () => {
  const drive = makeChannel('Large channel', ['-seed', '13', '-resources', '60', '-size', '900000000'])
  let app = await start('large')
  try {
    const page = await openWindow(browser, app)
    await chooseFolder(page, drive.folder)
    await importChannel(page, drive)
    await goTo(page, 'jobs')
    await page.locator('[data-testid=job-row][data-status=RUNNING] [data-testid=job-cancel]').first().click({ timeout: patience })
    await page.locator('[data-testid=job-row][data-status=CANCELED]').first().waitFor({ timeout: patience })
    await page.locator('[data-testid=job-row][data-status=CANCELED] [data-testid=job-restart]').first().click()
    await page.locator('[data-testid=job-row][data-status=RUNNING]').first().waitFor({ timeout: patience })
    await wait(500)
  } finally {
    await app.kill()
  }
  const kept = storedFiles(contentOf(app)).length
  app = await start('large')
  try {
    const page = await openWindow(browser, app)
    await goTo(page, 'jobs')
    await page.locator('[data-testid=job-row][data-status=COMPLETED]').first().waitFor({ timeout: patience })
    checkFiles(contentOf(app), drive.files)
    assert.ok(kept <= drive.files)
  } finally {
    await app.stop()
  }
})

test('closing while a job runs asks; whoever stays goes on, and whoever stops goes on next time', { timeout: 6 * patience }, async () => {
  const drive = makeChannel('Closing channel', ['-seed', '14', '-resources', '60', '-size', '900000000'])
  let app = await start('closing')
  const page = await openWindow(browser, app)
  await chooseFolder(page, drive.folder)
  await importChannel(page, drive)
  await goTo(page, 'jobs')
  await page.locator('[data-testid=job-row][data-status=RUNNING]').first().waitFor({ timeout: patience })
  await page.evaluate(() => window.runtime.Quit()) // as the cross of the window does
  await page.locator('[data-testid=close-stay]').click({ timeout: patience })
  await page.locator('[data-testid=close-stay]').waitFor({ state: 'hidden', timeout: patience })
  assert.ok(app.runs())
  await page.evaluate(() => window.runtime.Quit())
  await page.locator('[data-testid=close-stop]').click({ timeout: patience })
  assert.equal(await app.ended, 0)
  app = await start('closing')
  try {
    const again = await openWindow(browser, app)
    await goTo(again, 'jobs')
    await again.locator('[data-testid=job-row][data-status=COMPLETED]').first().waitFor({ timeout: patience })
    checkFiles(contentOf(app), drive.files)
  } finally {
    await app.stop()
  }
})

test('that closing is not asked about any more is remembered, until the settings say otherwise', { timeout: 6 * patience }, async () => {
  const channel = makeChannel('Endless channel', ['-seed', '17', '-resources', '40', '-size', '120000000'])
  const server = await serveSlowly([channel], 'Office', 40_000)
  let app = await start('asked')
  const page = await openWindow(browser, app)
  const again = async () => {
    // The same address: what the window remembers belongs to it.
    app = await start('asked', {}, app.port)
    await page.goto(`${app.url}/#/jobs`)
    await page.reload()
    await page.locator('[data-testid=job-row][data-status=RUNNING]').first().waitFor()
  }
  const quit = () => page.evaluate(() => window.runtime.Quit())
  try {
    await page.evaluate((request) => window.go.bridge.Jobs.Enqueue([request]), { type: 'content.remoteimport', channel_id: channel.id, url: server.url })
    await goTo(page, 'jobs')
    await page.locator('[data-testid=job-row][data-status=RUNNING]').first().waitFor()
    await quit()
    await page.locator('[data-testid=dialog] [type=checkbox]').check()
    await page.locator('[data-testid=close-stop]').click()
    assert.equal(await app.ended, 0)

    await again()
    await quit()
    assert.equal(await app.ended, 0, 'it closes without asking')

    await again()
    await goTo(page, 'settings')
    await page.getByLabel('Ask before closing while jobs run').check()
    await quit()
    await page.locator('[data-testid=close-stay]').click()
    await page.locator('[data-testid=close-stay]').waitFor({ state: 'hidden' })
    assert.ok(app.runs())
  } finally {
    server.close()
    await app.kill()
  }
})

test('a damaged database is said in the window, and a backup comes back by clicking', { timeout: 6 * patience }, async () => {
  let app = await start('backup')
  try {
    const page = await openWindow(browser, app)
    await page.goto(`${app.url}/#/settings/backups`)
    await page.locator('[data-testid=backup-make]').click({ timeout: patience })
    await page.locator('[data-testid=backup-row]').first().waitFor({ timeout: patience })
    await page.locator('[data-testid=backup-restore]').first().click()
    await Promise.all([page.waitForEvent('load'), page.locator('[data-testid=restore-confirm]').click()])
    await page.locator('[data-testid=backup-row]').first().waitFor({ timeout: patience })
  } finally {
    await app.kill()
  }
  for (const name of readdirSync(app.data).filter((file) => /^nectar\.sqlite3|^app\.sqlite3/.test(file))) {
    writeFileSync(path.join(app.data, name), 'this is no database')
  }
  app = await start('backup')
  try {
    const page = await newPage(browser, { viewport: { width: 1366, height: 768 }, locale: 'en-US' })
    await page.goto(`${app.url}/#/library`)
    await page.locator('[data-testid=opening]').waitFor({ timeout: patience })
    await page.locator('[data-testid=backup-restore]').first().click()
    await page.locator('[data-testid=nav-library]').waitFor({ timeout: patience })
  } finally {
    await app.stop()
  }
})

test('on a full disk the window says so, and opens when there is room', { timeout: 4 * patience }, async (t) => {
  const data = dataFolder('full')
  mkdirSync(data, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', data], { stdio: 'ignore' })
  } catch {
    t.skip('a small disk cannot be mounted here: that needs root, and a machine that allows it')
    return
  }
  try {
    const rest = path.join(data, 'all the room')
    assert.throws(() => { for (;;) appendFileSync(rest, Buffer.alloc(4096)) }, { code: 'ENOSPC' })
    const app = await start('full')
    try {
      const page = await newPage(browser, { viewport: { width: 1366, height: 768 }, locale: 'en-US' })
      await page.goto(`${app.url}/#/library`)
      const again = page.locator('[data-testid=opening-again]')
      await again.click({ timeout: patience })
      await page.locator('[data-testid=opening] [data-testid=failure]', { hasText: 'is full' }).waitFor({ timeout: patience })
      rmSync(rest)
      await again.click()
      await page.locator('[data-testid=nav-library]').waitFor({ timeout: patience })
    } finally {
      await app.stop()
    }
  } finally {
    execFileSync('umount', [data])
  }
})

test('the real window opens as it was left, paints, closes, and remembers how', { timeout: 2 * patience }, async (t) => {
  const data = path.join(work, 'data-production')
  mkdirSync(path.join(data, 'logs'), { recursive: true })
  const left = (state) => ({ dark: false, ...state, place: { x: state.place.x, y: state.place.y } })
  const remembered = () => left(JSON.parse(readFileSync(path.join(data, 'window.json'), 'utf8')))
  writeFileSync(path.join(data, 'window.json'), JSON.stringify({ width: 900, height: 620, place: { x: 60, y: 40 }, dark: true }))
  const window = spawn(path.join(work, 'nectar-window'), [], { env: { ...process.env, ...home('production'), NECTAR_DATA: data }, stdio: 'inherit' })
  t.after(() => window.kill('SIGKILL'))
  const ended = new Promise((resolve) => window.on('exit', resolve))
  const log = path.join(data, 'logs', 'nectar.log')
  await until(() => readIfThere(log).includes('first paint'), 'first paint')
  const seen = windowOf(window.pid)
  assert.deepEqual(await seen.geometry(), { x: 60, y: 40, width: 900, height: 620 })
  await seen.put({ x: 100, y: 80, width: 1000, height: 660 })
  window.kill('SIGTERM')
  assert.equal(await ended, 0)
  assert.deepEqual(remembered(), { width: 1000, height: 660, place: { x: 100, y: 80 }, dark: false }, 'it is light now')
})

test('the bar of the window counts what went wrong and nobody has seen', { timeout: 2 * patience }, async () => {
  const drive = makeChannel('Unseen channel', ['-seed', '18', '-damage'])
  const app = await start('unseen')
  try {
    const bar = windowOf(app.pid)
    // The program has a page of its own, in a window, which names the bar when it is there.
    await until(async () => / – Nectar$/.test(await bar.name()), 'the page in the window')
    const page = await openWindow(browser, app)
    await until(async () => (await bar.name()) === 'Library – Nectar', 'the bar of the window')
    await page.evaluate((request) => window.go.bridge.Jobs.Enqueue([request]), { type: 'content.diskimport', channel_id: drive.id, path: drive.folder, fail_on_error: true })
    await until(async () => /^\(1\) /.test(await bar.name()), 'the number on the bar of the window')
  } finally {
    await app.stop()
  }
})

test('a window takes the folder from work, and a second one shows it with the folder it was given, and leaves', { timeout: 4 * patience }, async (t) => {
  const data = path.join(work, 'data-taken')
  const env = { ...process.env, ...home('taken'), NECTAR_DATA: data }
  const run = (...args) => {
    const program = spawn(path.join(work, 'nectar-window'), args, { env, stdio: 'inherit' })
    t.after(() => program.kill('SIGKILL'))
    return { program, ended: new Promise((resolve) => program.on('exit', resolve)) }
  }
  const owner = () => JSON.parse(readIfThere(path.join(data, 'owner.json')) || '{}').pid
  const worker = run('work')
  await until(() => owner() === worker.program.pid, 'work to own the folder')
  const first = run()
  await until(() => owner() === first.program.pid, 'the window to own the folder')
  const log = path.join(data, 'logs', 'nectar.log')
  await until(() => readIfThere(log).includes('first paint'), 'first paint')
  const drive = makeChannel('Handed channel', ['-seed', '19'])
  const manager = await openWindowManager()
  try {
    const shown = windowOf(first.program.pid)
    await shown.minimise()
    assert.equal(await run(drive.folder).ended, 0)
    assert.match(readIfThere(log), /a second window was started/)
    await until(() => shown.isInSight(), 'the first window to come back')
    await until(async () => (await shown.name()) === 'Import – Nectar', 'the folder to be imported from')
  } finally {
    await manager.close()
  }
  worker.program.kill('SIGINT')
  assert.equal(await worker.ended, 0)
  first.program.kill('SIGTERM')
  assert.equal(await first.ended, 0)
})

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
