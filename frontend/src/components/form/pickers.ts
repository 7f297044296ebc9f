import type { InjectionKey } from 'vue'
import type { PickTopics } from '@/lib/pickTopics'
import type { FormValues, PickFormat } from '@/lib/schemaForm'

export interface PickOption {
  value: string
  text: string
}

/** Where the fields of a form find what people pick from. */
export interface Pickers {
  /** What there is to choose; null where one has to be looked for on the disk or typed. */
  options(format: PickFormat, values: FormValues): PickOption[] | null
  /** It is still looked for what there is. */
  isComing(format: PickFormat): boolean
  /** The topics of the channel that the form names; null while it names none. */
  topics(values: FormValues): PickTopics | null
  /** Lets the person look for a folder or file, a new one by the name of the example; "" when they thought better of it. */
  browse(format: PickFormat, title: string, example: string): Promise<string>
}

export const pickersKey: InjectionKey<Pickers> = Symbol('pickers')
