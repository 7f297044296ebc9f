import type { AppError } from '@/api/types'

/** Something that is fetched: not yet asked for, on its way, there, or refused. */
export type Load<T> =
  | { state: 'idle' }
  | { state: 'loading' }
  | { state: 'done'; value: T }
  | { state: 'error'; error: AppError }

export function valueOf<T>(load: Load<T>): T | null {
  return load.state === 'done' ? load.value : null
}
