import type { Query } from '@/api/types'

export const noQuery: Query = { text: '', kind: '', language: '' }

export function isAsked({ text, kind, language }: Query): boolean {
  return text.trim() !== '' || kind !== '' || language !== ''
}
