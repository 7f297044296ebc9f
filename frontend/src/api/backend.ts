/**
 * The bound objects as Wails puts them on the window. They are reached through
 * window.go and not through the generated wrappers, so that tests and the demo
 * can stand in for the backend by putting their own objects there.
 */
import { toAppError } from './errors'
import type {
  AppBinding,
  DeviceBinding,
  HomeBinding,
  JobsBinding,
  LibraryBinding,
  PeopleBinding,
  SettingsBinding,
  SourcesBinding,
  WireEvents,
} from './wire'

/** The bound methods. */
export interface Bindings {
  bridge: {
    Jobs: JobsBinding
    People: PeopleBinding
    Settings: SettingsBinding
    Device: DeviceBinding
    Home: HomeBinding
    Library: LibraryBinding
    Sources: SourcesBinding
  }
  main: {
    App: AppBinding
  }
}

/** What the backend tells of its own accord, and what each event carries. */
export type Events = WireEvents

/** The part of Wails' runtime that we use. */
export interface Runtime {
  EventsOn(name: string, listener: (data: unknown) => void): () => void
  WindowSetTitle?(title: string): void
  OnFileDrop?(listener: (x: number, y: number, paths: string[]) => void, onTarget: boolean): void
}

declare global {
  interface Window {
    go?: Bindings
    runtime?: Runtime
  }
}

/** Calls the backend; rejects with an AppError and with nothing else. */
export async function call<T>(ask: (bindings: Bindings) => Promise<T>): Promise<T> {
  try {
    if (!window.go) throw new Error('the backend is not there')
    return await ask(window.go)
  } catch (reason) {
    throw toAppError(reason)
  }
}

/** Listens to one of the backend's events; the answer stops it. */
export function on<Name extends keyof Events>(
  name: Name,
  listener: (data: Events[Name]) => void,
): () => void {
  return (
    window.runtime?.EventsOn(name, (data) => {
      listener(data as Events[Name])
    }) ?? (() => undefined)
  )
}
