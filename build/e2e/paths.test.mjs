// The main paths that the keys do not walk, by clicking, once from left to right and
// once from right to left; on each page that they come to axe finds nothing.
import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { violations } from './looking.mjs'
import { choose, launchBrowser, makeChannel, patience, start, work } from './program.mjs'
import { serveSlowly } from './slowserver.mjs'
import { answerFolder, checkFiles, chooseFolder, contentIn, contentOf, goTo, importChannel, openWindow, storedFiles } from './steps.mjs'
import { combinations } from './views.mjs'

let browser

before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

for (const combination of combinations) {
  test(`from a server to a drive, ${combination.direction}`, { timeout: 9 * patience }, (t) => walk(t, combination))
}

/** What becomes of channels from the day they come: each step goes on where the one before it ended. */
async function walk(t, combination) {
  const { direction } = combination
  const folder = (name) => path.join(work, `${name} ${direction}`)
  const plants = makeChannel('Plants', ['-seed', '15'], folder('server'))
  const stories = makeChannel('Stories', ['-seed', '18'], folder('server'))
  const broken = makeChannel('Broken songs', ['-seed', '19', '-damage'], folder('songs'))
  const newer = makeChannel('Plants', ['-seed', '15', '-next'], folder('newer'))
  const server = await serveSlowly([plants, stories], 'Office', 100_000_000)
  const app = await start(`paths-${direction}`)
  try {
    const page = await openWindow(browser, app, combination)
    const at = (testid, more = '') => page.locator(`[data-testid=${testid}]${more}`)
    const click = (testid, more) => at(testid, more).first().click()
    const look = async () => {
      assert.equal(await page.evaluate(() => document.documentElement.dir), direction)
      assert.deepEqual(await violations(page), [])
    }
    /** The job whose page is shown comes to a good end. */
    const done = () => page.locator('[data-testid=job-standing].done').waitFor({ timeout: patience })
    const openPlants = async () => {
      await goTo(page, 'library')
      await page.locator('[data-testid=library-row]', { hasText: plants.name }).locator('[data-testid=library-open]').click()
    }

    await t.test('two channels come from a server by its address, as one group', async () => {
      await goTo(page, 'import')
      await at('address', ' input').fill(server.url)
      await click('address-go')
      await importChannel(page, plants, stories)
      await at('group-part', '[data-status=COMPLETED]').nth(1).waitFor({ timeout: patience })
      await look()
      checkFiles(contentOf(app), new Set([...plants.wanted, ...stories.wanted]).size)
    })

    await t.test('what is newer is shown, then what is here is renewed', async () => {
      await chooseFolder(page, newer.folder)
      await click('channel-update')
      await at('diff-part').first().waitFor()
      await look()
      await click('update-start')
      await done()
      await look()
    })

    await t.test('a channel is checked', async () => {
      await openPlants()
      await click('more')
      await click('menu-check')
      await done()
    })

    await t.test('a channel goes to a drive, whole and in its new version', async () => {
      const drive = folder('taken')
      mkdirSync(drive)
      await openPlants()
      await click('channel-export')
      await answerFolder(page, drive)
      await click('export-folder')
      await at('export-sum').waitFor()
      await look()
      await click('export-start')
      await done()
      const fresh = 1 // the resource that the new version has more waits to be chosen
      checkFiles(contentIn(drive), newer.files - fresh)
    })

    await t.test('of what could not be brought one cause is mended and tried again alone, then the rest', async () => {
      rmSync(storedFiles(contentIn(broken.folder)).find((file) => file.endsWith('.mp4') && path.basename(file) !== broken.damaged))
      await chooseFolder(page, broken.folder)
      await importChannel(page, broken)
      await at('job-row', '[data-status=COMPLETED]').filter({ hasText: broken.name }).getByRole('link').click()
      await at('problem-group').nth(1).waitFor()
      await look()
      makeChannel(broken.name, ['-seed', '19'], broken.folder)
      await click('retry-cause')
      await at('problem-group').nth(1).waitFor({ state: 'detached' })
      await click('job-retry_problems')
      await done()
      await at('problem-group').waitFor({ state: 'detached' })
      const here = new Set(storedFiles(contentOf(app)).map((file) => path.basename(file)))
      assert.deepEqual(broken.wanted.filter((name) => !here.has(name)), [])
    })

    await t.test('a new job is planned for every week, held, let go on, and deleted', async () => {
      await goTo(page, 'jobs')
      await click('new-job')
      await click('task-row', '[href$="/jobs/new/content.verify"]')
      await choose(page, 'when-again')
      await at('when', ' select').first().selectOption('weekly')
      await look()
      await click('new-job-start')
      const id = (await at('job-page').waitFor(), new URL(page.url()).hash.split('/').at(-1))
      await goTo(page, 'schedules')
      const row = at('schedule-row', `[data-job-id="${id}"]`)
      await row.locator('[data-testid=schedule-pause]').click()
      await row.locator('[data-testid=schedule-resume]').click()
      await row.locator('[data-testid=schedule-pause]').waitFor()
      await look()
      await row.locator('[data-testid=more]').click()
      await click('menu-delete')
      await click('delete-confirm')
      await row.waitFor({ state: 'detached' })
    })
  } finally {
    server.close()
    await app.stop()
  }
}
