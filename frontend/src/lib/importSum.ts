import type { Preflight } from '@/api/types'

/** What an import of several channels would do together. */
export interface Sum {
  resources: number
  /** Of the files that are to be copied. */
  copiedBytes: number
  /** The room that they take on the disk. */
  neededBytes: number
  freeBytes: number
  /** That other jobs will still write. */
  queuedBytes: number
  /** That the source does not have. */
  missingFiles: number
  /** Titles of files that this disk does not take. */
  forbidden: string[]
  fits: boolean
}

/** Adds up what was asked for channel by channel. */
export function addUp(answers: Preflight[]): Sum {
  const total = (value: (answer: Preflight) => number) =>
    answers.reduce((result, answer) => result + value(answer), 0)
  const neededBytes = total((answer) => answer.neededBytes)
  const queuedBytes = Math.max(...answers.map((answer) => answer.queuedBytes))
  const freeBytes = Math.min(...answers.map((answer) => answer.freeBytes))
  return {
    resources: total((answer) => answer.resources),
    copiedBytes: total((answer) => answer.copiedBytes),
    neededBytes,
    freeBytes,
    queuedBytes,
    missingFiles: total((answer) => answer.missingFiles),
    forbidden: answers.flatMap((answer) => answer.forbidden),
    fits: answers.every((answer) => answer.fits) && neededBytes + queuedBytes <= freeBytes,
  }
}
