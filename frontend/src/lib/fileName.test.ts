import { describe, expect, test } from 'vitest'
import { datedName, fileName } from './fileName'

const day = new Date(2026, 2, 4, 9, 30)

describe('the name of a new file', () => {
  test.each([
    ['Importing Blockly Games', 'Importing Blockly Games 2026-03-04.txt'],
    ['Importing “A/B: what?”', 'Importing “A B what ” 2026-03-04.txt'],
    ['..\\..\\secret*|<x>', 'secret x 2026-03-04.txt'],
    ['line\none\u202e and two', 'line one and two 2026-03-04.txt'],
    ['con', 'Nectar con 2026-03-04.txt'],
    ['...', 'Nectar 2026-03-04.txt'],
    ['', 'Nectar 2026-03-04.txt'],
    ['استيراد قناة العلوم', 'استيراد قناة العلوم 2026-03-04.txt'],
  ])('of “%s” is one that every file system takes', (title, name) => {
    expect(fileName(title, day, 'txt')).toBe(name)
  })

  test('after an example has the ending of that and the day', () => {
    expect(datedName('Liste der Kanäle.csv', day)).toBe('Liste der Kanäle 2026-03-04.csv')
    expect(datedName('', day)).toBe('')
  })

  test.each(['very long ', 'बहुत लंबा नाम ', '👩‍🏫'])(
    'of a title that never ends is short, and of whole letters',
    (part) => {
      const name = fileName(part.repeat(100), day, 'txt')
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(140)
      const kept = name.replace(' 2026-03-04.txt', '')
      expect(part.repeat(100).startsWith(kept)).toBe(true)
      const letters = (text: string) => [...new Intl.Segmenter().segment(text)].length
      expect(letters(kept + part)).toBe(letters(kept) + letters(part))
    },
  )
})
