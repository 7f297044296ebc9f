// Writes a picture of every view to docs/images, and what axe finds in each to
// docs/accessibility.md.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { violations } from './looking.mjs'
import { launchBrowser, patience, root, work } from './program.mjs'
import { laptopTime, mounted, settled, steady } from './steady.mjs'
import { table } from './table.mjs'
import { combinations, openPage, views, visit } from './views.mjs'
import { worlds } from './worlds.mjs'

const images = path.join(root, 'docs/images')
/** Up to this part of a picture may differ without its being another one: less than a short word has. */
const tolerance = 0.0002

const browser = await launchBrowser()
const findings = new Map(views.map(({ name }) => [name, []]))
for (const world of Object.keys(worlds)) {
  const time = laptopTime()
  const facts = await worlds[world](browser, time)
  try {
    for (const { language, viewport } of combinations) await look(world, facts, time, language, viewport)
  } finally {
    await facts.close()
  }
}
await browser.close()

writeFileSync(path.join(root, 'docs/accessibility.md'), table(findings))

async function look(world, facts, time, language, viewport) {
  const media = path.join(work, 'media')
  const page = await openPage(browser, facts, { language, viewport, timezoneId: 'UTC', prepare: (fresh) => steady(fresh, media, work, time) })
  const shown = { ...facts, drive: facts.drive?.replace(media, mounted) }
  for (const view of views.filter((one) => one.world === world)) {
    await visit(page, view, shown)
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached', timeout: patience })
      findings.get(view.name).push((await violations(page)).length)
      if (language === 'en' && theme === 'light') await takePicture(page, view.name)
    }
  }
  await page.close()
}

async function takePicture(page, name) {
  const fresh = path.join(work, `${name}.png`)
  const kept = path.join(images, `${name}.png`)
  await page.mouse.move(0, 0)
  await settled(page)
  await page.screenshot({ path: fresh, caret: 'hide', animations: 'disabled' })
  // Few colours are enough for an interface, and make a small file.
  execFileSync('convert', [fresh, '+dither', '-colors', '256', '-define', 'png:exclude-chunks=date,time', `PNG8:${fresh}`])
  if (existsSync(kept) && difference(fresh, kept) <= tolerance) return
  copyFileSync(fresh, kept)
  console.log(`docs/images/${name}.png`)
}

/** The part of two pictures' points that differ visibly, 0 to 1. */
function difference(one, other) {
  const { stderr } = spawnSync('compare', ['-metric', 'AE', '-fuzz', '10%', one, other, 'null:'], { encoding: 'utf8' })
  const points = Number.parseFloat(stderr)
  return Number.isNaN(points) ? 1 : points / (1366 * 768)
}
