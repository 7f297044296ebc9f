// From the first run on everything that a window is for, by keys alone: no
// pointer is moved and nothing is focused but by Tab.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launchBrowser, newPage, patience, start } from './program.mjs'

/** A person who goes from one thing to the next presses a key a second at most. */
const keysInAMinute = 40

let browser

before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

test('from the first run to a deleted channel, by keys alone', { timeout: 6 * patience }, async (t) => {
  const app = await start('keys')
  try {
    const page = await newPage(browser, { viewport: { width: 1366, height: 768 }, locale: 'en-US' })
    await page.goto(app.url)
    const hands = handsOn(page)

    await t.test('the first run asks four things, each with an answer that will do, in less than a minute', async () => {
      const step = (name) => page.locator(`[data-testid=first-run][data-step=${name}]`).waitFor()
      await step('language')
      await hands.enter('first-next')
      await step('place')
      await hands.enter('first-next')
      await step('person')
      await hands.enter('first-skip')
      await step('begin')
      await hands.enter('first-way', '[data-way=sample]')
      await page.locator('[data-testid=channel-row]').waitFor()
      assert.ok(hands.pressed() <= keysInAMinute, `${hands.pressed()} keys`)
    })

    await t.test('a channel is imported', async () => {
      const box = page.locator('input[data-testid=channel-checkbox], [data-testid=channel-checkbox] input').first()
      await hands.reach('channel-checkbox')
      if (!(await box.isChecked())) await hands.press('Space')
      await hands.enter('import-start')
      await page.locator('[data-testid=job-row][data-status=COMPLETED]').waitFor()
    })

    await t.test('a job is opened and begun again', async () => {
      await hands.enter('job-row', ' a')
      await hands.enter('job-restart')
      await page.locator('[data-testid=attempt-row]').nth(1).waitFor()
    })

    await t.test('a schedule is changed', async () => {
      await hands.enter('nav-schedules')
      const rules = () => page.locator('[data-testid=schedule-row]').allInnerTexts()
      await page.locator('[data-testid=schedule-row]').first().waitFor()
      const before = await rules()
      await hands.enter('more')
      await hands.chooseFromMenu('menu-edit')
      await hands.reach('when', ' select')
      await hands.press('ArrowDown')
      await hands.enter('schedule-save')
      await page.locator('[data-testid=schedule-row]').nth(before.length - 1).waitFor()
      assert.notDeepEqual((await rules()).toSorted(), before.toSorted())
    })

    await t.test('a new job is started', async () => {
      await hands.enter('nav-jobs')
      await hands.enter('new-job')
      await hands.enter('task-row', '[href$="/jobs/new/device.vacuum"]')
      await hands.enter('new-job-start')
      await page.locator('[data-testid=job-page]').waitFor()
    })

    await t.test('a person is added', async () => {
      await hands.enter('nav-people')
      await hands.enter('person-add')
      await hands.reach('person-form', ' input')
      await page.keyboard.type('Bakari')
      await hands.press('Enter')
      await page.locator('[data-testid=person-row]', { hasText: 'Bakari' }).waitFor()
    })

    await t.test('a setting is changed', async () => {
      const field = page.locator('[data-testid="field-Jobs at the same time"] input')
      await hands.enter('nav-settings')
      await hands.reach('field-Jobs at the same time', ' input')
      await hands.press('Control+a')
      await page.keyboard.type('3')
      await hands.press('Enter')
      await page.waitForFunction(async () => (await window.go.bridge.Settings.List()).some(({ value }) => value === 3))
      assert.equal(await field.inputValue(), '3')
    })

    await t.test('a channel is opened, and deleted', async () => {
      await hands.enter('nav-library')
      await hands.enter('library-open')
      await page.locator('[data-testid=topic-row]').first().waitFor()
      await hands.enter('more')
      await hands.chooseFromMenu('menu-delete')
      await hands.enter('channel-delete')
      await page.locator('[data-testid=library-sample]').waitFor()
    })
  } finally {
    await app.stop()
  }
})

/** Somebody at the keyboard, whose keys are counted. */
function handsOn(page) {
  let pressed = 0
  async function press(key) {
    pressed += 1
    await page.keyboard.press(key)
  }

  /** Presses Tab until the focus is on a thing, or on what is in it. */
  async function reach(testid, more = '') {
    const wanted = `[data-testid="${testid}"]${more}`
    await page.locator(wanted).first().waitFor()
    const isThere = () => page.evaluate((selector) => document.activeElement?.closest(selector) != null, wanted)
    for (let turn = 0; !(await isThere()); turn += 1) {
      assert.ok(turn < 200, `Tab does not come to ${wanted}`)
      await press('Tab')
    }
  }

  return {
    press,
    reach,
    pressed: () => pressed,
    enter: async (testid, more) => {
      await reach(testid, more)
      await press('Enter')
    },
    /** A menu that is open has the focus in it; its arrows go from one to the next. */
    chooseFromMenu: async (testid) => {
      const isOn = (selector) => page.evaluate((one) => document.activeElement?.closest(one) != null, selector)
      await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') != null)
      for (let turn = 0; !(await isOn(`[data-testid=${testid}]`)); turn += 1) {
        assert.ok(turn < 20, `the menu has no ${testid}`)
        await press('ArrowDown')
      }
      await press('Enter')
    },
  }
}
