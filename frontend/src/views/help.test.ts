import { beforeEach, describe, expect, test, vi } from 'vitest'
import { chapters } from 'virtual:guide'
import { shortcuts } from '@/lib/shortcuts'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function press(key: string, more: KeyboardEventInit = {}) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }))
  return settle()
}

describe('Help', () => {
  test('lists the chapters of the guide, every key, and what this Nectar is', async () => {
    const page = await openWindow('/help')
    expect(page.findAll('[data-testid=chapter]')).toHaveLength(chapters.length)
    const keys = Object.values(shortcuts).flatMap((table) => Object.keys(table))
    expect(page.findAll('[data-testid=shortcut]')).toHaveLength(keys.length)
    expect(page.text()).not.toMatch(/shortcut\.|key\./)
    expect(page.get('[data-testid=version]').text()).not.toBe('')
    expect(await violations()).toEqual([])
  })

  test('names keys that are pressed together, and each of several ways', async () => {
    const page = await openWindow('/help')
    const search = page
      .findAll('[data-testid=shortcut]')
      .find((row) => row.get('dt').text() === 'Search')
    expect(search?.get('dd').text().replaceAll(/\s+/g, '')).toBe('Ctrl+For/')
  })

  test('is a key away from everywhere, and so are the settings', async () => {
    const page = await openWindow('/jobs')
    await press('F1')
    await shown(page, 'chapter')
    await press(',', { ctrlKey: true })
    await shown(page, 'open-backups')
  })

  test('writes the report for whoever helps', async () => {
    backend.world.folder = '/home/amina/report.zip'
    const page = await openWindow('/help')
    await page.get('[data-testid=diagnose]').trigger('click')
    await settle()
    expect(backend.calls.findLast(({ name }) => name === 'Device.Diagnose')?.args).toEqual([
      '/home/amina/report.zip',
    ])
  })

  test('has the licence of everything that is in the program', async () => {
    const page = await openWindow('/help/licences')
    const parts = page.findAll('[data-testid=licence]')
    const names = parts.map((part) => part.get('summary bdi').text())
    expect(names).toEqual(expect.arrayContaining(['Nectar', 'go', 'vue', 'vuetify']))
    for (const part of parts) expect(part.get('pre').text().length).toBeGreaterThan(10)
    expect(await violations()).toEqual([])
  })
})

describe('the guide', () => {
  test('is there without the network, a chapter a page, with the next one at its end', async () => {
    const page = await openWindow('/help/guide/the-first-time')
    expect(page.get('h1').text()).toBe('The first time')
    expect(page.get('[data-testid=guide]').text()).toContain('Where the channels live')
    expect(await violations()).toEqual([])
    await page.get('[data-testid=guide-after]').trigger('click')
    await vi.waitFor(
      () => {
        expect(page.get('h1').text()).toBe('Bring a channel from a drive')
      },
      { timeout: 60_000 },
    )
  })

  test('leads nowhere outside the window, and its links lead to chapters that are there', () => {
    const html = chapters.map((chapter) => chapter.html).join('')
    expect(html).not.toMatch(/<img|<script|https?:\/\//)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to ?? '')
    const pages = chapters.map(({ name }) => `#/help/guide/${name}`)
    expect(links.filter((link) => !pages.includes(link))).toEqual([])
    expect(chapters.length).toBeGreaterThan(10)
  })

  test('says so where there is no such chapter', async () => {
    const page = await openWindow('/help/guide/nothing')
    expect(page.text()).toContain('There is no such chapter')
    expect(await violations()).toEqual([])
  })
})
