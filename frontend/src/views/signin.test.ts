import { beforeEach, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { fakeJob, fakeSession } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(
    emptyWorld({
      session: fakeSession({ person: null, pins: true }),
      names: [
        { id: 'amina', name: 'Amina', has_pin: true },
        { id: 'ben', name: 'Ben', has_pin: false },
      ],
      pin: '2468',
      jobs: [fakeJob({ status_title: 'Importing secrets' })],
    }),
  )
})

function calls(name: string): unknown[][] {
  return backend.calls.filter((call) => call.name === name).map(({ args }) => args)
}

test('where people have PINs, nothing is shown before somebody has signed in', async () => {
  const window = await openWindow('/jobs')
  expect(window.get('[data-testid=sign-in]').text()).toContain('Who are you?')
  expect(window.text()).not.toContain('Importing secrets')
  expect(calls('Jobs.List')).toHaveLength(0)
})

test('a person chooses their name, types the PIN, and is where they wanted to go', async () => {
  const window = await openWindow('/jobs')
  await window.findAll('[data-testid=person]')[0]?.trigger('click')
  await window.get('[data-testid=pin]').setValue('2468')
  await window.get('[data-testid=sign-in] form').trigger('submit')
  await settle()
  expect(calls('People.SignIn')).toEqual([['amina', '2468']])
  expect(window.find('[data-testid=sign-in]').exists()).toBe(false)
  expect(window.text()).toContain('Importing secrets')
})

test('a wrong PIN is told, and is not kept in the field', async () => {
  const window = await openWindow('/library')
  await window.findAll('[data-testid=person]')[0]?.trigger('click')
  const pin = window.get<HTMLInputElement>('[data-testid=pin]')
  await pin.setValue('1111')
  await window.get('[data-testid=sign-in] form').trigger('submit')
  await settle()
  expect(window.get('[data-testid=failure]').text()).toContain('That is not the PIN.')
  expect(pin.element.value).toBe('')
})

test('who has no PIN is not asked for one', async () => {
  const window = await openWindow('/library')
  await window.findAll('[data-testid=person]')[1]?.trigger('click')
  await settle()
  expect(calls('People.SignIn')).toEqual([['ben', '']])
  expect(window.find('[data-testid=sign-in]').exists()).toBe(false)
})

test('the lock forgets what was shown, and says why', async () => {
  backend.world.session = fakeSession({ pins: true })
  const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
  await openWindow('/jobs')
  backend.emit('session', { session: fakeSession({ person: null, pins: true, locked: true }) })
  await settle()
  expect(reload).toHaveBeenCalledOnce()

  backend.world.session = fakeSession({ person: null, pins: true, locked: true })
  const locked = await openWindow('/jobs')
  expect(locked.get('[data-testid=sign-in]').text()).toContain('Nectar was locked')
  reload.mockRestore()
})

test('use puts the lock off, and the backend hears of it now and then', async () => {
  backend.world.session = fakeSession({ pins: true })
  await openWindow('/jobs')
  vi.spyOn(performance, 'now').mockReturnValue(1e6)
  for (let presses = 0; presses < 5; presses += 1)
    window.dispatchEvent(new KeyboardEvent('keydown'))
  await settle()
  expect(calls('People.Touch')).toHaveLength(1)
  vi.restoreAllMocks()
})

test('where nobody has a PIN there is nothing to sign out of', async () => {
  backend.world.session = fakeSession()
  const open = await openWindow('/library')
  expect(open.find('[data-testid=sign-out]').exists()).toBe(false)
})

test('signing in is sound for those who do not see it', async () => {
  await openWindow('/library')
  expect(await violations()).toEqual([])
})
