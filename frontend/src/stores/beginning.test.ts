import { createPinia, setActivePinia } from 'pinia'
import { expect, test } from 'vitest'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import { settle } from '@/test/mount'
import { begin } from './beginning'
import { usePeople } from './people'

test('who is there is asked once the data folder is open: before, the backend knows of nobody', async () => {
  const backend = installFakeBackend(demoWorld())
  backend.refuse('People.Session', { code: 'internal', message: 'The data folder is not open.' })
  const opening = backend.delay('App.Opening')
  setActivePinia(createPinia())
  const begun = begin()
  await settle()
  backend.refuse('People.Session', null)
  opening.release()
  await begun
  expect(usePeople().managesContent).toBe(true)
})

test('what cannot be learnt holds up nothing', async () => {
  const backend = installFakeBackend(demoWorld())
  for (const name of ['App.Environment', 'App.Opening', 'People.Session'])
    backend.refuse(name, { code: 'internal', message: 'Something went wrong.' })
  setActivePinia(createPinia())
  await begin()
  expect(usePeople().session).toBeNull()
})
