/**
 * The bound objects as Wails puts them on the window. They are reached through
 * window.go and not through the generated wrappers, so that tests and the demo
 * can stand in for the backend by putting their own objects there.
 */
import { toAppError } from './errors'
import type {
  WireChannel,
  WireEnvironment,
  WireJob,
  WireJobDetail,
  WireJobPage,
  WireJobsEvent,
  WireNode,
  WirePreflight,
  WireSource,
  WireSpace,
} from './wire'

export interface JobsBinding {
  List(filter: {
    states: string[]
    task: string
    queue: string
    search: string
    limit: number
    after: string
  }): Promise<WireJobPage>
  Show(id: string): Promise<WireJobDetail>
  Enqueue(requests: Record<string, unknown>[]): Promise<WireJob[] | null>
  Cancel(ids: string[]): Promise<WireJob[] | null>
  Restart(ids: string[]): Promise<WireJob[] | null>
  Pause(ids: string[]): Promise<WireJob[] | null>
  Resume(ids: string[]): Promise<WireJob[] | null>
  Clear(ids: string[]): Promise<number>
  ClearAll(queue: string): Promise<number>
}

export interface LibraryBinding {
  Channels(): Promise<WireChannel[] | null>
  Tree(channelId: string, nodeId: string, source: string): Promise<WireNode>
  Space(): Promise<WireSpace>
}

export interface SourcesBinding {
  List(): Promise<WireSource[] | null>
  Channels(source: string): Promise<WireChannel[] | null>
  Preflight(request: {
    channel_id: string
    source: string
    node_ids: string[] | null
    exclude_node_ids: string[] | null
  }): Promise<WirePreflight>
}

export interface AppBinding {
  ChooseFolder(title: string): Promise<string>
  Environment(): Promise<WireEnvironment>
  SetLanguage(code: string): Promise<void>
  AnswerClose(answer: string): Promise<void>
  FirstPaint(): Promise<void>
}

export interface Bindings {
  bridge: { Jobs: JobsBinding; Library: LibraryBinding; Sources: SourcesBinding }
  main: { App: AppBinding }
}

/** What the backend tells of its own accord, and what each event carries. */
export interface Events {
  jobs: WireJobsEvent
  sources: undefined
  'close-asked': { running: number }
}

/** The part of Wails' runtime that we use. */
export interface Runtime {
  EventsOn(name: string, listener: (data: unknown) => void): () => void
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
