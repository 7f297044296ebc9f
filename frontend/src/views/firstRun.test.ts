import { beforeEach, expect, test, vi } from 'vitest'
import type { VueWrapper } from '@vue/test-utils'
import { violations } from '@/test/axe'
import { fakeJob, fakeSession, fakeSource } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(emptyWorld({ session: fakeSession({ set_up: false }) }))
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

async function openFirst(): Promise<VueWrapper> {
  const window = await openWindow('/')
  await shown(window, 'first-run')
  return window
}

async function press(window: VueWrapper, ...testids: string[]) {
  for (const testid of testids) {
    await window.get(`[data-testid="${testid}"]`).trigger('click')
    await settle()
  }
}

/** What has to be loaded first takes as long as the machine takes. */
function until(holds: () => void) {
  return vi.waitFor(holds, { timeout: 60_000 })
}

function stepOf(window: VueWrapper): string | undefined {
  return window.find('[data-testid=first-run]').attributes('data-step')
}

test('a new laptop asks for the language, the place, the person, and how to begin', async () => {
  const window = await openFirst()
  expect(window.find('nav').exists()).toBe(false)
  expect(window.get('h1').text()).toBe('Which language?')
  expect(await violations()).toEqual([])
  await window.get('[data-testid=first-language-de]').setValue(true)
  await until(() => {
    expect(window.get('h1').text()).toBe('Welche Sprache?')
  })
  await window.get('[data-testid=first-language-en]').setValue(true)
  await settle()

  await window.get('form').trigger('submit')
  await settle()
  expect(window.get('[data-testid=first-place]').text()).toContain('35 GB free of 120 GB')
  expect(await violations()).toEqual([])

  await press(window, 'first-next')
  expect(await violations()).toEqual([])
  await window.get('[data-testid="field-Your name"] input').setValue('Amina')
  await window.get('form').trigger('submit')
  await settle()
  expect(called('People.SetUp')).toEqual(['Amina', ''])

  expect(stepOf(window)).toBe('begin')
  expect(await violations()).toEqual([])
  await press(window, 'first-done')
  expect(window.find('[data-testid=first-run]').exists()).toBe(false)
  expect(window.get('h1').text()).toBe('Home')
})

test('every step can be left out', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await press(window, 'first-next', 'first-skip')
  expect(called('People.SetUp')).toEqual(['Coordinator', ''])
  await press(window, 'first-done')
  expect(window.find('nav').exists()).toBe(true)
})

test('all of it can be put off at once', async () => {
  const window = await openFirst()
  await press(window, 'first-later')
  expect(called('People.SetUp')).toEqual(['Coordinator', ''])
  expect(window.find('[data-testid=first-run]').exists()).toBe(false)
})

test('the channels can live elsewhere, and the room there is said', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await settle()
  backend.world.folder = '/mnt/big/channels'
  await press(window, 'first-folder')
  const [request] = called('Jobs.Enqueue')?.[0] as { type: string; path: string }[]
  expect(request).toMatchObject({ type: 'content.move', path: '/mnt/big/channels' })
  backend.world.freeBytes = 99e9
  const job = backend.world.jobs[0]
  backend.change(fakeJob({ ...job, status: 'COMPLETED' }))
  await settle()
  expect(window.get('[data-testid=first-place]').text()).toContain('99 GB free')
})

test('a place that is refused says why', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await settle()
  backend.world.folder = '/root'
  backend.refuse('Jobs.Enqueue', { code: 'no_write', message: 'Nothing can be written there.' })
  await press(window, 'first-folder')
  expect(window.get('[data-testid=failure]').text()).toContain('Nothing can be written there.')
})

test('a PIN brings a recovery code, which is shown before going on', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await press(window, 'first-next')
  await window.get('[data-testid="field-PIN"] input').setValue('2580')
  await window.get('form').trigger('submit')
  await settle()
  expect(window.get('[data-testid=recovery-code]').text()).toBe('QX7K-2MPA-9RTD')
  expect(stepOf(window)).toBe('person')
  await press(window, 'news-dismiss')
  expect(stepOf(window)).toBe('begin')
})

test('a PIN that is refused says why at the field', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await press(window, 'first-next')
  backend.refuse('People.SetUp', {
    code: 'invalid_request',
    message: 'This cannot be done.',
    fields: [{ field: 'pin', message: 'At least four digits.', index: 0 }],
  })
  await window.get('form').trigger('submit')
  await settle()
  expect(window.get('[data-testid="field-PIN"] [data-testid=field-error]').text()).toBe(
    'At least four digits.',
  )
})

test('a drive that is plugged in meanwhile is offered by its name', async () => {
  const window = await openFirst()
  await window.get('form').trigger('submit')
  await press(window, 'first-next', 'first-skip')
  expect(window.text()).toContain('Plug in a drive')
  backend.world.sources = [fakeSource({ channels: 3 })]
  backend.emit('sources', { sequence: 1 })
  await settle()
  expect(window.text()).not.toContain('Plug in a drive')
  const way = window.get('[data-way="/media/amina/SANDISK"]')
  expect(way.text()).toContain('See what SANDISK has')
  expect(way.text()).toContain('3 channels')
  await way.trigger('click')
  await until(() => {
    expect(window.find('[data-testid=first-run]').exists()).toBe(false)
  })
  await settle()
  expect(called('Sources.Channels')).toEqual(['/media/amina/SANDISK'])
})

test('whoever comes to a place of their own choosing is not held up', async () => {
  const window = await openWindow('/jobs')
  expect(window.find('[data-testid=first-run]').exists()).toBe(false)
  expect(window.get('h1').text()).toBe('Jobs')
})

test('it is sound in Arabic', async () => {
  localStorage.setItem('nectar.language', 'ar')
  const window = await openFirst()
  expect(document.documentElement.dir).toBe('rtl')
  expect(window.get('h1').text()).toBe('أي لغة؟')
  expect(await violations()).toEqual([])
})

test('of languages that are gone through quickly the last one counts, whichever the program has first', async () => {
  const window = await openFirst()
  const held = backend.delay('App.SetLanguage')
  for (const language of ['de', 'ar', 'fr']) {
    await window.get(`[data-testid=first-language-${language}]`).setValue(true)
  }
  await settle()
  held.release(2) // the last that was chosen
  await settle()
  held.release()
  await until(() => {
    expect(window.get('h1').text()).toBe('Quelle langue ?')
  })
  await settle()
  expect(window.get('h1').text()).toBe('Quelle langue ?')
  expect(called('App.SetLanguage')).toEqual(['fr'])
})
