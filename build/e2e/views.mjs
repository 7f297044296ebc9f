import { choose, newPage, patience } from './program.mjs'

/** Loads the page of an import once more: what was chosen there before is forgotten. */
async function afresh(page) {
  await page.reload()
  await page.locator('[data-testid=channel-row]').first().waitFor()
}

// Every view of the window: which laptop shows it (worlds.mjs), where it is, and
// by which data-testid it is there. A new view takes one line; what has to be
// clicked to see it is its steps.
export const views = [
  { name: 'home', world: 'school', at: '/home', ready: 'home-lead' },
  { name: 'library', world: 'school', at: '/library', ready: 'library-row' },
  { name: 'channel', world: 'school', at: ({ channel }) => `/library/${channel}`, ready: 'topic-row' },
  { name: 'export', world: 'school', at: ({ channel }) => `/library/${channel}/export`, ready: 'export-folder' },
  { name: 'update', world: 'school', at: ({ channel, drive }) => `/library/${channel}/update?source=${encodeURIComponent(drive)}`, ready: 'update-line' },
  { name: 'import-source', world: 'school', at: '/import', ready: 'source-row' },
  {
    name: 'import', world: 'school', at: ({ drive }) => `/import?source=${encodeURIComponent(drive)}`, ready: 'channel-row',
    steps: async (page) => {
      await afresh(page)
      await page.locator('[data-testid=channel-checkbox]').first().check()
      await page.locator('[data-testid=import-start]:enabled').waitFor()
    },
  },
  {
    name: 'import-topics', world: 'school', at: ({ drive }) => `/import?source=${encodeURIComponent(drive)}`, ready: 'channel-row',
    steps: async (page) => {
      await afresh(page)
      await page.locator('[data-testid=channel-topics]').first().click()
      await page.locator('[data-testid=topic-open]').first().click()
      await page.locator('[data-testid=topic-row]').nth(1).click()
      await page.locator('[data-testid=import-start]:enabled').waitFor()
    },
  },
  {
    name: 'import-when', world: 'school', at: ({ drive }) => `/import?source=${encodeURIComponent(drive)}`, ready: 'channel-row',
    steps: async (page) => {
      await afresh(page)
      await page.locator('[data-testid=channel-checkbox]').first().check()
      await page.locator('[data-testid=import-when]').click()
      await choose(page, 'start-other')
      await choose(page, 'when-again')
      await page.locator('[data-testid=next-runs]').waitFor()
      await page.locator('[data-testid=import-start]:enabled').waitFor()
    },
  },
  { name: 'jobs', world: 'school', at: '/jobs', ready: 'job-row' },
  {
    name: 'jobs-chosen', world: 'school', at: '/jobs', ready: 'job-row',
    steps: async (page) => {
      await page.locator('[data-testid=job-select]').nth(2).check()
      await page.locator('[data-testid=selection]').waitFor()
    },
  },
  {
    name: 'jobs-when', world: 'school', at: '/jobs', ready: 'job-row',
    steps: async (page) => {
      await page.locator('[data-testid=job-select]').first().check()
      await page.locator('[data-testid=select-everything]').click()
      await page.locator('[data-testid=bulk-reschedule]').click()
      await page.locator('[data-testid=next-runs]').waitFor()
    },
  },
  {
    name: 'jobs-clear', world: 'school', at: '/jobs', ready: 'job-row',
    steps: async (page) => {
      await page.locator('[data-testid=clear-finished]').click()
      await page.locator('[data-testid=clear-keep]').waitFor()
    },
  },
  { name: 'job', world: 'school', at: ({ problems }) => `/jobs/${problems}`, ready: 'problem-row' },
  { name: 'job-running', world: 'school', at: ({ running }) => `/jobs/${running}`, ready: 'job-rate' },
  { name: 'job-failed', world: 'school', at: ({ failed }) => `/jobs/${failed}`, ready: 'job-error' },
  { name: 'group', world: 'school', at: ({ group }) => `/groups/${group}`, ready: 'group-part' },
  { name: 'schedules', world: 'school', at: '/schedules', ready: 'schedule-row' },
  { name: 'schedule', world: 'school', at: ({ nightly }) => `/schedules/${nightly}`, ready: 'when' },
  { name: 'new-job', world: 'school', at: '/jobs/new', ready: 'task-row' },
  { name: 'new-job-form', world: 'school', at: '/jobs/new/content.diskimport', ready: 'new-job-start' },
  { name: 'people', world: 'school', at: '/people', ready: 'person-row' },
  { name: 'person', world: 'school', at: ({ person }) => `/people/${person}`, ready: 'person-form' },
  { name: 'settings', world: 'school', at: '/settings', ready: 'open-backups' },
  { name: 'backups', world: 'school', at: '/settings/backups', ready: 'backup-row' },
  { name: 'help', world: 'school', at: '/help', ready: 'chapter' },
  { name: 'guide', world: 'school', at: '/help/guide/when-something-went-wrong', ready: 'guide' },
  { name: 'licences', world: 'school', at: '/help/licences', ready: 'licence' },
  // Whoever goes anywhere else has left the first run behind, so it comes first.
  { name: 'first-run', world: 'empty', at: '/home', ready: 'first-run' },
  { name: 'library-empty', world: 'empty', at: '/library', ready: 'library-sample' },
  { name: 'jobs-empty', world: 'empty', at: '/jobs', ready: 'empty' },
  { name: 'sign-in', world: 'locked', at: '/library', ready: 'sign-in' },
  {
    name: 'sign-in-pin', world: 'locked', at: '/library', ready: 'sign-in',
    steps: async (page) => {
      await page.locator('[data-testid=person]').first().click()
      await page.locator('[data-testid=pin]').waitFor()
    },
  },
  { name: 'damaged-database', world: 'damaged', at: '/library', ready: 'opening' },
]

/** What each view is looked at in: a direction, and the size of a usual and of a small window. */
export const combinations = [
  { language: 'en', direction: 'ltr', viewport: { width: 1366, height: 768 } },
  { language: 'ar', direction: 'rtl', viewport: { width: 1024, height: 600 } },
]

/** Opens a page of a laptop, for somebody who has chosen this language; prepare, if any, is called before it is loaded. */
export async function openPage(browser, facts, { language, viewport, prepare, ...more }) {
  const page = await newPage(browser, { viewport, reducedMotion: 'reduce', ...more })
  if (prepare) await prepare(page)
  await page.addInitScript((code) => localStorage.setItem('nectar.language', code), language)
  await page.goto(facts.app.url)
  await page.waitForFunction(() => document.querySelector('main h1'), undefined, { timeout: patience })
  return page
}

/** Goes to a view, which is opened anew also after itself; where it does not come, it is said what came. */
export async function visit(page, view, facts) {
  try {
    await goTo(page, view, facts)
  } catch (reason) {
    throw new Error(`${reason.message}\n${page.url()} shows:\n${await page.locator('body').innerText()}`, { cause: reason })
  }
}

async function goTo(page, view, facts) {
  // A dialog that is open takes the first step back for itself.
  await page.keyboard.press('Escape')
  await page.locator('[data-testid=dialog]').first().waitFor({ state: 'detached', timeout: patience })
  const place = typeof view.at === 'function' ? view.at(facts) : view.at
  for (const hash of ['#/elsewhere', `#${place}`]) {
    await page.evaluate((to) => { window.location.hash = to }, hash)
  }
  await page.locator(`[data-testid=${view.ready}]`).first().waitFor({ timeout: patience })
  if (view.steps) await view.steps(page)
  await page.locator('[data-testid=loading]').first().waitFor({ state: 'detached', timeout: patience })
  await page.evaluate(() => document.fonts.ready)
}
