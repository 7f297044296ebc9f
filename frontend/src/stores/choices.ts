import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'
import { listChannels } from '@/api/library'
import { listPeople } from '@/api/people'
import { listSourceChannels, listSources } from '@/api/sources'
import type { Source } from '@/api/types'
import { datedName } from '@/lib/fileName'
import { valueOf } from '@/lib/load'
import type { PickTopics } from '@/lib/pickTopics'
import type { FormField, FormValues, PickFormat } from '@/lib/schemaForm'
import { useTrees } from './trees'

interface Option {
  value: string
  text: string
}

/**
 * What the fields of a form are picked from. It is fetched when a form has such
 * a field; a form with a source offers the channels of that source.
 */
export const useChoices = defineStore('choices', () => {
  const sources = shallowRef<Option[]>([])
  const servers = shallowRef<Option[]>([])
  const channels = shallowRef<Option[]>([])
  const persons = shallowRef<Option[]>([])
  const areChannelsComing = shallowRef(false)
  const trees = useTrees()
  /** The fields of the form that is filled in. */
  const form = shallowRef<readonly FormField[]>([])
  /** Where the channels are from; null while none were fetched. */
  let from: string | null = null
  const fetched = new Set<string>()

  /** Fetches what the fields of a form need as it is filled in now. */
  function follow(fields: readonly FormField[], values: FormValues): void {
    form.value = fields
    if (fields.length === 0) {
      fetched.clear()
      from = null
      return
    }
    for (const format of formatsOf(fields)) {
      if (fetched.has(format)) continue
      fetched.add(format)
      if (format === 'source' || format === 'server') void fetchSources()
      if (format === 'person') void fetchPersons()
    }
    if (!formatsOf(fields).has('channel')) return
    const source = origin(fields)
    const address = source ? text(values[source.name]) : ''
    if (from === address) return
    from = address
    if (source && address === '') {
      channels.value = []
      areChannelsComing.value = false
    } else void fetchChannels(address)
  }

  async function fetchSources(): Promise<void> {
    const found = await listSources().catch(() => [])
    const option = ({ address, name }: Source) => ({ value: address, text: name })
    sources.value = found.map(option)
    servers.value = found.filter(({ kind }) => kind === 'server' || kind === 'studio').map(option)
  }

  async function fetchPersons(): Promise<void> {
    const found = await listPeople().catch(() => [])
    persons.value = found.map(({ id, name }) => ({ value: id, text: name }))
  }

  async function fetchChannels(address: string): Promise<void> {
    areChannelsComing.value = true
    const asked = address === '' ? listChannels() : listSourceChannels(address)
    const found = await asked.catch(() => [])
    if (from !== address) return
    areChannelsComing.value = false
    channels.value = found
      .filter(({ fault }) => fault === null)
      .map(({ id, name }) => ({ value: id, text: name }))
  }

  function options(format: PickFormat): Option[] | null {
    switch (format) {
      case 'channel':
        return channels.value
      case 'source':
        return sources.value
      case 'server':
        return servers.value
      case 'person':
        return persons.value
      case 'node':
      case 'folder':
      case 'file':
      case 'new-file':
        return null
    }
  }

  function isComing(format: PickFormat): boolean {
    return format === 'channel' && areChannelsComing.value
  }

  /** The topics of the channel that the form names, where the form says that it is. */
  function topics(values: FormValues): PickTopics | null {
    const source = origin(form.value)
    const channel = picks(form.value, 'channel')
    const address = source ? text(values[source.name]) : ''
    const id = channel ? text(values[channel.name]) : ''
    if (id === '' || (source && address === '')) return null
    return {
      key: `${address}\n${id}`,
      name: channels.value.find(({ value }) => value === id)?.text ?? '',
      tree: trees.tree(id, address),
      openRoot: async () => {
        await trees.openRoot(id, address)
        return valueOf(trees.tree(id, address).root)
      },
      openTopic: (nodeId) => trees.openTopic(id, address, nodeId),
      seen: (nodeIds) => {
        trees.showPictures(id, address, nodeIds)
      },
    }
  }

  function browse(format: PickFormat, title: string, example = ''): Promise<string> {
    if (format === 'file') return app.chooseFile(title)
    return format === 'new-file'
      ? app.chooseNewFile(title, datedName(example, new Date()))
      : app.chooseFolder(title)
  }

  return { options, isComing, topics, browse, follow }
})

function formatsOf(fields: readonly FormField[]): Set<string> {
  return new Set(fields.flatMap((field) => [field.format, ...formatsOf(field.fields)]))
}

/** The field of a form in which one such thing is picked. */
function picks(fields: readonly FormField[], wanted: PickFormat): FormField | undefined {
  return fields.find(({ kind, format }) => kind === 'pick' && format === wanted)
}

/** The field that says where the channels of a form are. */
function origin(fields: readonly FormField[]): FormField | undefined {
  return picks(fields, 'source') ?? picks(fields, 'server')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
