import { call, on } from './backend'
import { toPersonName, toSession } from './convert'
import type { PersonName, Session } from './types'

export async function readSession(): Promise<Session> {
  return toSession(await call(({ bridge }) => bridge.People.Session()))
}

/** The people to choose from before signing in. */
export async function readNames(): Promise<PersonName[]> {
  return ((await call(({ bridge }) => bridge.People.Names())) ?? []).map(toPersonName)
}

export async function signIn(id: string, pin: string): Promise<Session> {
  return toSession(await call(({ bridge }) => bridge.People.SignIn(id, pin)))
}

export function signOut(): Promise<void> {
  return call(({ bridge }) => bridge.People.SignOut())
}

/** Says that somebody uses the window, which puts off its lock. */
export function touch(): Promise<void> {
  return call(({ bridge }) => bridge.People.Touch())
}

export function onSession(listener: (session: Session) => void): () => void {
  return on('session', ({ session }) => {
    listener(toSession(session))
  })
}
