// From the first run on the main path of each view, by keys alone, once from left
// to right and once from right to left: no pointer is moved and nothing is focused
// but by Tab.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { launchBrowser, newPage, patience, root, start, until, work } from './program.mjs'
import { combinations } from './views.mjs'

/** A person who goes from one thing to the next presses a key a second at most. */
const keysInAMinute = 40

let browser

before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

for (const { language, direction, viewport } of combinations) {
  test(`from the first run to a deleted channel, by keys alone, ${direction}`, { timeout: 9 * patience }, (t) => walk(t, language, direction, viewport))
}

/** The main path of each view, once after the other, in the language that is chosen at its beginning. */
async function walk(t, language, direction, viewport) {
  const words = JSON.parse(readFileSync(path.join(root, `frontend/src/i18n/${language}.json`), 'utf8'))
  const [forward, back] = direction === 'rtl' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
  const viewer = programThatViews(`viewer-${language}`)
  const app = await start(`keys-${language}`, viewer.environment)
  try {
    const page = await newPage(browser, { viewport, locale: 'en-US' })
    await page.goto(app.url)
    const hands = handsOn(page)
    const title = (text) => page.locator('main h1', { hasText: text }).first().waitFor()
    const goTo = async (view) => {
      await hands.reach(`nav-${view}`)
      assert.equal(await page.locator(`[data-testid=nav-${view}]`).getAttribute('title'), words.nav[view])
      await hands.press('Enter')
      await page.locator(`[data-testid=nav-${view}][aria-current=page]`).waitFor()
    }

    await t.test('the first run asks four things, each with an answer that will do, in less than a minute', async () => {
      const step = async (name) => {
        await page.locator(`[data-testid=first-run][data-step=${name}]`).waitFor()
        await title(words.firstRun[name].title)
      }
      await page.locator('[data-testid=first-run][data-step=language]').waitFor()
      await hands.reach('first-language-en')
      await hands.chooseRadio(`first-language-${language}`)
      await step('language')
      assert.equal(await page.evaluate(() => document.documentElement.dir), direction)
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
      await title(words.import.title)
      const box = page.locator('input[data-testid=channel-checkbox], [data-testid=channel-checkbox] input').first()
      await hands.reach('channel-checkbox')
      if (!(await box.isChecked())) await hands.press('Space')
      await hands.enter('import-start')
      await page.locator('[data-testid=job-row][data-status=COMPLETED]').waitFor()
    })

    await t.test('the list of jobs shows one state, and all of them again', async () => {
      await title(words.jobs.title)
      const shown = (tab) => page.locator(`[data-testid=tab-${tab}][aria-selected=true]`, { hasText: words.jobs.tab[tab] }).waitFor()
      await hands.reach('tab-all')
      await hands.press(forward)
      await shown('running')
      await hands.press(back)
      await shown('all')
    })

    await t.test('home says that the channel came, and leads to it', async () => {
      await goTo('home')
      await title(words.home.title)
      await hands.enter('home-arrival', ' a')
      await page.locator('[data-testid=topic-row]').first().waitFor()
    })

    await t.test('a job is opened and begun again', async () => {
      await goTo('jobs')
      await hands.enter('job-row', ' a')
      await hands.enter('job-restart')
      await page.locator('[data-testid=attempt-row]').nth(1).waitFor()
    })

    await t.test('a schedule is changed', async () => {
      await goTo('schedules')
      await title(words.schedules.title)
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
      await goTo('jobs')
      await hands.enter('new-job')
      await title(words.newJob.title)
      await hands.enter('task-row', '[href$="/jobs/new/device.vacuum"]')
      await hands.enter('new-job-start')
      await page.locator('[data-testid=job-page]').waitFor()
    })

    await t.test('a person is added', async () => {
      await goTo('people')
      await title(words.peopleView.title)
      await hands.enter('person-add')
      await hands.reach('person-form', ' input')
      await page.keyboard.type('Bakari')
      await hands.press('Enter')
      await page.locator('[data-testid=person-row]', { hasText: 'Bakari' }).waitFor()
    })

    await t.test('the window is locked, and opened with a PIN', async () => {
      const self = words.peopleView.role.coordinator
      await hands.enter('person-row', '', self)
      await hands.reach('pin-form', ' input')
      await page.keyboard.type('2468')
      await hands.press('Enter')
      await hands.enter('news-dismiss')
      await hands.enter('sign-out')
      await title(words.people.who)
      await hands.enter('person', '', self)
      await hands.reach('pin')
      await page.keyboard.type('2468')
      await hands.press('Enter')
      await page.locator('[data-testid=nav-people]').waitFor()
    })

    await t.test('a setting is changed', async () => {
      const name = `field-${words.setting.workers_regular.title}`
      const field = page.locator(`[data-testid="${name}"] input`)
      await goTo('settings')
      await title(words.settings.title)
      await hands.reach(name, ' input')
      await hands.press('Control+a')
      await page.keyboard.type('3')
      await hands.press('Enter')
      await page.waitForFunction(async () => (await window.go.bridge.Settings.List()).some(({ value }) => value === 3))
      assert.equal(await field.inputValue(), direction === 'rtl' ? '٣' : '3')
    })

    await t.test('the guide is read, chapter by chapter', async () => {
      await goTo('help')
      await title(words.help.title)
      await hands.enter('chapter')
      await page.locator('[data-testid=guide]').waitFor()
      const first = page.url()
      await hands.enter('guide-after')
      await page.waitForURL((url) => url.href !== first)
      await page.locator('[data-testid=guide]').waitFor()
    })

    await t.test('a channel is opened, a resource of it shown, and all of it deleted', async () => {
      await goTo('library')
      await title(words.library.title)
      await hands.enter('library-open')
      await page.locator('[data-testid=topic-row]').first().waitFor()
      await hands.reach('topic-row')
      const unfolded = () => page.evaluate(() => document.activeElement.getAttribute('aria-expanded'))
      for (let state = await unfolded(); state !== null; state = await unfolded()) {
        if (state === 'false') {
          await hands.press(forward)
          await page.waitForFunction(() => document.activeElement.getAttribute('aria-expanded') === 'true')
        }
        await hands.press('ArrowDown')
      }
      await hands.press('Enter')
      const shown = await until(viewer.shown, 'the program that shows a resource')
      assert.ok(shown.startsWith('http://127.0.0.1:') ? (await fetch(shown)).ok : existsSync(shown), shown)
      await hands.enter('more')
      await hands.chooseFromMenu('menu-delete')
      await hands.enter('channel-delete')
      await page.locator('[data-testid=library-sample]').waitFor()
    })
  } finally {
    await app.stop()
  }
}

/** The system's program for resources, which notes what it is to show and shows nothing. */
function programThatViews(name) {
  const folder = path.join(work, name)
  const note = path.join(folder, 'shown')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > '${note}'\n`, { mode: 0o755 })
  return {
    environment: { PATH: `${folder}:${process.env.PATH}` },
    shown: () => existsSync(note) && readFileSync(note, 'utf8'),
  }
}

/** Somebody at the keyboard, whose keys are counted. */
function handsOn(page) {
  let pressed = 0
  async function press(key) {
    pressed += 1
    await page.keyboard.press(key)
  }

  /** Whether the focus is on a thing, or on what is in it. */
  const isOn = (selector, text = '') =>
    page.evaluate(([one, part]) => document.activeElement?.closest(one)?.textContent.includes(part) ?? false, [selector, text])

  /** Presses a key until the focus is on a thing. */
  async function pressUntil(key, most, selector, text) {
    for (let turn = 0; !(await isOn(selector, text)); turn += 1) {
      assert.ok(turn < most, `${key} does not come to ${selector} ${text ?? ''}`)
      await press(key)
    }
  }

  /** Presses Tab until the focus is on a thing, of several on the one that says the text. */
  async function reach(testid, more = '', text = '') {
    const wanted = `[data-testid="${testid}"]${more}`
    await page.locator(wanted, { hasText: text }).first().waitFor()
    await pressUntil('Tab', 200, wanted, text)
  }

  return {
    press,
    reach,
    pressed: () => pressed,
    enter: async (testid, more, text) => {
      await reach(testid, more, text)
      await press('Enter')
    },
    /** Of several that stand for one choice, the arrows go from one to the next. */
    chooseRadio: (testid) => pressUntil('ArrowDown', 20, `[data-testid=${testid}]`),
    /** A menu that is open has the focus in it; its arrows go from one to the next. */
    chooseFromMenu: async (testid) => {
      await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') != null)
      await pressUntil('ArrowDown', 20, `[data-testid=${testid}]`)
      await press('Enter')
    },
  }
}
