import { AppError } from './types'
import type { WireError } from './wire'

function isWireError(value: unknown): value is WireError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}

export function fromWireError(wire: WireError): AppError {
  const fields = wire.fields ?? []
  return new AppError(
    wire.code,
    [wire.message, ...fields.map(({ message }) => message)].filter(Boolean).join(' '),
    wire.advice,
    wire.detail,
    fields.map(({ field, message }) => ({ field, message })),
  )
}

/**
 * The reason of a rejected call: Wails hands over the backend's error as a
 * string of JSON. Anything else is a mistake of ours; it has code "internal",
 * no message, and keeps what was said as detail.
 */
export function toAppError(reason: unknown): AppError {
  if (reason instanceof AppError) return reason
  const text = reason instanceof Error ? reason.message : String(reason)
  try {
    const parsed: unknown = JSON.parse(text)
    if (isWireError(parsed)) return fromWireError(parsed)
  } catch {
    // Not JSON: told as it is, below.
  }
  return new AppError('internal', '', '', text)
}
