import { call, on } from './backend'
import { toPerson, toPersonChanged, toPersonName, toSession } from './convert'
import type { Person, PersonChanged, PersonName, Session } from './types'

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

export async function listPeople(): Promise<Person[]> {
  return ((await call(({ bridge }) => bridge.People.List())) ?? []).map(toPerson)
}

export interface NewPerson {
  name: string
  isCoordinator: boolean
  managesContent: boolean
  /** "" for none */
  pin: string
}

export async function addPerson(person: NewPerson): Promise<PersonChanged> {
  return toPersonChanged(
    await call(({ bridge }) =>
      bridge.People.Add({
        name: person.name,
        role: roleOf(person.isCoordinator),
        manage_content: person.managesContent,
        pin: person.pin,
      }),
    ),
  )
}

function roleOf(isCoordinator: boolean): string {
  return isCoordinator ? 'coordinator' : 'teacher'
}

export async function renamePerson(id: string, name: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.Rename(id, name)))
}

export async function grantPerson(
  id: string,
  isCoordinator: boolean,
  managesContent: boolean,
): Promise<PersonChanged> {
  const grant = { role: roleOf(isCoordinator), manage_content: managesContent }
  return toPersonChanged(await call(({ bridge }) => bridge.People.Grant(id, grant)))
}

export async function removePerson(id: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.Remove(id)))
}

/** Gives somebody a PIN; whoever changes their own shows the one that they have. */
export async function setPin(id: string, pin: string, current: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.SetPIN(id, pin, current)))
}

export async function removePin(id: string, current: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.RemovePIN(id, current)))
}

export function newRecoveryCode(): Promise<string> {
  return call(({ bridge }) => bridge.People.NewRecoveryCode())
}

/** Lets a coordinator who forgot the PIN choose another one. */
export async function recover(id: string, code: string, pin: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.Recover(id, code, pin)))
}

/** Finishes the first run. */
export async function setUp(name: string, pin: string): Promise<PersonChanged> {
  return toPersonChanged(await call(({ bridge }) => bridge.People.SetUp(name, pin)))
}
