import type { AppError } from '@/api/types'

const whenPrefix = 'enqueue_args.'

/** What is wrong with single fields of a form, by the path of the field. */
export function faultsOf(error: AppError | null): Map<string, string> {
  const faults = (error?.fields ?? []).filter(({ field }) => !field.startsWith(whenPrefix))
  return new Map(faults.map(({ field, message }) => [field, message]))
}

/** Whether something is wrong that stands at no field of a form. */
export function isBesideFields({ fields }: AppError): boolean {
  return fields.length === 0 || fields.some(({ field }) => field === '')
}

/** What is wrong with when a job is to start, by the name of the setting. */
export function whenFaultsOf(error: AppError | null): Map<string, string> {
  const faults = (error?.fields ?? []).filter(({ field }) => field.startsWith(whenPrefix))
  return new Map(faults.map(({ field, message }) => [field.slice(whenPrefix.length), message]))
}

/** The refusal of a form that asks for nothing but when a job is to start, if not all of it stands at the settings of that. */
export function besideWhen(error: AppError | null): AppError | null {
  return error && (isBesideFields(error) || whenFaultsOf(error).size === 0) ? error : null
}
