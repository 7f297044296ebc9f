// What a person does in more than one walk, and what is looked for after it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { newPage, patience, until } from './program.mjs'
import { combinations } from './views.mjs'

const [english] = combinations

/** Opens the window at the library, for somebody who reads this language. */
export async function openWindow(browser, app, { language, viewport } = english) {
  const page = await newPage(browser, { viewport, locale: 'en-US' })
  await page.addInitScript((code) => localStorage.setItem('nectar.language', code), language)
  await page.goto(`${app.url}/#/library`)
  // A change of the address is heeded only once the first view stands.
  await page.locator('main h1').first().waitFor({ timeout: patience })
  return page
}

export async function goTo(page, view) {
  await page.locator(`[data-testid=nav-${view}]`).click()
}

/** Whatever folder is asked for from now on, this one is chosen; the system's own dialog is the one part that is not there. */
export function answerFolder(page, folder) {
  return page.evaluate((chosen) => { window.go.main.App.ChooseFolder = async () => chosen }, folder)
}

/** Chooses a folder to import from. */
export async function chooseFolder(page, folder) {
  await goTo(page, 'import')
  await answerFolder(page, folder)
  await page.locator('[data-testid=choose-folder]').click()
}

/** Ticks channels of the source that is open, and starts. */
export async function importChannel(page, ...channels) {
  for (const { name } of channels) {
    const row = page.locator('[data-testid=channel-row]', { hasText: name })
    await row.waitFor({ timeout: patience })
    const box = row.locator('[data-testid=channel-checkbox] input, input[data-testid=channel-checkbox]').first()
    if (!(await box.isChecked())) await box.check({ force: true })
  }
  const button = page.locator('[data-testid=import-start]')
  await until(() => button.isEnabled(), 'the import button')
  await button.click()
}

/** The content folder of a drive. */
export function contentIn(drive) {
  return path.join(drive, 'KOLIBRI_DATA', 'content')
}

/** The content folder of a program. */
export function contentOf(app) {
  return path.join(app.data, 'content')
}

/** The files of channels in a content folder that are there as a whole. */
export function storedFiles(content) {
  const storage = path.join(content, 'storage')
  return readdirSync(storage, { recursive: true })
    .map((name) => path.join(storage, name))
    .filter((file) => statSync(file).isFile() && !file.includes('.transfer'))
}

/** Every file of a content folder has the bytes that its name promises, and none is missing. */
export function checkFiles(content, count) {
  const files = storedFiles(content)
  assert.equal(files.length, count)
  for (const file of files) {
    const sum = createHash('md5').update(readFileSync(file)).digest('hex')
    assert.equal(path.basename(file).split('.')[0], sum)
  }
}
