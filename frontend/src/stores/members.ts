import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toAppError } from '@/api/errors'
import * as api from '@/api/people'
import type { NewPerson } from '@/api/people'
import type { Person, PersonChanged } from '@/api/types'
import type { Load } from '@/lib/load'
import { attempts } from './attempts'
import { fetcher } from './fetching'

/** The people of this laptop, for coordinators. */
export const useMembers = defineStore('members', () => {
  const people = shallowRef<Load<Person[]>>({ state: 'idle' })
  const renew = fetcher(people, api.listPeople)
  /** What whoever made the last change should be told. */
  const news = shallowRef<Omit<PersonChanged, 'person'> | null>(null)
  const { isBusy, failure, attempt } = attempts()

  /** Makes a change and fetches the list anew; answers whether it was made. */
  async function change(...steps: (() => Promise<PersonChanged>)[]): Promise<boolean> {
    const made = await attempt(async () => {
      for (const step of steps) take(await step())
      await renew()
      return true
    })
    return made ?? false
  }

  /** A recovery code is shown until it is put away, whatever else changes meanwhile. */
  function take({ recoveryCode, obviousPin, unprotected }: PersonChanged): void {
    const code = recoveryCode ?? news.value?.recoveryCode ?? null
    const isNews = code !== null || obviousPin || unprotected.length > 0
    news.value = isNews ? { recoveryCode: code, obviousPin, unprotected } : null
  }

  /** Makes a new recovery code in place of the old one. */
  async function renewCode(): Promise<void> {
    failure.value = null
    try {
      const recoveryCode = await api.newRecoveryCode()
      news.value = { obviousPin: false, unprotected: [], ...news.value, recoveryCode }
    } catch (reason) {
      failure.value = toAppError(reason)
    }
  }

  function forget(): void {
    failure.value = null
  }

  return {
    people,
    renew,
    failure,
    news,
    isBusy,
    forget,
    renewCode,
    add: (person: NewPerson) => change(() => api.addPerson(person)),
    save: (before: Person, after: NewPerson) =>
      change(
        ...(after.name === before.name ? [] : [() => api.renamePerson(before.id, after.name)]),
        ...(after.isCoordinator === before.isCoordinator &&
        after.managesContent === before.managesContent
          ? []
          : [() => api.grantPerson(before.id, after.isCoordinator, after.managesContent)]),
      ),
    setPin: (id: string, pin: string, current: string) =>
      change(() => api.setPin(id, pin, current)),
    removePin: (id: string, current: string) => change(() => api.removePin(id, current)),
    remove: (id: string) => change(() => api.removePerson(id)),
  }
})
