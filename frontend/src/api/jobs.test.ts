import { expect, test } from 'vitest'
import { importChannels } from '@/api/jobs'
import { installFakeBackend } from '@/test/fakeBackend'
import { emptyWorld } from '@/test/world'

const id = 'a'.repeat(32)

test.each([
  ['http://192.168.1.5:8080', { type: 'content.remoteimport', url: 'http://192.168.1.5:8080' }],
  ['studio', { type: 'content.remoteimport', url: 'studio' }],
  ['/media/stick', { type: 'content.diskimport', path: '/media/stick' }],
  ['sample', { type: 'content.diskimport', path: 'sample' }],
])('a channel at %s is imported by the task for such places', async (source, wanted) => {
  const backend = installFakeBackend(emptyWorld())
  await importChannels([{ channelId: id, source, choice: { include: null, exclude: null } }])
  expect(backend.calls.find(({ name }) => name === 'Jobs.Enqueue')?.args).toEqual([
    [{ channel_id: id, ...wanted }],
  ])
})
