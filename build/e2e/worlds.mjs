// The laptops that the views are looked at on, each prepared through the
// program itself.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeChannel, newPage, patience, start, until, work } from './program.mjs'
import { serveSlowly } from './slowserver.mjs'

const sample = 'be35a0d0f10e45ec9a7e6c0ffee0be35'

/** When a laptop of any other time is begun, and how. */
const anyTime = () => ({ began: Date.now(), environment: {} })

/** What a prepared laptop is called by, and how it is prepared; each answers its facts. */
export const worlds = {
  /** A school in the middle of a day: something runs, waits, failed, is done, is planned. */
  school: async (browser, { began, environment } = anyTime()) => {
    // A seed is also the colour of the channel's picture.
    const drive = path.join(work, 'media', 'SCHOOL')
    const science = makeChannel('Science for class six', ['-seed', '10387242'], drive)
    const stories = makeChannel('Stories from the lake', ['-seed', '2912437', '-damage'], drive)
    const maths = makeChannel('Numbers and counting', ['-seed', '13457002', '-resources', '40', '-size', '120000000'], path.join(work, 'server'))
    const away = makeChannel('Songs and games', ['-seed', '5214015'], path.join(work, 'media', 'BLUE'))
    const server = await serveSlowly([maths], 'Office', 40_000)
    const app = await start('school', environment)
    const page = await talk(browser, app)
    const call = caller(page)

    await call('People.SetUp', 'Amina', '')
    await call('People.Add', { name: 'Bakari', role: 'teacher', manage_content: true, pin: '' })
    const hour = 3600_000
    const at = (time) => ({ enqueue_at: new Date(began + time).toISOString() })
    const enqueue = async (...requests) => (await call('Jobs.Enqueue', requests)).map(({ id }) => id)
    const done = (id) => until(async () => isAtRest((await call('Jobs.Show', id)).status), `job ${id} to end`)

    const fromDrive = (channel, more = {}) => ({ type: 'content.diskimport', channel_id: channel.id, path: channel.folder, ...more })
    const group = '0f5e1c3a'
    for (const request of [
      { type: 'content.diskimport', channel_id: sample, path: 'sample', group },
      fromDrive(science, { group }),
    ]) await done((await enqueue(request))[0])
    const [problems] = await enqueue(fromDrive(stories))
    await done(problems)
    const [failed] = await enqueue(fromDrive(stories, { fail_on_error: true }))
    await done(failed)
    await done((await enqueue({ type: 'device.backup' }))[0])

    const [cancelled] = await enqueue({ type: 'device.vacuum', enqueue_args: at(hour) })
    await call('Jobs.Cancel', [cancelled])
    const [nightly] = await enqueue({ type: 'content.verify', enqueue_args: { cron: '0 20 * * *' } })
    await enqueue({ type: 'reports.library_csv', path: path.join(work, 'channels.csv'), enqueue_args: at(12 * 24 * hour) })
    const [running] = await enqueue({ type: 'content.remoteimport', channel_id: maths.id, url: server.url })
    await until(async () => (await call('Jobs.Show', running)).progress > 0, 'the import from the server to be under way')
    const [waiting] = await enqueue(fromDrive(away, { enqueue_args: { enqueue_in: 1 } }))
    rmSync(away.folder, { recursive: true })
    const [paused] = await enqueue({ type: 'device.vacuum', enqueue_args: at(hour) })
    await call('Jobs.Pause', [paused])
    await until(async () => (await call('Jobs.Show', waiting)).waiting, 'the job that waits for its drive')
    makeChannel('Science for class six', ['-seed', '10387242', '-next'], drive)
    const people = await call('People.List')
    await page.close()
    return {
      app, drive, channel: science.id, problems, failed, running, nightly, group,
      person: people.find(({ name }) => name === 'Bakari').id,
      close: async () => {
        server.close()
        await app.stop()
      },
    }
  },

  /** A laptop on its first day. */
  empty: async (_, { environment } = anyTime()) => {
    const app = await start('empty', environment)
    return { app, close: app.stop }
  },

  /** A laptop of two people with PINs, at which nobody is signed in. */
  locked: async (browser, { environment } = anyTime()) => {
    const app = await start('locked', environment)
    const page = await talk(browser, app)
    const call = caller(page)
    await call('People.SetUp', 'Amina', '2468')
    await call('People.Add', { name: 'Bakari', role: 'teacher', manage_content: false, pin: '1357' })
    await call('People.SignOut')
    // The page loads itself anew for whoever comes next; closed in that moment it never says that it is.
    await page.locator('[data-testid=sign-in]').first().waitFor({ timeout: patience })
    await page.close()
    return { app, close: app.stop }
  },

  /** A laptop whose database was damaged, with a backup. */
  damaged: async (browser, { environment } = anyTime()) => {
    let app = await start('damaged-database', environment)
    const page = await talk(browser, app)
    const call = caller(page)
    const [backup] = (await call('Jobs.Enqueue', [{ type: 'device.backup' }])).map(({ id }) => id)
    await until(async () => isAtRest((await call('Jobs.Show', backup)).status), 'the backup')
    await page.close()
    await app.kill()
    for (const name of readdirSync(app.data).filter((file) => file.includes('.sqlite3'))) {
      rmSync(path.join(app.data, name))
      if (name.endsWith('.sqlite3')) writeFileSync(path.join(app.data, name), 'this is no database')
    }
    app = await start('damaged-database', environment)
    return { app, close: app.stop }
  },
}

function isAtRest(status) {
  return ['COMPLETED', 'FAILED', 'CANCELED'].includes(status)
}

/** A page whose bound methods are called without looking at it. */
async function talk(browser, app) {
  const page = await newPage(browser)
  await page.goto(app.url)
  // What is called before the page is connected is lost; the page stands once it was answered itself.
  await page.locator('#app h1').first().waitFor({ timeout: patience })
  return page
}

function caller(page) {
  return (name, ...values) => {
    const [object, method] = name.split('.')
    return page.evaluate(([o, m, v]) => window.go.bridge[o][m](...v), [object, method, values])
  }
}
