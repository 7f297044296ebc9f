import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { languageCodes } from '@/i18n/languages'
import { toJob } from '@/api/convert'
import { fakeJob } from '@/test/factories'
import { remedyOf } from './remedies'

/** What the backend says concerns no job that ran. */
const otherBlocks = [
  'people and their PINs',
  'the data folder and the programs that use it',
  'the refused fields of a request',
  'newer versions of the program on drives',
]

/** What ends a request or a deed of the window, and problems of single items. */
const noEnds = [
  'invalid_request invalid_json usage ambiguous not_found too_large',
  'illegal_move already_running task_missing',
  'no_window window_parts no_webview2',
  'drive_busy no_eject',
  'resource_not_here no_viewer no_program',
  'file_missing file_damaged file_is_link stored_missing stored_damaged',
].flatMap((some) => some.split(' '))

/** The codes that a job can end with, from the table of the backend. */
function codes(): string[] {
  const table = readFileSync('../backend/fault/codes.go', 'utf8')
  const found: string[] = []
  let concerns = ''
  for (const line of table.split('\n')) {
    concerns = /^\/\/ Codes of (?<what>.*)\.$/.exec(line)?.groups?.['what'] ?? concerns
    const code = /^\t\w+ +Code = "(?<code>\w+)"$/.exec(line)?.groups?.['code']
    if (code && !otherBlocks.includes(concerns)) found.push(code)
  }
  return found.filter((code) => !noEnds.includes(code))
}

/** How each language asks for a job to be begun once more, and for its problems alone. */
const asks: Record<string, { restart: RegExp; retry_problems: RegExp }> = {
  en: { restart: /restart the job|try (again|once more)/i, retry_problems: /try them again/ },
  de: {
    restart: /Auftrag neu|versuchen Sie es (\S+ )?(erneut|noch einmal)/i,
    retry_problems: /wiederholen/,
  },
  fr: { restart: /relancez la tâche|réessayez(?!-)/i, retry_problems: /réessayez-les/ },
  es: {
    restart: /empiece la tarea|inténtelo (de nuevo|otra vez|más tarde)/i,
    retry_problems: /reinténtelos/,
  },
  pt: {
    restart: /reinicie a tarefa|tente (de novo|outra vez|mais tarde)/i,
    retry_problems: /repita-os/,
  },
  sw: { restart: /anze? kazi upya|jaribu (tena|mara)|anza kazi/i, retry_problems: /yajaribu tena/ },
  hi: { restart: /काम फिर से शुरू करें|फिर कोशिश करें/, retry_problems: /फिर आज़माएँ/ },
  ar: {
    restart: /ابدأ المهمة|أعد المحاولة|حاول (مرة أخرى|لاحقًا)/,
    retry_problems: /ثم أعدها/,
  },
}

function adviceOf(code: string, language: string): string {
  const texts = JSON.parse(
    readFileSync(`../backend/i18n/texts/${language}.json`, 'utf8'),
  ) as Record<string, string>
  return texts[`fault.${code}.advice`] ?? ''
}

/** The button that is offered of a job that ended with a code, and with problems or without. */
function offered(code: string, problems: number) {
  const job = fakeJob({ status: 'FAILED', exception: code, problem_count: problems })
  return remedyOf(toJob(job))
}

test('the codes that a job can end with are found where the backend has them', () => {
  expect(codes().length).toBeGreaterThan(40)
  for (const code of ['internal', 'source_gone', 'items_failed', 'disk_full', 'server_busy'])
    expect(codes()).toContain(code)
  const table = readFileSync('../backend/fault/codes.go', 'utf8')
  for (const code of noEnds) expect(table).toContain(`"${code}"`)
  for (const block of otherBlocks) expect(table).toContain(`// Codes of ${block}.`)
})

describe.each(codes())('the advice of %s and its button speak of the same', (code) => {
  test.each(languageCodes)('in %s', (language) => {
    const advice = adviceOf(code, language)
    const ask = asks[language]
    if (!ask) throw new Error(`nobody knows how ${language} asks`)
    const remedy = offered(code, code === 'items_failed' ? 3 : 0)
    if (!remedy) throw new Error('nothing is offered')
    if ('to' in remedy) expect(advice).not.toMatch(ask.restart)
    else expect(advice).toMatch(ask[remedy.action as keyof typeof ask])
  })

  // The items alone that failed are not all that is missing when something else stopped the job.
  test('with problems or without', () => {
    expect(offered(code, 3)).toEqual(
      code === 'items_failed' ? { action: 'retry_problems' } : offered(code, 0),
    )
  })
})
