import { beforeEach, describe, expect, test } from 'vitest'
import type { VueWrapper } from '@vue/test-utils'
import { violations } from '@/test/axe'
import { demoWorld } from '@/test/demoWorld'
import { fakeTask, primesTask } from '@/test/factories'
import { installFakeBackend } from '@/test/fakeBackend'
import type { FakeBackend } from '@/test/fakeBackend'
import { openWindow, settle, shown } from '@/test/mount'
import { emptyWorld } from '@/test/world'

let backend: FakeBackend

beforeEach(() => {
  backend = installFakeBackend(demoWorld())
})

function asked(): unknown {
  return backend.calls.findLast(({ name }) => name === 'Jobs.Enqueue')?.args[0]
}

async function start(window: VueWrapper) {
  await window.get('[data-testid=new-job]').trigger('submit')
  await settle()
}

describe('a task that nothing in the window knows of', () => {
  test('is offered under its plugin, with what it says of itself', async () => {
    const window = await openWindow('/jobs/new')
    expect(window.findAll('h2').map((head) => head.text())).toEqual([
      'Channels',
      'This laptop',
      'Reports',
      'maths',
    ])
    expect(window.findAll('[data-testid=task-row]').at(-1)?.text()).toBe(
      'Count the primes of a range',
    )
    expect(await violations()).toEqual([])
  })

  test('has a form drawn from its schema, in its order, with the defaults put in', async () => {
    const window = await openWindow('/jobs/new/maths.primes')
    const fields = window.findAll('input[inputmode=numeric]')
    expect(
      window
        .findAll('label')
        .slice(0, 2)
        .map((label) => label.text()),
    ).toEqual(['From', 'To'])
    expect(fields.slice(0, 2).map((field) => (field.element as HTMLInputElement).value)).toEqual([
      '1',
      '',
    ])
    expect(window.text()).toContain('The last number that is looked at · 1 to 1,000,000,000')
    expect(await violations()).toEqual([])
  })

  test('starts with what the person filled in, and its page opens', async () => {
    const window = await openWindow('/jobs/new/maths.primes')
    await window.get('[data-testid="field-To"] input').setValue('1000')
    await start(window)
    expect(asked()).toEqual([{ type: 'maths.primes', from: 1, to: 1000 }])
    await shown(window, 'job-page')
    expect(window.get('h1').text()).toBe('Count the primes of a range')
    expect(window.find('[data-testid=job-page]').exists()).toBe(true)
  })

  test('says at the field what the backend finds wrong, and goes there', async () => {
    backend.refuse('Jobs.Enqueue', {
      code: 'invalid_request',
      message: 'This cannot be done.',
      fields: [{ field: 'to', message: 'A value is needed.', index: 0 }],
    })
    const window = await openWindow('/jobs/new/maths.primes')
    await start(window)
    const to = window.get('[data-testid="field-To"]')
    expect(to.get('[data-testid=field-error]').text()).toBe('A value is needed.')
    expect(document.activeElement).toBe(to.get('input').element)
    expect(to.get('input').attributes('aria-invalid')).toBe('true')
    expect(await violations()).toEqual([])
    await to.get('input').setValue('5')
    expect(to.find('[data-testid=field-error]').exists()).toBe(false)
  })

  test('says over the form what is wrong with all of it, beside what stands at a field', async () => {
    backend.refuse('Jobs.Enqueue', {
      code: 'invalid_request',
      message: 'This cannot be done.',
      fields: [
        { field: 'to', message: 'A value is needed.', index: 0 },
        { field: '', message: 'The drive is not there.', index: 0 },
      ],
    })
    const window = await openWindow('/jobs/new/maths.primes')
    await start(window)
    expect(window.text()).toContain('The drive is not there.')
    expect(window.get('[data-testid="field-To"] [data-testid=field-error]').text()).toBe(
      'A value is needed.',
    )
  })
})

test('every kind of argument has its own control', async () => {
  backend.world.tasks = [
    fakeTask({
      name: 'test.all',
      schema: {
        type: 'object',
        required: ['text', 'kind', 'words', 'pace', 'who'],
        order: ['text', 'kind', 'words', 'pace', 'who', 'keep'],
        properties: {
          text: { type: 'string', title: 'Text' },
          kind: { type: 'string', title: 'Kind', enum: ['slow', 'fast'], default: 'slow' },
          words: { type: 'array', title: 'Words', items: { type: 'string' } },
          pace: {
            type: 'object',
            title: 'Pace',
            properties: {
              every: { type: 'integer', title: 'Every', unit: 'seconds', default: 90 },
            },
          },
          who: { type: 'string', title: 'Who', format: 'person' },
          keep: { type: 'integer', title: 'Keep free', unit: 'bytes', default: 250000000 },
        },
      },
    }),
  ]
  const window = await openWindow('/jobs/new/test.all')
  await settle()
  expect(window.text()).toContain('= 250 MB')
  await window.get('[data-testid=field-Text] input').setValue('hello')
  await window.get('[data-testid=field-Kind] select').setValue('fast')
  await window.get('[data-testid=field-Words] textarea').setValue('one\n\ntwo')
  await window.get('[data-testid=field-Every] input').setValue('١٢٠')
  await window.get('[data-testid=field-Who] select').setValue('ben')
  expect(await violations()).toEqual([])
  await start(window)
  expect(asked()).toEqual([
    {
      type: 'test.all',
      text: 'hello',
      kind: 'fast',
      words: ['one', 'two'],
      pace: { every: 120 },
      who: 'ben',
      keep: 250000000,
    },
  ])
})

test('the channels to choose from are those of the chosen drive', async () => {
  const window = await openWindow('/jobs/new/content.diskimport')
  await settle()
  const channels = () =>
    window.findAll('[data-testid=field-Channel] option').map((option) => option.text())
  expect(channels()).toEqual(['Choose…'])
  await window
    .get('[data-testid="field-Drive or folder"] select')
    .setValue('/media/amina/Kolibri Schulstick 2026')
  await settle()
  expect(channels()).toEqual(['Choose…', 'Khan Academy – Mathematik', 'مكتبة القصص الأفريقية'])
})

test('the channels to choose from are those of a server at an address that is typed', async () => {
  const there = 'http://192.168.1.5:8080'
  backend.world.offers.set(there, [...(backend.world.offers.values().next().value ?? [])])
  backend.world.tasks = [
    fakeTask({
      name: 'test.fetch',
      schema: {
        type: 'object',
        required: ['url', 'channel_id'],
        order: ['url', 'channel_id'],
        properties: {
          url: { type: 'string', title: 'Server', format: 'server' },
          channel_id: { type: 'string', title: 'Channel', format: 'channel' },
        },
      },
    }),
  ]
  const window = await openWindow('/jobs/new/test.fetch')
  await settle()
  const field = () => window.get('[data-testid=field-Server]')
  const channels = () =>
    window.findAll('[data-testid=field-Channel] option').map((option) => option.attributes('value'))
  const offered = field().findAll('option')
  expect(offered.length).toBeGreaterThan(1)
  for (const option of offered.slice(1))
    expect(option.attributes('value')).not.toMatch(/^\/media|^sample/)
  expect(channels()).toEqual([''])
  await field().get('[data-testid=type-address]').trigger('click')
  expect(await violations()).toEqual([])
  await field().get('input').setValue(` ${there} `)
  await field().get('input').trigger('change')
  await settle()
  const [, first] = channels()
  expect(first).toBeTruthy()
  await window.get('[data-testid=field-Channel] select').setValue(first)
  await start(window)
  expect(asked()).toEqual([{ type: 'test.fetch', url: there, channel_id: first }])
  await openWindow('/jobs/new/test.fetch')
})

test('topics are ticked in the tree of the chosen channel, and forgotten with it', async () => {
  const window = await openWindow('/jobs/new/content.diskimport')
  await settle()
  const field = window.get('[data-testid="field-Topics and resources"]')
  const button = () => field.get('[data-testid=pick-nodes]')
  expect(field.text()).toContain('Choose a channel first.')
  expect(button().attributes('disabled')).toBeDefined()
  await window
    .get('[data-testid="field-Drive or folder"] select')
    .setValue('/media/amina/Kolibri Schulstick 2026')
  await settle()
  const channel = window.get('[data-testid=field-Channel] select')
  const [, first, second] = channel.findAll('option').map((option) => option.attributes('value'))
  await channel.setValue(first)
  await settle()
  await button().trigger('click')
  await settle()
  const rows = () => field.findAll('[data-testid=topic-row]')
  expect(rows().length).toBeGreaterThan(1)
  await rows()[0]?.trigger('click')
  await settle()
  const id = rows()[0]?.attributes('data-node-id')
  expect(rows()[0]?.attributes('aria-checked')).toBe('true')
  expect(rows()[1]?.attributes('aria-checked')).toBe('false')
  expect(await violations()).toEqual([])
  await start(window)
  expect(asked()).toMatchObject([{ channel_id: first, node_ids: [id] }])

  const again = await openWindow('/jobs/new/content.diskimport')
  await settle()
  await again
    .get('[data-testid="field-Drive or folder"] select')
    .setValue('/media/amina/Kolibri Schulstick 2026')
  await settle()
  await again.get('[data-testid=field-Channel] select').setValue(first)
  await settle()
  await again.get('[data-testid=pick-nodes]').trigger('click')
  await settle()
  await again.get('[data-testid=topic-row]').trigger('click')
  await again.get('[data-testid=field-Channel] select').setValue(second)
  await settle()
  await start(again)
  const [request] = asked() as { node_ids?: string[] }[]
  expect(request?.node_ids).toBeUndefined()
})

test('several channels are ticked by their names', async () => {
  backend.world.tasks = [
    fakeTask({
      name: 'test.check',
      schema: {
        type: 'object',
        properties: {
          channel_ids: {
            type: 'array',
            items: { type: 'string' },
            title: 'Channels',
            description: 'Left out: all',
            format: 'channel',
          },
        },
      },
    }),
  ]
  const window = await openWindow('/jobs/new/test.check')
  await settle()
  const field = window.get('[data-testid=field-Channels]')
  const names = field.findAll('label').map((label) => label.text())
  expect(names).toEqual(backend.world.library.map(({ name }) => name))
  for (const tick of field.findAll('[data-testid=pick]').slice(0, 2)) await tick.setValue(true)
  expect(await violations()).toEqual([])
  backend.refuse('Jobs.Enqueue', {
    code: 'invalid_request',
    message: 'This cannot be done.',
    fields: [{ field: 'channel_ids', message: 'One of these is gone.', index: 0 }],
  })
  await start(window)
  expect(field.get('[data-testid=field-error]').text()).toBe('One of these is gone.')
  expect(document.activeElement).toBe(field.element)
  expect(asked()).toEqual([
    { type: 'test.check', channel_ids: backend.world.library.slice(0, 2).map(({ id }) => id) },
  ])
})

test('what is still looked for is not said to be missing', async () => {
  const list = { type: 'array', items: { type: 'string' }, title: 'Channels', format: 'channel' }
  const schema = { type: 'object', properties: { channel_ids: list } }
  backend.world.tasks = [fakeTask({ name: 'test.check', schema })]
  backend.world.library = []
  const late = backend.delay('Library.Channels')
  const window = await openWindow('/jobs/new/test.check')
  await settle()
  const field = window.get('[data-testid=field-Channels]')
  expect(field.text()).not.toContain('nothing to choose')
  expect(field.text()).toContain('Loading')
  expect(await violations()).toEqual([])
  late.release()
  await settle()
  expect(field.text()).toContain('nothing to choose')
})

test('a file that the person looks a place for has a name to begin with, and is taken over', async () => {
  backend.world.folder = '/home/amina/report.zip'
  const window = await openWindow('/jobs/new/device.diagnostics')
  await window.get('[data-testid=browse]').trigger('click')
  await settle()
  const field = window.get('[data-testid=field-File] input').element as HTMLInputElement
  expect(field.value).toBe('/home/amina/report.zip')
  const asked = backend.calls.find(({ name }) => name === 'App.ChooseNewFile')
  expect(asked?.args).toEqual(['File', expect.stringMatching(/^Nectar \d{4}-\d\d-\d\d\.zip$/)])
})

describe('when it starts', () => {
  beforeEach(() => {
    backend = installFakeBackend(emptyWorld({ tasks: [primesTask()] }))
  })

  async function choose(kind: string) {
    const window = await openWindow('/jobs/new/maths.primes')
    await window.get(`[data-testid=when-${kind}]`).setValue(true)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await settle()
    return window
  }

  function when(): unknown {
    const [request] = asked() as { enqueue_args?: unknown }[]
    return request?.enqueue_args
  }

  test('again and again is said with the next three runs, which the backend knows', async () => {
    const window = await choose('again')
    expect(window.findAll('[data-testid=next-runs] time')).toHaveLength(3)
    await window.get('[data-testid="field-How often?"] select').setValue('weekly')
    await window.get('[data-testid=weekday-5]').trigger('change')
    expect(await violations()).toEqual([])
    await start(window)
    expect(when()).toEqual({ cron: '0 20 * * 1,5', catch_up: 'once' })
  })

  test('in a while counts in the unit that was chosen', async () => {
    const window = await choose('in')
    await window.get('[data-testid=field-In] input').setValue('2')
    await window.get('[data-testid=field-In] select').setValue('hours')
    await start(window)
    expect(when()).toEqual({ enqueue_in: 7200 })
  })

  test('at a time takes the day and the time of this laptop', async () => {
    const window = await choose('at')
    await window.get('[data-testid=field-Time] select').setValue(String(7 * 60 + 15))
    await start(window)
    const { enqueue_at } = when() as { enqueue_at: string }
    const at = new Date(enqueue_at)
    expect([at.getHours(), at.getMinutes()]).toEqual([7, 15])
    expect(await violations()).toEqual([])
  })

  test('what the backend says of the times stands where they are chosen', async () => {
    const window = await openWindow('/jobs/new/maths.primes')
    backend.refuse('Jobs.NextRuns', {
      code: 'invalid_request',
      message: 'This cannot be done.',
      fields: [
        { field: 'enqueue_args.cron', message: 'The times cannot be understood.', index: 0 },
      ],
    })
    await window.get('[data-testid=when-again]').setValue(true)
    await window.get('[data-testid="field-How often?"] select').setValue('own')
    await window.get('[data-testid=field-Rule] input').setValue('nonsense')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await settle()
    expect(window.get('[data-testid=field-Rule] [data-testid=field-error]').text()).toBe(
      'The times cannot be understood.',
    )
  })

  test('retries and the order go with it', async () => {
    const window = await openWindow('/jobs/new/maths.primes')
    await window.get('[data-testid="field-If it fails, try again after"] input').setValue('5')
    await window.get('[data-testid="field-At most so many times"] input').setValue('3')
    await window.get('[data-testid="field-What goes first"] select').setValue('high')
    await start(window)
    expect(when()).toEqual({ retry_interval: 300, max_retries: 3, priority: 'high' })
  })

  test('nobody but a coordinator is offered to go before all others', async () => {
    backend.world.session = {
      ...backend.world.session,
      person: { id: 't', name: 'Tara', role: 'teacher', manage_content: false },
    }
    const window = await openWindow('/jobs/new/maths.primes')
    const offered = window
      .findAll('[data-testid="field-What goes first"] option')
      .map((option) => option.text())
    expect(offered).toEqual(['As usual', 'After all others', 'In turn'])
  })
})

test('a kind of job that this person may not start is not there', async () => {
  backend.world.tasks = []
  const window = await openWindow('/jobs/new')
  expect(window.get('[data-testid=empty]').text()).toContain('nothing that you may start')
  const other = await openWindow('/jobs/new/device.backup')
  expect(other.get('[data-testid=empty]').text()).toContain('not offered to you')
})
