// What is looked for in a view besides what a person does there.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from './program.mjs'

const require = createRequire(path.join(root, 'frontend/package.json'))
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong in the page, in words; all of its rules, those of WCAG 2.2 too. */
export async function violations(page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { rules: { 'target-size': { enabled: true } } })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n    ${failureSummary.replaceAll('\n', '\n    ')}`))
  })
}

/**
 * Texts that are cut off and cannot be read in full: those that do not fit
 * where they stand, unless they end in an ellipsis and a title says the rest,
 * and those that run out of the window.
 */
export function clipped(page) {
  return page.evaluate(() => {
    const found = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`)
    for (const element of document.body.querySelectorAll('*')) {
      const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join('').trim()
      if (text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) continue
      const box = element.getBoundingClientRect()
      if (box.width <= 1 || box.height <= 1 || element.closest('.visually-hidden, .skip')) continue
      const style = getComputedStyle(element)
      const range = document.createRange()
      range.selectNodeContents(element)
      const inside = range.getBoundingClientRect()
      const said = `${element.tagName.toLowerCase()}.${element.className}: ${text.slice(0, 80)}`
      if (inside.left < -1 || inside.right > root.clientWidth + 1) {
        if (style.textOverflow !== 'ellipsis') found.push(`out of the window: ${said}`)
      } else if (style.display !== 'inline' && element.clientWidth > 0) {
        const cut = element.scrollWidth > element.clientWidth + 1
        const titled = style.textOverflow === 'ellipsis' && element.closest('[title], [aria-label]')
        if (cut && !titled) found.push(`too wide: ${said}`)
        if (style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 3 && !titled) found.push(`too high: ${said}`)
      }
    }
    return found
  })
}

/** Progress that cannot be seen, and what is chosen without showing it, when the system's colours stand in for ours. */
export function invisible(page) {
  return page.evaluate(() => {
    const found = []
    const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0
    const colour = (element, property) => getComputedStyle(element)[property]
    for (const bar of document.querySelectorAll('[role=progressbar]')) {
      const fill = bar.firstElementChild
      if (seen(bar) && fill && colour(fill, 'backgroundColor') === colour(bar, 'backgroundColor')) found.push(`progress: ${bar.ariaLabel}`)
    }
    for (const chosen of document.querySelectorAll('[aria-selected=true], [aria-current=page]')) {
      const other = [...(chosen.closest('[role=tablist], ul, nav')?.querySelectorAll('[role=tab], a') ?? [])].find((one) => one !== chosen && seen(one))
      if (!seen(chosen) || !other) continue
      const same = ['outlineStyle', 'backgroundColor', 'color', 'borderInlineStartStyle', 'fontWeight'].every((property) => colour(chosen, property) === colour(other, property))
      if (same) found.push(`chosen: ${chosen.textContent.trim()}`)
    }
    return found
  })
}

/** Makes every text of the window's own half as long again, in letters with accents; relaxTexts ends that. */
export function stretchTexts(page) {
  return page.evaluate(() => {
    const app = document.querySelector('#app').__vue_app__
    const words = app._context.provides[app.__VUE_I18N_SYMBOL__].global
    const accents = { a: 'á', e: 'ë', i: 'î', o: 'ø', u: 'ü', A: 'Å', E: 'É', I: 'Î', O: 'Ø', U: 'Û', n: 'ñ', c: 'ç', s: 'š', z: 'ž' }
    // What stands in braces is a value, @: refers to another text.
    const accented = (text) =>
      text.split(/(\{[^}]*\}|@:[\w.]+)/).map((part, index) => (index % 2 ? part : part.replaceAll(/\p{L}/gu, (letter) => accents[letter] ?? letter))).join('')
    const longer = (text) => {
      const letters = text.replaceAll(/\{[^}]*\}|@:[\w.]+/g, '').trim().length
      const more = 'lorem ipsum dolor sit amet consectetur '.repeat(9).slice(0, Math.ceil(letters / 2)).trim()
      return letters === 0 ? text : `${accented(text.trim())} ${more}`
    }
    const stretch = (texts) =>
      Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [
          key,
          typeof text === 'string' ? text.split('|').map(longer).join(' | ') : stretch(text),
        ]),
      )
    window.relaxed ??= words.getLocaleMessage('en')
    words.setLocaleMessage('en', stretch(window.relaxed))
  })
}

export function relaxTexts(page) {
  return page.evaluate(() => {
    const app = document.querySelector('#app').__vue_app__
    app._context.provides[app.__VUE_I18N_SYMBOL__].global.setLocaleMessage('en', window.relaxed)
  })
}
