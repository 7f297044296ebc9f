import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeBackup, fakeJob } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'
import { textSizes } from '@/stores/session'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

function press(testid: string) {
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click()
  return settle()
}

function aTeacher() {
  backend.world.session = {
    ...backend.world.session,
    person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
  }
}

describe('the settings', () => {
  test('stand by what they are about, in words, and take effect one by one', async () => {
    const window = await openWindow('/settings')
    expect(window.findAll('h2').map((head) => head.text())).toEqual([
      'Language and appearance',
      'Where the channels are',
      'Work',
      'People',
      'History',
      'Backups',
      'Checks',
      'About Nectar',
    ])
    expect(await violations()).toEqual([])
    const field = window.get('[data-testid="field-Jobs at the same time"] input')
    await field.setValue('2')
    await field.trigger('change')
    await settle()
    expect(called('Settings.Set')).toEqual(['workers_regular', 2])
  })

  test.each([
    ['en', 'There are 3 backups, the last one of Nov 27, 2026, 2:53 PM.'],
    ['de', 'There are 3 backups, the last one of 27.11.2026, 14:53.'],
    ['ar', 'There are 3 backups, the last one of \u2068٢٧‏/١١‏/٢٠٢٦، ٢:٥٣ م\u2069.'],
  ])('the checks tell times as people do in %s', async (language, said) => {
    localStorage.setItem('nectar.language', language)
    const made = new Date(2026, 10, 27, 14, 53)
    const text = '2026-11-27 14:53 CET'
    const marked = language === 'ar' ? `\u2068${text}\u2069` : text
    backend.world.findings = [
      {
        check: 'backups',
        state: 'good',
        message: `There are 3 backups, the last one of ${marked}.`,
        advice: null,
        times: [{ text, time: made.toISOString() }],
      },
    ]
    const window = await openWindow('/settings')
    await shown(window, 'finding')
    expect(window.get('[data-testid=finding] .words').text().replaceAll('\u202f', ' ')).toBe(said)
  })

  test('the quiet hours are two times, or none', async () => {
    const window = await openWindow('/settings')
    const times = () => window.get('[data-testid="field-Quiet hours"]').findAll('select')
    await times()[0]?.setValue('08:00')
    await settle()
    expect(called('Settings.Set')).toBeUndefined()
    await times()[1]?.setValue('13:00')
    await settle()
    expect(called('Settings.Set')).toEqual(['quiet_hours', '08:00-13:00'])
    await window.get('[data-testid=hours-none]').trigger('click')
    await settle()
    expect(called('Settings.Set')).toEqual(['quiet_hours', ''])
  })

  test('have the digits of Arabic for its readers, and take those of any keyboard', async () => {
    localStorage.setItem('nectar.language', 'ar')
    const window = await openWindow('/settings')
    const field = window.get('[data-testid="field-المهام في الوقت نفسه"] input')
    expect((field.element as HTMLInputElement).value).toBe('٤')
    await field.setValue('12')
    expect((field.element as HTMLInputElement).value).toBe('١٢')
    await field.trigger('change')
    await settle()
    expect(called('Settings.Set')).toEqual(['workers_regular', 12])
    const [from] = window.get('[data-testid="field-ساعات الهدوء"]').findAll('select')
    expect(from?.findAll('option')[1]?.text()).toBe('١٢:٠٠ ص')
  })

  test('have units in the words of the reader', async () => {
    localStorage.setItem('nectar.language', 'ar')
    const window = await openWindow('/settings')
    const speed = window.get('[data-testid="field-أقصى سرعة من الخوادم"]')
    expect(speed.text()).toContain('كيلوبايت في الثانية')
    expect(window.text()).not.toContain('kB')
  })

  test('that are refused say why at the field', async () => {
    backend.refuse('Settings.Set', {
      code: 'invalid_request',
      message: 'This cannot be done.',
      fields: [{ field: 'workers_regular', message: 'From 1 to 16.', index: 0 }],
    })
    const window = await openWindow('/settings')
    const field = window.get('[data-testid="field-Jobs at the same time"]')
    await field.get('input').setValue('99')
    await field.get('input').trigger('change')
    await settle()
    expect(field.get('[data-testid=field-error]').text()).toBe('From 1 to 16.')
  })

  test('a setting that the window has no words for is offered in those of the backend', async () => {
    const [known] = backend.world.settings
    if (known)
      backend.world.settings.push({ ...known, name: 'bandwidth', summary: 'How fast to copy.' })
    const window = await openWindow('/settings')
    expect(window.find('[data-testid="field-How fast to copy."]').exists()).toBe(true)
  })

  test('a teacher sees them and who may change them', async () => {
    aTeacher()
    for (const setting of backend.world.settings) setting.may_change = false
    const window = await openWindow('/settings')
    expect(window.text()).toContain('Only coordinators')
    const field = window.get('[data-testid="field-Jobs at the same time"] input')
    expect(field.attributes('disabled')).toBeDefined()
    expect(window.find('[data-testid=open-backups]').exists()).toBe(false)
    expect(window.find('[data-testid=nav-people]').exists()).toBe(false)
  })

  test('a report for whoever helps is written where the person says', async () => {
    backend.world.folder = '/home/amina/report.zip'
    await openWindow('/settings')
    await press('diagnose')
    expect(called('App.ChooseNewFile')?.[1]).toMatch(/^Nectar \d{4}-\d\d-\d\d\.zip$/)
    expect(called('Device.Diagnose')).toEqual(['/home/amina/report.zip'])
  })

  test('the language and the theme are chosen here as well', async () => {
    const window = await openWindow('/settings')
    await window.get('[data-testid=field-Appearance] select').setValue('dark')
    expect(document.documentElement.dataset['theme']).toBe('dark')
    await window.get('[data-testid=field-Language] select').setValue('de')
    await settle()
    expect(called('App.SetLanguage')).toEqual(['de'])
  })
})

describe('the place of the channels', () => {
  test('is said with its room, and moved as a job after it was said what that means', async () => {
    backend.world.folder = '/media/amina/LARGE/channels'
    const page = await openWindow('/settings')
    expect(page.get('[data-testid=place]').text()).toContain('free of')
    await press('place-move')
    expect(document.body.textContent).toContain('Every file is read back')
    expect(document.body.textContent).toContain('/media/amina/LARGE/channels')
    expect(called('Jobs.Enqueue')).toBeUndefined()
    await press('place-confirm')
    expect(called('Jobs.Enqueue')).toEqual([
      [{ type: 'content.move', path: '/media/amina/LARGE/channels' }],
    ])
  })

  test('that cannot be used says why', async () => {
    backend.world.folder = '/media/amina/LARGE'
    backend.refuse('Jobs.Enqueue', { code: 'invalid_request', message: 'It is not empty.' })
    const page = await openWindow('/settings')
    await press('place-move')
    await press('place-confirm')
    expect(page.get('[data-testid=failure]').text()).toContain('It is not empty.')
  })

  test('can be our own again after that of a Kolibri was used', async () => {
    const page = await openWindow('/settings')
    expect(page.find('[data-testid=place-leave]').exists()).toBe(false)
    const own = backend.world.place.own_path
    backend.world.place = {
      path: '/home/amina/.kolibri/content',
      own_path: own,
      adopted: true,
      read_only: true,
    }
    document.body.innerHTML = ''
    const again = await openWindow('/settings')
    expect(again.get('[data-testid=place]').text()).toContain('only reads')
    await press('place-leave')
    expect(document.body.textContent).toContain('stay where they are')
    expect(document.body.textContent).toContain(own)
    expect(called('Jobs.Enqueue')).toBeUndefined()
    await press('place-own')
    expect(called('Jobs.Enqueue')).toEqual([[{ type: 'content.adopt', path: own }]])
  })

  test('stays when nobody chose another, and is not for teachers to move', async () => {
    await openWindow('/settings')
    await press('place-move')
    expect(called('Jobs.Enqueue')).toBeUndefined()
    document.body.innerHTML = ''
    aTeacher()
    const page = await openWindow('/settings')
    expect(page.get('[data-testid=place]').text()).toContain('free of')
    expect(page.find('[data-testid=place-move]').exists()).toBe(false)
  })
})

describe('the text', () => {
  test('is as large as the person says, at once and from then on', async () => {
    const page = await openWindow('/settings')
    const field = page.get('[data-testid="field-Text size"] select')
    expect(field.findAll('option').map((option) => option.text())).toEqual([
      '100%',
      '115%',
      '130%',
      '150%',
      '200%',
    ])
    await field.setValue('150')
    expect(document.documentElement.style.fontSize).toBe('150%')
    page.unmount()
    await openWindow('/help')
    expect(document.documentElement.style.fontSize).toBe('150%')
  })

  test('is large before the first paint, and only by what can be chosen', () => {
    const boot = readFileSync('src/boot.js', 'utf8')
    const before = (size: string) => {
      document.documentElement.style.fontSize = ''
      localStorage.setItem('nectar.text', size)
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      new Function(boot)()
      return document.documentElement.style.fontSize
    }
    for (const size of textSizes.filter((percent) => percent > 100))
      expect(before(String(size))).toBe(`${size}%`)
    expect(before('9999')).toBe('')
  })
})

describe('a backup', () => {
  test('is made, and is in the list when it is done', async () => {
    const window = await openWindow('/settings/backups')
    expect(window.findAll('[data-testid=backup-row]')).toHaveLength(3)
    expect(await violations()).toEqual([])
    await press('backup-make')
    expect(called('Jobs.Enqueue')).toEqual([[{ type: 'device.backup' }]])
    backend.world.backups.unshift(fakeBackup('2026-11-25T12:00:00.000Z'))
    backend.change(fakeJob({ type: 'device.backup', status: 'COMPLETED' }))
    await settle()
    expect(window.findAll('[data-testid=backup-row]')).toHaveLength(4)
  })

  test('comes back after it was said what is lost, and the window begins anew', async () => {
    const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
    const page = await openWindow('/settings/backups')
    await page.get('[data-testid=backup-restore]').trigger('click')
    await settle()
    expect(document.body.textContent).toContain('is not in it')
    expect(called('App.Restore')).toBeUndefined()
    await press('restore-confirm')
    expect(called('App.Restore')).toEqual([backend.world.backups[0]?.name])
    expect(reload).toHaveBeenCalledOnce()
    reload.mockRestore()

    await openWindow('/library')
    expect(document.body.textContent).toContain('3 newer jobs are not in it.')
    expect(sessionStorage.length).toBe(0)
  })

  test('that cannot be brought back says why, and everything is as it was', async () => {
    backend.refuse('App.Restore', { code: 'backup_damaged', message: 'This backup is damaged.' })
    const page = await openWindow('/settings/backups')
    await page.get('[data-testid=backup-restore]').trigger('click')
    await settle()
    await press('restore-confirm')
    expect(page.get('[data-testid=failure]').text()).toContain('This backup is damaged.')
    expect(page.findAll('[data-testid=backup-row]')).toHaveLength(3)
  })
})

describe('a database that was damaged', () => {
  const fault = {
    code: 'data_set_aside',
    message: 'The database was damaged. It was set aside.',
    advice: '',
    fields: [],
  }

  test('is said in place of everything, with the last good backup to bring back', async () => {
    const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
    const backups = [fakeBackup('2026-11-24T12:00:00.000Z'), fakeBackup('2026-11-23T12:00:00.000Z')]
    backend = installFakeBackend(
      emptyWorld({ opening: { fault, backups, lost: null, back: null, ended: null }, backups }),
    )
    backend.refuse('People.Session', { code: 'internal', message: '' })
    const page = await openWindow('/library')
    expect(page.get('[data-testid=opening]').text()).toContain('It was set aside.')
    expect(page.find('nav').exists()).toBe(false)
    expect(backend.calls.map(({ name }) => name)).not.toContain('Jobs.List')
    expect(await violations()).toEqual([])
    await page.get('[data-testid=backup-restore]').trigger('click')
    await settle()
    expect(called('App.Restore')).toEqual([backups[0]?.name])
    expect(reload).toHaveBeenCalledOnce()
    reload.mockRestore()
    sessionStorage.clear()
  })

  test('is said in the language of the window, which the program hears of while it opens', async () => {
    localStorage.setItem('nectar.language', 'de')
    const world = emptyWorld({
      opening: { fault, backups: [], lost: null, back: null, ended: null },
    })
    backend = installFakeBackend(world)
    const held = backend.delay('App.SetLanguage')
    const opened = openWindow('/library')
    await settle()
    world.opening = {
      ...world.opening,
      fault: { ...fault, message: 'Die Datenbank war beschädigt.' },
    }
    held.release()
    const page = await opened
    expect(page.get('[data-testid=opening]').text()).toContain('Die Datenbank war beschädigt.')
  })

  test('without a backup the window begins anew when the person says so', async () => {
    const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
    backend = installFakeBackend(
      emptyWorld({ opening: { fault, backups: [], lost: null, back: null, ended: null } }),
    )
    const page = await openWindow('/library')
    expect(page.get('[data-testid=opening]').text()).toContain('There is no backup yet')
    await press('opening-empty')
    expect(called('App.Restore')).toEqual([''])
    reload.mockRestore()
    sessionStorage.clear()
  })

  test('on a full disk the window says so, and opens when there is room', async () => {
    const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
    const full = { code: 'disk_full', message: 'It is full.', advice: 'Delete.', fields: [] }
    backend = installFakeBackend(
      emptyWorld({ opening: { fault: full, backups: [], lost: null, back: null, ended: null } }),
    )
    const page = await openWindow('/library')
    expect(page.get('[data-testid=opening]').text()).toContain('It is full.')
    expect(page.find('[data-testid=opening-empty]').exists()).toBe(false)
    expect(await violations()).toEqual([])
    backend.refuse('App.OpenAgain', full)
    await press('opening-again')
    expect(page.get('[data-testid=failure]').text()).toContain('It is full.')
    expect(reload).not.toHaveBeenCalled()
    backend.refuse('App.OpenAgain', null)
    await press('opening-again')
    expect(reload).toHaveBeenCalledOnce()
    reload.mockRestore()
  })

  test('a page that took the place of one that ended says so, and that nothing is lost', async () => {
    const ended = {
      code: 'page_ended',
      message: 'The page had stopped.',
      advice: 'Nothing is lost.',
      fields: [],
    }
    backend.world.opening = { fault: null, backups: [], lost: null, back: null, ended }
    const page = await openWindow('/library')
    expect(page.get('[data-testid=ended]').text()).toContain('The page had stopped.')
    expect(page.get('[data-testid=ended]').text()).toContain('Nothing is lost.')
    await press('ended-dismiss')
    expect(page.find('[data-testid=ended]').exists()).toBe(false)
  })

  test('what it cost is said once, with the way to the backups', async () => {
    backend.world.opening = {
      fault: null,
      backups: [],
      lost: { code: 'changes_lost', message: 'The last changes are missing.', fields: [] },
      back: null,
      ended: null,
    }
    const page = await openWindow('/library')
    expect(page.get('[data-testid=lost]').text()).toContain('The last changes are missing.')
    expect(page.get('[data-testid=lost]').text()).toContain('See the backups')
    await press('lost-dismiss')
    expect(page.find('[data-testid=lost]').exists()).toBe(false)
  })
})
