import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/people'
import type { PersonName, Session } from '@/api/types'
import { attempts } from './attempts'

/** The backend hears of use at most this often. */
const touchEvery = 20_000

/** Who is at the window. While people have PINs, nothing is shown until one of them has signed in. */
export const usePeople = defineStore('people', () => {
  const session = shallowRef<Session | null>(null)
  const names = shallowRef<PersonName[]>([])
  const { isBusy, failure, attempt } = attempts()

  /** A backend that did not open says so in the views, where it can be tried again. */
  const isAsking = computed(() => session.value !== null && session.value.person === null)

  /** What a coordinator may do is offered to coordinators alone. */
  const isCoordinator = computed(() => session.value?.person?.isCoordinator ?? false)

  /** Whether this person may bring, change and delete channels. */
  const managesContent = computed(() => session.value?.person?.managesContent ?? false)

  /** Asks who is signed in, before the window shows anything. */
  async function open(): Promise<void> {
    await take(await api.readSession())
  }

  /** Listens for sign-outs and the lock, and tells the backend of use; the answer stops both. */
  function watch(): () => void {
    let told = 0
    const use = () => {
      const now = performance.now()
      if (session.value?.pins !== true || isAsking.value || now - told < touchEvery) return
      told = now
      void api.touch().catch(() => undefined)
    }
    const stop = api.onSession((now) => void take(now))
    for (const event of ['keydown', 'pointerdown'] as const) window.addEventListener(event, use)
    return () => {
      stop()
      for (const event of ['keydown', 'pointerdown'] as const)
        window.removeEventListener(event, use)
    }
  }

  async function take(now: Session): Promise<void> {
    const before = session.value?.person
    // What one person was shown is not for the next: a new page has forgotten it.
    if (before && before.id !== now.person?.id) {
      window.location.reload()
      return
    }
    if (!now.person) names.value = await api.readNames()
    session.value = now
  }

  async function signIn(id: string, pin: string): Promise<void> {
    await attempt(async () => take(await api.signIn(id, pin)))
  }

  return {
    session,
    names,
    failure,
    isBusy,
    isAsking,
    isCoordinator,
    managesContent,
    open,
    watch,
    signIn,
    signOut: api.signOut,
  }
})
