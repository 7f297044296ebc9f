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
 * those that are left no room at all, and those that run out of the window.
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
      const style = getComputedStyle(element)
      if (element.closest('.visually-hidden, .skip') || style.clipPath !== 'none') continue
      const said = `${element.tagName.toLowerCase()}.${element.className}: ${text.slice(0, 80)}`
      if (box.width <= 1 || box.height <= 1) {
        found.push(`no room: ${said}`)
        continue
      }
      const range = document.createRange()
      range.selectNodeContents(element)
      const inside = range.getBoundingClientRect()
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

/**
 * Icons and texts that lie on one another, as a number on the icon that it belongs to, and
 * pictures of which something hides more than a third. What stays in its place while the
 * page moves under it, and what opens above it, is let be.
 */
export function overlapping(page) {
  return page.evaluate(() => {
    const least = 4 // pixels; the boxes of letters in lines that stand close overlap by fewer
    const layer = (element) => {
      for (let one = element; one; one = one.parentElement) if (/fixed|sticky/.test(getComputedStyle(one).position)) return one
      return document.body
    }
    const leaves = [...document.body.querySelectorAll('*')].flatMap((element) => {
      const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('.visually-hidden, .skip')
      const texts = [...element.childNodes].filter(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim() !== '')
      if (!isSeen || getComputedStyle(element).clipPath !== 'none' || !(/^(svg|img)$/.test(element.localName) || texts.length > 0)) return []
      const cuts = []
      for (let one = element; one !== document.body; one = one.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(one)
        if (overflowX !== 'visible' || overflowY !== 'visible') cuts.push({ edge: one.getBoundingClientRect(), x: overflowX !== 'visible', y: overflowY !== 'visible' })
      }
      // A text is as many boxes as it has lines; what is cut off at the edge of something is not there beyond it.
      const lines = texts.flatMap((text) => {
        const range = document.createRange()
        range.selectNodeContents(text)
        return [...range.getClientRects()]
      })
      return (texts.length > 0 ? lines : [element.getBoundingClientRect()]).map(({ left, right, top, bottom }) => {
        const box = { left, right, top, bottom }
        for (const { edge, x, y } of cuts) {
          if (x) Object.assign(box, { left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right) })
          if (y) Object.assign(box, { top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom) })
        }
        return { element, box, layer: layer(element) }
      })
    })
    const isPicture = ({ element }) => element.localName === 'img'
    const area = ({ box }) => (box.right - box.left) * (box.bottom - box.top)
    const said = ({ element }) => `${element.localName}.${element.getAttribute('class') ?? ''} ${element.textContent.trim().slice(0, 40)}`.trim()
    const found = leaves.flatMap((one, index) =>
      leaves.slice(index + 1).filter((other) => {
        const isApart = other.layer === one.layer && other.element !== one.element && !(isPicture(one) && isPicture(other))
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
        const picture = [one, other].find(isPicture)
        if (picture) return isApart && wide > 0 && high > 0 && 3 * wide * high > area(picture)
        return isApart && wide > least && high > least
      }).map((other) => `${said(one)} lies on ${said(other)}`))
    return [...new Set(found)]
  })
}

/** Opens what is folded away, or the first of it where that is much, so that it is looked at as well; the answer is what folds it again. */
export async function unfold(page) {
  const folded = await page.evaluateHandle(() => [...document.querySelectorAll('main details:not([open])')].slice(0, 8))
  const turn = (open) => page.evaluate(([all, to]) => all.forEach((one) => { one.open = to }), [folded, open])
  await turn(true)
  return () => turn(false)
}

/** What stands out of the column that the page has for everything. */
export function outside(page) {
  return page.evaluate(() => {
    const main = document.querySelector('main')
    if (!main) return []
    const { left, right } = main.getBoundingClientRect()
    const { paddingLeft, paddingRight } = getComputedStyle(main)
    const [start, end] = [left + Number.parseFloat(paddingLeft), right - Number.parseFloat(paddingRight)]
    const found = []
    for (const element of main.querySelectorAll('*')) {
      const box = element.getBoundingClientRect()
      const isSeen = element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && !element.closest('.visually-hidden')
      const scrolls = element.parentElement.closest('pre')
      if (isSeen && !scrolls && getComputedStyle(element).position !== 'absolute' && (box.left < start - 1 || box.right > end + 1)) found.push(`out of the column: ${element.localName}.${element.getAttribute('class') ?? ''}: ${Math.round(box.left - start)}, ${Math.round(box.right - end)}`)
    }
    return found
  })
}

/** Names that are cut and left so little room that one looks like another, and texts that have a word or two a line. */
export function curt(page) {
  return page.evaluate(() => {
    const least = 12 // times the size of their letters: some 25 of them
    const found = []
    for (const name of document.querySelectorAll('.name-link, .name, .title, .words p')) {
      if (!name.checkVisibility() || name.textContent.trim() === '') continue
      const style = getComputedStyle(name)
      const room = (style.display === 'inline' ? name.parentElement : name).clientWidth / Number.parseFloat(style.fontSize)
      const range = document.createRange()
      range.selectNodeContents(name)
      const lines = range.getBoundingClientRect().height / Number.parseFloat(style.lineHeight)
      const isCut = style.textOverflow === 'ellipsis' && name.scrollWidth > name.clientWidth + 1
      if (room < least && (isCut || lines > 2.5)) found.push(`${isCut ? 'cut' : 'narrow'}: ${name.className}: ${name.textContent.trim().slice(0, 60)}: ${room}`)
    }
    return found
  })
}

/**
 * What is pressed and is less than 24 pixels wide or high, as is the label that is pressed
 * in its place; axe lets that be where there is room around it. Links within a text are as high as it.
 */
export function small(page) {
  return page.evaluate(() => {
    const found = []
    for (const target of document.querySelectorAll('a[href], button, input, select, summary, [role=button], [role=tab], [role=menuitem]')) {
      if (!target.checkVisibility({ visibilityProperty: true }) || target.closest('.skip') || getComputedStyle(target).display === 'inline') continue
      const sizes = [target, ...(target.labels ?? [])].map((pressed) => pressed.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))
      if (Math.max(...sizes) < 23.9) found.push(`small: ${target.tagName.toLowerCase()}.${target.className}: ${Math.max(...sizes)}`)
    }
    return found
  })
}

/** Fields and buttons that stand beside each other in one line and are not of one height, and hints that do not begin where the words do that they are about. */
export function uneven(page) {
  return page.evaluate(() => {
    const found = []
    for (const box of document.querySelectorAll('label > input[type=checkbox]')) {
      const words = box.nextElementSibling
      const hint = document.getElementById(box.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')
      const isUnder = words && hint?.checkVisibility() && hint.getBoundingClientRect().top >= words.getBoundingClientRect().bottom - 1
      if (!isUnder) continue
      const range = document.createRange()
      range.selectNodeContents(hint)
      const side = getComputedStyle(hint).direction === 'rtl' ? 'right' : 'left'
      const apart = Math.abs(range.getBoundingClientRect()[side] - words.getBoundingClientRect()[side])
      if (apart > 1) found.push(`${hint.textContent.trim().slice(0, 40)}: ${apart} beside its label`)
    }
    const controls = [...document.querySelectorAll('.search, .control, .v-btn, .plain-button, .opener')].filter((one) => one.checkVisibility() && !one.closest('.job-grid'))
    for (const control of controls) {
      const box = control.getBoundingClientRect()
      for (const other of controls) {
        const beside = other.getBoundingClientRect()
        const isInLine = other.parentElement === control.parentElement && 2 * (Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top)) > beside.height
        if (isInLine && box.height - beside.height > 1) found.push(`${control.className} ${control.textContent.trim()}: ${box.height} beside ${beside.height}`)
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

/** What moves although the person asked for stillness: all that takes its time to appear, change or turn. */
export function moving(page) {
  return page.evaluate(() => {
    const longest = (times) => Math.max(...times.split(',').map((time) => Number.parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000)))
    const found = []
    for (const element of document.body.querySelectorAll('*')) {
      for (const part of [undefined, '::before', '::after']) {
        const style = getComputedStyle(element, part)
        const turns = style.animationName !== 'none' && longest(style.animationDuration) > 1
        const glides = style.transitionProperty !== 'none' && longest(style.transitionDuration) > 1
        if (turns || glides) found.push(`${element.tagName.toLowerCase()}.${element.className}${part ?? ''}: ${turns ? style.animationName : style.transitionProperty}`)
      }
    }
    return [...new Set(found)]
  })
}

/** Has the window speak another language from now on, as the settings do. */
export async function speak(page, language) {
  await page.evaluate((code) => document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s.get('session').chooseLanguage(code), language)
  await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' })
}

/** Has all text as large from now on as the settings make it, and waits until the lists have measured it. */
export async function chooseTextSize(page, percent) {
  await page.evaluate(async (to) => {
    document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s.get('session').chooseTextSize(to)
    // Lists measure their rows when the window changes, which it does not here.
    await new Promise((resolve) => requestAnimationFrame(resolve))
    window.dispatchEvent(new Event('resize'))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  }, percent)
}

/**
 * Goes through the page by Tab alone, from its start until the focus comes round,
 * and answers what cannot be done so: controls that are not reached, and a focus
 * that is not seen, lies under something or outside the window.
 */
export async function unreachable(page) {
  const found = []
  await page.evaluate(() => {
    document.activeElement?.blur()
    window.scrollTo(0, 0)
    window.reached = new Set()
  })
  // Between its end and its start the focus is on the page itself.
  let ends = 0
  for (let turn = 0; turn < 400; turn += 1) {
    await page.keyboard.press('Tab')
    const said = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return 'end'
      // A field of a time has several parts.
      const again = window.reached.has(element)
      if (again) return element === window.last ? '' : 'round'
      window.reached.add(element)
      window.last = element
      const name = `${element.tagName.toLowerCase()}.${element.className} ${(element.ariaLabel ?? element.textContent ?? '').trim().slice(0, 40)}`
      // What draws the focus may stand around the control itself.
      const drawn = [element, element.parentElement, element.parentElement?.parentElement, element.closest('label'), element.closest('.v-input')].some((one) => {
        if (!one) return false
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0 || boxShadow !== 'none'
      })
      if (!drawn) return `the focus is not seen: ${name}`
      const { left, right, top, bottom } = element.getBoundingClientRect()
      if (bottom <= 0 || top >= window.innerHeight || right <= 0 || left >= window.innerWidth) return `the focus is out of the window: ${name}`
      const [x, y] = [(Math.max(left, 0) + Math.min(right, window.innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, window.innerHeight)) / 2]
      const above = document.elementFromPoint(x, y)
      const lies = above && !element.contains(above) && !above.contains(element) && !element.closest('label')?.contains(above) && !document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.contains(above)
      return lies ? `the focus lies under something: ${name}` : ''
    })
    if (said === 'end') ends += 1
    else if (said !== '' && said !== 'round') found.push(said)
    if (said === 'round' || ends === 2) break
  }
  const missed = await page.evaluate(() => {
    const scope = document.querySelector('[data-testid=dialog]') ?? document.body
    const all = [...scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    // Of several that stand for one choice, the keys of arrows reach the others.
    const one = (element) => element.closest('[role=tablist], [role=radiogroup], [role=tree], fieldset, [role=menu]')
    return all
      .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert], [aria-hidden=true]'))
      .filter((element) => !window.reached.has(element) && !(element.type === 'radio' && [...window.reached].some(({ name }) => name === element.name)) && ![...window.reached].some((other) => one(other) && one(other) === one(element)))
      .map((element) => `not reached: ${element.tagName.toLowerCase()}.${element.className} ${(element.ariaLabel ?? element.textContent ?? '').trim().slice(0, 40)}`)
  })
  return [...found, ...missed]
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
