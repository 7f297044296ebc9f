import { standBetween } from './between.mjs'

/**
 * Makes every name that comes from elsewhere very long, with one word in it that
 * nothing breaks: of channels, drives, people, topics, tasks, and so of jobs.
 */
export function lengthenNames(page) {
  return standBetween(page, () => {
    const more = ' of the united primary and secondary schools Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung on the northern shore of the lake'
    const whole = new Set(['title', 'status_title', 'channel_name', 'started_by_name'])
    // What has an id or a place is named by a person; other names are the program's own.
    const isNamed = (holder, key) => key === 'name' && ('id' in holder || 'path' in holder) || key === 'summary' && 'schema' in holder
    const lengthen = (value) => {
      if (Array.isArray(value)) return value.map(lengthen)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(Object.entries(value).map(([key, item]) =>
        [key, typeof item === 'string' && item !== '' && (whole.has(key) || isNamed(value, key)) ? item + more : lengthen(item)]))
    }
    return { answered: lengthen }
  })
}
