/**
 * A form from a JSON Schema as the backend makes it of a task's arguments. A
 * task that nobody has heard of gets its form from its declaration alone.
 */
import { toLatin } from './digits'

export type Schema = Record<string, unknown>

export type FieldKind =
  'text' | 'number' | 'switch' | 'choice' | 'pick' | 'list' | 'picks' | 'group' | 'other'

/** What a text can name, so that it is picked and not typed. */
export type PickFormat =
  'channel' | 'node' | 'source' | 'server' | 'folder' | 'file' | 'new-file' | 'person'

const pickFormats: readonly string[] = [
  'channel',
  'node',
  'source',
  'server',
  'folder',
  'file',
  'new-file',
  'person',
] satisfies PickFormat[]

export interface FormField {
  name: string
  /** Its place in the request, with dots between the levels: what the backend calls it in a refusal. */
  path: string
  title: string
  hint: string
  kind: FieldKind
  required: boolean
  /** What the schema puts in where nothing is given; undefined for nothing. */
  preset: unknown
  format: string
  unit: string
  /** What a value can look like: of a new file the name with its ending. */
  example: string
  whole: boolean
  min: number | null
  max: number | null
  maxLength: number | null
  choices: unknown[]
  fields: FormField[]
}

export type FormValues = Record<string, unknown>

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numeric(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function object(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function typeOf(schema: Schema): string {
  const { type } = schema
  return text(Array.isArray(type) ? type.find((name) => name !== 'null') : type)
}

function kindOf(schema: Schema): FieldKind {
  if (list(schema['enum']).length > 0) return 'choice'
  const isPick = pickFormats.includes(text(schema['format']))
  switch (typeOf(schema)) {
    case 'string':
      return isPick ? 'pick' : 'text'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'object':
      return Object.keys(object(schema['properties'])).length > 0 ? 'group' : 'other'
    case 'array': {
      const item = typeOf(object(schema['items']))
      const named = text(schema['format']) || text(object(schema['items'])['format'])
      if (item === 'string' && pickFormats.includes(named)) return 'picks'
      return item === 'string' || item === 'integer' || item === 'number' ? 'list' : 'other'
    }
    default:
      return 'other'
  }
}

/** The fields of an object's schema, in the order in which it declares them. */
export function fieldsOf(schema: Schema, above = ''): FormField[] {
  const properties = object(schema['properties'])
  const required = list(schema['required'])
  const order = list(schema['order'])
  const rank = (name: string) => {
    const place = order.indexOf(name)
    return place < 0 ? order.length : place
  }
  return Object.entries(properties)
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => {
      const property = object(value)
      const items = object(property['items'])
      const path = above === '' ? name : `${above}.${name}`
      const kind = kindOf(property)
      return {
        name,
        path,
        title: text(property['title']) || name,
        hint: text(property['description']),
        kind,
        required: required.includes(name),
        preset: property['default'],
        format: text(property['format']) || text(items['format']),
        unit: text(property['unit']) || text(items['unit']),
        example: text(list(property['examples'])[0]),
        whole: typeOf(kind === 'list' ? items : property) === 'integer',
        min: numeric(property['minimum']),
        max: numeric(property['maximum']),
        maxLength: numeric(property['maxLength']),
        choices: list(property['enum']),
        fields: kind === 'group' ? fieldsOf(property, path) : [],
      }
    })
}

/** What a form shows before anybody has touched it: the defaults put in. */
export function presetsOf(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.kind === 'group') {
        return [field.name, { ...presetsOf(field.fields), ...object(field.preset) }]
      }
      return [field.name, field.preset ?? blank(field)]
    }),
  )
}

function blank({ kind }: FormField): unknown {
  switch (kind) {
    case 'switch':
      return false
    case 'list':
    case 'picks':
      return []
    case 'text':
    case 'number':
    case 'choice':
    case 'pick':
    case 'other':
    case 'group':
      return ''
  }
}

/** What a form asks for: the empty fields left out, numbers as numbers. */
export function argsOf(fields: readonly FormField[], values: FormValues): FormValues {
  const args: FormValues = {}
  for (const field of fields) {
    const value = argOf(field, values[field.name])
    if (value !== undefined) args[field.name] = value
  }
  return args
}

function argOf(field: FormField, value: unknown): unknown {
  switch (field.kind) {
    case 'group':
      return argsOf(field.fields, object(value))
    case 'number':
      return typeof value === 'string' ? toNumber(value) : (value ?? undefined)
    case 'list': {
      const items = list(value)
        .map((item) => text(item).trim() || item)
        .filter((item) => item !== '')
      const asked = field.whole ? items.map((item) => toNumber(String(item)) ?? item) : items
      return asked.length === 0 ? undefined : asked
    }
    case 'picks':
      return list(value).length === 0 ? undefined : value
    case 'other':
      return readJSON(value)
    case 'text':
    case 'pick':
    case 'choice':
      return value === '' || value === null ? undefined : value
    case 'switch':
      return value === true
  }
}

/** A number as people write it; text stays text and is refused by the backend. */
export function toNumber(value: string): unknown {
  const plain = toLatin(value)
    .trim()
    .replace(/^(-?\d+),(\d+)$/, '$1.$2')
  if (plain === '') return undefined
  const number = Number(plain)
  return Number.isNaN(number) ? value : number
}

function readJSON(value: unknown): unknown {
  const written = text(value).trim()
  if (written === '') return typeof value === 'string' ? undefined : value
  try {
    return JSON.parse(written) as unknown
  } catch {
    return written
  }
}

/** Whether a field is shown at once, or among the further ones that fold away. */
export function isMain(field: FormField, all: readonly FormField[]): boolean {
  const optional = all.filter(({ required }) => !required)
  return field.required || optional.length <= 3
}
