import { beforeEach, describe, expect, test } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle } from '@/test/mount'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function onADrive() {
  backend.world.newVersion = {
    version: '1.2.0',
    notes: ['Imports are twice as fast.'],
    bytes: 13_000_000,
    path: '/media/USB/Nectar',
  }
}

async function press(testid: string) {
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click()
  await settle()
}

describe('a newer version of Nectar on a drive', () => {
  test('shows by itself when the drive is plugged in, with what is new', async () => {
    const window = await openWindow('/settings')
    expect(window.find('[data-testid=upgrade]').exists()).toBe(false)
    onADrive()
    backend.emit('sources', null)
    await settle()
    const note = window.get('[data-testid=upgrade]')
    expect(note.text()).toContain('Nectar 1.2.0 is on this drive')
    expect(note.text()).toContain('Imports are twice as fast.')
    expect(await violations()).toEqual([])
  })

  test('is installed at one press, and starts next time', async () => {
    onADrive()
    const window = await openWindow('/jobs')
    await press('upgrade-install')
    expect(backend.calls.findLast(({ name }) => name === 'Device.Upgrade')?.args).toEqual(['1.2.0'])
    expect(window.get('[data-testid=upgrade-outcome]').text()).toContain('starts the next time')
    expect(window.find('[data-testid=upgrade-install]').exists()).toBe(false)
    await press('upgrade-dismiss')
    expect(window.find('[data-testid=upgrade]').exists()).toBe(false)
  })

  test('is handed over to the installer of the system where that installs', async () => {
    onADrive()
    backend.world.hasInstaller = true
    const window = await openWindow('/jobs')
    await press('upgrade-install')
    expect(window.get('[data-testid=upgrade-outcome]').text()).toContain('Close Nectar')
  })

  test('that cannot be installed says why, and can be tried again', async () => {
    onADrive()
    backend.refuse('Device.Upgrade', { code: 'update_damaged', message: 'The package is damaged.' })
    const window = await openWindow('/jobs')
    await press('upgrade-install')
    expect(window.get('[data-testid=upgrade]').text()).toContain('The package is damaged.')
    expect(window.find('[data-testid=upgrade-install]').exists()).toBe(true)
  })

  test('waits in the settings for whoever does not want it now', async () => {
    onADrive()
    const window = await openWindow('/settings')
    await press('upgrade-dismiss')
    const notes = window.findAll('[data-testid=upgrade]')
    expect(notes).toHaveLength(1)
    expect(window.find('[data-testid=upgrade-dismiss]').exists()).toBe(false)
    await press('upgrade-install')
    expect(window.get('[data-testid=upgrade-outcome]').text()).toContain('starts the next time')
  })

  test('is for a coordinator to install', async () => {
    onADrive()
    backend.world.session = {
      ...backend.world.session,
      person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
    }
    const window = await openWindow('/jobs')
    expect(window.get('[data-testid=upgrade]').text()).toContain('A coordinator')
    expect(window.find('[data-testid=upgrade-install]').exists()).toBe(false)
  })

  test('that did not start is told of', async () => {
    backend.world.opening = {
      ...backend.world.opening,
      back: {
        code: 'update_returned',
        message: 'Nectar 1.2.0 did not start.',
        advice: '',
        fields: [],
      },
    }
    const window = await openWindow('/jobs')
    expect(window.get('[data-testid=back]').text()).toContain('Nectar 1.2.0 did not start.')
    await press('back-dismiss')
    expect(window.find('[data-testid=back]').exists()).toBe(false)
  })
})
