import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as app from '@/api/app'
import { toAppError } from '@/api/errors'
import { onJobs } from '@/api/jobs'
import * as library from '@/api/library'
import * as people from '@/api/people'
import { enqueue } from '@/api/tasks'
import type { Job, PersonChanged, Space } from '@/api/types'
import { isFinished } from '@/lib/jobStates'
import type { Load } from '@/lib/load'
import { attempts } from './attempts'
import { fetcher } from './fetching'

export const firstSteps = ['language', 'place', 'person', 'begin'] as const
export type FirstStep = (typeof firstSteps)[number]

/** The steps of the first day on a new laptop. Each can be left out: all has a sensible default. */
export const useFirstRun = defineStore('firstRun', () => {
  const isOpen = shallowRef(false)
  const step = shallowRef<FirstStep>('language')
  const space = shallowRef<Load<Space>>({ state: 'idle' })
  /** The job that puts the channels elsewhere, while it runs. */
  const moving = shallowRef<Job | null>(null)
  /** What whoever has chosen a PIN has to be told. */
  const news = shallowRef<Omit<PersonChanged, 'person'> | null>(null)
  const { isBusy, failure, attempt } = attempts()
  const number = computed(() => firstSteps.indexOf(step.value) + 1)

  const readSpace = fetcher(space, library.readSpace)

  function open(): () => void {
    isOpen.value = true
    void readSpace()
    return onJobs(({ jobs }) => {
      const ended = jobs.find(({ id, state }) => id === moving.value?.id && isFinished(state))
      if (!ended) return
      moving.value = null
      if (ended.state === 'FAILED') failure.value = toAppError(new Error(ended.error ?? ''))
      void readSpace()
    })
  }

  function go(to: FirstStep): void {
    failure.value = null
    step.value = to
  }

  function back(): void {
    go(firstSteps[number.value - 2] ?? 'language')
  }

  function next(): void {
    go(firstSteps[number.value] ?? 'begin')
  }

  /** Lets the person choose another place for the channels, which have not come yet. */
  async function choosePlace(title: string): Promise<void> {
    await attempt(async () => {
      const path = await app.chooseFolder(title)
      if (path !== '') moving.value = await enqueue('content.move', { path }, {})
    })
  }

  /** Says who is at the laptop; a PIN is "" for none. Answers whether that was taken. */
  async function setUp(name: string, pin: string): Promise<boolean> {
    const taken = await attempt(async () => {
      const { recoveryCode, obviousPin, unprotected } = await people.setUp(name, pin)
      news.value = recoveryCode || obviousPin ? { recoveryCode, obviousPin, unprotected } : null
      if (!news.value) next()
      return true
    })
    return taken ?? false
  }

  /** What was to be told was read. */
  function dismissNews(): void {
    news.value = null
    next()
  }

  function close(): void {
    isOpen.value = false
  }

  return {
    isOpen,
    step,
    number,
    space,
    moving,
    failure,
    news,
    isBusy,
    open,
    back,
    next,
    choosePlace,
    setUp,
    dismissNews,
    close,
  }
})
