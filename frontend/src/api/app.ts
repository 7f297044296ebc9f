import { call, on } from './backend'
import { toEnvironment } from './convert'
import type { Environment } from './types'

/** Asks for a folder; "" when the person thought better of it. */
export function chooseFolder(title: string): Promise<string> {
  return call(({ main }) => main.App.ChooseFolder(title))
}

/** Asks for a file that is there; "" when the person thought better of it. */
export function chooseFile(title: string): Promise<string> {
  return call(({ main }) => main.App.ChooseFile(title))
}

/** Asks where to write a file, and under which name; one may be suggested. */
export function chooseNewFile(title: string, name = ''): Promise<string> {
  return call(({ main }) => main.App.ChooseNewFile(title, name))
}

export async function readEnvironment(): Promise<Environment> {
  return toEnvironment(await call(({ main }) => main.App.Environment()))
}

export function setLanguage(code: string): Promise<void> {
  return call(({ main }) => main.App.SetLanguage(code))
}

/** Says whether the window is dark, so that the next one is from its first moment on. */
export function showDark(dark: boolean): Promise<void> {
  return call(({ main }) => main.App.ShowDark(dark))
}

/** Names the window: in the page, and on its bar and in the system's list of windows, which do not follow the page. */
export function nameWindow(title: string): void {
  document.title = title
  window.runtime?.WindowSetTitle?.(title)
}

export function answerClose(answer: 'stay' | 'stop'): Promise<void> {
  return call(({ main }) => main.App.AnswerClose(answer))
}

/** Tells when the window was drawn first, which src/boot.js has noted, and that its first view is there. */
export function reportFirstPaint(): Promise<void> {
  const drawn = Number(document.documentElement.dataset['drawn'] ?? 0)
  return call(({ main }) => main.App.FirstPaint(drawn))
}

export function onCloseAsked(listener: (running: number) => void): () => void {
  return on('close-asked', ({ running }) => {
    listener(running)
  })
}

/** The folder that the program was given to import from, once; "" when there is none. */
export function takeFolder(): Promise<string> {
  return call(({ main }) => main.App.TakeFolder())
}

/** Hears that there is a folder to take. */
export function onFolderGiven(listener: () => void): () => void {
  return on('folder-given', listener)
}

/** Tells the person by the system's own means; a click may lead to a place in the window. */
export function notify(title: string, text: string, place: string): Promise<void> {
  return call(({ main }) => main.App.Notify(title, text, place))
}

/** Hears that a person asked from outside for a place in the window. */
export function onPlaceAsked(listener: (place: string) => void): () => void {
  return on('place-asked', ({ place }) => {
    listener(place)
  })
}

/**
 * Hears of folders that are dropped on the window, and keeps the web view from
 * leaving our page for the dropped file.
 */
export function onFolderDrop(listener: (path: string) => void): void {
  for (const event of ['dragover', 'drop'] as const) {
    window.addEventListener(
      event,
      (drag) => {
        const types = drag.dataTransfer?.types ?? []
        if (types.includes('Files') || types.includes('text/uri-list')) drag.preventDefault()
      },
      { capture: true },
    )
  }
  window.runtime?.OnFileDrop?.((_x, _y, paths) => {
    const [path] = paths
    if (path) listener(path)
  }, false)
}
