// Every view of the window, as it is with the real backend behind it: nothing
// that axe finds wrong in either direction, light and dark, and no text cut off
// when all texts are long.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { lengthenNames } from './long.mjs'
import { chooseTextSize, clipped, curt, invisible, moving, outside, overlapping, relaxTexts, small, speak, stretchTexts, uneven, unfold, unreachable, violations } from './looking.mjs'
import { choose, launchBrowser, newPage, patience, root } from './program.mjs'
import { table } from './table.mjs'
import { combinations, openPage, views, visit } from './views.mjs'
import { worlds } from './worlds.mjs'

const themes = ['light', 'dark']
const [english, arabic] = combinations

let browser

before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

for (const world of Object.keys(worlds)) {
  test(`the views of the ${world} laptop`, { timeout: 20 * patience }, async (t) => {
    const facts = await worlds[world](browser)
    const its = views.filter((view) => view.world === world)
    try {
      const page = await openPage(browser, facts, { ...english, prepare: lengthenNames })
      for (const view of its) {
        await t.test(`${view.name}, left to right`, () => checkAxe(page, view, facts, english))
        await t.test(`${view.name}, by the keyboard`, async () => assert.deepEqual(await unreachable(page), []))
        await t.test(`${view.name}, with long texts and names`, () => checkTexts(page))
        if (view.name === 'jobs') {
          await t.test('jobs, with whole words in every language', () => checkWords(page))
          await t.test('jobs, with its tabs on one line in the smallest window, in every language', () => checkTabs(page))
        }
        await t.test(`${view.name}, in German with text twice as large`, () => checkGerman(page))
      }
      await page.close()
      const mirrored = await openPage(browser, facts, arabic)
      for (const view of its) {
        await t.test(`${view.name}, right to left`, () => checkAxe(mirrored, view, facts, arabic))
        await t.test(`${view.name}, with text twice as large`, () => checkLargeText(mirrored))
        if (view.name === 'import-when') await t.test('import-when, chosen with text twice as large', () => checkChoices(mirrored))
        await t.test(`${view.name}, in the colours of the person`, () => checkForcedColours(mirrored))
      }
      await mirrored.close()
    } finally {
      await facts.close()
    }
  })
}

test('what is looked for is found where it is', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  await page.setContent(`<main><h1>Wrong</h1><img src="data:,"><button style="width:10px;height:10px"></button>
    <p style="width:60px;white-space:nowrap;overflow:hidden">A text that does not fit</p>
    <p style="width:60px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis" title="the rest">Another one, whose title says the rest</p>
    <p style="width:0;overflow:hidden;text-overflow:ellipsis" title="the rest">A text without room</p>
    <p style="white-space:nowrap;position:absolute;left:1000px">A text that runs out of the window</p></main>`)
  const found = (await violations(page)).join('\n')
  for (const rule of ['image-alt', 'button-name', 'html-has-lang']) assert.match(found, new RegExp(rule))
  assert.deepEqual(await small(page), ['small: button.: 10'])
  const cut = (await clipped(page)).filter((said) => !said.startsWith('the page'))
  assert.deepEqual(cut.map((said) => said.replace(/:.*/, '')), ['too wide', 'no room', 'out of the window'])
  await page.close()
})

test('what moves is found, and what is still or still enough is not', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  await page.setContent(`<style>
      @keyframes turn { to { transform: rotate(1turn) } }
      .turns { animation: turn 1s infinite } .glides { transition: opacity 0.3s } .before::before { content: ''; transition: all 200ms }
      .still { transition: opacity 0s } .none { animation: none 2s }
    </style><p class="turns">a</p><p class="glides">b</p><p class="before">c</p><p class="still">d</p><p class="none">e</p>`)
  assert.deepEqual((await moving(page)).map((said) => said.replace(/:.*/, '')), ['p.turns', 'p.glides', 'p.before'])
  await page.close()
})

test('a name that is cut to a word is found, and so is a text of a word a line', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  await page.setContent(`<style>p { line-height: 20px; font-size: 16px; width: 100px } .name { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }</style>
    <p class="name">Import of a channel with a long name</p><p class="name">Import</p><p class="name" style="width: 300px">Import of a channel with a very long name</p>
    <p class="title">One word stands beside hardly another one here</p>`)
  assert.deepEqual((await curt(page)).map((said) => said.split(': ').slice(0, 2).join(' ')), ['cut name', 'narrow title'])
  await page.close()
})

test('what lies on something else is found, and what is cut off or above the page is not', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  const at = (place) => `position: absolute; left: 0; top: ${place}px`
  await page.setContent(`<main style="font-size: 16px; line-height: 20px">
    <a style="${at(0)}"><svg class="icon" width="24" height="24"></svg><span style="${at(4)}">7</span></a>
    <p style="${at(60)}; width: 120px">A text of several lines that has a <b>word</b> in it</p>
    <p style="${at(180)}; width: 40px; overflow: hidden; white-space: nowrap">A text that is cut off</p><p style="${at(180)}; left: 50px">Beside it</p>
    <img alt="" style="${at(260)}; width: 48px; height: 36px" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><svg class="small" width="16" height="16" style="${at(260)}"></svg>
    <img alt="" style="${at(300)}; width: 48px; height: 36px" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><svg class="large" width="32" height="32" style="${at(300)}"></svg>
    <p style="${at(220)}">Under what stays</p><div style="position: fixed; left: 0; top: 220px">This stays</div></main>`)
  assert.deepEqual(await overlapping(page), ['svg.icon lies on span. 7', 'img. lies on svg.large'])
  await page.close()
})

test('what stands out of the column is found, also where it is folded away', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  await page.setContent(`<main style="width: 600px; padding: 20px"><p>Within</p><p style="margin-left: -8px">Out</p>
    <details><summary>More</summary><pre style="width: 700px">Too wide</pre></details></main>`)
  assert.deepEqual(await outside(page), ['out of the column: p.: -8, 0'])
  const fold = await unfold(page)
  assert.deepEqual(await outside(page), ['out of the column: p.: -8, 0', 'out of the column: pre.: 0, 100'])
  await fold()
  assert.equal((await outside(page)).length, 1)
  await page.close()
})

test('what stands in one line and is not of one height is found, and a hint that is not under its words', async () => {
  const page = await newPage(browser, { viewport: arabic.viewport })
  await page.setContent(`<main style="display: flex; align-items: center"><input class="control" style="box-sizing: border-box; height: 60px">
    <button class="v-btn" style="height: 40px">low</button><div><button class="v-btn" style="height: 40px">elsewhere</button></div></main>
    <label style="display: flex; font-size: 16px"><input type="checkbox" aria-describedby="hint" style="margin: 0; width: 20px"><span>Words</span></label><p id="hint" style="padding-left: 28px">A hint</p>
    <label style="display: flex"><input type="checkbox" aria-describedby="other" style="margin: 0; width: 20px"><span>Words</span></label><p id="other" style="padding-left: 20px">Another</p>`)
  assert.deepEqual(await uneven(page), ['A hint: 8 beside its label', 'control : 60 beside 40'])
  await page.close()
})

test('the page on accessibility tells of every view', () => {
  const page = readFileSync(path.join(root, 'docs/accessibility.md'), 'utf8')
  assert.equal(page, table(new Map(views.map(({ name }) => [name, [0, 0, 0, 0]]))), 'bash build/pictures.sh writes it anew')
})

async function checkAxe(page, view, facts, { direction }) {
  await visit(page, view, facts)
  assert.equal(await page.evaluate(() => document.documentElement.dir), direction)
  const found = []
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached', timeout: patience })
    found.push(...(await violations(page)).map((said) => `${theme}: ${said}`))
  }
  found.push(...(await moving(page)).map((said) => `moves: ${said}`), ...(await small(page)), ...(await overlapping(page)))
  const fold = await unfold(page)
  found.push(...(await outside(page)))
  await fold()
  assert.deepEqual(found, [])
}

/** Looks whether a word of a state or of a button of the list of jobs is cut, in any language. */
async function checkWords(page) {
  const cut = await inEveryLanguage(page, () =>
    [...document.querySelectorAll('.job-grid .word')].filter((word) => word.scrollWidth > word.clientWidth + 1).map((word) => word.textContent))
  assert.deepEqual(cut.filter(([, words]) => words.length > 0), [])
}

/** Room for jobs is scarce in the smallest window: what is over them takes two lines, in any language. */
async function checkTabs(page) {
  await page.setViewportSize(arabic.viewport)
  try {
    const lines = await inEveryLanguage(page, () => {
      const middles = [...document.querySelectorAll('main h1, main [data-testid=search], main [role=tab], main [data-testid=clear-finished], main .kind')]
        .map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 2))
      return new Set(middles.map((middle) => middles.find((other) => Math.abs(other - middle) < 12))).size
    })
    assert.deepEqual(lines.filter(([, many]) => many !== 2), [])
  } finally {
    await page.setViewportSize(english.viewport)
  }
}

/** What a look at the list of jobs finds in each language, by its name. */
async function inEveryLanguage(page, look) {
  const found = []
  for (const language of ['ar', 'de', 'es', 'fr', 'hi', 'pt', 'sw', english.language]) {
    await speak(page, language)
    await page.locator('[data-testid=job-row]').first().waitFor()
    found.push([language, await page.evaluate(look)])
  }
  return found
}

/** Looks at the view that the page shows in the language of long words, as large as text gets. */
async function checkGerman(page) {
  await speak(page, 'de')
  try {
    await checkLargeText(page)
  } finally {
    await speak(page, english.language)
  }
}

/** Looks at the view that the page shows, on the smallest laptop and as large as text gets. */
async function checkLargeText(page) {
  await chooseTextSize(page, 200)
  try {
    assert.deepEqual([...(await clipped(page)), ...(await curt(page)), ...(await uneven(page)), ...(await overlapping(page))], [])
  } finally {
    await chooseTextSize(page, 100)
  }
}

/** When an import starts is chosen by its words, which nothing lies on, on the smallest laptop and as large as text gets. */
async function checkChoices(page) {
  await chooseTextSize(page, 200)
  try {
    for (const choice of ['start-now', 'start-tonight', 'start-other', 'when-at', 'when-again']) {
      await choose(page, choice)
      assert.ok(await page.locator(`[data-testid=${choice}]`).isChecked(), choice)
    }
  } finally {
    await chooseTextSize(page, 100)
  }
}

/** Where the system's own colours stand in for all of ours, nothing is told by ours alone. */
async function checkForcedColours(page) {
  await page.emulateMedia({ forcedColors: 'active' })
  try {
    assert.deepEqual(await invisible(page), [])
  } finally {
    await page.emulateMedia({ forcedColors: 'none' })
  }
}

/** Looks at the view that the page shows, on the smallest laptop. */
async function checkTexts(page) {
  await page.setViewportSize(arabic.viewport)
  await stretchTexts(page)
  try {
    assert.deepEqual(await clipped(page), [])
  } finally {
    await relaxTexts(page)
    await page.setViewportSize(english.viewport)
  }
}
