import { formatNumber } from './format'

/** The noughts of the digits that keyboards have: of Arabic, of Persian and Urdu, and of Hindi. */
const noughts = [0x660, 0x6f0, 0x966]
const decimalSign = '\u066b'

/** A number as it is stored, from how it was typed: in the digits of any keyboard. */
export function toLatin(typed: string): string {
  return typed
    .replaceAll(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0
      const nought = noughts.find((first) => code >= first && code < first + 10)
      return nought === undefined ? digit : String(code - nought)
    })
    .replaceAll(decimalSign, '.')
}

/** The same in the digits that the reader's other numbers have, sign by sign. */
export function toReader(language: string, latin: string): string {
  const nought = formatNumber(language, 0).codePointAt(0) ?? 0
  if (nought === 0x30) return latin
  return latin
    .replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(nought + Number(digit)))
    .replaceAll('.', decimalSign)
}
