import { beforeEach, expect, test } from 'vitest'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'

let backend: FakeBackend
let id: string

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
  id = backend.world.library[0]?.id ?? ''
})

function called(name: string): unknown[] | undefined {
  return backend.calls.findLast((call) => call.name === name)?.args
}

async function choose(name: string) {
  document.querySelector<HTMLElement>('header [data-testid=more]')?.click()
  await settle()
  document.querySelector<HTMLElement>(`[data-testid=menu-${name}]`)?.click()
  await settle()
}

test('the files of a channel are checked, and the job that does it opens', async () => {
  const window = await openWindow(`/library/${id}`)
  await choose('check')
  await shown(window, 'job-page')
  expect(called('Jobs.Enqueue')).toEqual([[{ type: 'content.verify', channel_ids: [id] }]])
  expect(window.find('[data-testid=job-page]').exists()).toBe(true)
})

test('deleting says what goes, what becomes free and what stays, and asks', async () => {
  await openWindow(`/library/${id}`)
  await choose('delete')
  const dialog = document.querySelector('[data-testid=dialog]')
  expect(dialog?.textContent).toContain('21 resources go, and 2.2')
  expect(dialog?.textContent).toContain('3 files stay, because other channels need them.')
  expect(await violations()).toEqual([])
  expect(called('Jobs.Enqueue')).toBeUndefined()
  document.querySelector<HTMLElement>('[data-testid=channel-delete]')?.click()
  await settle()
  expect(called('Jobs.Enqueue')).toEqual([[{ type: 'content.delete', channel_id: id }]])
})

test('an export says beforehand whether it fits, and starts', async () => {
  const window = await openWindow(`/library/${id}/export`)
  const start = window.get('[data-testid=export-start]')
  expect(start.attributes('disabled')).toBeDefined()
  await window.get('[data-testid=export-place] input').trigger('change')
  await settle()
  expect(window.get('[data-testid=export-sum]').text()).toContain('to copy')
  expect(await violations()).toEqual([])
  await start.trigger('click')
  await settle()
  expect(called('Jobs.Enqueue')).toEqual([
    [{ type: 'content.export', channel_id: id, path: '/media/amina/SANDISK' }],
  ])
})

test('an export that does not fit says how much room is needed, and cannot start', async () => {
  const [drive] = backend.world.sources
  if (drive) drive.free_bytes = 1
  const window = await openWindow(`/library/${id}/export`)
  await window.get('[data-testid=export-place] input').trigger('change')
  await settle()
  expect(window.get('[data-testid=export-sum]').text()).toContain('This does not fit')
  expect(window.get('[data-testid=export-start]').attributes('disabled')).toBeDefined()
})

test('a folder that the person looks for can be exported to', async () => {
  const window = await openWindow(`/library/${id}/export`)
  backend.world.folder = '/home/amina/stick'
  await window.get('[data-testid=export-folder]').trigger('click')
  await settle()
  const places = window.findAll('[data-testid=export-place]')
  expect(places.at(-1)?.text()).toContain('/home/amina/stick')
  expect((places.at(-1)?.get('input').element as HTMLInputElement).checked).toBe(true)
  expect(called('Sources.PreflightExport')).toEqual([
    { channel_id: id, path: '/home/amina/stick', node_ids: null, exclude_node_ids: null },
  ])
})

test('a resource that is here opens by a click and by the keyboard', async () => {
  const tree = backend.world.trees.get(id)
  const leaf = tree?.children?.find(({ kind }) => kind !== 'topic')
  if (leaf) leaf.available_resources = 1
  const window = await openWindow(`/library/${id}`)
  const row = window.get(`[data-node-id="${leaf?.id ?? ''}"]`)
  await row.trigger('click')
  await settle()
  expect(called('Library.OpenResource')).toEqual([id, leaf?.id])
  await row.trigger('keydown', { key: 'Enter' })
  await settle()
  expect(backend.calls.filter(({ name }) => name === 'Library.OpenResource')).toHaveLength(2)
})

test('a resource that is not here stays closed', async () => {
  const tree = backend.world.trees.get(id)
  const leaf = tree?.children?.find(({ kind }) => kind !== 'topic')
  const window = await openWindow(`/library/${id}`)
  await window.get(`[data-node-id="${leaf?.id ?? ''}"]`).trigger('click')
  await settle()
  expect(called('Library.OpenResource')).toBeUndefined()
})

test('who may not manage content is offered none of this', async () => {
  backend.world.session = {
    ...backend.world.session,
    person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
  }
  const window = await openWindow(`/library/${id}`)
  expect(window.find('[data-testid=channel-export]').exists()).toBe(false)
  expect(window.find('header [data-testid=more]').exists()).toBe(false)
})

test('an update says first what it brings, and starts from where it is', async () => {
  const window = await openWindow('/library')
  await window.get('[data-testid=library-update]').trigger('click')
  await shown(window, 'diff-part')
  expect(window.get('[data-testid=update-line]').text()).toContain('From version 2 to 3')
  expect(window.findAll('[data-testid=diff-part]').map((part) => part.text())).toEqual([
    expect.stringContaining('1 new resource'),
    expect.stringContaining('1 resource with new files'),
  ])
  expect(window.text()).toContain('More levels.')
  expect(await violations()).toEqual([])
  await window.get('input[type=checkbox]').setValue(true)
  await window.get('[data-testid=update-start]').trigger('click')
  await settle()
  expect(called('Jobs.Enqueue')).toEqual([
    [
      {
        type: 'content.update',
        channel_id: id,
        source: '/media/amina/SANDISK',
        remove_unused: true,
      },
    ],
  ])
})
