import { beforeEach, expect, test } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

test('everybody is there with what they may do', async () => {
  const window = await openWindow('/people')
  expect(window.findAll('[data-testid=person-row]').map((row) => row.text())).toEqual([
    'AminaCoordinator',
    'Ben OtienoTeacher · May manage content',
    'ليلىTeacher',
  ])
  expect(await violations()).toEqual([])
})

test('somebody is added, and the first PIN brings the recovery code, which is shown once', async () => {
  const window = await openWindow('/people/new')
  await window.get('[data-testid=field-Name] input').setValue('Chidi')
  await window.get('[data-testid=role-coordinator]').setValue(true)
  await window.get('[data-testid=field-PIN] input').setValue('2468')
  expect(await violations()).toEqual([])
  await window.get('[data-testid=person-form]').trigger('submit')
  await settle()
  expect(called('People.Add')).toEqual([
    { name: 'Chidi', role: 'coordinator', manage_content: false, pin: '2468' },
  ])
  await shown(window, 'person-row')
  expect(window.get('h1').text()).toBe('People')
  expect(window.get('[data-testid=recovery-code]').text()).toBe('QX7K-2MPA-9RTD')
  expect(await violations()).toEqual([])
  await window.get('[data-testid=news-dismiss]').trigger('click')
  expect(window.find('[data-testid=recovery-code]').exists()).toBe(false)
})

test('only what changed about a person is changed', async () => {
  const window = await openWindow('/people/ben')
  await window.get('[data-testid="field-May manage content"] input').setValue(false)
  await window.get('[data-testid=person-form]').trigger('submit')
  await settle()
  expect(called('People.Grant')).toEqual(['ben', { role: 'teacher', manage_content: false }])
  expect(called('People.Rename')).toBeUndefined()
})

test('a PIN is given and taken away', async () => {
  const window = await openWindow('/people/ben')
  await window.get('[data-testid=pin-form] input').setValue('1357')
  await window.get('[data-testid=pin-form]').trigger('submit')
  await settle()
  expect(called('People.SetPIN')).toEqual(['ben', '1357', ''])
  await window.get('[data-testid=pin-remove]').trigger('click')
  await settle()
  expect(called('People.RemovePIN')).toEqual(['ben', ''])
})

test('whoever changes their own PIN shows the one that they have', async () => {
  const [own] = backend.world.people
  if (own) own.has_pin = true
  const window = await openWindow('/people/coordinator')
  await window.get('[data-testid="field-The PIN until now"] input').setValue('1111')
  await window.get('[data-testid="field-The new PIN"] input').setValue('8642')
  await window.get('[data-testid=pin-form]').trigger('submit')
  await settle()
  expect(called('People.SetPIN')).toEqual(['coordinator', '8642', '1111'])
})

test('what is wrong with a PIN is said at the field', async () => {
  backend.refuse('People.SetPIN', {
    code: 'invalid_request',
    message: 'This cannot be done.',
    fields: [{ field: 'pin', message: 'From 4 to 12 digits.', index: 0 }],
  })
  const window = await openWindow('/people/ben')
  await window.get('[data-testid=pin-form] input').setValue('1')
  await window.get('[data-testid=pin-form]').trigger('submit')
  await settle()
  expect(window.get('[data-testid=pin-form] [data-testid=field-error]').text()).toBe(
    'From 4 to 12 digits.',
  )
})

test('removing says what stays, and the last coordinator is told why not', async () => {
  const window = await openWindow('/people/ben')
  await window.get('[data-testid=person-remove]').trigger('click')
  await settle()
  expect(document.body.textContent).toContain('Their jobs stay')
  document.querySelector<HTMLElement>('[data-testid=remove-confirm]')?.click()
  await settle()
  await shown(window, 'person-row')
  expect(called('People.Remove')).toEqual(['ben'])
  expect(window.findAll('[data-testid=person-row]')).toHaveLength(2)

  backend.refuse('People.Grant', {
    code: 'last_coordinator',
    message: 'There has to be a coordinator.',
  })
  const own = await openWindow('/people/coordinator')
  expect(own.find('[data-testid=person-remove]').exists()).toBe(false)
  await own.get('[data-testid=role-teacher]').setValue(true)
  await own.get('[data-testid=person-form]').trigger('submit')
  await settle()
  expect(own.get('[data-testid=failure]').text()).toContain('There has to be a coordinator.')
})

test('a teacher is told who sees this', async () => {
  backend.world.session = {
    ...backend.world.session,
    person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
  }
  const window = await openWindow('/people')
  expect(window.get('[data-testid=empty]').text()).toContain('Only coordinators')
  expect(called('People.List')).toBeUndefined()
})
