import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import { toAppError } from '@/api/errors'
import { importChannels } from '@/api/jobs'
import * as api from '@/api/sources'
import type { EnqueueArgs } from '@/api/tasks'
import type { AppError, Channel, Job, TreeNode } from '@/api/types'
import { addUp } from '@/lib/importSum'
import type { Sum } from '@/lib/importSum'
import { Selection } from '@/lib/selection'
import type { Tick } from '@/lib/selection'

/** A preflight is asked for when the person has stopped clicking for so long. */
const pause = 250

interface Part {
  channel: Channel
  /** Null takes the whole channel. */
  selection: Selection | null
}

const everything = { include: null, exclude: null }

/** What the person is putting together to import from one source. */
export const useImports = defineStore('imports', () => {
  const source = shallowRef('')
  const parts = shallowRef(new Map<string, Part>())
  const sum = shallowRef<Sum | null>(null)
  const failure = shallowRef<AppError | null>(null)
  const isCounting = shallowRef(false)
  /** Why the jobs were not made. */
  const refusal = shallowRef<AppError | null>(null)
  const isStarting = shallowRef(false)

  let latest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const count = computed(() => parts.value.size)

  /** Begins anew with what a source holds. */
  function begin(address: string): void {
    source.value = address
    parts.value = new Map()
    refusal.value = null
    recount()
  }

  function isChosen(channelId: string): boolean {
    return parts.value.has(channelId)
  }

  function choose(channel: Channel, on: boolean): void {
    if (on) parts.value.set(channel.id, { channel, selection: null })
    else parts.value.delete(channel.id)
    changed()
  }

  /** Lets the person tick topics; everything is ticked at first. */
  function openTopics(channel: Channel, root: TreeNode): void {
    if (parts.value.get(channel.id)?.selection) return
    parts.value.set(channel.id, { channel, selection: new Selection(root) })
    changed()
  }

  function loadTopic(channelId: string, nodeId: string, children: TreeNode[]): void {
    parts.value.get(channelId)?.selection?.load(nodeId, children)
    triggerRef(parts)
  }

  function toggle(channelId: string, nodeId: string): void {
    parts.value.get(channelId)?.selection?.toggle(nodeId)
    changed()
  }

  function tick(channelId: string, nodeId: string): Tick {
    return parts.value.get(channelId)?.selection?.tick(nodeId) ?? 'none'
  }

  /** How many resources of a channel are taken. */
  function resources(channel: Channel): number {
    const part = parts.value.get(channel.id)
    if (!part) return 0
    return part.selection ? part.selection.resources() : channel.totalResources
  }

  function changed(): void {
    triggerRef(parts)
    recount()
  }

  /** Counts what an import would copy, once the clicking has stopped; older answers are dropped. */
  function recount(): void {
    latest += 1
    clearTimeout(timer)
    failure.value = null
    const wanted = requests()
    isCounting.value = wanted.length > 0
    if (wanted.length === 0) sum.value = null
    else timer = setTimeout(() => void ask(latest), pause)
  }

  async function ask(mine: number): Promise<void> {
    try {
      const answers = await Promise.all(
        requests().map((request) =>
          api.preflight(request.channelId, request.source, request.choice),
        ),
      )
      if (mine === latest) sum.value = addUp(answers)
    } catch (reason) {
      if (mine === latest) {
        sum.value = null
        failure.value = toAppError(reason)
      }
    } finally {
      if (mine === latest) isCounting.value = false
    }
  }

  function requests() {
    return [...parts.value.values()]
      .filter(({ selection }) => !selection || selection.resources() > 0)
      .map(({ channel, selection }) => ({
        channelId: channel.id,
        source: source.value,
        choice: selection?.choice() ?? everything,
      }))
  }

  /** Makes the jobs, to start when the arguments say; null when that was refused. */
  async function start(when: EnqueueArgs): Promise<Job[] | null> {
    refusal.value = null
    isStarting.value = true
    try {
      const wanted = requests()
      const started = await importChannels(wanted, when, wanted.length > 1 ? newGroup() : '')
      parts.value = new Map()
      changed()
      return started
    } catch (reason) {
      refusal.value = toAppError(reason)
      return null
    } finally {
      isStarting.value = false
    }
  }

  return {
    source,
    count,
    sum,
    failure,
    isCounting,
    refusal,
    isStarting,
    begin,
    isChosen,
    choose,
    openTopics,
    loadTopic,
    toggle,
    tick,
    resources,
    recount,
    start,
  }
})

/** A name that no other group has. */
function newGroup(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
