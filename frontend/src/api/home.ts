import { call } from './backend'
import { toHome } from './convert'
import type { Home } from './types'

/** What is going on, what needs somebody, what is next and what just arrived. */
export async function readHome(): Promise<Home> {
  return toHome(await call(({ bridge }) => bridge.Home.Now()))
}

/** Sets jobs aside that went wrong; all of them for none named. */
export async function dismiss(ids: readonly string[]): Promise<Home> {
  return toHome(
    await call(({ bridge }) =>
      ids.length > 0 ? bridge.Home.Dismiss([...ids]) : bridge.Home.DismissAll(),
    ),
  )
}
